"""`mapping issue`: write the workbook of an owner."""

import difflib
from datetime import datetime
from pathlib import Path

import click

from spmigrate.cli import mapping_choices, view
from spmigrate.errors import InputError, UsageProblem


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--owner", metavar="ROLE", required=True, help="The role that owns these folders and signs for them.")
@click.option("--deputy", metavar="ROLE", help="A role that may sign in the owner's place, with --deputy-until.")
@click.option("--deputy-until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of that, such as 2026-12-31.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it, instead of the mappings folder.")
@view.json_option
@view.pass_session
def issue(
    session: view.Session,
    source: str,
    owner: str,
    deputy: str | None,
    deputy_until: datetime | None,
    out: Path | None,
    json_: bool,
) -> None:
    """Write the workbook for the owner of SOURCE, a scanned source by name or by folder.

    Issued again after a new scan, it shows the new facts; answers are kept, and sign-offs of rows that did not change.
    """
    from spmigrate.mapping import issuing

    if bool(deputy) != bool(deputy_until):
        raise UsageProblem(
            "--deputy and --deputy-until belong together", hint="give both: --deputy ROLE --deputy-until 2026-12-31"
        )
    if out and out.suffix.lower() != ".xlsx":
        raise UsageProblem(f"--out {out} is no name for a workbook", hint=f"--out {out.with_suffix('.xlsx')}")
    _note_unknown_roles(session, owner, deputy)
    delegation = issuing.Delegation(deputy, f"{deputy_until:%Y-%m-%d}") if deputy and deputy_until else None
    with session.ledger.run_lock("mapping issue"):
        record = issuing.issue(
            session.ledger,
            source,
            owner=owner,
            choices=mapping_choices.choices(session),
            folder=session.place.mappings,
            file=out,
            delegation=delegation,
        )
    if json_:
        view.document(
            {"sheet": record.id, "version": record.version, "file": record.file, "owner": record.owner,
             "state": record.state}
        )  # fmt: skip
        return
    view.line(f"{record.id} version {record.version} for {record.owner}: {record.file}")
    view.note(f"next: send it to {record.owner}; when it is back: spmigrate mapping collect {record.file}")


def _note_unknown_roles(session: view.Session, *roles: str | None) -> None:
    """Say which of these roles the register of people does not know: perhaps it lags, perhaps somebody mistyped."""
    from spmigrate.registers.people import read_people

    try:
        register = read_people(session.place.governance_rules)
    except InputError:
        return  # no register, or one that `rule check` will speak of
    for role in filter(None, roles):
        if register.person(role) is None:
            near = difflib.get_close_matches(role, register.ids(), n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            view.note(f"note: '{role}' is not in governance_rules/people.yaml{hint}")
