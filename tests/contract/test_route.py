"""One file by the session route: what is adopted, what is refused, and what is noticed on the way."""

import itertools
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spmigrate.errors import Conflict, Unavailable
from spmigrate.migrate.routes import session as route
from spmigrate.migrate.routes.session import NameHeld
from spmigrate.migrate.routes.target_folders import Folders
from spmigrate.migrate.routes.task import Task
from spmigrate.model import Destination, Outcome
from spmigrate.quickxor import quickxor
from spmigrate.store.batches import Transfer
from spmigrate.tenant import files, transfer
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Spot, Times
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import write
from tests.tenant_tree import new_site, session, tree, working_folder

_NUMBERS = itertools.count(1)
MODIFIED = 1_400_000_000


@pytest.fixture(scope="module")
def home(rehearsal_server: RunningTenant) -> Destination:
    return new_site(rehearsal_server, "route")


@pytest.fixture
def tenant(rehearsal: RunningTenant, tmp_path: Path) -> Iterator[Tenant]:
    with session(working_folder(tmp_path / "work", rehearsal)) as open_tenant:
        yield open_tenant


@pytest.fixture
def folders(tenant: Tenant, home: Destination) -> Folders:
    return Folders(tenant, files.open_library(tenant, home.site, home.library))


@pytest.fixture
def task(tmp_path: Path, folders: Folders) -> Task:
    """A file of eight bytes on its way to a folder of its own."""
    write(tmp_path / "share" / "a.txt", b"original", modified=MODIFIED)
    item = Transfer(
        id=1, batch_id=1, root=str(tmp_path / "share"), path=b"", name=b"a.txt", size=8, created_ns=None,
        target_folder=f"{next(_NUMBERS)}/inner", target_name="a.txt", intended=False, attempts=0,
    )  # fmt: skip
    return Task(item, folders)


def again(task: Task, **changes: Any) -> Task:
    return replace(task, transfer=replace(task.transfer, intended=True, **changes))


def spot(task: Task) -> Spot:
    item = task.transfer
    return Spot(task.folders.library, task.folders.id_of(item.target_folder), item.target_folder, item.target_name)


def test_copied_file_has_its_evidence(tenant: Tenant, task: Task, home: Destination) -> None:
    moved = route.move(tenant, task)
    assert (moved.outcome, moved.copied_size, moved.adopted) == (Outcome.COPIED, 8, False)
    assert moved.quickxor == moved.target_quickxor == quickxor(b"original")
    assert tree(tenant, home)[f"{task.transfer.target_folder}/a.txt"].versions == 1


def test_earlier_attempt_that_landed_is_adopted(tenant: Tenant, task: Task, home: Destination) -> None:
    first = route.move(tenant, task)
    second = route.move(tenant, again(task))
    assert (second.outcome, second.adopted, second.target_id) == (Outcome.COPIED, True, first.target_id)
    assert tree(tenant, home)[f"{task.transfer.target_folder}/a.txt"].versions == 1


def test_other_content_under_the_name_is_left_alone(tenant: Tenant, task: Task) -> None:
    transfer.upload(tenant, spot(task), iter([b"somebody's"]), size=10, times=Times(0, 0))
    for attempt in (task, again(task)):
        moved = route.move(tenant, attempt)
        assert (moved.outcome, moved.code) == (Outcome.FAILED, "TARGET-TAKEN")
    assert files.child(tenant, task.folders.library, spot(task).parent_id, "a.txt").size == 10  # type: ignore[union-attr]  # it is there


def test_file_in_the_place_of_a_folder_fails_what_belongs_below_it(tenant: Tenant, task: Task) -> None:
    outer = task.transfer.target_folder.partition("/")[0]
    parent = task.folders.id_of(outer)
    transfer.upload_empty(tenant, Spot(task.folders.library, parent, outer, "inner"))
    assert route.move(tenant, task).code == "TARGET-TAKEN"


def test_empty_file_whose_dates_were_not_set_gets_them(tenant: Tenant, task: Task, home: Destination) -> None:
    write(Path(task.transfer.root) / "a.txt", b"", modified=MODIFIED)
    transfer.upload_empty(tenant, spot(task))
    assert route.move(tenant, again(task)).adopted
    leaf = tree(tenant, home)[f"{task.transfer.target_folder}/a.txt"]
    assert (leaf.modified, leaf.versions) == (transfer.moment(MODIFIED * 10**9), 1)


def test_earlier_attempt_that_the_service_rewrote_is_adopted(tenant: Tenant, task: Task, tmp_path: Path) -> None:
    for path, title in ((Path(task.transfer.root) / "a.docx", ""), (tmp_path / "rewritten.docx", "promoted")):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "text")
            archive.writestr("docProps/core.xml", title)
    task = again(task, name=b"a.docx", target_name="a.docx")
    content = (tmp_path / "rewritten.docx").read_bytes()
    transfer.upload(tenant, spot(task), iter([content]), size=len(content), times=Times(0, 0))
    moved = route.move(tenant, task)
    assert (moved.outcome, moved.adopted) == (Outcome.COPIED, True)
    assert moved.target_quickxor == quickxor(content) != moved.quickxor


def uploading(monkeypatch: pytest.MonkeyPatch, before: Callable[[], None]) -> None:
    """Do something just before each upload reads its file."""
    upload = transfer.upload

    def altered(*arguments: Any, **options: Any) -> files.Stored:
        before()
        return upload(*arguments, **options)

    monkeypatch.setattr(transfer, "upload", altered)


