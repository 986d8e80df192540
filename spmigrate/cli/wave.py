"""`spmigrate wave`: plan signed rows, move them, verify them, and account for every file."""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_rules, progress, view
from spmigrate.errors import ExitCode
from spmigrate.model import Amount, Outcome

if TYPE_CHECKING:
    from types import FrameType

    from spmigrate.store.coverage import Uncovered
    from spmigrate.store.waves import Standing, Wave

_NAMED = 20
"""How many items that did not pass verification are named one by one."""

_SHEET_HELP = "Only the rows of this sheet, with files that came to them since an earlier wave; may be repeated."


@click.group(cls=view.InOrder)
def wave() -> None:
    """Move signed rows, verify them and account for every file."""


@wave.command()
@click.argument("name")
@click.option("--sheet", "sheets", multiple=True, metavar="ID", help=_SHEET_HELP)
@view.json_option
@view.pass_session
def plan(session: view.Session, name: str, sheets: tuple[str, ...], json_: bool) -> ExitCode:
    """Plan the wave NAME: one transfer for every item in the scope of the signed rows.

    Nothing moves yet. Rows that are not signed, countersigned where needed, and locked are refused by name; rows of
    another wave stay there. A wave that has not started is planned anew. From one that has started, rows that are not
    signed any more as they were are taken out, so that the rest can move.

    Exit codes: 0 planned; 1 a row may not move; 5 a folder in scope could not be looked into, or files of the source
    are in no row.
    """
    from spmigrate.migrate import planning
    from spmigrate.store import coverage, waves

    with session.ledger.run_lock(f"wave plan {name}"):
        gate = mapping_rules.noticing_gate(session, sheets or None)
        planned = planning.plan(session.ledger, name, sheets or None, tenant=_tenant(session), gate=gate)
    standing = waves.standing(session.ledger, planned)
    uncovered = coverage.in_no_row(session.ledger, coverage.sources_of(session.ledger, planned))
    _show(session, planned, standing, json_=json_, uncovered=uncovered)
    if not json_:
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.worst(*_incomplete(standing), *([ExitCode.INCOMPLETE] if uncovered else []))


