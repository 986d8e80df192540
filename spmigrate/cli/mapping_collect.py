"""`mapping collect` and `mapping lint`: read a workbook that came back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, mapping_rules, view
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from spmigrate.mapping.collecting import Collected

_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.command()
@_file
@view.json_option
@view.pass_session
def lint(session: view.Session, file: Path, json_: bool) -> ExitCode:
    """Check a returned workbook without recording anything.

    Exit codes: 0 every row can be signed; 1 FILE cannot be read; 3 some rows cannot be signed yet.
    """
    return _look_at(session, file, json_=json_, keep=False)


@click.command()
@_file
@view.json_option
@view.pass_session
def collect(session: view.Session, file: Path, json_: bool) -> ExitCode:
    """Read a returned workbook and record its answers; a changed answer ends the sign-off of that row only.

    FILE is a workbook, or the number of a sheet whose workbook lies in a library, such as S-0001: it is read there, and
    what there is to agree to is written into it.

    Exit codes: 0 every row can be signed; 1 FILE cannot be read, nothing is recorded; 3 some rows cannot be signed yet.
    """
    from spmigrate.cli import mapping_library
    from spmigrate.mapping import ids

    with session.ledger.run_lock("mapping collect"):
        if file.exists() or not ids.is_sheet_id(str(file)):
            return _look_at(session, file, json_=json_, keep=True)
        with mapping_library.fetched(session, str(file)) as path:
            return _look_at(session, path, json_=json_, keep=True, shared=True)


def _look_at(session: view.Session, file: Path, *, json_: bool, keep: bool, shared: bool = False) -> ExitCode:
    from spmigrate.cli import mapping_library
    from spmigrate.mapping import collecting, desk, signed_workbook

    offered, rules = mapping_choices.choices(session), mapping_rules.rulebook(session)
    found = collecting.collect(
        session.ledger, file, offered, keep=keep, folder=session.place.mappings / signed_workbook.FOLDER
    )
    stands = desk.judged(session.ledger, found.position, offered, rules)
    text = desk.statement(session.ledger, stands)
    if shared and text:
        mapping_library.present(session, stands.record.id, text, str(desk.digest(stands, rules)), file)
    if json_:
        view.document(_collected_as_json(found, mapping_choices.position_as_json(stands, rules), text))
    else:
        for each in found.observations:
            view.line(f"{'' if each.blocks else 'note: '}{each.problem}")
        if found.left_out:
            view.line(f"note: {file.name}: not read, and not kept: {', '.join(found.left_out)}")
        view.line(
            f"{stands.record.id} {stands.state}: {words.plural(len(stands.rows), 'row')}, {stands.signed} signed,"
            f" {len(stands.ready)} ready to be signed, {len(stands.blocked)} not ready"
        )
        if text and keep:
            digest = str(desk.digest(stands, rules))
            view.line()
            view.line(text)
            view.line(f"Digest of these rows: {digest}")
            command = mapping_choices.sign_command(stands, digest, shared=shared)
            view.note(f"next: have {stands.record.owner} approve this with its digest, then: {command}")
    return ExitCode.FINDINGS if any(each.blocks for each in found.observations) else ExitCode.DONE


def _collected_as_json(found: "Collected", stands: dict[str, Any], statement: str | None) -> dict[str, Any]:
    return stands | {
        "changed": list(found.changed),
        "left_out": list(found.left_out),
        "problems": [
            {"where": each.problem.where, "text": each.problem.text, "hint": each.problem.hint, "blocks": each.blocks}
            for each in found.observations
        ],
        "statement": statement,
    }
