"""A field that a feed has and its contract does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from connectors.spec.column import ColumnSpec
from connectors.spec.values import Share, Words
from contracts.fields import TYPES
from contracts.fields import Field as ContractField
from contracts.patterns import fault


class ExtensionSpec(ColumnSpec):
    """A field that the contract does not have, fully declared.

    Parameters
    ----------
    title, meaning, type, unit, role, personal, on_bad, tolerated
        As `contracts.fields.Field` has them.
    currency : str, optional
        Field of the same row that names the currency of the money.
    synonyms : tuple of str
        Other names.
    tolerances : dict of rule to share
        Other shares for single rules.
    required, unique : bool
        No cell may be empty; no value occurs twice.
    least, most : number or day, optional
        Bounds of a number, a day or a moment; of a text's length in characters.
    pattern : str, optional
        What a text must match, as RE2 has it.
    codes : tuple of str
        What a text may be; without them the targets of `values`.

    Examples
    --------
    >>> said = {"from": "Schuhe", "title": "Shoe size", "meaning": "Size.", "type": "whole", "least": 20, "most": 50}
    >>> ExtensionSpec.model_validate(said).field("shoe_size").rules
    (('ge', 20), ('le', 50))
    """

    title: str
    meaning: str
    type: Literal["text", "whole", "real", "flag", "day", "moment"]
    unit: str | None = None
    role: Literal["input", "label", "leak", "info"] = "input"
    personal: Literal["none", "quasi", "sensitive", "direct"] = "none"
    on_bad: Literal["reject", "blank", "warn"] = "blank"
    tolerated: Share = 0.05
    currency: str | None = None
    synonyms: Words = ()
    tolerances: dict[str, Share] = Field(default={})
    required: bool = False
    unique: bool = False
    least: int | float | date | datetime | None = None
    most: int | float | date | datetime | None = None
    pattern: str | None = None
    codes: Words = ()

    def field(self, name: str) -> ContractField:
        """The contract field it declares; a text's allowed codes are those said, or the targets of `values`."""
        targets = [*self.values.values(), *([self.otherwise] if self.otherwise not in ("fail", "blank") else [])]
        codes = self.codes or (tuple(dict.fromkeys(str(v) for v in targets)) if self.values else ())
        return ContractField(
            name=name, title=self.title, meaning=self.meaning, type=TYPES[self.type], unit=self.unit, currency=self.currency,
            synonyms=self.synonyms, role=self.role, personal=self.personal, on_bad=self.on_bad, tolerated=self.tolerated,
            tolerances=tuple(self.tolerances.items()), nullable=not self.required, required=self.required, unique=self.unique,
            allowed=codes if codes and self.type == "text" else None, rules=self._rules(),
        )  # fmt: skip

    def _rules(self) -> tuple[tuple[str, Any], ...]:
        found: list[tuple[str, Any]] = [("str_matches", self.pattern)] if self.pattern is not None else []
        if self.type == "text":
            return (*found, ("str_length", (self.least, self.most))) if (self.least, self.most) != (None, None) else tuple(found)
        bounds = [("ge", self.least), ("le", self.most)]
        return (*found, *((rule, _bound(value, self.type)) for rule, value in bounds if value is not None))

    @model_validator(mode="after")
    def _fits_its_type(self) -> ExtensionSpec:
        if (self.pattern or self.codes) and self.type != "text":
            raise ValueError("`pattern` and `codes` belong to a text")
        if self.pattern is not None and (why := fault(self.pattern)):
            raise ValueError(f"the pattern cannot be used: {why}")
        if not all(bound is None or _fits(bound, self.type) for bound in (self.least, self.most)):
            raise ValueError("`least` and `most` are values of the field's type; of a text, lengths")
        return self


def _fits(bound: Any, kind: str) -> bool:
    """Whether a bound is a value of a type that has an order, or a text's length."""
    if kind == "text":
        return isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0
    if kind in ("day", "moment"):
        return isinstance(bound, date)
    return kind in ("whole", "real") and isinstance(bound, int | float) and not isinstance(bound, bool)


def _bound(value: Any, kind: str) -> Any:
    """A bound as the rule has it: moments are in UTC, and a day is its first moment."""
    if kind == "moment":
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return value.date() if isinstance(value, datetime) else value
