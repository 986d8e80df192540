"""Batches by the package route, against the rehearsal tenant: what arrives, what is left out, what is told of it."""

import base64
import hashlib
import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spmigrate.migrate import codes, planning
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.migrate.package.documents import documents
from spmigrate.migrate.routes import package, package_loading
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.stamp import Principal, Stamp, stamps
from spmigrate.model import Destination, Outcome
from spmigrate.quickxor import quickxor
from spmigrate.store import batches, packages
from spmigrate.store.batches import Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import blobs, files, transfer
from spmigrate.tenant import packages as service
from spmigrate.tenant.budget import price
from spmigrate.tenant.packages import Containers, JobForgotten, Progress
from spmigrate.tenant.transfer import Spot, Times
from tests.contract.package_run import PackageRun, package_run
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import make_estate, write
from tests.tenant_tree import new_site, tree

_NUMBERS = itertools.count(1)
MODIFIED = 1_400_000_000


class Killed(BaseException):
    """What ends a run as a kill does: nothing catches it."""


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"package-{next(_NUMBERS)}")


@contextmanager
def waiting_jobs(rehearsal: RunningTenant) -> Iterator[None]:
    """Jobs wait for their turn, as they do in a real tenant."""
    rehearsal.control.call("POST", "throttle", {"on": ["jobs"]})
    try:
        yield
    finally:
        rehearsal.advance(3600)
        rehearsal.control.call("POST", "throttle", {"off": ["jobs"]})


