"""The fixed words of an error workbook, in the languages that clients are spoken to in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language.

    Parameters
    ----------
    sheets : (str, str)
        Titles of the first sheet and of the rows.
    own : tuple of str
        Heads of our columns before the client's; the last one is of the rows' codes.
    rest : str
        Head of our column behind them.
    title, intro : str
    others : str
        Said of the rows that are not shown, where none of them is faulty.
    facts : tuple of str
        Names of: the sender, the files, the rows that are shown, those that are not.
    more : str
        What is said of rows that are not shown.
    steps_title : str
    steps : tuple of str
        ``{rows}`` is the sheet with the rows, ``{code}`` the column of the codes.
    table_title : str
    table : tuple of str
        Heads of the table of faults.
    otherwise : dict
        What happens if nothing is done, by what a bad value does.
    thousands : str
    """

    sheets: tuple[str, str]
    own: tuple[str, ...]
    rest: str
    title: str
    intro: tuple[str, ...]
    others: str
    facts: tuple[str, ...]
    more: str
    steps_title: str
    steps: tuple[str, ...]
    table_title: str
    table: tuple[str, ...]
    otherwise: dict[str, str]
    thousands: str

    def whole(self, number: int) -> str:
        """A count.

        Examples
        --------
        >>> WORDS["de"].whole(1234), WORDS["en"].whole(1234)
        ('1.234', '1,234')
        """
        return f"{number:,}".replace(",", self.thousands)


WORDS = {
    "en": Words(
        ("Please read", "Rows"), ("What is wrong", "File", "Line", "Row code"), "Left over", "Rows that need your help",
        ("We could not use some rows or cells of the files that you sent us.",
         "This workbook shows such rows only, under your own column titles."),
        "All other rows are fine: you need not send them again.",
        ("For", "Files", "Rows shown here", "Rows not shown"),
        "{count} more rows have faults. They are too many for one workbook and come next, when these are mended.",
        "How to mend them and send them back",
        ("1.  Go to the sheet “{rows}”. Coloured cells need a look; the first column says what is wrong with them.",
         "2.  Write the right value over the coloured cell, the way your system writes it. If nobody knows it, leave the cell as it is.",
         "3.  Delete a row only if it should not exist at all, such as the wrong one of two.",
         "4.  Leave the column “{code}” as it is, and add no rows. You may sort, filter and widen columns as you like.",
         "5.  Save the workbook and send us this same file back."),
        "What was found", ("Column", "What is wrong", "What is expected", "For example", "Rows", "If nothing is done"),
        {"reject": "the row is not used", "blank": "the cell is left empty", "warn": "it stays as it is"}, ",",
    ),
    "de": Words(
        ("Bitte lesen", "Zeilen"), ("Was ist falsch?", "Datei", "Zeile", "Zeilencode"), "Übrig",
        "Zeilen, bei denen wir Ihre Hilfe brauchen",
        ("Einige Zeilen oder Zellen der Dateien, die Sie uns geschickt haben, konnten wir nicht verwenden.",
         "Diese Mappe zeigt nur solche Zeilen, unter Ihren eigenen Spaltentiteln."),
        "Alle anderen Zeilen sind in Ordnung: Sie müssen sie nicht noch einmal schicken.",
        ("Für", "Dateien", "Zeilen in dieser Mappe", "Nicht gezeigte Zeilen"),
        "{count} weitere Zeilen haben Fehler. Für eine Mappe sind es zu viele; sie folgen, wenn diese ausgebessert sind.",
        "So bessern Sie die Zeilen aus und schicken sie zurück",
        ("1.  Gehen Sie zum Blatt „{rows}“. Farbige Zellen brauchen einen Blick; die erste Spalte sagt, was daran falsch ist.",
         "2.  Schreiben Sie den richtigen Wert in die farbige Zelle, so wie Ihr System ihn schreibt. "
         "Kennt ihn niemand, lassen Sie die Zelle, wie sie ist.",
         "3.  Löschen Sie eine Zeile nur, wenn es sie gar nicht geben sollte, etwa die falsche von zweien.",
         "4.  Lassen Sie die Spalte „{code}“, wie sie ist, und fügen Sie keine Zeilen hinzu. "
         "Sortieren, Filtern und Verbreitern schadet nicht.",
         "5.  Speichern Sie die Mappe und schicken Sie uns dieselbe Datei zurück."),
        "Was wir gefunden haben", ("Spalte", "Was ist falsch?", "Was wird erwartet?", "Zum Beispiel", "Zeilen", "Wenn nichts geschieht"),
        {"reject": "die Zeile wird nicht verwendet", "blank": "die Zelle bleibt leer", "warn": "es bleibt, wie es ist"}, ".",
    ),
}  # fmt: skip
