"""What the commands of `mapping` share: the lists that owners choose from, and a sheet's position as JSON."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spmigrate.cli import view

if TYPE_CHECKING:
    from spmigrate.mapping.lists import Choices
    from spmigrate.mapping.position import Position
    from spmigrate.mapping.rulebook import Rulebook


def choices(session: view.Session) -> "Choices":
    """The council's lists, the approved homes, and the partners as their register has them today."""
    from datetime import UTC, datetime

    from spmigrate.federate.standing import standings
    from spmigrate.mapping import lists_file
    from spmigrate.provision import destinations
    from spmigrate.registers.policy import read_policy
    from spmigrate.registers.retention import read_schedule
    from spmigrate.store import sites

    schedule = read_schedule(session.place.governance_rules)
    made = sites.applied(session.ledger)
    homes = [replace(each, provisioned=each.site in made) for each in destinations(session.place.site_templates)]
    return replace(
        lists_file.choices(session.place.mappings, homes, schedule=schedule),
        partners=standings(session.place.governance_rules, datetime.now(UTC).date()),
        growth_percent=read_policy(session.place.governance_rules).sign_off.growth_percent,
        drives=session.settings.config.drives,
        shares=session.settings.config.shares,
    )


def position_as_json(stands: "Position", rules: "Rulebook") -> dict[str, Any]:
    """Where a sheet stands, for `--json`."""
    from spmigrate.mapping import desk
    from spmigrate.mapping.gate import Turn

    open_rows = {"countersign": desk.waiting_for(stands, Turn.GOVERNANCE), "reconfirm": desk.to_confirm(stands)}
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
        "digest": desk.digest(stands, rules),
        **{verb: desk.digest_of(stands, rows, rules) if rows else None for verb, rows in open_rows.items()},
        "turns": {each.row_id: str(each.turn) for each in stands.verdicts},
        "uncovered": list(stands.uncovered),
    }


def sign_command(stands: "Position", digest: str, *, shared: bool) -> str:
    """What is typed once the owner approved the rows of this digest; `shared` workbooks lie in a library."""
    from spmigrate.mapping import signoff

    if shared:
        return f"spmigrate mapping sign {stands.record.id} --from-library"
    return (
        f"spmigrate mapping sign {stands.record.id} --digest {digest[: signoff.FEWEST_DIGITS]}"
        f" --signer '{stands.record.owner}' --approval-record REF"
    )
