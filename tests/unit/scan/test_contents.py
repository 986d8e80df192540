"""What files say when they are opened, and that nothing they hold can stop the scan."""

import hashlib
import io
import time
import tracemalloc
import zipfile
from functools import partial
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.quickxor import quickxor
from spmigrate.scan.codes import CODES
from spmigrate.scan.contents import Contents, Wanted, examine
from spmigrate.scan.estate_files import compound, document

FILLING = b"Nothing is said here. " * 40
INSIDE = Wanted(look_inside=True)
BOTH = Wanted(look_inside=True, hashes=True)


def look(name: str, content: bytes, wanted: Wanted = INSIDE) -> Contents:
    return examine(name, len(content), lambda: io.BytesIO(content), wanted)


def codes(name: str, content: bytes, wanted: Wanted = INSIDE) -> list[str]:
    return [code for code, _ in look(name, content, wanted).remarks]


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as members:
        for name in names:
            members.writestr(name, "content")
    return made.getvalue()


def test_one_read_gives_both_digests() -> None:
    content = bytes(range(256)) * 20_000
    reads: list[int] = []

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(size)
            reads.append(len(piece))
            return piece

    found = examine("a.pdf", len(content), lambda: Counted(content), BOTH)
    assert (found.sha256, found.quickxor) == (hashlib.sha256(content).hexdigest(), quickxor(content))
    assert sum(reads) == len(content)


def test_digests_are_not_made_unasked_nor_is_the_file_looked_into() -> None:
    assert look("a.pdf", b"\xff\xd8\xff\xe0", Wanted()) == Contents()
    assert look("a.pdf", b"\xff\xd8\xff\xe0", Wanted(hashes=True)).remarks == []
    assert look("a.pdf", b"\xff\xd8\xff\xe0").sha256 is None


def test_file_that_grows_meanwhile_has_no_digest() -> None:
    found = examine("a.txt", 3, lambda: io.BytesIO(b"longer"), BOTH)
    assert (found.sha256, [code for code, _ in found.remarks]) == (None, ["UNREADABLE"])


def test_file_that_cannot_be_opened_is_said_so() -> None:
    def closed() -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    assert examine("a.txt", 3, closed, INSIDE).remarks == [
        ("UNREADABLE", "The content could not be read: permission denied.")
    ]


def test_links_of_a_workbook_are_counted() -> None:
    book = archive("xl/workbook.xml", "xl/externalLinks/externalLink1.xml", "xl/externalLinks/externalLink2.xml")
    assert look("book.xlsx", book).remarks == [("EXTERNAL-LINKS", "The workbook takes values from 2 other workbooks.")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.docx", document("docx", FILLING), []),
        ("a.docx", document("docx", FILLING, password=True), ["PASSWORD"]),
        ("a.doc", document("doc", FILLING), []),
        ("a.doc", document("doc", FILLING, password=True), ["PASSWORD"]),
        ("a.xls", document("xls", FILLING, password=True), ["PASSWORD"]),
        ("a.ppt", document("ppt", FILLING), []),
        ("a.ppt", document("ppt", FILLING, password=True), ["PASSWORD"]),
        ("a.pdf", document("pdf", FILLING), []),
        ("a.pdf", document("pdf", FILLING, password=True), ["PASSWORD"]),
        ("a.pdf", document("pdf", FILLING * 9000, password=True), ["PASSWORD"]),
        ("a.zip", document("zip", FILLING), []),
        ("a.zip", document("zip", FILLING, password=True), ["PASSWORD"]),
        ("a.xls", document("xls", FILLING, links=3), ["EXTERNAL-LINKS"]),
        ("a.xlsx", document("xlsx", FILLING, links=1), ["EXTERNAL-LINKS"]),
        ("a.xlsm", document("xlsm", FILLING, links=1, macros=True), ["MACRO", "EXTERNAL-LINKS"]),
        ("a.docm", document("docm", FILLING, macros=True), ["MACRO"]),
        ("a.xls", document("xls", FILLING, macros=True), ["MACRO"]),
        ("a.xlsx", archive("xl/workbook.xml", "xl/connections.xml"), ["DATA-CONNECTION"]),
        ("a.xlsx", archive("xl/workbook.xml", "xl/queryTables/queryTable1.xml"), ["DATA-CONNECTION"]),
        ("a.docx", compound([("EncryptedPackage", b""), ("DRMEncryptedTransform", b"")]), ["LABEL-ENCRYPTED"]),
        ("a.doc", compound([("WordDocument", b""), ("\tDRMContent", b"")]), ["LABEL-ENCRYPTED"]),
        ("a.pdf", b"%PDF-1.7\n/Filter /MicrosoftIRMServices\n%%EOF", ["LABEL-ENCRYPTED"]),
        ("a.pfile", b".pfile\1\0", ["LABEL-ENCRYPTED"]),
        ("scan.pdf", b"\xff\xd8\xff\xe0", ["CONTENT-TYPE"]),
        ("a.docx", document("xlsx", FILLING), ["CONTENT-TYPE"]),
        ("a.docx", document("doc", FILLING), ["CONTENT-TYPE"]),
        ("a.xls", b"<html><table>", ["CONTENT-TYPE"]),
        ("a.doc", b"{\\rtf1 text}", ["CONTENT-TYPE"]),
        ("a.bak", b"!BDN\0\0\0\0SM", ["MAILBOX"]),
        ("a.dat", b"\0\1\0\0Standard ACE DB\0", ["DATABASE"]),
        ("a.dat", b"SQLite format 3\0", ["DATABASE"]),
        ("a.sqlite", b"SQLite format 3\0", []),
        ("a.pst", b"!BDN\0\0\0\0SM", []),
        ("a.dwg", b"AC1015\0\0 ..\\xrefs\\border.dwg\0", ["CAD-REFERENCES"]),
        ("a.dwg", b"AC1032\0\0" + "Acad:XRef".encode("utf-16-le"), ["CAD-REFERENCES"]),
        ("a.dwg", b"AC1032\0\0 alone", []),
        ("a.dxf", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  1\r\nborder.dwg\r\n", ["CAD-REFERENCES"]),
        ("a.docx", document("docx", FILLING)[:-30], ["DAMAGED"]),
        ("a.doc", document("doc", FILLING)[:700], ["DAMAGED"]),
        ("a.pdf", document("pdf", FILLING * 9000)[:400_000], ["DAMAGED"]),
        ("notes.txt", b"plain", []),
        ("empty.docx", b"", []),
    ],
)
def test_what_a_file_is_has_its_code(name: str, content: bytes, expected: list[str]) -> None:
    assert codes(name, content) == codes(name, content, BOTH) == expected
    assert set(expected) <= set(CODES)


