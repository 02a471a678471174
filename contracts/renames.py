"""Renames: which removed field is probably an added one under another name."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.fields import Field

ENOUGH = 0.5
"""Likeness from which two fields are taken for one: half of their synonyms, or a name that is a synonym of the other."""


def renames(gone: Mapping[str, Field], fresh: Mapping[str, Field]) -> dict[str, str]:
    """New names of removed fields, the likeliest first; each field is used once.

    Examples
    --------
    >>> import pyarrow as pa
    >>> zipped = Field("zip", "Zip", "Postal code.", pa.string(), synonyms=("postcode",))
    >>> renames({"zip": zipped}, {"postcode": Field("postcode", "Postcode", "Code of the post.", pa.string())})
    {'zip': 'postcode'}
    """
    ranked = sorted(((likeness(a, b), a.name, b.name) for a in gone.values() for b in fresh.values()), key=lambda one: (-one[0], one[1:]))
    found: dict[str, str] = {}
    for like, old, new in ranked:
        if like >= ENOUGH and old not in found and new not in found.values():
            found[old] = new
    return found


def likeness(one: Field, other: Field) -> float:
    """How probably two fields are one, 0 to 1: by their meaning, and by the names that they share.

    Examples
    --------
    >>> import pyarrow as pa
    >>> a, b = Field("a", "A", "Age.", pa.int64()), Field("b", "B", "Age.", pa.int64())
    >>> likeness(a, b), likeness(a, Field("c", "C", "City.", pa.string()))
    (1.0, 0.0)
    """
    if _plain(one.meaning) == _plain(other.meaning) and one.type.equals(other.type):
        return 1.0
    names = [{_plain(name) for name in (field.name, field.title, *field.synonyms)} for field in (one, other)]
    if _plain(one.name) in names[1] or _plain(other.name) in names[0]:
        return 0.9
    return len(names[0] & names[1]) / min(len(names[0]), len(names[1]))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split()).rstrip(".")
