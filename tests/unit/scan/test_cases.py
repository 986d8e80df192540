"""Every awkward case of a council's share, and every limit of Microsoft's, with what is made of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.model import Severity, Treatment
from spmigrate.scan import checks, hints
from spmigrate.scan.codes import CODES
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Attribute, Entry

NOW = 1_700_000_000 * 1_000_000_000
_DAY = 86_400 * 1_000_000_000
GB = 10**9


def entry(name: str, kind: str = "file", size: int = 5000, attributes: int = 0, *, days: float = 30) -> Entry:
    raw = name.encode("utf-8", "surrogateescape")
    return Entry(raw, raw.decode("utf-8", "replace"), kind, size, int(NOW - days * _DAY), None, None, attributes, None)


def folder(name: str, attributes: int = 0) -> Entry:
    return entry(name, "folder", 0, attributes)


def said(*entries: Entry, path: str = "Contracts") -> dict[str, Treatment]:
    return {each.code: each.treatment for each in checks.examine(path, Entries.of(sorted(entries)), now_ns=NOW)}


NOTE, RENAME, SKIP, ROUTE, BLOCK = Treatment.NOTE, Treatment.RENAME, Treatment.SKIP, Treatment.ROUTE, Treatment.BLOCK

CASES = [
    ("trailing space", [folder("Minutes ")], {"NAME-SPACE": RENAME}),
    ("trailing full stop", [entry("Report.")], {"NAME-DOT": RENAME}),
    ("leading space", [entry(" Budget.xlsx")], {"NAME-SPACE": RENAME}),
    ("device name with extension", [entry("aux.docx")], {"NAME-RESERVED": RENAME}),
    ("device name", [folder("CON")], {"NAME-RESERVED": RENAME}),
    ("device name with number", [entry("LPT1.txt")], {"NAME-RESERVED": RENAME}),
    ("device zero", [entry("COM0.txt")], {"NAME-RESERVED": RENAME}),
    ("service's lock", [entry(".lock")], {"LOCK-FILE": SKIP}),
    ("folder settings", [entry("desktop.ini")], {"SYSTEM-FILE": SKIP}),
    ("service's own folder", [folder("_vti_cnf")], {"NAME-VTI": RENAME}),
    ("lock of Office", [entry("~$Panel.docx", size=162)], {"LOCK-FILE": SKIP}),
    ("thumbnails", [entry("Thumbs.db")], {"SYSTEM-FILE": SKIP}),
    ("settings of a Mac", [entry(".DS_Store")], {"SYSTEM-FILE": SKIP}),
    ("temporary", [entry("a.tmp")], {"TEMPORARY": SKIP}),
    ("leading tilde on a folder", [folder("~Archive")], {"NAME-TILDE": RENAME}),
    ("leading tilde on a file", [entry("~draft.docx")], {}),
    ("stand-in of a Mac", [entry("Section A\uf022 plan.pdf")], {"NAME-MAPPED": RENAME}),
    ("twins of Unicode", [entry(unicodedata.normalize(form, "Café.docx")) for form in ("NFC", "NFD")],
     {"TWIN-UNICODE": RENAME, "DECOMPOSED": NOTE}),
    ("twins of case", [entry("README.txt"), entry("Readme.txt")], {"TWIN-CASE": RENAME}),
    ("zero width space", [entry("Timing\u200bplan.xlsx")], {"INVISIBLE": NOTE}),
    ("no-break space", [entry("Junction\u00a0list.xlsx")], {"INVISIBLE": NOTE}),
    ("right-to-left override", [entry("Payment\u202excod.pdf")], {"DIRECTION": NOTE}),
    ("smart punctuation", [entry("Children’s – final “v2”.docx")], {}),
    ("signs of addresses", [entry("50% off #2 & 'draft'.docx")], {}),
    ("escaped already", [entry("A%20B.docx")], {}),
    ("semicolon folder", [folder("Smith; Jones")], {"SEMICOLON": NOTE}),
    ("very long segment", [entry("x" * 252 + ".pdf")], {"NAME-LENGTH": RENAME, "PATH-LONG": NOTE}),
    ("date as name", [folder("01.04.19"), folder("Apr 19 (2)"), folder("2019-20")], {}),
    ("folk version", [entry("Copy of Copy of FINAL v3 (2) - use this one.docx")], {"FOLK-VERSION": NOTE}),
    ("many dots", [entry("report..final...docx")], {"MANY-DOTS": NOTE}),
    ("shapefile", [entry(f"a.{part}") for part in ("shp", "shx", "dbf", "prj", "shp.xml")], {"SHAPEFILE": NOTE}),
    ("shapefile in part", [entry("a.shp"), entry("a.dbf")], {"SHAPEFILE-PART": NOTE}),
    ("drawings", [entry("plan.dwg"), entry("border.dwg")], {"CAD-SET": NOTE}),
    ("drawing alone", [entry("plan.dwg"), entry("plan.pdf")], {}),
    ("notebook", [entry("Open Notebook.onetoc2"), entry("Routes.one"), entry("x.onetemp")], {"ONENOTE": NOTE}),
    ("section among others", [entry("a.onetoc2"), entry("a.one"), entry("a.docx")], {"ONENOTE-SECTION": NOTE}),
    ("section alone", [entry("a.one")], {"ONENOTE-SECTION": NOTE}),
    ("notebook of 3 GB", [entry("a.onetoc2"), entry("a.one", size=3 * GB)], {"ONENOTE": NOTE, "ONENOTE-LARGE": NOTE}),
    ("geodatabase", [folder("Roads.gdb")], {"GEODATABASE": NOTE}),
    ("database", [entry("Bridges.mdb")], {"DATABASE": ROUTE}),
    ("database of today", [entry("Bridges.accdb")], {"DATABASE": ROUTE}),
    ("database of a program", [entry("a.sqlite")], {"DATABASE": ROUTE}),
    ("accounts", [entry("ledger.qbw")], {"DATABASE": ROUTE}),
    ("mailbox", [entry("archive.pst")], {"MAILBOX": ROUTE}),
    ("name about a person", [entry("Placement review - [child initials] - 14.03.docx")], {"SENSITIVE-NAME": NOTE}),
    ("further streams", [entry("a.docx", attributes=Attribute.STREAMS)], {"STREAMS": NOTE}),
    ("encrypted by Windows", [entry("a.docx", attributes=Attribute.ENCRYPTED)], {"EFS-ENCRYPTED": BLOCK}),
    ("placeholder", [entry("a.docx", attributes=Attribute.OFFLINE)], {"OFFLINE": BLOCK}),
    ("hidden", [entry("a.docx", attributes=Attribute.HIDDEN)], {"HIDDEN": NOTE}),
    ("system", [entry("a.docx", attributes=Attribute.SYSTEM)], {"HIDDEN": NOTE}),
    ("hidden folder", [folder("a", attributes=Attribute.HIDDEN)], {"HIDDEN": NOTE}),
    ("reparse point", [entry("loop", "link")], {"LINK": SKIP}),
    ("formula", [entry("=HYPERLINK(A1).csv")], {"FORMULA-NAME": NOTE}),
    ("formula of a sign", [entry("+1"), entry("@x")], {"FORMULA-NAME": NOTE}),
    ("nothing in it", [entry("a.txt", size=0)], {"ZERO-BYTES": NOTE}),
    ("not touched for years", [entry("a.txt", days=8 * 366)], {"OLD": NOTE}),
    ("shortcut", [entry("Depot.lnk")], {"SHORTCUT": SKIP}),
    ("shortcut to the web", [entry("Standards.url")], {"WEB-SHORTCUT": NOTE}),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_case_has_its_codes_and_treatment(entries: list[Entry], expected: dict[str, Treatment]) -> None:
    assert said(*entries) == expected


@pytest.mark.parametrize("character", ['"', "*", ":", "<", ">", "?", "\\", "|"])
def test_refused_character_has_its_code(character: str) -> None:
    assert said(entry(f"a{character}b.txt")) == {"NAME-CHARACTER": RENAME}


@pytest.mark.parametrize("number", [*range(1, 32), 127])
def test_control_character_has_its_code(number: int) -> None:
    assert said(entry(f"a{chr(number)}b.txt")) == {"NAME-CONTROL": RENAME}


@pytest.mark.parametrize(
    "name", [".lock", "CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(10))]
)
def test_refused_name_has_its_code_on_a_folder(name: str) -> None:
    assert said(folder(name)) == {"NAME-RESERVED": RENAME}


LIMITS = [
    ("250 GB", entry("a.bin", size=250 * GB), entry("a.bin", size=250 * GB + 1), "FILE-TOO-LARGE", BLOCK),
    ("15 GB", entry("a.bin", size=15 * GB), entry("a.bin", size=15 * GB + 1), "FILE-LARGE", NOTE),
    ("255 characters", entry("x" * 255), entry("x" * 256), "NAME-LENGTH", RENAME),
    ("255 units of UTF-16", entry("🚧" * 127), entry("🚧" * 128), "NAME-LENGTH", RENAME),
    ("300 characters below 70", entry("x" * 230), entry("x" * 231), "PATH-LONG", NOTE),
    ("an address of 400", entry("a%" + "a" * 85), entry("a%" + "a" * 86), "PATH-ENCODED", NOTE),
    ("218 on a desktop", entry("x" * 133 + ".xlsx"), entry("x" * 134 + ".xlsx"), "PATH-OFFICE", NOTE),
    ("259 on a desktop", entry("x" * 174 + ".docx"), entry("x" * 175 + ".docx"), "PATH-OFFICE", NOTE),
    ("no program of Office", entry("x" * 134 + ".docx"), entry("x" * 231 + ".docx"), "PATH-LONG", NOTE),
    ("before 1980", entry("a.txt", days=43 * 365), entry("a.txt", days=44 * 365), "DATE-ODD", NOTE),
    ("the future", entry("a.txt", days=-0.9), entry("a.txt", days=-1.1), "DATE-ODD", NOTE),
    ("forms at the top", folder("Form"), folder("forms"), "NAME-FORMS", RENAME),
    ("thicket", folder("Report_filed"), folder("Report_files"), "NAME-THICKET", RENAME),
    ("thicket abroad", folder("Bericht-Datei"), folder("Bericht-Dateien"), "THICKET-ABROAD", NOTE),
    ("thicket in French", folder("Rapport fichiers"), folder("Rapport_fichiers"), "THICKET-ABROAD", NOTE),
    ("thicket of one", folder("Report-file"), folder("Report_file"), "NAME-THICKET", RENAME),
]


@pytest.mark.parametrize(
    ("within", "beyond", "code", "treatment"), [each[1:] for each in LIMITS], ids=[each[0] for each in LIMITS]
)
def test_limit_is_met_from_the_first_beyond_it(within: Entry, beyond: Entry, code: str, treatment: Treatment) -> None:
    # An address counts 40 characters of the tenant and 70 of the place: 290 are left, of which the folder takes 201.
    path = "a b" * 40 if code == "PATH-ENCODED" else ""
    assert code not in said(within, path=path)
    assert said(beyond, path=path).get(code) == treatment


def test_path_of_a_deep_share_is_blocked_with_what_to_take_out() -> None:
    path = "/".join(f"{level:02} Junction improvement works" for level in range(1, 21))
    (found,) = checks.examine(path, Entries.of([entry("Deep section.pdf")]), now_ns=NOW)
    assert (found.code, found.treatment) == ("PATH-TOO-LONG", BLOCK)
    assert "Take out" in found.message


def test_folder_beyond_the_view_threshold_is_noted() -> None:
    many = [entry(f"{number}.txt") for number in range(5001)]
    assert said(*many) == {"FOLDER-LARGE": NOTE}
    assert said(*many[:5000]) == {}


@pytest.mark.parametrize("phrase", [phrase.strip() for text in hints.PERSONAL.values() for phrase in text.split(",")])
def test_word_about_people_is_found_wherever_it_stands(phrase: str) -> None:
    for name in (f"2019 {phrase} notes.docx", f"{phrase.upper()}.pdf", f"J_{phrase.replace(' ', '_')}-1.docx"):
        assert said(entry(name)) == {"SENSITIVE-NAME": NOTE}, name


@pytest.mark.parametrize(
    "name",
    ["Replacement plan.docx", "Road adoption 2019.docx", "Foster Street.pdf", "Copyright.docx", "Careers fair.docx",
     "Adobe.pdf", "Assaulted by weather.docx", "Use this route.docx"],
)  # fmt: skip
def test_word_that_only_looks_alike_is_none(name: str) -> None:
    assert said(entry(name)) == {}


def test_direction_override_is_a_security_matter() -> None:
    assert CODES["DIRECTION"].severity is Severity.HIGH


@given(
    st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=30).filter(lambda raw: b"/" not in raw and b"\0" not in raw),
            st.sampled_from(["file", "folder", "link", "special"]),
            st.integers(0, 2**50),
            st.integers(-(2**62), 2**62),
            st.integers(0, 63),
            st.sampled_from([None, "permission denied"]),
        ),
        max_size=12,
        unique_by=lambda each: each[0],
    ),
    st.text(max_size=400),
)
def test_any_listing_of_any_bytes_has_known_findings(
    listed: list[tuple[bytes, str, int, int, int, str | None]], path: str
) -> None:
    entries = sorted(
        Entry(raw, raw.decode("utf-8", "replace"), kind, size, modified, None, reason, attributes, None)
        for raw, kind, size, modified, attributes, reason in listed
    )
    for each in checks.examine(path, Entries.of(entries), now_ns=NOW):
        assert each.code in CODES
        assert (each.proposal is not None) is (each.treatment is RENAME)
