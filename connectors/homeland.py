"""The country that a client's first file speaks of: by its columns of countries, telephone numbers and states, else by its language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from connectors.mapping import fold, shown
from connectors.parsing import countries
from connectors.parsing.words import fold as plain
from connectors.proposing.column import Column
from connectors.proposing.headers import header
from connectors.proposing.vocabulary import folded, meaning

TELLING: Mapping[str, tuple[str, ...]] = {
    "DE": ("anrede", "vorname", "nachname", "strasse", "plz", "ort", "geburtsdatum", "kunde", "bestell", "umsatz", "telefon", "geschlecht",
           "datum", "betrag", "land"),
    "NL": ("voornaam", "achternaam", "straat", "plaats", "geboortedatum", "klant", "bedrag", "geslacht", "telefoonnummer", "besteldatum"),
    "FR": ("prenom", "prénom", "nom", "rue", "ville", "codepostal", "naissance", "sexe", "téléphone", "commande", "montant", "civilité"),
    "ES": ("nombre", "apellido", "calle", "ciudad", "codigopostal", "códigopostal", "nacimiento", "teléfono", "pedido", "importe", "sexo"),
}  # fmt: skip
"""Parts of folded headers by the country whose language they are of; more countries speak each."""
STATES: Mapping[str, str] = {
    "US": "al,ak,az,ar,ca,co,ct,de,fl,ga,hi,id,il,in,ia,ks,ky,la,me,md,ma,mi,mn,ms,mo,mt,ne,nv,nh,nj,nm,ny,nc,nd,oh,ok,or,pa,ri,sc,sd,tn,"
    "tx,ut,vt,va,wa,wv,wi,wy,dc,pr,alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,hawaii,idaho,illinois,"
    "indiana,iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,montana,nebraska,nevada,"
    "new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma,oregon,pennsylvania,rhode island,"
    "south carolina,south dakota,tennessee,texas,utah,vermont,virginia,washington,west virginia,wisconsin,wyoming,district of columbia",
    "AU": "nsw,vic,qld,sa,wa,tas,nt,act,victoria,queensland,tasmania,new south wales,south australia,western australia,"
    "northern territory,australian capital territory",
    "CA": "on,qc,bc,ab,mb,sk,ns,nb,nl,pe,yt,nu,ontario,quebec,alberta,manitoba,saskatchewan,british columbia,nova scotia,new brunswick,"
    "prince edward island,newfoundland and labrador",
}  # georgia is left out: it is a country as well
"""Folded names of states and provinces of countries that write them in addresses."""
MOST, MORE = 0.6, 0.2
"""Share of cells from which a column tells the country, and what no other may come within."""
FEW, PART = 2, 0.1
"""Headers of a language from which they tell the country: their number, and their share of all."""
GLANCE = 300
"""Different telephone numbers that are looked at."""


def told(columns: Sequence[Column]) -> tuple[str, str] | None:
    """The country and why; None where nothing tells it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> told(columns(pa.table({"State": ["nsw", "vic", "nsw"], "Name": ["Lee", "Kay", "Ash"]})))
    ('AU', "country: 100% of 'State' are states of it")
    >>> told(columns(pa.table({"Klantnummer": ["1"], "Achternaam": ["Bos"]})))
    ('NL', 'country: 2 of 2 headers have words of its language')
    >>> told(columns(pa.table({"Name": ["Lee"], "Land": ["Schweiz"]})))[0], told(columns(pa.table({"Name": ["Lee"]})))
    ('CH', None)
    """
    ways: tuple[tuple[str, Callable[[Column], Counter[str]], str], ...] = (
        ("country", _named, "{share:.0%} of {column} name it"),
        ("phone", _called, "{share:.0%} of {column} begin with its number"),
        ("state", _states, "{share:.0%} of {column} are states of it"),
    )
    for word, votes, why in ways:
        for column in _headed(columns, word):
            if found := _clear(votes(column), column.filled):
                return found[0], "country: " + why.format(share=found[1], column=shown(column.name))
    return _spoken([column.name for column in columns])


def _headed(columns: Sequence[Column], word: str) -> Iterator[Column]:
    """Columns with a value whose header speaks of something; provinces and regions are as states are."""
    words = {word, "province", "region"} if word == "state" else {word, "mobile"} if word == "phone" else {word}
    return (column for column in columns if column.filled and header(column.name).words & words)


def _clear(votes: Mapping[str, int], filled: int) -> tuple[str, float] | None:
    """The country that most cells are of, if no other is near."""
    ordered = sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ordered or ordered[0][1] < MOST * filled:
        return None
    second = ordered[1][1] if len(ordered) > 1 else 0
    return (ordered[0][0], ordered[0][1] / filled) if ordered[0][1] - second >= MORE * filled else None


def _named(column: Column) -> Counter[str]:
    """Cells by the country that they name."""
    known = {plain(name): code for name, code in countries.names().items()}
    votes: Counter[str] = Counter()
    for text, count in zip(column.texts, column.counts.tolist(), strict=True):
        code = known.get(plain(text)) or meaning("country").get(folded(text))
        votes.update({str(code): count} if code else {})
    return votes


def _called(column: Column) -> Counter[str]:
    """Telephone numbers by the country whose number they begin with."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as REGIONS

    votes: Counter[str] = Counter()
    for text, count in zip(column.texts[:GLANCE], column.counts.tolist(), strict=False):
        digits = "".join(sign for sign in text if sign.isdigit())
        if not text.startswith(("+", "00")):
            continue
        digits = digits.removeprefix("00") if text.startswith("00") else digits
        region = next((REGIONS[int(digits[:n])][0] for n in (1, 2, 3) if digits[:n].isdigit() and int(digits[:n]) in REGIONS), None)
        votes.update({region: count} if region else {})
    return votes


def _states(column: Column) -> Counter[str]:
    """Cells by each country that has such a state."""
    known = {code: frozenset(names.split(",")) for code, names in STATES.items()}
    votes: Counter[str] = Counter()
    for text, count in zip(column.texts, column.counts.tolist(), strict=True):
        votes.update({code: count for code, names in known.items() if folded(text) in names})
    return votes


def _spoken(headers: Sequence[str]) -> tuple[str, str] | None:
    """The country whose language most headers are of; none is better than a tie, or than two headers among many."""
    names = [fold(header) for header in headers]
    votes = Counter({country: sum(any(word in name for word in words) for name in names) for country, words in TELLING.items()})
    (first, most), (_, second) = votes.most_common(2)
    if most > second and most >= max(FEW, PART * len(headers)):
        return first, f"country: {most} of {len(headers)} headers have words of its language"
    return None
