"""Limits of the gates: ours, or a client's own from the policies in ``client.yaml``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from contracts.errors import Place, SettingsError

Number = int | float


@dataclass(frozen=True)
class Limits:
    """What a release may not pass.

    Parameters
    ----------
    pass_rate : float
        At least this share of a feed's rows passes every check.
    quarantine_share : float
        At most this share of them is held back.
    missing_rise : float
        An input may be missing in this much more of the rows than at training, as a difference of two shares.
    psi : float
        At most this population stability index; more where rows are so few that chance alone reaches it.
    fewest_rows : int
        With fewer values on a side, distributions are not compared.
    own : tuple of str
        Which of these a client set.

    Examples
    --------
    >>> limits = Limits().with_policies({"pass_rate": 0.95})
    >>> limits.pass_rate, limits.psi, limits.own
    (0.95, 0.25, ('pass_rate',))
    """

    pass_rate: float = 0.80
    quarantine_share: float = 0.05
    missing_rise: float = 0.20
    psi: float = 0.25
    fewest_rows: int = 100
    own: tuple[str, ...] = ()

    def with_policies(self, policies: Mapping[str, Any], client: str | None = None) -> Limits:
        """The same with a client's own limits.

        Raises
        ------
        SettingsError
            POLICY-UNKNOWN for a key that is no limit, with the closest one; POLICY-VALUE for a value that does not fit.
        """
        place = Place(client=client, file="client.yaml")
        for key, value in policies.items():
            if key not in NAMES:
                raise _unknown(str(key), place)
            if not _fits(key, value):
                raise SettingsError("POLICY-VALUE", f"the policy {key} has a value that does not fit", place=place, expected=EXPECTED[key])
        values: dict[str, Any] = {key: int(value) if key == "fewest_rows" else float(value) for key, value in policies.items()}
        return replace(self, **values, own=tuple(sorted({*self.own, *values})))

    def as_dict(self) -> dict[str, Number]:
        """The five numbers, JSON-able, for keys and manifests."""
        return {name: getattr(self, name) for name in NAMES}

    def note(self, name: str) -> str:
        """What a sentence adds where the limit is the client's.

        Examples
        --------
        >>> Limits(own=("psi",)).note("psi"), Limits().note("psi")
        (' (your own limit)', '')
        """
        return " (your own limit)" if name in self.own else ""


NAMES = tuple(field.name for field in fields(Limits) if field.name != "own")
SHARE = "a share between 0 and 1, such as 0.8"
EXPECTED = dict.fromkeys(NAMES, SHARE) | {"psi": "a number above 0, such as 0.25", "fewest_rows": "a whole number of at least 1"}


def _fits(key: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if key == "fewest_rows":
        return 1 <= value < float("inf") and value == int(value)
    return 0 < value < float("inf") if key == "psi" else 0 <= value <= 1


def _unknown(key: str, place: Place) -> SettingsError:
    near = difflib.get_close_matches(key, NAMES, n=1)
    return SettingsError(
        "POLICY-UNKNOWN", "there is no such policy", place=place, found=key, expected=", ".join(NAMES),
        hint=f"did you mean {near[0]}?" if near else "remove it from `policies:`",
    )  # fmt: skip
