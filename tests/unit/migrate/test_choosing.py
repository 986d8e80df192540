"""Which route a file takes, and that the reason says what decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate import choosing
from spmigrate.migrate.choosing import FEW, MOST_PACKAGE_BYTES, Candidate, choose

MANY = FEW
candidates = st.builds(
    Candidate,
    kind=st.sampled_from(["folder", "smb", "sharepoint"]),
    action=st.sampled_from(["copy", "replace", "rename"]),
    name=st.sampled_from(["a.docx", "page.aspx", "APP.JAR", "no type"]),
    size=st.sampled_from([0, 10_000, MOST_PACKAGE_BYTES, MOST_PACKAGE_BYTES + 1]),
)


def new(name: str = "a.docx", size: int = 10_000, kind: str = "folder") -> Candidate:
    return Candidate(kind, "copy", name, size)


@pytest.mark.parametrize(
    ("file", "count", "wanted", "route", "why"),
    [
        (new(), MANY, "auto", "package", "many new files"),
        (new(kind="smb"), MANY, "auto", "package", "many new files"),
        (new(), FEW - 1, "auto", "session", "fewer than 1,000"),
        (new(size=MOST_PACKAGE_BYTES + 1), MANY, "auto", "session", "15 GB"),
        (new(size=MOST_PACKAGE_BYTES), MANY, "auto", "package", "many"),
        (new("Default.ASPX"), MANY, "auto", "session", "type"),
        (new(kind="sharepoint"), 1, "auto", "copy", "versions"),
        (Candidate("folder", "replace", "a", 1), MANY, "auto", "session", "changed"),
        (Candidate("folder", "rename", "a", 1), MANY, "auto", "session", "renamed"),
        (Candidate("sharepoint", "rename", "a", 1), MANY, "auto", "session", "renamed"),
        (new(), MANY, "session", "session", "asked for"),
        (new(), 1, "package", "package", "asked for"),
        (new(size=MOST_PACKAGE_BYTES + 1), 1, "package", "session", "15 GB"),
        (new(kind="sharepoint"), MANY, "session", "copy", "versions"),
    ],
)  # fmt: skip
def test_route_and_its_reason(file: Candidate, count: int, wanted: str, route: str, why: str) -> None:
    choice = choose(file, new_files=count, wanted=wanted)
    assert choice.route == route and why in choice.why


@given(candidates, st.integers(0, 10_000), st.sampled_from(choosing.WANTED))
def test_nothing_that_an_edit_could_be_lost_by_goes_in_a_package(file: Candidate, count: int, wanted: str) -> None:
    choice = choose(file, new_files=count, wanted=wanted)
    if choice.route == "package":
        assert file.action == "copy" and file.kind != "sharepoint" and file.size <= MOST_PACKAGE_BYTES
    if choice.route == "copy":
        assert file.kind == "sharepoint" and file.action == "copy"
    assert choice.why


@given(candidates, st.integers(0, 10_000))
def test_more_files_never_turn_a_package_into_uploads(file: Candidate, count: int) -> None:
    if choose(file, new_files=count).route == "package":
        assert choose(file, new_files=count + 1).route == "package"
