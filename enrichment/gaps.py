"""Gaps of order lines: what they do not tell, and what that means for a history."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.assumption import Assumption, Verdict
from enrichment.lines import is_bought, sums, usable

TOLERATED = 0.05
"""Share of lines without an amount, from which on spends are too low."""


def gaps(lines: pa.Table) -> dict[str, int]:
    """Count what the lines lack; the counts of partitions add up.

    Returns
    -------
    dict
        ``lines``, ``cancelled``, and ``usable``: those not cancelled that have a customer and a moment. Of these: ``returned``,
        ``amount computed`` (from quantity and price) and ``amount unknown``, ``quantity computed`` and ``quantity unknown``.

    Examples
    --------
    >>> from datetime import date
    >>> table = pa.table({"order_id": ["7", "8"], "customer_id": ["a", None], "ordered_at": [date(2026, 5, 1)] * 2, "amount": [3.0, 4.0]})
    >>> {what: count for what, count in gaps(table).items() if count}
    {'lines': 2, 'usable': 1, 'quantity unknown': 1}
    """
    keep = usable(lines)
    chosen = lines.select([name for name in ("quantity", "unit_price", "amount") if name in lines.column_names]).filter(keep)
    quantity, amount = sums(chosen)
    cancelled = pc.sum(lines.column("cancelled")).as_py() or 0 if "cancelled" in lines.column_names else 0
    returned = int((~is_bought(quantity, amount)).sum())
    counts = {"lines": lines.num_rows, "usable": chosen.num_rows, "cancelled": cancelled, "returned": returned}
    for name, values in (("amount", amount), ("quantity", quantity)):
        known = int((~np.isnan(values)).sum())
        counts |= {f"{name} computed": known - _sent(chosen, name), f"{name} unknown": len(values) - known}
    return counts


def _sent(lines: pa.Table, name: str) -> int:
    return lines.num_rows - int(lines.column(name).null_count) if name in lines.column_names else 0


def assumptions(counts: Mapping[str, int]) -> tuple[Assumption, ...]:
    """What a history made of such lines takes for true.

    Examples
    --------
    >>> [found.verdict for found in assumptions({"usable": 100, "amount unknown": 40, "quantity unknown": 0})]
    ['refuted', 'held']
    """
    lines = counts.get("usable", 0)
    share = counts.get("amount unknown", 0) / lines if lines else 0.0
    spent: Verdict = "untested" if not lines else "refuted" if share > TOLERATED else "held"
    pieces: Verdict = "held" if lines and not counts.get("quantity unknown", 0) else "untested"
    return (
        Assumption("history", "nearly every order line tells its amount, so that sums of money are whole", dict(counts), spent),
        Assumption("history", "a line without a quantity and without a negative amount was bought", dict(counts), pieces),
    )
