"""How a wave goes right now: progress, speed, budget, workers, and what was asked of it."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spmigrate import words
from spmigrate.cli import tenants, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spmigrate.migrate.live import Remaining, Speed
    from spmigrate.store.batches import Progress
    from spmigrate.store.pacing import Spent
    from spmigrate.store.waves import Wave
    from spmigrate.store.workers import Worker

_EVENTS = 5
"""How many of the last events of a wave are shown."""
_WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Live:
    """Everything that is shown of a wave while it runs."""

    state: str
    progress: "Progress"
    workers: "Sequence[Worker]"
    speed: "Speed"
    remaining: "Remaining | None"
    spent: "Spent | None"
    batches: dict[str, int]
    events: "Sequence[tuple[str, str, str]]"

    @property
    def moves(self) -> bool:
        """Whether anything may still change by itself."""
        return any(each.lives for each in self.workers)


def look(session: view.Session, chosen: "Wave") -> Live:
    """How a wave goes; cheap, it counts batches and not files."""
    from spmigrate.migrate import live
    from spmigrate.store import batches, wave_control, waves, workers

    ledger = session.ledger
    found = workers.of_wave(ledger, chosen)
    progress = batches.progress(ledger, chosen.name)
    speeds = (live.recent(found), live.average(found))
    return Live(
        state=waves.get(ledger, chosen.name).state, progress=progress, workers=found, speed=speeds[0],
        remaining=live.remaining(progress, speeds), spent=tenants.spent(session),
        batches={row["state"]: row["batches"] for row in wave_control.states(ledger, chosen)},
        events=[(row["at"], row["event"], row["note"]) for row in wave_control.events(ledger, chosen, last=_EVENTS)],
    )  # fmt: skip


def as_json(now: Live) -> dict[str, Any]:
    """The same as part of a document."""
    spent = now.spent
    return {
        "moves": now.moves,
        "finished": {"items": now.progress.finished, "bytes": now.progress.finished_bytes},
        "planned": {"items": now.progress.items, "bytes": now.progress.bytes},
        "failed": now.progress.failed,
        "items_per_s": round(now.speed.items_per_s, 2), "bytes_per_s": round(now.speed.bytes_per_s),
        "remaining_seconds": now.remaining and {"least": now.remaining.least, "most": now.remaining.most},
        "budget": spent and {
            "minute": {"used": spent.minute, "of": _finite(spent.limits.minute)},
            "day": {"used": spent.day, "of": _finite(spent.limits.day)},
            "blocked_seconds": spent.blocked_seconds,
        },
        "batches": now.batches,
        "workers": [
            {"id": each.id, "host": each.host, "process": each.process, "threads": each.threads, "lives": each.lives,
             "doing": each.doing, "items": each.items, "bytes": each.bytes,
             "items_per_s": round(each.items_per_s, 2), "bytes_per_s": round(each.bytes_per_s),
             "seen_seconds": round(each.seen_seconds, 1)}
            for each in now.workers
        ],
        "events": [{"at": at, "event": event, "note": note} for at, event, note in now.events],
    }  # fmt: skip


def show(now: Live) -> None:
    """The same for people."""
    from spmigrate.migrate.live import said

    done = now.progress
    failed = f", {done.failed:,} not copied" if done.failed else ""
    view.line(
        f"moved {done.finished:,} of {words.plural(done.items, 'file')},"
        f" {words.size(done.finished_bytes)} of {words.size(done.bytes)}{failed}"
    )
    if now.moves:
        speed = f"{now.speed.items_per_s:,.1f} files/s, {words.size(round(now.speed.bytes_per_s))}/s"
        left = now.remaining
        view.line(f"speed: {speed}" + (f"; {said(left.least)} to {said(left.most)} left" if left else ""))
    if now.spent is not None:
        view.line(_budget(now.spent))
    if now.batches:
        view.line("batches: " + ", ".join(f"{count:,} {state}" for state, count in now.batches.items()))
    living = [each for each in now.workers if each.lives or not each.ended]
    if living:
        view.table(
            ("worker", "does", "files/s", "bytes/s", "files"),
            [
                (each.id.rpartition(" ")[0], _doing(each), f"{each.items_per_s:,.1f}",
                 f"{words.size(round(each.bytes_per_s))}/s", f"{each.items:,}")
                for each in living
            ],
        )  # fmt: skip
    for at, event, note in now.events:
        view.line(f"  {words.moment(at)}: {event}" + (f": {note}" if note else ""))


def watch(session: view.Session, chosen: "Wave", *, json_: bool) -> None:
    """Show it every two seconds, until nothing moves any more; as JSON one document a line."""
    import json
    import sys

    import click

    while True:
        now = look(session, chosen)
        if json_:
            view.line(json.dumps({"wave": chosen.name, "state": now.state, **as_json(now)}))
        else:
            if sys.stdout.isatty():
                click.clear()
            view.line(f"wave {chosen.name}: {now.state}")
            show(now)
        if not now.moves:
            return
        sys.stdout.flush()
        time.sleep(_WATCH_SECONDS)


def _doing(worker: "Worker") -> str:
    if worker.lives:
        return worker.doing
    return f"silent for {worker.seen_seconds:,.0f} s: it ended without a word"


def _budget(spent: "Spent") -> str:
    used = [
        f"{round(amount):,} RU" + (f" of {round(of):,}" if _finite(of) is not None else "") + f" {span}"
        for amount, of, span in (
            (spent.minute, spent.limits.minute, "this minute"), (spent.day, spent.limits.day, "in 24 hours")
        )
    ]  # fmt: skip
    blocked = f"; the service asked to wait, {spent.blocked_seconds:,.0f} s more" if spent.blocked_seconds else ""
    return "budget used: " + ", ".join(used) + blocked


def _finite(value: float) -> float | None:
    return value if value < 1e15 else None
