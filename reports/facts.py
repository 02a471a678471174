"""Everything a pack shows, as plain values: flows fill them, pages and workbooks only format them.

Facts are kept as JSON in the run, so that a pack can be drawn again, for instance after a release. Shares are between 0 and 1;
days are ISO dates as text; a null measure means that it was not or could not be measured. No raw client value belongs here, but
names that the client gave to files, sheets and columns do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from contracts.assumption import Assumption
from contracts.ledger import Ledger
from reports.plain import as_plain, of_plain

if TYPE_CHECKING:
    from contracts.contract import Contract

Outcome = Literal["pass", "fail", "cannot tell"]


@dataclass(frozen=True)
class Client:
    """Whom the pack is for; `accent` is a colour such as ``#1f5f8b``, `currency` an ISO 4217 code."""

    name: str
    title: str
    currency: str | None = None
    accent: str | None = None


@dataclass(frozen=True)
class Product:
    """What was asked."""

    name: str
    title: str
    question: str


@dataclass(frozen=True)
class Status:
    """Where the pack stands; `reason` says why it is held or a draft, or why it was released, `by` whom and `on` which day."""

    word: Literal["READY", "HELD", "DRAFT", "RELEASED"] = "READY"
    reason: str = ""
    by: str | None = None
    on: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The whole pack in one sentence that can be read aloud."""

    outcome: Outcome
    sentence: str


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


@dataclass(frozen=True)
class Filled:
    """One input of the model: its cells by origin, and how the gaps were filled."""

    name: str
    title: str
    meaning: str = ""
    unit: str = ""
    supplied: int = 0
    repaired: int = 0
    derived: int = 0
    looked_up: int = 0
    imputed: int = 0
    absent: int = 0
    how: str = ""


@dataclass(frozen=True)
class Band:
    """A group by rank; `low`, `high` and `mean` are of its scores."""

    name: str
    count: int
    low: float
    high: float
    mean: float


@dataclass(frozen=True)
class Measure:
    """One scored quantity, e.g. ``Probability to leave``. `unit` is ``probability``, ``money`` or a word; one more edge than counts."""

    name: str
    title: str
    unit: str
    count: int
    mean: float
    low: float
    high: float
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    bands: tuple[Band, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class OutputColumn:
    """A column of the scores table. `kind` is a contract's type word: text, whole, real, flag, day, moment."""

    name: str
    title: str
    meaning: str
    unit: str
    kind: str


@dataclass(frozen=True)
class Model:
    """What made the scores. `trained_on` is a sentence; `out_of_fold` when nobody was scored by a model that saw that row's outcome."""

    name: str
    version: str
    trained_on: str
    rows: int | None = None
    out_of_fold: bool = False


@dataclass(frozen=True)
class Accuracy:
    """A measured accuracy with its standard error. `name` is e.g. ``AUC``; `rows` those measured; `sentence` says it plainly."""

    name: str
    value: float
    error: float | None
    rows: int
    sentence: str


@dataclass(frozen=True)
class Drift:
    """Training against input for one input. `psi` or a missing rate is null where it could not be measured."""

    name: str
    title: str
    psi: float | None
    missing_training: float | None
    missing_input: float | None
    outcome: Outcome
    sentence: str = ""


@dataclass(frozen=True)
class Trust:
    """Whether the scores can be relied on. `too_good` is the accuracy with the leak field `leak`, reported and not used."""

    models: tuple[Model, ...]
    accuracy: Accuracy | None = None
    too_good: Accuracy | None = None
    leak: str | None = None
    drift: tuple[Drift, ...] = ()
    drift_judged: bool = False
    drift_sentence: str = ""


@dataclass(frozen=True)
class Gate:
    """An assumption with limits. `unit` is ``share``, ``PSI`` or a word; `limit` holds on the side that `sentence` says."""

    name: str
    title: str
    measured: float | None
    limit: float | None
    unit: str
    outcome: Outcome
    sentence: str


@dataclass(frozen=True)
class Evidence:
    """What this pack was made of. `libraries` are versions by name; `as_of_how` says how the as-of date was chosen."""

    run: str
    code: str
    as_of: str
    as_of_how: str
    connectors: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that a pack shows; `as_dict` and `from_dict` are inverses.

    Examples
    --------
    >>> facts = Facts(
    ...     Client("acme", "Acme"), Product("churn", "Churn", "Who is about to leave?"), Status(), Verdict("pass", "All is well."),
    ...     feeds=(), filled=(), measures=(), columns=(), trust=Trust(()), gates=(), assumptions=(),
    ...     evidence=Evidence("1f3a", "c0de", "2025-06-30", "latest date in the data"),
    ... )
    >>> Facts.from_dict(facts.as_dict()) == facts
    True
    >>> facts.with_status(Status("RELEASED", "checked by phone", "R. Meier", "2025-07-02")).status.word
    'RELEASED'
    """

    client: Client
    product: Product
    status: Status
    verdict: Verdict
    feeds: tuple[Feed, ...]
    filled: tuple[Filled, ...]
    measures: tuple[Measure, ...]
    columns: tuple[OutputColumn, ...]
    trust: Trust
    gates: tuple[Gate, ...]
    assumptions: tuple[Assumption, ...]
    evidence: Evidence
    not_scored: NotScored = NotScored()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        plain: dict[str, Any] = as_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Facts:
        """The inverse of `as_dict`; raises RunError FACTS-SHAPE for anything else."""
        return of_plain(cls, data)

    def with_status(self, status: Status) -> Facts:
        """The same facts under another status."""
        return replace(self, status=status)


def output_columns(contract: Contract) -> tuple[OutputColumn, ...]:
    """The columns of an output contract, in its order.

    Examples
    --------
    >>> from contracts.contract import get
    >>> output_columns(get("scores"))[3].title
    'Score'
    """
    return tuple(OutputColumn(f.name, f.title, f.meaning, f.unit or "", f.type_word) for f in contract.fields.values())
