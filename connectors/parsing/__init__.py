"""Parsers: text cells of one column to values of one type, cell by cell, and the votes on how a column is written.

Each parser takes an Arrow string array and gives `cells.Parsed`: values, bad cells, repaired cells. None looks at other columns.
Imports `contracts` only. A new parser is one module with ``parse(values, ..., nulls) -> Parsed``, named in `connectors.columns`.
"""

__all__ = ["cells", "codes", "countries", "currencies", "dates", "mail", "moments", "numbers", "styles", "texts", "words"]
