"""`spmigrate wave`: move what is signed, and say what happened to every file. Each task has its own file."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import (
    mapping_rules,
    progress,
    tenants,
    view,
    wave_control,
    wave_evidence,
    wave_notify,
    wave_plan,
    wave_status,
    wave_verify,
)
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from types import FrameType

    from spmigrate.store.waves import Wave


@click.group(cls=view.InOrder)
def wave() -> None:
    """Move signed rows, verify them and account for every file."""


@click.command()
@click.argument("name")
@click.option("--notify", is_flag=True, help="Tell the channels of 'notify:' of the start, the end, and silence.")
@view.json_option
@view.pass_session
def run(session: view.Session, name: str, notify: bool, json_: bool) -> ExitCode:
    """Move the wave NAME. Interrupted or killed, it goes on when it is run again.

    Nothing is overwritten, and nothing is changed at the source. Exit codes: 0 everything has moved or stays by
    decision; 1 it could not go on; 3 some items failed; 5 a folder in scope could not be looked into; 130 interrupted.
    """
    from spmigrate.store import waves

    session.start_log()
    with session.ledger.run_lock(f"wave run {name}"):
        chosen = waves.get(session.ledger, name)
        try:
            with wave_notify.telling(session, chosen, notify=notify) as told:
                interrupted = _move(session, chosen, told)
                if interrupted:
                    told.ended("it was interrupted; the same command goes on with it")
        except KeyboardInterrupt:
            view.note("stopped at once: the files in hand are looked at first when you run this again")
            sys.stderr.flush()
            # Threads in the middle of a request cannot be ended otherwise; the ledger is made for this.
            os._exit(ExitCode.INTERRUPTED)
    standing = waves.standing(session.ledger, chosen)
    wave_status.show(session, waves.get(session.ledger, name), standing, json_=json_)
    if interrupted:
        view.note("interrupted: it is safe to run the same command again")
        return ExitCode.INTERRUPTED
    if not json_:
        view.note(f"next: spmigrate wave verify {name}")
    return ExitCode.worst(*of_waves.incomplete(standing), *of_waves.failed(standing))


def _move(session: view.Session, chosen: "Wave", told: wave_notify.Telling) -> bool:
    """Run a wave to its end; True when a signal stopped it before."""
    from spmigrate.migrate import consent
    from spmigrate.migrate.engine import Run
    from spmigrate.store import waves
    from spmigrate.store.batches import Progress
    from spmigrate.store.batches import progress as read_progress
    from spmigrate.store.chain_watch import ChainWatch

    gate = mapping_rules.gatekeeper(session)
    chain = ChainWatch()
    consent.check(session.ledger, chosen, tenant=of_waves.tenant_name(session), gate=gate, chain=chain)
    if not waves.standing(session.ledger, chosen).open.items:
        if chosen.state != "verified":
            waves.set_state(session.ledger, chosen, "moved")
        return False
    workers = session.settings.workers
    total = read_progress(session.ledger, chosen.name).items
    with (
        tenants.connect(session, workers=workers) as tenant,
        _stop_on_signals() as stop,
        progress.bar(f"Moving {chosen.name}", total=total, unit="files") as show,
    ):

        def report(now: Progress) -> None:
            told.saw(now)
            notes = [words.size(now.finished_bytes)]
            notes += [f"{now.failed:,} failed"] if now.failed else []
            notes += [f"waited {tenant.throttled_seconds:,.0f} s"] if tenant.throttled_seconds else []
            notes += ["finishing the files in hand"] if stop.is_set() else []
            show(now.finished, " · ".join(notes))

        Run(
            session.ledger, chosen, tenant, workers=workers, stop=stop, report=report,
            may_move=lambda: consent.check_rows(session.ledger, chosen, gate, chain=chain),
        ).go()  # fmt: skip
    return stop.is_set() and waves.standing(session.ledger, chosen).open.items > 0


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
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


for _command in (
    wave_plan.plan,
    run,
    wave_control.retry,
    wave_status.status,
    wave_verify.verify,
    wave_evidence.evidence,
    wave_evidence.report,
):
    wave.add_command(_command)
