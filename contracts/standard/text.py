"""The text of a YAML file: its values with the line of each, and text that YAML 1.1 and 1.2 read alike."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.representer import SafeRepresenter

from contracts.errors import ContractError, Place

LARGEST = 1 << 20
DEEPEST = 40
Path = tuple[str | int, ...]
"""Keys and positions that lead to a value."""
_TAG = "tag:yaml.org,2002:"
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


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
        return f"{shown(path)} (line {self.place(path).line})"

    def refused(self, code: str, path: Path, message: str, *, hint: str | None = None, **more: Any) -> ContractError:
        """An error about a value, with its path and its line."""
        where = f"{shown(path)}: " if path else ""
        return ContractError(code, where + message, place=self.place(path), hint=hint, **more)


def shown(path: Sequence[str | int]) -> str:
    """A path as people write it.

    Examples
    --------
    >>> shown(("schema", 0, "properties", 2, "name"))
    'schema[0].properties[2].name'
    """
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
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
    try:
        _harmless(text, file)
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise _unreadable(
            file, mark.line + 1 if mark else None, "the file is no plain YAML 1.2",
            hint="mend it at this line or just above: `key: value`, the same indent for what belongs together, quotes around : and #",
        ) from None  # fmt: skip
    lines: dict[Path, int] = {}
    return Document(file, None if root is None else _value(root, (), lines, file), lines)


def _harmless(text: str, file: str) -> None:
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else None
            raise _unreadable(file, line, "anchors and aliases are not taken", hint="write the value twice")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise _unreadable(file, None, f"entries lie more than {DEEPEST} levels deep")


def _value(node: Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return dict(_pairs(node, path, lines, file))
    if isinstance(node, SequenceNode):
        return [_value(each, (*path, n), lines, file) for n, each in enumerate(node.value)]
    return _scalar(node, lines[path], file)


def _pairs(node: MappingNode, path: Path, lines: dict[Path, int], file: str) -> Iterator[tuple[str, Any]]:
    seen = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _unreadable(file, line, "a key is one word")
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
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0 if text.lower().startswith(("0x", "0o")) else 10)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").replace(".Inf", "inf").replace(".NaN", "nan"))
    except ValueError:
        raise _unreadable(file, line, "this number cannot be read", hint="write it in quotes if it is text") from None
    if kind in ("str", "timestamp"):
        return text
    raise _unreadable(file, line, "tags are not taken", hint="write a plain value")


def _unreadable(file: str, line: int | None, message: str, hint: str | None = None) -> ContractError:
    return ContractError("ODCS-UNREADABLE", message, place=Place(file=file, line=line), hint=hint)


class _Representer(SafeRepresenter):
    """Texts that any YAML reader takes for something else are quoted."""


def _text(representer: SafeRepresenter, value: str) -> Any:
    plain = re.match(r"[^\W\d_]", value) and value.lower() not in _WORDS and value.isprintable() and value == value.strip()
    return representer.represent_scalar(f"{_TAG}str", value, style=None if plain else '"')


_Representer.add_representer(str, _text)


def write(data: Any) -> str:
    """Values as YAML; what a reader of YAML 1.1 takes for a number, a day or a boolean is in quotes.

    Examples
    --------
    >>> print(write({"version": "1.0", "codes": ["DE", "NO"], "least": 0}), end="")
    version: "1.0"
    codes:
      - DE
      - "NO"
    least: 0
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 130
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
