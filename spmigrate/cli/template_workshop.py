"""`template workshop`: a blank workshop sheet, and a filled one as a draft template with its preview."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, InputError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.provision.workshop import Workshop


@click.command()
@click.argument("sheet", type=click.Path(path_type=Path), metavar="SHEET.xlsx")
@click.option("--blank", is_flag=True, help="Write an empty SHEET.xlsx for a workshop to fill in.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="The new folder to write.")
@view.json_option
@view.pass_session
def workshop(session: view.Session, sheet: Path, blank: bool, folder: Path | None, json_: bool) -> ExitCode:
    """Turn a filled workshop sheet into a draft template and a page that shows it.

    The draft is a new folder beside your templates, headed with the decision, its forum and its date; copy from it what
    you want to keep. --blank writes the sheet that people fill in, with your own columns and labels to choose from.

    Exit codes: 0 done, 1 the sheet cannot be used, 3 the draft has errors that template lint tells.
    """
    from spmigrate.provision.catalogue import read

    catalogue = read(session.place.site_templates)
    if blank:
        from spmigrate.formats import workbook
        from spmigrate.provision import workshop as sheets

        if sheet.exists():
            raise UsageProblem(f"{sheet} exists already", hint="name a new file")
        workbook.write(sheet, sheets.blank(catalogue))
        view.line(f"{sheet}: fill in the sheets Template, Libraries, Columns and Links")
        return ExitCode.DONE
    return _draft(session, sheet, folder or Path(f"draft-{sheet.stem}"), json_=json_)


def _draft(session: view.Session, sheet: Path, target: Path, *, json_: bool) -> ExitCode:
    from spmigrate.formats import returned_workbook
    from spmigrate.provision import drafting
    from spmigrate.provision import workshop as sheets
    from spmigrate.provision.catalogue import read

    catalogue = read(session.place.site_templates)
    found = sheets.read(returned_workbook.read(sheet, sheets.TABLES), catalogue)
    if found.problems:
        raise InputError(f"{sheet.name} cannot be used as it is", found.problems)
    written = drafting.write(
        target, catalogue, vocabulary=found.vocabulary, templates=[found.template],
        beside=sheets.beside(catalogue, found.template), heading=found.heading,
    )  # fmt: skip
    page = target / "preview.html"
    errors = _show(target, found.template["template"], page)
    if json_:
        view.document({
            "folder": str(target), "template": found.template["template"],
            "files": [str(path) for path in written.files],
            "preview": None if errors else str(page), "decision": found.template["decision"],
            "errors": [str(each) for each in (*written.refused, *errors)],
        })  # fmt: skip
        return ExitCode.FINDINGS if errors or written.refused else ExitCode.DONE
    view.line(f"{found.template['template']}: drafted in {target}. {found.heading}.")
    for each in (*written.refused, *errors):
        view.line(f"  {each}")
    if errors:
        view.line(
            f"{words.plural(len(errors), 'error')}: correct them, then: spmigrate template lint --folder {target}"
        )
    else:
        view.line(f"Show it: {page}")
        view.note(f"next: {_to_copy(found, written.files[-1])} into site_templates, then: spmigrate template lint")
    return ExitCode.FINDINGS if errors or written.refused else ExitCode.DONE


def _to_copy(found: "Workshop", template: Path) -> str:
    """What people take over from a draft: its template, and the columns that the vocabulary does not have yet."""
    columns = ", ".join(str(each["name"]) for each in found.vocabulary.get("site columns", ()))
    also = f" and, from {template.parent.parent / 'organisation.yaml'}, the site columns {columns}" if columns else ""
    return f"copy {template}{also}"


def _show(target: Path, template: str, page: Path) -> list[object]:
    """Write the page of a draft; returns what is wrong with the draft instead, if anything is."""
    from spmigrate.provision import preview
    from spmigrate.provision.lint import review
    from spmigrate.report import document
    from spmigrate.report.page import write

    try:
        catalogue = review(target).catalogue
    except InputError as error:
        return list(error.problems)
    whole = catalogue.whole(template)
    assert whole is not None, "it was just written"
    shown = preview.preview(catalogue, preview.sample_site(catalogue, whole), questions=whole.parameters)
    write(page, document.build(shown, made=datetime.now(UTC)))
    return []
