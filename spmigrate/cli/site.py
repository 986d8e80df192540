"""`site`: plan, apply, watch, move and upgrade the council's sites. Each group of verbs has its own file."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from spmigrate.cli import site_apply, site_export, site_move, site_new, site_plan, site_rollout, sites, view

if TYPE_CHECKING:
    from spmigrate.provision.resolve import DesiredSite
    from spmigrate.store.ledger import Ledger
    from spmigrate.store.sites import AppliedSite

_NOT_FROM_HERE = "not applied from here"
"""The state of a site that this working folder has not applied: whether it exists, only the tenant knows."""
_CURRENT = "current"
_MOVED_ON = "template has moved on"
_ANSWERS = "changed since, in the same version"


@click.group(cls=view.InOrder)
def site() -> None:
    """Plan and apply sites from their templates, and keep them in step."""


for _command in (
    site_new.new,
    site_plan.plan,
    site_apply.apply,
    site_plan.drift,
    site_export.export,
    site_move.move,
    site_rollout.rollout,
):
    site.add_command(_command)


@site.command()
@view.json_option
@view.pass_session
def status(session: view.Session, json_: bool) -> None:
    """Show which sites are applied, and whether their template has moved on since. No tenant is needed."""
    _, desired = sites.choose(session, ())
    from spmigrate.store import sites as applied_sites
    from spmigrate.words import plural

    applied = applied_sites.applied(session.ledger)
    rows = [_row(session.ledger, each, applied.get(each.address)) for each in desired]
    adoption = _adoption(rows)
    if json_:
        view.document({"sites": rows, "templates": adoption})
        return
    view.table(
        ["Address", "Title", "Template", "Version", "Applied", "State"],
        [
            [row["address"], row["title"], row["template"], row["version"], row["applied_version"] or "", row["state"]]
            for row in rows
        ],
    )
    view.line()
    view.table(
        ["Template", "Version", "Sites", "Current", "Behind", "Not applied"],
        [[each["template"], each["version"], each["sites"], each["current"], each["behind"], each["not_applied"]]
         for each in adoption],
    )  # fmt: skip
    current, every = sum(each["current"] for each in adoption), len(rows)
    view.line(f"{current} of {every} sites are on the current version of their template.")
    for template, behind in ((each["template"], each["behind"]) for each in adoption if each["behind"]):
        view.note(f"next: spmigrate site rollout '{template}' brings it to {plural(behind, 'site')}")
    if any(row["state"] == _NOT_FROM_HERE for row in rows):
        view.note("another working folder may have applied a site: spmigrate site plan looks at the tenant")


def _row(ledger: "Ledger", site: "DesiredSite", done: "AppliedSite | None") -> dict[str, Any]:
    return {
        "address": site.address, "title": site.title, "kind": site.kind, "unit": site.unit,
        "business_class": site.business_class, "template": site.template, "version": site.version,
        "applied_version": done.version if done else None, "applied": done.applied if done else None,
        "state": _state(ledger, site, done),
    }  # fmt: skip


def _state(ledger: "Ledger", site: "DesiredSite", done: "AppliedSite | None") -> str:
    from spmigrate.provision.provisioning import is_recorded

    if done is None:
        return _NOT_FROM_HERE
    if (done.template, done.version) != (site.template, site.version):
        return _MOVED_ON
    return _CURRENT if is_recorded(ledger, site, done) else _ANSWERS


def _adoption(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many sites of each template are where it is now."""
    versions = {row["template"]: row["version"] for row in rows}
    states = Counter((row["template"], row["state"]) for row in rows)
    return [
        {
            "template": template, "version": versions[template],
            "sites": sum(count for (name, _), count in states.items() if name == template),
            "current": states[template, _CURRENT],
            "behind": states[template, _MOVED_ON] + states[template, _ANSWERS],
            "not_applied": states[template, _NOT_FROM_HERE],
        }
        for template in sorted(versions)
    ]  # fmt: skip
