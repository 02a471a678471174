"""What the words of a column mean in the contract, word by word; and the one question about those that no list knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from connectors.columns import null_words
from connectors.mapping import shown
from connectors.parsing import countries
from connectors.parsing.number_style import SIGNS
from connectors.parsing.words import FLAGS
from connectors.parsing.words import fold as plain
from connectors.proposing.proposal import Match, Question, Word
from connectors.proposing.signals import Signals
from connectors.proposing.turned import opposite, turned
from connectors.proposing.vocabulary import folded, meaning, says
from connectors.spec.column import ColumnSpec
from contracts.digest import sha256_json
from contracts.errors import shape
from contracts.fields import Field

UNKNOWN = 0.05
"""Share of cells with words of unknown meaning from which a person is asked."""
OFTEN, MOST = 10, 12
"""Rows from which a word is named, and words that are named at most."""
SPANISH = frozenset(("sexo", "genero", "tratamiento"))
DUTCH = frozenset(("geslacht", "aanhef", "geslachtscode"))


def said(match: Match, target: Field, seen: Signals, kind: str) -> tuple[Match, tuple[Question, ...]]:
    """A match with the codes of its column's words; only words of the lists are named, so that no value of a client is.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> field = contract.get("subscribers").fields["contract_term"]
    >>> seen = Signals(columns(pa.table({"Contract": ["24 Monate"] * 40 + ["Prepaid"] * 20 + ["Bonus"]}))[0])
    >>> found, asked = said(Match("contract_term", ("Contract",), "category", 0.9, "accepted", ()), field, seen, "category")
    >>> found.values, asked[0].id, [word.shown for word in asked[0].words]
    ({'24 Monate': 'two_year'}, 'values:contract_term', ["'Prepaid' (20 rows)"])
    """
    spec = ColumnSpec.model_validate({"from": match.sources, "null_words": match.null_words})
    nulls = null_words(target, kind, spec, ())
    greeting = target.name == "gender" and "form of address" in " ".join(match.why)
    known = meaning("salutation") if greeting else None
    meant = [
        _code(text, word, target, seen, kind) if known is None else known.get(word) or None
        for text, word in zip(seen.column.texts, seen.words, strict=True)
    ]
    unknown = np.array([code is None and text not in nulls for code, text in zip(meant, seen.column.texts, strict=True)], bool)
    values = {text: code for code, text in zip(meant, seen.column.texts, strict=True) if code is not None and text not in nulls}
    around = kind == "flag" and turned(target, seen.label)
    values = opposite(values) if around else values
    share = float(seen.column.counts[unknown].sum() / max(seen.column.filled, 1))
    asked = share >= UNKNOWN and not greeting
    match = replace(match, values=_needed(values, kind, alone=asked or around), otherwise="blank" if greeting else match.otherwise)
    if not asked:
        return match, ()
    named = _named(unknown, seen)
    return replace(match, unknown=named), (_question(match, target, seen, named, int(unknown.sum()), share),)


def _question(match: Match, target: Field, seen: Signals, named: Mapping[str, str], many: int, share: float) -> Question:
    """One question about all of them; words of a field that says something about a person are shown by their shape."""
    hidden = target.personal != "none"
    ordered = sorted(named.items(), key=lambda pair: pair[1]) if hidden else named.items()
    words = tuple(Word(key, _shown(text, target, seen)) for key, text in ordered)
    rarer = f", {many - len(words)} of them in few rows" if 0 < len(words) < many else "" if words else ", each in few rows"
    count = f"{many} words" if many > 1 else "1 word"
    alphabet = "; in the order of the alphabet" if hidden and len(words) > 1 else ""
    where = f"{shown(match.sources[0])}, in {share:.0%} of the cells{rarer}{alphabet}"
    text = f"No list knows {count} of {where}: what means what for {target.title.lower()}?"
    options = tuple(target.allowed or (("yes", "no") if target.type_word == "flag" else ()))
    return Question(f"values:{match.field}", text, match.field, match.sources, options, seen.column.shapes(3), words)


def _shown(text: str, target: Field, seen: Signals) -> str:
    count = int(seen.column.counts[seen.column.texts.index(text)])
    return f"{text!r} ({count:,} rows)" if target.personal == "none" else f"a word shaped {shape(text)!r} ({count:,} rows)"


def _code(text: str, word: str, target: Field, seen: Signals, kind: str) -> str | bool | None:
    """The code of one value; None where no list has it."""
    if kind == "flag":
        return says(target.name).get(word)
    if kind == "country":
        return _lands().get(plain(text)) or meaning("country").get(word)
    if kind == "currency":
        return meaning("currency").get(word) or SIGNS.get(text) or (text.upper() if re.fullmatch("[A-Za-z]{3}", text) else None)
    if text in (target.allowed or ()):
        return text
    return _gender(seen, word) if target.name == "gender" else meaning(target.name).get(word) or None


@cache
def _lands() -> Mapping[str, str]:
    """What the parser knows of countries."""
    return {plain(name): code for name, code in countries.names().items()}


def _needed(values: Mapping[str, str | bool], kind: str, *, alone: bool) -> dict[str, str | bool]:
    """What need be said: no flags that the parser knows by itself, unless others must be said: those then stand alone."""
    if kind == "country":
        return {text: code for text, code in values.items() if plain(text) not in _lands()}
    if kind == "currency":
        return {text: code for text, code in values.items() if text not in SIGNS and text.upper() != code}
    if kind == "flag" and not alone and all(plain(text) in FLAGS for text in values):
        return {}
    return dict(values)


def _gender(seen: Signals, word: str) -> str | bool | None:
    """H and M are a man and a woman in Spanish; V and M are a woman and a man in Dutch, and the other way round in Spanish."""
    letters = set(seen.words) & {"h", "m", "v", "f", "w"}
    if word in ("m", "h", "v") and not letters & {"f", "w"} and len(letters) == 2:
        if letters == {"h", "m"}:
            return {"h": "male", "m": "female"}[word]
        head = {folded(part) for part in seen.column.name.replace("_", " ").split()} | {folded(seen.label)}
        if head & SPANISH or head & DUTCH:
            return {"v": "male", "m": "female"}[word] if head & SPANISH else {"v": "female", "m": "male"}[word]
        return None
    return meaning("gender").get(word) or None


def _named(unknown: npt.NDArray[np.bool_], seen: Signals) -> dict[str, str]:
    """Unknown words that enough rows hold, by a token that is the same in every file."""
    places = [place for place in np.flatnonzero(unknown).tolist() if seen.column.counts[place] >= OFTEN][:MOST]
    return {token(seen.column.texts[place]): seen.column.texts[place] for place in places}


def token(text: str) -> str:
    """What an answer about a word is kept under.

    Examples
    --------
    >>> token(" Prepaid") == token("prepaid"), len(token("x"))
    (True, 8)
    """
    return sha256_json(plain(text))[:8]
