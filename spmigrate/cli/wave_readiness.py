"""Whether the owners of a wave's sheets are ready: signed, countersigned, locked, trained; as the gate sees it."""

from typing import TYPE_CHECKING

from spmigrate.cli import mapping_rules, view

if TYPE_CHECKING:
    from spmigrate.mapping.gate import Verdict
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.migrate.outlook import SheetReadiness
    from spmigrate.store.waves import Wave


def sheets(session: view.Session, wave: "Wave", rules: "Rulebook") -> "tuple[SheetReadiness, ...]":
    """Where the owner of each sheet of a wave is."""
    from spmigrate.store import mappings, wave_changes

    ids = wave_changes.sheets_of(session.ledger, wave)
    verdicts = mapping_rules.gatekeeper(session).ask(ids) if ids else []
    owners = {each.id: each.owner for each in mappings.sheets(session.ledger)}
    return tuple(_sheet(id_, owners[id_], [each for each in verdicts if each.sheet_id == id_], rules) for id_ in ids)


def go_live(rules: "Rulebook") -> tuple[str, ...]:
    """The modules without which no wave goes live, and that nobody in post has."""
    from spmigrate.mapping.gatekeeper import today
    from spmigrate.registers.training import Gate

    on = today()
    here = [each for each in rules.people.people if each.in_post(on)]
    modules = rules.training.opening(Gate.WAVE_GO_LIVE)
    return tuple(
        f"nobody has {lack.module} {lack.title}; book it at {lack.booking}"
        for module in modules
        for lack in rules.training.lacking(None, [module], on)
        if all(rules.training.lacking(each, [module], on) for each in here)
    )


def _sheet(id_: str, owner: str, verdicts: "list[Verdict]", rules: "Rulebook") -> "SheetReadiness":
    from spmigrate.mapping.gate import Turn
    from spmigrate.mapping.gatekeeper import today
    from spmigrate.migrate.outlook import SheetReadiness

    asks_owner = (Turn.OWNER, Turn.RECONFIRM)
    needing = [each for each in verdicts if each.needs_countersignature]
    holder = rules.owner(owner, today())
    lacks = rules.training.lacking(holder, rules.policy.owner_modules, today())
    notes = dict.fromkeys(text for each in verdicts for text in (each.reason, each.due, each.note) if text)
    return SheetReadiness(
        sheet=id_, owner=owner, rows=len(verdicts),
        signed=sum(each.turn not in asks_owner for each in verdicts),
        to_countersign=len(needing),
        countersigned=sum(each.turn not in (*asks_owner, Turn.GOVERNANCE) for each in needing),
        locked=sum(each.may_move for each in verdicts),
        lacks=tuple(f"{each.module} {each.title} ({each.reason}; book it at {each.booking})" for each in lacks),
        notes=tuple(notes),
    )  # fmt: skip
