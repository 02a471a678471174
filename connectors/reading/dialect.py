"""Delimiter, quote and record ends of a delimited file, found on a sample of its text."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.reading.decision import Decision, ReadingHints

SAMPLE_ROWS = 600
LONGEST = 200
"""Lines of one record beyond which an unclosed quote is assumed."""
PRIOR = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    "\x1f": 1.0,
    "\x01": 1.0,
    "¦": 0.9,
    "§": 0.8,
    "^": 0.8,
    "~": 0.8,
    "#": 0.6,
    ":": 0.5,
    " ": 0.4,
}
"""Delimiters tried, with how usual they are."""
ALONE = "\x1f"
"""What divides the fields of a file with one column."""

_TYPED = re.compile(
    r"""\s*(?:
      [-+(]?[$€£¥]?\s?[-+]?\d[\d.,'’\u00a0 ]*(?:[eE][-+]?\d+)?\s?[%€$£¥)]?-?      # numbers, money, per cent
    | \d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?[\d.:+Z\ -]*)?\s?(?:[AaPp][Mm])?    # dates
    | \d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?
    | [^@\s,;|\t]+@[^@\s,;|\t]+\.\w+
    | https?://[^\s|]+
    | [\w.+&'’/()#%°-]+(?:\ [\w.+&'’/()#%°:!?-]+)*                                # words
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    Parameters
    ----------
    encoding : str
    delimiter : str
        One character.
    quote : str
        One character, or empty for a file without quoting.
    ends : str
        What ends a record: ``lf`` (LF or CRLF), ``cr``, or ``any``.
    width : int
        Fields in most records of the sample.
    """

    encoding: str
    delimiter: str
    quote: str
    ends: str
    width: int


def decide(sample: str, encoding: str, hints: ReadingHints) -> tuple[Dialect, dict[str, Decision]]:
    """The dialect of a sample of decoded text that ends with a whole line.

    Examples
    --------
    >>> dialect, why = decide("id;Betrag\\n1;3,50\\n2;4,20\\n", "utf-8", ReadingHints())
    >>> dialect.delimiter, dialect.width, dialect.ends
    (';', 2, 'lf')
    """
    ends = _ends(sample)
    lines = re.split(r"\r\n|\n" if ends.value == "lf" else r"\r\n|\n|\r", sample)
    delimiter, quote, width = _delimiter(lines, hints)
    dialect = Dialect(encoding, str(delimiter.value or ALONE), str(quote.value), str(ends.value), width)
    return dialect, {"delimiter": delimiter, "quote": quote, "record_ends": ends}


def _ends(sample: str) -> Decision:
    crlf, lf, cr = sample.count("\r\n"), sample.count("\n"), sample.count("\r")
    lone = cr - crlf
    if not lone:
        kinds = "CRLF" if crlf == lf and lf else "LF" if not crlf else f"{crlf} CRLF, {lf - crlf} LF"
        return Decision("lf", f"{kinds} in the sample", 1.0)
    if not lf:
        return Decision("cr", f"{lone} CR and no LF in the sample", 1.0)
    lines = [len(line) for line in sample.split("\n")]
    # A few CRs among many LFs sit inside cells; as many as that are line ends of their own.
    if lone >= 0.2 * len(lines):
        return Decision("any", f"{lone} lone CR beside {lf} LF in the sample", 0.7)
    return Decision("lf", f"{lf} LF; {lone} lone CR taken as part of cells", 0.8)


def _delimiter(lines: list[str], hints: ReadingHints) -> tuple[Decision, Decision, int]:
    quote = _quote(lines, hints, hints.delimiter or ",;\t|")
    tried = [hints.delimiter] if hints.delimiter else [d for d in PRIOR if any(d in line for line in lines)]
    found = sorted((_score(lines, d, str(quote.value)) for d in tried), reverse=True)
    if hints.delimiter:
        return Decision.told(hints.delimiter), quote, found[0][1]
    if not found or found[0][0] < 0.1 or found[0][1] < 2:
        return Decision("", "no character divides the lines into the same number of fields: one column", 0.6), quote, 1
    score, width, share, delimiter = found[0]
    second = found[1][0] if len(found) > 1 else 0.0
    evidence = f"{width} fields in {share:.0%} of the records of the sample"
    return Decision(delimiter, evidence, round(min(0.99, 0.5 + 0.5 * (score - second) / score), 2)), quote, width


def _score(lines: list[str], delimiter: str, quote: str) -> tuple[float, int, float, str]:
    rows = [row for row in _rows(lines, delimiter, quote) if any(cell.strip() for cell in row)]
    if not rows:
        return 0.0, 1, 0.0, delimiter
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1] * (1 - 1 / (item[0] + 0.5)), item[0]))
    share = count / len(rows)
    cells = [cell for row in rows if len(row) == width for cell in row if cell][:4000]
    typed = sum(_TYPED.fullmatch(cell[:200]) is not None for cell in cells) / max(len(cells), 1)
    filled = len(cells) / max(min(4000, count * width), 1)
    score = PRIOR.get(delimiter, 1.0) * share**1.5 * (0.1 + 0.9 * typed) * (1 - 1 / width) * min(1.0, 0.5 + filled)
    return score, width, share, delimiter


def _rows(lines: list[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    start, rows = 0, 0
    while start < len(lines) and rows < SAMPLE_ROWS:
        plain = map(_plain, islice(lines, start, None))
        reader = csv.reader(plain, delimiter=delimiter, quotechar=quote or None, quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE)
        before = 0
        for row in _until_error(reader):
            if reader.line_num - before > LONGEST:  # an unclosed quote swallows lines: take its first one for a row, go on behind it
                break
            before, rows = reader.line_num, rows + 1
            yield row
            if rows == SAMPLE_ROWS:
                return
        else:
            if reader.line_num >= len(lines) - start:
                return
        yield lines[start + before].split(delimiter)
        start, rows = start + before + 1, rows + 1


def _until_error(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:  # a field beyond csv's limit: the caller goes on behind it
        return


def _plain(line: str) -> str:
    """The line without the signs that csv stops at."""
    return line.replace("\x00", "").replace("\r", " ") + "\n"


def _quote(lines: list[str], hints: ReadingHints, delimiters: str) -> Decision:
    if hints.quote is not None:
        return Decision.told(hints.quote)
    text = "\n".join(lines)
    edge = re.escape(delimiters)
    double, single = (len(re.findall(f"(?:^|[{edge}]) ?{q}", text, re.MULTILINE)) for q in "\"'")
    paired = len(re.findall(f"(?:^|[{edge}])'[^'\n]*'(?:[{edge}]|$)", text, re.MULTILINE))
    if not double and paired >= 2 and paired >= 0.8 * single:
        return Decision("'", f"{paired} fields between single quotes, none between double quotes", 0.85)
    if double:
        return Decision('"', f"{double} fields begin with it", 0.98)
    return Decision('"', "no field of the sample begins with a quote; the usual sign is assumed", 0.8)
