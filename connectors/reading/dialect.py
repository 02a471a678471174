"""Delimiter, quote and record ends of a delimited file, found on a sample of its text."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.reading.decision import Decision, ReadingHints
from connectors.reading.stand_ins import StandIns, escaped, stand_ins

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
QUOTED = 0.2
"""What it counts for a delimiter that quoted fields stand between its occurrences."""
PADDING = " \t|:~^#;,*=!§¦@"
"""What stands on both sides of a long delimiter."""
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
        One or several characters.
    quote : str
        One character, or empty for a file without quoting.
    escape : str
        The character before a quote or delimiter that belongs to a cell; empty where there is none.
    ends : str
        What ends a record: ``lf`` (LF or CRLF), ``cr``, or ``any``.
    width : int
        Fields in most records of the sample.
    signs : StandIns
        What the scanner sees in place of long delimiters and escaped signs.
    """

    encoding: str
    delimiter: str
    quote: str
    escape: str
    ends: str
    width: int
    signs: StandIns


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
    quote = _quote(lines, hints, hints.delimiter or ",;\t|")
    delimiter, width, share = _delimiter(lines, hints, str(quote.value))
    escape, width = _escape(lines, str(delimiter.value or ALONE), str(quote.value), hints, width, share)
    signs = stand_ins(str(delimiter.value or ALONE), str(quote.value), str(escape.value) if escape else "", sample)
    dialect = Dialect(
        encoding, str(delimiter.value or ALONE), str(quote.value), str(escape.value) if escape else "", str(ends.value), width, signs
    )
    found = {"delimiter": delimiter, "quote": quote, "record_ends": ends}
    return dialect, found | ({"escape": escape} if escape else {})


def _ends(sample: str) -> Decision:
    if "\r" in sample and sample.count('"') % 2 == 0:
        sample = re.sub('"[^"]*"', "", sample)  # what stands in quotes ends no record
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


def _delimiter(lines: list[str], hints: ReadingHints, quote: str) -> tuple[Decision, int, float]:
    """The delimiter, the fields of most records, and the share of records that have as many."""
    if hints.delimiter:
        given = _score(lines, hints.delimiter, quote)
        return Decision.told(hints.delimiter), given.width, given.share
    tried = [d for d in PRIOR if any(d in line for line in lines)]
    if tried and not any(line.strip("".join(PRIOR)) for line in lines):
        width = max(line.count(tried[0]) for line in lines) + 1
        return Decision(tried[0], "the lines hold nothing but delimiters", 0.5), width, 1.0
    first = lines[:SAMPLE_ROWS]
    bare = _without_quoted(first, quote)
    found = sorted((_score(lines, d, quote) for d in dict.fromkeys([*tried, *(_longer(first, bare, d) for d in tried)])), reverse=True)
    if not found or found[0].points < 0.1 or found[0].width < 2 or _names_over_words(found[0]):
        return Decision("", "no character divides the lines into the same number of fields: one column", 0.6), 1, 1.0
    best = _whole(found)
    within = [best, *(other for other in found if best.delimiter in other.delimiter and _as_good(other, best))]
    best = max(within, key=lambda other: len(other.delimiter))
    second = next((other.points for other in found if best.delimiter not in other.delimiter and other.delimiter not in best.delimiter), 0.0)
    confidence = round(min(0.99, max(0.5, 0.5 + 0.5 * (best.points - second) / best.points)), 2)
    evidence = f"{best.width:,} fields in {best.share:.0%} of the records of the sample"
    return Decision(best.delimiter, evidence, confidence), best.width, best.share


def _whole(found: list[_Score]) -> _Score:
    """The best delimiter; where it leaves the first record undivided, one that divides every record alike goes before it."""
    best = found[0]
    if best.first == best.width:
        return best
    every = (one for one in found if one.share == 1.0 and one.first == one.width and one.points >= 0.5 * best.points)
    return next((one for one in every if PRIOR.get(one.delimiter) == 1.0 or one.width > best.width), best)


def _names_over_words(best: _Score) -> bool:
    """Whether blanks divide lines below a first one of a single word: names of people under ``name``, and no delimiter."""
    return best.delimiter == " " and best.first == 1 and best.width < 4


def _as_good(longer: _Score, best: _Score) -> bool:
    """Whether a longer delimiter divides as many records alike, and the first one too unless the shorter does not."""
    return longer.width > 1 and longer.share >= best.share - 0.02 and (longer.first == longer.width or best.first != best.width)


def _without_quoted(lines: list[str], quote: str) -> list[str]:
    """Lines with nothing left between two quotes."""
    sign = re.escape(quote)
    return [re.sub(f"{sign}[^{sign}\n]*{sign}", quote * 2, line) for line in lines] if quote else lines


def _longer(lines: list[str], bare: list[str], delimiter: str) -> str:
    """The delimiter with what always stands beside it, by lines and the same `_without_quoted`: ``::``, ``, ``, ``~|~``.

    Examples
    --------
    >>> [_longer(lines, lines, sign) for sign, lines in ((":", ["a::b::c", "1::2::3"]), (",", ["a, b", "1, 2"]), ("|", ["a~|~b"]))]
    ['::', ', ', '~|~']
    """
    if delimiter == " ":
        return delimiter
    text = "\n".join(bare) + "\n"
    runs = [len(run) for run in re.findall(f"(?:{re.escape(delimiter)})+", text)]
    if runs and len(runs) > 1.5 * sum(delimiter in line for line in lines):
        ends = sum(line.endswith(delimiter) for line in lines if line) >= 0.9 * sum(map(bool, lines))  # empty columns, no long delimiter
        times = 1 if ends else next((k for k in (4, 3, 2) if sum(run % k == 0 for run in runs) >= 0.9 * len(runs)), 1)
        if times > 1:
            return delimiter * times
    if _edged(lines, delimiter):
        return delimiter
    beside = Counter(re.findall(f"(?=(.|\n){re.escape(delimiter)}(.|\n))", text))
    if not beside:
        return delimiter
    ((follower, followed),) = Counter(pair[1] for pair in beside.elements()).most_common(1)
    (left, right), count = beside.most_common(1)[0]
    if count >= 0.98 * beside.total() and left in PADDING and right in PADDING and left == right:
        return str(left + delimiter + right)
    return f"{delimiter}{follower}" if follower in " \t" and followed >= 0.5 * beside.total() else delimiter


