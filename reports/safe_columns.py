"""Columns as they may be shown to people outside the rows' owner: no rare category, no exact extreme, no markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reports.words import visible

Numbers = npt.NDArray[np.float64]
RARE = 10
MOST_CATEGORIES = 30
MOST_DISTINCT = 200
MISSING, OTHERS = "(missing)", "(others)"


@dataclass(frozen=True)
class Pair:
    """One column of both sides: float64 numbers, or text."""

    title: str
    kind: Literal["number", "category"]
    training: pd.Series
    current: pd.Series


def label(text: str) -> str:
    """A text without markup: at most 60 signs, none of which means anything to a page or a script.

    Examples
    --------
    >>> label("</script><b>Age</b>")
    '‹∕script›‹b›Age‹∕b›'
    """
    line = " ".join(visible(text[:240]).split()).translate(str.maketrans("<>&/\"'`\\", "‹›＆∕”’’∖"))
    line = re.sub(r"[{}$]", "·", line)
    return line[:60] or "(no name)"


def ages(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days and moments as days before the newest, anything else as it is: Evidently leaves dates out without a word.

    Examples
    --------
    >>> from datetime import date
    >>> ages(pa.chunked_array([[date(2025, 1, 1), date(2025, 1, 3)]])).to_pylist()
    [2.0, 0.0]
    """
    if pa.types.is_dictionary(values.type):
        return values.cast(values.type.value_type)
    if not pa.types.is_temporal(values.type):
        return values
    seconds = pc.cast(pc.cast(values, pa.timestamp("s"), safe=False), pa.int64())
    return pc.divide(pc.cast(pc.subtract(pc.max(seconds), seconds), pa.float64()), 86_400.0)


def numbers(title: str, training: pa.ChunkedArray, current: pa.ChunkedArray) -> list[Pair] | str:
    """Numbers within the 1st and 99th percentile of both sides, rounded to three digits; gaps as a column of their own.

    Text that came where numbers were is a reason to leave the column out.

    Examples
    --------
    >>> made = numbers("Income", pa.chunked_array([list(range(1000))]), pa.chunked_array([[5, None, 10**9]]))
    >>> bool(made[0].current.max() <= 1000.0), made[1].title
    (True, 'Income (given or missing)')
    """
    left, right = _floats(training), _floats(current)
    if left is None or right is None or not (np.isfinite(left).any() and np.isfinite(right).any()):
        return "no numbers on one side"
    both = np.concatenate([left[np.isfinite(left)], right[np.isfinite(right)]])
    low, high = (float(value) for value in np.quantile(both, (0.01, 0.99)))
    series = [pd.Series(_rounded(np.clip(side, low, high))) for side in (left, right)]
    pairs = [Pair(title, "number", series[0], series[1])]
    if series[0].isna().any() or series[1].isna().any():
        given = [pd.Series(np.where(side.isna(), MISSING, "given"), dtype=object) for side in series]
        pairs.append(Pair(f"{title} (given or missing)", "category", given[0], given[1]))
    return pairs


def _floats(values: pa.ChunkedArray) -> Numbers | None:
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean)
    if not any(kind(values.type) for kind in kinds):
        return None
    values = pc.cast(values, pa.int8()) if pa.types.is_boolean(values.type) else values
    found: Numbers = pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype("float64", copy=True)
    found[~np.isfinite(found)] = np.nan
    return found


def _rounded(values: Numbers) -> Numbers:
    """To three significant digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = np.where((values == 0) | np.isnan(values), 0, 2 - np.floor(np.log10(np.abs(values))))
    scale = 10.0 ** np.clip(digits, -300, 300)
    return np.asarray(np.round(values * scale) / scale)


def categories(title: str, training: pa.ChunkedArray, current: pa.ChunkedArray) -> list[Pair] | str:
    """Both sides with the same few categories: rare ones become others, a gap is a category; too many distinct ones are left out.

    Examples
    --------
    >>> side = pa.chunked_array([["A"] * 20 + ["Zoe"] * 9 + [None] * 9])
    >>> sorted(categories("Segment", side, side)[0].training.unique())
    ['(missing)', '(others)', 'A']
    """
    sides = [pc.cast(side, pa.string()) for side in (training, current)]
    counts = [pc.value_counts(side.drop_null()) for side in sides]
    if max(len(count) for count in counts) > MOST_DISTINCT:
        return "too many different values to be shown"
    kept = _common(counts)
    return [Pair(title, "category", _shown(sides[0], kept), _shown(sides[1], kept))]


def _common(counts: list[pa.StructArray]) -> list[str]:
    """Categories that at least ten rows of one side have, the commonest first."""
    most: dict[str, int] = {}
    for count in counts:
        for value, rows in zip(count.field("values").to_pylist(), count.field("counts").to_pylist(), strict=True):
            most[value] = max(most.get(value, 0), rows)
    ranked = sorted((value for value, rows in most.items() if rows >= RARE), key=lambda value: (-most[value], value))
    return ranked[:MOST_CATEGORIES]


def _shown(side: pa.ChunkedArray, kept: list[str]) -> pd.Series:
    codes = pc.index_in(side, pa.array(kept, pa.string())).to_numpy(zero_copy_only=False)
    names = np.array([*(label(value) for value in kept), OTHERS, MISSING], dtype=object)
    place = np.where(np.isnan(codes.astype("float64")), len(kept), codes.astype("float64")).astype(np.int64)
    place[side.is_null().to_numpy()] = len(kept) + 1
    return pd.Series(names[place], dtype=object)
