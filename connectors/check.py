"""The contract's checks on a block, and its split into good rows and rows for the quarantine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from connectors.columns import Column
from connectors.parsing.cells import Mask, Whole
from contracts.contract import Contract
from contracts.errors import RunError
from contracts.masks import failing


@dataclass(frozen=True)
class Judged:
    """A block after its checks.

    Parameters
    ----------
    columns : dict of str to Column
        Bad cells of fields that say ``blank`` are empty now.
    rejected : bool array
        Rows for the quarantine.
    field, rule : tuple of str
        Names of the failed rules, rejecting ones first.
    row, of : int64 array
        One per failure: the row, and the place of its rule in `rule`; a row's failures are together, the first one is its reason.
    """

    columns: dict[str, Column]
    rejected: Mask
    field: tuple[str, ...]
    rule: tuple[str, ...]
    row: Whole
    of: Whole


def check(columns: dict[str, Column], contract: Contract) -> Judged:
    """Judge every row by what parsing found and by the contract's row-local checks.

    Uniqueness is a matter of the whole table and not judged here. A cell without a value where the contract wants one rejects its row.

    Raises
    ------
    RunError
        CHECK-BROKEN where a check of the contract crashes or cannot be applied: our fault, never the client's.
    """
    count = len(next(iter(columns.values())).values) if columns else 0
    found = [(name, rule, bad) for name, column in columns.items() for rule, bad in column.failures]
    columns = {name: column.blanked(column.bad & (contract.fields[name].on_bad != "warn")) for name, column in columns.items()}
    frame = pd.DataFrame({name: pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([c.values]))) for name, c in columns.items()})
    found += _failed(contract, frame, columns)
    rejected = np.zeros(count, bool)
    for name, rule, bad in found:
        if rejects(contract, name, rule):
            rejected |= bad
        elif contract.fields[name].on_bad == "blank":
            columns[name] = columns[name].blanked(bad)
    return Judged(columns, rejected, *_in_order(found, contract))


def _failed(contract: Contract, frame: pd.DataFrame, columns: dict[str, Column]) -> list[tuple[str, str, Mask]]:
    found = []
    for failed in failing(contract.schema(), frame):
        if failed.check == "unique":
            continue
        if failed.bad is None:
            raise RunError(
                "CHECK-BROKEN", f"the check {failed.check} of {contract.id} cannot be applied to {failed.column or 'the table'}",
                found=failed.broke, hint="this is a fault of Millrace, not of the file",
            )  # fmt: skip
        name, rule = (failed.column, rule_name(failed.check)) if failed.column else _of_table(failed.check, contract)
        bad = failed.bad & ~columns[name].bad if failed.check == "not_null" else failed.bad
        if bad.any():
            found.append((name, rule, bad))
    return found


_SHORT = {"greater_than_or_equal_to": "ge", "less_than_or_equal_to": "le", "greater_than": "gt", "less_than": "lt"}


def rule_name(check: str) -> str:
    """A check's name without its arguments.

    Examples
    --------
    >>> rule_name("greater_than_or_equal_to(0)"), rule_name("isin")
    ('ge', 'isin')
    """
    name = check.partition("(")[0]
    return _SHORT.get(name, name)


def _of_table(check: str, contract: Contract) -> tuple[str, str]:
    """The field that a check of the whole row blames: it is named ``field:rule``."""
    name, _, rule = check.partition(":")
    if name not in contract.fields:
        raise RunError("CHECK-BROKEN", f"the table check {check!r} of {contract.id} names no field", expected="field:rule")
    return name, rule


def rejects(contract: Contract, name: str, rule: str) -> bool:
    """Whether a row that fails a rule of a field is held back.

    Examples
    --------
    >>> from contracts.contract import get
    >>> [rejects(get("customers"), *each) for each in (("customer_id", "not_null"), ("customer_id", "str_length"), ("age", "le"))]
    [True, True, False]
    """
    field = contract.fields[name]
    return field.on_bad == "reject" or rule == "not_null" or (not field.nullable and field.on_bad == "blank")


def _in_order(found: list[tuple[str, str, Mask]], contract: Contract) -> tuple[tuple[str, ...], tuple[str, ...], Whole, Whole]:
    ranked = sorted(found, key=lambda one: not rejects(contract, one[0], one[1]))  # stable: the contract's order within
    rows = [np.flatnonzero(bad) for _, _, bad in ranked]
    row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    of = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    order = np.argsort(row, kind="stable")
    return tuple(name for name, _, _ in ranked), tuple(rule for _, rule, _ in ranked), row[order], of[order]
