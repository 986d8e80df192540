"""Waves on a service that fails, or in which somebody changed things."""

import itertools
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.errors import LedgerError, NotSignedOff, Unavailable
from spmigrate.migrate.engine import Course, Run, Terms
from spmigrate.migrate.routes import session as route
from spmigrate.migrate.routes.session import SessionRoute
from spmigrate.migrate.routes.task import Task
from spmigrate.migrate.verify import verify
from spmigrate.model import Destination, Outcome
from spmigrate.sealed import FileSealed
from spmigrate.store import verification, waves
from spmigrate.store.batches import Batch, Progress
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import files, pacing
from spmigrate.tenant.session import Tenant
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, session, start, tree, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"trouble-{next(_NUMBERS)}")


def planned(work: Path, root: Path, home: Destination, spmigrate: Command) -> None:
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {"": (TIDY, home)})
    done = spmigrate("wave", "plan", "pilot", cwd=work)
    assert done.code == 0, done.stderr


def run_of(
    ledger: Ledger,
    wave: waves.Wave,
    tenant: Tenant,
    *,
    may_move: Callable[[Batch], None] = lambda _: None,
    report: Callable[[Progress], None] = lambda _: None,
) -> Run:
    routes = {"session": SessionRoute(tenant, ledger, FileSealed(ledger_folder(ledger)))}
    return Run(
        ledger, wave, routes, terms=Terms(workers=6), patience=tenant.patience, course=Course(threading.Event()),
        may_move=may_move, report=report,
    )  # fmt: skip


def ledger_folder(ledger: Ledger) -> Path:
    return Path(ledger.name).parent / ".sealed"


def run(work: Path, *, report: Callable[[Progress], None] = lambda _: None) -> waves.Standing:
    """Run the wave in this process; how it stands, whatever it raised."""
    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        wave = waves.get(ledger, "pilot")
        try:
            run_of(ledger, wave, tenant, report=report).go()
        finally:
            assert not [each for each in threading.enumerate() if each.name.startswith("mover")]
        return waves.standing(ledger, wave)


