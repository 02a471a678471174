"""Invented clients: a population, its research panel, messy submissions, and the truth about every damage.

May import anything below flows; nothing in connectors may import it. A new damage is one `Kind` in `damage.py` and, for a cell, one
function below `spoilers`; a new feed is one module like `customers.py` that turns people and orders into typed columns and clean texts.
"""

__all__ = [
    "catalogue",
    "customers",
    "damage",
    "delimited",
    "draws",
    "history",
    "inflict",
    "judge",
    "lists",
    "population",
    "rehearsal",
    "research",
    "rows",
    "sending",
    "taken",
    "texts",
    "transactions",
    "truth",
    "verdicts",
    "wording",
    "workbook",
]
