"""A client's files as a contract's table, with a ledger of every record.

Imports `contracts` and nothing else of ours. `reading` makes rows of files, `mapping` finds the columns, `parsing` makes values of
texts, `check` judges rows, `settle` what only the whole submission can tell; `submission.take_in` runs all of it in one process.

A new client is a folder of YAML in ``clients``: ``client.yaml``, and one ``<feed>.yaml`` for each feed, named after the feed. No code.
"""

__all__ = [
    "assumed",
    "check",
    "columns",
    "header",
    "intake",
    "landing",
    "library",
    "mapping",
    "parsing",
    "plan",
    "raw",
    "reading",
    "relation",
    "repeats",
    "sense",
    "settle",
    "sheets",
    "spec",
    "stretch",
    "submission",
]
