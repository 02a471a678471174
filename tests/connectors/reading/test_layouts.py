"""What stands around a table: headers of several kinds, notes below, small tables above, lists without a header."""

from __future__ import annotations

import pytest

from connectors.reading import tail
from tests.connectors.reading.conftest import Taker

BASKETS = [
    "milk,bread,eggs", "bread", "tea,milk", "eggs,tea,rice,salt", "rice", "salt,bread,milk,tea,eggs", "milk", "bread,tea", "salt,rice",
    "eggs", "tea", "milk,salt",
]  # fmt: skip


def rows(count: int = 20) -> list[str]:
    return [f"{n},Ute {n},{n}.50" for n in range(1, count)]


@pytest.mark.parametrize("sign", [",", ";", "|"])
def test_a_file_of_baskets_has_no_header(take: Taker, sign: str) -> None:
    taken = take("\n".join(basket.replace(",", sign) for basket in BASKETS) + "\n")
    assert taken.reading.decisions["header_row"].value == 0
    assert len(taken.rows) + len(taken.reasons) == len(BASKETS)
    assert not [reason for _, reason in taken.reasons if reason == "header"]


@pytest.mark.parametrize("name", ["basket", "items bought", "basket,remark"])
def test_baskets_under_a_name_keep_it(take: Taker, name: str) -> None:
    taken = take("\n".join([f'"{name}"', *(f'"{basket}"' for basket in BASKETS)]) + "\n")
    assert taken.reading.header == (name,)


@pytest.mark.parametrize("letters", ["A,B,C", "(a),(b),(c)", "1,2,3", "[1],[2],[3]", "1.,2.,3."])
def test_letters_above_the_names_are_part_of_the_header(take: Taker, letters: str) -> None:
    taken = take("\n".join([letters, "id,name,pay", *rows()]) + "\n")
    assert taken.reading.header == tuple(f"{a} {b}" for a, b in zip(letters.split(","), ("id", "name", "pay"), strict=True))
    assert taken.reasons == [(1, "header"), (2, "header")]


@pytest.mark.parametrize("first", ["1,2,3", "A,B,C"])
def test_a_row_that_counts_above_rows_of_its_kind_is_a_row(take: Taker, first: str) -> None:
    taken = take("\n".join([first, *(first.replace("1", str(n)) if "1" in first else f"{n},{n},{n}" for n in range(4, 20))]) + "\n")
    assert taken.reading.header == (("column 1", "column 2", "column 3") if "1" in first else ("A", "B", "C"))


@pytest.mark.parametrize("mark", ["1", "(1)", "1)", "*", "a)", "†", "[2]"])
def test_a_marked_note_below_the_rows_is_a_footer(take: Taker, mark: str) -> None:
    lines = [f"Town {n},{n}.50,{n}" for n in range(1, 20)]
    taken = take("\n".join(["place,pay,count", *lines, ",,", f"{mark},Figures are provisional and may be revised,"]) + "\n")
    assert taken.reasons == [(1, "header"), (21, "blank"), (22, "footer")]


def test_a_sparse_last_row_with_a_number_is_a_row(take: Taker) -> None:
    taken = take("\n".join(["id,note,pay", *(f"{n},called Ute again,{n}.50" for n in range(1, 20)), "20,called Ute again,"]) + "\n")
    assert taken.reasons == [(1, "header")]


def test_words_alone_below_a_table_of_sparse_rows_are_rows(take: Taker) -> None:
    lines = [f"Ute Bär,{n}.5," if n % 3 else "Max Groß,," for n in range(1, 20)]
    taken = take("\n".join(["name,pay,note", *lines, "Jo Klein,,"]) + "\n")
    assert taken.reasons == [(1, "header")]


def test_a_small_table_above_the_header_is_one(take: Taker) -> None:
    codes = ["a,first,x", "b,second,y", "c,third,z"]
    taken = take("\n".join(["Report,,", ",,", *codes, ",,", "id,name,pay", *rows()]) + "\n")
    assert taken.reasons == [(1, "preamble"), (2, "blank"), *((n, "other_table") for n in (3, 4, 5)), (6, "blank"), (7, "header")]


def test_names_and_values_above_the_header_are_a_preamble(take: Taker) -> None:
    facts = ["Client,ACME,", "Period,2024,", "Made by,Ute,"]
    taken = take("\n".join([*facts, ",,", "id,name,pay", *rows()]) + "\n")
    assert [reason for _, reason in taken.reasons] == ["preamble"] * 3 + ["blank", "header"]


def test_a_total_above_another_table_is_a_total(take: Taker) -> None:
    total = sum(range(1, 20))
    first = ["id,name,pay", *(f"{n},Ute {n},{n}" for n in range(1, 20)), f"Total,,{total}", "Made by the ledger office,,"]
    second = ["code,meaning,since", "A,active,2001-01-01", "B,blocked,2002-02-02", "C,closed,2003-03-03"]
    taken = take("\n".join([*first, ",,", *second]) + "\n")
    assert taken.reasons[1:4] == [(21, "total"), (22, "footer"), (23, "blank")]
    assert {reason for _, reason in taken.reasons[4:]} == {"other_table"}


