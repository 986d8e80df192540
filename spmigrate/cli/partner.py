"""`partner`: list the register of partners, and check the tenant against it."""

import click

from spmigrate.cli import view
from spmigrate.cli.rule import fail_on_option
from spmigrate.errors import ExitCode
from spmigrate.model import Severity


@click.group(cls=view.InOrder)
def partner() -> None:
    """Check guests and partners against the register."""


@partner.command("list")
@view.json_option
@view.pass_session
def list_(session: view.Session, json_: bool) -> None:
    """List the register of partners and what each is permitted. No tenant is needed."""
    from spmigrate.federate import partners
    from spmigrate.registers.people import Right, read_people

    folder = session.place.governance_rules
    people = read_people(folder)
    approvers = people.who_may(Right.APPROVE_ASSESSMENTS)
    register = partners.read(folder, people=people.ids(), approvers=approvers)
    if json_:
        view.document({"partners": [each.model_dump(mode="json") for each in register.partners]})
        return
    view.table(
        ["Partner", "Name", "State", "Category", "Permitted", "Agreement until"],
        [
            (
                each.id, each.name, each.state, each.category,
                ", ".join(name for name, permit in each.permits if permit.open) or "nothing",
                each.agreement.expires if each.agreement and each.agreement.expires else "none",
            )
            for each in register.partners
        ],
    )  # fmt: skip


@partner.command()
@fail_on_option
@view.json_option
@view.pass_session
def check(session: view.Session, fail_on: str, json_: bool) -> ExitCode:
    """Check cross-tenant settings and guests of partners against the federation rules.

    Exit codes: 0 clean, 3 findings that are not waived, 5 something could not be checked.
    """
    from spmigrate.cli import checking
    from spmigrate.govern.rules import Area

    checked = checking.run(session, "partner", lambda each: each.area is Area.FEDERATION)
    checking.show(checked, json_=json_)
    return checking.exit_code(checked, Severity(fail_on))
