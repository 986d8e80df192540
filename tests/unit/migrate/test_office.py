"""Office files that the service rewrote are equal in content when only the promoted parts differ."""

import io
import zipfile

import pytest

from spmigrate.migrate import office

PARTS = {
    "[Content_Types].xml": b"<types/>", "word/document.xml": b"<p>Bridge 14</p>", "docProps/core.xml": b"<me/>",
    "word/media/photo.png": bytes(5000),
}  # fmt: skip


def package(parts: dict[str, bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out


def test_promoted_parts_may_differ() -> None:
    promoted = {
        "[Content_Types].xml": b"<more/>",
        "docProps/custom.xml": b"x",
        "customXml/item1.xml": b"y",
        "[trash]/0": b"",
    }
    rewritten = {**{name: PARTS[name] for name in reversed(PARTS)}, **promoted}
    assert office.same_content(package(PARTS), package(rewritten, packed=zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    "other",
    [
        {**PARTS, "word/document.xml": b"<p>Bridge 15</p>"},
        {**PARTS, "word/extra.xml": b""},
        {name: content for name, content in PARTS.items() if name != "word/media/photo.png"},
    ],
)
def test_any_other_difference_counts(other: dict[str, bytes]) -> None:
    assert not office.same_content(package(PARTS), package(other))


def test_what_is_no_package_is_never_equal() -> None:
    assert not office.same_content(io.BytesIO(b"text"), io.BytesIO(b"text"))
    damaged = bytearray(package(PARTS).getvalue())
    damaged[70:90] = bytes(20)
    assert not office.same_content(package(PARTS), io.BytesIO(bytes(damaged)))


@pytest.mark.parametrize(("name", "is_one"), [("a.DOCX", True), ("b.xlsx", True), ("c.doc", False), ("docx", False)])
def test_only_office_names_are_rewritten(name: str, is_one: bool) -> None:
    assert office.is_office(name) is is_one


FORM = {**PARTS, "customXml/item1.xml": b"<answers>yes</answers>"}


@pytest.mark.parametrize(
    ("parts", "equal"),
    [
        ({**FORM, "customXml/item2.xml": b"<columns/>"}, True),
        ({**FORM, "customXml/item1.xml": b"<answers>no</answers>"}, False),
        (PARTS, False),
    ],
)
def test_answers_that_a_form_keeps_in_its_own_xml_count(parts: dict[str, bytes], equal: bool) -> None:
    assert office.same_content(package(FORM), package(parts)) is equal


@pytest.mark.parametrize("parts", [{}, {"docProps/app.xml": b"x"}, {"customXml/item1.xml": b"x"}])
def test_packages_without_a_part_to_compare_are_never_equal(parts: dict[str, bytes]) -> None:
    assert not office.same_content(package(parts), package(parts))
