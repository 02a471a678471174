"""Where the files are."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("MILLRACE_SHARED") or HERE.parents[3].parent / "shared").resolve()
SOURCE = Path("data/polluted-csv/csv/source.csv")
"""The benchmark's clean table, in the shared folder."""
