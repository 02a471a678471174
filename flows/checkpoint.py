"""Kept steps: a step's files and result beside the unfinished run, good only for the same arguments and the same bytes.

A folder ``<title>-<label>`` holds ``files/`` and, written last, ``done.json`` with the result and the hash of every file. A step whose
``done.json`` names the same arguments and whose files have the same hashes is not done again; in any other case it starts from nothing.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from contracts.digest import sha256_bytes, sha256_json
from contracts.errors import RunError
from flows.disk import FileEntry, describe, erase, make_private, read_json, settle, write_json

DONE = "done.json"
_log = logging.getLogger("millrace.checkpoint")


@dataclass(frozen=True)
class Kept:
    """A kept step that is done; it has a label and can be the item of the next step.

    Parameters
    ----------
    label : str
        Label of the item it was done for.
    out : Path
        The folder with its files.
    result : Any
        What the step returned, in its JSON form.
    files : mapping of str to FileEntry
        Every file below `out`.
    digest : str
        Hash over result and files; stands for this outcome in the arguments of later steps.
    """

    label: str
    out: Path
    result: Any
    files: Mapping[str, FileEntry]
    digest: str

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


def folder_of(steps: Path, title: str, label: str) -> Path:
    """Where a step is kept; different titles and labels never share a folder.

    Examples
    --------
    >>> folder_of(Path("s"), "parse part", "part 3").as_posix()
    's/parse-part--part-3'
    """
    words = [text for text in (title, label) if text]
    slugs = [re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] for text in words]
    exact = slugs == [text.replace(" ", "-") for text in words] and not any("-" in text for text in words)
    return steps / ("--".join(slugs) + ("" if exact else f"--{sha256_json([title, label])[:8]}"))


def keep(function: Callable[..., Any], title: str, label: str, steps: Path | None, item: Any, rest: tuple[Any, ...]) -> Kept:
    """Do a step in its own folder, or take what is kept there.

    Raises
    ------
    RunError
        STEP-FOLDER without a folder, STEP-KEY for an argument that cannot be compared, STEP-RESULT for a result that is no JSON.
    """
    if steps is None:
        raise RunError("STEP-FOLDER", f"the step «{title}» keeps files and needs a run", hint="use conduct.at(run.steps)")
    folder = folder_of(steps, title, label)
    key = sha256_json([title, function.__module__, function.__qualname__, _comparable(item, steps), _comparable(rest, steps)])
    return _found(folder, key, label) or _done(function, folder, key, label, item, rest)


def _found(folder: Path, key: str, label: str) -> Kept | None:
    done = folder / DONE
    if not done.is_file():
        return None
    try:
        data = read_json(done)
        files = {name: FileEntry(**entry) for name, entry in data["files"].items()}
        sound = data["key"] == key and describe(folder / "files") == files and data["digest"] == _digest(data["result"], files)
    except (ValueError, KeyError, TypeError, AttributeError):  # whatever is written there, it is not ours any more
        sound = False
    if not sound:
        _log.warning("the kept step %s does not match its record and is done again", folder.name)
        return None
    return Kept(label, folder / "files", data["result"], files, data["digest"])


def _done(function: Callable[..., Any], folder: Path, key: str, label: str, item: Any, rest: tuple[Any, ...]) -> Kept:
    erase(folder)
    out = make_private(folder / "files")
    try:
        result = function(item, out, *rest)
        settle(out)
        files = describe(out)
        result = _json_form(result)
        digest = _digest(result, files)
        record = {"key": key, "result": result, "files": {n: e.as_dict() for n, e in files.items()}, "digest": digest}
        write_json(folder / DONE, record, ordered=True)  # what is read back must be what was returned, to the order of its keys
    except BaseException:
        erase(folder)  # an unfinished step leaves no client data behind
        raise
    return Kept(label, out, result, files, digest)


def _digest(result: Any, files: Mapping[str, FileEntry]) -> str:
    return sha256_json([result, {name: entry.sha256 for name, entry in files.items()}])


def _json_form(result: Any) -> Any:
    try:
        return json.loads(json.dumps(result, allow_nan=False))
    except (TypeError, ValueError):
        pass
    raise RunError("STEP-RESULT", "a kept step returned something that is not JSON", hint="return counts and names; write data to files")


def _comparable(value: Any, steps: Path) -> Any:
    """A JSON value that is equal for equal arguments, on every machine and in every process."""
    match value:
        case None | bool() | int() | str():
            return str(value) if isinstance(value, Enum) else value
        case float():
            return value if math.isfinite(value) else repr(value)
        case bytes():
            return {"bytes": sha256_bytes(value)}
        case Kept():
            return {"kept": value.digest, "label": value.label}
        case Path():
            place = value.relative_to(steps).as_posix() if value.is_relative_to(steps) else str(value)
            return {"path": os.fsencode(place).decode("utf-8", "backslashreplace")}  # a name may be no UTF-8
        case date():
            return {"moment": value.isoformat()}
        case Enum():
            return str(value)
        case list() | tuple():
            return [_comparable(each, steps) for each in value]
        case set() | frozenset():
            return {"set": sorted(sha256_json(_comparable(each, steps)) for each in value)}
        case Mapping():
            return {"mapping": [[_comparable(k, steps), _comparable(v, steps)] for k, v in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__qualname__: {f.name: _comparable(getattr(value, f.name), steps) for f in fields(value)}}
    if type(value).__module__ == "pyarrow.lib" and not hasattr(value, "__len__"):  # an Arrow type, without importing Arrow for it
        return {"arrow": str(value)}
    if hasattr(value, "model_dump") and not isinstance(value, type):
        return {type(value).__qualname__: value.model_dump(mode="json")}
    raise RunError(
        "STEP-KEY", "an argument of a kept step cannot be compared with an earlier one", found=type(value).__name__,
        expected="numbers, texts, dates, paths, dataclasses, pydantic models and collections of them",
    )  # fmt: skip