def test_gate_that_closes_while_a_wave_runs_stops_it_before_the_next_batch(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    for name in ("a", "b"):
        write(tmp_path / "share" / name / "one.txt", b"one")
    planned(work, tmp_path / "share", home, spmigrate)

    def closed(_batch: Batch) -> None:
        raise NotSignedOff("the owner took it back")

    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        wave = waves.get(ledger, "pilot")
        run = run_of(ledger, wave, tenant, may_move=closed)
        with pytest.raises(NotSignedOff, match="took it back"):
            run.go()
    assert standing(work).open.items == 2
    with session(work) as tenant:
        assert tree(tenant, home) == {}


def standing(work: Path) -> waves.Standing:
    with Ledger(work / "ledger.db") as ledger:
        return waves.standing(ledger, waves.get(ledger, "pilot"))


def test_run_stops_when_nothing_is_accepted_any_more(
    work: Path,
    home: Destination,
    tmp_path: Path,
    spmigrate: Command,
    rehearsal: RunningTenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(40):
        write(tmp_path / "share" / f"{number % 20}" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    monkeypatch.setattr(pacing, "LONGEST_SILENCE", 2.0)
    rehearsal.fault({"status": 503}, count=9999, method="POST", host="graph")
    began = time.monotonic()
    with pytest.raises(Unavailable, match="nothing is accepted any more") as caught:
        run(work)
    assert time.monotonic() - began < 15
    assert caught.value.hint and "same command" in caught.value.hint
    rehearsal.clear_faults()
    assert run(work).accounting.of(Outcome.COPIED).items == 40


def test_terminated_while_requests_are_repeated_it_ends_in_seconds(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    for number in range(40):
        write(tmp_path / "share" / f"{number % 20}" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    rehearsal.fault({"status": 503}, count=9999, method="POST", host="graph")
    running, mark = start(ROOT, work, "wave", "run", "pilot"), rehearsal.mark()
    while sum(each["method"] == "POST" for each in rehearsal.requests(mark)) < 4:
        time.sleep(0.1)
    running.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, "safe to run" in errors) == (130, True), errors
    assert time.monotonic() - asked < 5


def test_terminated_verification_says_that_it_was_interrupted(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0
    rehearsal.fault({"slow": 20}, count=9, method="GET", path="/delta")
    running = start(ROOT, work, "wave", "verify", "pilot")
    while rehearsal.faults_left() == 9:
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, "safe to run" in errors) == (130, True), errors
    assert time.monotonic() - asked < 5


def test_verification_in_an_outage_ends_and_keeps_what_is_known(
    work: Path,
    home: Destination,
    tmp_path: Path,
    spmigrate: Command,
    rehearsal: RunningTenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path / "share" / "a.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    run(work)
    monkeypatch.setattr(pacing, "LONGEST_SILENCE", 0.4)
    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        wave = waves.get(ledger, "pilot")
        assert verify(ledger, wave, tenant) == {"exact": 1}
        rehearsal.fault({"status": 503}, count=99, method="GET", path="/delta")
        with pytest.raises(Unavailable):
            verify(ledger, wave, tenant)
        assert verification.counts(ledger, wave) == {"exact": 1}


def test_no_worker_outlives_a_run_whose_ledger_fails(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    for number in range(30):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    rehearsal.fault({"slow": 0.5}, count=9999, method="PUT")

    def full(_now: Progress) -> None:
        raise LedgerError("the disk is full")

    with pytest.raises(LedgerError):
        run(work, report=full)


def test_outage_counts_against_no_file(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)

    def away(*_: object) -> None:
        raise Unavailable("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(route, "move", away)
        for _ in range(10):
            with pytest.raises(Unavailable):
                run(work)
    assert standing(work).open.items == 40
    assert run(work).accounting.of(Outcome.COPIED).items == 40


def test_file_that_alone_is_not_taken_fails(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    move = route.move

    def picky(tenant: Tenant, task: Task) -> object:
        if task.transfer.target_name == "1.txt":
            raise Unavailable("not this one")
        return move(tenant, task)

    monkeypatch.setattr(route, "move", picky)
    accounting = run(work).accounting
    assert (accounting.of(Outcome.COPIED).items, accounting.of(Outcome.FAILED).items) == (2, 1)


def test_name_that_an_unfinished_upload_holds_waits_for_another_run(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    for number in range(6):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    rehearsal.fault({"status": 409}, count=99, method="POST", path=r"3\.txt:/createUploadSession")
    ran = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (ran.code, "1 file could not move yet" in ran.stderr, "hint:" in ran.stderr) == (1, True, True), ran.stderr
    now = standing(work)
    assert (now.accounting.of(Outcome.COPIED).items, now.open.items) == (5, 1)
    rehearsal.clear_faults()
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0


def test_locked_site_stops_the_run_and_fails_no_file(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    for number in range(6):
        write(tmp_path / "share" / f"{number}.txt", b"x")
    planned(work, tmp_path / "share", home, spmigrate)
    rehearsal.fault({"status": 423}, count=999, method="POST", path="createUploadSession")
    ran = spmigrate("wave", "run", "pilot", cwd=work)
    assert (ran.code, "is locked" in ran.stderr) == (1, True), ran.stderr
    assert standing(work).open.items == 6


def test_file_that_was_moved_and_renamed_at_the_destination_fails_verification(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    write(tmp_path / "share" / "Adults" / "a.txt", b"x" * 10)
    write(tmp_path / "share" / "Public" / "b.txt", b"y")
    planned(work, tmp_path / "share", home, spmigrate)
    assert spmigrate("wave", "run", "pilot", cwd=work).code == 0
    assert spmigrate("wave", "verify", "pilot", "--json", cwd=work).json["verified"] == {"exact": 2}
    with session(work) as tenant:
        library = files.open_library(tenant, home.site, home.library)
        adults, public = (files.child(tenant, library, library.root_id, name) for name in ("Adults", "Public"))
        assert adults is not None and public is not None
        moved = files.child(tenant, library, adults.id, "a.txt")
        assert moved is not None
        change = {"name": "zzz.txt", "parentReference": {"id": public.id}}
        tenant.graph("PATCH", f"/v1.0/drives/{library.drive_id}/items/{moved.id}", change)
    verified = spmigrate("wave", "verify", "pilot", "--json", cwd=work)
    assert (verified.code, verified.json["verified"]) == (3, {"exact": 1, "failed": 1})
    assert "Public/zzz.txt" in verified.json["problems"][0]["note"]
