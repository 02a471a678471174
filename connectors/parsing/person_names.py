"""Full names in their parts: form of address, given names, family name. What cannot be cut without a guess is left uncut, and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask, Whole, encode, flags, indices
from connectors.parsing.given_names import GIVEN, SURELY, folded

if TYPE_CHECKING:
    from nameparser import ParsedName, Parser

Order = Literal["first_last", "last_first"]
_FORMS = (
    "herr herrn hr frau fr fräulein dhr heer mevr mevrouw mw juffrouw mr mrs ms miss mx mister madam sir monsieur mme madame mlle "
    "mademoiselle sr sra srta señor señora señorita don doña"
)
SALUTATIONS = frozenset(_FORMS.split())
"""Forms of address, without a dot; in French, `M.` too."""
_FIRMS = (
    "gmbh mbh ag kg ohg gbr ug ev eg ek ltd limited llc llp inc corp corporation company co plc bv nv vof sarl sas sa sl slu srl spa kft "
    "oy ab aps firma stichting verein gemeinde stadt bank versicherung hotel restaurant school schule university universität club team "
    "service services shop store group holding"
)
COMPANIES = frozenset(_FIRMS.split())
"""Words of names that are no person's."""
SEVERAL = frozenset(("und", "u", "and", "&", "+", "et", "en", "y", "e", "/", "familie", "fam", "family", "famille", "familia", "eheleute"))
"""Words of more than one person."""
EASTERN = frozenset(
    ("nguyen", "nguyễn", "tran", "trần", "pham", "phạm", "huynh", "huỳnh", "hoang", "hoàng", "phan", "vu", "vũ", "dang", "đặng")
)
"""Family names that stand first where they come from: a name that begins with one may be written either way."""
TWO_FAMILIES = frozenset(("es", "pt"))
"""Languages whose people have two family names."""
REPORTED = frozenset(
    ("given-or-family", "comma-structure", "unbalanced-delimiter", "particle-or-given", "suffix-or-name", "title-or-name",
     "conjunction-or-initial", "segmentation")
)  # fmt: skip
"""Readings that the library itself says could be otherwise."""
_WORD = r"\p{Lu}[\p{Ll}\p{M}]+(?:['’\-]\p{Lu}?[\p{Ll}\p{M}]+)*"
_LOUD = r"\p{Lu}{2,}(?:-\p{Lu}{2,})*"
_FORM = r"(?P<salutation>(?:(?:Herrn?|Frau|Hr|Fr|Mr|Mrs|Ms|Miss|Mme|Mlle|Dhr|Mevr|Mw|Sra?|Srta|Dr|Prof)\.? )*)"
_SMALL = r"(?:(?:van|von|der|den|de|zu|vom|zum|ter|ten|du|la|da|dos|di) )*"
_TWO = rf"^{_FORM}(?P<one>{_WORD}|{_LOUD}) (?P<two>{_WORD}|{_LOUD})$"
_MORE = rf"^{_FORM}(?P<one>{_WORD}(?: {_WORD})?) (?P<two>{_SMALL}{_WORD})$"
"""Of languages with one family name; the given names first."""
_COMMA = rf"^{_FORM}(?P<two>{_WORD}|{_LOUD}), (?P<one>{_WORD}(?: {_WORD})?|{_LOUD})$"
_ENDS = (r"^(?P<word>\S+)", r"(?P<word>\S+)$", r"^\S+ (?P<word>\S+)")
_MAIDEN = re.compile(r",?\s*\(?\b(?:geb|geborene|gebürtig|née|nee)\b.*$", re.IGNORECASE)
_CAPITALS = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True)
class Names:
    """A column of full names, cut.

    Parameters
    ----------
    salutation, first, last : pyarrow.StringArray
        Null where a name has none, and where it could not be cut.
    unsafe : bool array
        Cells with a text that cannot be cut without a guess.
    """

    salutation: pa.Array
    first: pa.Array
    last: pa.Array
    unsafe: Mask

    def take(self, places: npt.NDArray[np.int32]) -> Names:
        """Of the different texts, those of all cells; a negative place is an empty cell."""
        chosen = pa.array(places, mask=places < 0)
        marked = np.append(self.unsafe, False)[places]
        return Names(self.salutation.take(chosen), self.first.take(chosen), self.last.take(chosen), marked)


