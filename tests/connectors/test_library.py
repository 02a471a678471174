"""Connectors by name: what is wrong in a YAML file is said in one go, with the closest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.library import LARGEST, clients, feeds, load_client, load_feed, read_feed, read_yaml
from contracts.errors import SettingsError

CLIENT = "name: acme\ntitle: Acme\ncountry: DE\ntime_zone: Europe/Berlin\ncurrency: EUR\n"
FEED = "feed: acme/people\ncontract: customers@1.0\ncolumns:\n  customer_id: Nr\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "acme" / "people.yaml").write_text(FEED, encoding="utf-8")
    return tmp_path


def refused(folder: Path, content: str, name: str = "people") -> SettingsError:
    (folder / "acme" / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_client("acme", folder) if name == "client" else load_feed(f"acme/{name}", folder)
    return caught.value


def test_a_folder_of_clients_stands_before_the_shipped_ones(folder: Path) -> None:
    assert {"acme", "harbour", "telco", "bank", "onlineretail", "sprocket"} <= set(clients(folder))
    assert feeds("acme", folder) == ("acme/people",)
    assert load_client("acme", folder).time_zone == "Europe/Berlin"
    assert load_feed("acme/people", folder).columns["customer_id"].source == ("Nr",)


@pytest.mark.parametrize("feed", [feed for client in clients() for feed in feeds(client)])
def test_every_shipped_connector_is_confirmed_and_belongs_to_its_client(feed: str) -> None:
    spec = load_feed(feed)
    assert spec.feed == feed
    assert spec.status == "confirmed"
    assert load_client(spec.client).name == spec.client
    assert spec.table.name == feed.split("/")[1]


def test_unknown_names_are_told_what_is_closest(folder: Path) -> None:
    with pytest.raises(SettingsError, match="CLIENT-UNKNOWN") as caught:
        load_client("harbor")
    assert "harbour" in str(caught.value.hint)
    with pytest.raises(SettingsError, match="FEED-UNKNOWN") as caught:
        load_feed("acme/peple", folder)
    assert "acme/people" in str(caught.value.hint)
    for name in ("acme", "acme/", "acme/client", "", "../acme/people"):
        with pytest.raises(SettingsError):
            load_feed(name, folder)


def test_all_wrong_entries_are_told_at_once(folder: Path) -> None:
    content = FEED + "  city: {from: Ort, vlaues: {}}\nmodus: append\nstatus: perhaps\nreading: {decimals: ','}\n"
    error = refused(folder, content)
    assert error.code == "CONNECTOR-INVALID"
    text = "\n".join(error.details)
    assert "columns.city.vlaues: unknown key; closest: values" in text
    assert "modus: unknown key; closest: mode" in text
    assert "reading.decimals: unknown key; closest: decimal" in text
    assert "status" in text
    assert len(error.details) == 4


def test_a_field_that_the_contract_lacks(folder: Path) -> None:
    error = refused(folder, FEED + "  incme: Einkommen\n")
    assert error.code == "CONNECTOR-INVALID"
    assert "closest: income" in error.details[0]


def test_a_required_field_that_is_not_mapped(folder: Path) -> None:
    error = refused(folder, "feed: acme/people\ncontract: customers@1.0\ncolumns:\n  city: Ort\n")
    assert "customer_id" in str(error.hint)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("contract: custmers@1.0", "customers"),
        ("contract: customers@9.0", "9.0"),
        ("feed: Acme People", "feed"),
        ("columns: {customer_id: {}}", "from"),
        ("columns: {customer_id: {from: Nr, constant: 1}}", "from"),
        ("columns: {customer_id: {from: position_within}}", "of"),
        ("extensions: {city: {from: Ort, title: Ort, meaning: Ort., type: text}}", "city"),
        ("extensions: {more: {from: Ort, title: Ort, type: text}}", "meaning"),
        ("extensions: {more: {from: Ort, title: Ort, meaning: Ort., type: decimal}}", "type"),
    ],
)
def test_entries_that_make_no_sense(folder: Path, line: str, part: str) -> None:
    key = line.partition(":")[0]
    kept = "".join(f"{text}\n" for text in FEED.splitlines() if not text.startswith(key) and not (key == "columns" and text[0] == " "))
    error = refused(folder, f"{kept}{line}\n")
    assert error.code == "CONNECTOR-INVALID"
    assert part in "\n".join(error.lines())


@pytest.mark.parametrize("line", ["country: Germany", "currency: Euro", "time_zone: Europe/Entenhausen", "nmae: x"])
def test_clients_that_make_no_sense(folder: Path, line: str) -> None:
    kept = "".join(f"{text}\n" for text in CLIENT.splitlines() if text.partition(":")[0] != line.partition(":")[0])
    assert refused(folder, f"{kept}{line}\n", "client").code == "CONNECTOR-INVALID"


def test_yaml_keeps_words_as_words(folder: Path) -> None:
    """NO is Norway, 0123 is a text where a text is wanted, yes is a word."""
    content = FEED + "  country: {from: Land, values: {NO: NO, yes: DE}}\nreading: {null_words: [NO, 0, true, ~]}\n"
    (folder / "acme" / "people.yaml").write_text(content, encoding="utf-8")
    spec = load_feed("acme/people", folder)
    assert spec.columns["country"].values == {"NO": "NO", "yes": "DE"}
    assert spec.reading.null_words == ("NO", "0", "true", "")


def test_alias_bombs_are_refused_before_they_grow(folder: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    error = refused(folder, bomb)
    assert error.code == "CONNECTOR-UNREADABLE"
    assert "alias" in error.message


def test_deep_nests_are_refused_before_they_cost_time(folder: Path) -> None:
    assert "levels deep" in refused(folder, "a: " + "[" * 40 + "]" * 40).message


@pytest.mark.parametrize(
    "content",
    ["a: [", "a: !!python/object/apply:os.system ['true']", "a: 1\na: 2", "\tx: 1", "feed: \x07", "[" * 5000, "%YAML 9.9\n---\na: 1"],
)
def test_broken_yaml_is_no_crash(folder: Path, content: str) -> None:
    assert refused(folder, content).code in ("CONNECTOR-UNREADABLE", "CONNECTOR-INVALID")


@pytest.mark.parametrize("content", ["", "[]", "just text", "1"])
def test_yaml_that_is_no_mapping(folder: Path, content: str) -> None:
    assert refused(folder, content).code == "CONNECTOR-INVALID"


def test_bytes_that_are_no_utf8_and_files_too_large(folder: Path) -> None:
    path = folder / "acme" / "people.yaml"
    path.write_bytes(FEED.encode() + "# ü\n".encode("cp1252"))
    with pytest.raises(SettingsError, match="CONNECTOR-UNREADABLE"):
        read_feed(path)
    path.write_text("#" * (LARGEST + 1), encoding="utf-8")
    with pytest.raises(SettingsError, match="too large"):
        read_yaml(path)


def test_the_digest_is_of_the_content_not_of_the_writing(folder: Path) -> None:
    path = folder / "acme" / "people.yaml"
    before = read_feed(path).digest
    path.write_text("# why\n" + FEED.replace("customer_id: Nr", "customer_id: {from: [Nr]}"), encoding="utf-8")
    assert read_feed(path).digest == before
    path.write_text(FEED.replace("Nr", "No"), encoding="utf-8")
    assert read_feed(path).digest != before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: acme", "name: other", "another one"),
        ("Europe/Berlin", "Europe", "time zone"),
        ("currency: EUR", 'currency: EUR\ntheme: {accent: "red;}</style>"}', "hexadecimal"),
        ("title: Acme", "title: Acme\nproducts: churn", "it must be a list"),
        ("title: Acme", "title: Acme\nproducts: [churn, response, churn]", "products: named twice: churn"),
        ("country: DE", "country: XX", "country: there is no such country"),
    ],
)
def test_a_client_that_is_not_what_it_should_be(folder: Path, old: str, new: str, told: str) -> None:
    error = refused(folder, CLIENT.replace(old, new), "client")
    assert error.code == "CONNECTOR-INVALID"
    assert error.hint
    assert told in " ".join([str(error), *error.details])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("reading: {encoding: klingon}\n", "no such encoding"),
        ("reading: {encoding: base64}\n", "no such encoding"),
        ('reading: {delimiter: ""}\n', "one to eight characters"),
        ('reading: {delimiter: "\\n"}\n', "end of a line"),
        ('reading: {quote: "ab"}\n', "one character"),
        ("reading: {header_row: -1}\n", "reading.header_row: it must be 0 or more"),
        ("reading: {header_rows: 0}\n", "reading.header_rows: it must be 1 or more"),
        ("reading: {table: -2}\n", "reading.table: it must be 1 or more"),
        ("reading: {widths: [4, 0]}\n", "reading.widths.1: it must be 1 or more"),
        ('reading: {decimal: ",", thousands: ","}\n', "the same mark"),
        ("  income: {from: Einkommen, decimal: '.', thousands: '.'}\n", "the same mark"),
        ("  gender: {from: Anrede, values: {Frau: femlae}}\n", "no such code 'femlae'"),
        ("extensions:\n  row_id: {from: A, title: A, meaning: A., type: text}\n", "'row_id'"),
        ("extensions:\n  'a b': {from: A, title: A, meaning: A., type: text}\n", "'a b'"),
        ("- a\n", "CONNECTOR-UNREADABLE"),
    ],
)
def test_a_connector_that_could_not_work_is_refused_before_a_file_is_read(folder: Path, more: str, told: str) -> None:
    error = refused(folder, FEED + more)
    assert told in " ".join([str(error), *error.details])
    assert error.hint


def test_a_file_of_nothing_is_told_in_words_of_yaml(folder: Path) -> None:
    assert refused(folder, "").details[0].startswith("the whole file: it must be keys with values")


def test_names_of_any_length_are_unknown() -> None:
    for name in ("x" * 5000, "x" * 5000 + "/customers", "harbour/" + "x" * 5000):
        with pytest.raises(SettingsError, match="UNKNOWN") as caught:
            load_feed(name) if "/" in name else load_client(name)
        assert len(caught.value.message) < 200
