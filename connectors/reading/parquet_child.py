"""A Parquet file as text on standard output: a script for a process of its own, with limits on what it may use.

It is run by `parquet` with ``python -I`` and imports nothing of ours. The job comes as JSON on standard input::

    {"path": "...", "rows": rows of a batch, "memory": bytes, "cpu": seconds}

Without rows the answer is one JSON object on what the file says of itself; with rows it is an Arrow stream: for each column its text and
the kind of each cell (the numbers of `block`). The exit status says what went wrong, no other word.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

DONE, KIND, DAMAGED, LOCKED, TOO_LARGE, BYTES = 0, 3, 4, 5, 6, 7
"""Exit statuses."""
TEXT, NUMBER, DATE, BOOLEAN, BLANK = range(5)
DEEPEST = 20
"""Structs within one another at most."""
WIDEST = 20_000
"""Columns at most."""


class NoPandas:
    """Keeps Arrow from importing pandas, which it does to tell whether a value is a series."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Say that there is none."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


class Refused(Exception):
    """A file that is not read, with an exit status."""


def leaves(schema: pa.Schema | pa.StructType, before: str = "", depth: int = 0) -> Iterator[tuple[str, pa.DataType]]:
    """Every column: those of structs with dotted names.

    Examples
    --------
    >>> [name for name, _ in leaves(pa.schema([("id", pa.int64()), ("at", pa.struct([("zip", pa.string())]))]))]
    ['id', 'at.zip']
    """
    if depth > DEEPEST:
        raise Refused(TOO_LARGE)
    for field in schema:
        kind = stored(field.type)
        if pa.types.is_struct(kind) and kind.num_fields:
            yield from leaves(kind, f"{before}{field.name}.", depth + 1)
        else:
            yield before + field.name, kind


def stored(kind: pa.DataType) -> pa.DataType:
    """The type that values are kept in."""
    if pa.types.is_dictionary(kind):
        return stored(kind.value_type)
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def columns(array: pa.Array) -> Iterator[pa.Array]:
    """An array, or the arrays that a struct is made of; null in a null struct."""
    array = plain(array)
    if pa.types.is_struct(array.type) and array.type.num_fields:
        for part in array.flatten():
            yield from columns(part)
    else:
        yield array


def plain(array: pa.Array) -> pa.Array:
    """Values without extension type and dictionary."""
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    return plain(array.dictionary_decode()) if pa.types.is_dictionary(array.type) else array


