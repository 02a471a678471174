"""The commands of `millrace`: arguments in, words and exit codes out; everything else is done by the flows.

A module here imports nothing heavy before a command runs. A new command is one function, registered in `flows.cli`.
"""

__all__ = [
    "assessing",
    "catalogue",
    "checked",
    "clauses",
    "connecting",
    "connection",
    "console",
    "contracts",
    "delivering",
    "explaining",
    "mended",
    "reading",
    "rehearsing",
    "sight",
    "stored",
    "summary",
    "training",
]