def cut(values: pa.Array, order: Order = "first_last", language: str = "en") -> Names:
    """Names in parts; with a comma the family name comes first, in whichever order the column is otherwise.

    All given names are the first name. Names of companies, of several people and of one word are not cut, nor are those that could be read
    in two ways.

    Parameters
    ----------
    values : pyarrow.StringArray
    order : {"first_last", "last_first"}
    language : str
        Of the client: in Spanish and Portuguese, people have two family names.

    Examples
    --------
    >>> found = cut(pa.array(["Anna Maria Müller", "van der Berg, Jan", "Herr Dr. Hans Meier", "Meier GmbH", "Anna", None]))
    >>> found.first.to_pylist(), found.last.to_pylist()
    (['Anna Maria', 'Jan', 'Hans', None, None, None], ['Müller', 'van der Berg', 'Meier', None, None, None])
    >>> found.salutation.to_pylist()[2], found.unsafe.tolist()
    ('Herr Dr.', [False, False, False, True, True, False])
    >>> cut(pa.array(["Juan García López"]), language="es").last.to_pylist()
    ['García López']
    """
    values = values.cast(pa.string())
    encoded = encode(values)
    if encoded is None:
        return _cut(values, order, language)
    return _cut(encoded.dictionary, order, language).take(indices(encoded))


def _cut(values: pa.Array, order: Order, language: str) -> Names:
    """Plain names all at once, the others one by one."""
    fast, plain = _plain(values, order, language)
    rest = np.flatnonzero(~plain & flags(values.is_valid()))
    parts = [cut_one(text, order, language) for text in values.take(pa.array(rest)).to_pylist()]
    unsafe = plain & _against(fast[1], fast[2])
    unsafe[rest] = [part is None for part in parts]
    salutation, first, last = (_together(fast[n], plain & ~unsafe, [part and part[n] for part in parts], rest) for n in range(3))
    return Names(salutation, first, last, unsafe)


def _together(fast: pa.Array, plain: Mask, slow: list[str | None], rest: Whole) -> pa.Array:
    """Parts of plain names and of the others."""
    places = np.full(len(fast), -1)
    places[rest] = np.arange(len(rest))
    return pc.if_else(pa.array(plain), fast, pa.array(slow, pa.string()).take(pa.array(places, mask=places < 0)))


def _plain(values: pa.Array, order: Order, language: str) -> tuple[tuple[pa.Array, pa.Array, pa.Array], Mask]:
    """Form of address, given and family name of texts that are a few ordinary words; and which texts are such."""
    patterns = (_COMMA, _TWO) if order == "last_first" or language in TWO_FAMILIES else (_COMMA, _TWO, _MORE)
    found = [pc.extract_regex(values, pattern) for pattern in patterns]
    if order == "last_first":
        names = [("salutation", "one", "two"), ("salutation", "two", "one")]
    else:
        names = [("salutation", "one", "two")] * len(found)
    salutation, first, last = (
        pc.coalesce(*(pc.struct_field(each, which[n]) for each, which in zip(found, names, strict=True))) for n in range(3)
    )
    plain = flags(first.is_valid()) & flags(pc.equal(_loud(first), _loud(last)))
    known = pa.array(sorted(_special()))
    for text, ends in ((first, _ENDS), (last, _ENDS[1:2])):
        for end in ends:
            plain &= ~flags(pc.is_in(pc.utf8_lower(pc.struct_field(pc.extract_regex(text, end), "word")), value_set=known))
    bare = pc.utf8_trim_whitespace(salutation)
    return (pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare), first, last), plain


def _loud(words: pa.Array) -> pa.Array:
    return pc.equal(pc.utf8_upper(words), words)


def _against(first: pa.Array, last: pa.Array) -> Mask:
    """Names whose family name is hardly one, while the given name is not known as such: they stand the other way round."""
    sure = pa.array(sorted(SURELY))
    turned = np.flatnonzero(flags(pc.is_in(pc.utf8_lower(last), value_set=sure)))
    found = np.zeros(len(first), bool)
    given = first.take(pa.array(turned)).to_pylist()
    found[turned] = [text is not None and not _is_given(text) for text in given]
    return found


def _is_given(text: str) -> bool:
    return bool({folded(part) for part in re.split(r"[ -]", text)} & GIVEN) or folded(text) in GIVEN


@cache
def _special() -> frozenset[str]:
    """Words that make a name more than two plain words."""
    from nameparser import Lexicon

    words = Lexicon.default()
    kinds = (words.titles, words.particles, words.suffix_words, words.suffix_acronyms, words.conjunctions, words.bound_given_names,
             words.maiden_markers)  # fmt: skip
    return frozenset(word for kind in kinds for word in kind) | SALUTATIONS | COMPANIES | SEVERAL | EASTERN


