"""Files that come again by the package route: with the ids that they had, and never over what people did since."""

import itertools
from pathlib import Path

import pytest

from spmigrate.model import Destination, Outcome
from spmigrate.quickxor import quickxor
from spmigrate.store.batches import Moved
from spmigrate.tenant import files, transfer
from spmigrate.tenant.transfer import Over, Spot, Times
from tests.contract.package_run import PackageRun, package_run
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import Leaf, new_site, tree

_NUMBERS = itertools.count(1)
MODIFIED = 1_400_000_000


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"increment-{next(_NUMBERS)}")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / "share" / "Plans" / name, name.encode(), modified=MODIFIED)
    return tmp_path / "share"


def offer_again(run: PackageRun, moved: Moved, *, action: str, name: str = "") -> None:
    """A transfer of a next round that replaces or renames a copy, as planning writes it."""
    row = run.ledger.one("SELECT batch_id FROM transfer WHERE id = ?", (moved.transfer_id,))
    assert row is not None
    columns = "wave_id, item_id, row_id, batch_id, size, modified_ns, created_ns, site, library, target_folder"
    run.ledger.execute("UPDATE transfer SET superseded = 2, target_key = NULL WHERE id = ?", (moved.transfer_id,))
    run.ledger.execute(
        f"INSERT INTO transfer({columns}, round, state, action, former_id, target_name) SELECT {columns}, 2, 'todo', ?,"
        " id, CASE WHEN ? <> '' THEN ? ELSE target_name END FROM transfer WHERE id = ?",
        (action, name, name, moved.transfer_id),
    )
    run.ledger.execute("UPDATE batch SET state = 'queued', finished = finished - 1 WHERE id = ?", (row["batch_id"],))


def by_name(run: PackageRun, moved: list[Moved], name: str) -> Moved:
    ids = {row["id"] for row in run.ledger.rows("SELECT id FROM transfer WHERE target_name = ?", (name,))}
    return next(each for each in moved if each.transfer_id in ids)


def leaf(run: PackageRun, home: Destination, path: str) -> Leaf:
    return tree(run.tenant, home)[path]


def test_a_changed_original_replaces_its_copy_under_the_same_id(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        first = by_name(run, run.move_all(), "a.txt")
        write(share / "Plans" / "a.txt", b"changed since", modified=MODIFIED + 60)
        offer_again(run, first, action="replace")
        (again,) = run.move_all()
        assert (again.outcome, again.target_id) == (Outcome.COPIED, first.target_id)
        assert again.etag != first.etag
        found = leaf(run, home, "Plans/a.txt")
        assert (found.quickxor, found.versions) == (quickxor(b"changed since"), 1)
        assert len(tree(run.tenant, home)) == 3


def test_a_copy_that_was_edited_since_is_never_overwritten(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        moved = run.move_all()
        first, second = by_name(run, moved, "a.txt"), by_name(run, moved, "b.txt")
        library = files.open_library(run.tenant, home.site, home.library)
        plans = files.child(run.tenant, library, library.root_id, "Plans")
        assert plans is not None
        assert first.target_id is not None
        transfer.upload(
            run.tenant, Spot(library, plans.id, "Plans", "a.txt"), iter([b"by people"]), size=9, times=Times(0, 0),
            over=Over(first.target_id, first.etag or ""),
        )  # fmt: skip
        for each, name in ((first, "a.txt"), (second, "b.txt")):
            write(share / "Plans" / name, b"changed since", modified=MODIFIED + 60)
            offer_again(run, each, action="replace")
        again = {each.outcome: each for each in run.move_all()}
        assert again[Outcome.FAILED].code == "TARGET-EDITED"
        assert again[Outcome.COPIED].target_id == second.target_id
        assert leaf(run, home, "Plans/a.txt").quickxor == quickxor(b"by people")


@pytest.mark.parametrize("change", [{"name": "renamed by people.txt"}, None])
def test_a_copy_that_people_renamed_or_removed_stays_as_they_left_it(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, change: dict[str, str] | None
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        first = by_name(run, run.move_all(), "a.txt")
        path = f"/v1.0/drives/{first.drive_id}/items/{first.target_id}"
        run.tenant.graph("DELETE" if change is None else "PATCH", path, change)
        before = tree(run.tenant, home)
        write(share / "Plans" / "a.txt", b"changed since", modified=MODIFIED + 60)
        offer_again(run, first, action="replace")
        (again,) = run.move_all()
        assert (again.outcome, again.code) == (Outcome.FAILED, "TARGET-EDITED")
        assert tree(run.tenant, home) == before


def test_a_renamed_original_takes_its_copy_along(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        first = by_name(run, run.move_all(), "a.txt")
        offer_again(run, first, action="rename", name="z.txt")
        (again,) = run.move_all()
        assert (again.outcome, again.target_id) == (Outcome.COPIED, first.target_id)
        assert set(tree(run.tenant, home)) == {"Plans/b.txt", "Plans/c.txt", "Plans/z.txt"}


def test_folders_have_one_id_for_all_batches_and_those_that_are_there_keep_theirs(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination
) -> None:
    for number in range(260):
        write(tmp_path / "share" / "Plans" / "Deep" / f"{number}.txt", b"%d" % number, modified=MODIFIED)
    with package_run(tmp_path / "work", rehearsal, tmp_path / "share", home) as run:
        library = files.open_library(run.tenant, home.site, home.library)
        before = files.ensure_folder(run.tenant, library, library.root_id, "Plans")
        assert len(run.move_all()) == 260
        children = list(run.tenant.graph_pages(f"/v1.0/drives/{library.drive_id}/items/{library.root_id}/children"))
        assert [each["id"] for each in children if "folder" in each] == [before]
        identities = list(run.ledger.rows("SELECT * FROM package_identity WHERE kind = 'folder'"))
        assert len(identities) == 2
        assert run.copied() == 260


def test_numbers_of_list_items_are_given_once_and_far_from_those_of_others(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        library = files.open_library(run.tenant, home.site, home.library)
        run.move_all()
        numbers = [row["number"] for row in run.ledger.rows("SELECT number FROM package_identity ORDER BY number")]
        assert len(set(numbers)) == len(numbers) == 4  # three files and their folder
        transfer.upload(run.tenant, Spot(library, library.root_id, "", "by people.txt"), iter([b"x"]), size=1,
                        times=Times(0, 0))  # fmt: skip
        site = run.tenant.settings.sharepoint + home.site
        items = run.tenant.rest("GET", f"{site}/_api/web/lists/getbytitle('Documents')/items?$select=Id,GUID")["value"]
        found = {each["Id"] for each in items}
        assert set(numbers) <= found
        assert not (found - set(numbers)) & set(range(min(numbers) - 90_000, min(numbers)))


def test_files_of_a_package_whose_result_was_never_recorded_are_its_own(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        run.move_all()
        run.ledger.execute("UPDATE transfer SET state = 'copying', outcome = NULL, target_id = NULL, etag = NULL")
        run.ledger.execute("UPDATE batch SET state = 'queued', finished = 0, finished_bytes = 0, failed = 0")
        again = run.move_all()
        assert [(each.outcome, each.adopted) for each in again] == [(Outcome.COPIED, False)] * 3
        assert all(found.versions == 1 for found in tree(run.tenant, home).values())