def cells(array: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Values as text without loss, and the kind of each.

    Examples
    --------
    >>> texts, kinds = cells(pa.array([1.5, None, float("nan")]))
    >>> texts.to_pylist(), kinds.to_pylist()
    (['1.5', None, 'nan'], [1, 4, 0])
    """
    texts, kind = text(array)
    kinds = np.full(len(texts), kind, np.uint8)
    if pa.types.is_floating(array.type):
        kinds[~np.isfinite(pc.fill_null(array.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False))] = TEXT
    if texts.null_count:
        kinds[pc.is_null(texts).to_numpy(zero_copy_only=False)] = BLANK
    return texts, pa.array(kinds)


def text(array: pa.Array) -> tuple[pa.Array, int]:
    """Values as text, and their kind.

    Examples
    --------
    >>> from decimal import Decimal
    >>> text(pa.array([Decimal("0.0000000010"), Decimal("12.5")], pa.decimal128(20, 10)))[0].to_pylist()
    ['0.0000000010', '12.5000000000']
    >>> text(pa.array([[1, None], []], pa.list_(pa.int8())))[0].to_pylist()
    ['[1,null]', '[]']
    """
    kind = array.type
    for fits, write, number in FORMS:
        if fits(kind):
            return write(array), number
    raise Refused(KIND)


def decimals(array: pa.Array) -> pa.Array:
    """Decimals with all their digits, never with an exponent."""
    texts = array.cast(pa.string())
    if not pc.any(pc.match_substring(texts, "E")).as_py():
        return texts
    return pa.array([None if value is None else format(value, "f") for value in array.to_pylist()], pa.string())


def moments(array: pa.Array) -> pa.Array:
    """Days and times as ISO text: the day alone at midnight; with the offset where the file knows the time zone.

    Examples
    --------
    >>> moments(pa.array([0, 90_500], pa.timestamp("ms"))).to_pylist()
    ['1970-01-01', '1970-01-01T00:01:30.5']
    >>> moments(pa.array([0], pa.timestamp("s", "Europe/Berlin"))).to_pylist()
    ['1970-01-01T00:00:00+00:00']
    """
    texts = shortened(pc.replace_substring(array.cast(pa.timestamp(array.type.unit)).cast(pa.string()), " ", "T"))
    if array.type.tz is None:
        return pc.replace_substring_regex(texts, "T00:00:00$", "")
    return pc.binary_join_element_wise(texts, "+00:00", "")


def shortened(texts: pa.Array) -> pa.Array:
    """Times without the zeros behind their last part of a second."""
    if pc.any(pc.match_substring(texts, ".")).as_py():
        texts = pc.replace_substring_regex(pc.replace_substring_regex(texts, r"(\.\d*?)0+$", r"\1"), r"\.$", "")
    return texts


def spans(array: pa.Array) -> pa.Array:
    """Durations as a whole number and its unit."""
    return pc.binary_join_element_wise(array.cast(pa.int64()).cast(pa.string()), array.type.unit, " ")


def words(array: pa.Array) -> pa.Array:
    """Text that is proved to be UTF-8."""
    texts = array.cast(pa.string())
    texts.validate(full=True)
    return texts


def binaries(array: pa.Array) -> pa.Array:
    """Bytes that are text."""
    try:
        return words(array.cast(pa.binary()))
    except pa.ArrowInvalid:
        raise Refused(BYTES) from None


def json_text(array: pa.Array) -> pa.Array:
    """Values as JSON; null is ``null``.

    Examples
    --------
    >>> json_text(pa.array([{"a": 'x"', "b": [1.5]}, None])).to_pylist()
    ['{"a":"x\\\\"","b":[1.5]}', 'null']
    >>> json_text(pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int8()))).to_pylist()
    ['{"k":1}']
    """
    array = plain(array)
    if pa.types.is_struct(array.type):
        parts = zip(array.type, array.flatten(), strict=True)
        body = joined([pc.binary_join_element_wise(json.dumps(f.name) + ":", json_text(part), "") for f, part in parts], len(array))
        return bracketed(array, body, "{}")
    if pa.types.is_map(array.type):
        pair = listed(array).flatten().flatten()
        return bracketed(array, gathered(array, pc.binary_join_element_wise(quoted(text(pair[0])[0]), json_text(pair[1]), ":")), "{}")
    if pa.types.is_nested(array.type):
        return bracketed(array, gathered(array, json_text(array.flatten())), "[]")
    texts, kind = text(array)
    return pc.fill_null(texts if kind in (NUMBER, BOOLEAN) else quoted(texts), "null")


def joined(parts: list[pa.Array], count: int) -> pa.Array:
    """Texts side by side with commas."""
    return pc.binary_join_element_wise(*parts, ",") if parts else pa.array([""] * count, pa.string())


def gathered(lists: pa.Array, texts: pa.Array) -> pa.Array:
    """The texts of each list in one, with commas."""
    length = [0 if value is None else value for value in lengths(lists)]
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(np.cumsum([0, *length]), pa.int32()), texts), ",")


def lengths(lists: pa.Array) -> list[int | None]:
    """How many elements each list has."""
    return list(pc.list_value_length(listed(lists)).to_pylist())


def listed(array: pa.Array) -> pa.Array:
    """A map as a list of pairs; a list as it is."""
    if not pa.types.is_map(array.type):
        return array
    return array.cast(pa.list_(pa.struct([("key", array.type.key_type), ("value", array.type.item_type)])))


def bracketed(array: pa.Array, body: pa.Array, signs: str) -> pa.Array:
    """Texts between brackets; null where there is no list or struct."""
    return pc.if_else(array.is_valid(), pc.binary_join_element_wise(signs[0], body, signs[1], ""), "null")


def quoted(texts: pa.Array) -> pa.Array:
    """Texts as JSON strings, each different one written once."""
    coded = texts.dictionary_encode()
    written = pa.array([json.dumps(value, ensure_ascii=False) for value in coded.dictionary.to_pylist()], pa.string())
    return written.take(coded.indices)


def nested(array: pa.Array) -> pa.Array:
    """Lists as JSON text; a missing list is null."""
    return pc.if_else(array.is_valid(), json_text(array), pa.scalar(None, pa.string()))


def _as_string(array: pa.Array) -> pa.Array:
    return array.cast(pa.string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


FORMS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array], int], ...] = (
    (_is_text, words, TEXT),
    (pa.types.is_boolean, _as_string, BOOLEAN),
    (pa.types.is_integer, _as_string, NUMBER),
    (pa.types.is_float16, lambda array: array.cast(pa.float32()).cast(pa.string()), NUMBER),
    (pa.types.is_floating, _as_string, NUMBER),
    (pa.types.is_decimal, decimals, NUMBER),
    (pa.types.is_date, lambda array: array.cast(pa.date32()).cast(pa.string()), DATE),
    (pa.types.is_timestamp, moments, DATE),
    (pa.types.is_time, lambda array: shortened(array.cast(pa.string())), TEXT),
    (pa.types.is_duration, spans, TEXT),
    (pa.types.is_null, lambda array: pa.nulls(len(array), pa.string()), BLANK),
    (_is_bytes, binaries, TEXT),
    (pa.types.is_nested, nested, TEXT),
)
"""How each type is written."""


def about(file: pq.ParquetFile) -> dict[str, Any]:
    """What a file says of itself."""
    kinds = list(leaves(file.schema_arrow))
    if len(kinds) > WIDEST:
        raise Refused(TOO_LARGE)
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    return {
        "names": [name for name, _ in kinds],
        "types": [str(kind) if not pa.types.is_nested(kind) else "nested" for _, kind in kinds],
        "binary": [name for name, kind in kinds if _is_bytes(kind)],
        "rows": file.metadata.num_rows,
        "groups": [[group.num_rows, group.total_byte_size] for group in groups],
    }


def stream(file: pq.ParquetFile, rows: int, out: IO[bytes]) -> None:
    """All rows as text, batch by batch."""
    names = [name for name, _ in leaves(file.schema_arrow)]
    fields = [field for j in range(len(names)) for field in (pa.field(f"t{j}", pa.string()), pa.field(f"k{j}", pa.uint8()))]
    with pa.ipc.new_stream(pa.PythonFile(out, "w"), pa.schema(fields)) as answer:
        for batch in file.iter_batches(batch_size=rows, use_threads=False):
            pairs = [pair for column in batch.columns for leaf in columns(column) for pair in cells(leaf)]
            answer.write_batch(pa.record_batch(pairs, schema=pa.schema(fields)))


def limit(job: dict[str, Any]) -> None:
    """Bound what this process may use; a system without such limits has none here."""
    try:
        import resource
    except ImportError:
        return
    for which, most in ((resource.RLIMIT_AS, job["memory"]), (resource.RLIMIT_CPU, job["cpu"]), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def verdict(error: BaseException) -> int:
    """The exit status for an error.

    Examples
    --------
    >>> verdict(MemoryError()) == TOO_LARGE, verdict(pa.ArrowInvalid("x")) == DAMAGED, verdict(OSError("no decryption")) == LOCKED
    (True, True, True)
    """
    if isinstance(error, Refused):
        return int(error.args[0])
    if isinstance(error, MemoryError | pa.ArrowCapacityError | RecursionError):
        return TOO_LARGE
    if isinstance(error, BrokenPipeError) or getattr(error, "errno", None) == errno.EPIPE:
        return DONE
    if "crypt" in str(error).lower():
        return LOCKED
    if isinstance(error, pa.ArrowNotImplementedError):
        return KIND
    return DAMAGED if isinstance(error, pa.ArrowException | OSError | ValueError) else 1


def main() -> int:
    """Do one job."""
    job = json.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but the answer goes to standard output
    limit(job)
    try:
        with pq.ParquetFile(job["path"], pre_buffer=False, page_checksum_verification=True) as file:
            if job["rows"]:
                stream(file, job["rows"], out)
            else:
                out.write(json.dumps(about(file)).encode())
        out.flush()
    except BaseException as error:  # none of their texts leaves
        return verdict(error)
    return DONE


if __name__ == "__main__":
    sys.meta_path.insert(0, NoPandas())
    os._exit(main())
