"""Presentation only: packs for clients (page, workbook, tables), the drift page and gate evidence for us.

Imports `contracts` and nothing else of ours. Flows fill `facts` (of `feed`, `scores` and `trust`); every other module formats facts and
never computes a figure that a decision hangs on. `pack.draw` writes a client's pack, `internal.write_evidence` our own, and
`python -m reports.drift_page job.json` the drift page. A new section of the page is one template under `templates/` and its view in
`view`; a new sheet is one function in `sheets`.
"""

__all__ = [
    "charts",
    "dictionary",
    "drift_page",
    "error_book",
    "error_words",
    "examples",
    "facts",
    "feed",
    "fitgap",
    "fitgap_drawing",
    "fitgap_graph",
    "fitgap_page",
    "internal",
    "judged",
    "pack",
    "page",
    "plain",
    "row_writer",
    "safe_columns",
    "scores",
    "sheets",
    "tables",
    "theme",
    "trust",
    "view",
    "words",
    "workbook",
]
