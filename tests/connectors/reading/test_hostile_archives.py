"""Archives that want to fill the disk or the memory, or to write elsewhere: X1, X2 and X3 of the catalogue of faults."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import zlib
from pathlib import Path

import pytest

from connectors.reading import inflate
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading import hostile
from tests.connectors.reading.conftest import Taker, Writer
from tests.connectors.reading.hostile import Member, archive, cost, gzipped, member, repeated
from tests.connectors.reading.sheets import packed, parts, sheet_xml

TABLE = b"id;name\n1;Ute\n2;Max\n"
GIB = 1 << 30
LINE = b"0;0;0;0\n"


def refused(path: Path) -> SourceError:
    """The error, which must help; nothing may be written beside the file."""
    with pytest.raises(SourceError) as caught:
        list(read(path)[1])
    assert caught.value.hint
    assert caught.value.place.file == path.name
    assert [p.name for p in path.parent.rglob("*")] == [path.name]
    return caught.value


# X1: ten gigabytes from a few kilobytes


def _huge(says: int) -> Member:
    block = LINE * (hostile.BLOCK // len(LINE))
    return Member("kunden.csv", repeated(block, 10 * GIB // len(block)), says)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (lambda: archive([_huge(10 * GIB)]), ["SOURCE-BOMB"]),
        (lambda: archive([_huge(1000)]), ["SOURCE-TRUNCATED"]),
        (lambda: archive([_huge(3 * GIB)]), ["SOURCE-BOMB"]),
        (lambda: gzipped(_huge(0).packed), ["SOURCE-BOMB"]),
        (lambda: bz2.compress(LINE * (1 << 17)) * 10240, ["SOURCE-BOMB"]),
        (lambda: lzma.compress(LINE * (hostile.BLOCK // 8), preset=0) * 640, ["SOURCE-BOMB"]),
        (lambda: archive([*_book(), Member("xl/media/a.xml", _huge(0).packed, 10 * GIB)]), ["SOURCE-BOMB"]),
        (lambda: archive([*_book(), Member("xl/media/a.xml", _huge(0).packed, 1000)]), ["SOURCE-TRUNCATED", "SOURCE-UNSAFE"]),
    ],
    ids=["zip", "zip that says 1000 bytes", "zip that says 3 GiB", "gzip", "bz2", "xz", "workbook", "workbook that says 1000 bytes"],
)  # fmt: skip
def test_x1_ten_gigabytes_are_refused_in_little_time_and_memory(write: Writer, content: object, codes: list[str]) -> None:
    taken = cost(write(content(), "kunden.csv"))  # type: ignore[operator]
    assert taken.code in codes
    assert (taken.rows, taken.child_seconds) == (0, 0)
    assert taken.megabytes < 100
    assert taken.seconds < 2 * hostile.SLACK


def _book() -> list[Member]:
    return [member(name, content.encode()) for name, content in parts({"Kunden": sheet_xml([["id", "name"], ["1", "Ute"]])}).items()]


def test_x1_a_table_that_packs_well_is_no_bomb(write: Writer, take: Taker) -> None:
    block = LINE * 1000
    content = archive([member("kunden.csv", b"a;b;c;d\n" + block * 20)])
    assert len(take(content, name="kunden.zip").rows) == 20_000


# X2: archives that are not what they seem


def test_x2_overlapping_members_are_refused(write: Writer) -> None:
    first, second = member("a.csv", TABLE), member("b.csv", TABLE, at=0)
    assert refused(write(archive([first, second]), "a.zip")).code in ("SOURCE-UNSAFE", "SOURCE-KIND")
    inner = archive([member("quoted.csv", TABLE * 100, at=0), member("kunden.csv", TABLE)])
    assert refused(write(inner, "a.zip")).code in ("SOURCE-UNSAFE", "SOURCE-KIND")


def test_x2_overlapping_members_of_a_workbook_are_refused(write: Writer) -> None:
    book = _book()
    assert refused(write(archive([*book, member("xl/x.xml", b"<a/>", at=7)]), "a.xlsx")).code == "SOURCE-UNSAFE"


@pytest.mark.parametrize("depth", [1, 5])
@pytest.mark.parametrize("stored", [False, True])
def test_x2_an_archive_in_an_archive_is_refused(write: Writer, depth: int, stored: bool) -> None:
    content = archive([member("kunden.csv", TABLE)])
    for n in range(depth):
        changed = {"method": hostile.STORED, "packed": content} if stored else {}
        content = archive([member(f"{n}.zip", content, **changed)])
    assert refused(write(content, "a.zip")).code == "SOURCE-KIND"


@pytest.mark.parametrize("inner", ["gzip", "workbook"])
def test_x2_a_packed_file_in_a_packed_file_is_refused(write: Writer, inner: str) -> None:
    content = gzip.compress(TABLE, mtime=0) if inner == "gzip" else packed(parts({"S": sheet_xml([["id", "name"], ["1", "Ute"]])}))
    assert refused(write(archive([member("kunden.gz", content)]), "a.zip")).code == "SOURCE-KIND"


@pytest.mark.parametrize("says", [100_000, 7])
def test_x2_a_hundred_thousand_members_are_refused_unread(write: Writer, says: int) -> None:
    taken = cost(write(_crowd(100_000, says), "a.zip"))
    assert taken.code == "SOURCE-BOMB"
    assert taken.megabytes < 100
    assert taken.seconds < 0.5 * hostile.SLACK


def _crowd(count: int, says: int) -> bytes:
    one = archive([Member("000000.csv", b"", 0, method=hostile.STORED)])
    start = one.index(b"PK\x01\x02")
    entry, end = one[start : one.index(b"PK\x05\x06")], one[one.index(b"PK\x05\x06") :]
    entries = b"".join(entry.replace(b"000000", b"%06d" % n) for n in range(count))
    told = min(says, 0xFFFF).to_bytes(2, "little")
    return one[:start] + entries + end[:8] + told + told + len(entries).to_bytes(4, "little") + end[16:]


def test_x2_an_encrypted_member_is_named_so(write: Writer) -> None:
    assert refused(write(archive([member("kunden.csv", TABLE, flags=1)]), "a.zip")).code == "SOURCE-ENCRYPTED"
    strong = member("kunden.csv", TABLE, flags=1, method=99)
    assert refused(write(archive([strong]), "a.zip")).code == "SOURCE-ENCRYPTED"


def test_x2_two_members_of_one_name_are_refused(write: Writer) -> None:
    twice = [member("kunden.csv", TABLE), member("kunden.csv", TABLE.replace(b"Ute", b"Eva"))]
    assert refused(write(archive(twice), "a.zip")).code in ("SOURCE-KIND", "SOURCE-UNSAFE")
    hidden = [member("kunden.csv", TABLE), member("kunden.csv", TABLE.replace(b"Ute", b"Eva"), size=0)]
    assert refused(write(archive(hidden), "a.zip")).code in ("SOURCE-KIND", "SOURCE-UNSAFE", "SOURCE-TRUNCATED")


def test_x2_a_method_that_is_not_known_is_refused(write: Writer) -> None:
    assert refused(write(archive([member("kunden.csv", TABLE, method=97)]), "a.zip")).code in ("SOURCE-KIND", "SOURCE-TRUNCATED")


# X3: names that lead elsewhere

NAMES = [
    "../kunden.csv", "a/../../kunden.csv", "/tmp/kunden.csv", "//host/share/kunden.csv", "C:kunden.csv", "c:/kunden.csv",
    "..\\kunden.csv", "\\kunden.csv", "ordner\\kunden.csv", "NUL", "con.csv", "a/COM1.csv", "lpt9.tar.csv", "AUX .csv", "a\rb.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_x3_a_name_that_leads_elsewhere_is_refused(write: Writer, name: str) -> None:
    error = refused(write(archive([member(name, TABLE)]), "a.zip"))
    assert error.code == "SOURCE-UNSAFE"
    assert not any("\r" in line for line in error.lines())


@pytest.mark.parametrize("name", [*NAMES[:8], NAMES[-1]])
def test_x3_a_name_that_leads_elsewhere_in_a_workbook_is_refused(write: Writer, name: str) -> None:
    assert refused(write(archive([*_book(), member(name, b"<a/>")]), "a.xlsx")).code == "SOURCE-UNSAFE"


@pytest.mark.parametrize("name", NAMES[9:14])
def test_x3_a_device_s_name_in_a_workbook_is_refused(write: Writer, name: str) -> None:
    assert refused(write(archive([*_book(), member(name, b"<a/>")]), "a.xlsx")).code == "SOURCE-UNSAFE"


def test_x3_a_symbolic_link_is_refused(write: Writer) -> None:
    link = member("kunden.csv", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)
    assert refused(write(archive([link]), "a.zip")).code == "SOURCE-UNSAFE"


@pytest.mark.parametrize(
    "name", ["kunden.csv", "export 2024/Kunden (1).csv", "a..b/kunden..csv", "Umsätze.csv", "console.csv", "nullen.csv"]
)
def test_x3_an_honest_name_is_read(take: Taker, name: str) -> None:
    taken = take(archive([member(name, TABLE, flags=0x800)]), name="a.zip")
    assert [row["name"] for row in taken.rows] == ["Ute", "Max"]


def test_x3_the_name_within_a_gzip_file_is_not_used(write: Writer, tmp_path: Path) -> None:
    content = (
        gzipped(hostile.deflated(TABLE), b"../../evil.csv") + zlib.crc32(TABLE).to_bytes(4, "little") + len(TABLE).to_bytes(4, "little")
    )
    path = write(content, "a.gz")
    assert sum(block.table.num_rows for block in read(path)[1]) == 2
    assert list(tmp_path.iterdir()) == [path]


def test_x3_nothing_is_ever_unpacked_to_a_file(write: Writer) -> None:
    path = write(archive([member("kunden.csv", TABLE)]), "a.zip")
    assert {seen for seen in cost(path).seen if seen.endswith(".csv")} == set()
    assert inflate.members(path) == 1
