"""What can go wrong, by who must act.

::

    MillraceError
    ├── ContractError    a contract is written wrongly           the author of the contract
    ├── SourceError      a file cannot be read                   the sender of the file
    ├── ColumnsError     columns do not match the connector      the sender, or the connector's author
    ├── RowsError        rows or a whole field fail              the sender of the file
    ├── SettingsError    a setting, a name or a YAML is wrong    the user
    ├── ModelError       a model is missing, damaged, refused    whoever trains
    ├── RunError         a run cannot be kept or published       the operator
    ├── StepFailed       a step of a pipeline failed             see its code
    └── StepsFailed      several mapped steps failed             see their codes

Every error has a stable code, says what is wrong and where, what was found and expected, and the next step.
None holds a raw client value: a text is quoted by its shape only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where something is, as the client sees it.

    Examples
    --------
    >>> str(Place(client="acme", file="x.csv", line=7))
    'client acme, file x.csv, line 7'
    """

    client: str | None = None
    feed: str | None = None
    file: str | None = None
    sheet: str | None = None
    record: int | None = None
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        return ", ".join(f"{f.name} {getattr(self, f.name)}" for f in fields(self) if getattr(self, f.name) is not None)


class MillraceError(Exception):
    """An error that a person can act upon.

    Parameters
    ----------
    code : str
        Stable, upper case with dashes.
    message : str
        What is wrong, one sentence, no client value.
    place : Place
        Where.
    found, expected : str, optional
        What was met and what should have been there.
    hint : str, optional
        The next step.
    details : sequence of str
        Further lines, such as a difference line by line.

    Examples
    --------
    >>> error = SourceError("SOURCE-EMPTY", "the file is empty", place=Place(file="a.csv"), hint="ask for it again")
    >>> print("\\n".join(error.lines()))
    SOURCE-EMPTY: the file is empty
      where: file a.csv
      next: ask for it again
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        place: Place | None = None,
        found: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
        details: Sequence[str] = (),
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.place = place or Place()
        self.found = found
        self.expected = expected
        self.hint = hint
        self.details = tuple(details)

    def __reduce__(self) -> tuple[Any, ...]:
        rest = {k: getattr(self, k) for k in ("place", "found", "expected", "hint", "details")}
        return (_rebuild, (type(self), self.code, self.message, rest))

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def lines(self) -> list[str]:
        """The error as lines for a terminal or a log."""
        pairs = [("where", str(self.place)), ("found", self.found), ("expected", self.expected)]
        body = [f"  {name}: {text}" for name, text in pairs if text]
        body += [f"  {line}" for line in self.details]
        return [str(self), *body, *([f"  next: {self.hint}"] if self.hint else [])]

    def as_dict(self) -> dict[str, Any]:
        """The error as JSON-able values."""
        place = {k: v for k, v in asdict(self.place).items() if v is not None}
        pairs = {"code": self.code, "message": self.message, "place": place, "found": self.found, "expected": self.expected}
        return {k: v for k, v in {**pairs, "details": list(self.details), "hint": self.hint}.items() if v}


def _rebuild(kind: type[MillraceError], code: str, message: str, rest: dict[str, Any]) -> MillraceError:
    error = kind.__new__(kind)
    MillraceError.__init__(error, code, message, **rest)
    return error


class ContractError(MillraceError):
    """A contract is written wrongly."""


class SourceError(MillraceError):
    """A file cannot be read."""


class ColumnsError(MillraceError):
    """The columns do not match the connector."""


class RowsError(MillraceError):
    """Rows, or a whole field, fail."""


class SettingsError(MillraceError):
    """A setting, a name or a configuration file is wrong."""


class ModelError(MillraceError):
    """A model is missing, damaged or refused."""


class RunError(MillraceError):
    """A run cannot be kept or published."""


class StepFailed(MillraceError):
    """A step failed; foreign exceptions appear by their class only.

    Examples
    --------
    >>> StepFailed("ValueError", "parse part", "part 3").lines()[0]
    'ValueError: the step «parse part» failed at part 3'
    """

    def __init__(self, code: str, step: str, item: str = "") -> None:
        super().__init__(code, f"the step «{step}» failed" + (f" at {item}" if item else ""))
        self.step = step
        self.item = item

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.code, self.step, self.item))


class StepsFailed(MillraceError):
    """Several mapped steps failed; all others were finished first."""

    def __init__(self, errors: Sequence[MillraceError]) -> None:
        super().__init__("STEPS-FAILED", f"{len(errors)} steps failed", details=[line for e in errors for line in e.lines()])
        self.errors = tuple(errors)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.errors,))


def shape(text: str, limit: int = 24) -> str:
    """The shape of a text: letters as A or a, digits as 9, runs cut, signs kept.

    Examples
    --------
    >>> shape("Müller-77"), shape("31.02.1980"), shape("12345678")
    ('Aaa-99', '99.99.999', '999')
    """
    rough = "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else " " if c.isspace() else c for c in text[:200])
    short = re.sub(r"(.)\1{3,}", r"\1\1\1", re.sub(r"a{3,}", "aa", rough))
    short = short.replace("\x00", "␀")
    return short if len(short) <= limit else short[: limit - 1] + "…"
