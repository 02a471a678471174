"""Words of a closed list: categories, flags, countries, currencies; misspelt ones are settled where only one can be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from connectors.parsing.cells import Parsed, by_unique
from connectors.parsing.texts import trim, unescaped, unscrambled

Target = str | bool
BEST, MARGIN, SHORTEST, ONE_SLIP = 85.0, 10.0, 4, 5

TRUE = ("ja", "j", "yes", "y", "true", "t", "wahr", "w", "1", "1.0", "oui", "o", "sí", "si", "s", "waar", "vrai")
FALSE = ("nein", "n", "no", "false", "f", "falsch", "0", "0.0", "non", "nee", "onwaar", "faux")
FLAGS: Mapping[str, Target] = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}
"""Words for yes and no; a connector's `values` replace them. A cross or a blank means something only where it is declared."""


@dataclass(frozen=True)
class WordList:
    """What the words of a column mean.

    Parameters
    ----------
    meaning : mapping of str to str or bool
        The file's word: the contract's.
    rule : str
        What an unknown word breaks.
    otherwise : str or bool, optional
        The meaning of an unknown word; without one it is bad.
    blank : bool
        An unknown word means nothing.
    fuzzy : bool
        Misspelt words are settled.
    """

    meaning: Mapping[str, Target]
    rule: str = "category"
    otherwise: Target | None = None
    blank: bool = False
    fuzzy: bool = True

    @cached_property
    def folded(self) -> dict[str, Target]:
        """Meanings by folded word, where folding does not make two meanings one."""
        found: dict[str, Target] = {}
        twice: set[str] = set()
        for word, target in self.meaning.items():
            twice |= {fold(word)} if found.setdefault(fold(word), target) != target else set()
        return {word: target for word, target in found.items() if word not in twice}

    @property
    def type(self) -> pa.DataType:
        """Arrow type of the meanings."""
        return pa.bool_() if any(isinstance(target, bool) for target in self.meaning.values()) else pa.string()


def fold(text: str) -> str:
    """A word without case, blanks at the edges and doubled blanks.

    Examples
    --------
    >>> fold("  Online-SHOP ")
    'online-shop'
    """
    return " ".join(text.casefold().split())


def parse(values: pa.Array, words: WordList, nulls: frozenset[str]) -> Parsed:
    """The meanings of a column's words.

    Examples
    --------
    >>> words = WordList({"Filiale": "store", "Telefon": "phone", "Katalog": "catalogue"})
    >>> parsed = parse(pa.array(["Filiale", "TELEFON", "Kataolg", "99", "k.A.", None]), words, frozenset({"k.A."}))
    >>> parsed.values.to_pylist()
    ['store', 'phone', 'catalogue', None, None, None]
    >>> parsed.repaired.tolist(), parsed.bad.tolist()
    ([False, False, True, False, False, False], [False, False, False, True, False, False])
    """
    return by_unique(values, lambda unique: _each(unique, words, nulls))


def _each(values: pa.Array, words: WordList, nulls: frozenset[str]) -> Parsed:
    outcomes = [(None, False, False) if text is None else _settle(text, words, nulls) for text in values.to_pylist()]
    meanings = pa.array([meaning for meaning, _, _ in outcomes], words.type)
    bad, repaired = (np.array([outcome[n] for outcome in outcomes], bool) for n in (1, 2))
    return Parsed(meanings, bad, repaired, words.rule)


def _settle(text: str, words: WordList, nulls: frozenset[str]) -> tuple[Target | None, bool, bool]:
    """Meaning, bad, repaired."""
    word = trim(text)
    if word in words.meaning or fold(word) in words.folded:
        return words.meaning.get(word, words.folded.get(fold(word))), False, False
    if not word or word in nulls:
        return None, False, False
    mended = fold(unscrambled(unescaped(word)))
    near = words.folded.get(mended, closest(mended, words.folded) if words.fuzzy else None)
    if near is not None:
        return near, False, True
    if words.otherwise is not None or words.blank:
        return words.otherwise, False, False
    return None, True, False


def closest(word: str, meanings: Mapping[str, Target]) -> Target | None:
    """The meaning of a misspelt word: one slip away from one word only, or by far the most similar.

    Examples
    --------
    >>> closest("spotr", {"sport": "s", "garten": "g"}), closest("sport x", {"sport a": 1, "sport b": 2})
    ('s', None)
    """
    if len(word) < SHORTEST:
        return None
    slips = {target for known, target in meanings.items() if len(known) >= ONE_SLIP and OSA.distance(word, known, score_cutoff=1) <= 1}
    if slips:
        return slips.pop() if len(slips) == 1 else None
    ranked = process.extract(word, meanings.keys(), scorer=fuzz.ratio, limit=None)
    long = [(known, score) for known, score, _ in ranked if len(known) >= SHORTEST]
    if not long or long[0][1] < BEST:
        return None
    best = meanings[long[0][0]]
    others = [score for known, score in long if meanings[known] != best]
    return best if not others or long[0][1] - others[0] >= MARGIN else None
