"""Keys across feeds: rows of one feed whose key is that of no row of another, counted, told and held against what is tolerated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.assumption import Assumption
from contracts.batch import part_names
from contracts.contract import get, names
from contracts.rules import ForeignKey
from flows.conductor import Conductor
from flows.order import Source
from flows.steps import step
from reports.trust import Gate
from reports.words import plural, whole

_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Across:
    """One key of one feed in another.

    Parameters
    ----------
    label : str
        For people.
    key : ForeignKey
    own, other : tuple of Path
        Stored partitions with the rows that refer, and with those that they refer to.
    """

    label: str
    key: ForeignKey
    own: tuple[Path, ...]
    other: tuple[Path, ...]


@dataclass(frozen=True)
class Referring:
    """What was counted for a key: rows that have one, those of them that find no row, and how many keys that are."""

    own: Source
    other: Source
    key: ForeignKey
    rows: int
    lost: int
    keys: int

    @property
    def share(self) -> float:
        """Rows that find nobody, of all that have a key."""
        return self.lost / self.rows if self.rows else 0.0

    @property
    def held(self) -> bool:
        """Whether no more find nobody than the contract tolerates."""
        return self.share <= self.key.tolerated


def referring(conduct: Conductor, sources: Mapping[str, Source]) -> tuple[Referring, ...]:
    """Count each key that one source's contract has in another source; a source whose key is the record's position has none to be found."""
    pairs = list(_pairs(sources))
    done = conduct.map(count, [_across(own, other, key) for own, other, key in pairs]) if pairs else []
    return tuple(Referring(*pair, each["rows"], each["lost"], each["keys"]) for pair, each in zip(pairs, done, strict=True))


def _pairs(sources: Mapping[str, Source]) -> Iterator[tuple[Source, Source, ForeignKey]]:
    for own in sources.values():
        for key in own.feed.table.references:
            for other in sources.values():
                there = set(key.fields) <= own.filled and set(key.to) <= other.filled
                if other is not own and not other.by_position and _is(other, key) and there:
                    yield own, other, key


def _is(source: Source, key: ForeignKey) -> bool:
    """Whether a source holds the rows of a contract: under its name, or all its fields and more, as subscribers are customers too."""
    if source.contract == key.contract:
        return True
    there = source.feed.table
    if there.key != key.to or there.direction != "input" or key.contract not in names():
        return False
    return set(get(key.contract).fields) <= set(there.fields)


def _across(own: Source, other: Source, key: ForeignKey) -> Across:
    return Across(f"{own.feed.name} in {other.feed.name}: {', '.join(key.fields)}", key, _paths(own), _paths(other))


def _paths(source: Source) -> tuple[Path, ...]:
    return tuple(each.folder / "accepted" / name for each in source.submissions for name in part_names(each.folder))


@step("find keys", keep=True)
def count(item: Across, out: Path) -> dict[str, Any]:
    """Rows with a key, rows whose key is nowhere, and how many different keys that are; a partition at a time."""
    known = pa.chunked_array([_keys(path, item.key.to) for path in item.other], pa.large_string()).unique()
    rows = lost = 0
    strange: list[pa.Array] = []
    for path in item.own:
        keys = _keys(path, item.key.fields).drop_null()
        away = keys.filter(pc.invert(pc.is_in(keys, value_set=known)))
        rows, lost = rows + len(keys), lost + len(away)
        strange.append(away.unique())
    return {"rows": rows, "lost": lost, "keys": len(pa.chunked_array(strange, pa.large_string()).unique())}


def _keys(path: Path, fields: Sequence[str]) -> pa.Array:
    """The keys of a partition as one text each; null where a part is."""
    if not set(fields) <= set(pq.read_schema(path).names):
        return pa.nulls(pq.read_metadata(path).num_rows, pa.large_string())
    table = pq.read_table(path, columns=list(fields))
    texts = [table.column(name).cast(pa.large_string()).combine_chunks() for name in fields]
    return pc.binary_join_element_wise(*texts, pa.scalar(_BETWEEN, pa.large_string())) if len(texts) > 1 else texts[0]


def assumptions(found: Sequence[Referring]) -> tuple[Assumption, ...]:
    """That rows of a feed find the rows they belong to."""
    return tuple(Assumption(f"join {one.own.feed.name}", _statement(one), _counts(one), "held" if one.held else "refuted") for one in found)


def _statement(one: Referring) -> str:
    most = f"at least {1 - one.key.tolerated:.0%} of the rows of {one.own.feed.name}"
    return f"{most} have a {_named(one)} that {one.other.feed.name} has as well"


def _named(one: Referring) -> str:
    fields = one.own.feed.table.fields
    return " and ".join(fields[name].title.lower() for name in one.key.fields)


def _counts(one: Referring) -> dict[str, Any]:
    counted = {"rows": one.rows, "rows without": one.lost, "keys without": one.keys}
    return {**counted, "share": round(one.share, 6), "tolerated": one.key.tolerated}


def key_gates(found: Sequence[Referring]) -> tuple[Gate, ...]:
    """One gate for each key that too many rows do not find; what holds is an assumption that held."""
    return tuple(
        Gate(
            f"keys_{one.own.feed.name}", f"{one.own.feed.table.title} of known {one.other.feed.table.title.lower()}", one.share,
            one.key.tolerated, "share", "fail",
            f"{whole(one.lost)} of {plural(one.rows, 'row')} of {one.own.feed.name} ({one.share:.1%}) have a {_named(one)} that "
            f"{one.other.feed.name} does not have; at most {one.key.tolerated:.0%} may. Are both files of the same day and customers?",
        )
        for one in found if not one.held
    )  # fmt: skip
