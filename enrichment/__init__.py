"""Fill the gaps of a batch, and remember the origin of every cell.

Imports contracts only. A step says what it needs, what it fills and why it may; it never changes the rows, and writes into empty cells
alone (`cells.put`). A new step is one frozen dataclass derived from `step.Step`, in a module named after its noun; a product names it among
its steps.
"""

__all__ = [
    "cells",
    "days",
    "fill",
    "gaps",
    "groups",
    "history",
    "joined",
    "learned",
    "lines",
    "step",
    "usual",
]
