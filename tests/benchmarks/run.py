"""``make bench``: all benchmarks, or those named; the table goes into README.md beside this file when all were run at full size.

Whole processes, CPU seconds and peak memory as the operating system accounts for them, every ratio within one run.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench import HERE, Bench
from tests.benchmarks.cases import CASES
from tests.benchmarks.child import ROOT
from tests.benchmarks.table import Report, markdown

BEGIN, END = "<!-- begin -->", "<!-- end -->"
FULL = 1_000_000
PACKAGES = ("contracts", "connectors", "enrichment", "models", "reports", "flows", "tests/benchmarks")


def main(words: list[str]) -> int:
    """Run, print, and keep the table; 1 where a limit is broken."""
    given = _arguments(words)
    for name in PACKAGES:  # as an installation does; else the first command after a change pays for all
        compileall.compile_dir(ROOT / name, quiet=1)
    with tempfile.TemporaryDirectory(dir=os.environ.get("MILLRACE_BENCH_DIR")) as folder:
        bench = Bench(Path(folder), given.times, given.rows)
        reports = {}
        for name in given.names or CASES:
            print(f"{name}: {CASES[name].__doc__}", flush=True)
            reports[name] = CASES[name](bench)
            bench.clear()
    text = written(bench, reports)
    print(f"\n{text}")
    if not given.names and given.rows == FULL:
        _keep(text)
    return 0 if all(claim.holds for report in reports.values() for claim in report.claims) else 1


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *CASES], metavar="NAME", help=", ".join(CASES))
    parser.add_argument("--times", type=int, default=3, help="runs of each command (default: 3)")
    parser.add_argument("--rows", type=int, default=FULL, help="rows of the file (default: a million)")
    return parser.parse_args(words)


def written(bench: Bench, reports: dict[str, Report]) -> str:
    """The two tables, and what they were measured on."""
    claims = markdown(["what", "measured", "limit", ""], (claim.cells() for report in reports.values() for claim in report.claims))
    figures = markdown(["figure", "min", "median", "max", "unit"], (one.cells() for report in reports.values() for one in report.series))
    where = (
        f"{bench.rows:,} rows x 20 columns; {bench.times} runs of each command, medians compared. Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, OMP_NUM_THREADS=1, Arrow's own pool as large as it makes it."
    )
    return f"{where}\n\n{claims}\n\n{figures}\n"


def _keep(text: str) -> None:
    path = HERE / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
