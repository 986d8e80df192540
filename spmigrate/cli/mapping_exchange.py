"""`mapping import`, `compare` and `answer`: lists of other tools, two copies of one workbook, and rehearsal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, view
from spmigrate.errors import ConfigError, ExitCode, InputError, Problem, SpmigrateError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.lists import Choices

FORMATS = ("spmt-csv", "mm-csv", "mm-json")
POLICIES = ("sample", "agreeable", "mixed")
_EXISTING = click.Path(path_type=Path)


@click.command("import")
@click.argument("file", metavar="FILE", type=_EXISTING)
@view.json_option
@view.pass_session
def import_(session: view.Session, file: Path, json_: bool) -> ExitCode:
    """Turn a list of tasks of SPMT or Migration Manager (CSV or JSON) into drafts of the sources that it speaks of.

    Homes come along; owners, answers and sign-offs do not: each draft is completed by spmigrate mapping draft SOURCE.

    Exit codes: 0 everything was understood; 3 some targets were not, and stay empty; 1 FILE cannot be used.
    """
    from spmigrate.formats import task_lists
    from spmigrate.formats.whole import writing
    from spmigrate.mapping import exchange
    from spmigrate.mapping.draft import file_of, text_of
    from spmigrate.store import folders, inventory

    tasks = task_lists.read(file)
    with session.ledger.run_lock("mapping import"):
        paths = {
            each.id: [row.path for row in folders.listed(session.ledger, each, ())]
            for each in inventory.sources(session.ledger)
        }
        found = exchange.drafts(session.ledger, tasks, mapping_choices.choices(session), paths)
        files = [file_of(session.place.mappings, each.source) for each in found.drafts]
        found.problems += [
            Problem(str(path), "exists already, and may hold somebody's work", "move it out of the way first")
            for path in files
            if path.exists()
        ]
        if found.problems:
            raise InputError(f"{file.name} cannot be used", found.problems)
        for each, path in zip(found.drafts, files, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with writing(path) as partial:
                partial.write_text(text_of(each), "utf-8")
    if json_:
        made = [
            {"source": each.source, "file": str(path), "rows": sum(1 for _ in each.rows())}
            for each, path in zip(found.drafts, files, strict=True)
        ]
        notes = [{"where": each.where, "text": each.text, "hint": each.hint} for each in found.notes]
        view.document({"drafts": made, "notes": notes})
    else:
        for note in found.notes:
            view.line(f"note: {note}")
        for each, path in zip(found.drafts, files, strict=True):
            view.line(f"{each.source}: {words.plural(sum(1 for _ in each.rows()), 'row')} in {path}")
            view.note(
                f"next: spmigrate mapping draft {words.typed(each.source)} adds the other folders, and the reasons"
            )
    return ExitCode.FINDINGS if found.notes else ExitCode.DONE


@click.command()
@click.argument("first", metavar="A", type=_EXISTING)
@click.argument("second", metavar="B", type=_EXISTING)
@click.option("--out", type=_EXISTING, help="Write the two as one workbook, if nothing contradicts.")
@click.option(
    "--issued", type=_EXISTING, help="The workbook as it was issued: what only one copy changed is then taken."
)
@view.json_option
def compare(first: Path, second: Path, out: Path | None, issued: Path | None, json_: bool) -> ExitCode:
    """Compare two returned copies of one workbook: merge them, or name every cell that they fill differently.

    Exit codes: 0 they can be merged, and were with --out; 3 they contradict each other, nothing is written; 1 they
    are not copies of one issue, or cannot be read.
    """
    from spmigrate.mapping import comparison

    found = comparison.compare(first, second, issued=issued)
    if out is not None and not found.conflicts:
        if out.exists():
            raise SpmigrateError(f"{out} exists already, and may hold answers", hint="choose another name with --out")
        comparison.write(first, out, found)
    if json_:
        conflicts = [
            {"row": each.row_id, "column": each.heading, "places": list(each.places), "texts": list(each.texts)}
            for each in found.conflicts
        ]
        view.document({"rows": len(found.cells), "merged": found.taken, "conflicts": conflicts,
                       "out": str(out) if out and not conflicts else None})  # fmt: skip
        return ExitCode.FINDINGS if found.conflicts else ExitCode.DONE
    for each in found.conflicts:
        one, two = (text or "(empty)" for text in each.texts)
        view.line(f"{each.places[0]} says '{one}', {each.places[1]} says '{two}': {each.row_id} {each.name}")
    if found.conflicts:
        view.line(f"{words.plural(len(found.conflicts), 'cell')} to settle: have the owner decide, then compare again")
        return ExitCode.FINDINGS
    view.line(f"nothing contradicts; {words.plural(found.taken, 'cell')} of one copy alone")
    if out is not None:
        view.line(f"merged: {out}")
        view.note(f"next: spmigrate mapping collect {out}")
    return ExitCode.DONE


@click.command()
@click.argument("file", metavar="SHEET.xlsx", type=_EXISTING)
@click.option("--policy", type=click.Choice(POLICIES), default="agreeable", show_default=True, help="How to answer.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same answers.")
@click.option("--out", type=_EXISTING, help="Where to write it, instead of over SHEET.xlsx.")
@view.json_option
@view.pass_session
def answer(session: view.Session, file: Path, policy: str, seed: int, out: Path | None, json_: bool) -> None:
    """Fill in a workbook as an owner would, for a rehearsal: only where the tenant is a rehearsal tenant.

    agreeable agrees with every proposal and moves everything; mixed leaves some behind and does not know some; sample
    answers as the owner in the demo does.
    """
    from spmigrate.formats.fill_in import fill_in
    from spmigrate.mapping.answering import POLICIES as KNOWN

    if session.settings.config.tenant.rehearsal is None:
        raise UsageProblem("answers of a real council come from its owners", hint="this is for a rehearsal tenant")
    if not file.is_file():
        raise InputError(f"{file} cannot be read", [Problem(file.name, "no such file or directory")])
    chosen = KNOWN[policy]
    rows = fill_in(file, out or file, lambda row, offered: chosen(row, offered, seed))
    if json_:
        view.document({"file": str(out or file), "rows": rows, "policy": policy, "seed": seed})
        return
    view.line(f"{words.plural(rows, 'row')} answered in {out or file}")
    view.note(f"next: spmigrate mapping collect {out or file}")


def export(
    session: view.Session,
    source_name: str,
    choices: "Choices",
    *,
    form: str,
    unsigned: bool,
    out: Path | None,
    json_: bool,
) -> ExitCode:
    """Write the rows of a source as a list of tasks for another tool, and say which rows are not in it."""
    from spmigrate.formats import task_lists
    from spmigrate.mapping import exchange
    from spmigrate.store import inventory

    wanted = task_lists.TaskFormat(form)
    source = inventory.source(session.ledger, source_name)
    found = exchange.export(session.ledger, source, choices, host=_host(session), unsigned=unsigned)
    path = out or session.place.mappings / f"{source.name}-{form}{wanted.suffix}"
    if path.exists() and out is None:
        raise SpmigrateError(f"{path} exists already", hint="move it away, or choose another name with --out")
    task_lists.write(path, found.tasks, wanted)
    if json_:
        view.document({"file": str(path), "format": form, "tasks": len(found.tasks), "left_out": list(found.left_out),
                       "unsigned": unsigned})  # fmt: skip
    else:
        for each in found.left_out:
            view.line(f"not in it: {each}")
        view.line(f"{words.plural(len(found.tasks), 'task')}: {path}")
    if unsigned:
        view.note("for planning only: rows that nobody has signed are in it")
    return ExitCode.FINDINGS if found.left_out else ExitCode.DONE


def _host(session: view.Session) -> str:
    from spmigrate import config

    section = session.settings.config.tenant
    try:
        return section.sharepoint or config.tenant(session.settings).sharepoint
    except ConfigError as error:
        raise ConfigError("the tenant's address is not known", hint=error.hint) from None
