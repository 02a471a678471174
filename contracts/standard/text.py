"""The text of a YAML file: its values with the line of each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from contracts.errors import ContractError, Place

LARGEST = 1 << 20
DEEPEST = 40
MOST = 100_000
"""Entries of a document."""
Path = tuple[str | int, ...]
"""Keys and positions that lead to a value."""
_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset({"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge"})
MEND = "correct it in this file"


@dataclass(frozen=True)
class Document:
    """A YAML file as plain values, and where each stands.

    Parameters
    ----------
    file : str
        Its name, for messages.
    data : object
        Mappings, lists, texts, numbers, booleans and null; days stay text.
    lines : dict of path to int
        Line of each value, from 1.
    """

    file: str
    data: Any
    lines: dict[Path, int]

    def place(self, path: Path) -> Place:
        """Where a value stands, or what is nearest to it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return Place(file=self.file, line=self.lines[path[:end]])
        return Place(file=self.file)

    def at(self, path: Path) -> str:
        """A value's place as text, for a note.

        Examples
        --------
        >>> read("a: [1, 2]", "x.yaml").at(("a", 1))
        'a[1] (line 1)'
        """
        return f"{self.shown(path)} (line {self.place(path).line})"

    def shown(self, path: Path) -> str:
        """A path as people write it, with the names of tables and fields in place of their positions.

        Examples
        --------
        >>> read("schema: [{name: orders}]", "x.yaml").shown(("schema", 0, "name"))
        'schema[orders].name'
        """
        here, steps = self.data, list[str | int]()
        for step in path:
            here = _inner(here, step)
            name = here.get("name") if isinstance(step, int) and isinstance(here, dict) else None
            steps.append(f"[{name[:40]}]" if isinstance(name, str) and name else step)
        return shown(steps)

    def refused(self, code: str, path: Path, message: str, *, hint: str = MEND, **more: Any) -> ContractError:
        """An error about a value, with its path and its line."""
        where = f"{self.shown(path)}: " if path else ""
        return ContractError(code, where + message, place=self.place(path), hint=hint, **more)


def _inner(data: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return data[step] if isinstance(data, list) and step < len(data) else None
    return data.get(step) if isinstance(data, dict) else None


def shown(path: Sequence[str | int]) -> str:
    """A path as people write it.

    Examples
    --------
    >>> shown(("schema", 0, "properties", 2, "name"))
    'schema[0].properties[2].name'
    """
    parts = [f"[{step}]" if isinstance(step, int) else step if step.startswith("[") else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def read(text: str, file: str) -> Document:
    """The values of a YAML file.

    Raises
    ------
    ContractError
        ODCS-UNREADABLE with the line: no YAML, a key twice, anchors and aliases, unknown tags, too large, too deep.

    Examples
    --------
    >>> document = read("version: 1.0.0\\nname: NO\\n", "x.yaml")
    >>> document.data, document.lines["name",]
    ({'version': '1.0.0', 'name': 'NO'}, 2)
    """
    if len(text) > LARGEST:
        raise _unreadable(file, None, "the file is too large for a contract", hint=f"a contract has at most {LARGEST >> 10} KiB")
    if (said := re.search(r"^%YAML\s+(\S+)", text, re.MULTILINE)) and said[1] != "1.2":
        line = text.count("\n", 0, said.start()) + 1
        raise _unreadable(file, line, "the file says that it is of another YAML than 1.2", hint="leave out this line, and put NO in quotes")
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        raise _unreadable(file, None, f"entries lie more than {DEEPEST} levels deep", hint="write them less deep") from None
    except (YAMLError, ValueError, AssertionError) as error:
        raise _refused(error, text, file) from None
    lines: dict[Path, int] = {}
    return Document(file, None if root is None else _value(root, (), lines, file), lines)


def _refused(error: Exception, text: str, file: str) -> ContractError:
    """What keeps a text from being YAML, in words."""
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, int(error.position)) + 1
        return _unreadable(file, line, "the file holds a character that no text holds", hint="save it as UTF-8, without control characters")
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    at = mark.line + 1 if mark else None
    said = f"{error.context} {error.problem}" if isinstance(error, MarkedYAMLError) else ""
    for sign, message, hint in (
        ("single document", "the file holds several documents", "make a file of each: a line --- begins another document"),
        ("alias", "anchors and aliases are not taken", "write the value twice"),
        ("'\\t'", "the file is no plain YAML 1.2", "put spaces in place of tabulators at the beginning of this line"),
    ):
        if sign in said:
            return _unreadable(file, at, message, hint=hint)
    return _unreadable(
        file, at, "the file is no plain YAML 1.2",
        hint="mend it at this line or just above: `key: value`, the same indent for what belongs together, quotes around : and #",
    )  # fmt: skip


def _value(node: Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    _harmless(node, path, lines, file)
    if isinstance(node, MappingNode):
        return dict(_pairs(node, path, lines, file))
    if isinstance(node, SequenceNode):
        return [_value(each, (*path, n), lines, file) for n, each in enumerate(node.value)]
    return _scalar(node, lines[path], file)


def _harmless(node: Node, path: Path, lines: dict[Path, int], file: str) -> None:
    """Refuse what makes much of little, and what has a meaning of its own: looked at before a value is taken, so nothing is repeated."""
    if node.anchor:
        raise _unreadable(file, lines[path], "anchors and aliases are not taken", hint="write the value twice")
    if len(path) > DEEPEST:
        raise _unreadable(file, lines[path], f"entries lie more than {DEEPEST} levels deep", hint="write them less deep")
    if len(lines) > MOST:
        raise _unreadable(file, lines[path], f"the file has more than {MOST:,} entries", hint="make several contracts of it")
    if str(node.tag).removeprefix(_TAG) not in _TAGS:
        raise _unreadable(file, lines[path], "tags are not taken", hint="write a plain value")


def _pairs(node: MappingNode, path: Path, lines: dict[Path, int], file: str) -> Iterator[tuple[str, Any]]:
    seen = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _unreadable(file, line, "a key is one word", hint="write `key: value`")
        name = str(key.value)
        if name in seen:
            raise _unreadable(file, line, f"the key {name[:40]!r} is there twice", hint="keep one of them")
        seen.add(name)
        found = _value(value, (*path, name), lines, file)
        lines[(*path, name)] = line
        yield name, found


def _scalar(node: Node, line: int, file: str) -> Any:
    kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind in ("str", "timestamp"):
        return text
    try:
        found = _number(text) if kind in ("int", "float") else None
    except ValueError:
        found = None
    if found is None or (isinstance(found, float) and not math.isfinite(found)):  # neither JSON nor the standard has such numbers
        raise _unreadable(file, line, "this value cannot be read", hint="write it in quotes if it is text")
    return found


def _number(text: str) -> float:
    plain = text.replace("_", "").lower()
    if plain.startswith(("0x", "0o")):
        return int(plain, 0)
    return int(plain) if re.fullmatch(r"[+-]?\d+", plain) else float(plain)


def _unreadable(file: str, line: int | None, message: str, hint: str) -> ContractError:
    return ContractError("ODCS-UNREADABLE", message, place=Place(file=file, line=line), hint=hint)
