"""Gates say pass, fail or cannot tell on all rows, in sentences with the figures that decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ContractError, RunError, SettingsError
from contracts.ledger import Ledger
from contracts.profile import Kind, Layout, Profile, layout, profile
from flows.gates import Comparison, FeedRows, Limits, compare, drift, drift_gates, exit_code, row_gates, status, verdict
from reports.facts import Verdict
from reports.trust import Drift, Gate, Outcome

OURS = Limits()
TITLES = {"income": "Income", "age": "Age", "segment": "Segment"}
KINDS: Mapping[str, Kind] = {"income": "number", "age": "number", "segment": "category"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def customers(rows: int = 5_000, seed: int = 1, *, more: float = 1.0, gaps: float = 0.04) -> pa.Table:
    """Made-up customers: incomes `more` times as high, missing in a share `gaps` of the rows."""
    random = np.random.default_rng(seed)
    income = pa.array(random.lognormal(10, 0.4, rows) * more, mask=random.random(rows) < gaps)
    segment = random.choice(["A", "B", "C"], rows, p=[0.6, 0.3, 0.1])
    return pa.table({"income": income, "age": random.integers(18, 90, rows), "segment": segment})


def judged(table: pa.Table, limits: Limits = OURS, training: pa.Table | None = None, **masks: Any) -> dict[str, Comparison]:
    reference = customers() if training is None else training
    made = layout(reference, KINDS)
    return {found.name: found for found in compare(profile(reference, made), profile(table, made, masks), TITLES, limits)}


def outcomes(table: pa.Table, limits: Limits = OURS) -> dict[str, Outcome]:
    return {name: found.outcome for name, found in judged(table, limits).items()}


def gate(outcome: Outcome, title: str = "A check", sentence: str = "So it is.") -> Gate:
    return Gate(title, title, 0.5, 0.2, "share", outcome, sentence)


@pytest.mark.parametrize(
    ("ledger", "faulty", "wanted"),
    [
        (Ledger(14_011, {"ragged": 158}), 0, ("pass", "pass")),
        (Ledger(96, {"ragged": 4}), 16, ("pass", "pass")),
        (Ledger(96, {"ragged": 4}), 17, ("fail", "pass")),
        (Ledger(100), 20, ("pass", "pass")),
        (Ledger(100), 21, ("fail", "pass")),
        (Ledger(95, {"ragged": 5}), 0, ("pass", "pass")),
        (Ledger(94, {"ragged": 4, "birth_date:date": 2}), 0, ("pass", "fail")),
        (Ledger(0, {"ragged": 3}), 0, ("fail", "fail")),
        (Ledger(0, {}, {"header": 1}), 0, ("cannot tell", "cannot tell")),
    ],
)
def test_a_feed_is_judged_by_rows_that_pass_and_rows_held_back(ledger: Ledger, faulty: int, wanted: tuple[Outcome, ...]) -> None:
    found = row_gates([FeedRows("Customers", ledger, faulty)], Limits())
    assert tuple(one.outcome for one in found) == wanted


def test_records_set_aside_are_no_rows() -> None:
    passed, held = row_gates([FeedRows("Customers", Ledger(9, {"ragged": 1}, {"header": 1, "duplicate": 80}), 1)], Limits())
    assert (passed.measured, held.measured) == (0.8, 0.1)


def test_row_gates_say_their_figures() -> None:
    limits = Limits().with_policies({"pass_rate": 0.95})
    orders = FeedRows("Orders", Ledger(1_234_567, {"ragged": 2_345}), 100_000)
    said = [plain(one.sentence) for one in row_gates([orders, FeedRows("Customers", Ledger(1), 0), FeedRows("Notes", Ledger(), 0)], limits)]
    assert said == [
        "In Orders, only 1,134,567 of 1,236,912 rows (91.7 %) passed every check; at least 95 % must (your own limit).",
        "In Orders, 2,345 of 1,236,912 rows (0.2 %) could not be used; at most 5 % may be left out.",
        "In Customers, the only row passed every check; at least 95 % must (your own limit).",
        "In Customers, the only row could be used; at most 5 % may be left out.",
        "Notes had no rows, so there is no share to measure.",
        "Notes had no rows, so there is no share to measure.",
    ]


def test_gates_of_feeds_have_names_of_their_own() -> None:
    feeds = [FeedRows("Customers", Ledger(5), 0), FeedRows("Orders", Ledger(5), 0)]
    assert len({one.name for one in row_gates(feeds, Limits())}) == 4


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.floats(0, 1))
def test_a_share_never_reads_like_the_limit_that_it_misses(accepted: int, faulty: int, limit: float) -> None:
    found = row_gates([FeedRows("Customers", Ledger(accepted), faulty % (accepted + 1))], Limits(pass_rate=round(limit, 2)))[0]
    figures = re.findall(r"([\d.]+) %", plain(found.sentence))
    if found.outcome == "fail" and len(figures) == 2:
        assert figures[0] != figures[1]
        assert float(figures[0]) < float(figures[1])


def test_a_share_that_misses_its_limit_by_a_hair_is_told_with_more_decimals() -> None:
    passed, held = row_gates([FeedRows("Customers", Ledger(949_999, {"ragged": 50_001}), 150_000)], OURS)
    assert plain(passed.sentence) == "In Customers, only 799,999 of 1,000,000 rows (79.9999 %) passed every check; at least 80 % must."
    assert plain(held.sentence) == "In Customers, 50,001 of 1,000,000 rows (5.0001 %) could not be used; at most 5 % may be left out."


def test_more_faulty_rows_than_accepted_ones_are_a_fault() -> None:
    with pytest.raises(RunError, match="GATE-COUNTS"):
        FeedRows("Customers", Ledger(3, {"ragged": 9}), 4)


def test_a_file_like_the_training_data_passes() -> None:
    found = judged(customers(4_000, seed=2))
    assert {one.outcome for one in found.values()} == {"pass"}
    assert all(one.drift.sentence == "" for one in found.values())
    assert all(one.psi is not None and one.psi < 0.02 for one in found.values())


def test_values_that_moved_fail_and_say_by_how_much() -> None:
    found = judged(customers(4_000, seed=2, more=1.6))
    assert {name: one.outcome for name, one in found.items()} == {"income": "fail", "age": "pass", "segment": "pass"}
    said = found["income"].drift
    assert said.psi is not None
    assert said.psi > 1
    assert said.sentence == f"It is spread differently from training: PSI {said.psi:.3f}, where at most 0.25 is allowed."


def test_a_missing_rate_that_rose_fails_though_the_values_are_alike() -> None:
    found = judged(customers(4_000, seed=2, gaps=0.34))["income"]
    assert (found.gaps, found.spread, found.outcome) == ("fail", "pass", "fail")
    assert re.fullmatch(
        r"Missing in 3\d\.\d % of the rows; at training it was 4\.\d %, and at most 20 percentage points more are allowed\.",
        plain(found.drift.sentence),
    )


def test_filled_cells_count_as_missing() -> None:
    table = customers(4_000, seed=2)
    filled = table.set_column(0, "income", table["income"].fill_null(25_000.0))
    masked = judged(filled, income=np.arange(4_000) % 2 == 0)["income"].drift
    assert (masked.missing_input, masked.outcome) == (0.5, "fail")


def test_an_absent_field_is_missing_in_every_row() -> None:
    found = judged(customers(4_000).drop_columns(["income"]))["income"].drift
    assert (found.missing_input, found.psi, found.outcome) == (1.0, None, "fail")
    assert plain(found.sentence).startswith("Missing in every row; at training it was 4")


def test_an_absent_field_fails_however_few_the_rows() -> None:
    few = judged(customers(20).drop_columns(["income"]))
    assert (few["income"].gaps, few["age"].gaps) == ("fail", "cannot tell")
    assert [one.title for one in drift_gates(list(few.values()), OURS)] == [
        "Missing values: Income", "Drift: Age", "Drift: Segment",
    ]  # fmt: skip


def test_a_field_missing_everywhere_on_both_sides_is_alike() -> None:
    bare = customers().set_column(0, "income", pa.nulls(5_000, pa.float64()))
    found = judged(bare, training=bare)["income"].drift
    assert (found.outcome, found.psi, found.sentence) == ("pass", None, "It is missing in every row, just as at training.")


def test_too_few_values_cannot_be_compared() -> None:
    found = judged(customers(60, seed=3))["income"].drift
    assert (found.outcome, found.psi) == ("cannot tell", None)
    assert re.fullmatch(
        r"Too few values to compare: 4,\d{3} at training, \d\d now; at least 100 are needed on both sides\.", found.sentence
    )
    assert set(outcomes(customers(60, seed=3), Limits(fewest_rows=50)).values()) == {"pass"}
    assert judged(customers(5_000), training=customers(50))["age"].outcome == "cannot tell"


def test_no_rows_at_all_cannot_be_judged() -> None:
    found = judged(customers(0))["income"].drift
    assert (found.outcome, found.missing_input, found.psi) == ("cannot tell", None, None)


def test_the_limit_of_the_missing_rate_is_met_exactly() -> None:
    made = layout(customers(), KINDS)
    rows = 1_000
    sides = [profile(customers(rows, gaps=0), made, {"income": np.arange(rows) < gone}) for gone in (700, 900, 901)]
    rises = [compare(sides[0], side, TITLES, Limits(fewest_rows=50))[0] for side in sides[1:]]
    assert [(one.rise, one.gaps) for one in rises] == [(0.2, "pass"), (0.201, "fail")]


def test_chance_on_few_rows_is_no_drift() -> None:
    held = 0
    for seed in range(100):
        training, now = customers(110, seed=2 * seed + 1_000), customers(110, seed=2 * seed + 1_001)
        held += any(one.spread == "fail" for one in judged(now, Limits(psi=0.1), training).values())
    assert held <= 15


def test_a_psi_that_chance_explains_is_said_to_be_so() -> None:
    limits = Limits(psi=0.01)
    found = next(one for seed in range(50) if (one := judged(customers(150, seed), limits)["age"]).psi and one.psi > 0.02)
    assert (found.spread, found.psi_limit is not None and found.psi_limit > 0.01) == ("pass", True)
    assert re.fullmatch(r"PSI 0\.\d+ is above 0\.01, but with so few rows chance alone reaches 0\.\d+\.", found.drift.sentence)


def test_drift_is_what_pages_show_of_a_comparison() -> None:
    made = layout(customers(), KINDS)
    sides = profile(customers(), made), profile(customers(500, seed=9), made)
    shown = drift(*sides, TITLES, Limits())
    assert all(isinstance(one, Drift) for one in shown)
    assert shown == tuple(found.drift for found in compare(*sides, TITLES, Limits()))
    assert compare(*sides, {}, Limits())[0].title == "income"
    with pytest.raises(ContractError, match="PROFILE-LAYOUT"):
        compare(sides[0], Profile(Layout({})), TITLES, Limits())


def many(inputs: int, rows: int, moved: int = 0, absent: int = 0) -> tuple[Gate, ...]:
    """Gates of so many alike inputs, of which some moved and some are absent."""
    random = np.random.default_rng(inputs + rows)
    names = [f"x{n}" for n in range(inputs)]
    training = pa.table({name: random.normal(size=2_000) for name in names})
    now = pa.table({name: random.normal(2 * (n < moved), 1, rows) for n, name in enumerate(names[: inputs - absent])})
    made = layout(training, dict.fromkeys(names, "number"))
    titles = {name: f"Input {n + 1}" for n, name in enumerate(names)}
    return drift_gates(compare(profile(training, made), profile(now, made), titles, Limits()), Limits())


@pytest.mark.parametrize(
    ("inputs", "subject"),
    [(1, "The only input, “Input 1”, is"), (2, "Both inputs are"), (3, "All 3 inputs are"), (40, "All 40 inputs are")],
)
def test_inputs_that_pass_share_two_gates_that_name_the_worst(inputs: int, subject: str) -> None:
    gaps, spread = many(inputs, 3_000)
    assert (gaps.name, spread.name, gaps.outcome, spread.outcome) == ("missing", "psi", "pass", "pass")
    assert gaps.sentence == f"{subject} missing no more often than at training; at most 20 percentage points more are allowed."
    moved = "PSI" if inputs == 1 else r"“Input \d+” moved furthest, with PSI"
    assert re.fullmatch(rf"{subject} spread much as at training: {moved} 0\.\d+, where at most 0\.25 is allowed\.", spread.sentence)
    assert spread.measured is not None


def test_the_worst_input_is_the_one_that_moved_most() -> None:
    found = judged(customers(4_000, seed=2, more=1.1, gaps=0.1))
    gaps, spread = drift_gates(list(found.values()), OURS)
    assert (gaps.measured, spread.measured) == (found["income"].rise, found["income"].psi)
    assert re.fullmatch(
        r"All 3 inputs are missing up to 6\.\d+ percentage points more often than at training \(“Income”\); at most 20 .*", gaps.sentence
    )
    assert "“Income” moved furthest, with PSI 0.0" in spread.sentence


def test_each_input_that_fails_has_a_gate_of_its_own() -> None:
    found = many(40, 3_000, moved=2, absent=1)
    assert [one.title for one in found if one.outcome == "fail"] == ["Missing values: Input 40", "Drift: Input 1", "Drift: Input 2"]
    assert [one.sentence.split(" are ")[0] for one in found if one.outcome == "pass"] == ["The other 39 inputs", "The other 37 inputs"]
    assert all(re.match("“Input .*” is ", one.sentence) for one in found if one.outcome == "fail")


def test_many_inputs_that_cannot_be_judged_share_a_gate() -> None:
    (found,) = many(40, 50)
    assert found.outcome == "cannot tell"
    assert found.sentence == (
        "All 40 inputs have too few values to compare; at least 100 are needed at training and now: "
        "“Input 1”, “Input 2”, “Input 3” and 37 others."
    )
    assert [one.title for one in many(2, 50)] == ["Drift: Input 1", "Drift: Input 2"]


@given(st.lists(st.sampled_from(["pass", "fail", "cannot tell"]), max_size=12))
def test_the_verdict_is_the_worst_gate(found: list[Outcome]) -> None:
    said = verdict([gate(one) for one in found], True)
    wanted = next((one for one in ("fail", "cannot tell") if one in found), "pass" if found else "cannot tell")
    assert said.outcome == wanted
    assert exit_code(said) == {"pass": 0, "fail": 1, "cannot tell": 3}[said.outcome]
    assert (status([gate(one) for one in found]).word == "HELD") == ("fail" in found)


def test_the_verdict_can_be_read_aloud() -> None:
    said = [
        verdict([gate("pass")] * 2, True).sentence,
        verdict([gate("pass")] * 3 + [gate("fail", "Missing values: Income"), gate("cannot tell")], True).sentence,
        verdict([gate("cannot tell", "Drift: Age"), gate("pass")], True).sentence,
        verdict([gate("pass")] * 4, False, "the model learned from this very file.").sentence,
        verdict([gate("pass")] * 4, False).sentence,
        verdict([], True).sentence,
    ]
    assert said == [
        "These scores can be used: both checks passed.",
        "Please wait with these scores: 1 of 5 checks failed (“Missing values: Income”), and 1 could not be decided.",
        "We cannot say whether these scores can be used: 1 of 2 checks could not be decided (“Drift: Age”).",
        "These scores can be used: all 4 checks passed. Drift was not judged: the model learned from this very file.",
        "These scores can be used: all 4 checks passed. Drift was not judged.",
        "We cannot say whether these scores can be used: no check applied.",
    ]


def test_a_failed_gate_holds_the_pack_and_says_why() -> None:
    failed = [gate("fail", sentence="Income is missing."), gate("pass"), gate("fail"), gate("fail")]
    assert status(failed).reason == "Income is missing. 2 more checks failed."
    assert status(failed[:2], "A question is open.").reason == "Income is missing. A question is open."
    assert (status([gate("pass")], "A question is open.").word, status([gate("pass")]).reason) == ("DRAFT", "")
    undecided = status([gate("cannot tell", "Drift: Age")])
    assert (undecided.word, undecided.reason) == ("READY", "Not decided: “Drift: Age”.")


def test_a_client_may_set_limits_of_its_own() -> None:
    limits = Limits().with_policies({"psi": 3, "fewest_rows": 500, "missing_rise": 0})
    assert limits.as_dict() == {"pass_rate": 0.8, "quarantine_share": 0.05, "missing_rise": 0.0, "psi": 3.0, "fewest_rows": 500}
    assert limits.own == ("fewest_rows", "missing_rise", "psi")
    found = judged(customers(4_000, more=1.6), limits)["income"]
    assert found.spread == "pass"
    told = drift_gates([found], limits)[-1].sentence
    assert told.endswith("where at most 3 is allowed (your own limit).")


@pytest.mark.parametrize(
    ("policies", "code", "hint"),
    [
        ({"pasrate": 0.9}, "POLICY-UNKNOWN", "did you mean pass_rate?"),
        ({"own": 1}, "POLICY-UNKNOWN", "remove it from `policies:`"),
        ({"pass_rate": "high"}, "POLICY-VALUE", None),
        ({"pass_rate": True}, "POLICY-VALUE", None),
        ({"pass_rate": 95}, "POLICY-VALUE", None),
        ({"psi": 0}, "POLICY-VALUE", None),
        ({"psi": float("nan")}, "POLICY-VALUE", None),
        ({"fewest_rows": 0.5}, "POLICY-VALUE", None),
        ({"quarantine_share": None}, "POLICY-VALUE", None),
    ],
)
def test_a_policy_that_is_none_is_refused(policies: dict[str, Any], code: str, hint: str | None) -> None:
    with pytest.raises(SettingsError) as caught:
        Limits().with_policies(policies, client="acme")
    assert (caught.value.code, caught.value.hint, str(caught.value.place)) == (code, hint, "client acme, file client.yaml")


def test_exit_codes_are_those_of_the_command_line() -> None:
    assert [exit_code(Verdict(one, "")) for one in ("pass", "fail", "cannot tell")] == [0, 1, 3]
