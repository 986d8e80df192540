"""Who is to see what moves, for the command line: the decisions, the table of users, and the groups of functions."""

from typing import TYPE_CHECKING

from spmigrate.cli import mapping_rules, view

if TYPE_CHECKING:
    from threading import Event

    from spmigrate.migrate.access.wanted import Rules
    from spmigrate.registers.user_map import UserMap
    from spmigrate.store.waves import Wave
    from spmigrate.tenant.session import Tenant

_NAMED = 20
_FUNCTION = "Function"


def rules(session: view.Session) -> "Rules":
    """What deciding about permissions rests on. Raises InputError with the problems of a file that cannot be used."""
    from spmigrate.migrate.access.wanted import Rules
    from spmigrate.registers.access import read_access

    return Rules(
        decisions=read_access(session.place.governance_rules), users=user_map(session), functions=_functions(session)
    )


def user_map(session: view.Session) -> "UserMap":
    """The table of accounts that spmigrate.yaml names, empty without one."""
    from spmigrate.registers.user_map import UserMap, read_user_map

    named = session.settings.config.migrate.users
    return read_user_map(session.place.folder / named) if named else UserMap()


def prepare(session: view.Session, chosen: "Wave", tenant: "Tenant", stop: "Event") -> None:
    """Make the folders of the rows that are about to move, for those who may see them; says which were refused."""
    from spmigrate.migrate.access import authors, preparing
    from spmigrate.store import stamps

    settings = session.settings.config.migrate
    if settings.author == "source":
        authors.find(session.ledger, chosen, tenant, users=user_map(session), fall_back=settings.author_unknown)
        for account, _ in stamps.unknown_authors(session.ledger, chosen)[:_NAMED]:
            view.note(f"nobody knows who {account} is in the tenant: name them in the table of users")
    for home in preparing.prepare(session.ledger, chosen, tenant, ended=stop.is_set):
        view.note(f"row {home.row_id} does not move: {home.note}")


def _functions(session: view.Session) -> dict[str, str]:
    """By the address of each approved site, the group of the function that it belongs to."""
    from spmigrate.provision import units

    homes = mapping_rules.homes(session)
    if not homes:
        return {}
    known = {unit.code: unit for unit in units(session.place.site_templates)}
    found: dict[str, str] = {}
    for home in homes:
        unit = known.get(home.unit)
        chain = [unit, *(known.get(code) for code in reversed(unit.above))] if unit else []
        function = next((each for each in chain if each is not None and each.kind == _FUNCTION), None)
        if function is not None and function.group:
            found[home.site.casefold()] = function.group
    return found
