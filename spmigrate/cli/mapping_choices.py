"""What the commands of `mapping` share: the lists that owners choose from, and a sheet's position as JSON."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spmigrate.cli import view

if TYPE_CHECKING:
    from spmigrate.mapping.lists import Choices
    from spmigrate.mapping.position import Position


def choices(session: view.Session) -> "Choices":
    """The council's lists, the approved homes, and the partners as their register has them today."""
    from datetime import UTC, datetime

    from spmigrate.federate.standing import standings
    from spmigrate.mapping import lists_file
    from spmigrate.provision import destinations
    from spmigrate.registers.retention import read_schedule
    from spmigrate.store import sites

    schedule = read_schedule(session.place.governance_rules)
    made = sites.applied(session.ledger)
    homes = [replace(each, provisioned=each.site in made) for each in destinations(session.place.site_templates)]
    return replace(
        lists_file.choices(session.place.mappings, homes, schedule=schedule),
        partners=standings(session.place.governance_rules, datetime.now(UTC).date()),
    )


def position_as_json(stands: "Position") -> dict[str, Any]:
    """Where a sheet stands, for `--json`."""
    from spmigrate.mapping import desk

    return {
        "sheet": stands.record.id,
        "version": stands.record.version,
        "source": stands.source.name,
        "owner": stands.record.owner,
        "file": stands.record.file,
        "state": stands.state,
        "rows": len(stands.rows),
        "signed": stands.signed,
        "blocked": sorted(stands.blocked),
        "unsigned": dict(stands.unsigned),
        "voided": sorted(stands.voided),
        "digest": desk.digest(stands),
        "uncovered": list(stands.uncovered),
    }
