"""How the known damages of a rehearsal ended: repaired, flagged, harmless, or silently wrong; and what was harmed that was sound.

- harmless: the accepted value is the truth and counts as supplied; only the form of the text was hurt.
- repaired: the accepted value is the truth and its origin says repaired; a record that is no row was set aside.
- flagged: the row is in quarantine, or the cell became null, or a failure names it.
- wrong: another value was accepted and nothing says so, or the record is nowhere.
- unread: the connector does not take the column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.rehearsal.damage import KINDS

OUTCOMES = ("harmless", "repaired", "flagged", "unread", "wrong")
"""From best to worst; a damage of several cells counts by its worst."""


@dataclass(frozen=True)
class KindVerdict:
    """How the damages of one kind ended."""

    kind: str
    betrayed: bool
    damages: int
    harmless: int
    repaired: int
    flagged: int
    unread: int
    wrong: int


@dataclass(frozen=True)
class Verdicts:
    """How all damages ended, and what was harmed.

    Parameters
    ----------
    kinds : tuple of KindVerdict
        Kinds that occur, in the order of `damage.KINDS`.
    harmed_cells : dict
        Accepted cells that differ from the truth though nothing had hurt them, by field.
    harmed_rows : int
        Sound rows that were not accepted.
    wrong_at : tuple of (str, str, int)
        Kind, file and line of the silently wrong damages that the files betray.
    """

    kinds: tuple[KindVerdict, ...]
    harmed_cells: Mapping[str, int]
    harmed_rows: int
    wrong_at: tuple[tuple[str, str, int], ...] = ()

    def count(self, outcome: str, betrayed: bool = True) -> int:
        """Damages of an outcome (or ``"damages"`` for all) that the files betray, or do not."""
        return sum(getattr(kind, outcome) for kind in self.kinds if kind.betrayed is betrayed)

    @property
    def sentence(self) -> str:
        """The line for people."""
        good = self.count("repaired") + self.count("harmless")
        hidden = self.count("damages", betrayed=False)
        return (
            f"repaired {good:,} of {self.count('damages'):,} known damages, flagged {self.count('flagged'):,}, "
            f"silently wrong {self.count('wrong')} (and {hidden} that the files do not betray)"
        )


def together(every: Iterable[Verdicts]) -> Verdicts:
    """Verdicts on several submissions, added up."""
    counts: dict[str, Counter[str]] = {}
    cells: Counter[str] = Counter()
    rows = 0
    places: list[tuple[str, str, int]] = []
    for one in every:
        for kind in one.kinds:
            counts.setdefault(kind.kind, Counter()).update({word: getattr(kind, word) for word in ("damages", *OUTCOMES)})
        cells.update(one.harmed_cells)
        rows += one.harmed_rows
        places += one.wrong_at
    kinds = tuple(KindVerdict(kind.name, kind.betrayed, **counts[kind.name]) for kind in KINDS if kind.name in counts)
    return Verdicts(kinds, dict(cells), rows, tuple(places))
