"""`spmigrate worker`: one of several machines that move waves, over a ledger in PostgreSQL."""

import json
import os
import sys
import time
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import shared_moving, tenants, view, wave_access, wave_run
from spmigrate.errors import ExitCode, SpmigrateError, UsageProblem

if TYPE_CHECKING:
    import threading

    from spmigrate.store.proposals import Proposals

_IDLE_SECONDS = 2.0
_ASIDE_SECONDS = 60.0
"""How long a wave that ended with an error is left to others and to its lead."""


@click.group(cls=view.InOrder)
def worker() -> None:
    """Work on the waves of a ledger that several machines share (`ledger:` in spmigrate.yaml)."""


@worker.command()
@click.option("--reach", multiple=True, metavar="NAME", help="Sources that this machine can read; may be repeated.")
@click.option("--until-done", is_flag=True, help="End when nothing is left to move, in place of waiting for more.")
@view.pass_session
def run(session: view.Session, reach: tuple[str, ...], until_done: bool) -> ExitCode:
    """Move batches of running waves, beside other workers, until somebody ends it.

    A wave begins with: spmigrate wave run. Run this on each machine as a service that is started again whenever it
    ends; what it had in hand is taken over by others after a minute. It needs the working folder, the app's
    certificate, and the sealing key. Batches of a source that `worker reach` has named go to workers with that --reach.

    Exit codes: 0 ended as asked; 1 it could not go on; 130 interrupted at once.
    """
    address = _shared(session)
    session.start_log()
    shared_moving.sealed(session)  # says at once what is wrong with the key
    from spmigrate.store.proposals import Proposals

    session.ledger.moment()
    queues = Proposals(address)
    try:
        with wave_run.stop_on_signals() as stop:
            _work(session, queues, reach, stop, until_done=until_done)
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(ExitCode.INTERRUPTED)  # threads in the middle of a request cannot be ended otherwise
    finally:
        queues.close()
    return ExitCode.DONE


def _work(
    session: view.Session, queues: "Proposals", reach: tuple[str, ...], stop: "threading.Event", *, until_done: bool
) -> None:
    from spmigrate.store import proposing

    listed = json.dumps(["", *reach])
    aside: dict[str, float] = {}
    while not stop.is_set():
        now = time.monotonic()
        free = [name for name in proposing.running_waves(session.ledger, reaches=listed) if aside.get(name, 0.0) <= now]
        if not free:
            if until_done and not proposing.any_open(session.ledger, reaches=listed):
                return
            stop.wait(_IDLE_SECONDS)
            continue
        try:
            _move(session, free[0], queues, reach, stop)
        except SpmigrateError as error:
            view.note(f"wave {free[0]}: {error.message}")
            aside[free[0]] = time.monotonic() + _ASIDE_SECONDS


def _move(
    session: view.Session, name: str, queues: "Proposals", reach: tuple[str, ...], stop: "threading.Event"
) -> None:
    """Work on a wave until nothing of it is free."""
    from spmigrate.migrate.access import preparing
    from spmigrate.migrate.engine import Course, Run
    from spmigrate.store import waves
    from spmigrate.store.ledger import LedgerAway

    chosen = waves.get(session.ledger, name)
    may_move = wave_run.gatekeeper(session, chosen)
    terms = wave_run.terms_of(session, chosen, any_time=False, end_with_window=True)
    view.note(f"working on wave {name}")
    with tenants.connect(session, workers=terms.workers) as tenant:
        if preparing.is_needed(session.ledger, chosen):
            with session.ledger.run_lock(f"wave run {name}"):
                wave_access.prepare(session, chosen, tenant, stop)
        routes = wave_run.routes(session, tenant)
        while not stop.is_set():
            run = Run(
                session.ledger, chosen, routes, terms=terms, patience=tenant.patience, course=Course(stop),
                may_move=may_move, counters=wave_run.counters(session, chosen, tenant),
                claims=shared_moving.claims(session, chosen, queues=queues, reaches=reach),
            )  # fmt: skip
            try:
                run.go()
            except LedgerAway as error:
                view.note(f"{error.message}; it is tried again")
                stop.wait(_IDLE_SECONDS)
            else:
                return


@worker.command()
@click.argument("source")
@click.argument("name", required=False, default="")
@view.json_option
@view.pass_session
def reach(session: view.Session, source: str, name: str, json_: bool) -> ExitCode:
    """Say that only workers with --reach NAME can read SOURCE; without NAME every machine can.

    Batches that are planned and not done go there from now on. Exit codes: 0 done.
    """
    _shared(session)
    from spmigrate.store import inventory, proposing

    found = inventory.source(session.ledger, source)
    changed = proposing.set_reach(session.ledger, found.id, name)
    if json_:
        view.document({"source": found.name, "reach": name, "batches": changed})
        return ExitCode.DONE
    who = f"workers with --reach {name}" if name else "every machine"
    view.line(f"{found.name} is read by {who}; {words.plural(changed, 'planned batch', 'planned batches')} go there.")
    return ExitCode.DONE


def _shared(session: view.Session) -> str:
    if session.shared_ledger is None:
        raise UsageProblem(
            "workers share a ledger in PostgreSQL, and this one is a file",
            hint="set it in spmigrate.yaml: ledger: postgresql://spmigrate@database.council.example/spmigrate",
        )
    return session.shared_ledger