@cache
def _parser(order: Order, language: str) -> Parser:
    from nameparser import FAMILY_FIRST, Lexicon, Policy
    from nameparser import Parser as Made

    titles = SALUTATIONS | ({"m"} if language == "fr" else frozenset())
    lexicon = Lexicon.default().add(titles=titles, suffix_words=frozenset(("jun", "sen")))
    policy = Policy(name_order=FAMILY_FIRST) if order == "last_first" else Policy(two_family_names=language in TWO_FAMILIES)
    return Made(lexicon, policy)


def cut_one(text: str, order: Order = "first_last", language: str = "en") -> tuple[str | None, str | None, str | None] | None:
    """Form of address, given and family name of one text; nothing where it cannot be cut without a guess.

    Examples
    --------
    >>> cut_one("MÜLLER Anna"), cut_one("Mr. & Mrs. John Smith"), cut_one("Frau Müller")
    ((None, 'Anna', 'MÜLLER'), None, ('Frau', None, 'Müller'))
    """
    text = re.sub(r"^[Dd]e (?=[Hh]eer )", "", _MAIDEN.sub("", " ".join(text.split())))
    text = re.sub(r"(?<!\S)'t ", "’t ", text)
    words = [word.strip(".,()") for word in text.casefold().split()]
    bare = {word.replace(".", "") for word in words}
    if not words or bare & COMPANIES or (bare & SEVERAL) or re.search(r"[\d@/&+;]", text):
        return None
    turned = _by_capitals(text)
    named = _parser("first_last" if turned else order, language).parse(turned or text)
    if REPORTED & {doubt.kind.value for doubt in named.ambiguities}:
        return None
    comma = "," in (turned or text)
    if not comma and words[0] in EASTERN:
        return None
    if order == "last_first" and not comma and language in TWO_FAMILIES and len(f"{named.given} {named.middle} {named.family}".split()) > 2:
        return None
    return _parts(named, language, comma=comma)


def _parts(named: ParsedName, language: str, *, comma: bool) -> tuple[str | None, str | None, str | None] | None:
    first, last = " ".join(filter(None, (named.given, named.middle))), named.family
    if language in TWO_FAMILIES and not comma:
        first, last = _given_before(first, last)
    if not last or (not first and not named.title and " " not in last):
        return None
    if last.endswith(".") or (first and folded(last) in SURELY and not _is_given(first)) or _doubtful(named.middle):
        return None
    return named.title or None, first.replace("’t ", "'t ") or None, last.replace("’t ", "'t ")


def _doubtful(middle: str) -> bool:
    """Several words between the first and the last, one of them no given name: it may belong to the family name."""
    words = [word for word in middle.split() if not word.endswith(".") and len(word) > 1]
    return len(middle.split()) > 1 and not all(folded(word) in GIVEN for word in words)


def _given_before(first: str, last: str) -> tuple[str, str]:
    """``Juan Carlos García``: of two words taken for family names, one that is known as a given name is one."""
    one, _, other = last.partition(" ")
    if other and " " not in first and " " not in other and folded(one) in GIVEN:
        return f"{first} {one}", other
    return first, last


def _by_capitals(text: str) -> str | None:
    """A family name in capitals among other words, put in front with a comma: ``Anna MÜLLER``."""
    words = text.split()
    loud = [word.isupper() and _CAPITALS.fullmatch(word) is not None for word in words]
    if "," in text or not any(loud) or all(loud) or sum(one != other for one, other in pairwise(loud)) > 2:
        return None
    family = [word for word, one in zip(words, loud, strict=True) if one]
    rest = [word for word, one in zip(words, loud, strict=True) if not one]
    return f"{' '.join(family)}, {' '.join(rest)}"


def vote(texts: Mapping[str, int]) -> dict[str, int]:
    """How many different names show each order: a known given name at one end, none at the other.

    Examples
    --------
    >>> vote({"Anna Müller": 3, "Peter Zorn": 1, "Zorn Peter": 1, "Müller, Anna": 5})
    {'first_last': 2, 'last_first': 1, 'comma': 1}
    """
    found = {"first_last": 0, "last_first": 0, "comma": 0}
    for text in texts:
        words = [word for word in text.split() if word.strip(".").casefold() not in _special()]
        if "," in text:
            found["comma"] += 1
        elif 1 < len(words) < 4 and _is_given(words[0]) != _is_given(words[-1]):
            found["first_last" if _is_given(words[0]) else "last_first"] += 1
    return found
