"""What is asked of a wave from another terminal: to wait, to go on, to end; and failed files are offered again."""

from contextlib import suppress

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode, UsageProblem


@click.command()
@click.argument("name")
@view.json_option
@view.pass_session
def pause(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Let nothing more of the running wave NAME begin, while another terminal runs it; files in hand are finished.

    The run waits until somebody lets it go on. Exit codes: 0 done.
    """
    from spmigrate.store import wave_control, waves

    held = wave_control.pause(session.ledger, waves.get(session.ledger, name))
    return _said(name, "paused", held, f"let it go on with: spmigrate wave continue {name}", json_=json_)


@click.command("continue")
@click.argument("name")
@view.json_option
@view.pass_session
def continue_(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Let the paused wave NAME go on: a run that waits does, otherwise run it again.

    Exit codes: 0 done.
    """
    from spmigrate.store import wave_control, waves

    queued = wave_control.go_on(session.ledger, waves.get(session.ledger, name))
    return _said(name, "running", queued, f"where no run waits: spmigrate wave run {name}", json_=json_)


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@view.json_option
@view.pass_session
def cancel(session: view.Session, name: str, yes: bool, json_: bool) -> ExitCode:
    """End the wave NAME for good, even while another terminal runs it. What has moved stays where it is.

    Everything that never moved gets that as its outcome, so that the account balances; its rows may join another wave.
    Files in hand are finished first. Exit codes: 0 done; 4 a run that was killed had files in hand: ask again in a
    minute.
    """
    from spmigrate.errors import LedgerError
    from spmigrate.migrate import codes
    from spmigrate.store import batches, leases, wave_control, waves

    chosen = waves.get(session.ledger, name)
    view.confirm(f"Cancel wave {name}? That may not be undone.", yes=yes)
    given = {
        "never": (codes.CANCELLED.code, codes.CANCELLED.title),
        "in_hand": (codes.CANCELLED_IN_HAND.code, codes.CANCELLED_IN_HAND.title),
    }
    ended = wave_control.cancel(session.ledger, chosen, **given)
    with suppress(LedgerError), session.ledger.run_lock(f"wave cancel {name}"):
        # Nobody runs it: what a killed run had in hand need not wait until its lease runs out.
        leases.release(session.ledger, chosen)
        ended += wave_control.settle(session.ledger, chosen, **given)
    left = batches.has_open(session.ledger, chosen)
    if json_:
        view.document({"wave": name, "state": "cancelled", "will_not_move": of_waves.amount(ended), "in_hand": left})
    else:
        view.line(f"cancelled: {words.plural(ended.items, 'file')}, {words.size(ended.bytes)} will not move")
        if left:
            view.note(f"files in hand are being finished; see: spmigrate wave status {name}")
    return ExitCode.PENDING if left else ExitCode.DONE


def _said(name: str, state: str, batches: int, hint: str, *, json_: bool) -> ExitCode:
    if json_:
        view.document({"wave": name, "state": state, "batches": batches})
    else:
        view.line(f"{state}: {words.plural(batches, 'batch', 'batches')} not begun")
        view.note(hint)
    return ExitCode.DONE


@click.command()
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
        consent.check_tenant(chosen, of_waves.tenant_name(session))
        if chosen.state in ("accepted", "cancelled", "rolled back"):
            raise UsageProblem(f"wave '{name}' is {chosen.state}, which is final", hint="plan another wave")
        offered = planning.retry(session.ledger, chosen)
    if json_:
        view.document({"wave": name, "offered_again": of_waves.amount(offered)})
        return ExitCode.DONE
    view.line(f"{words.plural(offered.items, 'file')}, {words.size(offered.bytes)}: offered again")
    if offered.items:
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.DONE
