"""A fitted estimator as bytes and back, by skops: only types of our own list are built, never a pickle."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

import sklearn.utils

from contracts.errors import ModelError
from models import folder


@contextmanager
def _without_listings() -> Iterator[None]:
    """Import skops without its lists of what it trusts, which cost half a second: ours is all that counts.

    They are every estimator of scikit-learn, and every function of numpy and scipy, which are looked for in all modules there are.
    """
    helpers = _helpers()
    estimators, functions = sklearn.utils.all_estimators, helpers.get_public_type_names
    sklearn.utils.all_estimators, helpers.get_public_type_names = list, lambda **_: []
    try:
        yield
        sys.modules["skops.io"].__dict__["_utils"] = helpers
    finally:
        sklearn.utils.all_estimators, helpers.get_public_type_names = estimators, functions


def _helpers() -> Any:
    """A module of skops before its package has run, which makes the lists with it."""
    package = find_spec("skops.io")
    assert package is not None
    sys.modules["skops.io"] = module_from_spec(package)
    try:
        return import_module("skops.io._utils")
    finally:
        del sys.modules["skops.io"]


with _without_listings():
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
