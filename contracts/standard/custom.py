"""Custom properties of ours: what the standard has no word for, read as the kind that each is, and refused where it is of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from open_data_contract_standard.model import CustomProperty
from rapidfuzz import process

from contracts.errors import ContractError
from contracts.standard.text import Document, Path

ENGINE = "millrace"
"""Engine and vendor of what only we understand."""
CONTRACT = ("direction", "duplicates", "repeats", "history")
FIELD = ("role", "onBad", "tolerated", "tolerances", "unit", "currency", "present", "extension")
SHARE = ("tolerated",)


@dataclass(frozen=True)
class Custom:
    """Custom properties that are ours, of one part of a document.

    Parameters
    ----------
    values : dict of str to object
    places : dict of str to path
        Where each value stands.
    document : Document
    """

    values: dict[str, Any]
    places: dict[str, Path]
    document: Document

    def text(self, name: str) -> str | None:
        """A text; a number is one too.

        Raises
        ------
        ContractError
            ODCS-INVALID, as of all that follow.
        """
        value = self.values.get(name)
        if isinstance(value, list | dict | bool):
            raise self.refused(name, "a text")
        return None if value is None else str(value)

    def flag(self, name: str, usual: bool = False) -> bool:
        """True or false."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.refused(name, "true or false")
        return usual if value is None else value

    def word(self, name: str, known: Sequence[str], usual: str) -> Any:
        """One of some words."""
        value = self.values.get(name)
        if value is not None and value not in known:
            raise self.refused(name, ", ".join(known))
        return usual if value is None else value

    def share(self, name: str, usual: float | None = None) -> Any:
        """A share of rows; `usual` where nothing is said."""
        value = self.values.get(name)
        if value is not None and not is_share(value):
            raise self.refused(name, "a number from 0 to 1")
        return usual if value is None else float(value)

    def shares(self, name: str) -> tuple[tuple[str, float], ...]:
        """Shares by the names of rules."""
        value = self.values.get(name)
        if value is not None and not (isinstance(value, dict) and all(map(is_share, value.values()))):
            raise self.refused(name, "names of rules, each with a number from 0 to 1")
        return tuple((str(rule), float(share)) for rule, share in (value or {}).items())

    def refused(self, name: str, expected: str) -> ContractError:
        """An error about one of them."""
        return self.document.refused("ODCS-INVALID", self.places[name], f"{name} has no such value", expected=expected)


def is_share(value: Any) -> bool:
    """Whether a value is a share of rows.

    Examples
    --------
    >>> is_share(0.5), is_share(1), is_share(True), is_share("0.5")
    (True, True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def ours(properties: Sequence[CustomProperty] | None, known: Sequence[str], document: Document, path: Path) -> Custom:
    """Custom properties that are ours.

    Parameters
    ----------
    properties : sequence of CustomProperty, optional
    known : sequence of str
        Those that may be there.
    document : Document
    path : path
        Of the part that has the list ``customProperties``.

    Raises
    ------
    ContractError
        ODCS-INVALID for one that is not known, or that is there twice.

    Examples
    --------
    >>> from contracts.standard.text import Document
    >>> said = [CustomProperty(property="role", value="key", vendor="millrace"), CustomProperty(property="role", value="owner")]
    >>> ours(said, FIELD, Document("x.yaml", {}, {}), ()).values
    {'role': 'key'}
    """
    values: dict[str, Any] = {}
    places: dict[str, Path] = {}
    for n, one in enumerate(properties or ()):
        name, place = str(one.property), (*path, "customProperties", n)
        if one.vendor != ENGINE:
            continue
        if name not in known:
            near = process.extractOne(name, known, score_cutoff=60)
            hint = f"did you mean {near[0]!r}?" if near else "leave it out, or leave out its vendor"
            raise document.refused(
                "ODCS-INVALID", place, f"{name[:40]!r} is no property of {ENGINE} here", expected=", ".join(known), hint=hint
            )
        if name in values:
            raise document.refused("ODCS-INVALID", place, f"{name} is there twice", hint="keep one of them")
        values[name], places[name] = one.value, place
    return Custom(values, places, document)