def test_written_archives_are_sound() -> None:
    with zipfile.ZipFile(io.BytesIO(document("xlsx", FILLING, links=2))) as members:
        assert members.testzip() is None
        assert len(members.namelist()) == 4


SAMPLES = [
    *(document(kind, FILLING, password=True) for kind in ("docx", "doc", "xls", "ppt", "pdf", "zip")),
    *(document(kind, FILLING, links=2, macros=True) for kind in ("xlsm", "xls")),
    compound([(f"s{number}", FILLING) for number in range(200)]),
    b"AC1015\0\0 ..\\xrefs\\border.dwg\0",
]  # fmt: skip


@given(
    st.sampled_from(SAMPLES), st.sampled_from(["a.docx", "b.xls", "c.pdf", "d.msg", "e", "f.dwg"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20), st.floats(0, 1), st.booleans(),
)  # fmt: skip
def test_spoiled_files_never_stop_the_scan(
    content: bytes, name: str, flips: list[tuple[float, int]], cut: float, short: bool
) -> None:
    spoiled = bytearray(content)
    for place, value in flips:
        # Half of the spoiling goes to the first kilobyte, where the structure is.
        spoiled[int(place * (min(len(spoiled), 1024) - 1)) if value % 2 else int(place * (len(spoiled) - 1))] = value
    if short:
        del spoiled[int(cut * len(spoiled)) :]
    begun = time.perf_counter()
    found = look(name, bytes(spoiled), BOTH)
    assert time.perf_counter() - begun < 2
    assert found.sha256 == hashlib.sha256(spoiled).hexdigest()
    assert {code for code, _ in found.remarks} <= set(CODES)


@given(st.binary(max_size=3000), st.text(max_size=20))
def test_any_bytes_under_any_name_are_looked_into(content: bytes, name: str) -> None:
    assert {code for code, _ in look(name, content, BOTH).remarks} <= set(CODES)


@given(st.integers(0, 10_000))
def test_size_that_is_not_true_is_no_trouble(size: int) -> None:
    for content in SAMPLES:
        found = examine("a.docx", size, partial(io.BytesIO, content), BOTH)
        assert (found.sha256 is None) is (size != len(content))


def test_huge_list_of_members_is_read_in_part_only() -> None:
    """A directory of 64 MB that claims to be four gigabytes: neither the time nor the memory of all of it."""
    member = b"PK\x01\x02" + bytes(24) + (9).to_bytes(2, "little") + bytes(16) + b"some name"
    listed = member * 1_200_000
    end = b"PK\x05\x06" + bytes(8) + len(listed).to_bytes(4, "little") + bytes(6)
    content = b"PK\x03\x04" + listed + end
    tracemalloc.start()
    assert codes("a.zip", content) == []
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40_000_000


def test_circle_of_sectors_ends() -> None:
    content = bytearray(compound([("Workbook", bytes(40_000))]))
    content[512 + 4 * 10 : 512 + 4 * 11] = (9).to_bytes(4, "little")
    assert codes("a.xls", bytes(content)) == ["DAMAGED"]
