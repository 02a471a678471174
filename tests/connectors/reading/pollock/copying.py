"""What a reader must be better than: commas and double quotes taken for granted, every record a row, the first one the header."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.connectors.reading.pollock.loading import Loaded


def copy(path: Path) -> Loaded:
    """A file as Python's own reader takes it, whatever it is."""
    content = path.read_bytes().decode(errors="replace").replace("\0", "")
    rows = list(csv.reader(content.splitlines(keepends=True)))
    return Loaded(rows, list(range(1, len(rows) + 1)), {}, True)
