"""Names that SharePoint refuses, and the names proposed instead."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spmigrate import limits
from spmigrate.rehearsal.naming import name_problem
from spmigrate.scan import names

PIECES = ["~", "~$", " ", ".", "_vti_", "_files", "CON", "aux", ".lock", "desktop.ini", "forms", "LPT1", "_", "\uf020",
          "x" * 250, "🚧" * 130, ".docx"]  # fmt: skip
AWKWARD = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40),
    st.text(alphabet=' .~$_-aAé\u0301:"*?<>|\\\x01\x7f\uf022\uf028\uf029\u202e', min_size=1, max_size=12),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join),
).filter(lambda name: "/" not in name and "\0" not in name)


@pytest.mark.parametrize(
    ("name", "code", "better"),
    [
        ("Agenda: 14 March.docx", "NAME-CHARACTER", "Agenda- 14 March.docx"),
        ('Plan "A".pdf', "NAME-CHARACTER", "Plan 'A'.pdf"),
        ("two\nlines.txt", "NAME-CONTROL", "two lines.txt"),
        ("Section A\uf022 plan.pdf", "NAME-MAPPED", "Section A- plan.pdf"),
        (" Budget.xlsx", "NAME-SPACE", "Budget.xlsx"),
        ("Report.", "NAME-DOT", "Report"),
        ("aux.docx", "NAME-RESERVED", "aux_.docx"),
        ("CON", "NAME-RESERVED", "CON_"),
        ("lpt1.TXT", "NAME-RESERVED", "lpt1_.TXT"),
        ("~$Saved by mistake.docx", "NAME-TILDE", "Saved by mistake.docx"),
        ("a_vti_b.txt", "NAME-VTI", "a_vti-b.txt"),
        ("x" * 300 + ".pdf", "NAME-LENGTH", "x" * 251 + ".pdf"),
    ],
)
def test_refused_file_name_has_its_code_and_a_better_name(name: str, code: str, better: str) -> None:
    assert code in names.refusals(name, folder=False, top=False)
    assert names.clean(name, folder=False, top=False) == better


@pytest.mark.parametrize(
    ("name", "top", "code", "better"),
    [
        ("~Archive", False, "NAME-TILDE", "Archive"),
        ("Report_files", False, "NAME-THICKET", "Report files"),
        ("Forms", True, "NAME-FORMS", "Forms_"),
        (".lock", False, "NAME-RESERVED", "_.lock"),
        ("Minutes ", False, "NAME-SPACE", "Minutes"),
    ],
)
def test_refused_folder_name_has_its_code_and_a_better_name(name: str, top: bool, code: str, better: str) -> None:
    assert names.refusals(name, folder=True, top=top) == [code]
    assert names.clean(name, folder=True, top=top) == better


@pytest.mark.parametrize(
    "name",
    ["50% off #2 & 'draft'.docx", "A%20B.docx", "Children’s – final “v2”.docx", "report..final...docx", "01.04.19",
     "~draft.docx", "x" * 255, "Console.txt", "auxiliary.docx", ".gitignore", "Bericht Straße 東京 🚧.docx"],
)  # fmt: skip
def test_unusual_but_allowed_name_is_kept_exactly(name: str) -> None:
    assert names.refusals(name, folder=False, top=False) == []
    assert names.clean(name, folder=False, top=False) == name


@given(AWKWARD, st.booleans(), st.booleans())
@example("~ ~CON .", True, False)
@example("__vti_files", True, False)
def test_proposal_passes_every_check_and_the_tenant_takes_it(name: str, folder: bool, top: bool) -> None:
    better = names.clean(name, folder=folder, top=top)
    assert names.refusals(better, folder=folder, top=top) == []
    assert name_problem(better, folder=folder, at_root=top) is None


@given(AWKWARD, st.booleans(), st.booleans())
def test_what_the_tenant_refuses_the_scan_refuses(name: str, folder: bool, top: bool) -> None:
    if name_problem(name, folder=folder, at_root=top) is not None:
        assert names.refusals(name, folder=folder, top=top)


@example(["..0"], False)
@given(st.lists(AWKWARD, min_size=1, max_size=30), st.booleans())
def test_proposals_are_unlike_each_other_and_every_neighbour(found: list[str], folder: bool) -> None:
    taken = {names.fold(name) for name in found}
    before = set(taken)
    given_ = [names.proposal(name, folder=folder, top=False, taken=taken) for name in found]
    folded = [names.fold(name) for name in given_]
    assert len(set(folded)) == len(folded)
    assert not before & set(folded)
    assert all(names.refusals(name, folder=folder, top=False) == [] for name in given_)


@pytest.mark.parametrize(("one", "other"), [("README", "Readme"), ("Café", "Cafe\u0301"), ("CAFÉ", "cafe\u0301")])
def test_names_that_are_one_to_sharepoint_fold_alike(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


def test_length_counts_utf16_units() -> None:
    assert limits.units("🚧a") == 3
    assert "NAME-LENGTH" in names.refusals("🚧" * 128, folder=False, top=False)
