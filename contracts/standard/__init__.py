"""Contracts as files of the Open Data Contract Standard (ODCS): the text, its schema, and both ways between it and a `Contract`.

Imports nothing of ours but `contracts`. `contracts.odcs` is the door to it.
"""

__all__ = [
    "check",
    "columns",
    "custom",
    "labels",
    "merge",
    "naming",
    "options",
    "quality",
    "quoting",
    "reading",
    "relations",
    "text",
    "values",
    "writing",
]
