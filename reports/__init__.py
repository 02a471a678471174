"""Presentation only: packs for clients (page, workbook, tables), the drift page and gate evidence for us.

Imports `contracts` and nothing else of ours. Flows fill `facts`; every other module formats facts and never computes a figure that
a decision hangs on. A new section of the page is one template under `templates/` and its view in `view`; a new sheet is one function
in `sheets`.
"""

__all__ = ["facts", "plain"]
