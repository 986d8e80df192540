"""Runs that changed sites: which command, which plan, how they ended, and what the sites were at before."""

from collections.abc import Iterable
from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row

STOPPED, DONE, FAILED = "stopped", "done", "failed"
"""How a run ended: a run that was killed is stopped; failed means that some of its changes failed."""


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One run. `finished` is empty for one that was stopped, or that still goes on."""

    id: int
    command: str
    plan: str
    started: str
    finished: str
    outcome: str


def begin(ledger: Ledger, command: str, plan: str) -> int:
    """The number of a new run."""
    return ledger.insert("INSERT INTO site_run(command, plan, started) VALUES(?,?,?)", (command, plan, clock.now()))


def finish(ledger: Ledger, run: int, outcome: str) -> None:
    """Keep how a run ended."""
    ledger.execute("UPDATE site_run SET finished = ?, outcome = ? WHERE id = ?", (clock.now(), outcome, run))


def take(ledger: Ledger, run: int, site: str) -> None:
    """Keep, before the first change of a run to a site, which version of which template the site is at."""
    ledger.execute(
        "INSERT INTO site_run_site SELECT ?, ?, template, template_version FROM (SELECT 1) AS once"
        " LEFT JOIN site ON address = ? AND applied IS NOT NULL WHERE 1 = 1 ON CONFLICT DO NOTHING",
        (run, site, site),
    )


def taken(ledger: Ledger, run: int) -> dict[str, tuple[str, int] | None]:
    """The sites that a run changed, each with the template and version that it was at; None for one that was new."""
    rows = ledger.rows("SELECT site, template, template_version FROM site_run_site WHERE run_id = ?", (run,))
    return {row["site"]: (row["template"], row["template_version"]) if row["template"] else None for row in rows}


def touched(ledger: Ledger, plan: str) -> set[str]:
    """The sites that any run of a plan changed."""
    found = ledger.rows("SELECT site FROM site_run_site JOIN site_run ON id = run_id WHERE plan = ?", (plan,))
    return {row["site"] for row in found}


def get(ledger: Ledger, run: int) -> SiteRun | None:
    """The run of this number."""
    row = ledger.one("SELECT * FROM site_run WHERE id = ?", (run,))
    return _run(row) if row else None


def latest(ledger: Ledger, *, limit: int = 10) -> list[SiteRun]:
    """The last runs, the newest first."""
    return _runs(ledger.rows("SELECT * FROM site_run ORDER BY id DESC LIMIT ?", (limit,)))


def _runs(rows: Iterable[Row]) -> list[SiteRun]:
    return [_run(row) for row in rows]


def _run(row: Row) -> SiteRun:
    return SiteRun(row["id"], row["command"], row["plan"], row["started"], row["finished"] or "", row["outcome"])
