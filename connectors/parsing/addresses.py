"""Addresses of one cell in their parts: street, postcode, city, region, country. What cannot be cut without a guess is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing import countries
from connectors.parsing.cells import Mask, encode, flags, indices
from connectors.parsing.countries import POSTCODE_DIGITS

PARTS = ("street", "postcode", "city", "region", "country")
STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|"
    "VA|WA|WV|WI|WY|DC|PR"
)
_COUNTIES = (
    "bedfordshire,berkshire,buckinghamshire,cambridgeshire,cheshire,cornwall,cumbria,derbyshire,devon,dorset,durham,county durham,"
    "co durham,co. durham,east sussex,west sussex,sussex,essex,gloucestershire,greater london,greater manchester,hampshire,herefordshire,"
    "hertfordshire,kent,lancashire,leicestershire,lincolnshire,merseyside,middlesex,norfolk,northamptonshire,northumberland,"
    "nottinghamshire,oxfordshire,rutland,shropshire,somerset,staffordshire,suffolk,surrey,tyne and wear,warwickshire,west midlands,"
    "wiltshire,worcestershire,north yorkshire,south yorkshire,west yorkshire,east yorkshire,yorkshire,aberdeenshire,fife,lanarkshire,"
    "midlothian,gwynedd,dyfed,clwyd,powys,county antrim,county down,isle of wight,avon,cleveland,humberside"
)
COUNTIES = frozenset(_COUNTIES.split(","))
"""Counties behind a British town, folded; a town that has its county's name is taken for the county."""
_NAME = r"['’]?\p{L}[\p{L}\p{M}.'’/ \-]*\p{L}\.?"
_MARKS = "D DE,A AT,CH CH,F FR,NL NL,B BE,L LU,I IT,E ES,P PT,DK DK,S SE,N NO,PL PL,CZ CZ,FL LI,DE DE,AT AT,FR FR,BE BE,IT IT,ES ES"
MARKS: dict[str, str] = dict(pair.split() for pair in _MARKS.split(","))
"""Signs before a postcode, as on cars, and the countries that they mean."""
_CEDEX = r"(?: (?i:cedex)(?: [0-9]{1,2})?)?"
_GB, _NL = r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}", r"[1-9][0-9]{3} ?[A-Z]{2}"
_DIGITS = r"[0-9]{4,5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3}"
_MARK = r"(?:(?P<mark>[A-Z]{1,3})[ \-]{1,3})?"
_STREET = r"(?P<street>.*\p{L}.*)"
_CONTINENT = rf"{_MARK}(?P<postcode>{_NL}|{_DIGITS}) (?P<city>{_NAME}{_CEDEX})"
SHAPES: tuple[str, ...] = (
    rf"^{_STREET}, (?P<city>{_NAME}),? (?P<region>{STATES}),? (?P<postcode>[0-9]{{5}}(?:-[0-9]{{4}})?)$",
    rf"^{_STREET}, (?P<city>{_NAME}),? (?P<region>[A-Z]{{2}}),? (?P<postcode>[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9])$",
    rf"^{_STREET}, (?P<city>{_NAME}),? (?P<region>NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? (?P<postcode>[0-9]{{4}})$",
    rf"^{_STREET}, (?P<city>{_NAME}), (?P<region>{_NAME}),? (?P<postcode>{_GB})$",
    rf"^{_STREET}, (?P<city>{_NAME}),? (?P<postcode>{_GB})$",
    rf"^(?P<street>.*[0-9].*), (?P<postcode>{_GB})$",
    rf"^{_STREET}, {_CONTINENT} ?\((?P<region>{_NAME})\)$",
    rf"^{_STREET}, {_CONTINENT}$",
    rf"^{_CONTINENT}, (?P<street>[^,]*\p{{L}}[^,]*[0-9][^,]*)$",
    rf"^(?P<street>[^,]*\p{{L}}[^,]*[0-9]+ ?[A-Za-z]?), (?P<city>{_NAME})$",
    rf"^(?P<street>[0-9][^,]*\p{{L}}[^,]*), (?P<city>{_NAME})$",
    r"^(?P<street>\p{L}[^,]*\p{L}[^,0-9]* [0-9]{1,4} ?[A-Za-z]?(?:[/\-][0-9]{1,4} ?[a-z]?)?)$",
)
"""The first that fits counts; the country is taken away before."""
OPEN = rf"^(?P<street>\p{{L}}.*\p{{L}}[^0-9]* [0-9]{{1,4}} ?[A-Za-z]?) {_MARK}(?P<postcode>%s) (?P<city>{_NAME}{_CEDEX})$"
"""Without a comma: only where the postcode is as long as the country's are."""
LAST = rf"[, ](?P<postcode>{_GB}|(?:{STATES}),? [0-9]{{5}}(?:-[0-9]{{4}})?)$"
"""A postcode at the end can be told even where street and town cannot be told apart."""


