"""The fit-gap map as facts, drawing and page: everything is said, nothing by colour alone, and it opens from disk."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contracts.accuracy import Accuracy, Shift
from reports.fitgap import Connected, Cost, FitGap, Help, Input, Link
from reports.fitgap_drawing import drawing
from reports.fitgap_page import page, verdict
from tests.reports.conftest import Opener

SVG = "{http://www.w3.org/2000/svg}"


def link(name: str, *columns: str, known: bool = True) -> Link:
    return Link("customers", name, name.replace("_", " ").capitalize(), columns, known)


INPUTS = (
    Input("gender", "Gender", "", "supplied", 0.9, {"supplied": 0.9, "absent": 0.1}, (link("gender", "Anrede"),)),
    Input("age", "Age", "", "derived", 1.0, {"derived": 1.0}, (link("birth_date", "Geburtsdatum"),), "age"),
    Input("region", "Region", "", "imputed", 0.0, {"imputed": 1.0}, (link("region"),), "", "the most frequent value"),
    Input("education", "Education", "", "absent", 0.0, {"absent": 1.0}, (link("education"),)),
    Input("visits", "Visits <b>", "", "absent", 0.0, {"absent": 1.0}, (link("visits", known=False),)),
    Input("segment", "Segment", "", "supplied", 1.0, {"supplied": 1.0}, (link("segment", "Gruppe"),), unknown=0.8),
)
COST = Cost(
    1_000, 250, 5, 7, "our own research rows",
    Accuracy(0.81, 0.01, 0.14, 0.002), Accuracy(0.70, 0.01, 0.19, 0.002), Accuracy(0.75, 0.01, 0.16, 0.002),
    Shift(-0.11, 0.01), Shift(0.05, 0.01),
    (
        Help("Visits", ("visits",), Shift(0.06, 0.01), Shift(0.05, 0.005)),
        Help("Education", ("education",), Shift(0, 0), Shift(0.001, 0.001)),
    ),
)  # fmt: skip
FEED = Connected("acme/customers", "customers@1.0", "confirmed", 500, ("a.csv",), ("Notiz",))
MAP = FitGap("Acme", "repurchase", "Repurchase", "Who?", (FEED,), (), INPUTS, 500, "repurchase@0001", COST)


def boxes(svg: str) -> dict[str, str]:
    """Style of each box by its whole text."""
    found = {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        title = group.find(f"{SVG}title")
        frame = next(one for one in group.iter(f"{SVG}rect") if one.get("class", "").startswith("box"))
        assert title is not None
        found[str(title.text)] = frame.get("class", "")
    return found


def test_every_input_field_and_column_has_a_box_and_broken_ones_are_drawn_so() -> None:
    found = boxes(drawing(MAP).wide)
    assert set(found) >= {"Anrede", "Geburtsdatum", "Gender", "Birth date", "age", "Age", "Visits <b>", "in no contract", "Repurchase"}
    assert found["Visits <b>"] == found["in no contract"] == "box gap"
    assert found["Region"] in ("box made", "box gap")
    assert found["Segment"] in ("box made", "box ok")
    assert found["Age"] == found["Anrede"] == "box ok"
    assert "1 column unused" in found


def test_a_broken_line_has_a_cross_and_dots_beside_its_colour() -> None:
    wide = drawing(MAP).wide
    broken = wide.count('<path class="gap"')
    assert broken == wide.count('class="cross"')
    assert broken >= 5  # two inputs to the pack, two ways to them, a field that is not sent
    assert re.search(r"\.fg path\.gap\{[^}]*stroke-dasharray", wide)


def test_boxes_of_a_lane_never_overlap() -> None:
    many = tuple(replace(INPUTS[n % 5], name=f"n{n}", title=f"Input {n}") for n in range(40))
    for svg in (drawing(replace(MAP, inputs=many)).wide, drawing(replace(MAP, inputs=many)).narrow):
        lanes: dict[str, list[float]] = {}
        for frame in ElementTree.fromstring(svg).iter(f"{SVG}rect"):
            if frame.get("class", "").startswith("box"):
                lanes.setdefault(str(frame.get("x")), []).append(float(frame.get("y", "0")))
        for heights in lanes.values():
            ordered = sorted(heights)
            assert all(below - above >= 24 for above, below in pairwise(ordered))


def test_the_drawing_and_the_page_are_the_same_every_time() -> None:
    assert page(MAP) == page(MAP)


def test_the_page_says_what_is_measured_what_would_help_and_what_is_to_come() -> None:
    text = page(MAP)
    for said in (
        "0.810 ± 0.010",
        "0.700 ± 0.010",
        "0.750 ± 0.010",
        "+0.050 ± 0.005",
        "not told from chance",
        "not yet: it will stand here",
    ):
        assert said in text
    assert "Visits &lt;b&gt;" in text
    assert "<b>" not in text
    assert "80.0\u00a0% of the rows hold a word that the model does not know" in text
    assert "NOT CONFIRMED" not in text
    assert "0.660 ± 0.020" in page(replace(MAP, measured=Accuracy(0.66, 0.02, 0.2, 0.01)))


def test_a_connector_that_nobody_confirmed_is_said_to_be_so() -> None:
    text = page(replace(MAP, feeds=(replace(FEED, status="proposed", questions=2),)))
    assert "NOT CONFIRMED" in text
    assert "2 open questions" in text
    assert "could serve, once the connector is confirmed" in text


def test_without_a_model_nothing_is_pretended() -> None:
    bare = replace(MAP, cost=None, model="", notes=("There is no model yet.",))
    assert "This was not measured" in page(bare)
    assert "AUC" not in verdict(bare)
    assert "AUC" not in drawing(bare).wide


def test_a_product_without_its_rows_still_has_a_page() -> None:
    text = page(FitGap("Acme", "churn", "Churn", "Who?", missing=("subscribers",)))
    assert "cannot serve" in text
    assert "subscribers" in text


def test_the_document_is_json_and_counts_what_it_lists() -> None:
    document = json.loads(json.dumps(MAP.as_dict(), allow_nan=False))
    assert document["counts"] == {"supplied": 2, "derived": 1, "looked_up": 0, "imputed": 1, "absent": 2}
    assert len(document["inputs"]) == 6


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_nothing_is_wider_than_the_page_or_asks_the_network(opened: Opener, tmp_path: Path, width: int) -> None:
    path = tmp_path / "map.html"
    path.write_text(page(MAP), encoding="utf-8")
    shown = opened(path, width)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("[...document.querySelectorAll('figure svg')].filter(s => s.getClientRects().length).length") == 1


def test_an_accuracy_that_chance_reaches_as_well_is_said_to_be_none() -> None:
    nothing = replace(COST, full=Accuracy(0.465, 0.01, 0.2, 0.01), lost=Shift(0.0, 0.0), own=True)
    assert verdict(replace(MAP, cost=nothing)).endswith("an AUC of 0.465, which is no better than chance.")
    assert "chance" not in verdict(replace(MAP, cost=replace(nothing, full=Accuracy(0.61, 0.01, 0.2, 0.01))))
