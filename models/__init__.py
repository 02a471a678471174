"""Train, score, store, compare: propensities, customer lifetimes, their cards and reference rows.

Imports contracts only; scikit-learn is imported by `estimator` and `store`, skops by `estimator_file` alone. A new kind of model is one
module whose fitted value is frozen and knows its own parameters; `store` learns how to keep it.
"""

__all__ = [
    "card",
    "champion",
    "estimator",
    "estimator_file",
    "folder",
    "gaps",
    "inputs",
    "leaks",
    "lifetimes",
    "likelihood",
    "metrics",
    "purchases",
    "reasons",
    "reference",
    "replay",
    "scope",
    "store",
    "tokens",
]
