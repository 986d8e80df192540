"""`mapping issue`: write the workbooks of owners."""

import difflib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, mapping_draft, mapping_exchange, mapping_library, view
from spmigrate.errors import ExitCode, InputError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.draft import Draft
    from spmigrate.mapping.issuing import Delegation, Issued
    from spmigrate.mapping.lists import Choices
    from spmigrate.store.mappings import SheetRecord


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--owner", metavar="ROLE", help="Only the sheets of this owner; without a draft, the owner of all of it.")
@click.option("--sheet", "sheet_name", metavar="NAME", help="Only this sheet of the draft.")
@click.option(
    "--format",
    "form",
    type=click.Choice(mapping_exchange.FORMATS),
    help="Write the signed rows for SPMT or Migration Manager, and no workbook.",
)
@click.option("--unsigned", is_flag=True, help="With --format: rows that nobody has signed, too; for planning only.")
@click.option(
    "--library",
    metavar="URL",
    help="Put each workbook there, for its owner to work on: agreeing there signs (level 1).",
)
@click.option("--practice", is_flag=True, help="Write a practice workbook for each owner: nothing in it counts.")
@click.option("--deputy", metavar="ROLE", help="A role that may sign in the owner's place, with --deputy-until.")
@click.option("--deputy-until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of that, such as 2026-12-31.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it, instead of the mappings folder.")
@view.json_option
@view.pass_session
def issue(
    session: view.Session,
    source: str,
    owner: str | None,
    sheet_name: str | None,
    form: str | None,
    unsigned: bool,
    library: str | None,
    practice: bool,
    deputy: str | None,
    deputy_until: datetime | None,
    out: Path | None,
    json_: bool,
) -> ExitCode:
    """Write the workbooks for the owners of SOURCE, a scanned source by name or by folder.

    With a draft (spmigrate mapping draft SOURCE), a workbook for each of its sheets, but for those that are out and
    would be the same again; without one, a single workbook
    for --owner with a row for each top folder. Issued again after a new scan, it shows the new facts; answers are
    kept, and sign-offs of rows that did not change.

    Exit codes: 0 done; 3 with --format, some rows that move are not in the list, each with the reason.
    """
    delegation = _delegation(deputy, deputy_until)
    if unsigned and not form:
        raise UsageProblem("--unsigned goes with --format", hint="workbooks are for rows that are not signed yet")
    if form:
        choices = mapping_choices.choices(session)
        return mapping_exchange.export(session, source, choices, form=form, unsigned=unsigned, out=out, json_=json_)
    if out and out.suffix.lower() != ".xlsx":
        raise UsageProblem(f"--out {out} is no name for a workbook", hint=f"--out {out.with_suffix('.xlsx')}")
    choices = mapping_choices.choices(session)
    found = _draft(session, source, choices)
    _note_unknown_roles(session, owner, deputy)
    share = None if library is None or practice else mapping_library.Sharing.open(session, library)
    with session.ledger.run_lock("mapping issue"):
        if practice:
            _practise(session, source, found, choices, owner=owner, sheet_name=sheet_name, json_=json_)
            return ExitCode.DONE
        if found is None:
            issued = _whole(session, source, choices, owner=owner, delegation=delegation, out=out)
        else:
            issued = _drafted(
                session, found, choices, owner=owner, sheet_name=sheet_name, delegation=delegation, out=out
            )
        urls = share.put([*issued.sheets, *_not_shared(session, issued.kept)]) if share else {}
    unowned = [each.sheet for each in found.sheets if not each.owner] if found else []
    _show(issued, unowned, urls, json_=json_)
    return ExitCode.DONE


def _draft(session: view.Session, source: str, choices: "Choices") -> "Draft | None":
    """The draft of a source once it was checked, None when there is none. Raises InputError with every problem."""
    from spmigrate.mapping import drafting
    from spmigrate.mapping.draft import file_of
    from spmigrate.store import inventory

    name = inventory.source(session.ledger, source).name
    file = file_of(session.place.mappings, name)
    if not file.exists():
        return None
    found, checked = drafting.check(
        session.ledger, name, choices=choices, roles=mapping_draft.roles(session), folder=session.place.mappings
    )
    mapping_draft.refuse(found, checked, str(file))
    for each in checked.notes:
        view.note(f"note: {each}")
    return found