def _edged(lines: list[str], delimiter: str) -> bool:
    """Whether lines begin and end with the delimiter, as a table drawn for people does: blanks beside it belong to the cells.

    Examples
    --------
    >>> _edged(["| id | name |", "| 1  | Ute  |"], "|"), _edged(["id | name", "1 | Ute"], "|")
    (True, False)
    """
    told = [line.strip() for line in lines if line.strip()]
    return sum(line.startswith(delimiter) and line.endswith(delimiter) for line in told) >= 0.8 * len(told) > 0


def _escape(lines: list[str], delimiter: str, quote: str, hints: ReadingHints, width: int, share: float) -> tuple[Decision | None, int]:
    """The escape, if there is one, and the fields of most records with it: backslashes may not make fewer records whole."""
    maybe = escaped(lines[:SAMPLE_ROWS], delimiter, quote, hints.escape)
    if maybe is None or maybe.given:
        return maybe, width
    whole = _score(lines, delimiter, quote, "\\")
    if whole.share < share or whole.width < 2:
        return None, width
    evidence = f"with it {whole.share:.0%} of the records of the sample have {whole.width} fields, without it {share:.0%} have {width}"
    return Decision("\\", evidence, 0.9 if whole.share > share else 0.7), whole.width


@dataclass(frozen=True, order=True)
class _Score:
    """How well a delimiter divides a sample: points, the fields of most records, the share with as many, the fields of the first."""

    points: float
    width: int
    share: float
    delimiter: str
    first: int = 0


def _score(lines: list[str], delimiter: str, quote: str, escape: str = "") -> _Score:
    signs = stand_ins(delimiter, quote, escape, "")
    put = [signs.put(line) for line in lines] if signs.swaps else lines
    rows = [row for row in _rows(put, signs.delimiter, quote) if any(cell.strip() for cell in row)]
    if not rows:
        return _Score(0.0, 1, 0.0, delimiter)
    widths = Counter(len(row) for row in rows)
    width = max(widths.items(), key=lambda item: (item[1] * (1 - 1 / (item[0] + 0.5)), item[0]))[0]
    share = widths[width] / len(rows)
    cells = [cell for row in rows if len(row) == width for cell in row if cell][:4000]
    typed = sum(_TYPED.fullmatch(cell[:200]) is not None for cell in cells) / max(len(cells), 1)
    filled = len(cells) / max(min(4000, widths[width] * width), 1)
    usual = max((PRIOR.get(sign, 0.0) for sign in delimiter), default=1.0)
    points = usual * share**1.5 * (0.1 + 0.9 * typed) * (1 - 1 / width) * min(1.0, 0.5 + filled)
    points += QUOTED * _beside_quotes(lines, delimiter, quote)
    return _Score(points, width, share, delimiter, len(rows[0]))


def _beside_quotes(lines: list[str], delimiter: str, quote: str) -> float:
    """The share of quoted fields that stand between delimiters or line ends; where few lines have any, it counts little."""
    if not quote:
        return 0.0
    sign, edge, text = re.escape(quote), re.escape(delimiter), "\n".join(lines[:SAMPLE_ROWS])
    quoted = len(re.findall(f"{sign}[^{sign}\n]+{sign}", text))
    between = len(re.findall(f"(?:^|{edge}){sign}[^{sign}\n]+{sign}(?={edge}|$)", text, re.MULTILINE))
    return between / quoted * min(1.0, quoted / len(lines[:SAMPLE_ROWS])) if quoted else 0.0


def _rows(lines: list[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    start, rows = 0, 0
    while start < len(lines) and rows < SAMPLE_ROWS:
        plain = map(_plain, islice(lines, start, None))
        reader = csv.reader(plain, delimiter=delimiter, quotechar=quote or None, quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE)
        before = 0
        for row in _until_error(reader):
            if _swallowed(lines[start + before : start + reader.line_num], delimiter):  # its first line is a row; go on behind it
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


def _swallowed(lines: list[str], delimiter: str) -> bool:
    """Whether the lines of one record look like records themselves, so that a quote was left open in the first."""
    if len(lines) <= 3:
        return False
    count, times = Counter(line.count(delimiter) for line in lines).most_common(1)[0]
    return len(lines) > LONGEST or (count > 0 and times >= 0.8 * len(lines))


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
    double, single = (len(re.findall(f"(?:^|[{edge}]) ?{q}", text, re.MULTILINE)) if q in text else 0 for q in "\"'")
    if double:
        return Decision('"', f"{double} fields begin with it", 0.98)
    paired = len(re.findall(f"(?:^|[{edge}]) ?'[^\n]*?'(?=[{edge}]|$)", text, re.MULTILINE)) if single else 0
    if paired >= 2 and paired >= 0.8 * single:
        return Decision("'", f"{paired} fields between single quotes, none between double quotes", 0.85)
    return Decision('"', "no field of the sample begins with a quote; the usual sign is assumed", 0.8)
