"""A client company."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field, field_validator

from connectors.parsing.countries import CODES as COUNTRIES
from connectors.spec.values import Frozen


class ClientSpec(Frozen):
    """A client company."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: str
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    language: str = "en"
    time_zone: str = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    products: tuple[str, ...] = ()
    theme: dict[str, str] = Field(default={})
    policies: dict[str, Any] = Field(default={})

    @field_validator("country")
    @classmethod
    def _country(cls, code: str) -> str:
        if code not in COUNTRIES.split():
            raise ValueError("there is no such country; it is a code of ISO 3166, such as DE")
        return code

    @field_validator("products")
    @classmethod
    def _once(cls, products: tuple[str, ...]) -> tuple[str, ...]:
        if twice := sorted({name for name in products if products.count(name) > 1}):
            raise ValueError(f"named twice: {', '.join(twice)}")
        return products

    @field_validator("theme")
    @classmethod
    def _colours(cls, theme: dict[str, str]) -> dict[str, str]:
        if "accent" in theme and not re.fullmatch("#[0-9a-fA-F]{6}", theme["accent"]):
            raise ValueError("accent is # and six hexadecimal digits, such as #1f5f8b")
        return theme
