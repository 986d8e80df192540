"""`site move`: another hub, or another successor area, for sites: their files are changed, then planned."""

from typing import TYPE_CHECKING

import click

from spmigrate.cli import sites, tenants, view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.provision.move import Rewritten


@click.command()
@sites.addresses_argument
@click.option("--to-hub", "hub", metavar="HUB", help="The address of the hub that the sites join.")
@click.option("--area", help="Move all sites that go to this successor area, instead of naming them.")
@click.option("--successor-area", "successor", metavar="NAME", help="Keep in the files which council they go to.")
@sites.workers_option
@sites.yes_option
@view.json_option
@view.pass_session
def move(
    session: view.Session,
    addresses: tuple[str, ...],
    hub: str | None,
    area: str | None,
    successor: str | None,
    workers: int,
    yes: bool,
    json_: bool,
) -> ExitCode:
    """Let sites belong to another hub: directorates and councils come and go, addresses stay.

    The answer in each site's file is changed, comments and layout stay as they are, and what it means on the tenant is
    planned. Nothing is changed on the tenant: that is site apply's work.

    Exit codes: 0 nothing to do on the tenant, 3 something stands in the way, 4 changes are pending.
    """
    from spmigrate.provision import move as moving

    if not hub and not successor:
        raise UsageProblem("say where the sites go", hint="spmigrate site move SITE --to-hub HUB")
    if bool(addresses) == bool(area):
        raise UsageProblem("name the sites, or an area with --area", hint="spmigrate site move SITE --to-hub HUB")
    catalogue, desired = sites.choose(session, addresses)
    moved = moving.in_area(catalogue, area) if area else [each.address for each in desired]
    if not moved:
        raise UsageProblem(
            f"no site goes to the successor area '{area}'", hint="see 'successor area' in the site files"
        )
    target = sites.whole_address(hub) if hub else ""
    if target:
        _must_be_hub(session, target)
    files = moving.rewrite(catalogue, moved, hub=target, area=successor or "")
    if not json_:
        for each in files:
            view.line(_told(each, target, successor or ""))
    view.confirm("Change these files?", yes=yes)
    moving.save(files)
    return _planned(session, moved, files, workers=workers, json_=json_)


def _must_be_hub(session: view.Session, address: str) -> None:
    """A hub that the site files know must be one; others are looked for on the tenant by the plan."""
    _, desired = sites.choose(session, ())
    known = {each.address: each for each in desired}
    if address in known and not known[address].is_hub:
        hubs = ", ".join(each.address for each in desired if each.is_hub)
        raise UsageProblem(f"{address} is not a hub", hint=f"hubs are {hubs}" if hubs else "no site file makes a hub")


def _told(file: "Rewritten", hub: str, successor: str) -> str:
    told = [f"hub: {file.old or '(none)'} -> {hub}"] if hub else []
    told += [f"successor area: {successor}"] if successor else []
    return f"{file.address}  {', '.join(told)}  ({file.path})"


def _planned(
    session: view.Session, addresses: list[str], files: "list[Rewritten]", *, workers: int, json_: bool
) -> ExitCode:
    """What the changed files mean on the tenant."""
    from spmigrate.plan import describe

    catalogue, desired = sites.choose(session, addresses)
    with tenants.connect(session, workers=workers) as tenant:
        planned = sites.plan(session, tenant, desired, workers=workers)
    if json_:
        changed = [{"site": each.address, "file": str(each.path), "hub_before": each.old} for each in files]
        view.document(describe.document(planned.plan) | sites.trouble(planned) | {"files": changed})
    else:
        sites.show(planned.plan, catalogue)
        sites.show_trouble(planned)
        view.note(f"next: spmigrate site apply {' '.join(addresses[:3])}{' …' if len(addresses) > 3 else ''}")
    return sites.state(planned)
