"""Kinds of values that a client's and a feed's YAML have, and what all parts of it share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Order = Literal["dmy", "mdy", "ymd"]
Value = str | bool | int | float


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    """Keys and null words are texts, whatever YAML takes them for."""
    if isinstance(value, Mapping):
        return {_text(k): v for k, v in value.items()}
    return tuple(_text(v) for v in value) if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "" if value is None else str(value)


Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
Words = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Map = Annotated[dict[str, Value], BeforeValidator(_texts)]
Share = Annotated[float, Field(ge=0, le=1)]
Counted = Annotated[int, Field(ge=1)]
"""Characters, tables and rows are counted from 1."""


class Frozen(BaseModel):
    """Unknown keys are errors; values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
