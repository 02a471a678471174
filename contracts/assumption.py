"""What a step takes for true, with its evidence and a verdict."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["held", "refuted", "untested"]


@dataclass(frozen=True)
class Assumption:
    """One assumption.

    Parameters
    ----------
    step : str
        Which step makes it, e.g. ``"parse customers"``.
    statement : str
        A sentence a customer-success person can read; no client value.
    evidence : mapping
        Measured quantities, JSON-able.
    verdict : {"held", "refuted", "untested"}
        Untested unless something was measured.

    Examples
    --------
    >>> Assumption("read", "days come before months", {"cells with a day above 12": 211}, "held").verdict
    'held'
    """

    step: str
    statement: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    verdict: Verdict = "untested"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Assumption:
        """The inverse of `as_dict`."""
        return cls(data["step"], data["statement"], dict(data["evidence"]), data["verdict"])


def write_assumptions(assumptions: Iterable[Assumption], path: Path) -> None:
    """One JSON list, in the order given."""
    path.write_text(json.dumps([a.as_dict() for a in assumptions], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_assumptions(path: Path) -> list[Assumption]:
    """The inverse of `write_assumptions`."""
    return [Assumption.from_dict(a) for a in json.loads(path.read_text(encoding="utf-8"))]
