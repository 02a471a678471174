"""What a table must be: fields, checks, versions, and the words that all other packages share.

Imports nothing of ours. A new contract is one module with a pandera model and a `CONTRACT`, named in `contract.SHIPPED`.
A new check of more than one field is a function in `checks`. `odcs` reads and writes contracts as files of the open standard.
"""

__all__ = [
    "alteration",
    "assumption",
    "batch",
    "change",
    "checks",
    "contract",
    "customers",
    "difference",
    "digest",
    "distance",
    "errors",
    "extent",
    "fields",
    "layout",
    "ledger",
    "lifetimes",
    "masks",
    "odcs",
    "origin",
    "patterns",
    "phrases",
    "profile",
    "prospects",
    "renames",
    "rules",
    "scores",
    "shelf",
    "subscribers",
    "tightening",
    "transactions",
]
