"""``make silent``: what an intake makes of every known damage, as one table: repaired, flagged or silently wrong.

``python -m tests.connectors.silent.run --size 0.1`` takes a tenth of the rows. At full size the table goes into README.md beside this file.
The exit code is 1 where a damage that its file betrays became a wrong value without a word.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from flows.rehearsal.verdicts import KindVerdict, Verdicts, together
from tests.benchmarks.table import markdown
from tests.connectors.silent.trial import Outcome, Trial, run, small, trials

BEGIN, END = "<!-- begin -->", "<!-- end -->"
README = Path(__file__).with_name("README.md")
SEED = 1000
SHOWN = 20


def plan(size: float) -> list[Trial]:
    """All trials, the slowest first."""
    csv = trials("csv", round(70_000 * size), 60_000, SEED)
    xlsx = trials("xlsx", round(12_000 * size), 12_000, SEED + 500)
    few = [*small("csv", round(150 * size), SEED + 700), *small("xlsx", round(24 * size), SEED + 900)]
    return [*xlsx, *csv, *few]


def main(words: Sequence[str]) -> int:
    """Run, print, and keep the table where everything was run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="share of the rows (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    given = parser.parse_args(words)
    outcomes = _run(plan(given.size), given.jobs)
    total = together(outcome.verdicts for outcome in outcomes)
    text = f"{summary(total)}\n\n{by_kind(total)}\n\n{by_file(outcomes)}\n"
    sys.stdout.write(f"{text}\n{''.join(places(outcomes))}")
    if given.size == 1.0:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        README.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 1 if total.count("wrong") or total.count("unread") else 0


def _run(planned: Sequence[Trial], jobs: int) -> list[Outcome]:
    if jobs == 1:
        return [run(trial) for trial in planned]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(pool.map(run, planned))


def summary(total: Verdicts) -> str:
    """The figures of all kinds together."""
    harmed = sum(total.harmed_cells.values())
    sound = f"Of sound data {harmed:,} cells were changed and {total.harmed_rows:,} rows lost."
    hidden, wrong = total.count("damages", betrayed=False), total.count("wrong", betrayed=False)
    return (
        f"{total.count('damages'):,} damages that the files betray: {total.count('wrong'):,} silently wrong. "
        f"{hidden:,} that they do not betray: {wrong:,}. {sound}"
    )


def by_kind(total: Verdicts) -> str:
    """A row per kind: those that the files betray first, those with most silent errors on top."""
    ranked = sorted(total.kinds, key=lambda kind: (not kind.betrayed, -kind.wrong))
    head = ["damage", "betrayed", "times", "repaired", "value unharmed", "flagged", "silently wrong", ""]
    return markdown(head, (_row(kind) for kind in ranked))


def _row(kind: KindVerdict) -> list[str]:
    parts = (kind.repaired, kind.harmless, kind.flagged, kind.wrong + kind.unread)
    shares = [share(part, kind.damages) for part in parts]
    return [kind.kind, "yes" if kind.betrayed else "no", f"{kind.damages:,}", *shares, f"{kind.wrong + kind.unread:,}"]


def share(part: int, whole: int) -> str:
    """A share in percent; nothing where there is none, and never rounded to all or nothing.

    Examples
    --------
    >>> share(0, 7), share(1, 3), share(7, 7), share(1, 100_000), share(99_999, 100_000)
    ('', '33.3 %', '100 %', 'under 0.1 %', 'over 99.9 %')
    """
    if not part or part == whole:
        return "100 %" if part else ""
    percent = 100 * part / whole
    return "under 0.1 %" if percent < 0.1 else "over 99.9 %" if percent > 99.9 else f"{percent:.1f} %"


def by_file(outcomes: Iterable[Outcome]) -> str:
    """A row per form of file, feed and rate; small files apart."""
    groups: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        form = f"{one.trial.form}, small" if one.trial.periods > 1 else one.trial.form
        groups.setdefault((form, one.trial.feed, f"{one.trial.rate:.2f}"), []).append(one)
    head = ["files", "feed", "rows hurt", "files", "rows", "damages", "repaired or unharmed", "flagged", "silently wrong",
            "not betrayed", "sound cells changed", "sound rows lost", "files refused"]  # fmt: skip
    return markdown(head, (_group(name, those) for name, those in sorted(groups.items())))


def _group(name: tuple[str, str, str], those: Sequence[Outcome]) -> list[str]:
    total = together(one.verdicts for one in those)
    damages = total.count("damages")
    fine = total.count("repaired") + total.count("harmless")
    counted = (sum(one.files for one in those), sum(one.rows for one in those), damages)
    cells = sum(total.harmed_cells.values())
    last = (total.count("wrong") + total.count("unread"), total.count("damages", betrayed=False), cells, total.harmed_rows)
    refused = sum(len(one.refused) for one in those)
    shares = [share(part, damages) for part in (fine, total.count("flagged"))]
    return [*name, *(f"{n:,}" for n in counted), *shares, *(f"{n:,}" for n in last), f"{refused:,}"]


def places(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Where to find what is wrong: the trial that makes the file, and the line."""
    for one in outcomes:
        verdicts = one.verdicts
        for kind, file, line in verdicts.wrong_at[:SHOWN]:
            yield f"silently wrong: {kind}, line {line} of {file} in {one.trial}\n"
        if verdicts.harmed_cells or verdicts.harmed_rows:
            yield f"harmed: {dict(verdicts.harmed_cells)}, {verdicts.harmed_rows} rows in {one.trial}\n"
        yield from (f"refused: {file} with {code} in {one.trial}\n" for file, code in one.refused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
