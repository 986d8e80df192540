"""What is asked of a wave from outside: failed files are offered again."""

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode


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
        offered = planning.retry(session.ledger, chosen)
    if json_:
        view.document({"wave": name, "offered_again": of_waves.amount(offered)})
        return ExitCode.DONE
    view.line(f"{words.plural(offered.items, 'file')}, {words.size(offered.bytes)}: offered again")
    if offered.items:
        view.note(f"next: spmigrate wave run {name}")
    return ExitCode.DONE
