"""What Excel, LibreOffice and SharePoint add on saving is left out and said so; what hides or acts is refused."""

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from spmigrate.errors import InputError
from spmigrate.formats import returned_workbook, workbook
from tests.unit.formats.hostile import packed, parts, sharing, with_part
from tests.unit.formats.test_workbook import TABLES, a_book

WORK = "xl/worksheets/sheet2.xml"
ADDED = {
    "docProps/custom.xml": "properties that SharePoint or a label added",
    "docMetadata/LabelInfo.xml": "the sensitivity label",
    "customXml/item1.xml": "properties that SharePoint added",
    "xl/persons/person.xml": "the list of people who commented",
    "docProps/thumbnail.wmf": "a picture of the first page",
    "xl/printerSettings/printerSettings1.bin": "printer settings",
    "xl/calcChain.xml": "the order of calculation",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workbook.write(tmp_path / "book.xlsx", a_book())
    return tmp_path / "book.xlsx"


def rewrite(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def refusal(path: Path, **more: str) -> str:
    with pytest.raises(InputError) as caught:
        returned_workbook.read(path, TABLES, **more)  # type: ignore[arg-type]  # only `ask` is given
    return "\n".join(map(str, caught.value.problems))


def test_what_programs_add_is_left_out_and_said(path: Path) -> None:
    before = returned_workbook.read(path, TABLES)
    found = parts(sharing(path.read_bytes())) | dict.fromkeys(ADDED, b"<x/>")
    author = b"<dc:creator>somebody</dc:creator></cp:coreProperties>"
    found["docProps/core.xml"] = found["docProps/core.xml"].replace(b"</cp:coreProperties>", author)
    found["docProps/core.xml"] = found["docProps/core.xml"].replace(b"</coreProperties>", author)
    after = returned_workbook.read(rewrite(path, packed(found)), TABLES)
    assert (after.pages, before.left_out) == (before.pages, ())
    assert set(after.left_out) >= set(ADDED.values())


def test_the_name_of_an_author_is_left_out_and_said(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.properties.creator, book.properties.lastModifiedBy = "somebody", "somebody else"
    book.save(path)
    assert returned_workbook.read(path, TABLES).left_out == ("names of authors",)


def test_columns_may_be_moved_and_others_put_between(path: Path) -> None:
    wanted = [dict(row.values) for row in returned_workbook.read(path, TABLES).pages["Work"].rows]
    book = openpyxl.load_workbook(path)
    book["Work"].insert_cols(2)
    book["Work"].insert_rows(1)
    book["Work"]["B5"] = "mine"
    book.save(path)
    found = returned_workbook.read(path, TABLES)
    assert [dict(row.values) for row in found.pages["Work"].rows] == wanted
    assert [str(stray) for stray in found.strays] == [
        "book.xlsx!Work!B5: stands in no column of ours and is not read (use the column Notes)"
    ]


@pytest.mark.parametrize("ref", ["A3:E4", "A3:E9", "A3:C5"])
def test_a_table_that_was_resized_is_read_whole(path: Path, ref: str) -> None:
    wanted = returned_workbook.read(path, TABLES).pages
    book = openpyxl.load_workbook(path)
    (table,) = book["Work"].tables.values()
    table.ref = ref
    if table.autoFilter:
        table.autoFilter.ref = ref
    book.save(path)
    content = with_part(path.read_bytes(), WORK, lambda xml: xml)
    assert returned_workbook.read(rewrite(path, content), TABLES).pages == wanted


def test_a_filter_that_hides_rows_is_named(path: Path) -> None:
    def filtered(xml: bytes) -> bytes:
        column = b'<filterColumn colId="0"><filters><filter val="a"/></filters></filterColumn>'
        return re.sub(rb'(<autoFilter ref="[^"]*") */>', rb"\1>" + column + b"</autoFilter>", xml)

    hidden = with_part(path.read_bytes(), WORK, lambda xml: xml.replace(b'<row r="5"', b'<row r="5" hidden="1"'))
    hidden = with_part(hidden, "xl/tables/table2.xml", filtered)
    assert "book.xlsx!Work!A5: a filter is on, and hides rows: 5 (in Excel choose Data, Clear)" in refusal(
        rewrite(path, hidden)
    )


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/vbaProject.bin", "contains macros"),
        ("xl/macrosheets/sheet1.xml", "contains macros"),
        ("xl/activeX/activeX1.xml", "buttons or boxes that run programs"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", "a pivot table, which can hide data"),
        ("xl/slicerCaches/slicerCache1.xml", "a slicer"),
        ("xl/model/item.data", "a data model"),
        ("xl/embeddings/oleObject1.bin", "an embedded file"),
        ("xl/connections.xml", "a data connection"),
        ("xl/queryTables/queryTable1.xml", "a data connection"),
        ("xl/revisions/revisionHeaders.xml", "a history of changes"),
    ],
)
def test_parts_that_hide_or_act_are_refused(path: Path, part: str, text: str) -> None:
    assert text in refusal(rewrite(path, packed(parts(path.read_bytes()) | {part: b"<x/>"})))


def test_a_workbook_with_macros_under_another_name_is_refused(path: Path) -> None:
    def enabled(xml: bytes) -> bytes:
        return xml.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        )

    assert "contains macros" in refusal(rewrite(path, with_part(path.read_bytes(), "[Content_Types].xml", enabled)))


def _old(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + names


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (_old("EncryptedPackage", "DRMEncryptedTransform"), "is encrypted by its sensitivity label"),
        (_old("EncryptedPackage", "StrongEncryptionTransform"), "is protected by a password"),
        (_old("Workbook"), "is an old .xls workbook, or encrypted"),
    ],
)
def test_what_is_encrypted_says_whom_to_ask(path: Path, content: bytes, text: str) -> None:
    said = refusal(rewrite(path, content), ask="Migration lead")
    assert text in said and "ask Migration lead" in said


def _open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "text"),
    [
        ("book.xls", lambda _: _old("Workbook"), "is an old .xls workbook"),
        ("book.xlsm", lambda content: content, "is not an .xlsx workbook but '.xlsm'"),
        ("book.ods", lambda _: _open_document(), "is not an .xlsx workbook but '.ods'"),
        ("book.xlsx", lambda _: _open_document(), "is an OpenDocument file under the name of an Excel workbook"),
        ("book.csv", lambda _: b"Row ID,Decision\n", "is not an .xlsx workbook but '.csv'"),
        ("book.xlsx", lambda _: b"Row ID,Decision\n", "is damaged or not an Excel workbook"),
        ("book", lambda content: content, "is not an .xlsx workbook but 'a file without an ending'"),
    ],
)
def test_other_formats_are_refused_in_one_sentence(
    path: Path, name: str, make: Callable[[bytes], bytes], text: str
) -> None:
    other = path.with_name(name)
    other.write_bytes(make(path.read_bytes()))
    said = refusal(other)
    assert text in said and "\n" not in said


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert "is not a file" in refusal(tmp_path)

    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "is not a file" in refusal(tmp_path / "pipe.xlsx")


def test_what_people_type_is_handed_over_with_its_flaws(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["Work"]["D4"] = "=A1"
    book["Work"]["E4"] = "#REF!"
    book["Work"]["E5"] = "\u00a0two\u200b  words "
    book.save(path)
    first, second = returned_workbook.read(path, TABLES, typed={"Work": ("Pick", "Notes")}).pages["Work"].rows
    assert first.flaws == {"Pick": "is a formula", "Notes": "holds the error #REF!"}
    assert (second.values["Notes"], second.tidied) == ("two words", frozenset({"Notes"}))