def _whole(
    session: view.Session,
    source: str,
    choices: "Choices",
    *,
    owner: str | None,
    delegation: "Delegation | None",
    out: Path | None,
) -> "Issued":
    from spmigrate.mapping import issuing

    if owner is None:
        hint = f"spmigrate mapping draft {words.typed(source)}, or name one owner for all of it: --owner ROLE"
        raise UsageProblem(f"{source} has no draft that says whose its folders are", hint=hint)
    record = issuing.issue(
        session.ledger, source, owner=owner, choices=choices, folder=session.place.mappings, file=out,
        delegation=delegation,
    )  # fmt: skip
    return issuing.Issued([record], [])


def _drafted(
    session: view.Session,
    found: "Draft",
    choices: "Choices",
    *,
    owner: str | None,
    sheet_name: str | None,
    delegation: "Delegation | None",
    out: Path | None,
) -> "Issued":
    from spmigrate.mapping import issuing

    only = issuing.chosen(found, owner=owner, sheet_name=sheet_name)
    owners = {each.owner for each in only or found.sheets if each.owner}
    if delegation and len(owners) > 1:
        raise UsageProblem("a deputy stands in for one owner", hint="add --owner ROLE")
    return issuing.issue_draft(
        session.ledger, found, choices=choices, folder=session.place.mappings, only=only, file=out,
        delegation=delegation,
    )  # fmt: skip


def _not_shared(session: view.Session, kept: "list[SheetRecord]") -> "list[SheetRecord]":
    """The sheets whose present workbook lies in no library."""
    from spmigrate.store import sheet_documents

    return [each for each in kept if sheet_documents.of_sheet(session.ledger, each.id) is None]


def _practise(
    session: view.Session,
    source: str,
    found: "Draft | None",
    choices: "Choices",
    *,
    owner: str | None,
    sheet_name: str | None,
    json_: bool,
) -> None:
    from spmigrate.mapping import practice

    files = practice.write(
        session.ledger,
        source,
        found,
        owner=owner,
        sheet_name=sheet_name,
        choices=choices,
        folder=session.place.mappings,
    )
    shown = [(role, mapping_draft.shown(session, file)) for role, file in files]
    if json_:
        view.document({"practice": [{"owner": role, "file": file} for role, file in shown]})
        return
    for role, file in shown:
        view.line(f"practice for {role}: {file}")
    view.note("nothing in a practice workbook counts: collect refuses it")


def _delegation(deputy: str | None, until: datetime | None) -> "Delegation | None":
    if bool(deputy) != bool(until):
        raise UsageProblem(
            "--deputy and --deputy-until belong together", hint="give both: --deputy ROLE --deputy-until 2026-12-31"
        )
    if not deputy or not until:
        return None
    from spmigrate.mapping.issuing import Delegation

    return Delegation(deputy, f"{until:%Y-%m-%d}")


def _show(issued: "Issued", unowned: list[str], urls: dict[str, str], *, json_: bool) -> None:
    records = issued.sheets
    if json_:
        found = [_as_json(each) | ({"url": urls[each.id]} if each.id in urls else {}) for each in records]
        # One sheet stands at the top, too: scripts that issue one need not look into a list.
        view.document({**(found[0] if len(found) == 1 else {}), "sheets": found, "unowned": unowned,
                       "kept": [_as_json(each) for each in issued.kept]})  # fmt: skip
        return
    for each in records:
        view.line(f"{each.id} version {each.version} for {each.owner}: {urls.get(each.id, each.file)}")
    for each in issued.kept:
        view.line(
            f"{each.id} version {each.version} for {each.owner} is out, and nothing in it has changed: {each.file}"
        )
    for name in unowned:
        view.line(f"not issued: '{name}', because nobody owns its rows")
    for each in records:
        what, back = ("the address", each.id) if each.id in urls else ("it", each.file)
        view.note(f"next: send {what} to {each.owner}; when it is answered: spmigrate mapping collect {back}")


def _as_json(each: "SheetRecord") -> dict[str, Any]:
    return {
        "sheet": each.id, "part": each.part, "version": each.version, "file": each.file, "owner": each.owner,
        "state": each.state,
    }  # fmt: skip


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
