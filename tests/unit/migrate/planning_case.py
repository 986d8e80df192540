"""Waves of a small estate, planned, and begun."""

from pathlib import Path

from spmigrate.migrate import planning
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, waves
from spmigrate.store.batches import Moved
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, gate, library, sign, write

HOME = library()


def plan(ledger: Ledger, name: str, sheet_ids: list[str] | None = None, *, tenant: str = "") -> waves.Wave:
    return planning.plan(ledger, name, sheet_ids, tenant=tenant, gate=gate(ledger))


def targets(ledger: Ledger) -> dict[str, tuple[str | None, str | None]]:
    """What planning says of each item, by its path at the source: outcome and code, or the path at the destination."""
    rows = ledger.rows(
        "SELECT d.path || '/' || i.name AS path, t.* FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id"
    )
    return {
        row["path"].strip("/"): (row["outcome"], row["code"])
        if row["outcome"]
        else (None, f"{row['target_folder']}/{row['target_name']}".strip("/"))
        for row in rows
    }


def finish(ledger: Ledger, wave: waves.Wave, name: str, outcome: Outcome, code: str | None = None) -> None:
    """Record an outcome for one file of the first batch, as a run would."""
    leases.release(ledger, wave)
    batch = leases.claim(ledger, wave, owner="test")
    assert batch is not None
    (item,) = (each for each in batches.transfers(ledger, batch) if each.target_name == name)
    row = ledger.one("SELECT modified_ns FROM transfer WHERE id = ?", (item.id,))
    assert row is not None
    copied = {"copied_size": item.size, "modified_ns": row[0]} if outcome is Outcome.COPIED else {}
    done = Moved(item.id, item.batch_id, item.size, outcome, code, "why", **copied)  # type: ignore[arg-type]  # keys
    batches.flush(ledger, {batch.id: batch}, intended=[item.id])
    batches.flush(ledger, {batch.id: batch}, moved=[done])


def started(tmp_path: Path, ledger: Ledger) -> waves.Wave:
    """A wave of two rows: of `a`, one file is copied, one on its way, one waits; all of `b` waits."""
    root = tmp_path / "share"
    for name in ("a/1.txt", "a/2.txt", "a/3.txt", "b/4.txt"):
        write(root / name, name.encode())
    sign(ledger, root, {"a": (TIDY, HOME), "b": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    waves.set_state(ledger, wave, "running")
    finish(ledger, wave, "1.txt", Outcome.COPIED)
    ledger.execute("UPDATE transfer SET state = 'copying' WHERE target_name = '2.txt'")
    return waves.get(ledger, "pilot")
