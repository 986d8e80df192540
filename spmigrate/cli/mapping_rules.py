"""The rules of sign-off for the command line: registers read from the working folder, and the gate made of them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spmigrate.cli import view

if TYPE_CHECKING:
    from spmigrate.federate.partners import PartnerRegister
    from spmigrate.mapping.gatekeeper import Gatekeeper
    from spmigrate.mapping.rulebook import PartnerEntry, Rulebook
    from spmigrate.model import Destination


def rulebook(session: view.Session) -> "Rulebook":
    """The registers as they stand now. Raises InputError with every problem of the first that cannot be read."""
    from spmigrate.federate import partners
    from spmigrate.mapping.gatekeeper import today
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.provision import template_versions, units
    from spmigrate.registers.calendar import read_calendar
    from spmigrate.registers.people import read_people
    from spmigrate.registers.policy import read_policy
    from spmigrate.registers.retention import read_schedule
    from spmigrate.registers.training import read_training

    folder, templates = session.place.governance_rules, session.place.site_templates
    people, training = read_people(folder), read_training(folder)
    register = partners.read(folder, people=None)
    declared = templates.is_dir()
    return Rulebook(
        policy=read_policy(folder, people=people, training=training).sign_off,
        people=people,
        training=training,
        schedule=read_schedule(folder),
        calendar=read_calendar(folder),
        partners=tuple(_entries(register, today())),
        units={unit.code: unit.above for unit in units(templates)} if declared else {},
        templates=template_versions(templates) if declared else "",
        partners_version=_digest(register.model_dump_json())[:12],
    )


def homes(session: view.Session) -> "Sequence[Destination] | None":
    """The libraries that the site files approve; None in a working folder that has no site files."""
    from spmigrate.provision import destinations

    folder = session.place.site_templates
    return destinations(folder) if folder.is_dir() else None


def gatekeeper(session: view.Session) -> "Gatekeeper":
    """The gate before the mover: it looks at the registers again whenever one of their files has changed."""
    from spmigrate.mapping.gatekeeper import Gatekeeper

    return Gatekeeper(session.ledger, _fresh(session), homes=homes(session))


def noticing_gate(session: view.Session, sheet_ids: "Sequence[str] | None" = None) -> "Gatekeeper":
    """The gate, after it was noted whose owners left or whose units moved: from then the time to confirm runs."""
    from spmigrate.mapping import noticing

    keeper = gatekeeper(session)
    noticing.notice(session.ledger, keeper, sheet_ids)
    return keeper


def _fresh(session: view.Session) -> "Callable[[], Rulebook]":
    """The rulebook, read again when a file that it comes from has changed, and on another day: agreements end."""
    from spmigrate.mapping.gatekeeper import today

    known: list[tuple[object, Rulebook]] = []

    def read() -> "Rulebook":
        stamp = (today(), *_stamps(session.place.governance_rules, session.place.site_templates))
        if not known or known[0][0] != stamp:
            known[:] = [(stamp, rulebook(session))]
        return known[0][1]

    return read


def _stamps(*folders: Path) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            found = file.stat()
            yield str(file), found.st_mtime_ns, found.st_size


def _entries(register: "PartnerRegister", on: date) -> "Iterator[PartnerEntry]":
    from spmigrate.federate.standing import standing
    from spmigrate.mapping.rulebook import PartnerEntry

    for each in register.partners:
        found = standing(each, on)
        content = each.model_dump(mode="json", by_alias=True)
        yield PartnerEntry(each.id, each.name, content, "" if found.usable else found.reason)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
