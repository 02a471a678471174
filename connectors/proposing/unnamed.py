"""Columns whose header says nothing, known by their values and by the columns beside them: all of them are asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from connectors.parsing.given_names import GIVEN
from connectors.parsing.given_names import folded as plain
from connectors.proposing.evidence import BLANK, Evidence
from connectors.proposing.fits import is_text
from connectors.proposing.parts import Source
from connectors.proposing.persons import city, postcode
from connectors.proposing.signals import Signals
from contracts.contract import Contract

ASKED = 1.2
"""Log odds: a question."""
FEW = 3
"""Columns without a name from which a file is taken for one without names; a single one may hold anything."""
MANY = 20
"""Rows from which postcodes repeat: numbers that do not are keys."""
GIVEN_SHARE = 0.4
"""Share of single words that are common given names, from which a column holds such."""
LETTERED = r"^[0-9]{4} ?[A-Z]{2}$|^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$|^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$"


def unnamed(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals]) -> dict[str, Source]:
    """Sources of fields that have none, in columns without a name of their own.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> table = pa.table({"F1": ["Anna", "Paul", "Julie"], "F2": ["89073", "01067", "50667"], "F3": ["Ulm", "Dresden", "Köln"]})
    >>> {name: source.columns for name, source in unnamed(contract.get("customers"), {}, [Signals(c) for c in columns(table)]).items()}
    {'first_name': ('F1',), 'postcode': ('F2',), 'city': ('F3',)}
    """
    used = {header for source in found.values() for header in source.columns}
    bare = [place for place, column in enumerate(seen) if BLANK.fullmatch(column.label) and column.column.name not in used]
    if len(bare) + sum(bool(BLANK.fullmatch(column.label)) for column in seen if column.column.name in used) < FEW:
        return {}
    told: dict[str, tuple[int, str]] = {}
    for name, choice in (_given(seen, bare), _place(seen, bare)):
        told |= {field: each for field, each in choice.items() if name in contract.fields}
    return {
        name: Source((seen[place].column.name,), Evidence(ASKED, 0.0, 0.7, ("the header says nothing", why)))
        for name, (place, why) in told.items() if name in contract.fields and name not in found
    }  # fmt: skip


def _given(seen: Sequence[Signals], bare: Sequence[int]) -> tuple[str, dict[str, tuple[int, str]]]:
    """The column with the most common given names; the words of people beside it are the family names."""
    shares = {place: given_share(seen[place]) for place in bare}
    best = max(shares, key=lambda place: shares[place], default=None)
    if best is None or shares[best] < GIVEN_SHARE:
        return "first_name", {}
    found = {"first_name": (best, f"{shares[best]:.0%} of its values are given names")}
    for beside in (best + 1, best - 1):
        if beside in bare and is_text(seen[beside]) and seen[beside].of("one_word") > 0.5 and seen[beside].column.distinct >= 0.02:
            return "first_name", {**found, "last_name": (beside, "it stands beside the given names")}
    return "first_name", found


def given_share(seen: Signals) -> float:
    """Share of values that are a common given name.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> given_share(Signals(columns(pa.table({"x": ["Anna", "Paul", "Lamp", "Table"]}))[0]))
    0.5
    """
    if not seen.column.filled or seen.of("one_word") < 0.8:
        return 0.0
    return seen.column.share(np.array([plain(text) in GIVEN for text in seen.column.texts], bool))


def _place(seen: Sequence[Signals], bare: Sequence[int]) -> tuple[str, dict[str, tuple[int, str]]]:
    """A postcode with the town beside it; letters in postcodes tell by themselves."""
    for place in bare:
        column, lettered = seen[place].column, _lettered(seen[place])
        if postcode(seen[place]).points < 0.5 or (column.filled > MANY and column.distinct > 0.999 and not lettered):
            continue
        for beside in (place + 1, place - 1):
            if beside in bare and city(seen[beside]).points > 0 and seen[beside].of("capital") > 0.8 and given_share(seen[beside]) < 0.2:
                return "postcode", {"postcode": (place, "postcodes, towns beside them"), "city": (beside, "it stands beside postcodes")}
        if lettered:
            return "postcode", {"postcode": (place, "only postcodes are written so")}
    return "postcode", {}


def _lettered(seen: Signals) -> bool:
    return seen.matching(LETTERED) > 0.9
