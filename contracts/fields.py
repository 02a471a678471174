"""Arrow types of fields, and the one way to declare a field in a pandera model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

Text = Annotated[pd.ArrowDtype, pa.string()]
Whole = Annotated[pd.ArrowDtype, pa.int64()]
Real = Annotated[pd.ArrowDtype, pa.float64()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Day = Annotated[pd.ArrowDtype, pa.date32()]
Moment = Annotated[pd.ArrowDtype, pa.timestamp("us", tz="UTC")]

TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
}
"""Type words that feeds and pages use."""

Personal = Literal["none", "quasi", "sensitive", "direct"]
Role = Literal["key", "input", "label", "leak", "info"]
OnBad = Literal["reject", "blank", "warn"]


@dataclass(frozen=True)
class Field:
    """One field of a contract, as plain values.

    Parameters
    ----------
    name, title, meaning : str
        Snake case name; title and meaning for people.
    type : pyarrow.DataType
        One of `TYPES`.
    unit : str, optional
        For example ``"years"``; ``"currency"`` refers to the client's or the row's currency.
    synonyms : tuple of str
        Other names that files use for it.
    personal : {"none", "quasi", "sensitive", "direct"}
        Direct identifiers go to the vault.
    role : {"key", "input", "label", "leak", "info"}
        A leak is known only after the outcome and never reaches a model.
    on_bad : {"reject", "blank", "warn"}
        What one bad value does: quarantine its row, become null, or stay with a warning.
    tolerated : float
        Share of rows that may fail before a gate looks at it.
    nullable, required : bool
        May be null; the column may not be absent.
    allowed : tuple of str, optional
        The codes of a category.
    rules : mapping
        Further checks by pandera's names, such as ``{"ge": 0}``.
    """

    name: str
    title: str
    meaning: str
    type: pa.DataType
    unit: str | None = None
    synonyms: tuple[str, ...] = ()
    personal: Personal = "none"
    role: Role = "input"
    on_bad: OnBad = "reject"
    tolerated: float = 0.05
    nullable: bool = True
    required: bool = False
    allowed: tuple[str, ...] | None = None
    rules: tuple[tuple[str, Any], ...] = ()

    @property
    def type_word(self) -> str:
        """The word for the type, such as ``"real"``."""
        return next(word for word, kind in TYPES.items() if kind.equals(self.type))

    @property
    def checks(self) -> list[pandera.Check]:
        """The field's checks as pandera values, named after their rule."""
        named = [*((("isin", self.allowed),) if self.allowed else ()), *self.rules]
        return [_check(rule, value) for rule, value in named]


def _check(rule: str, value: Any) -> pandera.Check:
    make = getattr(pandera.Check, rule)
    spread = isinstance(value, tuple) and rule in ("in_range", "str_length")
    check: pandera.Check = make(*value, error=rule) if spread else make(list(value) if isinstance(value, tuple) else value, error=rule)
    return check


def field(
    title: str,
    meaning: str,
    *,
    unit: str | None = None,
    synonyms: Sequence[str] = (),
    personal: Personal = "none",
    role: Role = "input",
    on_bad: OnBad = "blank",
    tolerated: float = 0.05,
    nullable: bool = True,
    allowed: Sequence[str] | None = None,
    **rules: Any,
) -> Any:
    """Declare a field of a contract's pandera model.

    Examples
    --------
    >>> class Table(pandera.DataFrameModel):
    ...     age: Whole = field("Age", "Age in whole years.", unit="years", ge=0, le=120)
    >>> Table.to_schema().columns["age"].metadata["unit"]
    'years'
    """
    codes = tuple(allowed) if allowed is not None else None
    plain = tuple(sorted(rules.items()))
    metadata = {
        "unit": unit, "synonyms": tuple(synonyms), "personal": personal, "role": role, "on_bad": on_bad,
        "tolerated": tolerated, "allowed": codes, "rules": plain,
    }  # fmt: skip
    checks: dict[str, Any] = {"isin": list(codes)} if codes else {}
    return pandera.Field(title=title, description=meaning, nullable=nullable, coerce=False, metadata=metadata, **checks, **_named(rules))


def _named(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The rules as `pandera.Field` takes them: ranges and lengths as dictionaries."""
    spread = {"in_range": ("min_value", "max_value"), "str_length": ("min_value", "max_value")}
    return {k: dict(zip(spread[k], v, strict=False)) if k in spread else v for k, v in rules.items()}
