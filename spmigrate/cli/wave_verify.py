"""`spmigrate wave verify`: what the tenant has, beside everything that a wave copied."""

import click

from spmigrate.cli import tenants, view, wave_status
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode


@click.command()
@click.argument("name")
@view.json_option
@view.pass_session
def verify(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Compare everything that the wave NAME copied with what the tenant has: content, size and dates; and look at
    who sees the folder of each row, at its label, and at files that no wave put there.

    Exit codes: 0 all of it is there and equal; 3 some is not, or failed to move; 4 items have still to move; 5 some
    could not be looked at, which is never a pass.
    """
    from spmigrate.migrate import consent
    from spmigrate.migrate import verify as verification
    from spmigrate.store import row_homes, waves
    from spmigrate.store import verification as kept

    session.start_log()
    with session.ledger.run_lock(f"wave verify {name}"):
        chosen = waves.get(session.ledger, name)
        consent.check_tenant(chosen, of_waves.tenant_name(session))
        with tenants.connect(session) as tenant:
            found = verification.verify(session.ledger, chosen, tenant)
    standing = waves.standing(session.ledger, chosen)
    wave_status.show(session, waves.get(session.ledger, name), standing, json_=json_)
    codes = [*of_waves.incomplete(standing), *of_waves.failed(standing), *of_waves.pending(standing)]
    seen = row_homes.counts(session.ledger, chosen)
    if found.keys() & {verification.UNVERIFIABLE, "not yet"} or row_homes.UNSEEN in seen:
        codes.append(ExitCode.INCOMPLETE)
    wrong = seen.keys() - {row_homes.AS_SIGNED, row_homes.UNSEEN}
    if verification.FAILED in found or wrong or kept.unexplained(session.ledger, chosen, 0)[0]:
        codes.append(ExitCode.FINDINGS)
    return ExitCode.worst(*codes)
