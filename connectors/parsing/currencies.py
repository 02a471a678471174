"""Currencies as ISO 4217 codes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from connectors.parsing import texts
from connectors.parsing.cells import Parsed, by_unique, mended
from connectors.parsing.number_style import SIGNS
from connectors.parsing.words import fold


def parse(values: pa.Array, nulls: frozenset[str], words: Mapping[str, str] | None = None) -> Parsed:
    """Signs become codes, codes large letters, and a connector's own words what it says; the contract judges whether a code is well formed.

    Examples
    --------
    >>> parse(pa.array(["€", "eur", "USD", "-"]), frozenset({"-"})).values.to_pylist()
    ['EUR', 'EUR', 'USD', None]
    >>> parse(pa.array(["Euro", "euro"]), frozenset(), {"Euro": "EUR"}).values.to_pylist()
    ['EUR', 'EUR']
    """
    own = {fold(word): code for word, code in (words or {}).items()}
    return by_unique(values, lambda unique: _each(unique, nulls, own))


def _each(values: pa.Array, nulls: frozenset[str], own: Mapping[str, str]) -> Parsed:
    parsed = texts.parse(values, nulls)
    codes, _ = mended(parsed.values, np.arange(len(values)), lambda text: own.get(fold(text), SIGNS.get(text, text.upper())))
    return Parsed(codes, parsed.bad, parsed.repaired, "currency")
