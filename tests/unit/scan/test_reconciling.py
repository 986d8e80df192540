"""A scan held against a count that somebody else made."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.scan import reconciling, sids
from spmigrate.scan.survey import survey
from spmigrate.store import counts
from spmigrate.store.counts import Count
from spmigrate.store.ledger import Ledger

ROBOCOPY = """
-------------------------------------------------------------------------------
   ROBOCOPY     ::     Robust File Copy for Windows
-------------------------------------------------------------------------------

  Started : 01 April 2026 09:30:00
   Source : D:\\Shares\\Common\\{top}\\
     Dest : D:\\Shares\\Common\\NUL\\

    Files : *.*

  Options : *.* /NFL /NDL /BYTES /L /S /E /DCOPY:DA /COPY:DAT /XJ /R:1000000 /W:30

------------------------------------------------------------------------------

               Total    Copied   Skipped  Mismatch    FAILED    Extras
    Dirs :{dirs:>10}         2         0         0         0         0
   Files :{files:>10}         3         0         0         0         0
   Bytes :{size:>10}        60         0         0         0         0
   Times :   0:00:00   0:00:00                       0:00:00   0:00:00
   Ended : 01 April 2026 09:30:01
"""

tops = st.lists(
    st.builds(Count, st.text("abcdef", min_size=1, max_size=4), *[st.integers(0, 9)] * 3),
    unique_by=lambda each: each.top,
)


@given(tops)
def test_a_count_equals_itself(listed: list[Count]) -> None:
    found = reconciling.compare(listed, reversed(listed))
    assert len(found.equal) == len(listed) and not found.differing and not found.unknown


@given(tops.filter(bool), st.data())
def test_any_one_change_is_one_difference(listed: list[Count], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(listed) - 1))
    kind = data.draw(st.sampled_from(["folders", "files", "bytes", "missing"]))
    other = list(listed)
    one = other.pop(at)
    if kind != "missing":
        numbers = {"folders": one.folders, "files": one.files, "bytes": one.bytes}
        numbers[kind] += 1
        other.append(Count(one.top, **numbers))
    for ours, theirs in ((listed, other), (other, listed)):
        found = reconciling.compare(ours, theirs)
        assert [each.top for each in found.differing] == [one.top]
        assert len(found.equal) == len(listed) - 1


def test_capitals_and_paths_of_names_make_no_difference() -> None:
    theirs = [Count(reconciling.top_of(path), 0, 1, 2) for path in ("D:\\Shares\\LETTERS\\", "./plans", "Minutes ")]
    found = reconciling.compare([Count(name, 0, 1, 2) for name in ("Letters", "Plans", "Minutes")], theirs)
    assert len(found.equal) == 3


def test_what_one_side_could_not_see_is_unknown_not_different() -> None:
    found = reconciling.compare([Count("a", 1, 2, 3, unseen=1)], [Count("a", 5, 6, 7)])
    assert found.unknown == (("a", "the scan could not look into 1 of its folders"),) and not found.differing
    found = reconciling.compare([Count(".", 0, 4, 9), Count("a", 0, 0, 0)], [Count("a", 0, 0, 0)])
    assert found.unknown == ((".", "the count has no line '.' for the 4 files beside the folders"),)
    assert reconciling.compare([], [], ["the share hides names"]).unknown == ((".", "the share hides names"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_logs_of_robocopy_are_counts(tmp_path: Path, encoding: str) -> None:
    log = tmp_path / "count.log"
    blocks = [
        ROBOCOPY.format(top="Letters", dirs=3, files=4, size=1234),
        ROBOCOPY.format(top="A B", dirs=1, files=0, size=0),
    ]
    log.write_text("\r\n".join("".join(blocks).splitlines()), encoding)
    assert reconciling.read(log) == [Count("Letters", 2, 4, 1234), Count("A B", 0, 0, 0)]


def test_log_of_robocopy_is_read_to_its_end_a_line_at_a_time(tmp_path: Path) -> None:
    log = tmp_path / "count.log"
    with log.open("w", encoding="utf-8") as lines:
        lines.write("\n".join(f"\t\t\t 1234\tD:\\Shares\\Letter {number}.docx" for number in range(200_000)))
        lines.write("\n" + ROBOCOPY.format(top="Letters", dirs=3, files=4, size=1234))
    assert log.stat().st_size > 5_000_000
    tracemalloc.start()
    assert reconciling.read(log) == [Count("Letters", 2, 4, 1234)]
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_counts_may_have_commas_and_empty_sums(tmp_path: Path) -> None:
    table = tmp_path / "counts.csv"
    table.write_text(
        '"Folder","Folders","Files","Bytes"\n"Letters","1,002","3","4,000"\n"Empty","0","0",""\n', "utf-8-sig"
    )
    assert reconciling.read(table) == [Count("Letters", 1002, 3, 4000), Count("Empty", 0, 0, 0)]


def test_links_are_not_counted(tmp_path: Path) -> None:
    (tmp_path / "share" / "a" / "b").mkdir(parents=True)
    (tmp_path / "share" / "a" / "b" / "one.txt").write_text("one")
    (tmp_path / "share" / "a" / "link").symlink_to("b")
    (tmp_path / "share" / "two.txt").write_text("four")
    ledger = Ledger(tmp_path / "ledger.db")
    source = survey(ledger, tmp_path / "share")
    assert counts.by_top(ledger, source) == [Count(".", 0, 1, 4), Count("a", 1, 1, 3)]


def test_names_of_accounts_come_from_a_table(tmp_path: Path) -> None:
    assert sids.read(tmp_path / sids.FILE_NAME) == {}
    table = tmp_path / sids.FILE_NAME
    table.write_text("sid,name,kind\nS-1-5-21-1-2-3-1001,COUNCIL\\Clerk,user\nS-1-5-21-1-2-3-1002,,\n")
    assert sids.read(table) == {
        "S-1-5-21-1-2-3-1001": ("COUNCIL\\Clerk", "user"), "S-1-5-21-1-2-3-1002": ("", "unknown"),
    }  # fmt: skip
    table.write_text("sid,name,kind\n1001,Clerk,user\n")
    with pytest.raises(InputError) as refused:
        sids.read(table)
    assert "'1001' is no SID" in str(refused.value.problems[0])