def first_then(value: Any, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns a value once and then does what it should."""
    left = [value]
    return lambda *given, **named: left.pop() if left else otherwise(*given, **named)


def once_killed(otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """A function that ends the run once, after it did what it should."""
    left = [Killed()]

    def run(*given: Any, **named: Any) -> Any:
        found = otherwise(*given, **named)
        if left:
            raise left.pop()
        return found

    return run


def without_snapshot(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Leave the first blobs of single files without the snapshot that the service asks for."""
    snapshot, left = blobs._snapshot, [None] * count

    def forgetful(tenant: Any, container: str, name: str) -> None:
        if left and "." not in name:
            left.pop()
        else:
            snapshot(tenant, container, name)

    monkeypatch.setattr(blobs, "_snapshot", forgetful)


def spoilt(found: dict[str, bytes]) -> dict[str, bytes]:
    """A package of a version that the service does not know."""
    return {**found, "SystemData.xml": found["SystemData.xml"].replace(b"15.0.0.0", b"14.0.0.0")}


def batches_left(run: PackageRun) -> list[Transfer]:
    """Transfers that have no outcome."""
    batch = run.claim()
    return [] if batch is None else batches.transfers(run.ledger, batch)


def test_an_awkward_estate_arrives_whole(tmp_path: Path, rehearsal: RunningTenant, home: Destination) -> None:
    share = make_estate(tmp_path / "share", plain=30)
    with package_run(tmp_path / "work", rehearsal, share, home, ("Works", "Plans", "Drawings")) as run:
        moved = run.move_all()
        assert run.balanced()
        found = tree(run.tenant, home)
        copied = [each for each in moved if each.outcome is Outcome.COPIED]
        assert len(copied) == len(found) == run.copied() > 45
        assert [each for each in moved if each.outcome is not Outcome.COPIED] == []
        assert all(leaf.versions == 1 for leaf in found.values())
        assert found["Plans/Odd & ends #2/O'Brien #1.txt"].modified == "2011-03-13T07:06:40Z"
        assert not run.sealed.ids()


SMALL = 6


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """Files that fit an archive, one that needs a blob of its own, one that needs blocks, an empty one."""
    root = tmp_path / "share"
    for number in range(SMALL):
        write(root / "Plans" / f"{number % 2}" / f"small {number}.txt", b"%d\n" % number * 50, modified=MODIFIED)
    write(root / "Plans" / "middle.bin", bytes(range(256)) * 1000, modified=MODIFIED + 1)
    write(root / "Plans" / "large.bin", bytes(range(256)) * 40_000 + b"!", modified=MODIFIED + 2)
    write(root / "Plans" / "empty.txt", b"", modified=MODIFIED + 3)
    return root


FILES = SMALL + 3


def calls(rehearsal: RunningTenant, since: int, part: str) -> int:
    """How many requests to an address with this in it were answered."""
    return sum(part in entry["path"] for entry in rehearsal.requests(since))


def test_each_file_is_equal_and_has_its_evidence(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        moved = run.move_all()
        for path, leaf in tree(run.tenant, home).items():
            content = (share / path).read_bytes()
            assert (leaf.size, leaf.quickxor) == (len(content), quickxor(content))
        assert {each.sha256 for each in moved} == {
            hashlib.sha256(each.read_bytes()).hexdigest() for each in share.rglob("*.*")
        }
        assert all(each.target_id and each.etag and each.quickxor == each.target_quickxor for each in moved)
        assert all(each.drive_id and each.copied_size is not None and each.modified_ns for each in moved)


def test_a_batch_costs_less_than_a_tenth_of_a_unit_a_file(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination
) -> None:
    for number in range(500):
        write(tmp_path / "share" / f"{number % 20}" / f"{number}.txt", b"%d" % number, modified=MODIFIED)
    with package_run(tmp_path / "work", rehearsal, tmp_path / "share", home) as run:
        route = run.route()
        first = run.claim()
        assert first is not None
        run.settle(first, route)  # which also finds the library, once for all its batches
        since = rehearsal.mark()
        second = run.claim()
        assert second is not None
        assert len(run.settle(second, route)) == 250
        asked = rehearsal.requests(since)
        units = sum(price(each["method"], f"https://{each['host']}{each['path']}") for each in asked)
        assert units / 250 <= 0.1
        assert sum(".blob.core." in each["host"] for each in asked) < 30


def test_what_somebody_put_there_is_left_alone(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        library = files.open_library(run.tenant, home.site, home.library)
        plans = files.ensure_folder(run.tenant, library, library.root_id, "Plans")
        transfer.upload(run.tenant, Spot(library, plans, "Plans", "MIDDLE.bin"), iter([b"somebody's"]), size=10,
                        times=Times(0, 0))  # fmt: skip
        transfer.upload_empty(run.tenant, Spot(library, plans, "Plans", "1"))
        run.move_all()
        assert run.code_of("middle.bin") == run.code_of("small 1.txt") == ("failed", "TARGET-TAKEN")
        found = tree(run.tenant, home)
        assert found["Plans/MIDDLE.bin"].size == 10
        assert run.copied() == FILES - 1 - SMALL // 2


def test_what_is_put_there_while_the_package_is_sent_is_left_alone(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        library = files.open_library(run.tenant, home.site, home.library)
        plans = files.ensure_folder(run.tenant, library, library.root_id, "Plans")
        send = package_loading.send

        def late(*arguments: Any) -> None:
            send(*arguments)
            transfer.upload(run.tenant, Spot(library, plans, "Plans", "middle.bin"), iter([b"late"]), size=4,
                            times=Times(0, 0))  # fmt: skip

        monkeypatch.setattr(package_loading, "send", late)
        run.move_all()
        assert run.code_of("middle.bin") == ("failed", "TARGET-TAKEN")
        assert tree(run.tenant, home)["Plans/middle.bin"].size == 4
        assert run.copied() == FILES - 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_answer_to_the_submission_is_settled_by_looking(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, moment: str
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        since = rehearsal.mark()
        rehearsal.fault({"reset": moment}, path=".*CreateMigrationJobEncrypted")
        run.move_all()
        assert run.copied() == FILES
        assert calls(rehearsal, since, "CreateMigrationJobEncrypted") == (2 if moment == "before" else 1)
        assert all(leaf.versions == 1 for leaf in tree(run.tenant, home).values())


def test_a_job_whose_id_was_lost_is_found_among_those_that_wait(
    tmp_path: Path, rehearsal_server: RunningTenant, home: Destination, share: Path
) -> None:
    rehearsal = rehearsal_server
    with waiting_jobs(rehearsal), package_run(tmp_path / "work", rehearsal, share, home) as run:
        batch = run.claim()
        assert batch is not None
        rehearsal.fault({"reset": "after"}, path=".*CreateMigrationJobEncrypted")
        since = rehearsal.mark()
        assert len(run.settle(batch, each_step=lambda: rehearsal.advance(60))) == FILES
        assert "found" in run.steps(batch)
        assert calls(rehearsal, since, "CreateMigrationJobEncrypted") == 1


def test_jobs_are_asked_once_a_minute_and_postponed_ones_later(
    tmp_path: Path, rehearsal_server: RunningTenant, home: Destination, share: Path
) -> None:
    rehearsal = rehearsal_server
    with waiting_jobs(rehearsal), package_run(tmp_path / "work", rehearsal, share, home) as run:
        batch = run.claim()
        assert batch is not None
        route, since = run.route(), rehearsal.mark()
        first = route.advance(batch, batches.transfers(run.ledger, batch))
        again = route.advance(batch, batches.transfers(run.ledger, batch))
        assert isinstance(first, Later)
        assert isinstance(again, Later)
        assert (first.seconds, again.seconds) == (60, 60)
        assert calls(rehearsal, since, "GetMigrationJobProgress") == 0
        run.settle(batch, route, each_step=lambda: rehearsal.advance(60))
        assert calls(rehearsal, since, "GetMigrationJobProgress") == 3
        assert run.copied() == FILES


def test_postponed_until_the_service_says(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.dumps({"Event": "JobPostponed", "Time": "09/29/2020 19:56:57.598", "JobsInQueue": "12",
                       "NextPickupTime": "09/29/2020 20:16:57.598"})  # fmt: skip
    progress = service.progress
    monkeypatch.setattr(service, "progress", first_then(Progress((told,), "1"), progress))
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        run.move_all()
        assert (1200.0, "the service has postponed its job, behind 12 others") in [
            (each.seconds, each.why) for each in run.waits
        ]
        assert run.copied() == FILES


def test_archives_that_the_service_refuses_are_sent_as_single_files(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_loading, "quickxor", lambda _plain: "AAAA")
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        moved = run.move_all()
        assert run.copied() == FILES
        assert all(each.attempts == 0 for each in batches_left(run))
        assert [each.outcome for each in moved] == [Outcome.COPIED] * FILES
        assert not packages.archives_work(run.ledger)


def test_a_file_that_the_service_refuses_fails_with_its_words_and_the_others_arrive(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_snapshot(monkeypatch, 1)
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        moved = {each.outcome: each for each in run.move_all()}
        assert (moved[Outcome.FAILED].code, run.copied()) == ("JOB-CONTENT", FILES - 1)
        assert "has no snapshot" in (moved[Outcome.FAILED].reason or "")
        assert "-2147213136" in (moved[Outcome.FAILED].reason or "")


def test_a_blocked_package_goes_again_without_what_blocked_it(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(110):
        write(tmp_path / "share" / f"{number}.txt", b"%d" % number, modified=MODIFIED)
    without_snapshot(monkeypatch, 105)
    with package_run(tmp_path / "work", rehearsal, tmp_path / "share", home) as run:
        run.archives = False
        run.move_all()
        assert run.copied() == 5
        assert run.balanced()
        assert run.code_of("0.txt") == ("failed", "JOB-CONTENT")


def test_a_refused_package_fails_its_files_with_the_reason(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "documents", lambda contents: spoilt(documents(contents)))
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        run.archives = False
        moved = run.move_all()
        assert {each.code for each in moved} == {"JOB-FATAL"}
        assert "SchemaVersion" in str(moved[0].reason) or "schema" in str(moved[0].reason)
        assert run.balanced()
        assert not run.sealed.ids()


def test_a_cancelled_job_fails_what_it_did_not_bring(
    tmp_path: Path, rehearsal_server: RunningTenant, home: Destination, share: Path
) -> None:
    with waiting_jobs(rehearsal_server), package_run(tmp_path / "work", rehearsal_server, share, home) as run:
        batch = run.claim()
        assert batch is not None
        route = run.route()
        route.advance(batch, batches.transfers(run.ledger, batch))
        (job,) = packages.known_jobs(run.ledger)
        service.cancel(run.tenant, run.tenant.settings.sharepoint + home.site, job)
        assert {each.code for each in run.settle(batch, route)} == {"JOB-CANCELLED"}


def test_a_job_that_the_service_has_forgotten_is_judged_by_what_it_brought(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(*_: object) -> Progress:
        raise JobForgotten("Job status expired", code="-2147213146, Microsoft.SharePoint.SPException")

    monkeypatch.setattr(service, "progress", forgotten)
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        assert {each.outcome for each in run.move_all()} == {Outcome.COPIED}
        assert run.copied() == FILES


def test_a_job_that_nobody_knows_is_asked_after_once(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        since = rehearsal.mark()
        with pytest.raises(JobForgotten):
            service.progress(run.tenant, run.tenant.settings.sharepoint + home.site, str(uuid.uuid4()), "0")
        assert calls(rehearsal, since, "GetMigrationJobProgress") == 1


def test_containers_that_will_not_last_are_replaced(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        run.clock = time.time()
        monkeypatch.setattr(package_loading, "_send_blobs", once_killed(package_loading._send_blobs))
        batch = run.claim()
        assert batch is not None
        with pytest.raises(Killed):
            run.settle(batch)
        (first,) = run.sealed.ids()
        run.clock += 3 * 86_400
        assert len(run.settle(batch)) == FILES
        assert "abandoned" in run.steps(batch)
        assert run.sealed.get(first) is None
        assert run.copied() == FILES


def test_containers_that_are_closed_meanwhile_are_replaced(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        rehearsal.fault({"status": 403}, method="PUT", host=".*blob.*", skip=2)
        batch = run.claim()
        assert batch is not None
        assert len(run.settle(batch)) == FILES
        assert run.steps(batch).count("abandoned") == 1
        assert run.copied() == FILES
        assert not run.sealed.ids()


def test_an_original_that_changes_while_it_is_read_fails_alone(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm = Original._confirm

    def growing(original: Original) -> None:
        if original.size > 100_000:
            raise SourceProblem(codes.SOURCE_CHANGED, "It was written to while it was read.")
        confirm(original)

    monkeypatch.setattr(Original, "_confirm", growing)
    (share / "Plans" / "0" / "small 0.txt").unlink()
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        (share / "Plans" / "0" / "small 2.txt").unlink()
        run.move_all()
        assert run.code_of("large.bin") == run.code_of("middle.bin") == ("failed", "SOURCE-CHANGED")
        assert run.code_of("small 2.txt") == ("vanished", "SOURCE-VANISHED")
        assert run.copied() == FILES - 4


def test_a_copy_that_was_removed_by_people_comes_back_only_when_it_is_asked_for(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path
) -> None:
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        first = {each.transfer_id: each for each in run.move_all()}
        gone = next(iter(first.values()))
        run.tenant.graph("DELETE", f"/v1.0/drives/{gone.drive_id}/items/{gone.target_id}")
        run.ledger.execute(
            "UPDATE transfer SET state = 'todo', outcome = NULL, target_id = NULL WHERE id = ?", (gone.transfer_id,)
        )
        run.ledger.execute("UPDATE batch SET state = 'queued', finished = finished - 1 WHERE id = ?", (gone.batch_id,))
        (again,) = run.move_all()
        assert (again.outcome, again.code) == (Outcome.FAILED, "JOB-RECYCLED")
        planning.retry(run.ledger, run.wave)
        (third,) = run.move_all()
        assert third.outcome is Outcome.COPIED
        assert len(tree(run.tenant, home)) == FILES


def test_people_whom_the_service_does_not_know_are_counted(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stamped(ledger: Ledger, transfers: Sequence[Transfer]) -> Mapping[int, Stamp]:
        author = Principal("nobody.left@contoso.onmicrosoft.com")
        lead = Principal("migration.lead@contoso.onmicrosoft.com")
        return {each: replace(stamp, author=author, editor=lead) for each, stamp in stamps(ledger, transfers).items()}

    monkeypatch.setattr(package, "stamps", stamped)
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        moved = run.move_all()
        assert packages.unknown_people(run.ledger, run.wave.id) == 1
        item = run.tenant.graph("GET", f"/v1.0/drives/{moved[0].drive_id}/items/{moved[0].target_id}")
        assert item["lastModifiedBy"]["user"]["email"] == "migration.lead@contoso.onmicrosoft.com"


def test_the_ledger_holds_neither_keys_nor_addresses_of_containers(
    tmp_path: Path, rehearsal: RunningTenant, home: Destination, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    dump = Containers.dump
    monkeypatch.setattr(Containers, "dump", lambda each: seen.append(dump(each)) or dump(each))
    with package_run(tmp_path / "work", rehearsal, share, home) as run:
        run.move_all()
    (secret,) = seen
    found = Containers.load(secret)
    canaries = [base64.b64encode(found.key), found.key, b"sig=", found.data.partition("?")[0].encode(),
                found.metadata.partition("?")[0].encode()]  # fmt: skip
    for file in (tmp_path / "work").rglob("*"):
        if file.is_file():
            assert not [each for each in canaries if each in file.read_bytes()], file
