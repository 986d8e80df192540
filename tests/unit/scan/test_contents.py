"""What files say when they are opened, and that nothing they hold can stop the scan."""

import hashlib
import io
import zipfile
from typing import BinaryIO

from spmigrate.quickxor import quickxor
from spmigrate.scan.contents import Contents, Wanted, examine

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
