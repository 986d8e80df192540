"""Workbooks that the product writes, and every kind of workbook that it refuses."""

import io
import random
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from spmigrate.errors import InputError
from spmigrate.formats import returned_workbook, workbook
from spmigrate.formats.workbook import Book, Column, Sheet
from tests.programs import program

COLUMNS = (
    Column("Key", 10), Column("Count", 8), Column("Day", 18), Column("Pick", 20, locked=False, choices="Fruit"),
    Column("Notes", 30, locked=False, longest=500),
)  # fmt: skip
ROWS = (("a", 3204, date(2024, 4, 1), "Apple", "=HYPERLINK(1)"), ("b", 0, None, "", "+1"))
TABLES = {"Read me": ("About", "Answer"), "Work": tuple(column.heading for column in COLUMNS), "Lists": ()}


def a_book(rows: tuple[tuple[workbook.Value, ...], ...] = ROWS) -> Book:
    fruit = (("Fruit", "Apple"), ("Fruit", "Pear"))
    return Book(
        "A title",
        "OFFICIAL-SENSITIVE",
        (
            Sheet("Read me", "Title", "Do this.", (Column("About", 20), Column("Answer", 40)), (("Sheet", "S-1"),)),
            Sheet("Work", "Your work", "Answer the columns.", COLUMNS, rows, fixed=1),
            Sheet("Lists", "Lists", "Choices.", (Column("Column", 20), Column("Choice", 20)), fruit),
        ),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workbook.write(tmp_path / "book.xlsx", a_book())
    return tmp_path / "book.xlsx"


def edited(path: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        returned_workbook.read(path, TABLES)
    return [str(problem) for problem in caught.value.problems]


def test_written_values_come_back(path: Path) -> None:
    page = returned_workbook.read(path, TABLES).pages["Work"]
    first = {"Key": "a", "Count": 3204, "Day": date(2024, 4, 1), "Pick": "Apple", "Notes": "=HYPERLINK(1)"}
    assert [dict(row.values) for row in page.rows] == [first, {"Key": "b", "Count": 0, "Notes": "+1"}]
    assert page.place("Pick", page.rows[0].number) == "Work!D4"


def test_nothing_is_hidden_or_computed_and_no_author_is_named(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Read me", "Work", "Lists"]
    assert book.active.title == "Read me"
    for page in book:
        assert page.sheet_state == "visible"
        assert not any(row.hidden for row in page.row_dimensions.values())
        assert not any(column.hidden for column in page.column_dimensions.values())
        assert not page.merged_cells.ranges
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
        assert page.protection.sheet and page.protection.password is None
        assert page["A1"].value and page["A2"].value and page["A3"].value
        (table,) = page.tables.values()
        assert table.ref.startswith("A3:")


def test_author_is_absent_from_the_file_itself(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        core = archive.read("docProps/core.xml")
    assert b"creator" not in core and b"lastModifiedBy" not in core


def test_owner_columns_are_unlocked_and_choose_through_a_defined_name(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book["Work"]
    assert [page.cell(4, n).protection.locked for n in range(1, 6)] == [True, True, True, False, False]
    (pick, notes) = page.data_validations.dataValidation
    assert (pick.formula1, str(pick.sqref)) == ("List_Fruit", "D4:D5")
    assert book.defined_names["List_Fruit"].attr_text == "'Lists'!$B$4:$B$5"
    assert (notes.type, notes.formula1) == ("textLength", "500")
    assert page.freeze_panes == "B4"


def test_text_that_looks_like_a_formula_stays_text(path: Path) -> None:
    cell = openpyxl.load_workbook(path)["Work"]["E4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_failed_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        workbook.write(tmp_path / "missing" / "book.xlsx", a_book())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "where", "text"),
    [
        (lambda book: book["Work"].__setitem__("D4", "=A1"), "book.xlsx!Work!D4", "is a formula"),
        (lambda book: book["Read me"].__setitem__("D9", "=NOW()"), "book.xlsx!Read me!D9", "is a formula"),
        (lambda book: setattr(book["Work"]["E5"], "comment", Comment("x", "y")), "book.xlsx!Work!E5", "has a comment"),
        (lambda book: setattr(book["Work"].row_dimensions[5], "hidden", True), "book.xlsx!Work!A5", "hidden rows: 5"),
        (lambda book: setattr(book["Work"].column_dimensions["B"], "hidden", True), "book.xlsx!Work!B1", "hidden"),
        (lambda book: setattr(book["Lists"], "sheet_state", "hidden"), "book.xlsx!Lists", "hidden"),
        (lambda book: setattr(book["Lists"], "sheet_state", "veryHidden"), "book.xlsx!Lists", "hidden"),
        (lambda book: book.create_sheet("Mine"), "book.xlsx!Mine", "not one of ours"),
        (lambda book: book.create_chartsheet("Chart").add_chart(BarChart()), "book.xlsx!Chart", "not one of ours"),
        (lambda book: book.remove(book["Work"]), "book.xlsx", "the sheet 'Work' is missing"),
        (lambda book: book["Work"].__setitem__("B3", "Number"), "book.xlsx!Work!A3", "the column 'Count' is missing"),
        (lambda book: book["Work"].delete_rows(3), "book.xlsx!Work", "the heading 'Key' is missing"),
        (lambda book: book["Work"].merge_cells("D4:D5"), "book.xlsx!Work!D4", "merged cells"),
        (lambda book: book["Work"].__setitem__("D4", "#REF!"), "book.xlsx!Work!D4", "holds the error #REF!"),
        (lambda book: book["Work"].__setitem__("XA4", 1), "book.xlsx!Work", "reaches far beyond the table"),
        (lambda book: book["Work"].__setitem__("F3", "Notes"), "book.xlsx!Work!A3", "'Notes' stands here twice"),
        (lambda book: setattr(book["Work"]["E4"], "number_format", ";;;"), "book.xlsx!Work!E4", "shows nothing"),
        (lambda book: setattr(book["Work"].sheet_format, "zeroHeight", True), "book.xlsx!Work!A1", "hidden rows: all"),
    ],
)
def test_what_could_hide_something_is_refused_at_its_place(
    path: Path, change: Callable[[openpyxl.Workbook], object], where: str, text: str
) -> None:
    assert any(found.startswith(where) and text in found for found in problems(edited(path, change)))


def test_every_problem_is_reported_together(path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Work"]["D4"] = "=A1"
        book["Lists"].sheet_state = "hidden"
        book.create_sheet("Mine")

    assert len(problems(edited(path, change))) == 3


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", "pivot"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
    ],
)
def test_parts_that_act_are_refused(path: Path, part: str, text: str) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, b"x")
    assert text in problems(path)[0]


def test_old_and_encrypted_and_other_formats_are_refused(tmp_path: Path) -> None:
    old = tmp_path / "book.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "old .xls workbook, or encrypted" in problems(old)[0]
    macro = tmp_path / "book.xlsm"
    workbook.write(macro, a_book())
    assert "is not an .xlsx workbook" in problems(macro)[0]
    text = tmp_path / "book.xlsx"
    text.write_text("Row ID,Decision\n")
    assert "is damaged or not an Excel workbook" in problems(text)[0]
    assert "no such file" in problems(tmp_path / "none.xlsx")[0]


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", b" " * 60_000_000)
    assert "unpacks to far more" in problems(path)[0]


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of the workbook with one of its parts changed."""
    copy = path.with_name("rewritten.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            target.writestr(each, change(content) if each == part else content)
    return copy


def test_an_entity_bomb_is_refused(path: Path) -> None:
    bomb = b'<!DOCTYPE l [<!ENTITY a0 "haha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    broken = rewritten(path, "xl/worksheets/sheet2.xml", lambda xml: bomb + b"]>" + xml.replace(b"Apple", b"&a11;"))
    assert "is damaged" in problems(broken)[0]


def test_a_row_of_no_height_is_hidden(path: Path) -> None:
    flat = rewritten(path, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'<row r="5"', b'<row r="5" ht="0"'))
    assert "hidden rows: 5" in problems(flat)[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), noise=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8))
def test_damaged_workbooks_never_raise_anything_else(path: Path, cut: float, noise: list[tuple[float, int]]) -> None:
    content = bytearray(path.read_bytes())
    for place, value in noise:
        content[int(place * (len(content) - 1))] = value
    broken = path.with_name("broken.xlsx")
    broken.write_bytes(content[: int(cut * len(content))] if cut < 0.5 else content)
    _reads_or_refuses(broken)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers())
def test_damaged_xml_inside_never_raises_anything_else(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    broken = path.with_name("broken.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        names = source.namelist()
        victim = chance.choice(names)
        for name in names:
            content = bytearray(source.read(name))
            if name == victim:
                start = chance.randrange(len(content))
                content[start : start + chance.randrange(12)] = chance.randbytes(chance.randrange(4))
            target.writestr(name, bytes(content))
    _reads_or_refuses(broken)


def _reads_or_refuses(path: Path) -> None:
    try:
        returned_workbook.read(path, TABLES)
    except InputError as error:
        assert error.problems


_text = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["_x0041_", "a_x005F_b", "=1+1", "\u00a0 x "]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notes=st.lists(_text, min_size=1, max_size=5), count=st.integers(0, 2**40))
def test_any_text_survives_writing_and_a_second_saving(tmp_path: Path, notes: list[str], count: int) -> None:
    path = tmp_path / "any.xlsx"
    workbook.write(path, a_book(tuple(("k", count, None, "", note) for note in notes)))
    edited(path, lambda book: setattr(book["Work"].column_dimensions["E"], "width", 60))
    rows = returned_workbook.read(path, TABLES).pages["Work"].rows
    wanted = [workbook.plain(note).strip() for note in notes]
    assert [row.values.get("Notes", "") for row in rows] == wanted
    assert {row.values["Count"] for row in rows} == {count}


def test_names_that_are_not_text_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    odd = b"caf\xe9\nline\x01\x7f".decode("utf-8", "surrogateescape") + "\uffff"
    workbook.write(path, a_book((("k", 1, None, "", odd),)))
    assert returned_workbook.read(path, TABLES).pages["Work"].rows[0].values["Notes"] == "caf�␊line␁␡�"


def test_escape_like_names_are_not_decoded_by_excel(tmp_path: Path) -> None:
    path = tmp_path / "escape.xlsx"
    workbook.write(path, a_book((("k", 1, None, "", "_x0041_"),)))
    with zipfile.ZipFile(path) as archive:
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet2.xml")
    assert returned_workbook.read(path, TABLES).pages["Work"].rows[0].values["Notes"] == "_x0041_"


def test_opens_without_a_warning(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def test_libreoffice_saves_it_again_without_loss(path: Path, tmp_path: Path) -> None:
    office = program(("soffice", "libreoffice"), package="libreoffice-calc-nogui")
    home, out = tmp_path / "home", tmp_path / "out"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", "xlsx", "--outdir",
         str(out), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    before, after = (returned_workbook.read(file, TABLES).pages["Work"] for file in (path, out / "book.xlsx"))
    assert [dict(row.values) for row in after.rows] == [dict(row.values) for row in before.rows]
    page = openpyxl.load_workbook(out / "book.xlsx")["Work"]
    assert page.protection.sheet and len(page.data_validations.dataValidation) == 2
