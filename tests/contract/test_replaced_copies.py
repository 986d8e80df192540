"""What changed at the source since it was copied, and what people did to the copy meanwhile."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.model import Outcome
from spmigrate.quickxor import quickxor
from spmigrate.sealed import FileSealed
from spmigrate.store.batches import Moved
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import fields, files, transfer
from spmigrate.tenant.files import Library, Stored
from spmigrate.tenant.transfer import FRAGMENT, Over, Spot, Times
from tests.contract.route_case import Case, fresh
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import new_site, session, tree, working_folder

_NUMBERS = itertools.count(1)
EDITED = 1_450_000_000
LARGE = b"L" * (FRAGMENT + 3)


@pytest.fixture
def case(rehearsal: RunningTenant, tmp_path: Path) -> Iterator[Case]:
    """One file that was copied and recorded."""
    home = new_site(rehearsal, f"replaced-{next(_NUMBERS)}")
    write(tmp_path / "share" / "a" / "plan.txt", b"first")
    folder = working_folder(tmp_path / "work", rehearsal)
    with session(folder) as tenant, Ledger(tmp_path / "ledger.db") as ledger:
        made = Case(tmp_path, tenant, home, ledger, FileSealed(tmp_path / ".sealed"))
        made.plan()
        made.record(made.run(fresh))
        yield made


def edit(case: Case, content: bytes) -> None:
    """Work on the original."""
    write(case.share / "a" / "plan.txt", content, modified=EDITED)


def library(case: Case) -> Library:
    return files.open_library(case.tenant, case.home.site, case.home.library)


def copy(case: Case) -> Stored:
    found = [each for each in files.changes(case.tenant, library(case)) if not each.folder]
    return found[-1]


def edit_at_destination(case: Case, content: bytes = b"somebody's work") -> None:
    """Work on the copy, as its people do."""
    found = copy(case)
    spot = Spot(library(case), "", "a", found.name)
    times = Times(EDITED * 10**9, EDITED * 10**9)
    over = Over(found.id, found.etag)
    transfer.upload(case.tenant, spot, iter([content]), size=len(content), times=times, over=over)


def refused(moved: Moved) -> bool:
    return (moved.outcome, moved.code) == (Outcome.FAILED, "TARGET-EDITED")


@pytest.mark.parametrize("content", [b"second", b"", LARGE])
def test_new_content_takes_the_place_of_the_copy_as_a_version_with_its_date(case: Case, content: bytes) -> None:
    edit(case, content)
    case.follow("replace")
    [moved] = case.run(fresh)
    assert (moved.outcome, moved.target_id, moved.copied_size) == (Outcome.COPIED, copy(case).id, len(content))
    leaf = tree(case.tenant, case.home)["a/plan.txt"]
    assert (leaf.size, leaf.modified, leaf.versions) == (len(content), transfer.moment(EDITED * 10**9), 2)
    assert not content or (leaf.quickxor == moved.quickxor == quickxor(content))


def test_replacing_a_file_costs_two_calls(case: Case, rehearsal: RunningTenant) -> None:
    edit(case, b"second")
    case.follow("replace")
    mark = rehearsal.mark()
    case.run(fresh)
    paths = [each["path"] for each in rehearsal.requests(mark) if each["method"] in ("POST", "PUT", "PATCH")]
    assert [path.rpartition("/")[2] for path in paths if "children" not in path] == [
        "createUploadSession", "uploadSession",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"second", b""])
def test_copy_that_was_edited_since_is_left_alone(case: Case, content: bytes) -> None:
    edit_at_destination(case)
    edit(case, content)
    case.follow("replace")
    [moved] = case.run(fresh)
    assert refused(moved)
    assert tree(case.tenant, case.home)["a/plan.txt"].quickxor == quickxor(b"somebody's work")


def test_edit_while_a_large_file_is_on_its_way_is_not_lost(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(case, LARGE)
    case.follow("replace")
    send, sent = transfer._send_fragment, []

    def interrupted(*arguments: Any, **options: Any) -> Any:
        sent.append(1)
        if len(sent) == 2:
            edit_at_destination(case)
        return send(*arguments, **options)

    monkeypatch.setattr(transfer, "_send_fragment", interrupted)
    [moved] = case.run(fresh)
    assert refused(moved) and not case.sealed.ids()
    assert tree(case.tenant, case.home)["a/plan.txt"].quickxor == quickxor(b"somebody's work")


@pytest.mark.parametrize("action", ["replace", "rename"])
def test_copy_that_was_removed_since_stays_removed(case: Case, action: str) -> None:
    case.tenant.graph("DELETE", f"/v1.0/drives/{library(case).drive_id}/items/{copy(case).id}")
    edit(case, b"second")
    case.follow(action, target_name="other.txt")
    [moved] = case.run(fresh)
    assert refused(moved) and moved.reason and "removed" in moved.reason
    assert tree(case.tenant, case.home) == {}


def test_columns_that_were_set_since_stand_in_the_way_of_nothing(case: Case) -> None:
    moment = Times(EDITED * 10**9, EDITED * 10**9)
    before = copy(case)
    fields.write(case.tenant, Spot(library(case), "", "a", "plan.txt"), moment, more={"Title": "The plan"})
    assert copy(case).etag != before.etag
    edit(case, b"second")
    case.follow("replace")
    assert case.run(fresh)[0].outcome is Outcome.COPIED
    assert tree(case.tenant, case.home)["a/plan.txt"].quickxor == quickxor(b"second")


def test_replacement_that_landed_before_a_crash_is_adopted(case: Case) -> None:
    edit(case, b"second")
    case.follow("replace")
    case.run(fresh)
    [moved] = case.run()
    assert (moved.outcome, moved.adopted) == (Outcome.COPIED, True)
    assert tree(case.tenant, case.home)["a/plan.txt"].versions == 2


def test_replacement_that_did_not_land_is_sent_after_a_crash(case: Case) -> None:
    edit(case, b"second")
    case.follow("replace")
    assert case.run()[0].outcome is Outcome.COPIED
    edit_at_destination(case)
    assert refused(case.run()[0])


def test_half_sent_replacement_goes_on(case: Case, rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(case, LARGE)
    case.follow("replace")

    def dying(*_: Any) -> Stored:
        raise SystemExit

    monkeypatch.setattr(transfer, "_commit", dying)
    with pytest.raises(SystemExit):
        case.run(fresh)
    monkeypatch.undo()
    mark = rehearsal.mark()
    assert case.run()[0].outcome is Outcome.COPIED
    asked = [each["method"] for each in rehearsal.requests(mark) if "uploadsession" in each["path"].lower()]
    assert asked == ["GET", "POST"]
    assert tree(case.tenant, case.home)["a/plan.txt"].quickxor == quickxor(LARGE)


def test_renamed_and_moved_original_renames_and_moves_its_copy(case: Case, rehearsal: RunningTenant) -> None:
    before = copy(case)
    case.follow("rename", target_folder="b/inner", target_name="plan 2.txt")
    mark = rehearsal.mark()
    [moved] = case.run(fresh)
    assert "uploadSession" not in "".join(each["path"] for each in rehearsal.requests(mark))
    assert (moved.outcome, moved.target_id, moved.quickxor) == (Outcome.COPIED, before.id, quickxor(b"first"))
    leaf = tree(case.tenant, case.home)["b/inner/plan 2.txt"]
    assert (leaf.modified, leaf.versions) == (transfer.moment(1_400_000_000 * 10**9), 1)
    assert moved.etag == copy(case).etag
    [again] = case.run()
    assert (again.outcome, again.adopted) == (Outcome.COPIED, True)


def test_name_that_somebody_has_there_is_not_taken_by_a_rename(case: Case) -> None:
    spot = Spot(library(case), library(case).root_id, "", "taken.txt")
    transfer.upload(case.tenant, spot, iter([b"theirs"]), size=6, times=Times(0, 0))
    case.follow("rename", target_folder="", target_name="taken.txt")
    [moved] = case.run(fresh)
    assert (moved.outcome, moved.code) == (Outcome.FAILED, "TARGET-TAKEN")


def test_copy_that_was_edited_or_renamed_since_is_not_renamed(case: Case) -> None:
    found = copy(case)
    files.relocate(
        case.tenant, library(case), found.id, parent_id=found.parent_id, name="their name.txt", etag=found.etag
    )
    case.follow("rename", target_name="ours.txt")
    assert refused(case.run(fresh)[0])
    assert set(tree(case.tenant, case.home)) == {"a/their name.txt"}


def test_original_that_changed_and_moved_does_both_to_its_copy(case: Case) -> None:
    edit(case, b"second")
    case.follow("replace", target_folder="b", target_name="new.txt")
    assert case.run(fresh)[0].outcome is Outcome.COPIED
    assert tree(case.tenant, case.home)["b/new.txt"].quickxor == quickxor(b"second")
