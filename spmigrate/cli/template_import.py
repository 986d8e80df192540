"""`template import`: PnP provisioning files and site scripts as a folder of templates of ours."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ConfigError, ExitCode, InputError, Problem

if TYPE_CHECKING:
    from spmigrate.provision.carried.draft import Draft, Entry
    from spmigrate.provision.carried.node import Left
    from spmigrate.provision.catalogue import Catalogue
    from spmigrate.provision.drafting import DraftFolder

_LARGEST = 500_000_000
"""Bytes of a file that are read at most: all of it is held in memory."""

_KINDS = ("Directorate", "Function", "Team", "Partnership", "Programme")


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="The new folder to write.")
@click.option("--kind", type=click.Choice(_KINDS), help="What sites of these templates are for.")
@view.json_option
@view.pass_session
def import_(session: view.Session, file: Path, folder: Path | None, kind: str | None, json_: bool) -> ExitCode:
    """Carry FILE over: a PnP provisioning file (.xml), a PnP package (.pnp) or a site script (.json).

    The templates and their vocabulary are written into a new folder, which changes nothing until you copy from it. What
    cannot be carried over is listed, element by element, with the reason.

    Exit codes: 0 everything was carried over, 1 the file cannot be read, 3 something is listed.
    """
    from spmigrate.provision import drafting

    draft = _read(file)
    if kind:
        for template in draft.templates:
            _make_sites(template, kind)
    target = folder or Path(f"imported-{file.stem}")
    written = drafting.write(
        target, _present(session), vocabulary=draft.organisation, templates=draft.templates,
        heading=f"Carried over from {file.name}. Look at it before you use it.", assets=draft.assets,
    )  # fmt: skip
    left = list(draft.left())
    if json_:
        view.document({
            "folder": str(target), "files": [str(path) for path in written.files],
            "templates": [template["template"] for template in draft.templates],
            "not_carried": [{"line": each.line, "element": each.place, "reason": each.reason} for each in left],
            "refused": [{"where": each.where, "reason": each.text} for each in written.refused],
        })  # fmt: skip
    else:
        _tell(file, draft, left, written, target)
    return ExitCode.FINDINGS if left or written.refused else ExitCode.DONE


def _read(file: Path) -> "Draft":
    from spmigrate.provision.carried import pnp, site_script

    try:
        if file.stat().st_size > _LARGEST:
            problem = Problem(str(file), f"it is larger than {_LARGEST // 10**6} MB")
            raise InputError(f"{file} is not read", [problem])
        data = file.read_bytes()
    except OSError as error:
        problem = Problem(str(file), error.strerror or "cannot be read")
        raise InputError(f"{file} cannot be read", [problem]) from None
    is_script = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    return site_script.read(data, file.name) if is_script else pnp.read(data, file.name, file.absolute().parent)


def _make_sites(template: "Entry", kind: str) -> None:
    """A template with a kind makes sites: it asks for what every site must have, unless the file said it."""
    template["kind"] = kind
    site, questions = template.setdefault("site", {}), template.setdefault("parameters", [])
    site.setdefault("type", "Team site without group")
    if "title" not in site:
        site["title"] = "{title}"
        questions.append({"name": "title", "ask": "What is the site called?"})
    people = template.setdefault("permissions", {})
    if "owners" not in people:
        people["owners"] = ["{owners}"]
        questions.append({"name": "owners", "ask": "Who looks after it? Name two roles at least.", "answer": "People"})


def _present(session: view.Session) -> "Catalogue | None":
    """The templates of the working folder; none outside of one."""
    from spmigrate.provision.catalogue import read

    try:
        return read(session.place.site_templates)
    except ConfigError:
        return None


def _tell(file: Path, draft: "Draft", left: "list[Left]", written: "DraftFolder", target: Path) -> None:
    columns, types = len(draft.organisation["site columns"]), len(draft.organisation["content types"])
    view.line(
        f"{file.name}: {words.plural(len(draft.templates), 'template')}, {words.plural(columns, 'column')} and "
        f"{words.plural(types, 'content type')} carried over into {target}"
    )
    if left or written.refused:
        view.line(f"\nNot carried over ({len(left) + len(written.refused)}):")
        for each in left:
            view.line(f"  {file.name}:{each.line}  {each.place}: {each.reason}")
        for problem in written.refused:
            view.line(f"  {problem}")
    name = next((template["template"] for template in draft.templates if "kind" in template), None)
    page = f", and spmigrate template preview '{name}' --folder {target}" if name else ""
    view.note(f"next: spmigrate template lint --folder {target}{page}")
    if not name:
        view.note("these templates make no sites yet: to preview them, import again with --kind, such as --kind Team")
