"""A stretch of rows with one header on their way to fields: parsed, judged, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import FORMULA, Column, Setting, constant, kind_of, null_words, parse_column, source_column, without_value
from connectors.cutting import RULE, Cutter
from connectors.mapping import Fit
from connectors.parsing.cells import Mask, Whole
from connectors.parsing.styles import Style
from connectors.sense import judge
from connectors.spec.column import POSITION, WITHIN, ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.errors import shape
from contracts.fields import Field
from contracts.origin import Origin

SHIFT = 32
"""Row ids are the file's number and the record's, the record in the lower 32 bits."""
SHAPES = 5
LOOKED_AT = 200


@dataclass(frozen=True)
class Stretch:
    """Rows of one or several files with the same header and date of writing.

    Parameters
    ----------
    table : pyarrow.Table
        Source columns as text, one chunk each.
    kinds : mapping of str to uint8 array, optional
        Of workbook cells.
    file, record, line : arrays
        Number of the file, and the row's place in it.
    """

    table: pa.Table
    kinds: Mapping[str, npt.NDArray[np.uint8]] | None
    file: npt.NDArray[np.int16]
    record: Whole
    line: Whole

    @property
    def row_ids(self) -> Whole:
        """Unique, ascending."""
        return row_ids(self.file, self.record)


def row_ids(file: npt.NDArray[Any], record: Whole) -> Whole:
    """Ids of rows: unique over the submission, in the order of files and records.

    Examples
    --------
    >>> row_ids(np.array([0, 1]), np.array([7, 7])).tolist()
    [7, 4294967303]
    """
    ids: Whole = (file.astype(np.int64) << SHIFT) | record
    return ids


@dataclass(frozen=True)
class Tally:
    """Cells of one field: how many held something readable, how many did not, and how the latter look."""

    filled: int
    bad: int
    shapes: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"filled": self.filled, "bad": self.bad, "shapes": dict(self.shapes)}


def parse(
    stretch: Stretch, fit: Fit, feed: FeedSpec, styles: Mapping[str, Style], setting: Setting, several: bool
) -> tuple[dict[str, Column], dict[str, Tally]]:
    """All fields of a stretch, and what was met in their columns.

    A field counted within a group (``position_within``) gets a stand-in; its values are known once all rows are.
    """
    columns: dict[str, Column] = {}
    tallies: dict[str, Tally] = {}
    cutter = Cutter(setting)
    for name, spec in feed.all_columns.items():
        field = feed.table.fields[name]
        made = _made(stretch, field, spec, several)
        if made is not None:
            columns[name] = made
            continue
        headers = [fit.columns[h] for h in spec.headers if h in fit.columns]
        if headers:
            cells, kinds = source_column(stretch.table, stretch.kinds, headers, spec.join)
            part, unsafe = _part(cutter, cells, field, spec) if spec.part else (cells, np.zeros(len(cells), bool))
            parsed = parse_column(part, None if spec.part else kinds, field, spec, styles.get(name, Style()), setting)
            gaps = without_value(stretch.kinds, headers, len(cells))
            found = Column.of(parsed, Origin.DERIVED if spec.part else Origin.SUPPLIED)
            columns[name] = found.failing(RULE, unsafe).failing(FORMULA, gaps)
            bad = parsed.bad | unsafe | gaps
            tallies[name] = Tally(len(cells) - parsed.values.null_count, int(bad.sum()), _shapes(cells, bad & ~gaps))
    return judge(columns, feed.table, setting), tallies


def _part(cutter: Cutter, cells: pa.Array, field: Field, spec: ColumnSpec) -> tuple[pa.Array, Mask]:
    """What of the cells the field takes; words for nothing are those of a column of texts."""
    return cutter.cut(cells, spec, null_words(field, "text", spec, cutter.setting.null_words))


def _made(stretch: Stretch, field: Field, spec: ColumnSpec, several: bool) -> Column | None:
    """A column that does not come from the file's cells."""
    count = len(stretch.record)
    if spec.constant is not None:
        return constant(spec.constant, field, count)
    if spec.source == (WITHIN,):
        return constant("1", field, count)
    if spec.source != (POSITION,):
        return None
    position = pa.array(stretch.record).cast(pa.string())
    if several:
        position = pc.binary_join_element_wise(pa.array(stretch.file.astype(np.int64) + 1).cast(pa.string()), position, "-")
    return Column(position.cast(field.type), np.full(count, Origin.DERIVED, np.uint8))


def _shapes(cells: pa.Array, bad: Mask) -> dict[str, int]:
    rows = np.flatnonzero(bad)[:LOOKED_AT]
    counted = Counter(shape(text) for text in cells.take(pa.array(rows)).to_pylist()) if len(rows) else Counter()
    return dict(sorted(counted.most_common(SHAPES)))


def expected(field: Field, spec: ColumnSpec, style: Style) -> str:
    """What a column of a field should look like, for people.

    Examples
    --------
    >>> from contracts import contract
    >>> expected(contract.get("customers").fields["birth_date"], ColumnSpec(source=("x",)), Style(dates="dmy"))
    'dates, day before month'
    """
    kind = kind_of(field, spec)
    orders = {"dmy": "day before month", "mdy": "month before day", "ymd": "year first"}
    words = {
        "number": f"numbers with decimal {'comma' if style.decimal == ',' else 'point'}", "day": f"dates, {orders[style.dates]}",
        "moment": f"dates or times, {orders[style.dates]}", "flag": "words for yes and no", "country": "names or codes of countries",
        "category": f"{len(spec.values) or len(field.allowed or ())} known words",
    }  # fmt: skip
    return words.get(kind, kind)
