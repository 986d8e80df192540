"""The programs that move: each has one line in the ledger, with what it does and how fast, for whoever watches."""

from dataclasses import dataclass

from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

SILENT_SECONDS = 15.0
"""After which a worker that said nothing counts as gone; it says something every two seconds."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A program that moves files of a wave. `seen_seconds` is how long ago it said something, in seconds.

    The rates are those of the last half minute; `items` and `bytes` what it has finished since it began.
    """

    id: str
    host: str
    process: int
    threads: int
    doing: str
    items: int
    bytes: int
    items_per_s: float
    bytes_per_s: float
    seconds: float
    seen_seconds: float
    ended: bool

    @property
    def lives(self) -> bool:
        """Whether it has not ended and was heard of lately."""
        return not self.ended and self.seen_seconds <= SILENT_SECONDS


@dataclass(frozen=True, slots=True)
class Beat:
    """What a worker says of itself."""

    doing: str
    items: int = 0
    bytes: int = 0
    items_per_s: float = 0.0
    bytes_per_s: float = 0.0


def enter(ledger: Ledger, wave: Wave, *, id_: str, host: str, process: int, threads: int, version: str) -> None:
    """A worker begins with a wave, or takes up another one."""
    now = ledger.moment()
    ledger.execute(
        "INSERT INTO worker(id, wave_id, host, process, version, started, seen_at, threads)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET wave_id = excluded.wave_id,"
        " seen_at = excluded.seen_at, ended = NULL",
        (id_, wave.id, host, process, version, now, now, threads),
    )


def beat(ledger: Ledger, id_: str, said: Beat) -> None:
    """A worker lives, and this is what it does."""
    ledger.execute(
        "UPDATE worker SET seen_at = ?, doing = ?, items = ?, bytes = ?, items_per_s = ?, bytes_per_s = ? WHERE id = ?",
        (ledger.moment(), said.doing, said.items, said.bytes, said.items_per_s, said.bytes_per_s, id_),
    )


def leave(ledger: Ledger, id_: str, why: str) -> None:
    """A worker has ended, and why."""
    ledger.execute(
        "UPDATE worker SET ended = ?, doing = ?, items_per_s = 0, bytes_per_s = 0 WHERE id = ?",
        (ledger.moment(), why, id_),
    )


def of_wave(ledger: Ledger, wave: Wave, limit: int = 20) -> list[Worker]:
    """The workers that a wave had, the latest first."""
    now = ledger.moment()
    rows = ledger.rows(
        "SELECT id, host, process, threads, doing, items, bytes, items_per_s, bytes_per_s, started, seen_at, ended"
        " FROM worker WHERE wave_id = ? ORDER BY seen_at DESC, id LIMIT ?",
        (wave.id, limit),
    )
    return [
        Worker(
            id=row["id"], host=row["host"], process=row["process"], threads=row["threads"], doing=row["doing"],
            items=row["items"], bytes=row["bytes"], items_per_s=row["items_per_s"], bytes_per_s=row["bytes_per_s"],
            seconds=max(row["seen_at"] - row["started"], 0.0), seen_seconds=max(now - row["seen_at"], 0.0),
            ended=row["ended"] is not None,
        )
        for row in rows
    ]  # fmt: skip
