"""A portion of a file's rows before any damage: clean texts, typed truth, and what chance needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.rehearsal.damage import Feed
from flows.rehearsal.draws import Numbers


@dataclass(frozen=True)
class Rows:
    """Some rows of one file.

    Parameters
    ----------
    feed : str
        Customers or transactions.
    number : numpy.ndarray
        One number per row that names it for chance, the same however the file is cut into portions.
    key : pyarrow.Array
        The row's key as text, parts joined by ``/``.
    text : dict of pyarrow.Array
        Clean texts by contract field, in the order of the file; null is a blank cell.
    truth : pyarrow.Table
        Clean typed values by contract field.
    known : dict of pyarrow.Array
        Texts that are not in this file but that a damage may need.
    """

    feed: Feed
    number: Numbers
    key: pa.Array
    text: Mapping[str, pa.Array]
    truth: pa.Table
    known: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.number)

    def take(self, which: Numbers | npt.NDArray[np.int64]) -> Rows:
        """Some of the rows, with text and key only."""
        index = pa.array(which)
        picked = {name: column.take(index) for name, column in self.text.items()}
        return replace(self, number=self.number[which], key=self.key.take(index), text=picked, truth=self.truth.slice(0, 0), known={})

    def take_first(self, count: int) -> Rows:
        """The first rows, truth included."""
        if count == len(self):
            return self
        text, known = ({name: column.slice(0, count) for name, column in part.items()} for part in (self.text, self.known))
        key, truth = self.key.slice(0, count), self.truth.slice(0, count)
        return replace(self, number=self.number[:count], key=key, text=text, truth=truth, known=known)

    def dicts(self, which: Numbers) -> list[dict[str, Any]]:
        """The texts of some rows, known ones included, as dictionaries."""
        index = pa.array(which)
        return pa.table({**self.known, **self.text}).take(index).to_pylist() if len(which) else []
