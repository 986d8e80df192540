"""Several machines on one wave: killed and stopped ones lose nothing, double nothing, and write nothing late."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.store.ledger import Ledger
from tests.postgres import Databases
from tests.rehearsal_fixtures import RunningTenant
from tests.worker_estate import SHORT_LEASE, WAVE, WorkerEstate, end


def wait(until: Callable[[], object], *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def holds(estate: WorkerEstate, process: subprocess.Popen[str]) -> bool:
    return any(f"process {process.pid} " in owner for owner in estate.owners())


def begin(estate: WorkerEstate) -> None:
    """What `wave run` does before anything moves."""
    with Ledger(estate.address) as ledger:
        ledger.execute("UPDATE wave SET state = 'running' WHERE name = ?", (WAVE,))


def test_two_of_three_killed_and_the_third_stopped_past_its_lease_lose_and_double_nothing(
    tmp_path: Path, rehearsal: RunningTenant, databases: Databases
) -> None:
    estate = WorkerEstate.plan(tmp_path / "chaos", rehearsal, databases.at(tmp_path / "ledger.db"))
    begin(estate)
    command = ("worker", "run", "--until-done")
    doomed = [estate.start(*command, change=SHORT_LEASE) for _ in range(2)]
    sleeper = estate.start(*command, change=SHORT_LEASE)
    others: list[subprocess.Popen[str]] = []
    try:
        for each in (*doomed, sleeper):
            wait(lambda process=each: holds(estate, process))
        os.kill(sleeper.pid, signal.SIGSTOP)
        for each in doomed:
            each.send_signal(signal.SIGKILL)
        held = estate.owners()
        assert len(held) == 3
        others.append(estate.start(*command, change=SHORT_LEASE))
        wait(lambda: not set(estate.owners()) & set(held), seconds=90)
        os.kill(sleeper.pid, signal.SIGCONT)
        said, _ = others[0].communicate(timeout=120)
        assert others[0].returncode == 0, said
        told, _ = sleeper.communicate(timeout=120)
        assert sleeper.returncode == 0, told
    finally:
        end([*doomed, sleeper, *others])
    estate.check_whole()
    with Ledger(estate.address) as ledger:
        events = [
            row["note"] for row in ledger.rows("SELECT note FROM wave_event WHERE event = 'taken over' ORDER BY id")
        ]
    assert len({owner for owner in held if any(owner in note for note in events)}) == 3


@pytest.mark.long
def test_workers_go_on_when_the_database_was_restarted(
    tmp_path: Path, rehearsal: RunningTenant, databases: Databases
) -> None:
    estate = WorkerEstate.plan(tmp_path / "restart", rehearsal, databases.at(tmp_path / "ledger.db"), files=600)
    begin(estate)
    workers = [estate.start("worker", "run", "--until-done", change=SHORT_LEASE) for _ in range(2)]
    try:
        for each in workers:
            wait(lambda process=each: holds(estate, process))
        databases.server.stop()
        time.sleep(2)
        databases.server.start()
        for each in workers:
            said, _ = each.communicate(timeout=180)
            assert each.returncode == 0, said
    finally:
        end(workers)
    estate.check_whole()
