"""How much of a signed folder may change before its owner is asked again."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.mapping import position
from spmigrate.mapping.states import State
from spmigrate.scan.survey import survey
from spmigrate.store import mappings, row_sample, signoffs
from spmigrate.store.row_identity import RowIdentity, difference
from spmigrate.store.row_sample import File
from tests.unit.mapping.desk_case import Desk, choices

OLD = 1_400_000_000
NOW = 2_000_000_000


def write(folder: Path, names: Iterator[str], text: str = "x", *, at: int = OLD) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(text)
        os.utime(folder / name, (at, at))


def numbered(count: int, name: str = "minutes") -> Iterator[str]:
    return (f"{name} {number}.txt" for number in range(count))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A share with two folders of a hundred files, both signed."""
    write(tmp_path / "share" / "A", numbered(100), "of A")
    write(tmp_path / "share" / "B", numbered(100), "and of B", at=OLD + 1)
    opened = Desk.open(tmp_path, tmp_path / "share")
    opened.answer({})
    opened.collect()
    opened.sign()
    assert opened.signed() == {"A", "B"}
    yield opened
    opened.ledger.close()


def signed_after_a_scan(desk: Desk) -> set[str]:
    survey(desk.ledger, desk.root, name="Highways")
    return desk.signed()


def test_other_files_in_the_same_number_are_signed_again(desk: Desk) -> None:
    for name in numbered(100):
        (desk.root / "A" / name).unlink()
    write(desk.root / "A", numbered(100, "court file"))
    assert signed_after_a_scan(desk) == {"B"}
    (row,) = signoffs.unsigned_rows(desk.ledger)
    assert row.reason.endswith("of 100 files, 100 went or were replaced, and 100 came")


def test_folders_that_swap_their_names_are_signed_again(desk: Desk) -> None:
    (desk.root / "A").rename(desk.root / "C")
    (desk.root / "B").rename(desk.root / "A")
    (desk.root / "C").rename(desk.root / "B")
    assert signed_after_a_scan(desk) == set()


def test_edited_files_stay_signed(desk: Desk) -> None:
    write(desk.root / "A", numbered(100), "edited", at=NOW)
    assert signed_after_a_scan(desk) == {"A", "B"}


def test_come_and_gone_count_together(desk: Desk) -> None:
    write(desk.root / "A", numbered(2, "new"))
    for name in numbered(2):
        (desk.root / "A" / name).unlink()
        assert signed_after_a_scan(desk) == {"A", "B"}
    (desk.root / "A" / "minutes 2.txt").unlink()
    assert signed_after_a_scan(desk) == {"B"}


def identity(files: list[File], *, looked_ns: int = 0) -> RowIdentity:
    """What a scan keeps of these files."""
    below = row_sample.bound(len(files))
    kept = [file for file in files if row_sample.hashed(file[0]) < below]
    return RowIdentity(items=len(files), looked_ns=looked_ns, bound=below, sample=row_sample.pack(kept))


@given(
    before=st.sets(st.integers(1, 400), min_size=1, max_size=200), now=st.sets(st.integers(1, 400), max_size=200)
)  # fmt: skip
def test_small_rows_are_judged_by_every_file(before: set[int], now: set[int]) -> None:
    found = difference(*(identity([(number, 7, 7) for number in sorted(files)]) for files in (before, now)))
    assert (found is None) == (len(before ^ now) * 20 < len(before) or before == now)


@pytest.mark.parametrize(("percent", "holds"), [(1, True), (3, True), (8, False), (50, False), (100, False)])
@pytest.mark.parametrize("replaced", [False, True])
def test_large_rows_are_judged_by_a_sample(percent: int, holds: bool, replaced: bool) -> None:
    count = 40_000
    files = [(number, 7, 7) for number in range(1, count + 1)]
    if replaced:
        changed = count * percent // 100
        present = [*((number, 8, 8) for number, _, _ in files[:changed]), *files[changed:]]
    else:
        changed = count * percent // 200
        present = [*files[changed:], *((count + number, 7, 7) for number in range(1, changed + 1))]
    found = difference(identity(files, looked_ns=9), identity(present, looked_ns=19))
    assert (found is None) == holds and (holds or "about " in str(found))


def test_samples_stay_small() -> None:
    files = [(number, 7, 7) for number in range(1, 100_001)]
    assert row_sample.MOST / 2 < len(row_sample.unpack(identity(files).sample)) <= row_sample.MOST * 1.1


def test_ledger_draws_the_same_sample(tmp_path: Path) -> None:
    write(tmp_path / "share" / "A", numbered(row_sample.MOST + 200))
    desk = Desk.open(tmp_path, tmp_path / "share")
    (found,) = (row.identity for row in mappings.rows(desk.ledger))
    ids = {row["id"] for row in desk.ledger.rows("SELECT id FROM item")}
    assert found.bound == row_sample.WHOLE // 2
    assert set(row_sample.unpack(found.sample)) == {each for each in ids if row_sample.hashed(each) < found.bound}
    desk.ledger.close()


@pytest.mark.parametrize(("percent", "came", "stays"), [(2, 1, True), (2, 3, False), (10, 9, True), (10, 10, False)])
def test_policys_share_of_new_files_counts_where_a_sheet_stands_and_when_it_is_issued(
    desk: Desk, percent: int, came: int, stays: bool
) -> None:
    write(desk.root / "A", numbered(came, "new"))
    survey(desk.ledger, desk.root, name="Highways")
    offered = replace(choices(), growth_percent=percent)
    stands = position.of(desk.ledger, desk.record, offered)
    changed = [each.text for each in stands.remarks if "changed since this workbook was issued" in each.text]
    assert (not stands.unsigned, not changed) == (stays, stays)
    desk.reissue(choices=offered)
    assert desk.record.state == (State.OWNER_SIGNED if stays else State.ISSUED)
