"""A client's files as a contract's table, with a ledger of every record.

Imports `contracts` and nothing else of ours. `reading` makes rows of files, `mapping` finds the columns, `parsing` makes values of
texts, `check` judges rows, `settle` what only the whole submission can tell; `submission.take_in` runs all of it in one process.
`proposing` says what an unknown file's columns are, `drafting` writes that as YAML, `golden` tests it, `memory` learns from what was
confirmed, `renewal` compares the next submission with the last. An error workbook says what it is (`identity`), comes back (`returned`)
and is laid over the files that it is about (`overlay`).

A new client is a folder of YAML in ``clients``: ``client.yaml``, and one ``<feed>.yaml`` for each feed, named after the feed. No code.
"""

__all__ = [
    "answering",
    "assumed",
    "check",
    "columns",
    "cutting",
    "drafting",
    "golden",
    "header",
    "homeland",
    "identity",
    "intake",
    "invented",
    "landing",
    "library",
    "mapped",
    "mapping",
    "memory",
    "newcomer",
    "overlay",
    "parsing",
    "plan",
    "proposing",
    "quarantine",
    "raw",
    "reading",
    "relation",
    "renewal",
    "repeats",
    "returned",
    "sameness",
    "schema",
    "sense",
    "settle",
    "sheets",
    "sketch",
    "spec",
    "stretch",
    "submission",
    "torn",
    "whole",
]
