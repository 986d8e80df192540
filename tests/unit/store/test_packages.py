"""The journal of packages, the ids that are given once, and what libraries hold."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.migrate import planning
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, library_items, package_identities, packages, waves
from spmigrate.store.batches import Batch, LeaseLost, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.library_items import LibraryItem, Look
from spmigrate.store.package_identities import BLOCK, GAP
from spmigrate.store.packages import PackedFile
from tests.signed_estate import TIDY, gate, library, sign, write

pytestmark = pytest.mark.homes
LIST = "list-1"


@pytest.fixture
def ledger(tmp_path: Path, ledger_home: str) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.db")
    for number in range(4):
        write(tmp_path / f"share/a/{number}.txt", b"x" * number)
    sign(ledger, tmp_path / "share", {"a": (TIDY, library())})
    planning.plan(ledger, "pilot", gate=gate(ledger))
    return ledger


def claimed(ledger: Ledger) -> tuple[Batch, list[Transfer]]:
    batch = leases.claim(ledger, waves.get(ledger, "pilot"), owner="test")
    assert batch is not None
    return batch, batches.transfers(ledger, batch)


def highest(number: int) -> Callable[[], int]:
    return lambda: number


def test_a_package_is_found_again_where_it_was(ledger: Ledger) -> None:
    batch, (first, *_) = claimed(ledger)
    package = packages.begin(ledger, batch, now=5.0, archives=True)
    packages.move_on(ledger, batch, package, "providing", phase="providing")
    packages.put_files(ledger, batch, package, [PackedFile(first.id, "id", "blob", size=3, outcome=Outcome.FAILED)])
    found = packages.open_package(ledger, batch)
    assert found is not None
    assert (found.id, found.phase, found.archives, found.began) == (package.id, "providing", True, 5.0)
    assert packages.files_of(ledger, found)[first.id].outcome is Outcome.FAILED
    assert [step for _, step, _ in packages.steps(ledger, batch.id)] == ["begun", "providing"]
    packages.move_on(ledger, batch, package, "done", phase="done")
    assert packages.open_package(ledger, batch) is None


def test_who_has_lost_the_lease_writes_nothing(ledger: Ledger) -> None:
    batch, (first, *_) = claimed(ledger)
    package = packages.begin(ledger, batch, now=0.0, archives=False)
    leases.release(ledger, waves.get(ledger, "pilot"))
    other, _ = claimed(ledger)
    for write_something in (
        lambda: packages.begin(ledger, batch, now=0.0, archives=False),
        lambda: packages.move_on(ledger, batch, package, "submitting", phase="submitting"),
        lambda: packages.put_files(ledger, batch, package, [PackedFile(first.id)]),
    ):
        with pytest.raises(LeaseLost):
            write_something()
    found = packages.open_package(ledger, other)
    assert found == package
    assert packages.files_of(ledger, package) == {}


def test_steps_are_evidence(ledger: Ledger) -> None:
    batch, _ = claimed(ledger)
    packages.begin(ledger, batch, now=0.0, archives=False)
    with pytest.raises(Exception, match="evidence"):
        ledger.execute("DELETE FROM package_step")


def test_an_item_has_one_id_for_ever_and_no_two_have_one(ledger: Ledger) -> None:
    ids = [each.id for each in claimed(ledger)[1]]
    first = package_identities.give_files(ledger, LIST, ids, known={}, highest=highest(7))
    again = package_identities.give_files(ledger, LIST, ids[::-1], known={}, highest=highest(9_999_999))
    other = package_identities.give_files(ledger, "list-2", ids, known={}, highest=highest(7))
    folders = package_identities.give_folders(ledger, LIST, {"A": "", "A/B": ""}, highest=highest(7))
    assert first == again
    every = [*first.values(), *other.values(), *folders.values()]
    assert len({each.file_id for each in every}) == len({each.item_id for each in every}) == len(every)
    numbers = [each.number for each in (*first.values(), *folders.values())]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) == 7 + GAP + BLOCK


def test_what_is_really_there_counts_for_more_than_what_was_given(ledger: Ledger) -> None:
    ids = [each.id for each in claimed(ledger)[1]]
    given = package_identities.give_files(ledger, LIST, ids, known={}, highest=highest(0))
    real = str(uuid.uuid4())
    found = package_identities.give_files(ledger, LIST, ids, known={ids[0]: real}, highest=highest(0))
    assert (found[ids[0]].file_id, found[ids[0]].number) == (real, 0)
    assert [found[each] for each in ids[1:]] == [given[each] for each in ids[1:]]
    assert package_identities.give_folders(ledger, LIST, {"A": real}, highest=highest(0))["A"].file_id == real


def test_a_new_block_of_numbers_lies_above_all_that_are_used(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_identities, "BLOCK", 3)
    ids = [each.id for each in claimed(ledger)[1]]
    first = package_identities.give_files(ledger, LIST, ids[:3], known={}, highest=highest(0))
    second = package_identities.give_files(ledger, LIST, ids[3:], known={}, highest=highest(0))
    assert min(each.number for each in second.values()) > max(each.number for each in first.values())


def test_an_id_that_was_given_up_is_never_given_again(ledger: Ledger) -> None:
    ids = [each.id for each in claimed(ledger)[1]]
    before = package_identities.give_files(ledger, LIST, ids[:1], known={}, highest=highest(0))[ids[0]]
    package_identities.give_up(ledger, before.file_id)
    after = package_identities.give_files(ledger, LIST, ids[:1], known={}, highest=highest(0))[ids[0]]
    assert (after.file_id != before.file_id, after.number != before.number) == (True, True)


def item(number: int, *, parent: str = "root", name: str = "") -> LibraryItem:
    return LibraryItem(f"i{number}", parent, name or f"N{number}", False, 1, 0, "etag", None, f"u{number}")


def test_a_page_of_changes_counts_for_who_read_on_from_there(ledger: Ledger) -> None:
    before = library_items.look(ledger, "drive")
    assert before == Look()
    page = {"present": [item(1), item(2)], "absent": [], "link": "next", "whole": False}
    assert library_items.keep_page(ledger, "drive", before, **page)  # type: ignore[arg-type]  # of several kinds
    assert not library_items.keep_page(ledger, "drive", before, present=[item(3)], absent=["i1"], link="x", whole=True)
    now = library_items.look(ledger, "drive")
    assert (now.link, now.whole) == ("next", False)
    assert library_items.keep_page(
        ledger, "drive", now, present=[item(2, name="B")], absent=["i1"], link="y", whole=True
    )
    assert set(library_items.by_ids(ledger, "drive", ["i1", "i2", "i3"])) == {"i2"}
    assert library_items.children(ledger, "drive", "root", ["B", "N2"]) == {"B": item(2, name="B")}
    assert library_items.by_unique_ids(ledger, "other", ["u2"]) == {}
    library_items.forget(ledger, "drive")
    assert library_items.look(ledger, "drive").link == ""
    assert library_items.by_ids(ledger, "drive", ["i2"]) == {}
