"""Logs: what the loggers of Millrace say while a run is made, as JSON lines beside its other records."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

FILE = "log.jsonl"


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger and message; messages hold codes, labels and counts, never a client's value."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        return json.dumps({"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}, ensure_ascii=False)


class Quiet(logging.FileHandler):
    """A line that cannot be written, as on a full disk, is left out: what is told is the error itself, not a stack trace of the log."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing."""


@contextmanager
def logged(folder: Path) -> Iterator[str]:
    """Write what is logged meanwhile into a file of a folder; gives the file's name.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> with logged(place) as name:
    ...     logging.getLogger("millrace.run").info("%s rows", 3)
    >>> json.loads((place / name).read_text())["message"]
    '3 rows'
    """
    root, handler = logging.getLogger("millrace"), Quiet(folder / FILE, encoding="utf-8")
    handler.setFormatter(JsonLines())
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(before, logging.INFO) if before else logging.INFO)
    try:
        yield FILE
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()
