"""`spmigrate wave run`: move a wave, in its windows, until it is done or something ends it."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import (
    mapping_rules,
    progress,
    shared_moving,
    tenants,
    view,
    wave_access,
    wave_notify,
    wave_status,
    wave_windows,
)  # fmt: skip
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from types import FrameType

    from spmigrate.migrate.engine import Routes, Terms
    from spmigrate.migrate.stopping import Counters
    from spmigrate.store.batches import Batch, Progress
    from spmigrate.store.waves import Wave
    from spmigrate.tenant.session import Tenant


@click.command()
@click.argument("name")
@click.option("--now", "reason", metavar="REASON", help="Move outside the windows too, for this reason, which is kept.")
@click.option("--end-with-window", is_flag=True, help="End when the window shuts, in place of waiting for the next.")
@click.option("--notify", is_flag=True, help="Tell the channels of 'notify:' of the start, the end, and silence.")
@view.json_option
@view.pass_session
def run(
    session: view.Session, name: str, reason: str | None, end_with_window: bool, notify: bool, json_: bool
) -> ExitCode:
    """Move the wave NAME. Interrupted or killed, it goes on when it is run again.

    Nothing is overwritten, and nothing is changed at the source. No batch begins that cannot be finished in its window
    (migrate: windows: in spmigrate.yaml). From another terminal: wave status, pause, continue and cancel.

    Exit codes: 0 everything has moved or stays by decision; 1 it could not go on; 3 some items failed; 4 the window
    shut; 5 a folder in scope could not be looked into; 130 interrupted.
    """
    from spmigrate.store import waves

    if reason is not None and not reason.strip():
        raise UsageProblem("--now wants a reason", hint='such as: --now "the lead agreed to move on Saturday"')
    session.start_log()
    # Machines that share a ledger move beside each other: there the leases of batches decide, and not this lock.
    with nullcontext() if session.shared_ledger else session.ledger.run_lock(f"wave run {name}"):
        chosen = waves.get(session.ledger, name)
        try:
            with wave_notify.telling(session, chosen, notify=notify, any_time=reason is not None) as told:
                ended = _move(session, chosen, told, reason=reason, end_with_window=end_with_window)
                told.ended(f"{ended}; the same command goes on with it" if ended else "")
        except KeyboardInterrupt:
            view.note("stopped at once: the files in hand are looked at first when you run this again")
            sys.stderr.flush()
            # Threads in the middle of a request cannot be ended otherwise; the ledger is made for this.
            os._exit(ExitCode.INTERRUPTED)
    standing = waves.standing(session.ledger, chosen)
    wave_status.show(session, waves.get(session.ledger, name), standing, json_=json_)
    if ended == "interrupted":
        view.note("interrupted: it is safe to run the same command again")
        return ExitCode.INTERRUPTED
    if not json_:
        view.note(f"{ended}; next: spmigrate wave run {name}" if ended else f"next: spmigrate wave verify {name}")
    codes = [*of_waves.incomplete(standing), *of_waves.failed(standing)]
    return ExitCode.worst(*codes, *(of_waves.pending(standing) if ended else []))


def _move(
    session: view.Session, chosen: "Wave", told: wave_notify.Telling, *, reason: str | None, end_with_window: bool
) -> str:
    """Run a wave to its end; returns what ended it before, empty when nothing did."""
    from spmigrate.migrate import dependencies
    from spmigrate.migrate.engine import Course, Run
    from spmigrate.store import batches, wave_control, waves

    dependencies.check(session.ledger, chosen)
    may_move = gatekeeper(session, chosen)
    if not batches.has_open(session.ledger, chosen):
        if chosen.state in ("planned", "running"):
            waves.set_state(session.ledger, chosen, "moved")
        return ""
    terms = terms_of(session, chosen, any_time=reason is not None, end_with_window=end_with_window)
    if reason is not None:
        wave_control.note(session.ledger, chosen, "moved outside its windows", reason.strip())

    total = batches.progress(session.ledger, chosen.name).items
    with (
        tenants.connect(session, workers=terms.workers) as tenant,
        stop_on_signals() as stop,
        progress.bar(f"Moving {chosen.name}", total=total, unit="files") as show,
    ):
        with session.ledger.run_lock(f"wave run {chosen.name}") if session.shared_ledger else nullcontext():
            wave_access.prepare(session, chosen, tenant, stop)
        ended = Run(
            session.ledger, chosen, routes(session, tenant), terms=terms, patience=tenant.patience,
            course=Course(stop), may_move=may_move, report=_report(tenant, stop, told, show),
            counters=counters(session, chosen, tenant), claims=shared_moving.claims(session, chosen),
        ).go()  # fmt: skip
    return ended if batches.has_open(session.ledger, chosen) else ""


def gatekeeper(session: view.Session, chosen: "Wave") -> "Callable[[Batch], None]":
    """What is asked before every batch. Raises NotSignedOff when the wave as a whole may not move."""
    from spmigrate.migrate import consent
    from spmigrate.migrate.access import preparing
    from spmigrate.store.chain_watch import ChainWatch

    gate, chain = mapping_rules.gatekeeper(session), ChainWatch()
    consent.check(session.ledger, chosen, tenant=of_waves.tenant_name(session), gate=gate, chain=chain)

    def may_move(batch: "Batch") -> None:
        consent.check_batch(session.ledger, chosen, batch.id, gate, chain=chain)
        preparing.check_batch(session.ledger, chosen, batch.id)

    return may_move


def routes(session: view.Session, tenant: "Tenant") -> "Routes":
    """Every route that there is, by its name."""
    from spmigrate.migrate import leftovers
    from spmigrate.migrate.routes.copy import CopyRoute
    from spmigrate.migrate.routes.package import PackageRoute
    from spmigrate.migrate.routes.session import SessionRoute

    sealed, poll = shared_moving.sealed(session), session.settings.config.migrate.poll_seconds
    leftovers.erase(session.ledger, sealed)
    built = (
        SessionRoute(tenant, session.ledger, sealed),
        PackageRoute(session.ledger, tenant, sealed, poll_seconds=poll),
        CopyRoute(session.ledger, tenant, sealed, poll_seconds=poll),
    )
    return {each.name: each for each in built}


def terms_of(session: view.Session, chosen: "Wave", *, any_time: bool, end_with_window: bool) -> "Terms":
    """How a run of a wave works, by the settings."""
    from spmigrate.migrate.engine import Terms
    from spmigrate.migrate.engine.hours import Hours

    hours = Hours() if any_time else Hours(wave_windows.windows(session, chosen))
    settings = session.settings.config.migrate
    return Terms(workers=settings.workers, jobs=settings.jobs, hours=hours, end_with_window=end_with_window)


def counters(session: view.Session, chosen: "Wave", tenant: "Tenant") -> "Callable[[], Counters]":
    """What may stop the wave apart from its errors: what its last verification found, and room that runs out."""
    import shutil

    from spmigrate.migrate import findings
    from spmigrate.migrate.stopping import Counters, Room

    found = findings.of_last_look(session.ledger, chosen)
    sites = findings.rooms(session.ledger, chosen, tenant)

    def now() -> Counters:
        disk = shutil.disk_usage(session.place.folder)
        return replace(found, rooms=(Room("the disk of the working folder", disk.free, disk.total), *sites))

    return now


def _report(
    tenant: "Tenant", stop: threading.Event, told: wave_notify.Telling, show: progress.Show
) -> "Callable[[Progress], None]":
    def report(now: "Progress") -> None:
        told.saw(now)
        notes = [words.size(now.finished_bytes)]
        notes += [f"{now.failed:,} failed"] if now.failed else []
        notes += [f"waited {tenant.throttled_seconds:,.0f} s"] if tenant.throttled_seconds else []
        notes += ["finishing the files in hand"] if stop.is_set() else []
        show(now.finished, " · ".join(notes))

    return report


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """The first Ctrl-C or SIGTERM sets the event; the second one raises KeyboardInterrupt."""
    stop = threading.Event()

    def ask(_signal: int, _frame: "FrameType | None") -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
