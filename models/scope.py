"""Data scope: whose rows taught a model, and for whom it may be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.errors import ModelError, Place

HOUSE = "house"
"""Owner of reference rows that belong to no client."""


@dataclass(frozen=True)
class Scope:
    """Whose rows these are and for whom they may be used.

    Parameters
    ----------
    owner : str
        The client whose rows they are.
    allowed : tuple of str
        Other clients that they may be used for.

    Examples
    --------
    >>> Scope("telco", ("bank",)).allows("bank"), Scope("telco").allows("bank")
    (True, False)
    """

    owner: str
    allowed: tuple[str, ...] = ()

    def allows(self, client: str) -> bool:
        """Whether they may be used for a client."""
        return client == self.owner or client in self.allowed

    def check(self, client: str, what: str) -> None:
        """Refuse a client that is not allowed.

        Raises
        ------
        ModelError
            MODEL-SCOPE.
        """
        if not self.allows(client):
            raise ModelError(
                "MODEL-SCOPE", f"{what} may not be used for this client", place=Place(client=client),
                expected=", ".join(sorted({self.owner, *self.allowed})), hint="train on rows that may be used for this client",
            )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"owner": self.owner, "allowed": sorted(self.allowed)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scope:
        """The inverse of `as_dict`."""
        return cls(data["owner"], tuple(data["allowed"]))
