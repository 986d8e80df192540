"""Sites that were applied, what was last applied to each part of them, and the journal of every change to a tenant."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger

Json = Mapping[str, Any]
Place = tuple[str, str]
"""Kind and key of a part."""


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
    """What the journal keeps of one change: `event` is intended, applied or failed. `run` is 0 outside of a run."""

    plan: str
    site: str
    number: int
    action: str
    subject: str
    before: Json
    after: Json
    kind: str = ""
    key: str = ""
    label: str = ""
    run: int = 0


def record(ledger: Ledger, site: AppliedSite, parts: Mapping[Place, Json] | None = None) -> None:
    """Keep that a site is now as its template says, and what the template says of each of its parts."""
    with ledger.transaction():
        ledger.execute(
            "INSERT INTO site(address, name, url, site_id, template, template_version, applied) VALUES(?,?,?,?,?,?,?)"
            " ON CONFLICT(address) DO UPDATE SET name=excluded.name, url=excluded.url, site_id=excluded.site_id,"
            " template=excluded.template, template_version=excluded.template_version, applied=excluded.applied",
            (site.address, site.name, site.url, site.site_id, site.template, site.version, site.applied or clock.now()),
        )
        if parts is not None:
            ledger.execute("DELETE FROM site_part WHERE site = ?", (site.address,))
            ledger.execute_many(
                "INSERT INTO site_part VALUES(?,?,?,?,?)",
                [(site.address, *place, _text(values), clock.now()) for place, values in parts.items()],
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


def set_version(ledger: Ledger, address: str, *, template: str, version: int) -> None:
    """Keep that a site is at another version of its template than the one recorded: an apply was undone."""
    ledger.execute("UPDATE site SET template = ?, template_version = ? WHERE address = ?", (template, version, address))


def parts(ledger: Ledger, address: str) -> dict[Place, dict[str, Any]]:
    """What was last applied to each part of a site, by kind and key; lists come back as tuples."""
    found = ledger.rows("SELECT kind, key, attributes FROM site_part WHERE site = ?", (address,))
    return {(row["kind"], row["key"]): values(row["attributes"]) for row in found}


def record_part(ledger: Ledger, address: str, place: Place, after: Json) -> None:
    """Keep the attributes that were just applied to a part, beside what is recorded of its others."""
    with ledger.transaction():
        key = (address, *place)
        row = ledger.one("SELECT attributes FROM site_part WHERE site = ? AND kind = ? AND key = ?", key)
        before = values(row["attributes"]) if row else {}
        ledger.execute(
            "INSERT INTO site_part VALUES(?,?,?,?,?)"
            " ON CONFLICT(site, kind, key) DO UPDATE SET attributes = excluded.attributes, at = excluded.at",
            (*key, _text({**before, **after}), clock.now()),
        )


def forget_part(ledger: Ledger, address: str, place: Place) -> None:
    """Keep nothing of a part any more: it was removed."""
    ledger.execute("DELETE FROM site_part WHERE site = ? AND kind = ? AND key = ?", (address, *place))


def journal(ledger: Ledger, entry: Entry, event: str, note: str = "") -> None:
    """Add one line about a change; lines are never altered."""
    ledger.execute(
        "INSERT INTO change(plan, site, n, action, subject, before, after, event, at, note, run, kind, key, label)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            entry.plan, entry.site, entry.number, entry.action, entry.subject, _text(entry.before), _text(entry.after),
            event, clock.now(), note or None, entry.run or None, entry.kind or None, entry.key, entry.label,
        ),
    )  # fmt: skip


def begun(ledger: Ledger, kind: str) -> set[str]:
    """The sites of which a run once began to add the part of this kind."""
    rows = ledger.rows("SELECT DISTINCT site FROM change WHERE kind = ? AND action = 'add'", (kind,))
    return {row["site"] for row in rows}


def unfinished(ledger: Ledger, site: str | None = None) -> dict[str, dict[Place, Json]]:
    """By site, the parts whose last change was begun and is not known to have ended, with what it was to bring.

    With `site` only that one is looked at.
    """
    last = "SELECT max(id) FROM change WHERE kind IS NOT NULL AND (:site IS NULL OR site = :site)"
    rows = ledger.rows(
        f"SELECT site, kind, key, after FROM change WHERE id IN ({last} GROUP BY site, kind, key)"  # noqa: S608 - ours
        " AND event <> 'applied' AND action <> 'remove' ORDER BY id",
        {"site": site},
    )
    found: dict[str, dict[Place, Json]] = {}
    for row in rows:
        found.setdefault(row["site"], {})[row["kind"], row["key"] or ""] = values(row["after"])
    return found


def journalled(ledger: Ledger, run: int) -> Iterator[tuple[Entry, str]]:
    """Every change of a run in the order in which it was begun, with the last event about it."""
    rows = ledger.rows(
        "SELECT c.*, (SELECT event FROM change e WHERE e.run = c.run AND e.site = c.site AND e.n = c.n"
        " ORDER BY e.id DESC LIMIT 1) AS last FROM change c WHERE c.run = ? AND c.event = 'intended' ORDER BY c.id",
        (run,),
    )
    for row in rows:
        entry = Entry(
            row["plan"], row["site"], row["n"], row["action"], row["subject"], values(row["before"]),
            values(row["after"]), row["kind"] or "", row["key"] or "", row["label"] or "", row["run"] or 0,
        )  # fmt: skip
        yield entry, row["last"]


def values(text: str) -> dict[str, Any]:
    """Attributes as they were before they were written down: lists are tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}


def _text(attributes: Json) -> str:
    return json.dumps(dict(attributes), ensure_ascii=False)
