"""The client's page: one HTML file that opens from disk, asks the network for nothing and runs no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.errors import RunError
from reports import view
from reports.facts import Facts
from reports.words import visible

TEMPLATES = Path(__file__).parent / "templates"
LONGEST = 2000
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of all that follows them, beyond the text that they stand in."""


def page(facts: Facts) -> str:
    """The page of a pack.

    Raises
    ------
    RunError
        THEME-ACCENT where the client's colour is none; PAGE-VALUE where a template asks for something that is no plain value.
    """
    return render("page.html.j2", view.page(facts))


def render(template: str, values: Mapping[str, Any]) -> str:
    """A template with plain values: texts lose control characters and are cut at 2,000 signs; drawings of ours go in as they are.

    Examples
    --------
    >>> "&lt;b&gt;" in render("_note.html.j2", {"text": "<b>"})
    True
    """
    text = _templates().get_template(template).render(_cleaned(values))
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float):
        return value
    raise RunError("PAGE-VALUE", "a template shows something that is no plain value", found=type(value).__name__)


def _cleaned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _cleaned(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(entry) for entry in value]
    return _shown(value) if type(value) is str else value  # a drawing is Markup and stays as it is


def _shown(text: str) -> str:
    text = TURNING.sub("", visible(text[: LONGEST + 1]))
    return text if len(text) <= LONGEST else text[:LONGEST] + "… (shortened here)"
