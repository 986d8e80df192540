"""From one site to another by SharePoint's own copy jobs: versions stay, edits are noticed, nothing is doubled."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spmigrate.migrate import leftovers, planning
from spmigrate.migrate.routes.copy import CopyRoute
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.session import SessionRoute
from spmigrate.migrate.verify import verify
from spmigrate.model import Destination, Outcome
from spmigrate.scan import places
from spmigrate.scan.survey import survey
from spmigrate.sealed import FileSealed
from spmigrate.store import batches, copy_files, leases, waves
from spmigrate.store.batches import Moved
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import copy_jobs, files, transfer
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Over, Spot, Times
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, gate, sign_scanned
from tests.tenant_tree import new_site, session, tree, working_folder

_NUMBERS = itertools.count(1)
TIMES = Times(1_300_000_000 * 10**9, 1_400_000_000 * 10**9)
NAMES = ["plan.txt", "O'Brien & Co #1 100%.txt", "Café.docx"]


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Copies:
    """A library of an old site whose folder `a` is on its way to a new one."""

    tenant: Tenant
    old: Destination
    home: Destination
    ledger: Ledger
    sealed: FileSealed

    def put(self, name: str, content: bytes, *, home: Destination, folder: str = "a") -> None:
        library = files.open_library(self.tenant, home.site, home.library)
        parent = files.ensure_folder(self.tenant, library, library.root_id, folder)
        spot = Spot(library, parent, folder, name)
        existing = files.child(self.tenant, library, parent, name)
        over = None if existing is None else Over(existing.id, existing.etag)
        transfer.upload(self.tenant, spot, iter([content]), size=len(content), times=TIMES, over=over)

    def plan(self) -> None:
        address = f"{self.tenant.settings.sharepoint}{self.old.site}/{self.old.library}"
        survey(self.ledger, places.find(address, connect=lambda: self.tenant), name="old")
        sign_scanned(self.ledger, Path("old"), {"a": (TIDY, self.home)})
        planning.plan(self.ledger, "pilot", gate=gate(self.ledger))

    def run(self) -> dict[str, Moved]:
        """What a new process makes of what is left, by names."""
        wave = waves.get(self.ledger, "pilot")
        leases.release(self.ledger, wave)
        leftovers.erase(self.ledger, self.sealed)
        batch = leases.claim(self.ledger, wave, owner="test", routes=["copy"])
        assert batch is not None
        items = batches.transfers(self.ledger, batch)
        route = CopyRoute(self.ledger, self.tenant, self.sealed)
        for _ in range(10):
            answer = route.advance(batch, items)
            if not isinstance(answer, Later):
                by_id = {each.transfer_id: each for each in answer}
                return {item.target_name: by_id[item.id] for item in items}
            assert answer.seconds > 0 and "copy job" in answer.why
        raise AssertionError("the jobs do not end")

    def record(self, moved: dict[str, Moved]) -> None:
        wave = waves.get(self.ledger, "pilot")
        leases.release(self.ledger, wave)
        batch = leases.claim(self.ledger, wave, owner="test", routes=["copy"])
        assert batch is not None
        batches.flush(self.ledger, {batch.id: batch}, moved=list(moved.values()))


@pytest.fixture
def copies(rehearsal: RunningTenant, tmp_path: Path) -> Iterator[Copies]:
    number = next(_NUMBERS)
    old, home = new_site(rehearsal, f"copy-old-{number}"), new_site(rehearsal, f"copy-new-{number}")
    folder = working_folder(tmp_path / "work", rehearsal)
    with session(folder) as tenant, Ledger(tmp_path / "ledger.db") as ledger:
        made = Copies(tenant, old, home, ledger, FileSealed(tmp_path / ".sealed"))
        made.put("plan.txt", b"first", home=old)
        yield made


def outcomes(moved: dict[str, Moved]) -> set[tuple[str, str | None]]:
    return {(str(each.outcome), each.code) for each in moved.values()}


def test_files_are_copied_with_their_versions_and_dates_and_stay_where_they_were(copies: Copies) -> None:
    for name in NAMES:
        copies.put(name, b"first " + name.encode(), home=copies.old)
        copies.put(name, b"second " + name.encode(), home=copies.old)
    copies.plan()
    moved = copies.run()
    assert outcomes(moved) == {("copied", None)} and set(moved) == set(NAMES)
    found, before = tree(copies.tenant, copies.home), tree(copies.tenant, copies.old)
    assert {path: leaf[:4] for path, leaf in found.items()} == {path: leaf[:4] for path, leaf in before.items()}
    assert {leaf.versions for leaf in found.values()} == {leaf.versions for leaf in before.values()} - {1}
    copies.record(moved)
    assert verify(copies.ledger, waves.get(copies.ledger, "pilot"), copies.tenant) == {"exact": len(NAMES)}
    assert not copies.sealed.ids()


def test_no_content_passes_through_here(copies: Copies, rehearsal: RunningTenant) -> None:
    copies.plan()
    mark = rehearsal.mark()
    copies.run()
    asked = [f"{each['method']} {each['path']}" for each in rehearsal.requests(mark)]
    assert not [each for each in asked if "uploadSession" in each or "/content" in each]
    assert len([each for each in asked if "CreateCopyJobs" in each]) == 1


def test_renamed_file_has_its_new_name(copies: Copies) -> None:
    copies.plan()
    copies.ledger.execute("UPDATE transfer SET target_name = 'new name.txt', target_folder = 'b/inner'")
    assert outcomes(copies.run()) == {("copied", None)}
    assert set(tree(copies.tenant, copies.home)) == {"b/inner/new name.txt"}


def test_file_that_was_edited_since_the_scan_is_not_copied(copies: Copies) -> None:
    copies.put("other.txt", b"other", home=copies.old)
    copies.plan()
    copies.put("plan.txt", b"edited since", home=copies.old)
    moved = copies.run()
    assert (moved["plan.txt"].outcome, moved["plan.txt"].code) == (Outcome.FAILED, "SOURCE-EDITED")
    assert moved["other.txt"].outcome is Outcome.COPIED
    assert set(tree(copies.tenant, copies.home)) == {"a/other.txt"}


def test_file_that_is_edited_after_the_last_look_is_not_copied(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.put("other.txt", b"other", home=copies.old)
    copies.plan()
    create = copy_jobs.create

    def late(*arguments: Any, **options: Any) -> list[copy_jobs.CopyJob]:
        copies.put("plan.txt", b"edited since", home=copies.old)
        return create(*arguments, **options)

    monkeypatch.setattr(copy_jobs, "create", late)
    moved = copies.run()
    assert (moved["plan.txt"].outcome, moved["plan.txt"].code) == (Outcome.FAILED, "SOURCE-EDITED")
    assert moved["other.txt"].outcome is Outcome.COPIED, "each eTag is that of its own file"


def test_name_that_is_taken_stays_what_it_was(copies: Copies) -> None:
    copies.plan()
    copies.put("plan.txt", b"theirs", home=copies.home)
    assert outcomes(copies.run()) == {("failed", "TARGET-TAKEN")}
    assert tree(copies.tenant, copies.home)["a/plan.txt"].size == len(b"theirs")


def test_file_that_went_since_the_scan_has_vanished(copies: Copies) -> None:
    copies.plan()
    library = files.open_library(copies.tenant, copies.old.site, copies.old.library)
    for each in files.children(copies.tenant, library, library.root_id):
        copies.tenant.graph("DELETE", files.item_path(library, each.id))
    assert outcomes(copies.run()) == {("vanished", "SOURCE-VANISHED")}


@pytest.mark.parametrize("point", ["before", "after", "sealed", "asked"])
def test_run_that_was_killed_ends_as_if_it_never_was(
    copies: Copies, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    for name in NAMES:
        copies.put(name, name.encode(), home=copies.old)
    copies.plan()
    create, ask, put = copy_jobs.create, copy_jobs.ask, copy_files.put

    def dying(*arguments: Any, **options: Any) -> Any:
        if point == "after":
            create(*arguments, **options)
        raise Killed

    def dying_asking(*arguments: Any) -> Any:
        ask(*arguments)
        raise Killed

    def dying_keeping(ledger: Ledger, batch: Any, those: Any) -> None:
        if any(each.state == "sent" for each in those):
            raise Killed
        put(ledger, batch, those)

    if point in ("before", "after"):
        monkeypatch.setattr(copy_jobs, "create", dying)
    elif point == "sealed":
        monkeypatch.setattr(copy_files, "put", dying_keeping)
    else:
        monkeypatch.setattr(copy_jobs, "ask", dying_asking)
    with pytest.raises(Killed):
        copies.run()
    monkeypatch.undo()
    moved = copies.run()
    assert outcomes(moved) == {("copied", None)}
    assert any(each.adopted for each in moved.values()) is (point in ("after", "sealed"))
    found = tree(copies.tenant, copies.home)
    assert {path: leaf.size for path, leaf in found.items()} == {f"a/{name}": len(name.encode()) for name in NAMES}
    assert not copies.sealed.ids()


def test_what_asks_after_jobs_is_sealed(copies: Copies, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copies.plan()
    shown: list[dict[str, Any]] = []

    def dying(_tenant: Any, _site: str, info: dict[str, Any]) -> Any:
        shown.append(info)
        raise Killed

    monkeypatch.setattr(copy_jobs, "ask", dying)
    with pytest.raises(Killed):
        copies.run()
    assert len(copies.sealed.ids()) == 1 and copy_files.named_secrets(copies.ledger) == copies.sealed.ids()
    key = shown[0]["EncryptionKey"].encode()
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or key not in file.read_bytes(), file


def test_folders_with_awkward_names_are_found(copies: Copies) -> None:
    library = files.open_library(copies.tenant, copies.old.site, copies.old.library)
    outer = files.ensure_folder(copies.tenant, library, library.root_id, "a")
    inner = files.ensure_folder(copies.tenant, library, outer, "Odd #1 & 100% +")
    transfer.upload(copies.tenant, Spot(library, inner, "", "x.txt"), iter([b"x"]), size=1, times=TIMES)
    copies.plan()
    assert outcomes(copies.run()) == {("copied", None)}
    assert "a/Odd #1 & 100% +/x.txt" in tree(copies.tenant, copies.home)


def test_content_that_changed_at_the_old_site_replaces_its_copy_by_an_upload(copies: Copies) -> None:
    copies.plan()
    copies.record(copies.run())
    copies.put("plan.txt", b"edited since", home=copies.old)
    session_route = SessionRoute(copies.tenant, copies.ledger, copies.sealed)
    copies.ledger.execute(
        "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes)"
        " SELECT wave_id, 2, 'session', why, site, library, 'queued', items, bytes FROM batch"
    )
    copies.ledger.execute(
        "INSERT INTO transfer(wave_id, round, item_id, row_id, batch_id, size, modified_ns, created_ns, state, site,"
        " library, target_folder, target_name, action, former_id) SELECT wave_id, 2, item_id, row_id, batch_id + 1,"
        " size, modified_ns, created_ns, 'todo', site, library, target_folder, target_name, 'replace', id FROM transfer"
    )
    wave = waves.get(copies.ledger, "pilot")
    batch = leases.claim(copies.ledger, wave, owner="test", routes=["session"])
    assert batch is not None
    [item] = batches.transfers(copies.ledger, batch)
    moved = session_route.open(batch)(item)
    assert (moved.outcome, moved.copied_size) == (Outcome.COPIED, len(b"edited since"))
    leaf = tree(copies.tenant, copies.home)["a/plan.txt"]
    assert (leaf.size, leaf.versions) == (len(b"edited since"), 2)


def test_failed_file_is_copied_when_it_is_offered_again(copies: Copies) -> None:
    copies.plan()
    copies.put("plan.txt", b"theirs", home=copies.home)
    copies.record(copies.run())
    library = files.open_library(copies.tenant, copies.home.site, copies.home.library)
    for each in files.children(copies.tenant, library, library.root_id):
        copies.tenant.graph("DELETE", files.item_path(library, each.id))
    planning.retry(copies.ledger, waves.get(copies.ledger, "pilot"))
    assert outcomes(copies.run()) == {("copied", None)}
