"""The encoding of a file, decided on all of its bytes, and the way from it to UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import charset_normalizer
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.reading import letters, signature
from connectors.reading.decision import Decision
from connectors.reading.source import Source, Survey
from contracts.errors import SourceError

Bytes = npt.NDArray[np.uint8]

BOMS = ((b"\xff\xfe\x00\x00", "utf-32-le"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

WESTERN = frozenset("äöüÄÖÜßéèêëàâáåãæçíìîïñóòôõøœúùûýÿÉÈÊËÀÂÁÅÃÆÇÍÌÎÏÑÓÒÔÕØŒÚÙÛÝ€–—‘’‚“”„…•°§´£«»©®º¿¡½²³\u00a0·×±µ™")
"""What Western European text holds beside ASCII; anything else points to another code page."""

_MISREAD = re.compile(
    rb"(?:\xc3[\x80-\xbf]|\xc2[\x80-\xbf]|\xc5[\xb8\x92\x93\xa0\xa1\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2[\x80-\x84][\x80-\xbf])+"
)
"""UTF-8 that was read as cp1252 and written again: it tells nothing about the code page of the text around it."""
FEW, DOUBTFUL = 6, 0.6
"""Different bytes above 127 below which a code page other than the most usual ones is doubtful, and the confidence in it at most."""
FAMILY = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "latin_1", "iso8859_2", "iso8859_15", "cp850", "cp437", "mac_roman",
          "koi8_r", "big5", "gb18030", "shift_jis", "euc_jp", "euc_kr", "cp949")  # fmt: skip


def decide(survey: Survey, given: str | None) -> Decision:
    """The encoding, by its Python name.

    Raises
    ------
    SourceError
        SOURCE-ENCODING for a name that Python does not know.

    Examples
    --------
    >>> high = "Jürgen Größe Käthe".encode("cp1252")
    >>> decide(Survey(len(high), high, False, False, high, 0), None).value
    'cp1252'
    """
    if given is not None:
        return Decision.told(_known(given))
    for bom, name in BOMS:
        if survey.head.startswith(bom):
            return Decision(name, "byte order mark", 1.0)
    wide = _wide(survey)
    if wide is not None:
        return wide
    if survey.ascii:
        return Decision("utf-8", "all bytes are ASCII", 1.0)
    if survey.utf8:
        return Decision("utf-8", "every byte above 127 is part of a valid UTF-8 sequence", 0.99)
    once = _MISREAD.sub(b"", survey.high)
    found = _damaged_utf8(survey.high) or letters.guess(once) or _western(survey.high) or _western(once) or _guess(survey.high)
    few = len({byte for byte in survey.high if byte > 127})
    return found if few >= FEW or found.value in ("utf-8", "cp1252") else replace(found, confidence=min(found.confidence, DOUBTFUL))


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        hint = "use a name such as utf-8, cp1252, latin-1, utf-16"
        raise SourceError("SOURCE-ENCODING", "the connector names an unknown encoding", found=name, hint=hint) from None
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(found, found)


def _wide(survey: Survey) -> Decision | None:
    """UTF-16 without a mark: NULs nearly always on the same side."""
    name = signature.utf16(survey.head)
    return Decision(name, "the NULs of its ASCII characters stand on the same side of the byte pairs", 0.95) if name else None


def _damaged_utf8(high: bytes) -> Decision | None:
    """UTF-8 with a few broken bytes: valid sequences outnumber them, as no other text has many such by chance."""
    text = high.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    whole = sum(c > "\x7f" for c in text) - broken
    if not broken or not whole or whole < 2 * (broken - 1):
        return None
    evidence = f"{whole} valid UTF-8 sequences against {broken} broken bytes in the sample"
    return Decision("utf-8", evidence, 0.9 if whole >= 10 * broken else 0.7)


def _western(high: bytes) -> Decision | None:
    text = high.decode("cp1252", "replace")
    signs = [c for c in text if c > "\x7f"]
    share = sum(c in WESTERN for c in signs) / max(len(signs), 1)
    if share < 0.98 or not signs:
        return None
    return Decision(
        "cp1252", f"{share:.0%} of {len(signs)} bytes above 127 are Western European letters and signs in it", round(0.9 * share, 2)
    )


def _guess(high: bytes) -> Decision:
    best = charset_normalizer.from_bytes(high, cp_isolation=list(FAMILY)).best()
    if best is None:
        return Decision("cp1252", "no code page fits the sample; undecodable bytes are reported", 0.2)
    name = codecs.lookup(best.encoding).name
    confidence = round(max(0.3, min(0.9, 0.9 - best.percent_chaos / 50)), 2)
    return Decision(name, f"best of {len(FAMILY)} code pages on a sample of {len(high)} bytes around bytes above 127", confidence)


@cache
def bytewise(encoding: str) -> bool:
    """Whether one byte is one character and the first 128 are ASCII: such files are cut as they are."""
    if encoding in ("utf-8", "ascii") or any(_decoded(bytes([b]), encoding) != chr(b) for b in range(128)):
        return False
    return all(len(_decoded(bytes([b, second]), encoding) or "  ") == 2 for b in range(128, 256) for second in (0x41, 0xA1))


def written(encoding: str) -> str:
    """The encoding of what `content` gives: the file's own where it is bytewise, else UTF-8."""
    return encoding if bytewise(encoding) else "utf-8"


