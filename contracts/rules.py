"""What a contract asks beyond single fields: rules between fields by the name of a registered check, and keys of other contracts.

Every rule has a scope: a row is judged by itself; a key needs all rows of one key (a customer's history); global needs the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from contracts import checks
from contracts.fields import Field

Scope = Literal["row", "key", "global"]


@dataclass(frozen=True)
class Rule:
    """A check of more than one cell.

    Parameters
    ----------
    name : str
        Unique within the contract; failures are told as ``field:name``, with the first field.
    check : str
        Name of a registered check, see `contracts.checks`.
    fields : tuple of str
        What it looks at; the first one is blamed, and its `on_bad` says what follows. Rows in which one is null are not judged.
    arguments : tuple of (name, value)
        What the check takes besides.
    words : str
        The rule for people; default: the check's own words.
    tolerated : float, optional
        Share of rows that may fail; default: the blamed field's.

    Examples
    --------
    >>> Rule("after_signup", "not_after", ("birth_date", "signup_date")).scope
    'row'
    """

    name: str
    check: str
    fields: tuple[str, ...]
    arguments: tuple[tuple[str, Any], ...] = ()
    words: str = ""
    tolerated: float | None = None

    @property
    def scope(self) -> Scope:
        """What must be at hand to judge it.

        Raises
        ------
        ContractError
            CHECK-UNKNOWN.
        """
        return checks.get(self.check).scope

    @property
    def blames(self) -> str:
        """The field to which a failure is put down."""
        return self.fields[0]

    def told(self, fields: dict[str, Field]) -> str:
        """The rule in words.

        Examples
        --------
        >>> Rule("after_signup", "not_after", ("birth_date", "signup_date")).told({})
        'birth_date is not after signup_date'
        """
        titles = [fields[name].title if name in fields else name for name in self.fields]
        return self.words or checks.get(self.check).words.format(*titles, **dict(self.arguments))


@dataclass(frozen=True)
class ForeignKey:
    """Fields whose values are keys of another contract's table.

    Parameters
    ----------
    fields : tuple of str
        Here.
    contract : str
        Name of the other contract, without its version.
    to : tuple of str
        The fields there, in the same order.
    tolerated : float
        Share of rows that may find nobody there.

    Examples
    --------
    >>> str(ForeignKey(("customer_id",), "customers", ("customer_id",)))
    'customer_id -> customers.customer_id'
    """

    fields: tuple[str, ...]
    contract: str
    to: tuple[str, ...]
    tolerated: float = 0.05

    def __str__(self) -> str:
        return f"{', '.join(self.fields)} -> {', '.join(f'{self.contract}.{name}' for name in self.to)}"


@dataclass(frozen=True)
class Stated:
    """One thing that a contract asks, whatever asks it: for pages, comparisons and reports.

    Parameters
    ----------
    fields : tuple of str
    rule : str
        As failures name it: ``not_null``, ``isin``, ``ge``, ``unique``, a rule's own name; ``present`` for a column that must be there.
    value : object
        What it asks for: the bound, the codes, the other key; None where the name says all.
    scope : {"row", "key", "global"}
    on_bad : {"reject", "blank", "warn"}
    tolerated : float
    """

    fields: tuple[str, ...]
    rule: str
    value: Any
    scope: Scope
    on_bad: str
    tolerated: float


def of_field(field: Field) -> tuple[Stated, ...]:
    """All that a field asks.

    Examples
    --------
    >>> import pyarrow as pa
    >>> asked = of_field(Field("age", "Age", "Age.", pa.int64(), nullable=False, unique=True, rules=(("ge", 0),)))
    >>> [(each.rule, each.value, each.scope) for each in asked]
    [('not_null', None, 'row'), ('unique', None, 'global'), ('ge', 0, 'row')]
    """
    asked: list[tuple[str, Any, Scope]] = []
    asked += [("present", None, "global")] if field.required else []
    asked += [("not_null", None, "row")] if not field.nullable else []
    asked += [("unique", None, "global")] if field.unique else []
    asked += [("isin", field.allowed, "row")] if field.allowed is not None else []
    asked += [(rule, value, "row") for rule, value in field.rules]
    return tuple(
        Stated((field.name,), rule, value, scope, {"not_null": "reject", "unique": "warn"}.get(rule, field.on_bad), field.tolerance(rule))
        for rule, value, scope in asked
    )


def check_of(rule: Rule) -> pandera.Check:
    """A rule that looks at one row as a check of the whole table, named ``field:rule``; a table without one of its fields passes.

    Examples
    --------
    >>> rule = Rule("after_b", "not_after", ("a", "b"))
    >>> table = pa.table({"a": [1, 2], "b": [1, 1]}).to_pandas(types_mapper=pd.ArrowDtype)
    >>> check_of(rule)(table).check_output.tolist()
    [True, False]
    """

    def passes(table: pd.DataFrame) -> pd.Series:
        if any(name not in table for name in rule.fields):
            return pd.Series(True, index=table.index)
        columns = tuple(pa.chunked_array(pa.array(table[name])) for name in rule.fields)
        found = checks.judged(rule.check, columns, dict(rule.arguments))
        return pd.Series(found.fill_null(True).to_numpy(), index=table.index, dtype=bool)

    return pandera.Check(passes, error=f"{rule.blames}:{rule.name}", name=rule.name)
