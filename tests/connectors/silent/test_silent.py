"""A sample of the measurement: no damage that its file betrays is silently wrong, and the measurement would see one that is."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest

from connectors import stretch
from connectors.columns import Column, Setting
from contracts import checks
from contracts.contract import Contract
from flows.rehearsal.damage import KINDS, Feed, Form
from flows.rehearsal.verdicts import together
from tests.connectors.silent.run import main, share
from tests.connectors.silent.trial import Trial, run

SAMPLE: tuple[tuple[Feed, Form, float, int], ...] = (
    ("customers", "csv", 0.30, 3500),
    ("transactions", "csv", 0.30, 1500),
    ("customers", "xlsx", 0.30, 500),
    ("transactions", "xlsx", 0.30, 150),
)


def test_nothing_that_a_file_betrays_is_silently_wrong() -> None:
    outcomes = [run(Trial(feed, form, rate, 31, customers)) for feed, form, rate, customers in SAMPLE]
    total = together(outcome.verdicts for outcome in outcomes)
    assert total.wrong_at == ()
    assert [outcome.refused for outcome in outcomes] == [()] * len(SAMPLE)
    assert [kind.kind for kind in total.kinds if kind.betrayed and (kind.wrong or kind.unread)] == []
    assert (dict(total.harmed_cells), total.harmed_rows) == ({}, 0)
    assert {kind.kind for kind in total.kinds} == {kind.name for kind in KINDS}
    assert total.count("damages", betrayed=False) > 100


def test_the_measurement_sees_what_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(columns: dict[str, Column], contract: Contract, setting: Setting) -> Mapping[str, Column]:
        return columns

    def silent(_name: str, columns: tuple[pa.ChunkedArray, ...], _arguments: Mapping[str, object]) -> pa.ChunkedArray:
        return pa.chunked_array([pa.nulls(len(columns[0]), pa.bool_())])

    monkeypatch.setattr(stretch, "judge", blind)
    monkeypatch.setattr(checks, "judged", silent)  # the contract's rules between fields
    verdicts = run(Trial("customers", "csv", 0.30, 31, 800)).verdicts
    wrong = {kind.kind for kind in verdicts.kinds if kind.betrayed and kind.wrong}
    assert {"future_birth_date", "birth_in_1843", "placeholder_date", "last_order_before_signup", "lost_leading_zero"} <= wrong
    assert {kind for kind, _, _ in verdicts.wrong_at} == wrong


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [share(1, 10_000), share(9_999, 10_000), share(0, 10), share(10, 10)] == ["under 0.1 %", "over 99.9 %", "", "100 %"]


def test_the_command_prints_one_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.connectors.silent.run.plan", lambda size: [Trial("customers", "csv", 0.15, 31, 300)])
    assert main(["--size", "0.01", "--jobs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "silently wrong" in printed
    assert "| damage | betrayed | times |" in printed
