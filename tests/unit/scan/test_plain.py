"""Names of a folder looked at all at once say what they say one by one."""

from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from spmigrate.scan import checks, plain
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Attribute, Entry

NOW = 1_700_000_000 * 1_000_000_000
WORDS = st.sampled_from([
    "Report", "copy of", "CON", "aux", "com1", ".", "..", " ", "~", "~$", "_vti_", "_files", "forms", "dob", "Panel",
    "placement", "-", ".docx", ".tmp", ".shp", ".one", "Thumbs.db", "desktop.ini", ".lock", "é", "=", "(1)", "\n", "v2",
    "use this one", "NI number",
])  # fmt: skip
NAMES = st.lists(WORDS, min_size=1, max_size=4).map("".join).filter(lambda name: name not in (".", ".."))
ENTRIES = st.lists(
    st.builds(
        lambda name, kind, size, modified, attributes: Entry(
            name.encode(), name, kind, size, modified, NOW - 10**15, None, attributes, 1
        ),
        NAMES,
        st.sampled_from(["file", "file", "file", "folder", "link"]),
        st.sampled_from([5000, 5000, 0, 2**40]),
        st.sampled_from([NOW - 10**15, NOW - 10**15, 0, NOW + 10**15]),
        st.sampled_from([0, 0, int(Attribute.OFFLINE)]),
    ),
    max_size=8,
    unique_by=lambda entry: entry.raw,
).map(sorted)


@given(ENTRIES, st.sampled_from(["", "Contracts"]))
@example([Entry(b"Forms", "Forms", "folder", 0, 0, None, None)], "")
@example([Entry(b"a_files", "a_files", "folder", 0, 0, None, None)], "x")
def test_names_looked_at_together_say_what_they_say_one_by_one(entries: list[Entry], path: str) -> None:
    together = checks.examine(path, Entries.of(entries), now_ns=NOW)
    with patch.object(plain, "are_plain", lambda listed, unlike: False):
        assert checks.examine(path, Entries.of(entries), now_ns=NOW) == together


@given(ENTRIES, st.sampled_from(["", "x" * 320]))
def test_files_in_columns_are_told_what_they_are_told_one_by_one(entries: list[Entry], path: str) -> None:
    alone = [entry._replace(created_ns=None) for entry in entries]  # which is told nothing for, and is in no column
    told = checks.examine(path, Entries.of(alone), now_ns=NOW)
    assert len(Entries.of(alone).others) == len(entries)
    assert checks.examine(path, Entries.of(entries), now_ns=NOW) == [
        each._replace(entry=each.entry and each.entry._replace(created_ns=NOW - 10**15)) for each in told
    ]


def test_ordinary_names_are_plain() -> None:
    assert plain.are_plain([["2019-04-01 Bridge 7 - Report v3.docx"], ["Mill Lane (draft).xlsx"]], unlike=())
    assert not plain.are_plain([["Report.docx"], ["report.docx"]], unlike=())
    assert not plain.are_plain([["Report.docx", "aux .txt"]], unlike=())
