"""`spmigrate init` and `spmigrate doctor`: the start of the work."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate.cli import view
from spmigrate.errors import ExitCode, InputError, SpmigrateError

if TYPE_CHECKING:
    from spmigrate.tenant.readiness import Check

_REHEARSAL = """\
version: 1
tenant:
  rehearsal: {state}
"""

_REAL = """\
version: 1
tenant:
  # The five answers below come from whoever registered the app in Microsoft Entra.
  name: council.onmicrosoft.com
  tenant id: 00000000-0000-0000-0000-000000000000
  sharepoint: https://council.sharepoint.com
  client id: 00000000-0000-0000-0000-000000000000
  # One PEM file with the app's certificate and its private key. It never goes into version control.
  certificate: app.pem
"""
_UNANSWERED = "00000000-0000-0000-0000-000000000000"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--rehearsal", "state", type=click.Path(path_type=Path), metavar="STATE",
    help="Use the rehearsal tenant whose state folder this is, instead of a real tenant.",
)  # fmt: skip
@click.option(
    "--sites", type=click.Choice(["pilot", "county", "none"]), default="pilot", show_default=True,
    help="The site files to begin with: one function with two teams, a whole sample county, or none.",
)  # fmt: skip
def init(folder: Path, state: Path | None, sites: str) -> None:
    """Lay out a working folder: spmigrate.yaml, site_templates, mappings and governance_rules.

    Nothing that exists is overwritten.
    """
    lay_out(folder, state, sites=sites)
    view.line(f"{folder} is ready: spmigrate.yaml, site_templates, mappings, governance_rules")
    first = f"write your tenant into {folder / 'spmigrate.yaml'}, then "
    if state:
        serve = f"spmigrate rehearsal serve --state {state} --seed demo"
        first = f"{serve} (in a terminal of its own, unless it runs already), then "
    view.note(f"next: {first}cd {folder} && spmigrate doctor")


@click.command()
@view.json_option
@view.pass_session
def doctor(session: view.Session, json_: bool) -> ExitCode:
    """Check configuration, certificate, reachability, clock, sign-in, permissions and the ledger's folder.

    Exit codes: 0 all is well, 1 a service cannot be reached or signed in to, 3 other problems, 5 something could not
    be checked.
    """
    from spmigrate.tenant import readiness

    session.start_log()
    checks = []
    for check in _examine(session):
        checks.append(check)
        if not json_:
            _show(check)
    code = readiness.exit_code(checks)
    counts = {state.value: sum(check.state is state for check in checks) for state in readiness.State}
    if json_:
        rows = [{key: value for key, value in asdict(check).items() if key != "vital"} for check in checks]
        view.document({"checks": rows, "counts": counts, "exit_code": int(code)})
    else:
        view.line(", ".join(f"{count} {state}" for state, count in counts.items()))
    return code


def lay_out(folder: Path, state: Path | None, *, sites: str = "pilot") -> None:
    """Copy the shipped folders and write spmigrate.yaml. All or nothing; refuses to overwrite."""
    from spmigrate import starter
    from spmigrate.workplace import FILE_NAME

    taken = [name for name in (FILE_NAME, *starter.NAMES) if (folder / name).exists()]
    if taken:
        raise SpmigrateError(
            f"{folder} already has {', '.join(taken)}", hint="choose another folder: nothing is overwritten"
        )
    shipped = starter.folders()
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".spmigrate-", dir=folder))
    try:
        for name, place in shipped.items():
            _copy(place, staging / name)
        _choose_sites(staging / "site_templates", sites)
        text = _REHEARSAL.format(state=_beside(folder, state)) if state else _REAL
        (staging / FILE_NAME).write_text(text, "utf-8")
        for name in (*starter.NAMES, FILE_NAME):
            (staging / name).rename(folder / name)
    except BaseException:
        shutil.rmtree(folder if is_new else staging)
        raise
    staging.rmdir()


def _choose_sites(templates: Path, sites: str) -> None:
    """Leave the pilot's site files, add those of the whole county to them, or take them away."""
    if sites == "county":
        for path in sorted((templates / "samples" / sites).glob("*.yaml")):
            shutil.copyfile(path, templates / "sites" / path.name)
    elif sites == "none":
        for path in (templates / "sites").glob("*.yaml"):
            path.unlink()


def _copy(place: Path, to: Path) -> None:
    """Copy a shipped folder. Raises the first OSError, which `shutil.copytree` would put into a list of its own."""
    to.mkdir()
    for path in sorted(place.iterdir()):
        if path.is_dir() and path.name != "__pycache__":
            _copy(path, to / path.name)
        elif path.is_file() and path.suffix != ".pyc":
            shutil.copyfile(path, to / path.name)


def _beside(folder: Path, state: Path) -> str:
    """The state folder as spmigrate.yaml names it: seen from the working folder, quoted as YAML text."""
    import json

    return json.dumps(Path(os.path.relpath(state.resolve(), folder.resolve())).as_posix(), ensure_ascii=False)


def _examine(session: view.Session) -> "Iterator[Check]":
    from spmigrate import config
    from spmigrate.tenant.readiness import Check, State, examine

    try:
        settings = session.settings
        if _UNANSWERED in (settings.config.tenant.tenant_id, settings.config.tenant.client_id):
            text, remedy = f"{settings.file} still has sample answers", f"write your tenant's into {settings.file}"
            yield Check("configuration", State.PROBLEM, text, remedy, vital=True)
            return
        tenant = config.tenant(settings)
    except SpmigrateError as error:
        details = "; ".join(str(each) for each in error.problems) if isinstance(error, InputError) else ""
        text = f"{error.message}: {details}" if details else error.message
        yield Check("configuration", State.PROBLEM, text, error.hint or "", vital=True)
        return
    yield Check("configuration", State.OK, f"{settings.file}: {tenant.name}")
    yield _ledger_folder(settings.folder)
    yield from examine(tenant)


def _ledger_folder(folder: Path) -> "Check":
    from spmigrate.tenant.readiness import Check, State

    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
    except OSError as error:
        text = f"{folder} cannot be written: {error.strerror}"
        return Check("ledger folder", State.PROBLEM, text, "make it yours, or work in a folder on a local disk")
    return Check("ledger folder", State.OK, f"{folder} can be written")


def _show(check: "Check") -> None:
    view.line(f"{check.state:<8} {check.name}: {check.text}")
    if check.remedy:
        view.line(f"         -> {check.remedy}")
