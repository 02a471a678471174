"""What a pack shows of a feed's submission: its files, how they were read, its columns, faults and rows without a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.ledger import Ledger


@dataclass(frozen=True)
class Decision:
    """How a file was read: `title` (encoding, delimiter, ...), `value` in words, and the evidence; `given` by the connector or found."""

    title: str
    value: str
    evidence: str = ""
    given: bool = False


@dataclass(frozen=True)
class SourceFile:
    """One file as it arrived. `totals` are totals rows met, `preamble_lines` the lines before the header."""

    name: str
    sha256: str
    size: int
    kind: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    preamble_lines: int = 0
    totals: int = 0
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of the client that feeds a field: `headers` joined with ``+`` where several do."""

    header: str
    field: str


@dataclass(frozen=True)
class Fault:
    """Cells or rows that broke one rule: `sentence` in plain words; `done` says what followed (row not scored, cell left blank, kept)."""

    field: str
    sentence: str
    count: int
    done: str


@dataclass(frozen=True)
class Feed:
    """One feed's submission. `absent` are titles of fields that the product would use and the file does not have.

    `quarantine_words` says the ledger's reasons for quarantine in plain words.
    """

    name: str
    title: str
    contract: str
    connector: str
    submission: str
    files: tuple[SourceFile, ...]
    ledger: Ledger
    columns: tuple[Column, ...] = ()
    unused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    age_days: int | None = None
    connector_draft: bool = False
    quarantine_words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """A reason in plain words and how often it holds."""

    text: str
    count: int


@dataclass(frozen=True)
class NotScored:
    """Rows that have no score; the rows themselves are in the table given to the workbook (`reports.workbook`)."""

    count: int = 0
    reasons: tuple[Reason, ...] = ()
