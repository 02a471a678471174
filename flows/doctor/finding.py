"""One thing that the doctor looked at, and whether all is well."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
        Stable, for `--json`.
    state : {"ok", "missing", "wrong"}
        `missing` costs something that is said; `wrong` must be mended before a run can be trusted.
    text : str
        What was found, and what it costs.
    remedy : str
        The next step; empty when all is well.
    """

    name: str
    state: Literal["ok", "missing", "wrong"]
    text: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing is wrong; missing things do not count."""
    return all(finding.state != "wrong" for finding in findings)
