"""`template`: check the site templates, and describe their language to editors."""

from typing import TYPE_CHECKING

import click

from spmigrate.cli import view
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from spmigrate.errors import Problem


@click.group()
def template() -> None:
    """Site templates: the council's sites as code."""


@template.command()
@view.json_option
@view.pass_session
def lint(session: view.Session, json_: bool) -> ExitCode:
    """Check organisation.yaml, templates and sites; no tenant is needed.

    Exit codes: 0 nothing to say, 1 errors, 3 advice about the design.
    """
    from spmigrate.provision.lint import review

    found = review(session.place.site_templates)
    if json_:
        view.document({
            "templates": len(found.catalogue.templates), "sites": len(found.catalogue.sites),
            "advice": [_problem(each) for each in found.advice],
        })  # fmt: skip
    else:
        for each in found.advice:
            view.line(f"advice: {each}")
        view.line(
            f"{len(found.catalogue.templates)} templates and {len(found.catalogue.sites)} sites: no errors, "
            f"{len(found.advice)} pieces of advice"
        )
    return ExitCode.FINDINGS if found.advice else ExitCode.DONE


@template.command()
@click.argument("file", type=click.Choice(["organisation", "template", "site"]))
def schema(file: str) -> None:
    """Print the JSON Schema of a kind of file, so that editors complete and explain it."""
    from spmigrate.provision import language

    models: dict[str, type[language.Words]] = {
        "organisation": language.Organisation, "template": language.Template, "site": language.SiteFile,
    }  # fmt: skip
    view.document(models[file].model_json_schema(by_alias=True))


def _problem(problem: "Problem") -> dict[str, str | None]:
    return {"where": problem.where, "text": problem.text, "hint": problem.hint}
