"""Parsers: text cells of one column to values of one type, cell by cell, and the votes on how a column is written.

Each parser takes an Arrow string array and gives `cells.Parsed`: values, bad cells, repaired cells. None looks at other columns.
`person_names` and `addresses` cut one text into several instead; `connectors.cutting` chooses between them.
Imports `contracts` only. A new parser is one module with ``parse(values, ..., nulls) -> Parsed``, named in `connectors.columns`.
"""

__all__ = [
    "addresses",
    "cells",
    "codes",
    "countries",
    "currencies",
    "date_style",
    "date_texts",
    "dates",
    "given_names",
    "mail",
    "moments",
    "number_style",
    "number_texts",
    "numbers",
    "person_names",
    "plain_dates",
    "plain_numbers",
    "styles",
    "texts",
    "words",
]
