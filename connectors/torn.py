"""Records that are no rows, with too many cells or bytes that are no text: taken apart as well as can be, and put together again."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from connectors.reading.decision import Reading


def split(raw: str, reading: Reading, width: int, reason: str) -> tuple[list[str | None], str]:
    """A record that is no row as cells, as well as can be, and what is left over of it.

    Parameters
    ----------
    raw : str
    reading : Reading
    width : int
        How many cells a row has.
    reason : str
        Why it is no row: in one with a quotation mark that is never closed, marks mean nothing.

    Examples
    --------
    >>> from connectors.reading.decision import Decision
    >>> reading = Reading("delimited", {"delimiter": Decision.told(";"), "quote": Decision.told('"')})
    >>> split('1;"Ute; M";x;y', reading, 3, "ragged"), split("1;Ute", reading, 3, "ragged")
    ((['1', 'Ute; M', 'x'], 'y'), (['1', 'Ute', None], ''))
    """
    delimiter, quote = _marks(reading)
    cells = _split(raw, delimiter, quote, reason)
    kept: list[str | None] = [cell or None for cell in cells[:width]]
    return [*kept, *[None] * (width - len(kept))], delimiter.join(cells[width:])


def _marks(reading: Reading) -> tuple[str, str]:
    """What stands between the cells of a record, and around them; empty where nothing does."""
    said = {name: decision.value for name, decision in reading.decisions.items()}
    return str(said.get("delimiter") or "\t"), str(said.get("quote") or ("" if reading.kind == "delimited" else '"'))


def _split(raw: str, delimiter: str, quote: str, reason: str) -> Sequence[str]:
    if not quote or len(delimiter) > 1 or reason == "unclosed_quote":
        return raw.split(delimiter)
    try:
        rows = list(csv.reader([raw], delimiter=delimiter, quotechar=quote))
    except csv.Error:
        rows = []
    return rows[0] if len(rows) == 1 else raw.split(delimiter)


def joined(cells: Sequence[str | None], rest: str, reading: Reading) -> str | None:
    """A record that `split` takes apart into these cells and what is left over; None where a file without quotation marks has none.

    Examples
    --------
    >>> from connectors.reading.decision import Decision
    >>> joined(["1", "Ute; M", None], "x;y", Reading("delimited", {"delimiter": Decision.told(";"), "quote": Decision.told('"')}))
    '"1";"Ute; M";"";x;y'
    """
    delimiter, quote = _marks(reading)
    texts = [cell or "" for cell in cells]
    if quote and len(delimiter) == 1:
        texts = [f"{quote}{text.replace(quote, quote * 2)}{quote}" for text in texts]
    written = delimiter.join([*texts, rest])
    return written if split(written, reading, len(cells), "ragged") == ([cell or None for cell in cells], rest) else None
