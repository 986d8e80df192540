"""`mapping draft`: propose rows for a source, or check what somebody made of them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, view
from spmigrate.errors import ExitCode, InputError, Problem

if TYPE_CHECKING:
    from spmigrate.mapping.draft import Draft
    from spmigrate.mapping.draft_check import Checked
    from spmigrate.mapping.drafting import Drafted
    from spmigrate.mapping.ownership import Organisation

_FOR_OWNERS = "O01"
"""The module of the training pathway for data owners: of two roles in one unit, who has it is the likelier owner."""


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--check", is_flag=True, help="Write nothing: say what is wrong with the draft as it is now.")
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path),
    help="The file of the draft, instead of mappings/drafts/SOURCE.yaml.",
)
@view.json_option
@view.pass_session
def draft(session: view.Session, source: str, check: bool, file: Path | None, json_: bool) -> ExitCode:
    """Propose rows for SOURCE, a scanned source by name or by folder: whose each folder is, its new home, and why.

    Writes a YAML file to look at and to edit: owners, rows to split or to put together, every proposal. Drafting again,
    over a new scan for example, keeps what was edited. Then: spmigrate mapping issue SOURCE.

    Exit codes: 0 every folder is in one row and has an owner; 3 some have none, or --check found something; 1 the file
    cannot be read.
    """
    from spmigrate.mapping import drafting

    choices = mapping_choices.choices(session)
    if check:
        found = drafting.check(
            session.ledger, source, choices=choices, roles=roles(session),
            folder=session.place.mappings, file=file,
        )  # fmt: skip
        return _show_check(*found, json_=json_)
    known = organisation(session)
    with session.ledger.run_lock("mapping draft"):
        made = drafting.draft(
            session.ledger, source, organisation=known, choices=choices, folder=session.place.mappings, file=file
        )
    return _show(made, shown(session, made.file), json_=json_)


def roles(session: view.Session) -> frozenset[str]:
    """The ids of the register of people; none when there is no register, or one that `rule check` will speak of."""
    from spmigrate.registers.people import read_people

    try:
        return read_people(session.place.governance_rules).ids()
    except InputError:
        return frozenset()


def organisation(session: view.Session) -> "Organisation":
    """The units, their libraries, and who of the register of people may own their folders today."""
    from spmigrate.mapping.ownership import Organisation
    from spmigrate.provision import destinations, units
    from spmigrate.registers.people import read_people

    found: dict[str, list[tuple[bool, str]]] = {}
    today = datetime.now(UTC).date()
    try:
        people = read_people(session.place.governance_rules).people
    except InputError as error:
        view.note(f"note: {error.message}; owners are guessed from the sites alone")
        people = []
    for person in people:
        if person.unit and person.in_post(today):
            trained = any(each.module == _FOR_OWNERS for each in person.training)
            found.setdefault(person.unit, []).append((not trained, person.id))
    owners = {unit: tuple(role for _, role in sorted(each, key=lambda pair: pair[0])) for unit, each in found.items()}
    folder = session.place.site_templates
    return Organisation(tuple(units(folder)), tuple(destinations(folder)), owners)


def _show(made: "Drafted", file: str, *, json_: bool) -> ExitCode:
    unowned = [row for sheet, row in made.draft.rows() if not sheet.owner]
    if json_:
        view.document(_as_json(made, file))
    else:
        view.table(
            ["Sheet", "Owner", "Rows"],
            [[each.sheet, each.owner or "nobody", len(each.rows)] for each in made.draft.sheets],
        )
        rows = sum(len(each.rows) for each in made.draft.sheets)
        view.line(f"{words.plural(made.folders, 'folder')} in {words.plural(rows, 'row')}: {file}")
        if made.edits.count:
            view.line(f"kept: {words.plural(made.edits.count, 'change')} of yours")
        for each in made.gone:
            view.line(f"gone since: {each}")
        if unowned:
            view.line(
                f"nobody owns {words.plural(len(unowned), 'row')}: write the owner's role, or they are not issued"
            )
        source = words.typed(made.draft.source)
        view.note(f"next: look at it, change what you know better, then: spmigrate mapping issue {source}")
    return ExitCode.FINDINGS if unowned else ExitCode.DONE


def _show_check(found: "Draft", checked: "Checked", *, json_: bool) -> ExitCode:
    if json_:
        view.document(
            {"source": found.source, "scan": found.scan, "problems": [_problem(each) for each in checked.problems],
             "notes": [_problem(each) for each in checked.notes]}
        )  # fmt: skip
    else:
        for each in checked.problems:
            view.line(str(each))
        for each in checked.notes:
            view.line(f"note: {each}")
        rows = sum(len(each.rows) for each in found.sheets)
        verdict = "can be issued" if not checked.problems else "cannot be issued yet"
        view.line(f"{words.plural(rows, 'row')} in {words.plural(len(found.sheets), 'sheet')}: {verdict}")
    return ExitCode.FINDINGS if checked.problems or checked.notes else ExitCode.DONE


def refuse(found: "Draft", checked: "Checked", name: str) -> None:
    """Raises InputError when a draft cannot be issued as it is, with every problem."""
    waiting = [
        Problem(name, f"'{row.folder}' is still to be split", f"spmigrate mapping draft {words.typed(found.source)}")
        for _, row in found.rows()
        if row.split
    ]
    if checked.problems or waiting:
        raise InputError(f"{name} cannot be issued", [*checked.problems, *waiting])


def _problem(each: Problem) -> dict[str, Any]:
    return {"where": each.where, "text": each.text, "hint": each.hint}


def shown(session: view.Session, file: Path) -> str:
    """A file as people write it in the working folder."""
    whole, base = file.resolve(), session.place.folder.resolve()
    return str(whole.relative_to(base)) if whole.is_relative_to(base) else str(whole)


def _as_json(made: "Drafted", file: str) -> dict[str, Any]:
    return {
        "file": file,
        "source": made.draft.source,
        "scan": made.draft.scan,
        "folders": made.folders,
        "edits": made.edits.count,
        "gone": list(made.gone),
        "sheets": [
            {"sheet": each.sheet, "owner": each.owner or None, "rows": len(each.rows)} for each in made.draft.sheets
        ],
    }
