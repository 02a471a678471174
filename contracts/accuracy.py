"""How good scores are, and by how much that changes: figures with their standard errors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Accuracy:
    """How good scores of rows are that no model had seen: AUC and Brier score, each with its standard error.

    Examples
    --------
    >>> Accuracy(0.55, 0.02, 0.2, 0.01).chance, Accuracy(0.61, 0.02, 0.2, 0.01).chance
    (True, False)
    """

    auc: float
    auc_se: float
    brier: float
    brier_se: float

    @property
    def chance(self) -> bool:
        """Whether the AUC cannot be told from that of a throw of dice, or is below it: within three standard errors of a half."""
        return self.auc - 3 * self.auc_se <= 0.5


@dataclass(frozen=True)
class Shift:
    """A difference of two AUCs on the same rows, and its standard error.

    Examples
    --------
    >>> Shift(-0.11, 0.01).clear, Shift(0.02, 0.01).clear
    (True, False)
    """

    auc: float
    se: float

    @property
    def clear(self) -> bool:
        """Whether it is more than three standard errors: several things are tried at once, and a model trained again is another one."""
        return abs(self.auc) > 3 * self.se
