"""Rollouts of a template's version over its sites: which site goes in which stage, and what became of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row

RUNNING, HALTED, FINISHED = "running", "halted", "finished"
WAITING, UPGRADED, NOTHING, FAILED = "waiting", "upgraded", "nothing to do", "failed"


@dataclass(frozen=True, slots=True)
class Rollout:
    """A version of a template on its way. `limits` are as they were given when it began."""

    id: int
    template: str
    version: int
    limits: Mapping[str, Any]
    state: str
    started: str
    finished: str


@dataclass(frozen=True, slots=True)
class RolloutSite:
    """One site of a rollout. `run` is the number of the run that changed it, 0 while none has."""

    site: str
    stage: str
    outcome: str
    note: str = ""
    run: int = 0
    at: str = ""


def begin(ledger: Ledger, template: str, *, version: int, limits: Mapping[str, Any]) -> Rollout:
    """A new rollout, still without sites."""
    number = ledger.insert(
        "INSERT INTO rollout(template, version, limits, state, started) VALUES(?,?,?,?,?)",
        (template, version, json.dumps(dict(limits)), RUNNING, clock.now()),
    )
    row = ledger.one("SELECT * FROM rollout WHERE id = ?", (number,))
    assert row is not None
    return _rollout(row)


def add(ledger: Ledger, rollout: int, stages: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Put sites into stages, behind those that are there; a site that is in one already stays there."""
    with ledger.transaction():
        row = ledger.one("SELECT coalesce(max(position), 0) FROM rollout_site WHERE rollout_id = ?", (rollout,))
        position = int(row[0]) if row else 0
        for stage, addresses in stages:
            for address in addresses:
                position += 1
                ledger.execute(
                    "INSERT INTO rollout_site(rollout_id, site, position, stage) VALUES(?,?,?,?)"
                    " ON CONFLICT DO NOTHING",
                    (rollout, address, position, stage),
                )


def latest(ledger: Ledger, template: str) -> Rollout | None:
    """The last rollout of a template, whatever its version."""
    row = ledger.one("SELECT * FROM rollout WHERE template = ? ORDER BY id DESC LIMIT 1", (template,))
    return _rollout(row) if row else None


def sites(ledger: Ledger, rollout: int) -> list[RolloutSite]:
    """The sites of a rollout in their order."""
    rows = ledger.rows("SELECT * FROM rollout_site WHERE rollout_id = ? ORDER BY position", (rollout,))
    return [
        RolloutSite(row["site"], row["stage"], row["outcome"], row["note"], row["run_id"] or 0, row["at"] or "")
        for row in rows
    ]


def settle(ledger: Ledger, rollout: int, site: str, *, outcome: str, note: str = "", run: int = 0) -> None:
    """Keep what became of a site."""
    ledger.execute(
        "UPDATE rollout_site SET outcome = ?, note = ?, run_id = ?, at = ? WHERE rollout_id = ? AND site = ?",
        (outcome, note, run or None, clock.now(), rollout, site),
    )


def set_state(ledger: Ledger, rollout: int, state: str) -> None:
    """Keep how a rollout stands."""
    finished = clock.now() if state == FINISHED else None
    ledger.execute("UPDATE rollout SET state = ?, finished = ? WHERE id = ?", (state, finished, rollout))


def _rollout(row: Row) -> Rollout:
    return Rollout(
        row["id"], row["template"], row["version"], json.loads(row["limits"]), row["state"], row["started"],
        row["finished"] or "",
    )  # fmt: skip
