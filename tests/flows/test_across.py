"""Transactions of customers that the customers' file does not have are counted, told, and hold a pack where they are too many."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.rules import ForeignKey
from flows.across import Across, Referring, assumptions, count, key_gates, referring
from flows.direct_conductor import Direct
from flows.order import Order, Source, sources
from flows.products import get as product
from flows.rehearsal.rehearsal import Rehearsal
from flows.workspace import Workspace
from tests.flows.conftest import Held
from tests.flows.delivering import facts_of, order_lines, taken_in, workspace

KEY = ForeignKey(("customer_id",), "customers", ("customer_id",))


def stored(folder: Path, *parts: dict[str, list[str | None]]) -> tuple[Path, ...]:
    folder.mkdir()
    paths = [folder / f"part-{n:05d}.parquet" for n, _ in enumerate(parts)]
    for path, part in zip(paths, parts, strict=True):
        pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in part.items()}), path)
    return tuple(paths)


def counted(item: Across, out: Path) -> dict[str, int]:
    out.mkdir()
    found: dict[str, int] = count(item, out)
    return found


def test_rows_and_keys_that_find_nobody(tmp_path: Path) -> None:
    own = stored(tmp_path / "own", {"customer_id": ["a", "b", "x", "x"]}, {"customer_id": ["x", None, "y", "a"]})
    other = stored(tmp_path / "other", {"customer_id": ["a"]}, {"customer_id": ["b", "c"]})
    assert counted(Across("", KEY, own, other), tmp_path / "out") == {"rows": 7, "lost": 4, "keys": 2}


def test_a_key_of_two_fields_is_found_as_a_pair(tmp_path: Path) -> None:
    own = stored(tmp_path / "own", {"a": ["1", "1", None], "b": ["1", "2", "1"]})
    other = stored(tmp_path / "other", {"c": ["1", "2"], "d": ["1", "1"]})
    pair = ForeignKey(("a", "b"), "pairs", ("c", "d"))
    assert counted(Across("", pair, own, other), tmp_path / "out") == {"rows": 2, "lost": 1, "keys": 1}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "home")


def given(space: Workspace, rehearsed: Rehearsal, strangers: int, tmp_path: Path) -> dict[str, Source]:
    """The rehearsed customers with 40 order lines, some of people that are not among them."""
    taken_in(space, "harbour/customers", rehearsed.newest("customers").path)
    made = sources_of(space, "customers")
    path = next((made.submissions[-1].folder / "accepted").glob("*.parquet"))
    known = pq.read_table(path, columns=["customer_id"]).column(0).to_pylist()
    people = [f"9999{n:05d}" for n in range(strangers)] + known[: 40 - strangers]
    lines = [(f"A{n}", "1", who, rehearsed.as_of, 1, "9,99") for n, who in enumerate(people)]
    taken_in(space, "harbour/transactions", order_lines(tmp_path / "lines.csv", lines))
    return sources(space, Order("harbour", "repurchase"), product("repurchase"))


def sources_of(space: Workspace, contract: str) -> Source:
    feed = space.feed(f"harbour/{contract}")
    from flows.submissions import newest

    return Source(feed, (newest(space.home, "harbour", contract),))


def judged(found: dict[str, Source], tmp_path: Path) -> tuple[Referring, ...]:
    (tmp_path / "steps").mkdir()
    made: tuple[Referring, ...] = Direct().conduct(lambda conduct: referring(conduct.at(tmp_path / "steps"), found))
    return made


@pytest.mark.parametrize(("strangers", "verdict", "gates"), [(0, "held", 0), (2, "held", 0), (3, "refuted", 1)])
def test_what_is_tolerated_decides(
    space: Workspace, rehearsed: Rehearsal, tmp_path: Path, strangers: int, verdict: str, gates: int
) -> None:
    found = judged(given(space, rehearsed, strangers, tmp_path), tmp_path)
    (told,) = assumptions(found)
    assert (told.step, told.verdict) == ("join transactions", verdict)
    assert {name: told.evidence[name] for name in ("rows", "rows without", "keys without")} == {
        "rows": 40, "rows without": strangers, "keys without": strangers,
    }  # fmt: skip
    assert len(key_gates(found)) == gates
    assert not gates or key_gates(found)[0].sentence.startswith("3 of 40 rows of transactions (7.5%) have a customer id that customers")


def test_a_delivery_says_it(held: Held) -> None:
    told = [one for one in facts_of(held.run).assumptions if one.step == "join transactions"]
    assert [set(one.evidence) for one in told] == [{"rows", "rows without", "keys without", "share", "tolerated"}]
    assert told[0].evidence["rows"] > 1_000
