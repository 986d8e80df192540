"""`people`: bring starters, leavers and training records into the register, and say who lacks what."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import checking, view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.registers.intake import Intake
    from spmigrate.registers.standing import Duty, Need, Orphan

_MOST = 20
"""How many lines of one kind are shown; the document of `--json` has all."""


@click.group(cls=view.InOrder)
def people() -> None:
    """The register of people: who starts, who leaves, and what everybody has learnt."""


@people.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="OURS=THEIRS",
    help="A heading of the list that is not known here, as completed='Finished on'. OURS is one of: "
    "account, id, role, unit, starts, leaves, module, completed. Repeat it for others.",
)
@click.option("--apply", "apply_", is_flag=True, help="Write the changes to people.yaml, comments kept.")
@view.json_option
@view.pass_session
def import_(session: view.Session, file: Path, columns: tuple[str, ...], apply_: bool, json_: bool) -> ExitCode:
    """Compare FILE, a .csv or .xlsx of people or training records, with people.yaml.

    A row is about whoever has its account, id or role. Days are written the British way: 15/09/2026. Nothing is
    written without --apply. Nobody is deleted: who leaves is given a last day. Columns of names are not read.

    Exit codes: 0 nothing to do, or applied, 3 some rows could not be understood, 4 there are changes to apply.
    """
    from spmigrate.registers import intake, training
    from spmigrate.registers import people as register

    rows, unread, problems = intake.read(file, _columns(columns))
    folder = session.place.governance_rules
    with session.ledger.run_lock("people import"):
        pathway = training.read_training(folder)
        organisation = checking.organisation(session)
        units = {unit.code for unit in organisation.units} if organisation else None
        known = register.read_people(folder)
        today = datetime.now(UTC).date()
        found = intake.compare(rows, known, pathway, units=units, today=today)
        found.problems[:0] = problems
        found.unread = unread
        if apply_ and found.changes:
            intake.write(folder, found)
    _show_intake(found, applied=apply_, json_=json_)
    pending = ExitCode.PENDING if found.changes and not apply_ else ExitCode.DONE
    return ExitCode.worst(ExitCode.FINDINGS if found.problems else ExitCode.DONE, pending)


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    from spmigrate.registers.intake import COLUMNS

    found = {}
    for text in given:
        ours, _, theirs = text.partition("=")
        if ours.strip() not in COLUMNS or not theirs.strip():
            raise UsageProblem(f"--column {text}: not OURS=THEIRS", hint=f"OURS is one of: {', '.join(COLUMNS)}")
        found[ours.strip()] = theirs
    return found


def _show_intake(found: "Intake", *, applied: bool, json_: bool) -> None:
    if json_:
        view.document(
            {
                "rows": found.rows, "same": found.same, "applied": applied and bool(found.changes),
                "changes": [{"person": each.person, "text": each.text} for each in found.changes],
                "problems": [{"where": each.where, "text": each.text, "hint": each.hint} for each in found.problems],
                "unread_columns": list(found.unread),
            }
        )  # fmt: skip
        return
    for each in found.changes[:_MOST]:
        view.line(f"  {each.person}: {each.text}")
    _more(len(found.changes))
    if found.problems:
        view.line(f"Not understood ({len(found.problems)}):")
        for problem in found.problems[:_MOST]:
            view.line(f"  {problem}")
        _more(len(found.problems))
    told = [words.plural(len(found.changes), "change"), f"{found.same} known already"]
    view.line(f"{words.plural(found.rows, 'row')}: {', '.join(told)}, {len(found.problems)} not understood.")
    if found.unread:
        view.note(f"not read: {', '.join(found.unread)}")
    if found.changes:
        view.note("written to people.yaml; next: spmigrate people status" if applied else "to write them: add --apply")


@people.command()
@click.option("--within", default=60, show_default=True, metavar="DAYS", help="Show what runs out within so many days.")
@view.json_option
@view.pass_session
def status(session: view.Session, within: int, json_: bool) -> ExitCode:
    """Say who lacks which module by when, and what belongs to people who have left.

    Looked at are owners and deputies of mapping sheets, owners of sites, champions, approvers and starters.

    Exit codes: 0 nobody lacks anything today, 3 somebody does, or something belongs to nobody in post.
    """
    from spmigrate.registers import standing

    registers = checking.read_registers(session)
    today = datetime.now(UTC).date()
    duties = list(_duties(session, registers))
    lacking = standing.needs(registers.people, registers.training, duties, today, soon=within)
    left = standing.orphans(registers.people, duties, today)
    _show_status(lacking, left, json_=json_)
    late = any(need.late for need in lacking) or any(orphan.late for orphan in left)
    return ExitCode.FINDINGS if late else ExitCode.DONE


def _duties(session: view.Session, registers: "checking.Registers") -> "list[Duty]":
    """Everything that somebody answers for, in the ledger and in the registers."""
    from spmigrate.registers.standing import Duty, duties_of_rights, sheet_duty
    from spmigrate.registers.training import Gate

    found = list(duties_of_rights(registers.people, registers.training))
    if session.has_ledger:
        from spmigrate.store import mappings

        for sheet in mappings.sheets(session.ledger):
            found.append(sheet_duty(sheet.owner, f"owns sheet {sheet.id}", registers.policy.sign_off))
            if sheet.deputy:
                found.append(sheet_duty(sheet.deputy, f"deputises for sheet {sheet.id}", registers.policy.sign_off))
    for site in registers.sites.by_address().values():
        found += [Duty(owner, f"owns {site.address}") for owner in site.owners]
    organisation = checking.organisation(session)
    taken = tuple(module for gate in (Gate.SITE_REQUEST, Gate.PROVISION) for module in registers.training.opening(gate))
    for champion in organisation.champions if organisation else ():
        found.append(Duty(champion.role, f"champion of {champion.branch}", taken))
    return found


def _show_status(lacking: "list[Need]", left: "list[Orphan]", *, json_: bool) -> None:
    if json_:
        view.document(
            {
                "lacking": [
                    {"person": each.person, "module": each.lack.module, "title": each.lack.title, "why": each.why,
                     "reason": each.lack.reason, "by": each.by.isoformat(), "late": each.late,
                     "booking": each.lack.booking}
                    for each in lacking
                ],
                "without_owner": [
                    {"person": each.person, "what": each.what, "why": each.why, "late": each.late} for each in left
                ],
            }
        )  # fmt: skip
        return
    if lacking:
        rows = [
            (each.person, f"{each.lack.module} {each.lack.title}", each.lack.reason, each.why, _by(each))
            for each in lacking
        ]
        view.table(["Who", "Module", "Why not", "Needed for", "By"], rows)
        view.line(f"Book at {', '.join(sorted({each.lack.booking for each in lacking}))}")
    for orphan in left:
        view.line(f"{orphan.person} {orphan.why}: {orphan.what}")
    late = len({each.person for each in lacking if each.late})
    told = f"{words.plural(late, 'person', 'people')} to train now, {len(lacking)} modules in all"
    view.line(f"{told}; {words.plural(len(left), 'thing')} of people who left or leave.")


def _by(need: "Need") -> str:
    return "now" if need.late else words.day(need.by)


def _more(count: int) -> None:
    if count > _MOST:
        view.line(f"  and {count - _MOST} more: see them all with --json")