def test_a_remark_is_a_sentence_or_ends_with_a_colon() -> None:
    assert tail.remark(["", "Notes:"])
    assert not tail.remark(["", "Notes"])


# Files made for people, or by two programs


def test_a_table_drawn_with_lines(take: Taker) -> None:
    drawn = [f"| {n:2d} | Ute {n} |" for n in range(20)]
    taken = take("\n".join(["+----+-------+", "| id | name  |", "+----+-------+", *drawn, "+----+-------+"]) + "\n")
    assert taken.reading.header == ("column 1", "id", "name", "column 4")
    assert taken.reasons == [(1, "preamble"), (2, "header"), (3, "blank"), (24, "blank")]
    assert len(taken.rows) == 20


@pytest.mark.parametrize("line", ["|----|------|", "| :--- | ---: |", "|====|======|"])
def test_a_line_below_the_header_is_blank(take: Taker, line: str) -> None:
    taken = take("\n".join(["| id | name |", line, *(f"| {n} | Ute |" for n in range(20))]) + "\n")
    assert taken.reasons == [(1, "header"), (2, "blank")]


def test_a_row_of_dashes_elsewhere_is_a_row(take: Taker) -> None:
    taken = take("\n".join(["id,name", *(f"{n},Ute" for n in range(10)), "---,---", "11,Max"]) + "\n")
    assert taken.reasons == [(1, "header")]


def test_names_of_people_under_a_single_word_are_one_column(take: Taker) -> None:
    taken = take("name\n" + "".join(f"Ute Bär{n}\n" for n in range(50)))
    assert taken.reading.header == ("name",)
    assert len(taken.rows) == 50


def test_empty_columns_make_no_long_delimiter(take: Taker) -> None:
    taken = take("id;;name;;\n" + "".join(f"{n};;Ute;;\n" for n in range(50)))
    assert taken.reading.header == ("id", "column 2", "name", "column 4", "column 5")


def test_a_doubled_delimiter_is_one(take: Taker) -> None:
    assert take("id;;name;;pay\n" + "".join(f"{n};;Ute;;3\n" for n in range(50))).reading.header == ("id", "name", "pay")


def test_two_byte_order_marks_are_no_part_of_a_name(take: Taker) -> None:
    taken = take(b"\xef\xbb\xbf\xef\xbb\xbfid;name\n1;Ute\n2;Max\n")
    assert (taken.reading.header, taken.reading.filed) == (("id", "name"), ("id", "name"))


def test_a_code_page_told_by_few_signs_is_doubtful(take: Taker) -> None:
    few = take("id;name\n" + "".join(f"{n};Ян\n" for n in range(50)), name="a.csv")
    assert few.reading.decisions["encoding"].confidence > 0.9
    few = take(("id;name\n" + "".join(f"{n};Янн\n" for n in range(50))).encode("cp1251"), name="b.csv")
    assert few.reading.decisions["encoding"].confidence <= 0.6


def test_a_delimiter_within_cells_does_not_go_before_one_that_divides_the_header(take: Taker) -> None:
    taken = take("id,note\n" + "".join(f"{n},a;b;c\n" for n in range(40)))
    assert (taken.reading.header, taken.rows[0]) == (("id", "note"), {"id": "0", "note": "a;b;c"})
    taken = take("id name pay day\n" + "".join(f"{n} Ute {n},50 2024-05-01\n" for n in range(40)))
    assert taken.reading.header == ("id", "name", "pay", "day")


def test_a_warehouse_divides_by_the_first_control_character(take: Taker) -> None:
    assert take("id\x01name\n" + "".join(f"{n}\x01Ute\n" for n in range(40))).reading.header == ("id", "name")


@pytest.mark.parametrize("times", [["01.2024", "02.2024"], ["2023", "2024"], ["01.02.2024", "02.02.2024"], ["2024-01-01", "2024-01-02"]])
def test_times_above_counts_are_names(take: Taker, times: list[str]) -> None:
    taken = take("\n".join([";".join(["Ort", *times]), *(f"Ulm {n};{n};{n * 3}" for n in range(30))]) + "\n")
    assert taken.reading.header == ("Ort", *times)


def test_a_table_of_words_below_one_of_numbers_is_another(take: Taker) -> None:
    second = ["code,meaning,by", *(f"C{n},word {n % 4},Ute" for n in range(5))]
    taken = take("\n".join(["id,pay,n", *(f"{n},{n}.5,1" for n in range(30)), ",,", *second]) + "\n")
    assert len(taken.rows) == 30
    assert [reason for _, reason in taken.reasons] == ["header", "blank", *["other_table"] * 6]


def test_words_behind_a_blank_record_above_numbers_part_nothing(take: Taker) -> None:
    people = [f"{n},{n}.5,1" for n in range(30)]
    taken = take("\n".join(["id,pay,n", *people, ",,", "see note,open,later", *people]) + "\n")
    assert len(taken.rows) + len(taken.reasons) == 63
