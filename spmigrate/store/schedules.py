"""Which wave waits for which, and what was planned to move when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spmigrate.model import Amount
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

_DONE = ("moved", "verified", "accepted")


@dataclass(frozen=True, slots=True)
class Before:
    """A wave that another waits for, its state, and when it is planned to end at the latest."""

    name: str
    state: str
    ends: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether everything of it has moved."""
        return self.state in _DONE


@dataclass(frozen=True, slots=True)
class Schedule:
    """The plan of a wave in time: from when to which cutover, and when it ends at best and at worst."""

    starts: datetime
    until: datetime
    least_end: datetime | None
    most_end: datetime | None


def follow(ledger: Ledger, wave: Wave, before: Sequence[Wave]) -> None:
    """Let a wave wait for these, and for no others any more."""
    with ledger.transaction():
        ledger.execute("DELETE FROM wave_after WHERE wave_id = ?", (wave.id,))
        ledger.execute_many(
            "INSERT INTO wave_after(wave_id, after_id) VALUES(?, ?)",
            sorted({(wave.id, each.id) for each in before}),
        )


def before(ledger: Ledger, wave: Wave) -> list[Before]:
    """The waves that this one waits for, by name."""
    rows = ledger.rows(
        "SELECT w.name, w.state, s.most_end FROM wave_after a JOIN wave w ON w.id = a.after_id"
        " LEFT JOIN wave_schedule s ON s.wave_id = w.id WHERE a.wave_id = ? ORDER BY w.name",
        (wave.id,),
    )
    return [Before(row["name"], row["state"], _moment(row["most_end"])) for row in rows]


def links(ledger: Ledger) -> dict[str, set[str]]:
    """Every wave that waits, and those that it waits for, by name."""
    found: dict[str, set[str]] = {}
    for row in ledger.rows(
        "SELECT w.name AS name, b.name AS before FROM wave_after a JOIN wave w ON w.id = a.wave_id"
        " JOIN wave b ON b.id = a.after_id ORDER BY w.name, b.name"
    ):
        found.setdefault(row["name"], set()).add(row["before"])
    return found


def keep(ledger: Ledger, wave: Wave, schedule: Schedule, weeks: Mapping[date, Amount]) -> None:
    """Keep the plan of a wave in time, in the place of an earlier one."""
    with ledger.transaction():
        ledger.execute("DELETE FROM wave_schedule WHERE wave_id = ?", (wave.id,))
        ledger.execute("DELETE FROM wave_week WHERE wave_id = ?", (wave.id,))
        ledger.execute(
            "INSERT INTO wave_schedule(wave_id, at, starts, until, least_end, most_end) VALUES(?, ?, ?, ?, ?, ?)",
            (
                wave.id, clock.now(), schedule.starts.isoformat(), schedule.until.isoformat(),
                _text(schedule.least_end), _text(schedule.most_end),
            ),
        )  # fmt: skip
        ledger.execute_many(
            "INSERT INTO wave_week(wave_id, week, items, bytes) VALUES(?, ?, ?, ?)",
            [(wave.id, week.isoformat(), each.items, each.bytes) for week, each in sorted(weeks.items())],
        )


def schedule(ledger: Ledger, wave: Wave) -> Schedule | None:
    """The plan of a wave in time, None where there is none."""
    row = ledger.one("SELECT starts, until, least_end, most_end FROM wave_schedule WHERE wave_id = ?", (wave.id,))
    if row is None:
        return None
    starts, until = datetime.fromisoformat(row["starts"]), datetime.fromisoformat(row["until"])
    return Schedule(starts, until, _moment(row["least_end"]), _moment(row["most_end"]))


def planned_weeks(ledger: Ledger, wave_ids: Sequence[int]) -> dict[date, Amount]:
    """What these waves were planned to move in each week, by its Monday."""
    if not wave_ids:
        return {}
    rows = ledger.rows(
        f"SELECT week, sum(items), sum(bytes) FROM wave_week WHERE wave_id IN ({','.join('?' * len(wave_ids))})"  # noqa: S608
        " GROUP BY week ORDER BY week",
        tuple(wave_ids),
    )
    return {date.fromisoformat(row[0]): Amount(int(row[1]), int(row[2])) for row in rows}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
