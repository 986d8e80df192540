"""What is said of a folder's entries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.model import Treatment
from spmigrate.scan import checks, names
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Entry, Remark

NOW = 1_700_000_000 * 1_000_000_000
_DAY = 86_400 * 1_000_000_000


def entry(name: str, kind: str = "file", size: int = 5000, age_days: int = 30, reason: str | None = None) -> Entry:
    raw = name.encode("utf-8", "surrogateescape")
    return Entry(raw, raw.decode("utf-8", "replace"), kind, size, NOW - age_days * _DAY, None, reason)


def found(*entries: Entry, path: str = "Contracts") -> list[Remark]:
    return checks.examine(path, Entries.of(sorted(entries)), now_ns=NOW)


def codes(*entries: Entry, path: str = "Contracts") -> list[str]:
    return [remark.code for remark in found(*entries, path=path)]


@pytest.mark.parametrize(
    ("each", "code"),
    [
        (entry("~$Panel.docx", size=162), "LOCK-FILE"),
        (entry(".lock"), "LOCK-FILE"),
        (entry("Bridges.laccdb"), "LOCK-FILE"),
        (entry("~WRL0001.tmp"), "TEMPORARY"),
        (entry("Thumbs.db"), "SYSTEM-FILE"),
        (entry("Desktop.ini"), "SYSTEM-FILE"),
        (entry("Depot.LNK"), "SHORTCUT"),
        (entry("Bridges.accdb"), "DATABASE"),
        (entry("columns.sqlite"), "DATABASE"),
        (entry("archive.pst"), "MAILBOX"),
        (entry("loop", kind="link"), "LINK"),
        (entry("pipe", kind="special"), "SPECIAL"),
        (entry("secret.docx", reason="permission denied"), "UNSEEN"),
    ],
)
def test_what_stays_has_one_finding_and_no_other(each: Entry, code: str) -> None:
    assert codes(each) == [code]


@pytest.mark.parametrize(
    ("each", "code"),
    [
        (entry("Payment\u202excod.docx"), "DIRECTION"),
        (entry("Timing\u200bplan.xlsx"), "INVISIBLE"),
        (entry("Cre\u0300che.docx"), "DECOMPOSED"),
        (entry("report..final...docx"), "MANY-DOTS"),
        (entry("=HYPERLINK(A1).csv"), "FORMULA-NAME"),
        (entry("Copy of plan.docx"), "FOLK-VERSION"),
        (entry("Placement review - 14.03.docx"), "SENSITIVE-NAME"),
        (entry("Mill Lane; Station Road", kind="folder"), "SEMICOLON"),
        (entry("Forms", kind="folder"), "FORMS"),
        (entry("empty.txt", size=0), "ZERO-BYTES"),
        (entry("video.mp4", size=16 * 10**9), "FILE-LARGE"),
        (entry("clock.txt", age_days=-30), "DATE-ODD"),
        (entry("Routes.one"), "ONENOTE-SECTION"),
        (entry("setup.exe"), "SOFTWARE"),
        (entry("default.aspx"), "SCRIPT-PAGE"),
        (entry("bridleways.shp"), "SHAPEFILE-PART"),
    ],
)
def test_what_is_worth_knowing_moves_as_it_is(each: Entry, code: str) -> None:
    (remark,) = found(each)
    assert (remark.code, remark.treatment, remark.proposal) == (code, Treatment.NOTE, None)


@pytest.mark.parametrize(
    "name",
    ["50% off #2 & 'draft'.docx", "A%20B.docx", "Children’s – final “v2”.docx", "Apr 19 (2)", "Replacement.docx"],
)
def test_allowed_name_is_not_mentioned(name: str) -> None:
    assert codes(entry(name)) == []


@pytest.mark.parametrize("name", ["tmp", "lnk", "PST", "ost", "mdb", "exe", "one", ".pst", "Notes. pst"])
def test_word_without_a_full_stop_before_it_is_no_extension(name: str) -> None:
    assert codes(entry(name)) == []


def test_too_large_file_is_blocked() -> None:
    assert codes(entry("disk.bin", size=250 * 10**9)) == ["FILE-LARGE"]
    (remark,) = found(entry("disk.bin", size=250 * 10**9 + 1))
    assert (remark.code, remark.treatment) == ("FILE-TOO-LARGE", Treatment.BLOCK)


@pytest.mark.parametrize(
    ("length", "expected"), [(230, []), (231, ["PATH-LONG"]), (330, ["PATH-LONG"]), (331, ["PATH-TOO-LONG"])]
)
def test_path_is_measured_with_room_for_site_and_library(length: int, expected: list[str]) -> None:
    path = "/".join(["d" * 49] * 4)
    assert codes(entry("f" * (length - len(path) - 1)), path=path) == expected


def test_too_long_path_says_how_much_to_take_out() -> None:
    (remark,) = found(entry("f" * 31), path="a" * 50 + "/" + "b" * 259)
    assert "Take out 12;" in remark.message
    assert "bbb" in remark.message


def test_office_lock_name_on_a_real_document_is_renamed_not_left_behind() -> None:
    (remark,) = found(entry("~$Saved by mistake.docx", size=48_000))
    assert (remark.code, remark.proposal) == ("NAME-TILDE", "Saved by mistake.docx")


def test_undecodable_name_is_read_as_windows_text() -> None:
    (remark,) = found(entry("caf\udce9 rota.txt"))
    assert (remark.code, remark.proposal) == ("NAME-ENCODING", "café rota.txt")


def test_first_of_twins_keeps_its_name() -> None:
    (remark,) = found(entry("Readme.txt"), entry("README.txt"))
    assert remark.entry is not None
    assert (remark.code, remark.entry.name, remark.proposal) == ("TWIN-CASE", "Readme.txt", "Readme (2).txt")


def test_same_text_in_other_characters_is_a_twin() -> None:
    remarks = found(entry("Café.docx"), entry("Cafe\u0301.docx"))
    assert [(r.code, r.proposal) for r in remarks] == [("DECOMPOSED", None), ("TWIN-UNICODE", "Café (2).docx")]


def test_file_and_folder_of_one_name_are_twins() -> None:
    assert codes(entry("Plans", kind="folder"), entry("plans")) == ["TWIN-CASE"]


def test_proposal_avoids_a_name_that_is_there() -> None:
    (remark,) = found(entry("a:b.txt"), entry("a-b.txt"))
    assert remark.proposal == "a-b (2).txt"


def test_several_faults_of_a_name_share_one_proposal() -> None:
    remarks = found(entry(" aux: plan.docx "))
    assert {r.code for r in remarks} == {"NAME-CHARACTER", "NAME-SPACE"}
    assert {r.proposal for r in remarks} == {"aux- plan.docx"}


def test_forms_is_refused_at_the_top_only() -> None:
    assert codes(entry("Forms", kind="folder"), path="") == ["NAME-FORMS"]


def test_shapefile_with_its_parts_is_whole() -> None:
    assert codes(entry("a.shp"), entry("A.SHX"), entry("a.dbf")) == ["SHAPEFILE"]


def test_folder_without_change_for_seven_years_is_old() -> None:
    old = 8 * 366
    (remark,) = found(entry("a.txt", age_days=old), entry("b.txt", age_days=old))
    assert (remark.code, remark.entry) == ("OLD", None)
    assert codes(entry("a.txt", age_days=old), entry("b.txt")) == []


NAMES = st.lists(
    st.text(alphabet="aAéE\u0301 .~$_:\uf022-", min_size=1, max_size=6).filter(lambda name: name not in (".", "..")),
    min_size=1, max_size=25, unique=True,
)  # fmt: skip


@given(NAMES, st.booleans())
def test_folder_is_collision_free_once_the_proposals_are_applied(texts: list[str], top: bool) -> None:
    path = "" if top else "Contracts"
    entries = [entry(name, kind="folder" if n % 2 else "file") for n, name in enumerate(texts)]
    remarks = found(*entries, path=path)
    renamed = {remark.entry: remark.proposal for remark in remarks if remark.treatment is Treatment.RENAME}
    staying = {remark.entry for remark in remarks if remark.treatment in (Treatment.SKIP, Treatment.ROUTE)}
    final = [(each, renamed.get(each, each.name)) for each in entries if each not in staying]
    assert all(
        name is not None and names.refusals(name, folder=each.kind == "folder", top=top) == [] for each, name in final
    )
    assert len({names.fold(name or "") for _, name in final}) == len(final)


@given(NAMES)
def test_findings_do_not_depend_on_the_order_of_the_file_system(texts: list[str]) -> None:
    entries = [entry(name) for name in texts]
    assert found(*entries) == found(*reversed(entries))


def test_every_code_is_whole() -> None:
    for key, code in checks.CODES.items():
        assert key == code.code
        assert all([code.title, code.message, code.remedy, code.source])


def test_words_about_copies_count_as_words_alone() -> None:
    assert codes(entry("Copy of plan.docx")) == codes(entry("Plan - copy (2).docx")) == ["FOLK-VERSION"]
    assert codes(entry("Photocopy of plan.docx")) == codes(entry("Music - copyright.docx")) == []
