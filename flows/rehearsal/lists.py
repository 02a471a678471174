"""Words of the invented world: names, streets and towns put together from parts, postcodes by state, telephone numbers kept for fiction."""

from __future__ import annotations

FEMALE = (
    "Anna", "Annika", "Antje", "Beate", "Birgit", "Bärbel", "Carla", "Clara", "Dörte", "Edda", "Elke", "Emma", "Eva", "Frauke",
    "Friederike", "Gabi", "Greta", "Hanna", "Heike", "Ida", "Ilse", "Imke", "Inga", "Jana", "Judith", "Karin", "Katja", "Käthe", "Lena",
    "Lotte", "Maike", "Margrit", "Marlene", "Mira", "Nele", "Nora", "Paula", "Petra", "Renate", "Rosa", "Rüya", "Sabine", "Sigrid",
    "Silke", "Sonja", "Svea", "Tanja", "Thea", "Ulrike", "Vera", "Wiebke", "Zoë",
)  # fmt: skip
MALE = (
    "Albert", "Anton", "Arne", "Bernd", "Björn", "Bruno", "Carl", "Christoph", "Detlef", "Dirk", "Emil", "Erik", "Ferdinand", "Frank",
    "Fritz", "Georg", "Götz", "Günter", "Hannes", "Heiko", "Helmut", "Henning", "Ingo", "Jakob", "Jan", "Joachim", "Jörg", "Jürgen",
    "Kai", "Karl", "Klaus", "Konrad", "Lars", "Leon", "Linus", "Lutz", "Malte", "Martin", "Matthias", "Moritz", "Niklas", "Olaf",
    "Oskar", "Paul", "Ralf", "Rüdiger", "Sören", "Stefan", "Thilo", "Uwe", "Volker", "Werner",
)  # fmt: skip
LAST_BEGINNINGS = (
    "Ahorn", "Amsel", "Berg", "Birken", "Blumen", "Brücken", "Buchen", "Distel", "Dorn", "Eber", "Eichen", "Erlen", "Falken", "Feld",
    "Föhren", "Grün", "Hagen", "Heide", "Hirsch", "Hölder", "Kessel", "Kirsch", "Königs", "Krähen", "Küfer", "Lärchen", "Linden",
    "Löwen", "Mühl", "Nuss", "Ober", "Quellen", "Reh", "Rosen", "Rüben", "Schäfer", "Schön", "Silber", "Stein", "Tannen", "Ufer",
    "Wachtel", "Weiden", "Winter", "Wölfel", "Zander",
)  # fmt: skip
LAST_ENDINGS = (
    "", "auer", "bach", "brink", "egger", "feld", "hauer", "hof", "hoff", "kamp", "loh", "mann", "meister", "müller", "ner", "stein",
    "thaler", "weiß", "wirth", "züchter",
)  # fmt: skip
STREET_BEGINNINGS = (
    "Ahorn", "Alte Markt", "Amsel", "Apfel", "Bahnhof", "Bäcker", "Birken", "Brunnen", "Buchen", "Deich", "Drossel", "Eichen", "Erlen",
    "Fähr", "Färber", "Fliederbusch", "Garten", "Gerber", "Glocken", "Hafen", "Holunder", "Kastanien", "Kirch", "Kornblumen", "Kräuter",
    "Lerchen", "Linden", "Mohn", "Mühlen", "Nelken", "Obst", "Pappel", "Quellen", "Reiher", "Ried", "Rosen", "Rüben", "Salz", "Schäfer",
    "Schlehen", "Schmiede", "Schwalben", "Seiler", "Sonnen", "Storchen", "Tannen", "Töpfer", "Ulmen", "Veilchen", "Wiesen", "Zeisig",
    "Ziegel",
)  # fmt: skip
STREET_ENDINGS = ("straße", "weg", "gasse", "allee", "ring", "platz", "stieg", "grund", "höhe", "pfad")
TOWN_BEGINNINGS = (
    "Adlers", "Alten", "Arns", "Bären", "Birken", "Blanken", "Brücken", "Buchen", "Dachs", "Dornen", "Eichen", "Elster", "Erlen",
    "Falken", "Fried", "Grün", "Güters", "Hasel", "Heiden", "Hirsch", "Hohen", "Kranich", "Kühlungs", "Langen", "Lerchen", "Lichten",
    "Linden", "Mühl", "Neuen", "Nieder", "Ober", "Otter", "Quellen", "Raben", "Reiher", "Rosen", "Schön", "Schwarzen", "Seg", "Silber",
    "Sonnen", "Stein", "Tannen", "Wachol", "Weißen", "Wester", "Wiesen", "Wolfs",
)  # fmt: skip
TOWN_ENDINGS = (
    "au", "bach", "born", "brück", "burg", "büttel", "dorf", "felde", "furt", "hagen", "hausen", "heim", "kirchen", "leben", "roda",
    "rode", "stadt", "tal", "walde", "werder",
)  # fmt: skip

REGION_PREFIXES: dict[str, tuple[str, ...]] = {
    "Baden-Württemberg": ("68", "69", "70", "71", "72", "73", "74", "75", "76", "77", "78", "79", "88", "89"),
    "Bayern": ("80", "81", "82", "83", "84", "85", "86", "87", "90", "91", "92", "93", "94", "95", "96", "97"),
    "Berlin": ("10", "12", "13"),
    "Brandenburg": ("03", "14", "15", "16"),
    "Bremen": ("28",),
    "Hamburg": ("20", "22"),
    "Hessen": ("34", "35", "36", "60", "61", "63", "64", "65"),
    "Mecklenburg-Vorpommern": ("17", "18", "19"),
    "Niedersachsen": ("21", "26", "27", "29", "30", "31", "37", "38", "49"),
    "Nordrhein-Westfalen": ("32", "33", "40", "41", "42", "44", "45", "46", "47", "48", "50", "51", "52", "53", "57", "58", "59"),
    "Rheinland-Pfalz": ("54", "55", "56", "67"),
    "Saarland": ("66",),
    "Sachsen": ("01", "02", "04", "08", "09"),
    "Sachsen-Anhalt": ("06", "39"),
    "Schleswig-Holstein": ("23", "24", "25"),
    "Thüringen": ("07", "98", "99"),
}
"""Two leading digits of a postcode that lie (nearly) wholly in one state."""

REGIONS = tuple(REGION_PREFIXES)
REGION_SHARES = (13.4, 15.9, 4.4, 3.1, 0.8, 2.3, 7.5, 1.9, 9.6, 21.5, 4.9, 1.2, 4.8, 2.6, 3.5, 2.5)
"""Rough shares of the population, per cent, in the order of `REGIONS`."""

PHONE_STEMS = ("030 23125", "040 66969", "0221 4710", "069 90009", "089 99998")
"""Stems of number ranges kept free for films and books; three digits follow."""

MAIL_DOMAINS = ("example.de", "example.com", "example.org", "example.net")

OCCUPATIONS = ("employee", "civil servant", "self-employed", "worker", "retired", "student", "homemaker", "unemployed")
EDUCATIONS = ("none", "primary", "secondary", "tertiary")
MARITALS = ("single", "married", "partnership", "divorced", "widowed")
GENDERS = ("female", "male", "other")
SEGMENTS = ("loyal", "occasional", "new", "vip")
CHANNELS = ("online", "app", "store", "phone", "catalogue")
ONLINE = ("online", "app")
