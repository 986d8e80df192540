"""`site export`: an existing site as files of the language."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from spmigrate.cli import sites, tenants, view
from spmigrate.errors import ExitCode, InputError, Problem, UsageProblem

if TYPE_CHECKING:
    from spmigrate.provision.export import Exported


@click.command()
@click.argument("url")
@click.option(
    "--template", "name", metavar="NAME", help="What the template is called; made of the address if left out."
)
@click.option("--unit", default="", metavar="CODE", help="The unit that the site belongs to.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Write the files below DIR instead of printing them; site_templates is a good place.")  # fmt: skip
@view.json_option
@view.pass_session
def export(session: view.Session, url: str, name: str | None, unit: str, out: Path | None, json_: bool) -> ExitCode:
    """Write an existing site as a template of its own and a site file, which plan to nothing.

    What SharePoint makes by itself is left out. What the vocabulary has no word for is told, and stays as it is:
    nothing is removed because a template does not name it.

    Exit codes: 0 the files plan to nothing, 3 something has no place in them, 4 a plan of them would change the site.
    """
    from spmigrate.provision import export as exporting
    from spmigrate.provision.lint import review
    from spmigrate.tenant.site.hubs import hub_addresses
    from spmigrate.tenant.site.reading import read

    address = sites.whole_address(urlsplit(url).path.rstrip("/") if "://" in url else url.rstrip("/"))
    catalogue = review(session.place.site_templates).catalogue
    with tenants.connect(session) as tenant:
        contents = read(tenant, address, hub_addresses(tenant), None)
    if contents is None:
        raise InputError("nothing was exported", [Problem(address, "there is no such site", "check the address")])
    name = name or f"Site {address.rpartition('/')[2]}"
    if name in catalogue.by_name:
        raise UsageProblem(f"there is a template '{name}' already", hint="choose another name with --template")
    exported = exporting.export(catalogue, contents, template=name, unit=unit)
    if out is not None:
        _write(out, exported)
    if json_:
        view.document({
            "address": address, "files": dict(exported.files), "left": [each.as_json() for each in exported.left],
            "changes": [each.as_json() for each in exported.plan.changes],
        })  # fmt: skip
    else:
        _show(exported, out)
    return ExitCode.worst(
        ExitCode.FINDINGS if exported.left else ExitCode.DONE,
        ExitCode.PENDING if exported.plan.changes else ExitCode.DONE,
    )


def _write(folder: Path, exported: "Exported") -> None:
    """Write the files; one that is there already is never replaced. Raises InputError, OSError."""
    from spmigrate.formats.whole import writing

    held = [folder / place for place in exported.files if (folder / place).exists()]
    if held:
        problems = [Problem(str(path), "is there already", "move it away, or choose another --out") for path in held]
        raise InputError("nothing was written", problems)
    for place, text in exported.files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as partial:
            partial.write_text(text, "utf-8")
        view.note(f"written: {path}")


def _show(exported: "Exported", out: Path | None) -> None:
    from spmigrate.plan import describe

    for place, text in exported.files.items() if out is None else ():
        view.line(f"# {place}")
        view.line(text)
    for each in exported.left:
        view.note(f"left out: {each.subject}: {each.why}")
    if exported.plan.changes:
        view.note("a plan of these files would still change:")
        for change in exported.plan.changes:
            view.note(f"  {describe.change_line(change)}")
    if out is not None:
        view.note("next: look at the files; in site_templates they are checked by spmigrate template lint")
