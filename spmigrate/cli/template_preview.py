"""`template preview`: a kind of site, or one site, as a page for the design workshop. No tenant is needed."""

import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate.cli import view
from spmigrate.errors import UsageProblem

if TYPE_CHECKING:
    from spmigrate.model import Document
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.language import SiteFile, Template

_VERSIONS = "a version that was applied from this working folder, 'now', or another site_templates folder"


@click.command()
@click.argument("subject", metavar="KIND|TEMPLATE|SITE")
@click.option(
    "--diff", "versions", nargs=2, metavar="OLD NEW",
    help="Show what NEW changes in a site made from OLD. Each is a version number, 'now', or a site_templates folder.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Look at this folder of templates."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the page here.")
@click.option("--open", "open_", is_flag=True, help="Open the page in a browser.")
@view.json_option
@view.pass_session
def preview(
    session: view.Session,
    subject: str,
    versions: tuple[str, str] | None,
    folder: Path | None,
    out: Path | None,
    open_: bool,
    json_: bool,
) -> None:
    """Write a page that shows a site before it is made: site map, libraries, columns, and who sees what.

    KIND is Directorate, Function, Team, Partnership or Programme; the questions of its template are answered with their
    examples. SITE is the address of a site file. The page needs no tenant, no script and no network.
    """
    from spmigrate.provision.lint import review
    from spmigrate.report import document, page

    catalogue = review(folder or session.place.site_templates).catalogue
    shown = _difference(session, catalogue, subject, versions) if versions else _preview(catalogue, subject)
    target = out or Path(f"preview-{subject.strip('/').rpartition('/')[2].replace(' ', '-').lower()}.html")
    page.write(target, document.build(shown, made=datetime.now(UTC)))
    if json_:
        view.document({"page": str(target.resolve()), "title": shown.title})
    else:
        view.line(f"{shown.title}: {target}")
    if open_:
        webbrowser.open(target.resolve().as_uri())


def _preview(catalogue: "Catalogue", subject: str) -> "Document":
    from spmigrate.provision import preview
    from spmigrate.provision.resolve import desired_site

    site = _site(catalogue, subject)
    if site is not None:
        return preview.preview(catalogue, desired_site(catalogue, site))
    template = _template(catalogue, subject)
    return preview.preview(catalogue, preview.sample_site(catalogue, template), questions=template.parameters)


def _site(catalogue: "Catalogue", subject: str) -> "SiteFile | None":
    """The site file with this address, which may leave out `/sites/`."""
    address = subject if subject.startswith("/") else f"/sites/{subject}"
    return next((each.words for each in catalogue.sites if each.words.address == address), None)


def _template(catalogue: "Catalogue", subject: str) -> "Template":
    """The whole template of this name, or the first that makes sites of this kind. Raises UsageProblem."""
    from spmigrate.provision.nearest import suggestion

    for name in catalogue.by_name:
        template = catalogue.whole(name)
        kind = template.kind if template else None
        if template and kind and subject.casefold() in (name.casefold(), kind.value.casefold()):
            return template
        if template and subject.casefold() == name.casefold():
            hint = f"look at a template that extends it, or write 'kind: Team' into '{name}'"
            raise UsageProblem(f"'{name}' makes no sites: it has no kind", hint=hint)
    known = [*catalogue.by_name, *(each.words.address.rpartition("/")[2] for each in catalogue.sites)]
    raise UsageProblem(f"no kind, template or site is called '{subject}'", hint=suggestion(subject, known))


def _difference(session: view.Session, now: "Catalogue", subject: str, versions: tuple[str, str]) -> "Document":
    from spmigrate.provision import preview
    from spmigrate.provision.diff import compare
    from spmigrate.provision.vocabulary import Vocabulary

    site = _site(now, subject)
    name = _template(now, site.template if site else subject).template
    old, new = (_version(session, now, name, version) for version in versions)
    made = preview.sample_site(old, _template(old, name)).contents
    plan = compare(preview.sample_site(new, _template(new, name)), made)
    words = Vocabulary(new.organisation.words).words | Vocabulary(old.organisation.words).words
    return preview.changes(f"{name}: from {versions[0]} to {versions[1]}", plan, words)


def _version(session: view.Session, now: "Catalogue", name: str, version: str) -> "Catalogue":
    from spmigrate.provision.lint import review
    from spmigrate.provision.versions import catalogue_of
    from spmigrate.store import templates

    if version == "now":
        return now
    if version.isdecimal():
        kept = templates.kept(session.ledger, name)
        if int(version) in kept:
            return catalogue_of(kept[int(version)])
        if now.by_name[name].version == int(version):
            return now
        known = ", ".join(map(str, kept)) or "none"
        raise UsageProblem(f"version {version} of {name} is not known", hint=f"applied from here: {known}; or 'now'")
    if Path(version).is_dir():
        return review(Path(version)).catalogue
    raise UsageProblem(f"'{version}' is no version", hint=f"write {_VERSIONS}")
