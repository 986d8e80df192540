"""`template`: check the site templates, and describe their language to editors."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate.cli import template_import, template_preview, template_workshop, view
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spmigrate.errors import Problem
    from spmigrate.provision.catalogue import Catalogue


@click.group(cls=view.InOrder)
def template() -> None:
    """Site templates: the council's sites as code."""


@template.command()
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Check this folder of templates."
)
@view.json_option
@view.pass_session
def lint(session: view.Session, folder: Path | None, json_: bool) -> ExitCode:
    """Check organisation.yaml, templates and sites; no tenant is needed.

    Exit codes: 0 nothing to say, 1 errors, 3 advice about the design.
    """
    from spmigrate.provision.lint import review
    from spmigrate.words import plural

    found = review(folder or session.place.site_templates)
    advice = [*found.advice, *([] if folder else _unraised(session, found.catalogue))]
    if json_:
        view.document({
            "templates": len(found.catalogue.templates), "sites": len(found.catalogue.sites),
            "advice": [_problem(each) for each in advice],
        })  # fmt: skip
    else:
        for each in advice:
            view.line(f"advice: {each}")
        view.line(
            f"{plural(len(found.catalogue.templates), 'template')} and {plural(len(found.catalogue.sites), 'site')}: "
            f"no errors, {plural(len(advice), 'piece of advice', 'pieces of advice')}"
        )
    return ExitCode.FINDINGS if advice else ExitCode.DONE


@template.command()
@click.argument("file", type=click.Choice(["organisation", "template", "site", "page"]))
def schema(file: str) -> None:
    """Print the JSON Schema of a kind of file, so that editors complete and explain it."""
    from spmigrate.provision import language

    models: dict[str, type[language.Words]] = {
        "organisation": language.Organisation, "template": language.Template, "site": language.SiteFile,
        "page": language.PageSections,
    }  # fmt: skip
    view.document(models[file].model_json_schema(by_alias=True))


def _unraised(session: view.Session, catalogue: "Catalogue") -> "Iterator[Problem]":
    """Templates that were applied and say something else now under the same version."""
    from spmigrate.provision.versions import version_of
    from spmigrate.store import templates

    if not session.has_ledger:
        return
    applied = templates.digests(session.ledger)
    for written in catalogue.templates:
        now = version_of(catalogue, written.words.template)
        if applied.get((now.template, now.version), now.digest) != now.digest:
            hint = f"raise it to {now.version + 1}: site status and rollouts go by it"
            yield written.problem(("version",), f"version {now.version} was applied with other content", hint)


def _problem(problem: "Problem") -> dict[str, str | None]:
    return {"where": problem.where, "text": problem.text, "hint": problem.hint}


template.add_command(template_preview.preview)
template.add_command(template_import.import_)
template.add_command(template_workshop.workshop)
