"""What an error workbook says of itself on its hidden sheet: which records of which files it shows, sealed with the client's secret.

The sheet is plain text in its first column, as it must live through Excel and LibreOffice: a mark, the seal, then the content as JSON,
deflated and in base64, cut into cells. Nothing in it is believed before the seal was compared.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any

from contracts.digest import canonical_json
from contracts.errors import Place, SourceError

SHEET = "millrace"
"""Name of the hidden sheet."""
MARK = "Millrace error workbook 1"
PIECE = 30_000
"""Characters of the content in one cell; Excel holds 32,767."""
MOST = 64 << 20
"""Bytes that the content may inflate to."""
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Signs that check a row's code; they spell no word, and make no number or day of it."""


@dataclass(frozen=True)
class Shown:
    """A file whose records a workbook shows.

    Parameters
    ----------
    name, sha256 : str
    records : tuple of int
        Their numbers, ascending.
    rejected : tuple of int
        Those of them that were held back, ascending.
    """

    name: str
    sha256: str
    records: tuple[int, ...]
    rejected: tuple[int, ...] = ()


@dataclass(frozen=True)
class Identity:
    """What an error workbook is.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    language : str
    sheet : str
        Title of the sheet with the rows.
    own : tuple of str
        Titles of our columns in front of the client's; the last one holds the codes of the rows.
    rest : str
        Title of our column behind them: what is left over of a record with too many cells.
    columns : tuple of str
        The client's headers.
    files : tuple of Shown
        In the order of their hashes: the records of a submission.
    earlier : tuple of str
        Hashes of the mended workbooks that had been applied before this one was made, in order.
    left_out : int
        Faulty records that are not shown.
    """

    feed: str
    language: str
    sheet: str
    own: tuple[str, ...]
    rest: str
    columns: tuple[str, ...]
    files: tuple[Shown, ...]
    earlier: tuple[str, ...] = ()
    left_out: int = 0


def sealed(identity: Identity, secret: bytes) -> tuple[str, ...]:
    """The cells of the hidden sheet, from above.

    Examples
    --------
    >>> one = Identity("acme/people", "de", "Zeilen", ("Code",), "Rest", ("Nr",), (Shown("a.csv", "00", (3, 4, 9)),))
    >>> cells = sealed(one, b"secret")
    >>> opened(cells, b"secret", Place()) == one, len(cells)
    (True, 3)
    """
    about = asdict(identity)
    for file in about["files"]:
        file |= {name: _steps(file[name]) for name in ("records", "rejected")}
    content = base64.b64encode(zlib.compress(canonical_json(about), 9)).decode()
    pieces = [f"p{content[at : at + PIECE]}" for at in range(0, len(content), PIECE)]
    return MARK, _seal(pieces, secret), *pieces


def opened(cells: Sequence[str | None], secret: bytes | None, place: Place) -> Identity:
    """The identity that some cells hold; without a secret, what was compared with its seal before.

    Raises
    ------
    SourceError
        WORKBOOK-FOREIGN where the seal is not ours, WORKBOOK-DAMAGED where there is no whole content.

    Examples
    --------
    >>> opened((MARK, "0" * 64, "pAAAA"), b"secret", Place(file="a.xlsx"))
    Traceback (most recent call last):
    contracts.errors.SourceError: WORKBOOK-FOREIGN: the workbook says that it is an error workbook, and was not made here or was changed
    """
    texts = [cell for cell in cells if cell]
    if len(texts) < 3 or texts[0] != MARK:
        raise _damaged(place)
    if secret is not None and not hmac.compare_digest(texts[1].encode(), _seal(texts[2:], secret).encode()):
        raise SourceError(
            "WORKBOOK-FOREIGN", "the workbook says that it is an error workbook, and was not made here or was changed", place=place,
            found="a hidden sheet whose seal is not this client's",
            hint="take it in where it was made, or make a new one: millrace check CLIENT/FEED FILE --errors OUT.xlsx",
        )  # fmt: skip
    try:
        inflater = zlib.decompressobj()
        about = json.loads(inflater.decompress(base64.b64decode("".join(text[1:] for text in texts[2:]), validate=True), MOST))
        return _of(about)
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError):
        raise _damaged(place) from None


def _of(about: dict[str, Any]) -> Identity:
    files = tuple(
        Shown(one["name"], one["sha256"], tuple(accumulate(one["records"])), tuple(accumulate(one["rejected"]))) for one in about["files"]
    )
    return Identity(
        about["feed"], about["language"], about["sheet"], tuple(about["own"]), about["rest"], tuple(about["columns"]), files,
        tuple(about["earlier"]), about["left_out"],
    )  # fmt: skip


def _damaged(place: Place) -> SourceError:
    return SourceError(
        "WORKBOOK-DAMAGED", "the hidden sheet of the error workbook is not whole", place=place,
        hint="ask for the workbook as it was sent, with its rows mended and nothing else changed",
    )  # fmt: skip


def _steps(records: Sequence[int]) -> list[int]:
    return [*records[:1], *(after - before for before, after in pairwise(records))]


def _seal(pieces: Sequence[str], secret: bytes) -> str:
    return hmac.digest(secret, "\n".join((MARK, *pieces)).encode(), "sha256").hex()


def row_code(seal: str, file: int, record: int) -> str:
    """What names a row of the workbook; one that a spreadsheet has counted on, as by dragging a cell down, is none.

    Examples
    --------
    >>> row_code("00", 0, 4711)
    'R1-4711-HMRJ'
    """
    number = int.from_bytes(hashlib.sha256(f"{seal}:{file}:{record}".encode()).digest()[:8], "big")
    signs = "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))
    return f"R{file + 1}-{record}-{signs}"
