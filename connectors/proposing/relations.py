"""What columns say about one another, row by row: choices that do not bear it are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.proposing.assignment import Choice
from connectors.proposing.headers import header
from connectors.proposing.signals import Signals, figures
from contracts.contract import Contract

AFTER = 0.98
SEEN = 20
"""Rows with a value that a relation needs before it counts."""


def refuted(contract: Contract, chosen: Mapping[str, Choice], seen: Sequence[Signals], table: pa.Table) -> dict[str, tuple[int, str]]:
    """Choices that the rows speak against: the column by field, and the reason."""
    found: dict[str, tuple[int, str]] = {}
    if "amount" in contract.fields:
        found |= _totals(chosen, seen) | _bare_name(chosen, seen)
    for label in ("responded", "churned"):
        if label in chosen:
            found |= _outcomes(label, chosen, seen, table)
    return found


def _totals(chosen: Mapping[str, Choice], seen: Sequence[Signals]) -> dict[str, tuple[int, str]]:
    """A total that stands on the first line of each order only is the order's, not the line's."""
    if "amount" not in chosen:
        return {}
    amount = seen[chosen["amount"].column].column
    lines = [seen[chosen[name].column].column for name in ("quantity", "unit_price") if name in chosen]
    if any(amount.fill < 0.75 * line.fill for line in lines):
        return {"amount": (chosen["amount"].column, "many lines with a quantity lack it")}
    return {}


def _bare_name(chosen: Mapping[str, Choice], seen: Sequence[Signals]) -> dict[str, tuple[int, str]]:
    """A name without any word about products is a product's only beside a product's key or a quantity."""
    if "product_name" not in chosen or "quantity" in chosen or "product_id" in chosen:
        return {}
    bare = header(seen[chosen["product_name"].column].label).words <= {"name", "title"}
    return {"product_name": (chosen["product_name"].column, "nothing else speaks of products")} if bare else {}


def _outcomes(label: str, chosen: Mapping[str, Choice], seen: Sequence[Signals], table: pa.Table) -> dict[str, tuple[int, str]]:
    """Money that is there only where the answer is yes came after it."""
    if "total_spend" not in chosen:
        return {}
    yes = _yes(table.column(chosen[label].column))
    spent = np.nan_to_num(figures(table.column(chosen["total_spend"].column).combine_chunks(), False)) != 0
    if spent.sum() >= SEEN and yes.mean() < 0.9 and yes[spent].mean() > AFTER:
        return {"total_spend": (chosen["total_spend"].column, "it is there only where the answer is yes: it came after")}
    return {}


def _yes(values: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    found = pc.is_in(folded, value_set=pa.array(["1", "1.0", "yes", "y", "true", "ja", "j", "oui", "o", "si", "sí"]))
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)
