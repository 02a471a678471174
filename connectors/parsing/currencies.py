"""Currencies as ISO 4217 codes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from connectors.parsing import texts
from connectors.parsing.cells import Parsed, by_unique, mended
from connectors.parsing.numbers import SIGNS


def parse(values: pa.Array, nulls: frozenset[str]) -> Parsed:
    """Signs become codes, codes large letters; whether a code is well formed is the contract's business.

    Examples
    --------
    >>> parse(pa.array(["€", "eur", "USD", "-"]), frozenset({"-"})).values.to_pylist()
    ['EUR', 'EUR', 'USD', None]
    """
    return by_unique(values, lambda unique: _each(unique, nulls))


def _each(values: pa.Array, nulls: frozenset[str]) -> Parsed:
    parsed = texts.parse(values, nulls)
    codes, _ = mended(parsed.values, np.arange(len(values)), lambda text: SIGNS.get(text, text.upper()))
    return Parsed(codes, parsed.bad, parsed.repaired, "currency")
