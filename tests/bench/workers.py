"""Three workers on one wave over a ledger in PostgreSQL beside one worker, at 40 ms a request; and their one budget.

A worker has two threads, so that it waits for the service and not for the processors of this machine.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from spmigrate.store.ledger import Ledger
from spmigrate.tenant.budget import BUDGETS
from tests.postgres import Server, binaries
from tests.rehearsal_fixtures import RunningTenant, serve_tenant
from tests.worker_estate import WAVE, WorkerEstate, end

Figure = dict[str, str | float | None]
_FILES = 600
_LATENCY = 40
_FIRST_SECONDS, _SECONDS = 60, 120
"""How long the first burst of a budget may last, and how long it is looked at after that."""


def figures(files: int = _FILES) -> Iterator[Figure]:
    """Files a second with three workers beside one, and the budget that three use of what one may."""
    programs = binaries()
    assert programs is not None, "there is no PostgreSQL here"
    server = Server(programs)
    try:
        with tempfile.TemporaryDirectory() as folder, serve_tenant(Path(folder) / "tenant") as running:
            running.control.call("POST", "throttle", {"latency": _LATENCY})
            one, three = (_rate(Path(folder), running, server, files, count) for count in (1, 3))
            yield {"name": "workers (three beside one)", "value": three, "unit": "files/s", "other": one,
                   "ratio": three / one}  # fmt: skip
        with (
            tempfile.TemporaryDirectory() as folder,
            serve_tenant(Path(folder) / "tenant", profile="council") as running,
        ):
            used, allowed = _budget(Path(folder), running, server)
            yield {"name": "workers-budget (beside what all may use)", "value": used, "unit": "RU/min",
                   "other": allowed, "ratio": used / allowed}  # fmt: skip
    finally:
        server.remove()


def _rate(folder: Path, running: RunningTenant, server: Server, files: int, count: int) -> float:
    """Files a second, from the first that arrived to the last."""
    estate = WorkerEstate.plan(folder / f"with-{count}", running, server.database(), files=files, batch=10)
    _work(estate, count, lambda: not estate.states().keys() - {"done"})
    estate.check_whole()
    with Ledger(estate.address) as ledger:
        row = ledger.one("SELECT min(at), max(at), count(*) FROM outcome_event WHERE event = 'copied'")
    assert row is not None
    first, last = (datetime.fromisoformat(each) for each in row[:2])
    return float(row[2]) / (last - first).total_seconds()


def _budget(folder: Path, running: RunningTenant, server: Server) -> tuple[float, float]:
    """Units a minute that the tenant counted for three workers, and what the settings let all of them use."""
    settings = "  licences: 0-1000\n"
    estate = WorkerEstate.plan(folder / "budget", running, server.database(), files=1500, settings=settings)
    counted: list[tuple[float, float]] = []

    def done() -> bool:
        usage = running.control.call("GET", "throttle")["usage"]
        counted.append((time.monotonic(), max((each.get("day", 0) for each in usage.values()), default=0)))
        return counted[-1][0] - counted[0][0] > _FIRST_SECONDS + _SECONDS

    _work(estate, 3, done)
    begun = next(each for each in counted if each[0] - counted[0][0] > _FIRST_SECONDS)
    seconds, units = counted[-1][0] - begun[0], counted[-1][1] - begun[1]
    return units / seconds * 60, BUDGETS["0-1000"].minute * 0.65


def _work(estate: WorkerEstate, count: int, done: Callable[[], bool]) -> None:
    """Have so many workers ready, let the wave begin, and end them when `done` says so."""
    workers = [estate.start("worker", "run") for _ in range(count)]
    try:
        time.sleep(4)
        begin(estate)
        while not done():
            assert all(each.poll() is None for each in workers), [each.communicate()[0] for each in workers]
            time.sleep(0.5)
    finally:
        end(workers)


def begin(estate: WorkerEstate) -> None:
    """Let the wave run."""
    with Ledger(estate.address) as ledger:
        ledger.execute("UPDATE wave SET state = 'running' WHERE name = ?", (WAVE,))