@dataclass(frozen=True)
class Addresses:
    """A column of addresses, cut.

    Parameters
    ----------
    parts : tuple of pyarrow.StringArray
        As `PARTS`; null where an address has none, and where it cannot be told.
    unsafe : tuple of bool arrays
        For each part, cells with a text from which it cannot be cut without a guess.
    """

    parts: tuple[pa.Array, ...]
    unsafe: tuple[Mask, ...]

    def part(self, name: str) -> tuple[pa.Array, Mask]:
        """One of `PARTS`, and where it is unsafe."""
        return self.parts[PARTS.index(name)], self.unsafe[PARTS.index(name)]


def cut(values: pa.Array, country: str | None = None) -> Addresses:
    """Addresses in parts, in the shapes of several countries.

    Parameters
    ----------
    values : pyarrow.StringArray
        Line ends and semicolons count as commas.
    country : str, optional
        The client's: an address without commas is cut only where its postcode is as long as that country's.

    Examples
    --------
    >>> texts = ["Hauptstr. 5, 10115 Berlin", "12 High Street, London SW1A 1AA", "1 Main St, Springfield, IL 62704, USA", "Ulm", None]
    >>> found = cut(pa.array(texts))
    >>> found.part("street")[0].to_pylist()
    ['Hauptstr. 5', '12 High Street', '1 Main St', None, None]
    >>> found.part("city")[0].to_pylist(), found.part("country")[0].to_pylist()[2]
    (['Berlin', 'London', 'Springfield', None, None], 'USA')
    >>> found.part("street")[1].tolist()
    [False, False, False, True, False]
    """
    values = values.cast(pa.string())
    encoded = encode(values)
    if encoded is None:
        return _cut(values, country)
    unique, places = _cut(encoded.dictionary, country), indices(encoded)
    chosen = pa.array(places, mask=places < 0)
    return Addresses(tuple(part.take(chosen) for part in unique.parts), tuple(np.append(mask, False)[places] for mask in unique.unsafe))


def _cut(values: pa.Array, country: str | None) -> Addresses:
    texts = _plain(values)
    body, land = _without_country(texts)
    found: dict[str, pa.Array] = {name: pa.nulls(len(values), pa.string()) for name in (*PARTS, "mark")}
    left = np.flatnonzero(flags(values.is_valid()))
    for shape in _shapes(country):
        left = _matched(body, shape, left, found)
    found = _counties(found)
    unsafe = np.zeros(len(values), bool)
    unsafe[left] = True
    code = pc.struct_field(pc.extract_regex(body.take(pa.array(left)), LAST), "postcode")
    only = pc.replace_substring_regex(code, rf"^({STATES}),? ", "")
    found["postcode"] = _put(found["postcode"], left, only)
    found["country"] = pc.coalesce(land, _meant(found["mark"]))
    none = flags(found["postcode"].is_null())
    masks = {"street": unsafe, "city": unsafe, "region": unsafe & False, "postcode": unsafe & none, "country": unsafe & False}
    return Addresses(tuple(found[name] for name in PARTS), tuple(masks[name] for name in PARTS))


