"""A fitted estimator as bytes and back, by skops: only types of our own list are built, never a pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sklearn.utils

from contracts.errors import ModelError
from models import folder


@contextmanager
def _without_listing() -> Iterator[None]:
    """Import skops without its list of trusted estimators, every one of scikit-learn: ours is all that counts, and theirs costs 0.4 s."""
    listing = sklearn.utils.all_estimators
    sklearn.utils.all_estimators = list
    try:
        yield
    finally:
        sklearn.utils.all_estimators = listing


with _without_listing():
    import skops.io

TRUSTED = frozenset({
    "sklearn.calibration.CalibratedClassifierCV",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.preprocessing._label.LabelEncoder",
})  # fmt: skip


def dumps(estimator: Any) -> bytes:
    """An estimator as the bytes of a skops file.

    Raises
    ------
    ModelError
        MODEL-UNKNOWN-TYPE where it holds a type that would not load again.
    """
    data: bytes = skops.io.dumps(estimator, compression=zipfile.ZIP_DEFLATED)
    check_types(data)
    return data


def loads(data: bytes) -> Any:
    """The inverse of `dumps`.

    Raises
    ------
    ModelError
        MODEL-DAMAGED for bytes that are no skops file, MODEL-UNKNOWN-TYPE for one that holds other types than ours.
    """
    check_types(data)
    return skops.io.loads(data, trusted=sorted(TRUSTED))


def check_types(data: bytes) -> None:
    """Refuse a file with any type beyond plain values, arrays and our own list."""
    try:
        unknown = set(skops.io.get_untrusted_types(data=data)) - TRUSTED
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError):
        raise folder.damaged("the model file", "a file that skops cannot read") from None
    if unknown:
        raise ModelError(
            "MODEL-UNKNOWN-TYPE", "the model holds types that Millrace does not load", found=", ".join(sorted(unknown)[:5]),
            hint="do not use this file; train the model with Millrace",
        )  # fmt: skip
