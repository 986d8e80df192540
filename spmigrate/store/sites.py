"""Sites that were applied, and the journal of every change made to a tenant."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class AppliedSite:
    """A site that this ledger has seen fully applied, with the template version that it then had."""

    address: str
    name: str
    url: str
    site_id: str
    template: str
    version: int
    applied: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of one change: `event` is intended, applied or failed."""

    plan: str
    site: str
    number: int
    action: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record(ledger: Ledger, site: AppliedSite) -> None:
    """Keep that a site is now as its template says."""
    ledger.execute(
        "INSERT INTO site(address, name, url, site_id, template, template_version, applied) VALUES(?,?,?,?,?,?,?)"
        " ON CONFLICT(address) DO UPDATE SET name=excluded.name, url=excluded.url, site_id=excluded.site_id,"
        " template=excluded.template, template_version=excluded.template_version, applied=excluded.applied",
        (site.address, site.name, site.url, site.site_id, site.template, site.version, site.applied or clock.now()),
    )


def applied(ledger: Ledger) -> dict[str, AppliedSite]:
    """Every applied site by its address."""
    found = ledger.rows("SELECT * FROM site WHERE applied IS NOT NULL ORDER BY address")
    return {
        row["address"]: AppliedSite(
            row["address"], row["name"], row["url"] or "", row["site_id"] or "", row["template"],
            row["template_version"], row["applied"],
        )
        for row in found
    }  # fmt: skip


def journal(ledger: Ledger, entry: Entry, event: str, note: str = "") -> None:
    """Add one line about a change; lines are never altered."""
    ledger.execute(
        "INSERT INTO change(plan, site, n, action, subject, before, after, event, at, note)"
        " VALUES(?,?,?,?,?,?,?,?,?,?)",
        (
            entry.plan, entry.site, entry.number, entry.action, entry.subject,
            json.dumps(dict(entry.before), ensure_ascii=False), json.dumps(dict(entry.after), ensure_ascii=False),
            event, clock.now(), note or None,
        ),
    )  # fmt: skip
