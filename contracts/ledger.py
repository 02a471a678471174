"""The account of every record: accepted, quarantined or set aside, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.errors import Place, RunError

SET_ASIDE = ("preamble", "header", "repeated_header", "total", "blank", "duplicate", "footer", "other_table")
"""Reasons for setting a record aside. The list is closed."""


@dataclass(frozen=True)
class Ledger:
    """Counts of records; each record of the input is counted exactly once.

    Parameters
    ----------
    accepted : int
        Rows in the accepted table.
    quarantined : mapping of str to int
        Rows held back, by their first reason.
    set_aside : mapping of str to int
        Records that are no rows, by a reason of `SET_ASIDE`.

    Examples
    --------
    >>> a = Ledger(8, {"birth_date:date": 1}, {"header": 1})
    >>> (a + a).records
    20
    """

    accepted: int = 0
    quarantined: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """All physical records."""
        return self.accepted + self.rows_quarantined + self.rows_set_aside

    @property
    def rows_quarantined(self) -> int:
        """Rows held back."""
        return sum(self.quarantined.values())

    @property
    def rows_set_aside(self) -> int:
        """Records that are no rows."""
        return sum(self.set_aside.values())

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(
            self.accepted + other.accepted, _sum(self.quarantined, other.quarantined), _sum(self.set_aside, other.set_aside)
        )

    def check(self, records: int, place: Place | None = None) -> None:
        """Compare with the number of records that the reader met.

        Raises
        ------
        RunError
            LEDGER-UNBALANCED, or LEDGER-REASON for a reason outside the closed list.
        """
        unknown = set(self.set_aside) - set(SET_ASIDE)
        if unknown:
            raise RunError("LEDGER-REASON", f"unknown reasons for setting aside: {sorted(unknown)}", place=place)
        if self.records != records:
            raise RunError(
                "LEDGER-UNBALANCED", "the ledger does not account for every record", place=place,
                found=f"{self.records} accounted for", expected=f"{records} records read",
                hint="this is a fault of Millrace, not of the file: please report it with the run's id",
            )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, sorted."""
        return {
            "records": self.records,
            "accepted": self.accepted,
            "quarantined": dict(sorted(self.quarantined.items())),
            "set_aside": dict(sorted(self.set_aside.items())),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ledger:
        """The inverse of `as_dict`."""
        return cls(int(data["accepted"]), dict(data["quarantined"]), dict(data["set_aside"]))


def _sum(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(left) + Counter(right))
