"""The door: any file as blocks of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.reading import delimited, fixed_width, signature
from connectors.reading.block import Block
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.source import Source, open_source

if TYPE_CHECKING:
    from connectors.reading.workbook import Sheet

BLOCK_ROWS = 250_000


def read(
    source: Source | Path, hints: ReadingHints | None = None, *, block_rows: int = BLOCK_ROWS, sheet: str | None = None
) -> tuple[Reading, Iterator[Block]]:
    """Read a file: what it is taken for, and a stream of its records.

    Parameters
    ----------
    source : Source or Path
    hints : ReadingHints, optional
        What the connector knows; everything else is found out.
    block_rows : int
        Rows of a block at most.
    sheet : str, optional
        Of a workbook; goes before ``hints.sheet``.

    Returns
    -------
    Reading, iterator of Block
        Blocks are made as they are asked for. Every record of the file is in exactly one of them, as a row or with a reason.

    Raises
    ------
    SourceError
        SOURCE-MISSING, SOURCE-EMPTY, SOURCE-TRUNCATED, SOURCE-ENCRYPTED, SOURCE-KIND, SOURCE-BOMB, SOURCE-UNSAFE, SOURCE-TOO-LARGE,
        SOURCE-ENCODING, SHEET-MISSING, TABLE-MISSING, PATH-MISSING, HEADER-MISSING, HEADER-NARROW, HEADER-WIDE, READER-DISAGREES.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("Export\\n\\nid;name\\n001;Ute\\n002;Max;x\\n")
    >>> reading, blocks = read(path)
    >>> block = next(blocks)
    >>> block.table.to_pylist(), block.line.tolist(), block.reasons()
    ([{'id': '001', 'name': 'Ute'}], [4], {'preamble': 1, 'blank': 1, 'header': 1, 'ragged': 1})
    """
    hints = hints or ReadingHints()
    source = source if isinstance(source, Source) else open_source(source)
    # A kind's modules are imported when a file of it is met: most files are text.
    if source.kind == signature.WORKBOOK:
        from connectors.reading import workbook

        return workbook.read(source, hints, block_rows, sheet or hints.sheet)
    if source.kind == signature.JSON:
        from connectors.reading import json_document

        return json_document.read(source, hints, block_rows)
    if source.kind == signature.PARQUET:
        from connectors.reading import parquet

        return parquet.read(source, hints, block_rows)
    return fixed_width.read(source, hints, block_rows) or delimited.read(source, hints, block_rows)


def sheets(source: Source | Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook, in its order; none for any other file."""
    source = source if isinstance(source, Source) else open_source(source)
    if source.kind != signature.WORKBOOK:
        return ()
    from connectors.reading import workbook

    return workbook.sheets(source)
