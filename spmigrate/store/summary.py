"""Questions that reports ask of the ledger, across its nouns. Reads only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spmigrate.model import Amount
from spmigrate.store.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class Cause:
    """Items with one outcome for one reason, and an example to recognise it by."""

    outcome: str
    code: str
    reason: str
    amount: Amount
    example: str


def sources(ledger: Ledger) -> list[Row]:
    """Each source with its last scan: name, root, state, started, ended, folders, items, bytes, unseen, digest."""
    return list(
        ledger.rows(
            "SELECT s.id, s.name, s.root, c.state, c.started, c.ended, c.folders, c.items, c.bytes, c.unseen, c.digest"
            " FROM source s JOIN scan c ON c.id = s.scan_id ORDER BY s.name"
        )
    )


def findings_by_code(ledger: Ledger) -> list[Row]:
    """Findings of the last scan of every source, counted by code: code, severity, treatment, count, example."""
    return list(
        ledger.rows(
            "SELECT f.code, f.severity, f.treatment, count(*) AS count,"
            " min(CASE WHEN f.item_id IS NULL THEN d.path ELSE d.path || '/' || i.name END) AS example"
            " FROM finding f JOIN source s ON s.scan_id = f.scan_id JOIN folder d ON d.id = f.folder_id"
            " LEFT JOIN item i ON i.id = f.item_id GROUP BY f.code, f.severity, f.treatment ORDER BY count DESC, f.code"
        )
    )


def sites(ledger: Ledger) -> list[Row]:
    """Sites that were applied: address, name, url, template, template_version, applied."""
    return list(
        ledger.rows("SELECT address, name, url, template, template_version, applied FROM site ORDER BY address")
    )


def sheets(ledger: Ledger) -> list[Row]:
    """Sheets with their number of rows."""
    return list(
        ledger.rows(
            "SELECT h.id, h.file, h.owner, h.issued,"
            " (SELECT count(*) FROM mapping_row r WHERE r.sheet_id = h.id) AS row_count FROM sheet h ORDER BY h.id"
        )
    )


def signoffs(ledger: Ledger, sheet_id: str) -> list[Row]:
    """Every sign-off of a sheet, oldest first: at, signer, role, evidence, statement, digest, rows."""
    return list(
        ledger.rows(
            "SELECT o.at, o.signer, o.role, o.evidence, o.statement, o.digest,"
            " (SELECT count(*) FROM signoff_row r WHERE r.signoff_id = o.id) AS rows"
            " FROM signoff o WHERE o.sheet_id = ? ORDER BY o.id",
            (sheet_id,),
        )
    )


def waves(ledger: Ledger) -> list[Row]:
    """Waves: id, name, round, state, created."""
    return list(ledger.rows("SELECT id, name, round, state, created FROM wave ORDER BY id"))


def causes(ledger: Ledger, wave_id: int) -> list[Cause]:
    """Why items of a wave did not move, largest first."""
    rows = ledger.rows(
        "SELECT t.outcome, t.code, min(t.reason) AS reason, count(*) AS items, sum(t.size) AS bytes,"
        " min(d.path || '/' || i.name) AS example FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id WHERE t.wave_id = ? AND t.outcome <> 'copied'"
        " AND t.superseded IS NULL AND t.gone IS NULL GROUP BY t.outcome, t.code ORDER BY items DESC, t.code",
        (wave_id,),
    )
    return [
        Cause(
            row["outcome"], row["code"] or "", row["reason"] or "", Amount(row["items"], row["bytes"]), row["example"]
        )
        for row in rows
    ]


def verification(ledger: Ledger, wave_id: int) -> list[Row]:
    """Copied items of a wave by what verification said: verified, items, bytes."""
    return list(
        ledger.rows(
            "SELECT coalesce(verified, 'not yet') AS verified, count(*) AS items, sum(size) AS bytes FROM transfer"
            " WHERE wave_id = ? AND outcome = 'copied' AND superseded IS NULL AND gone IS NULL GROUP BY 1 ORDER BY 1",
            (wave_id,),
        )
    )


def crosswalk(ledger: Ledger) -> Iterator[Row]:
    """Every item of every wave: where it was, what became of it, where it is now, and its digests. Streams."""
    return ledger.rows(
        "SELECT w.name AS wave, s.name AS source, d.path || '/' || i.name AS path, t.size, t.outcome, t.code, t.reason,"
        " t.site, t.library, t.target_folder, t.target_name, h.url, t.sha256, t.quickxor, t.verified"
        " FROM transfer t"
        " LEFT JOIN site h ON h.address = t.site JOIN wave w ON w.id = t.wave_id"
        " JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id"
        " JOIN source s ON s.id = i.source_id WHERE t.superseded IS NULL AND t.gone IS NULL ORDER BY t.id"
    )


def last_check(ledger: Ledger, kind: str) -> Row | None:
    """The newest run of the rules (`rule`) or the partner checks (`partner`)."""
    return ledger.one("SELECT * FROM check_run WHERE kind = ? ORDER BY id DESC LIMIT 1", (kind,))


def results(ledger: Ledger, check_run_id: int) -> list[dict[str, Any]]:
    """What a check run said, worst first; passes are counted elsewhere and not listed."""
    rows = ledger.rows(
        "SELECT rule, title, severity, subject_kind, subject, result, message, remedy, waiver FROM result"
        " WHERE check_run_id = ? AND result IN ('fail', 'unknown')"
        " ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3"
        " ELSE 4 END, rule, subject",
        (check_run_id,),
    )
    return [dict(row) for row in rows]


def result_counts(ledger: Ledger, check_run_id: int) -> dict[str, int]:
    """How many results of each kind a check run has."""
    rows = ledger.rows("SELECT result, count(*) FROM result WHERE check_run_id = ? GROUP BY result", (check_run_id,))
    return {row[0]: row[1] for row in rows}


def coverage(run: Row) -> dict[str, Any]:
    """What a check run could and could not look at."""
    found: dict[str, Any] = json.loads(run["coverage"])
    return found


def failures(ledger: Ledger, wave_id: int) -> list[Row]:
    """Every failed item of a wave: path, code, reason."""
    return list(
        ledger.rows(
            "SELECT d.path || '/' || i.name AS path, t.code, t.reason FROM transfer t JOIN item i ON i.id = t.item_id"
            " JOIN folder d ON d.id = i.folder_id WHERE t.wave_id = ? AND t.outcome = 'failed'"
            " AND t.superseded IS NULL AND t.gone IS NULL ORDER BY path",
            (wave_id,),
        )
    )