@cache
def undefined(encoding: str) -> tuple[bytes, ...]:
    """The bytes that stand for nothing in a bytewise encoding.

    Examples
    --------
    >>> undefined("cp1252")
    (b'\\x81', b'\\x8d', b'\\x8f', b'\\x90', b'\\x9d')
    """
    return tuple(bytes([b]) for b in range(256) if _decoded(bytes([b]), encoding) is None)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def content(source: Source, encoding: str) -> Iterator[bytes]:
    """The content without its mark, as UTF-8, or as it is where the encoding is bytewise.

    Bytes that cannot be decoded come out as bytes that are not UTF-8, so that the record they are in can be named.
    """
    stream = source.content()
    first = next(stream, b"")
    for bom, name in BOMS:
        if first.startswith(bom) and name == encoding:
            first = first[len(bom) :]
            break
    if encoding == "utf-8" or bytewise(encoding):
        yield first
        yield from stream
        return
    escape = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(escape)
    try:
        yield decoder.decode(first).encode("utf-8", "surrogatepass")
        for data in stream:
            yield decoder.decode(data).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        hint = "the file ends within a character, or the encoding is another one: ask for the file again"
        raise SourceError("SOURCE-TRUNCATED", f"the text is not {encoding}", place=source.place, hint=hint) from None


def text(data: bytes, encoding: str) -> str:
    """A record for people to look at; undecodable bytes are written out as ``\\xNN``."""
    return data.decode(encoding if bytewise(encoding) else "utf-8", "backslashreplace")


def as_text(column: pa.Array, encoding: str) -> pa.Array:
    """A binary array in a bytewise encoding as a string array; pure ASCII is not even copied.

    Examples
    --------
    >>> as_text(pa.array([b"K\\xe4the", None, b"10 \\x80"]), "cp1252").to_pylist()
    ['Käthe', None, '10 €']
    """
    _, offsets, values = column.buffers()
    bounds = np.frombuffer(offsets, np.int32, len(column) + 1, column.offset * 4)
    raw = np.frombuffer(values, np.uint8)[bounds[0] : bounds[-1]] if values is not None else np.empty(0, np.uint8)
    if not len(raw) or raw.max() < 128:
        return column.view(pa.string())
    present = _present(raw)
    growth = _growth(encoding)
    plain = all(growth[code] == 1 for code in present)
    longer = np.cumsum(raw >> 7 if plain else growth[raw], dtype=np.int32)
    moved = bounds - bounds[0]
    moved[1:] += np.where(moved[1:] > 0, longer[np.maximum(moved[1:], 1) - 1], 0)
    valid = column.is_valid().buffers()[1] if column.null_count else None
    return pa.Array.from_buffers(pa.string(), len(column), [valid, pa.py_buffer(moved), pa.py_buffer(_recoded(raw, encoding, present))])


def _present(raw: Bytes) -> list[int]:
    """The byte values above 127 that occur."""
    return np.flatnonzero(np.bincount(raw[raw > 127], minlength=256)).tolist()


@cache
def _growth(encoding: str) -> Bytes:
    """By byte: how many bytes longer its UTF-8 is."""
    return np.array([len((_decoded(bytes([b]), encoding) or "?").encode()) - 1 for b in range(256)], np.uint8)


def _recoded(raw: Bytes, encoding: str, present: list[int]) -> bytes:
    data = raw.tobytes()
    if encoding not in ("cp1252", "iso8859-1"):
        return data.decode(encoding).encode()
    # Latin-1 is decoded by copying; cp1252 differs from it in 27 characters, few of which a column has.
    text = data.decode("latin-1").encode()
    for code in present:
        if encoding == "cp1252" and code < 0xA0:
            text = text.replace(chr(code).encode(), bytes([code]).decode(encoding).encode())
    return text
