"""A planned wave of small files, routes that need no service, and runs over them."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spmigrate.migrate import planning
from spmigrate.migrate.engine import Course, Run, Terms
from spmigrate.migrate.routes.job import Later
from spmigrate.model import Outcome
from spmigrate.store import waves
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.pacing import Patience
from tests.signed_estate import TIDY, gate, library, sign, write


def done(item: Transfer, outcome: Outcome = Outcome.COPIED) -> Moved:
    """An outcome of a file, as a route gives it."""
    return Moved(item.id, item.batch_id, item.size, outcome, copied_size=item.size, modified_ns=item.modified_ns)


@dataclass
class FileByFile:
    """A route that moves by calling `act`; keeps what it moved."""

    act: Callable[[Transfer], Moved] = done
    moved: list[str] = field(default_factory=list)
    opened: list[Batch] = field(default_factory=list)
    name: str = "session"

    def open(self, batch: Batch) -> Callable[[Transfer], Moved]:
        self.opened.append(batch)

        def move(item: Transfer) -> Moved:
            found = self.act(item)
            self.moved.append(item.target_name)
            return found

        return move


@dataclass
class AsJob:
    """A route whose jobs answer from a list, one answer a call; the last is for every later call."""

    answers: Sequence[Later | Callable[[Sequence[Transfer]], tuple[Moved, ...]]]
    name: str = "package"
    away: bool = True
    calls: list[tuple[int, float, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, batch: Batch, transfers: Sequence[Transfer]) -> Later | tuple[Moved, ...]:
        with self._lock:
            before = sum(each[0] == batch.id for each in self.calls)
            self.calls.append((batch.id, time.monotonic(), threading.get_ident()))
        answer = self.answers[min(before, len(self.answers) - 1)]
        return answer if isinstance(answer, Later) else answer(transfers)

    def is_away(self, batch: Batch) -> bool:
        return self.away


def everything(transfers: Sequence[Transfer]) -> tuple[Moved, ...]:
    """A job that copied all of its files."""
    return tuple(done(each) for each in transfers)


def wave_of(tmp_path: Path, ledger: Ledger, *, batches: int = 1, files: int = 4, route: str = "session") -> waves.Wave:
    """A planned wave with so many batches of so many files each."""
    rows = {}
    for number in range(batches):
        for name in range(files):
            write(tmp_path / f"share/{number}/{name}.txt", b"x")
        rows[str(number)] = (TIDY, library(f"/sites/{number}"))
    sign(ledger, tmp_path / "share", rows)
    planning.plan(ledger, "pilot", gate=gate(ledger))
    ledger.execute("UPDATE batch SET route = ?", (route,))
    return waves.get(ledger, "pilot")


def run_of(ledger: Ledger, *routes: Any, course: Course | None = None, workers: int = 2, **given: Any) -> Run:
    """A run of the wave `pilot` over these routes."""
    terms = given.pop("terms", None) or Terms(workers=workers)
    return Run(
        ledger, waves.get(ledger, "pilot"), {each.name: each for each in routes}, terms=terms, patience=Patience(),
        course=course or Course(threading.Event()), **{"may_move": lambda _: None, **given},
    )  # fmt: skip


def outcomes(ledger: Ledger) -> dict[str, int]:
    """How many transfers have which outcome."""
    return {
        row[0]: row[1] for row in ledger.rows("SELECT coalesce(outcome, 'open'), count(*) FROM transfer GROUP BY 1")
    }


def batch_states(ledger: Ledger) -> list[str]:
    return [row["state"] for row in ledger.rows("SELECT state FROM batch ORDER BY id")]