def _plain(values: pa.Array) -> pa.Array:
    """One line, one blank, a comma and a blank between parts."""
    texts = pc.replace_substring_regex(values, r"\s*(?:[\r\n]|[;|]|<br ?/?>)+\s*", ", ")
    texts = pc.replace_substring_regex(texts, r"[\s\x{a0}]+", " ")
    texts = pc.replace_substring_regex(texts, r" ?,[ ,]*", ", ")
    return pc.utf8_trim(texts, " ,.")


def _without_country(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The texts without a country behind the last comma, and the countries."""
    split = pc.extract_regex(texts, r"^(?P<body>.*), (?P<land>[^,0-9]+)$")
    land = pc.struct_field(split, "land")
    known = pc.fill_null(pc.is_in(pc.utf8_lower(land), value_set=_lands()), False)
    return pc.if_else(known, pc.struct_field(split, "body"), texts), pc.if_else(known, land, pa.scalar(None, pa.string()))


@cache
def _lands() -> pa.Array:
    """Names of countries, small; no codes of two letters, which may be those of states, but the usual ones."""
    return pa.array(sorted({name.casefold() for name in countries.names() if len(name) > 3} | {"usa", "uk", "us", "d", "nl", "uae"}))


def _meant(marks: pa.Array) -> pa.Array:
    """Codes of countries for signs before a postcode."""
    places = pc.index_in(marks, value_set=pa.array(list(MARKS)))
    return pa.array(list(MARKS.values())).take(places)


def _shapes(country: str | None) -> Iterable[str]:
    yield from SHAPES[:-1]
    digits = POSTCODE_DIGITS.get(country or "DE")
    yield OPEN % (_NL if country == "NL" else rf"[0-9]{{{digits}}}" if digits else _NL)
    yield SHAPES[-1]


def _matched(texts: pa.Array, shape: str, rows: npt.NDArray[np.int64], found: dict[str, pa.Array]) -> npt.NDArray[np.int64]:
    """Fill in what a shape gives for some rows; the rows that it does not fit are left."""
    if not len(rows):
        return rows
    got = pc.extract_regex(texts.take(pa.array(rows)), shape)
    fits = flags(got.is_valid())
    hit = got.filter(pa.array(fits))
    for name in _groups(got.type):
        part = pc.struct_field(hit, name)
        found[name] = _put(found[name], rows[fits], pc.if_else(pc.equal(part, ""), pa.scalar(None, pa.string()), pc.utf8_trim(part, " ,")))
    return rows[~fits]


def _groups(kind: pa.DataType) -> Sequence[str]:
    return [kind.field(n).name for n in range(kind.num_fields)]


def _put(values: pa.Array, rows: npt.NDArray[np.int64], fresh: pa.Array) -> pa.Array:
    places = np.arange(len(values))
    places[rows] = len(values) + np.arange(len(rows))
    return pa.concat_arrays([values, fresh.cast(pa.string())]).take(pa.array(places))


def _counties(found: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Of British addresses: a county is the region; any other word between street and town belongs to the street."""
    british = pc.fill_null(pc.match_substring_regex(found["postcode"], rf"^{_GB}$"), False)
    region, city = found["region"], found["city"]
    county = pa.array(sorted(COUNTIES))
    last = pc.fill_null(pc.is_in(pc.utf8_lower(region), value_set=county), False)
    moved = pc.and_(british, pc.and_(region.is_valid(), pc.invert(last)))
    street = pc.if_else(moved, pc.binary_join_element_wise(found["street"], city, ", "), found["street"])
    none = pa.scalar(None, pa.string())
    return {**found, "street": street, "city": pc.if_else(moved, region, city), "region": pc.if_else(moved, none, region)}
