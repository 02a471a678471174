"""How well columns are recognised, as one table; `make scores` prints it too.

``python -m tests.connectors.proposing.run files renamed`` prints some of the parts; ``--faults 20`` names faults by kind.
The table of all parts goes into README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from statistics import median

from connectors.reading.block import Block
from tests.benchmarks.table import markdown
from tests.connectors.proposing import invented, lessons, made
from tests.connectors.proposing.judging import Verdict, bands, tally
from tests.connectors.proposing.proposals import Judged, judged, verdicts
from tests.connectors.proposing.renaming import KINDS, variant
from tests.connectors.proposing.tables import block, cut
from tests.connectors.proposing.truth import HERE, NONE, Entry, entries, mapped
from tests.connectors.reading.pollock.places import SHARED

BEGIN, END = "<!-- begin -->", "<!-- end -->"
SEEDS = (1, 2)
ROWS = 500
"""Of a table under other headers; the real files are seen as the proposal sees them."""
LARGE = 100_000
FIGURES = [
    "tables", "fields with a source", "top proposal right", "precision of accepted", "accepted", "no source, accepted", "no source, asked",
    "as written", "contract right", "questions: middle, most", "up to three",
]  # fmt: skip
Part = tuple[str, list[Verdict]]


def main(words: list[str]) -> int:
    """Score, print, and keep the table where all parts were scored."""
    given = _arguments(words)
    texts = []
    for name in given.parts or PARTS:
        text, those = PARTS[name]()
        texts.append(text)
        sys.stdout.write(f"{text}\n{faults(those, given.faults)}")
        sys.stdout.flush()
    if not given.parts:
        _keep("\n".join(texts))
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--faults", type=int, default=0, help="commonest faults of each kind to name")
    return parser.parse_args(words)


def row(name: str, those: Sequence[Judged]) -> list[str]:
    """One line of figures."""
    found = tally(verdicts(those))
    questions = [one.questions for one in those if one.verdicts]
    return [
        name, f"{len(those)}", f"{found.sourced}", _percent(found.share_top), _percent(found.precision), _percent(found.share_accepted),
        f"{_percent(found.share_filled)} of {found.unsourced:,}", f"{found.asked}", _percent(found.written / found.top if found.top else 1),
        _percent(sum(one.contract_right for one in those) / len(those)), f"{median(questions):g}, {max(questions)}",
        _percent(sum(count <= 3 for count in questions) / len(questions)),
    ]  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def table(entry: Entry, rows: int | None = None) -> Block:
    """A table, read once."""
    whole = _table(entry.path, entry.sheet, entry.widths)
    return whole if rows is None else cut(whole, rows)


@cache
def _table(path: str, sheet: str | None, widths: tuple[int, ...]) -> Block:
    return block(Entry(path, (), sheet, widths), SHARED)


def groups(those: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Tables of customers and orders; bookings, which have no contract but may be given one; tables without a header."""
    named = mapped(those)
    return {
        "customers and orders": [entry for entry in named if entry.contracts[0] != NONE],
        "bookings of an account": [entry for entry in named if entry.contracts[0] == NONE],
        "without a header": mapped(those, named=False),
    }


@cache
def _files() -> dict[str, list[Judged]]:
    return {name: [judged(entry, table(entry)) for entry in those] for name, those in groups(entries()).items()}


@cache
def _renamed() -> dict[str, list[Judged]]:
    base = groups(entries())["customers and orders"]
    return {kind: [_judged(entry, kind, seed) for seed in SEEDS for entry in base] for kind in KINDS}


@cache
def _invented(file: str) -> list[Judged]:
    return [judged(entry, table) for entry, table in invented.tables(file)]


def files_part() -> Part:
    """The real files."""
    found = _files()
    bare = [judged(entry, table(entry)) for entry in entries() if not entry.fields]
    kept = found["customers and orders"]
    clients = {client: [one for one in kept if one.entry.client == client] for client in dict.fromkeys(one.entry.client for one in kept)}
    text = markdown(["real files", *FIGURES], (row(name, those) for name, those in (*found.items(), *clients.items())))
    right = sum(one.contract_right for one in bare)
    note = f"Of {len(bare)} tables that fit no contract, {right} are given none or left to a person."
    return f"{text}\n\n{note}\n", [verdict for those in found.values() for verdict in verdicts(those)]


def renamed_part() -> Part:
    """The same tables under other headers."""
    found = _renamed()
    every = [one for kind, those in found.items() if kind != "anonymous" for one in those]
    text = markdown(["other headers", *FIGURES], [row("all but anonymous", every), *(row(kind, those) for kind, those in found.items())])
    return f"{text}\n", [verdict for those in found.values() for verdict in verdicts(those)]


