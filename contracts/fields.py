"""Arrow types of fields, and the one way to declare a field in a pandera model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from contracts import patterns
from contracts.errors import ContractError, Place

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
        For example ``"years"``; ``"currency"`` is money.
    currency : str, optional
        Field of the same row that names the currency of the money; without one it is the client's.
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
    tolerances : tuple of (rule, share)
        Other shares for single rules of the field, such as ``(("not_null", 0.0),)``.
    nullable, required, unique : bool
        May be null; the column may not be absent; no value occurs twice in the table.
    allowed : tuple of str, optional
        The codes of a category.
    rules : tuple of (rule, value)
        Further checks by pandera's names, such as ``(("ge", 0),)``; they look at one cell. ``str_matches`` holds from the start of a
        text, ``str_contains`` anywhere; their patterns are RE2's.

    Raises
    ------
    ContractError
        PATTERN-UNKNOWN for a pattern that RE2 does not know.

    Examples
    --------
    >>> age = Field("age", "Age", "Age.", pa.int64(), tolerances=(("not_null", 0.5),), rules=(("ge", 0),))
    >>> age.tolerance("not_null"), age.tolerance("ge"), age.type_word
    (0.5, 0.05, 'whole')
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
    currency: str | None = None
    tolerances: tuple[tuple[str, float], ...] = ()
    unique: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(sorted(self.rules, key=lambda one: one[0])))  # one order, whatever they are written in
        object.__setattr__(self, "tolerances", tuple(sorted(self.tolerances)))
        for rule, value in self.rules:
            if rule in patterns.RULES and (why := patterns.fault(value)):
                raise ContractError(
                    "PATTERN-UNKNOWN", f"the pattern of the field {self.name} cannot be used: {why}", place=Place(column=self.name),
                    expected="a pattern of RE2, which needs no longer for a long text",
                    hint="write it without looking around and without references to groups, or leave it out",
                )  # fmt: skip

    def tolerance(self, rule: str) -> float:
        """Share of rows that may fail a rule of the field."""
        return dict(self.tolerances).get(rule, self.tolerated)

    @property
    def column(self) -> pandera.Column:
        """The field as pandera checks it; a new value each time."""
        return pandera.Column(
            pd.ArrowDtype(self.type), checks=self.checks, nullable=self.nullable, required=self.required, unique=self.unique, coerce=False,
            title=self.title, description=self.meaning,
        )  # fmt: skip

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
    if rule in patterns.RULES:
        return patterns.check(rule, value)
    make = getattr(pandera.Check, rule)
    spread = isinstance(value, tuple) and rule in ("in_range", "str_length")
    check: pandera.Check = make(*value, error=rule) if spread else make(list(value) if isinstance(value, tuple) else value, error=rule)
    return check


def field(
    title: str,
    meaning: str,
    *,
    unit: str | None = None,
    currency: str | None = None,
    synonyms: Sequence[str] = (),
    personal: Personal = "none",
    role: Role = "input",
    on_bad: OnBad = "blank",
    tolerated: float = 0.05,
    tolerances: Mapping[str, float] | None = None,
    nullable: bool = True,
    unique: bool = False,
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
        "unit": unit, "currency": currency, "synonyms": tuple(synonyms), "personal": personal, "role": role, "on_bad": on_bad,
        "tolerated": tolerated, "tolerances": tuple(sorted((tolerances or {}).items())), "allowed": codes, "rules": plain,
    }  # fmt: skip
    checks: dict[str, Any] = {"isin": list(codes)} if codes else {}
    return pandera.Field(
        title=title, description=meaning, nullable=nullable, unique=unique, coerce=False, metadata=metadata, **checks, **_named(rules)
    )


def _named(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The rules as `pandera.Field` takes them: ranges and lengths as dictionaries."""
    spread = {"in_range": ("min_value", "max_value"), "str_length": ("min_value", "max_value")}
    return {k: dict(zip(spread[k], v, strict=False)) if k in spread else v for k, v in rules.items()}
