"""Table: reference rows that come as a file, one row per case, columns named as inputs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from rapidfuzz import process

from contracts.digest import sha256_file
from contracts.errors import Place, SettingsError, SourceError

EMPTY = pacsv.ConvertOptions(strings_can_be_null=True, null_values=["", "null", "NULL", "nan", "NaN"])
"""What is no value in a CSV file, in columns of texts as in those of numbers."""
YES, NO = ("true", "yes", "y", "1", "ja", "j"), ("false", "no", "n", "0", "nein")


@dataclass(frozen=True)
class Table:
    """A table from a file.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    sha256 : str
    rows : pyarrow.Table
    """

    name: str
    sha256: str
    rows: pa.Table

    def with_outcome(self, label: str) -> pa.Table:
        """The rows with the outcome as a flag.

        Raises
        ------
        SettingsError
            LABEL-MISSING where there is no such column, with the closest one; LABEL-WORDS where it says neither yes nor no.
        """
        if label not in self.rows.column_names:
            near = process.extractOne(label, self.rows.column_names, score_cutoff=60)
            raise SettingsError(
                "LABEL-MISSING",
                f"the reference has no column {label!r} with the outcome",
                place=Place(file=self.name),
                found=f"{self.rows.num_columns} other columns",
                expected=label,
                hint=f"is it {near[0]!r}? rename it" if near else "add the column",
            )
        return self.rows.set_column(self.rows.column_names.index(label), label, self._flag(label))

    def _flag(self, label: str) -> pa.ChunkedArray:
        column = self.rows.column(label)
        if pa.types.is_boolean(column.type):
            return column
        words = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
        yes, no = (pc.is_in(words, value_set=pa.array(said)) for said in (YES, NO))
        strange = pc.and_(pc.is_valid(words), pc.invert(pc.or_(yes, no)))
        if pc.any(strange).as_py():
            raise SettingsError(
                "LABEL-WORDS",
                f"the column {label!r} says neither yes nor no on some rows",
                place=Place(file=self.name, column=label),
                found=f"{pc.sum(strange).as_py()} rows",
                expected="true and false, yes and no, or 1 and 0",
            )
        return pc.if_else(pc.is_valid(words), yes, pa.scalar(None, pa.bool_()))


def read_table(path: Path) -> Table:
    """A Parquet file, or a CSV file with comma, UTF-8 and a header.

    Raises
    ------
    SourceError
        SOURCE-MISSING, SOURCE-EMPTY, SOURCE-KIND.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "rows.csv"
    >>> _ = path.write_text("age,churned\\n31,yes\\n44,no\\n50,\\n")
    >>> read_table(path).with_outcome("churned").column("churned").to_pylist()
    [True, False, None]
    """
    place = Place(file=path.name)
    if not path.is_file():
        raise SourceError("SOURCE-MISSING", "there is no such file", place=place, hint="name a table (Parquet or CSV), or CLIENT/FEED")
    try:
        rows = pq.read_table(path) if path.suffix == ".parquet" else pacsv.read_csv(path, convert_options=EMPTY)
    except (pa.ArrowInvalid, OSError):
        rows = None
    if rows is None:
        raise SourceError(
            "SOURCE-KIND", "the reference cannot be read", place=place, expected="Parquet, or CSV with comma, UTF-8 and a header"
        )
    if not rows.num_rows:
        raise SourceError("SOURCE-EMPTY", "the reference holds no rows", place=place)
    return Table(path.name, sha256_file(path), rows)
