"""How fast waves really moved, hour by hour, as the ledger has it; and how much of a wave has still to move."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from spmigrate.model import Amount
from spmigrate.store.ledger import Ledger, Row

_NOTHING = Amount()
SMALL, LARGE = 500_000, 10_000_000
"""Bytes from which a file is one of the middle class, and of the large one."""

_BY_CLASS = (
    f" sum(CASE WHEN t.size < {SMALL} THEN 1 ELSE 0 END), sum(CASE WHEN t.size < {SMALL} THEN t.size ELSE 0 END),"
    f" sum(CASE WHEN t.size >= {SMALL} AND t.size < {LARGE} THEN 1 ELSE 0 END),"
    f" sum(CASE WHEN t.size >= {SMALL} AND t.size < {LARGE} THEN t.size ELSE 0 END),"
    f" sum(CASE WHEN t.size >= {LARGE} THEN 1 ELSE 0 END),"
    f" sum(CASE WHEN t.size >= {LARGE} THEN t.size ELSE 0 END)"
)


@dataclass(frozen=True, slots=True)
class Mix:
    """Files by size: small ones under 500 KB, middle ones under 10 MB, and large ones."""

    small: Amount = _NOTHING
    middle: Amount = _NOTHING
    large: Amount = _NOTHING

    def __add__(self, other: "Mix") -> "Mix":
        return Mix(self.small + other.small, self.middle + other.middle, self.large + other.large)

    @property
    def classes(self) -> tuple[tuple[str, Amount], ...]:
        """The three classes with what people call them."""
        return (("under 500 KB", self.small), ("500 KB to 10 MB", self.middle), ("over 10 MB", self.large))

    @property
    def total(self) -> Amount:
        """All of it."""
        return self.small + self.middle + self.large


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """What a wave copied without a pause of an hour: when it began, what, how many minutes something arrived, by whom.

    `threads` is how many files went at once; None where the ledger does not know.
    """

    wave: str
    began: datetime
    mix: Mix
    minutes: int
    threads: int | None


def left(ledger: Ledger, wave_ids: Sequence[int] = ()) -> dict[str, Mix]:
    """What has still to move, by route: of these waves, of all without any."""
    chosen = ",".join("?" * len(wave_ids))
    where = f" AND t.wave_id IN ({chosen})" if wave_ids else ""
    rows = ledger.rows(
        f"SELECT b.route,{_BY_CLASS} FROM transfer t JOIN batch b ON b.id = t.batch_id"  # noqa: S608 - marks alone
        f" WHERE t.state <> 'finished' AND t.superseded IS NULL AND t.gone IS NULL{where}"
        " GROUP BY b.route ORDER BY b.route",
        tuple(wave_ids),
    )
    return {row[0]: _mix(row, 1) for row in rows}


def runs(ledger: Ledger) -> list[MeasuredRun]:
    """What waves copied so far, run by run, oldest first."""
    threads = {
        row[0]: row[1] for row in ledger.rows("SELECT wave_id, max(threads) FROM worker GROUP BY wave_id ORDER BY 1")
    }
    hours = ledger.rows(
        "SELECT t.wave_id, w.name, substr(t.at, 1, 13), count(DISTINCT substr(t.at, 1, 16)),"  # noqa: S608
        f"{_BY_CLASS} FROM transfer t JOIN wave w ON w.id = t.wave_id"
        " WHERE t.outcome = 'copied' AND t.at IS NOT NULL GROUP BY t.wave_id, w.name, substr(t.at, 1, 13)"
        " ORDER BY t.wave_id, substr(t.at, 1, 13)"
    )
    return sorted(_joined(hours, threads), key=lambda each: (each.began, each.wave))


def _joined(hours: Iterator[Row], threads: dict[int, int]) -> Iterator[MeasuredRun]:
    """Hours that follow each other as one run."""
    held: MeasuredRun | None = None
    follows: datetime | None = None
    for row in hours:
        at = datetime.fromisoformat(f"{row[2]}:00:00+00:00")
        if held and held.wave == row[1] and at == follows:
            held = MeasuredRun(held.wave, held.began, held.mix + _mix(row, 4), held.minutes + row[3], held.threads)
        else:
            if held:
                yield held
            held = MeasuredRun(row[1], at, _mix(row, 4), row[3], threads.get(row[0]))
        follows = at + timedelta(hours=1)
    if held:
        yield held


def _mix(row: Row, first: int) -> Mix:
    numbers = [int(row[n] or 0) for n in range(first, first + 6)]
    return Mix(Amount(*numbers[0:2]), Amount(*numbers[2:4]), Amount(*numbers[4:6]))