def _judged(entry: Entry, kind: str, seed: int) -> Judged:
    made_of = variant(entry, table(entry, ROWS), kind, seed)
    return judged(made_of.entry, made_of.block)


def invented_part() -> Part:
    """Layouts that none of the files at hand has: those that nothing was chosen by, faults unnamed, and those that were worked on."""
    apart = {file: _invented(file) for file in invented.APART}
    worked = [one for file in invented.DEVELOPED for one in _invented(file)]
    every = [one for those in apart.values() for one in those]
    rows = [row("held apart", every), *(row(f"of these {file}.yaml", those) for file, those in apart.items()), row("worked on", worked)]
    return f"{markdown(['invented tables of known systems', *FIGURES], rows)}\n", list(verdicts(worked))


def confidence_part() -> Part:
    """What a confidence is worth: nothing of how it comes about is fitted to these tables, so that none need be left out."""
    renamed = _renamed()
    sets = {
        "customers and orders": _files()["customers and orders"],
        "invented, held apart": [one for file in invented.APART for one in _invented(file)],
        "other headers": [one for kind, those in renamed.items() if kind != "anonymous" for one in those],
        "anonymous": renamed["anonymous"],
    }
    rows = [
        [name, f"from {low:.2f}" if low else "below 0.70", f"{count:,}", f"{mean:.3f}", f"{right:.3f}"]
        for name, those in sets.items() for low, count, mean, right in bands(verdicts(those))
    ]  # fmt: skip
    return f"{markdown(['how sure a match is', 'band', 'matches', 'mean confidence', 'share right'], rows)}\n", []


def memory_part() -> Part:
    """Each client without and with what the others confirmed: under the files' own headers, and each language's words."""
    base = groups(entries())["customers and orders"]
    tables = {"own headers": [(entry, table(entry, ROWS)) for entry in base]}
    for language in ("de", "nl", "fr", "es"):
        tables[language] = [(one.entry, one.block) for entry in base if (one := variant(entry, table(entry, ROWS), language, 1))]
    rows = [line for name, those in tables.items() for line in _with_and_without(name, those)]
    return f"{markdown(['one client left out', *FIGURES], rows)}\n", []


def _with_and_without(name: str, tables: Sequence[tuple[Entry, Block]]) -> list[list[str]]:
    those = lessons.known(tables)
    with tempfile.TemporaryDirectory() as folder:
        store = lessons.memory(Path(folder), those)
        others = [judged(one.entry, one.block, lessons.of_others(store, one)) for one in those]
        taught = [judged(one.entry, one.block, lessons.of_all(store, one)) for one in those]
    bare = [judged(one.entry, one.block) for one in those]
    return [row(f"{name}, no memory", bare), row(f"{name}, memory of others", others), row(f"{name}, once confirmed", taught)]


def cpu_part() -> Part:
    """What a large file costs."""
    with tempfile.TemporaryDirectory() as folder:
        path = made.write(Path(folder) / "customers.csv", LARGE, 1)
        seconds = [made.cpu(path) for _ in range(3)]
    rows = [[f"{LARGE:,} rows x 20 columns, whole process", f"{min(seconds):.2f}", f"{median(seconds):.2f}", f"{max(seconds):.2f}"]]
    return f"{markdown(['CPU seconds', 'least', 'middle', 'most'], rows)}\n", []


def faults(those: Sequence[Verdict], count: int) -> str:
    """Faults by kind: how many, and the commonest of them with a table each."""
    found: dict[str, Counter[tuple[str, tuple[str, ...]]]] = {}
    for one in those:
        if one.kind:
            found.setdefault(one.kind, Counter())[one.field, one.found] += 1
    tables = {(one.kind, one.field, one.found): f"{one.table}  {one.near}" for one in those}
    lines = []
    for kind, cases in sorted(found.items(), key=lambda item: -item[1].total()) if count else ():
        lines.append(f"{cases.total():4d}  {kind}\n")
        most = cases.most_common(count)
        lines += [f"  {n:6d}  {name} <- {', '.join(got) or '-'}   {tables[kind, name, got]}\n" for (name, got), n in most]
    return "".join(lines)


def _keep(text: str) -> None:
    path = HERE / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


PARTS: dict[str, Callable[[], Part]] = {
    "files": files_part, "invented": invented_part, "renamed": renamed_part,
    "confidence": confidence_part, "memory": memory_part, "cpu": cpu_part,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