def test_file_written_to_while_it_is_read_is_tried_once_more(
    tenant: Tenant, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(task.transfer.root) / "a.txt"
    contents = iter([b"longer than it was", b"longer than it was"])
    uploading(
        monkeypatch, lambda: None if (content := next(contents)) == path.read_bytes() else write_on(path, content)
    )
    moved = route.move(tenant, task)
    assert (moved.outcome, moved.copied_size) == (Outcome.COPIED, 18)


def test_file_that_keeps_changing_fails_and_leaves_nothing_behind(
    tenant: Tenant, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(task.transfer.root) / "a.txt"
    uploading(monkeypatch, lambda: write_on(path, path.read_bytes() + b"+"))
    moved = route.move(tenant, task)
    assert (moved.outcome, moved.code) == (Outcome.FAILED, "SOURCE-CHANGED")
    assert files.child(tenant, task.folders.library, spot(task).parent_id, "a.txt") is None


def write_on(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def test_content_that_was_damaged_on_the_way_is_no_copy(
    tenant: Tenant, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = transfer.upload

    def damaged(tenant: Tenant, place: Spot, fragments: Iterator[bytes], **options: Any) -> files.Stored:
        return upload(tenant, place, (fragment[::-1] for fragment in fragments), **options)

    monkeypatch.setattr(transfer, "upload", damaged)
    moved = route.move(tenant, task)
    assert (moved.outcome, moved.code) == (Outcome.FAILED, "HASH-DIFFERS")


def test_name_that_the_service_refuses_fails_with_its_words(tenant: Tenant, task: Task) -> None:
    moved = route.move(tenant, replace(task, transfer=replace(task.transfer, target_name="what?.txt")))
    assert (moved.outcome, moved.code) == (Outcome.FAILED, "TARGET-REFUSED")
    assert moved.reason and "characters" in moved.reason


def test_folder_that_went_during_the_run_is_made_again(tenant: Tenant, task: Task) -> None:
    parent = spot(task).parent_id
    tenant.graph("DELETE", f"/v1.0/drives/{task.folders.library.drive_id}/items/{parent}")
    with pytest.raises(Unavailable):
        route.move(tenant, task)
    assert route.move(tenant, again(task)).outcome is Outcome.COPIED


def test_attempt_that_is_committed_after_the_look_is_adopted(
    tenant: Tenant, task: Task, home: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = files.child

    def look(*arguments: Any) -> files.Stored | None:
        found = child(*arguments)
        monkeypatch.undo()
        route.move(tenant, task)
        return found

    monkeypatch.setattr(files, "child", look)
    moved = route.move(tenant, again(task))
    assert (moved.outcome, moved.adopted) == (Outcome.COPIED, True)
    assert tree(tenant, home)[f"{task.transfer.target_folder}/a.txt"].versions == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "createUploadSession"), ("PUT", "/uploadSession")])
def test_name_that_an_unfinished_upload_holds_is_offered_again(
    tenant: Tenant, task: Task, rehearsal: RunningTenant, method: str, path: str
) -> None:
    for attempt in (task, again(task)):
        rehearsal.fault({"status": 409}, method=method, path=path)
        with pytest.raises(NameHeld):
            route.move(tenant, attempt)
    assert route.move(tenant, again(task)).outcome is Outcome.COPIED


@pytest.mark.parametrize("status", [412, 423])
def test_locked_destination_is_not_taken_for_another_file(
    tenant: Tenant, task: Task, rehearsal: RunningTenant, status: int
) -> None:
    rehearsal.fault({"status": status}, method="POST", path="createUploadSession")
    with pytest.raises(Conflict) as caught:
        route.move(tenant, task)
    assert caught.value.hint and "locked" in caught.value.hint


@pytest.mark.parametrize(("there", "outcome"), [(b"original", "copied"), (b"somebody", "failed")])
def test_file_whose_hash_is_not_worked_out_is_compared_whole(
    tenant: Tenant, task: Task, monkeypatch: pytest.MonkeyPatch, there: bytes, outcome: str
) -> None:
    arrived = transfer.upload(tenant, spot(task), iter([there]), size=8, times=Times(0, MODIFIED * 10**9))
    monkeypatch.setattr(files, "child", lambda *_: replace(arrived, quickxor=None))
    assert route.move(tenant, again(task)).outcome == outcome


def test_copy_that_landed_is_named_when_its_original_is_gone_or_altered(tenant: Tenant, task: Task) -> None:
    first = route.move(tenant, task)
    original = Path(task.transfer.root) / "a.txt"
    write(original, b"original, edited", modified=MODIFIED + 60)
    edited = route.move(tenant, again(task))
    original.rename(original.with_name("b.txt"))
    gone = route.move(tenant, again(task))
    for moved in (edited, gone):
        assert (moved.outcome, moved.code) == (Outcome.FAILED, "ARRIVED-EARLIER")
        assert (moved.target_id, moved.target_quickxor) == (first.target_id, first.quickxor)
    assert route.move(tenant, task).outcome is Outcome.VANISHED
    elsewhere = again(task, target_folder=f"{next(_NUMBERS)}")
    assert route.move(tenant, elsewhere).outcome is Outcome.VANISHED
