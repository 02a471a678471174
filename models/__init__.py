"""Train, score, store, compare: propensities, customer lifetimes, their cards and reference rows.

Imports contracts only; scikit-learn and skops are imported by `estimator` and `store` alone. A new kind of model is one module whose
fitted value is frozen and knows its own parameters; `store` learns how to keep it.
"""

__all__ = [
    "card",
    "champion",
    "estimator",
    "folder",
    "inputs",
    "leaks",
    "lifetimes",
    "likelihood",
    "metrics",
    "purchases",
    "reasons",
    "reference",
    "scope",
    "store",
    "tokens",
]
