"""How well scores rank and how true they are as probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Folds = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Bin:
    """Rows of neighbouring scores: how many, their mean score, the share of them with the event."""

    rows: int
    mean_score: float
    rate: float


@dataclass(frozen=True)
class Quality:
    """What is known of a model's scores on labelled rows.

    Parameters
    ----------
    rows, positives : int
        Labelled rows, and those with the event.
    auc, auc_se : float
        Area under the ROC curve, and its standard error after DeLong.
    brier : float
        Mean squared distance of score and outcome; 0 is perfect.
    lift : float
        Rate of the event in the tenth with the highest scores, divided by the overall rate.
    calibration : tuple of Bin
        Ten bins of equal size, lowest scores first.
    fold_auc : tuple of float
        AUC of each fold, where rows were scored out of fold.
    """

    rows: int
    positives: int
    auc: float
    auc_se: float
    brier: float
    lift: float
    calibration: tuple[Bin, ...]
    fold_auc: tuple[float, ...] = ()

    @property
    def rate(self) -> float:
        """Share of rows with the event."""
        return self.positives / self.rows

    @property
    def fold_mean(self) -> float:
        """Mean AUC over the folds."""
        return float(np.mean(self.fold_auc))

    @property
    def fold_se(self) -> float:
        """Standard error of that mean; folds share training rows, so it is a little too small."""
        return float(np.std(self.fold_auc, ddof=1) / np.sqrt(len(self.fold_auc)))

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "calibration": [asdict(b) for b in self.calibration], "fold_auc": list(self.fold_auc)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Quality:
        """The inverse of `as_dict`."""
        return cls(**{**data, "calibration": tuple(Bin(**b) for b in data["calibration"]), "fold_auc": tuple(data["fold_auc"])})


def quality(label: npt.ArrayLike, scores: npt.ArrayLike, folds: Folds | None = None) -> Quality:
    """Everything about scores of labelled rows.

    Examples
    --------
    >>> found = quality([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.8, 0.9])
    >>> round(found.auc, 3), round(found.brier, 3), found.rate
    (0.889, 0.125, 0.5)
    """
    y, s = _pair(label, scores)
    parts = [] if folds is None else [auc(y[folds == fold], s[folds == fold]) for fold in np.unique(folds)]
    return Quality(len(y), int(y.sum()), auc(y, s), auc_se(y, s), brier(y, s), lift(y, s), calibration(y, s), tuple(parts))


def auc(label: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Area under the ROC curve: the chance that a row with the event outranks one without, ties counted half; nan with one class only.

    Examples
    --------
    >>> auc([0, 1, 0, 1], [0.1, 0.4, 0.4, 0.8])
    0.875
    """
    y, s = _pair(label, scores)
    yes = int(y.sum())
    if yes in (0, len(y)):
        return float("nan")
    return float((rankdata(s)[y].sum() - yes * (yes + 1) / 2) / (yes * (len(y) - yes)))


def auc_se(label: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Standard error of the AUC after DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), by ranks; nan below two rows of a class."""
    y, s = _pair(label, scores)
    yes, no = s[y], s[~y]
    if min(len(yes), len(no)) < 2:
        return float("nan")
    ranks = rankdata(s)
    above = (ranks[y] - rankdata(yes)) / len(no)  # share of the others that each row with the event outranks
    below = 1 - (ranks[~y] - rankdata(no)) / len(yes)
    return float(np.sqrt(above.var(ddof=1) / len(yes) + below.var(ddof=1) / len(no)))


def brier(label: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Mean squared distance of score and outcome."""
    y, s = _pair(label, scores)
    return float(np.mean((s - y) ** 2))


def lift(label: npt.ArrayLike, scores: npt.ArrayLike, share: float = 0.1) -> float:
    """Rate of the event among the highest scores, divided by the overall rate; rows that tie at the edge count in proportion.

    Examples
    --------
    >>> lift([1, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    5.0
    """
    y, s = _pair(label, scores)
    if not y.any():
        return float("nan")
    size = max(1, round(len(y) * share))
    edge = np.partition(s, len(s) - size)[len(s) - size]
    higher, tied = s > edge, s == edge
    found = y[higher].sum() + (size - higher.sum()) * y[tied].mean()
    return float(found / size / y.mean())


def calibration(label: npt.ArrayLike, scores: npt.ArrayLike, bins: int = 10) -> tuple[Bin, ...]:
    """Bins of equal size by score, lowest first; equal scores keep the order of their rows."""
    y, s = _pair(label, scores)
    parts = np.array_split(np.argsort(s, kind="stable"), min(bins, len(s)))
    return tuple(Bin(len(p), float(s[p].mean()), float(y[p].mean())) for p in parts)


def _pair(label: npt.ArrayLike, scores: npt.ArrayLike) -> tuple[npt.NDArray[np.bool_], Floats]:
    return np.asarray(label).astype(bool), np.asarray(scores, dtype=np.float64)
