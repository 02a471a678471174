"""Rules of a contract that no row can be judged by alone: all rows of one key, or the whole table, are looked at once they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors import landing
from connectors.repeats import KEPT
from connectors.spec.column import WITHIN
from connectors.spec.feed import FeedSpec
from contracts import checks
from contracts.assumption import Assumption, Verdict
from contracts.errors import MillraceError, Place, RunError
from contracts.rules import Rule


def judge(parts: Iterable[tuple[Path, npt.NDArray[np.uint8]]], feed: FeedSpec) -> list[dict[str, Any]]:
    """Count what the rules beyond a row find among the rows that stay.

    Parameters
    ----------
    parts : iterable of (path, codes)
        Arrow files of the partitions, and what becomes of each of their rows.
    feed : FeedSpec

    Returns
    -------
    list of dict
        JSON-able, one per rule that can be judged: ``rule``, ``rows`` that were judged, ``against`` it.

    Raises
    ------
    RunError
        CHECK-BROKEN where a check crashes: our fault, never the client's.
    """
    wanted = [rule for rule in _rules(feed) if all(_carried(name, feed) for name in rule.fields)]
    if not wanted:
        return []
    names = list(dict.fromkeys(name for rule in wanted for name in rule.fields))
    tables = [table for path, codes in parts if (table := _kept(path, codes, names)) is not None]
    if not tables or not sum(table.num_rows for table in tables):
        return []
    table = pa.concat_tables(tables, promote_options="default")
    return [_counted(rule, table, feed) for rule in wanted if set(rule.fields) <= set(table.column_names)]


def _rules(feed: FeedSpec) -> list[Rule]:
    """The contract's rules beyond a row, and one for each field that is to be unique without being the key."""
    fields = [field for name, field in feed.table.fields.items() if field.unique and feed.table.key != (name,)]
    alone = [Rule(f"{field.name} unique", "different", (field.name,), tolerated=field.tolerance("unique")) for field in fields]
    return [*(rule for rule in feed.table.rules if rule.scope != "row"), *alone]


def _carried(name: str, feed: FeedSpec) -> bool:
    """Whether a field comes from the file; numbers within a group are stand-ins until the end."""
    return name in feed.all_columns and feed.all_columns[name].source != (WITHIN,)


def _kept(path: Path, codes: npt.NDArray[np.uint8], names: Sequence[str]) -> pa.Table | None:
    table = landing.read_arrow(path)
    there = [name for name in names if name in table.column_names]
    return table.select(there).filter(pa.array(codes == KEPT)) if there else None


def _counted(rule: Rule, table: pa.Table, feed: FeedSpec) -> dict[str, Any]:
    columns = tuple(table.column(name) for name in rule.fields)
    try:
        found = checks.judged(rule.check, columns, dict(rule.arguments))
        rows, against = len(found) - found.null_count, int(np.count_nonzero(~found.fill_null(True).to_numpy()))
    except MillraceError:
        raise
    except Exception as error:  # a check is foreign code: its text may hold a value
        raise RunError(
            "CHECK-BROKEN", f"the rule {rule.name} of {feed.table.id} cannot be applied", place=Place(client=feed.client, feed=feed.feed),
            found=type(error).__name__, hint="this is a fault of Millrace, not of the file",
        ) from None  # fmt: skip
    return {"rule": rule.name, "rows": rows, "against": against}


def assumptions(found: Sequence[Mapping[str, Any]], feed: FeedSpec) -> Iterator[Assumption]:
    """That the rules hold, for all but a tolerated share of the rows."""
    rules = {rule.name: rule for rule in _rules(feed)}
    for one in found:
        rule = rules[one["rule"]]
        most = feed.table.fields[rule.blames].tolerance(rule.name) if rule.tolerated is None else rule.tolerated
        share = one["against"] / one["rows"] if one["rows"] else 0.0
        evidence = {"rows": one["rows"], "rows against it": one["against"], "share": round(share, 6), "tolerated": most}
        verdict: Verdict = "untested" if not one["rows"] else "held" if share <= most else "refuted"
        yield Assumption(f"check {feed.name}", rule.told(feed.table.fields), evidence, verdict)
