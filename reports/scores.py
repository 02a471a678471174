"""What a pack shows of the scores: the model's inputs and how they were filled, the scored quantities, the columns of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.feed import Reason

if TYPE_CHECKING:
    from contracts.contract import Contract


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


def output_columns(contract: Contract) -> tuple[OutputColumn, ...]:
    """The columns of an output contract, in its order.

    Examples
    --------
    >>> from contracts.contract import get
    >>> output_columns(get("scores"))[3].title
    'Score'
    """
    return tuple(OutputColumn(f.name, f.title, f.meaning, f.unit or "", f.type_word) for f in contract.fields.values())
