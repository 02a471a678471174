"""E-mail addresses, written one way."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing import texts
from connectors.parsing.cells import Parsed, flags, layout, mended


def parse(values: pa.Array, nulls: frozenset[str]) -> Parsed:
    """Addresses with their domain in small letters; whether one is well formed is the contract's business.

    Examples
    --------
    >>> parse(pa.array([" Ute.M@Example.ORG", "n/a", None]), frozenset({"n/a"})).values.to_pylist()
    ['Ute.M@example.org', None, None]
    """
    parsed = texts.parse(values, nulls)
    data, _, _ = layout(parsed.values)
    if not ((data >= 65) & (data <= 90)).any():
        return parsed
    large = np.flatnonzero(flags(pc.match_substring_regex(parsed.values, "@.*[A-Z]")))
    lower, _ = mended(parsed.values, large, _small_domain)
    return Parsed(lower, parsed.bad, parsed.repaired, "email")


def _small_domain(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"
