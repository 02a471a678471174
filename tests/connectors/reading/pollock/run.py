"""``make scores``: how well the reader reads damaged and real files, as one table.

``python -m tests.connectors.reading.pollock.run benchmark real`` prints some of the parts; ``--low 20`` names the files that got least.
The table of all parts goes into README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path

from tests.benchmarks.table import markdown
from tests.connectors.reading.pollock.benchmark import benchmark
from tests.connectors.reading.pollock.copying import copy
from tests.connectors.reading.pollock.figures import Scored, by_kind, layout, scored, simple, weighted
from tests.connectors.reading.pollock.loading import load_as_filed
from tests.connectors.reading.pollock.own import own
from tests.connectors.reading.pollock.places import HERE, SHARED, SOURCE
from tests.connectors.reading.pollock.real import EXAMPLES, PORTALS, Real, real
from tests.connectors.reading.pollock.table import parsed

BEGIN, END = "<!-- begin -->", "<!-- end -->"
TABLES = 8
"""Invented, for own damages."""
Part = tuple[str, list[Scored]]


def main(words: list[str]) -> int:
    """Score, print, and keep the table where all parts were scored."""
    given = _arguments(words)
    texts = []
    for name in given.parts or PARTS:
        text, those = PARTS[name](given.seed)
        texts.append(text)
        sys.stdout.write(f"{text}\n{lowest(those, given.low)}")
        sys.stdout.flush()
    if not given.parts and given.seed == 1:
        _keep("\n".join(texts))
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--low", type=int, default=0, help="files to name that got least")
    parser.add_argument("--seed", type=int, default=1, help="of the first invented table (default: 1)")
    return parser.parse_args(words)


def benchmark_part(_: int) -> Part:
    """The benchmark's damages."""
    files = list(benchmark(parsed((SHARED / SOURCE).read_bytes().decode())))
    ours, plain = scored(files), scored(files, copy)
    rows = [
        [f"all {len(files):,}", *_two(ours, plain, simple)],
        ["all, by weight", *_two(ours, plain, weighted)],
        [f"layout, {len(layout(ours))}", *_two(layout(ours), layout(plain), simple)],
    ]
    head = markdown(["benchmark's damages", "reader", "unread copy"], rows)
    return f"{head}\n\n{kinds(ours, plain)}\n", ours


def kinds(ours: list[Scored], plain: list[Scored]) -> str:
    """A row per kind of damage."""
    copies = by_kind(plain)
    return markdown(
        ["damage", "files", "reader", "lowest", "header F1", "record F1", "cell F1", "refused", "unread copy"],
        (_row(kind, those, simple(copies[kind])) for kind, those in by_kind(ours).items()),
    )


def _row(kind: str, those: list[Scored], plain: float) -> list[str]:
    lowest_total = min(one.score.total for one in those)
    f1 = [_mean(one.score.f1[place] for one in those) for place in range(3)]
    refused = sum(one.score.success == 0 for one in those)
    return [kind, f"{len(those)}", f"{simple(those):.3f}", f"{lowest_total:.2f}", *f1, f"{refused or ''}", f"{plain:.3f}"]


def _mean(values: Iterable[float]) -> str:
    all_values = list(values)
    return f"{sum(all_values) / len(all_values):.3f}"


def _two(ours: list[Scored], plain: list[Scored], mean: Callable[[list[Scored]], float]) -> list[str]:
    return [f"{mean(ours):.3f}", f"{mean(plain):.3f}"]


def lowest(those: list[Scored], count: int) -> str:
    """The files that got least, one a line."""
    worst = sorted(those, key=lambda one: one.score.total)[:count]
    return "".join(f"{one.score.total:6.3f}  {one.file.name}  {one.refused or _short(one)}\n" for one in worst)


def _short(one: Scored) -> str:
    return "  ".join(f"{value:.3f}" for value in one.score.f1)


def _keep(text: str) -> None:
    path = HERE / "README.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


def own_part(seed: int) -> Part:
    """Damages beyond the benchmark's."""
    seeds = range(seed, seed + TABLES)
    ours = [one for each in seeds for one in scored(own(each), load_as_filed)]
    plain = [one for each in seeds for one in scored(own(each), copy)]
    rows = [
        [f"all {len(ours):,}", *_two(ours, plain, simple)],
        [f"layout, {len(layout(ours))}", *_two(layout(ours), layout(plain), simple)],
    ]
    head = markdown([f"own damages of {TABLES} tables", "reader", "unread copy"], rows)
    return f"{head}\n\n{kinds(ours, plain)}\n", ours


def real_part(_: int) -> Part:
    """Real files with a recipe."""
    groups = {"open-data portals": real(PORTALS), "examples": real(*EXAMPLES)}
    every = [one for those in groups.values() for one in those]
    means = markdown(
        ["real files", "files", "reader", "totals aside", "names as filed", "header F1", "record F1", "cell F1"],
        ([name, *_real_row(those)] for name, those in groups.items()),
    )
    each = markdown(
        ["file", "reader", "totals aside", "names as filed", "header F1", "record F1", "cell F1"],
        ([Path(one.recipe.name).name, *_real_row([one])[1:]] for one in every if one.strict.score.total < 10),
    )
    return f"{means}\n\nThose below 10:\n\n{each}\n", [one.strict for one in every]


def _real_row(those: list[Real]) -> list[str]:
    totals = (simple([pick(one) for one in those]) for pick in (attrgetter("strict"), attrgetter("aside"), attrgetter("filed")))
    f1 = [_mean(one.strict.score.f1[place] for one in those) for place in range(3)]
    return [f"{len(those)}", *(f"{total:.3f}" for total in totals), *f1]


PARTS: dict[str, Callable[[int], Part]] = {"benchmark": benchmark_part, "own": own_part, "real": real_part}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
