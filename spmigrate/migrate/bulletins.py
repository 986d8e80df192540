"""What people who are elsewhere are told of a run, in words. Pure."""

from collections.abc import Sequence
from datetime import datetime

from spmigrate.messages.message import Message
from spmigrate.model import Outcome
from spmigrate.store.batches import Progress
from spmigrate.store.summary import Cause
from spmigrate.store.waves import Standing
from spmigrate.words import plural, size, spoken

_CAUSES = 5
"""How many causes a summary names; the rest is in `wave status`."""


def started(wave: str, at: datetime, now: Progress, *, workers: int, until: datetime | None) -> Message:
    """A run has begun; `until` is when its window shuts, None without windows."""
    left = now.items - now.finished
    facts = [("Still to move", f"{plural(left, 'file')}, {size(now.bytes - now.finished_bytes)}")]
    facts += [("At once", plural(workers, "file"))]
    facts += [("The window shuts", spoken(until))] if until else []
    return Message(f"Wave {wave} has started", (f"It has run since {spoken(at)}.",), tuple(facts))


def silent(wave: str, minutes: int, at: datetime, now: Progress) -> Message:
    """Nothing has moved for a while."""
    return Message(
        f"Wave {wave}: nothing moves",
        (
            f"No file has had an outcome for {plural(minutes, 'minute')}, as of {spoken(at)}. The run goes on by "
            "itself when the source or the service answers again.",
            f"See what it waits for: spmigrate wave status {wave}",
        ),
        _progress(now),
    )


def moving_again(wave: str, at: datetime, now: Progress) -> Message:
    """What was silent moves again."""
    return Message(f"Wave {wave} moves again", (f"Files move again, as of {spoken(at)}.",), _progress(now))


def morning(wave: str, at: datetime, now: Progress, *, since: datetime, finished_since: int) -> Message:
    """Where a run that goes on stands in the morning."""
    hours = (at - since).total_seconds() / 3600
    rate = finished_since / hours if hours else 0.0
    facts = (*_progress(now), ("In this run", f"{plural(finished_since, 'file')}, {rate:,.0f} an hour"))
    return Message(f"Wave {wave}: where it stands this morning", (f"It is running, as of {spoken(at)}.",), facts)


def stopped(wave: str, at: datetime, why: str, standing: Standing, causes: Sequence[Cause]) -> Message:
    """A run has ended: why, the account to the file and the byte, and why files did not move, failures first."""
    account = standing.accounting
    facts = [("At the source", f"{account.source.items:,} files, {account.source.bytes:,} bytes")]
    facts += [(each.value.capitalize(), f"{account.of(each).items:,}") for each in Outcome]
    facts += [("Still to move", f"{standing.open.items:,}")] if standing.open.items else []
    facts += [("Lost", f"{standing.lost.items:,}: do not accept this wave")] if standing.lost.items else []
    facts += [
        (f"{each.outcome}, {each.code}", f"{plural(each.amount.items, 'file')}: {each.reason}")
        for each in sorted(causes, key=lambda cause: cause.outcome != Outcome.FAILED)[:_CAUSES]
    ]
    more = (f"and {plural(len(causes) - _CAUSES, 'more cause')}",) if len(causes) > _CAUSES else ()
    sentences = (f"{why[:1].upper()}{why[1:]}.", f"It ended on {spoken(at)}.", *more)
    return Message(f"Wave {wave} has stopped", sentences, tuple(facts))


def why_it_ended(standing: Standing) -> str:
    """Why a run ended that met no error, without a full stop."""
    failed = standing.accounting.of(Outcome.FAILED).items
    if standing.open.items:
        return "files are left to move"
    others = f"{plural(failed, 'file')} failed, everything else" if failed else "everything"
    return f"{others} has moved, or stays by decision"


def _progress(now: Progress) -> tuple[tuple[str, str], ...]:
    return (
        ("Done", f"{now.finished:,} of {plural(now.items, 'file')}, {size(now.finished_bytes)}"),
        ("Failed", f"{now.failed:,}"),
    )
