"""The part of a column that a field takes: of a full name, of an address in one cell, a year of birth."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import Setting
from connectors.parsing import addresses, person_names, texts
from connectors.parsing.cells import Mask, flags
from connectors.spec.column import ColumnSpec

RULE = "part"
"""What a cell breaks from which a part cannot be cut without a guess."""
EARLIEST, LATEST = 1880, 2100
_LINES = r"\s*[\r\n]+\s*"
_YEAR = r"^(?P<year>[0-9]{4})(?:[.,]0+)?$"


class Cutter:
    """Cuts columns; one that several fields take parts of is cut once.

    Examples
    --------
    >>> cutter = Cutter(Setting("DE", "EUR", "de", "UTC"))
    >>> spec = ColumnSpec.model_validate({"from": "Name", "part": "last"})
    >>> cut, unsafe = cutter.cut(pa.array(["Anna Weber", "Weber GmbH", "n/a"]), spec, frozenset({"n/a"}))
    >>> cut.to_pylist(), unsafe.tolist()
    (['Weber', None, None], [False, True, False])
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._names: dict[tuple[object, ...], person_names.Names] = {}
        self._addresses: dict[tuple[object, ...], addresses.Addresses] = {}

    def cut(self, cells: pa.Array, spec: ColumnSpec, nulls: frozenset[str]) -> tuple[pa.Array, Mask]:
        """The part of each cell as text, and cells that hold something from which it cannot be cut without a guess.

        A cell that holds nothing, or lacks just this part, is empty and sound.
        """
        tidy, _ = texts.tidy(pc.replace_substring_regex(cells.cast(pa.string()), _LINES, ", "), nulls)
        if spec.part == "birth_year":
            return _years(tidy, self.setting)
        key = (spec.source, spec.join, spec.names, nulls)
        if spec.part in addresses.PARTS:
            if key not in self._addresses:
                self._addresses[key] = addresses.cut(tidy, self.setting.country)
            return self._addresses[key].part(spec.part)
        if key not in self._names:
            self._names[key] = person_names.cut(tidy, spec.names or "first_last", self.setting.language)
        found = self._names[key]
        part: pa.Array = {"first": found.first, "last": found.last, "salutation": found.salutation}[str(spec.part)]
        return part, found.unsafe & (spec.part != "salutation")


def _years(cells: pa.Array, setting: Setting) -> tuple[pa.Array, Mask]:
    """Years of four digits in which somebody alive, or on an old list, may have been born."""
    year = pc.struct_field(pc.extract_regex(cells, _YEAR), "year")
    number = pc.fill_null(year.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    last = setting.written.year if setting.written else LATEST
    fine = (number >= EARLIEST) & (number <= last)
    unsafe: Mask = flags(cells.is_valid()) & ~fine
    return pa.array(np.where(fine, number, 0), mask=~fine).cast(pa.string()), unsafe
