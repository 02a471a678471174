"""Kinds of values of invented tables, each from a seed: people, places, numbers, days, codes as five languages write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

ROWS = 400
Rng = np.random.Generator
Cells = npt.NDArray[np.str_]

WORDS: dict[str, tuple[str, ...]] = {
    "first": ("Anna", "Jonas", "Lena", "Paul", "Mia", "Lukas", "Emma", "Noah", "Clara", "Felix", "Sofia", "Hugo", "Ines", "Pedro", "Julie"),
    "last": ("Keller", "Brandt", "Vogel", "Martin", "Dubois", "Jansen", "Garcia", "Smith", "Walker", "Lopez", "Bakker", "Roth", "Moreau"),
    "last_nl": ("de Vries", "Jansen", "van den Berg", "Bakker", "Visser", "van Dijk", "Smit", "Meijer", "Mulder", "Bos"),
    "last_es": ("García", "Fernández López", "Martín", "Sánchez Ruiz", "Gómez", "Díaz Moreno", "Vázquez", "Romero", "Navarro Gil"),
    "insertion": ("", "", "", "van", "de", "van der", "den"),
    "street": ("Lindenweg", "Hauptstraße", "Station Road", "Rue Haute", "Kerkstraat", "Calle Mayor", "Mill Lane", "Am Markt"),
    "street_de": ("Lindenweg", "Hauptstr.", "Am Alten Markt", "Goethestraße", "Bahnhofstraße", "Schillerplatz", "Ringstraße"),
    "street_nl": ("Kerkstraat", "Dorpsweg", "Prinsengracht", "Molenlaan", "Stationsplein", "Oude Dijk"),
    "road_en": ("Station Road", "Mill Lane", "High Street", "Church Road", "Park Avenue", "Victoria Street", "Oak Drive"),
    "voie_fr": ("rue de la Paix", "avenue Victor Hugo", "boulevard Voltaire", "rue des Lilas", "impasse du Moulin", "place Carnot"),
    "calle_es": ("Calle Mayor", "C/ Goya", "Avda. de la Constitución", "Plaza España", "Paseo del Prado", "C/ San Juan"),
    "city": ("Ulm", "Bremen", "Leeds", "Lyon", "Gent", "Sevilla", "Utrecht", "Kassel", "York", "Nantes", "Graz"),
    "city_de": ("Ulm", "Bremen", "Kassel", "Freiburg im Breisgau", "Köln", "Bad Homburg", "Jena", "Rostock", "Frankfurt (Main)", "Halle"),
    "city_nl": ("Utrecht", "Zwolle", "Den Haag", "'s-Hertogenbosch", "Breda", "Amersfoort", "Leiden", "Almere"),
    "city_fr": ("Lyon", "Nantes", "Saint-Étienne", "LE MANS", "Aix-en-Provence", "Lille", "Pau", "Dijon"),
    "city_es": ("Sevilla", "Málaga", "Alcalá de Henares", "Gijón", "San Sebastián", "Lugo", "Getafe", "Cádiz"),
    "city_en": ("Leeds", "York", "Milton Keynes", "Bath", "Kingston upon Hull", "Exeter", "Derby", "St Albans"),
    "state": ("Bayern", "Hessen", "Sachsen", "Bremen", "Saarland", "Berlin"),
    "state_us": ("CA", "NY", "TX", "WA", "OH", "FL"), "provincia": ("Sevilla", "Madrid", "A Coruña", "Cádiz", "Navarra", "Málaga", "Lugo"),
    "provincie": ("Utrecht", "Gelderland", "Noord-Brabant", "Zuid-Holland", "Zeeland"),
    "country": ("Germany", "France", "Spain", "Netherlands"), "iso": ("DE", "FR", "ES", "NL"), "language": ("D", "E", "F"),
    "land_de": ("Deutschland", "Deutschland", "Österreich", "Schweiz"), "land_nl": ("Nederland", "Nederland", "België"),
    "pays": ("France", "France", "Belgique", "Suisse"), "pais": ("España", "España", "Portugal"),
    "company": ("Keller GmbH", "Roth & Co", "Vogel AG", "Smith Ltd"), "currency": ("EUR", "EUR", "CHF"),
    "stage": ("Retail", "Wholesale", "VIP"), "source": ("Web", "Partner", "Trade show"), "status": ("completed", "refunded", "processing"),
    "salutation": ("Mr.", "Ms.", "Dr."), "anrede": ("Herr", "Frau"), "gender": ("Female", "Male"), "sexo": ("Mujer", "Hombre"),
    "truth": ("true", "false"), "janein": ("ja", "nein"), "sino": ("Sí", "No"), "yesno": ("yes", "no"),
    "contrato": ("Mensual", "Un año", "Dos años"), "payment": ("Card", "Transfer", "Direct debit"), "coupon": ("SPRING", "WELCOME", ""),
    "category": ("Garden", "Kitchen", "Toys"), "product": ("Blue lamp", "Oak table", "Tea pot", "Toy train", "Wool rug", "Steel pan"),
    "marital": ("single", "married", "divorced"), "job": ("Nurse", "Teacher", "Clerk"), "outcome": ("success", "failure", "none"),
    "beruf": ("Krankenschwester", "Lehrer", "Kaufmann", "Rentner", "Ingenieurin"),
    "note": ("asked twice for an offer", "", "please call in the evening only", "", "moved house last year"),
}  # fmt: skip
CODES = {
    "gender": {"Female": ("female",), "Male": ("male",)}, "sexo": {"Mujer": ("female",), "Hombre": ("male",)},
    "contrato": {"Mensual": ("month",), "Un año": ("one_year",), "Dos años": ("two_year",)},
    "marital": {"single": ("single",), "married": ("married",), "divorced": ("divorced",)},
}  # fmt: skip
LETTERS = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))


def cells(kind: str | Sequence[str] | Mapping[str, str], rng: Rng) -> Cells:
    """A column of a kind: a name, of `WORDS`, of `KINDS` or of days such as ``dmy_birth``; or the words to choose from.

    ``%`` at the end leaves a third of the cells empty, ``%%`` nearly all.
    """
    if not isinstance(kind, str):
        return np.asarray(rng.choice(np.array([str(word) for word in kind]), ROWS))
    bare = kind.rstrip("%")
    found = _filled(bare, rng)
    if kind == bare:
        return found
    return np.where(rng.random(ROWS) < (0.35 if kind.count("%") == 1 else 0.93), "", found)


def _filled(kind: str, rng: Rng) -> Cells:
    if kind in KINDS:
        return KINDS[kind](rng)
    if kind[:3] in ("dmy", "mdy", "ymd"):
        return _days(kind, rng)
    chosen = rng.choice(np.array(WORDS[kind]), ROWS)
    return plus(chosen, " ", rng.integers(1, 120, ROWS).astype(str)) if kind == "street" else chosen


def plus(*parts: Cells | str) -> Cells:
    """Joined cell by cell."""
    joined = parts[0]
    for part in parts[1:]:
        joined = np.char.add(joined, part)
    return np.asarray(joined)


def _days(kind: str, rng: Rng) -> Cells:
    """``dmy``, ``mdy`` or ``ymd``; ``_birth`` long ago; ``_time`` with the time of day; ``_open`` where no day is above 12."""
    year, years = (1950, 50) if "birth" in kind else (2019, 5)
    days = (np.datetime64(f"{year}-01-01") + rng.integers(0, years * 365, ROWS)).astype(str)
    forms = {
        "dmy": "{2}.{1}.{0}",
        "mdy": "{1}/{2}/{0}",
        "ymd": "{0}-{1}-{2}",
        "dmy/": "{2}/{1}/{0}",
        "dmy-": "{2}-{1}-{0}",
        "ymd8": "{0}{1}{2}",
    }
    form = forms[kind.split("_")[0]]
    parts = [day.split("-") for day in days.tolist()]
    if "open" in kind:
        parts = [[year, month, f"{(int(day) - 1) % 12 + 1:02}"] for year, month, day in parts]
    written = np.array([form.format(*each) for each in parts])
    if "time" not in kind:
        return written
    clock = np.char.zfill(rng.integers(0, 24, ROWS).astype(str), 2), np.char.zfill(rng.integers(0, 60, ROWS).astype(str), 2)
    return plus(written, " ", clock[0], ":", clock[1])


def _money(mark: str, most: int = 300, sign: str = "", group: str = "") -> Callable[[Rng], Cells]:
    def made(rng: Rng) -> Cells:
        whole = rng.integers(1, most, ROWS)
        texts = np.array([f"{each:,}".replace(",", group) for each in whole.tolist()])
        return plus(texts, mark, digits(rng, 2), sign)

    return made


def digits(rng: Rng, count: int) -> Cells:
    """Texts of so many digits, zeros in front kept."""
    return np.char.zfill(rng.integers(0, 10**count, ROWS).astype(str), count)


def _email(rng: Rng) -> Cells:
    names = np.char.lower(rng.choice(np.array(WORDS["last"]), ROWS))
    return plus(names, np.arange(ROWS).astype(str), "@example.org")


def _phone(*fronts: str, count: int, gap: str = "") -> Callable[[Rng], Cells]:
    return lambda rng: plus(rng.choice(np.array(fronts), ROWS), gap, digits(rng, count))


def _pairs(front: str) -> Callable[[Rng], Cells]:
    return lambda rng: plus(front, *(part for _ in range(4) for part in (" ", digits(rng, 2))))


def _address(words: str, before: bool, extra: Sequence[str] = ("",)) -> Callable[[Rng], Cells]:
    def made(rng: Rng) -> Cells:
        name, house = rng.choice(np.array(WORDS[words]), ROWS), rng.integers(1, 150, ROWS).astype(str)
        more = rng.choice(np.array(extra), ROWS)
        return plus(house, more, " ", name) if before else plus(name, " ", house, more)

    return made


def checked(head: Cells, weights: Sequence[int]) -> Cells:
    """Digits with the check digit that makes the weighted sum a multiple of ten."""
    sums = sum(np.array([int(text[place]) for text in head.tolist()]) * weight for place, weight in enumerate(weights))
    return plus(head, ((10 - np.asarray(sums) % 10) % 10).astype(str))


def iban(country: str, bban: Cells) -> Cells:
    """With its check digits."""
    tail = "".join(str(ord(sign) - 55) for sign in country) + "00"
    said = [98 - int("".join(str(int(sign, 36)) for sign in text) + tail) % 97 for text in bban.tolist()]
    return plus(country, np.char.zfill(np.array(said).astype(str), 2), bban)


def _full(last: str, form: str = "{0} {1}") -> Callable[[Rng], Cells]:
    def made(rng: Rng) -> Cells:
        pairs = zip(rng.choice(np.array(WORDS["first"]), ROWS).tolist(), rng.choice(np.array(WORDS[last]), ROWS).tolist(), strict=True)
        return np.array([form.format(*pair) for pair in pairs])

    return made


def _keyed(front: str, low: int, back: str = "") -> Callable[[Rng], Cells]:
    return lambda rng: plus(front, rng.permutation(np.arange(low, low + ROWS)).astype(str), back)


def _drawn(front: str, low: int, high: int) -> Callable[[Rng], Cells]:
    return lambda rng: plus(front, rng.integers(low, high, ROWS).astype(str))


KINDS: dict[str, Callable[[Rng], Cells]] = {
    "digits": lambda rng: rng.permutation(np.arange(100_000, 100_000 + ROWS)).astype(str),
    "code": _keyed("003", 5_000, "AbQ"),
    "owner": lambda rng: plus("005", rng.integers(10, 14, ROWS).astype(str), "XyZ"),
    "key_k": _keyed("K-", 20_000),
    "key_cus": _keyed("cus_N7x", 5_000, "qLm"),
    "key_long": _keyed("70", 51_230_000),
    "guid": lambda rng: plus(
        np.char.lower(np.array([f"{n:08x}" for n in rng.integers(0, 2**32, ROWS).tolist()])), "-4c1e-11ee-b9d1-0242ac120002"
    ),
    "customers": _drawn("C", 1_000, 1_120),
    "customers_n": _drawn("", 40_100, 40_230),
    "groups": lambda rng: (np.arange(ROWS) // 3 + 70_000).astype(str),
    "groups_r": lambda rng: plus("R-2024-", (np.arange(ROWS) // 3 + 1000).astype(str)),
    "line": lambda rng: (np.arange(ROWS) % 3 + 1).astype(str),
    "row": lambda rng: np.arange(1, ROWS + 1).astype(str),
    "sku": _drawn("SKU-", 100, 160),
    "few": _drawn("", 1, 4),
    "ean": lambda rng: checked(plus("40", np.char.zfill(rng.integers(1, 90, ROWS).astype(str), 10)), (1, 3) * 6),
    "iban_de": lambda rng: iban("DE", plus(digits(rng, 8), digits(rng, 10))),
    "iban_es": lambda rng: iban("ES", plus(digits(rng, 10), digits(rng, 10))),
    "nif": lambda rng: np.array([f"{n:08}{'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]}" for n in rng.integers(1_000_000, 99_999_999, ROWS).tolist()]),
    "vat_de": lambda rng: plus("DE", digits(rng, 9)),
    "count": lambda rng: rng.integers(1, 9, ROWS).astype(str),
    "orders": lambda rng: rng.integers(0, 40, ROWS).astype(str),
    "share": _money(".", 2),
    "seconds": lambda rng: rng.integers(20, 1500, ROWS).astype(str),
    "age": lambda rng: rng.integers(18, 85, ROWS).astype(str),
    "months": lambda rng: rng.integers(1, 90, ROWS).astype(str),
    "income": lambda rng: rng.integers(18_000, 90_000, ROWS).astype(str),
    "income_k": lambda rng: rng.integers(18, 120, ROWS).astype(str),
    "year_birth": lambda rng: rng.integers(1945, 2004, ROWS).astype(str),
    "zip": lambda rng: rng.integers(10_000, 99_999, ROWS).astype(str),
    "zip_de": lambda rng: np.char.zfill(rng.integers(1067, 99_998, ROWS).astype(str), 5),
    "zip_nl": lambda rng: plus(rng.integers(1000, 9999, ROWS).astype(str), " ", rng.choice(LETTERS, ROWS), rng.choice(LETTERS, ROWS)),
    "zip_gb": lambda rng: plus(
        rng.choice(np.array(("LS", "YO", "MK", "BA", "EX")), ROWS), rng.integers(1, 20, ROWS).astype(str), " ",
        rng.integers(1, 9, ROWS).astype(str), rng.choice(LETTERS, ROWS), rng.choice(LETTERS, ROWS),
    ),
    "phone": _phone("+49 151 ", count=7),
    "phone_de": _phone("0731 ", "0221/", "030 ", "0171-", count=7),
    "phone_nl": _phone("06-", "020-", "030-", count=7),
    "phone_fr": _pairs("06"),
    "phone_es": _phone("6", "9", "7", count=8),
    "phone_gb": _phone("07700 ", "0113 ", "020 ", count=6),
    "phone_us": lambda rng: plus(
        "(", rng.integers(201, 989, ROWS).astype(str), ") ", rng.integers(200, 999, ROWS).astype(str), "-", digits(rng, 4)
    ),
    "street_de_no": _address("street_de", False, ("", "", "a")),
    "street_nl_no": _address("street_nl", False),
    "road_en_no": _address("road_en", True),
    "voie_no": _address("voie_fr", True, ("", " bis")),
    "calle_no": _address("calle_es", False, ("", ", 2º B")),
    "house": lambda rng: plus(rng.integers(1, 150, ROWS).astype(str), rng.choice(np.array(("", "", "a", "b")), ROWS)),
    "full": _full("last"),
    "full_es": _full("last_es"),
    "full_nl": _full("last_nl"),
    "full_comma": _full("last", "{1}, {0}"),
    "email": _email,
    "money_comma": _money(","),
    "money_dot": _money("."),
    "money_group": _money(",", 9000, "", "."),
    "money_eur": _money(",", 3000, " €", "."),
    "money_usd": lambda rng: plus("$", _money(".", 4000, "", ",")(rng)),
}  # fmt: skip
"""Kinds of values that are no choice of words."""
