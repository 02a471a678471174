"""Columns are found exactly or not at all; what is missing is said line by line with what comes closest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping import fit, fold
from contracts.errors import ColumnsError, Place
from tests.connectors.taking import feed, take

COLUMNS = {"customer_id": "Kundennummer", "city": "Ort", "income": "Jahreseinkommen", "last_name": "Nachname"}
HEADER = ["Kundennummer", "Ort", "Jahreseinkommen", "Nachname"]
PLACE = Place(client="acme", file="a.csv")


def refused(header: list[str], **content: object) -> ColumnsError:
    with pytest.raises(ColumnsError) as caught:
        fit(header, feed(**{"columns": COLUMNS, **content}), PLACE)
    return caught.value


def test_all_there_in_any_order() -> None:
    found = fit(HEADER[::-1], feed(columns=COLUMNS), PLACE)
    assert dict(found.columns) == dict(zip(HEADER, HEADER, strict=True))
    assert (found.near, found.unused, found.unknown, found.absent) == ((), (), (), ())


def test_case_blanks_dashes_and_umlauts_do_not_matter_and_are_said() -> None:
    found = fit(["KUNDEN-NUMMER", " Ort", "Jahres_Einkommen", "Nachname"], feed(columns=COLUMNS), PLACE)
    assert found.near == (("Kundennummer", "KUNDEN-NUMMER"), ("Ort", " Ort"), ("Jahreseinkommen", "Jahres_Einkommen"))
    assert fold("Straße") == fold("STRASSE") == fold("strasse")


def test_two_columns_that_fold_alike_are_neither() -> None:
    assert refused(["Kundennummer", "ort", "ORT", "Jahreseinkommen", "Nachname"]).code == "COLUMN-MISSING"


def test_a_missing_column_is_named_with_the_closest_one() -> None:
    error = refused(["Kundennummer", "Ort", "Jahreseinkomen", "Nachname", "Neu"])
    assert error.code == "COLUMN-MISSING"
    assert error.place == PLACE
    assert error.details == (
        "- expected 'Jahreseinkommen' (income): not in the file; closest: 'Jahreseinkomen' 97 %",
        "+ 'Jahreseinkomen': not in the connector",
        "+ 'Neu': not in the connector",
    )
    assert error.hint is not None


def test_a_file_of_another_feed() -> None:
    error = refused(["Bestellnummer", "Position", "Kundennummer", "Betrag"])
    assert error.code == "COLUMNS-WRONG-FEED"
    assert "3 of 4 expected columns" in error.message
    assert len([line for line in error.details if line.startswith("-")]) == 3


def test_a_first_row_of_values_is_shown_by_its_shape_only() -> None:
    error = refused(["4711-2024", "ute@example.org", "München"])
    assert "ute@example.org" not in "\n".join(error.lines())
    assert "4711" not in "\n".join(error.lines())


def test_optional_ignored_and_unknown_columns() -> None:
    columns = {**COLUMNS, "city": {"from": "Ort", "optional": True}}
    found = fit(["Kundennummer", "Jahreseinkommen", "Nachname", "Intern", "Neu"], feed(columns=columns, ignored=["INTERN"]), PLACE)
    assert (found.absent, found.unused, found.unknown) == (("Ort",), ("Intern", "Neu"), ("Neu",))


def test_a_column_may_feed_several_fields_and_several_columns_one() -> None:
    spec = feed(columns={"customer_id": "Nr", "street": {"from": ["Weg", "Haus"]}, "city": "Ort", "region": "Ort"})
    taken = take({"a.csv": "Nr;Weg;Haus;Ort\n1;Gasse;5;Ulm\n2;Hof;;Bonn\n3;;;\n"}, spec)
    assert taken.column("street") == ["Gasse 5", "Hof", None]
    assert taken.column("region") == taken.column("city") == ["Ulm", "Bonn", None]


def test_files_of_one_submission_may_order_their_columns_differently() -> None:
    spec = feed(columns={"customer_id": "Nr", "city": "Ort"})
    taken = take({"a.csv": "Nr;Ort\n1;Ulm\n2;Bonn\n", "b.csv": "Ort;Neu;Nr\nKiel;x;3\nJena;y;4\n"}, spec)
    assert {(row["customer_id"], row["city"]) for row in taken.rows} == {("1", "Ulm"), ("2", "Bonn"), ("3", "Kiel"), ("4", "Jena")}
    assert taken.described["columns"]["unknown"] == ["Neu"]


@given(st.permutations(HEADER), st.lists(st.sampled_from(["Neu", "Alt", "x"]), unique=True, max_size=3))
def test_order_and_more_columns_change_nothing(header: list[str], more: list[str]) -> None:
    found = fit([*more, *header], feed(columns=COLUMNS), PLACE)
    assert set(found.columns) == set(HEADER)
    assert set(found.unknown) == set(more)
