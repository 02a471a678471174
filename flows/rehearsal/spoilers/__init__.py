"""How each kind of damage changes the text of a cell.

A spoiler gets the row's clean texts, the field, a number in [0, 1) and the day of the export (`cell.Cell`), and gives the new text, several
fields' new texts where a damage needs two, or `None` where the cell cannot be hurt in this way. Imports `flows.rehearsal.wording` alone.
A new one is a function in the module of its sort of values, named in `kinds`.
"""

__all__ = ["addresses", "cell", "dates", "kinds", "numbers", "records", "words"]