@wave.command()
@click.argument("name")
@view.json_option
@view.pass_session
def run(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Move the wave NAME. Interrupted or killed, it goes on when it is run again.

    Nothing is overwritten, and nothing is changed at the source. Exit codes: 0 everything has moved or stays by
    decision; 1 it could not go on; 3 some items failed; 5 a folder in scope could not be looked into; 130 interrupted.
    """
    from spmigrate.store import waves

    session.start_log()
    with session.ledger.run_lock(f"wave run {name}"):
        chosen = waves.get(session.ledger, name)
        try:
            interrupted = _move(session, chosen)
        except KeyboardInterrupt:
            view.note("stopped at once: the files in hand are looked at first when you run this again")
            sys.stderr.flush()
            # Threads in the middle of a request cannot be ended otherwise; the ledger is made for this.
            os._exit(ExitCode.INTERRUPTED)
    standing = waves.standing(session.ledger, chosen)
    _show(session, waves.get(session.ledger, name), standing, json_=json_)
    if interrupted:
        view.note("interrupted: it is safe to run the same command again")
        return ExitCode.INTERRUPTED
    if not json_:
        view.note(f"next: spmigrate wave verify {name}")
    return ExitCode.worst(*_incomplete(standing), *_failed(standing))


@wave.command()
@click.argument("name")
@view.json_option
@view.pass_session
def retry(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Offer files of the wave NAME that failed once more: those whose cause lies outside and may be gone.

    What planning refused is not among them: a name or a path has to change first. Run the wave again afterwards. Exit
    codes: 0 done, even when there was nothing to offer.
    """
    from spmigrate.migrate import consent, planning
    from spmigrate.store import waves

    with session.ledger.run_lock(f"wave retry {name}"):
        chosen = waves.get(session.ledger, name)
        consent.check_tenant(chosen, _tenant(session))
        offered = planning.retry(session.ledger, chosen)
    if json_:
        view.document({"wave": name, "offered_again": _amount(offered)})
        return ExitCode.DONE
    view.line(f"{words.plural(offered.items, 'file')}, {words.size(offered.bytes)}: offered again")
    if offered.items:
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.DONE


@wave.command()
@click.argument("name")
@view.json_option
@view.pass_session
def status(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Show where the wave NAME stands; may be asked while it runs.

    Exit codes: 0 done; 3 items failed; 4 items have still to move; 5 a folder in scope could not be looked into.
    """
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    standing = waves.standing(session.ledger, chosen)
    _show(session, chosen, standing, json_=json_)
    return ExitCode.worst(*_incomplete(standing), *_failed(standing), *_pending(standing))


@wave.command()
@click.argument("name")
@view.json_option
@view.pass_session
def verify(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Compare everything that the wave NAME copied with what the tenant has: content, size and dates.

    Exit codes: 0 all of it is there and equal; 3 some is not, or failed to move; 4 items have still to move; 5 some
    could not be looked at, which is never a pass.
    """
    from spmigrate import config
    from spmigrate.migrate import consent
    from spmigrate.migrate import verify as verification
    from spmigrate.store import waves
    from spmigrate.tenant.session import connect

    session.start_log()
    with session.ledger.run_lock(f"wave verify {name}"):
        chosen = waves.get(session.ledger, name)
        consent.check_tenant(chosen, _tenant(session))
        with connect(config.tenant(session.settings)) as tenant:
            found = verification.verify(session.ledger, chosen, tenant)
    standing = waves.standing(session.ledger, chosen)
    _show(session, waves.get(session.ledger, name), standing, json_=json_)
    codes = [*_incomplete(standing), *_failed(standing), *_pending(standing)]
    if found.keys() & {verification.UNVERIFIABLE, "not yet"}:
        codes.append(ExitCode.INCOMPLETE)
    if verification.FAILED in found:
        codes.append(ExitCode.FINDINGS)
    return ExitCode.worst(*codes)


def _move(session: view.Session, chosen: "Wave") -> bool:
    """Run a wave to its end; True when a signal stopped it before."""
    from spmigrate import config
    from spmigrate.migrate import consent
    from spmigrate.migrate.engine import Run
    from spmigrate.store import waves
    from spmigrate.store.batches import Progress
    from spmigrate.store.batches import progress as read_progress
    from spmigrate.store.chain_watch import ChainWatch
    from spmigrate.tenant.session import connect

    gate = mapping_rules.gatekeeper(session)
    chain = ChainWatch()
    consent.check(session.ledger, chosen, tenant=_tenant(session), gate=gate, chain=chain)
    if not waves.standing(session.ledger, chosen).open.items:
        if chosen.state != "verified":
            waves.set_state(session.ledger, chosen, "moved")
        return False
    workers = session.settings.workers
    total = read_progress(session.ledger, chosen.name).items
    with (
        connect(config.tenant(session.settings), workers=workers) as tenant,
        _stop_on_signals() as stop,
        progress.bar(f"Moving {chosen.name}", total=total, unit="files") as show,
    ):

        def report(now: Progress) -> None:
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


def _tenant(session: view.Session) -> str:
    """The tenant of the settings, as a wave remembers for which one it was planned."""
    section = session.settings.config.tenant
    if section.rehearsal is not None:
        return f"the rehearsal tenant in {section.rehearsal}"
    return f"{section.name} ({section.tenant_id})"


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


def _incomplete(standing: "Standing") -> list[ExitCode]:
    return [ExitCode.INCOMPLETE] if standing.is_incomplete else []


def _failed(standing: "Standing") -> list[ExitCode]:
    return [ExitCode.FINDINGS] if standing.accounting.of(Outcome.FAILED).items else []


def _pending(standing: "Standing") -> list[ExitCode]:
    return [ExitCode.PENDING] if standing.open.items else []


def _show(
    session: view.Session, chosen: "Wave", standing: "Standing", *, json_: bool, uncovered: "Sequence[Uncovered]" = ()
) -> None:
    """The account of a wave, why items did not move, and what verification says."""
    from spmigrate.store import summary, verification, wave_changes

    released = wave_changes.released(session.ledger, chosen)
    causes = summary.causes(session.ledger, chosen.id)
    verified = verification.counts(session.ledger, chosen)
    problems = verification.problems(session.ledger, chosen, _NAMED)
    if json_:
        view.document(
            {
                "wave": chosen.name, "round": chosen.round, "state": chosen.state, "tenant": chosen.tenant,
                **standing.accounting.as_json(),
                "open": _amount(standing.open), "lost": _amount(standing.lost),
                "balances": standing.accounting.balances, "unseen_folders": standing.unseen,
                "may_be_hidden": list(standing.hidden),
                "moved_bytes": standing.moved_bytes,
                "released": [{"row": row_id, "path": path} for row_id, path in released],
                "in_no_row": [
                    {"source": each.source, "path": each.path, **_amount(each.amount)} for each in uncovered
                ],
                "causes": [
                    {"outcome": each.outcome, "code": each.code, "reason": each.reason, "example": each.example,
                     **_amount(each.amount)}
                    for each in causes
                ],
                "verified": verified,
                "problems": [{"verified": each[0], "path": each[1], "note": each[2]} for each in problems],
            }
        )  # fmt: skip
        return
    view.line(f"wave {chosen.name}, round {chosen.round}, to {chosen.tenant}: {chosen.state}")
    _show_account(standing)
    for row_id, path in released:
        view.line(f"  taken out, as it is not signed any more as it was: {row_id} {path}")
    _show_uncovered(uncovered)
    if causes:
        view.line()
        rows = [(each.outcome, each.code, f"{each.amount.items:,}", each.reason, each.example) for each in causes]
        view.table(("outcome", "code", "files", "why", "for example"), rows)
    if verified.keys() - {"not yet"}:
        view.line()
        view.line("verified: " + ", ".join(f"{count:,} {verdict}" for verdict, count in verified.items()))
    for verdict, path, note in problems:
        view.line(f"  {verdict}: {path}: {note}")


def _show_account(standing: "Standing") -> None:
    amounts = [("source", standing.accounting.source)]
    amounts += [(("= " if each is Outcome.COPIED else "+ ") + each, standing.accounting.of(each)) for each in Outcome]
    amounts += [("+ still to move", standing.open)] if standing.open.items else []
    amounts += [("+ LOST", standing.lost)] if standing.lost != Amount() else []
    view.table(("", "files", "bytes"), [(name, f"{each.items:,}", f"{each.bytes:,}") for name, each in amounts])
    if standing.lost != Amount():
        view.line("this does not balance: items have neither an outcome nor a transfer; do not accept this wave")
    if standing.moved_bytes != standing.accounting.of(Outcome.COPIED).bytes:
        view.line(f"copied as they were at the time: {standing.moved_bytes:,} bytes; files were edited after the scan")
    if standing.unseen:
        view.line(f"{words.plural(standing.unseen, 'folder')} in scope could not be looked into: not counted here")
    for text in standing.hidden:
        view.line(f"not counted here either: {text}")


def _show_uncovered(uncovered: "Sequence[Uncovered]") -> None:
    """What of the sources no row answers for: it stays where it is, in no account."""
    if not uncovered:
        return
    view.line("in no row, so in no wave; issue the sheet again, which adds it:")
    for each in uncovered[:_NAMED]:
        files = words.plural(each.amount.items, "file")
        view.line(f"  {each.source}/{each.path}: {files}, {each.amount.bytes:,} bytes")
    if len(uncovered) > _NAMED:
        view.line(f"  and {words.plural(len(uncovered) - _NAMED, 'more folder')}")


def _amount(amount: Amount) -> dict[str, Any]:
    return {"items": amount.items, "bytes": amount.bytes}
