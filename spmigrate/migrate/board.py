"""All waves and shares at once: what was planned and what has moved, week by week, and what is left and why. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from spmigrate.migrate import codes
from spmigrate.migrate.forecast import Forecast
from spmigrate.migrate.timetable import Timetable, monday_of
from spmigrate.migrate.windows import Windows
from spmigrate.model import Amount, Explanation, Outcome
from spmigrate.store.board import ShareLine, Snag, WaveLine
from spmigrate.store.coverage import Uncovered

_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=364)
"""How long a burn-down goes on in which nothing happens."""
_GIVEN_UP = ("cancelled", "rolled back")


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the burn-down, by its Monday: planned and done in it, and what should and does remain at its end.

    `done` and `left` are None for weeks that have not come.
    """

    monday: date
    planned: Amount
    planned_left: Amount
    done: Amount | None
    left: Amount | None


@dataclass(frozen=True, slots=True)
class Residue:
    """Files of a share that are not in their new home: why, how many, and what to do."""

    share: str
    cause: str
    code: str
    amount: Amount
    remedy: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share: all of it as its last scan has it, what has moved, and what is left."""

    name: str
    whole: Amount
    moved: Amount
    residue: tuple[Residue, ...]

    @property
    def left(self) -> Amount:
        """What is not in its new home."""
        return Amount(self.whole.items - self.moved.items, self.whole.bytes - self.moved.bytes)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board."""

    waves: tuple[WaveLine, ...]
    weeks: tuple[Week, ...]
    shares: tuple[Share, ...]
    forecast: Forecast
    timetable: Timetable
    snags: tuple[Snag, ...]

    @property
    def left(self) -> Amount:
        """What has still to move in waves that were not given up."""
        return sum((each.left for each in self.waves if each.state not in _GIVEN_UP), Amount())


def active(waves: Iterable[WaveLine]) -> list[int]:
    """The ids of the waves that count: those that were not given up."""
    return [each.id for each in waves if each.state not in _GIVEN_UP]


def burn_down(
    whole: Amount,
    planned: Mapping[date, Amount],
    done: Sequence[tuple[datetime, Amount]],
    windows: Windows,
    today: date,
) -> tuple[Week, ...]:
    """Week by week, from the first in which something was planned or done; `whole` is all that there was to do.

    It ends with the last such week, or with the present one where something is left.
    """
    real: dict[date, Amount] = defaultdict(Amount)
    for at, amount in done:
        real[monday_of(windows.said(at).date())] += amount
    mondays = sorted({*planned, *real})
    if not mondays:
        return ()
    this_week = monday_of(today)
    is_done = sum(real.values(), Amount()).items >= whole.items
    last = mondays[-1] if is_done else max(mondays[-1], min(this_week, mondays[-1] + _LONGEST))
    return tuple(_weeks(whole, planned, real, mondays[0], last, this_week))


def _weeks(
    whole: Amount, planned: Mapping[date, Amount], real: Mapping[date, Amount], first: date, last: date, this_week: date
) -> Iterator[Week]:
    planned_left = left = whole
    monday = first
    while monday <= last:
        plan, did = planned.get(monday, Amount()), real.get(monday, Amount())
        planned_left, left = _less(planned_left, plan), _less(left, did)
        come = monday <= this_week
        yield Week(monday, plan, planned_left, did if come else None, left if come else None)
        monday += _WEEK


def _less(one: Amount, other: Amount) -> Amount:
    return Amount(max(one.items - other.items, 0), max(one.bytes - other.bytes, 0))


def shares(
    lines: Iterable[ShareLine], bare: Iterable[Uncovered], explanations: Mapping[str, Explanation]
) -> tuple[Share, ...]:
    """Every share with what is left of it, by cause, the largest first; `bare` is what is in no row."""
    unmapped: dict[str, Amount] = defaultdict(Amount)
    for folder in bare:
        unmapped[folder.source] += folder.amount
    by_share: dict[str, list[ShareLine]] = defaultdict(list)
    for each in lines:
        by_share[each.share].append(each)
    return tuple(_share(name, found, unmapped[name], explanations) for name, found in sorted(by_share.items()))


def _share(name: str, lines: Sequence[ShareLine], unmapped: Amount, explanations: Mapping[str, Explanation]) -> Share:
    whole = sum((each.amount for each in lines), Amount())
    moved = sum((each.amount for each in lines if _has_moved(each)), Amount())
    found: dict[tuple[str, str, str], Amount] = defaultdict(Amount)
    for each in lines:
        if not _has_moved(each):
            for cause, amount in _causes(each, unmapped, explanations):
                found[cause] += amount
    residue = [Residue(name, cause, code, amount, remedy) for (cause, code, remedy), amount in found.items()]
    return Share(name, whole, moved, tuple(sorted(residue, key=lambda each: (-each.amount.items, each.cause))))


def _has_moved(line: ShareLine) -> bool:
    if line.wave_state == "rolled back":
        return False
    return line.outcome == Outcome.COPIED or line.code == codes.MOVED_ALREADY.code


def _causes(
    line: ShareLine, unmapped: Amount, explanations: Mapping[str, Explanation]
) -> Iterator[tuple[tuple[str, str, str], Amount]]:
    """Why files with one fate are left, and what to do."""
    if line.wave_state is None:
        bare = Amount(min(unmapped.items, line.amount.items), min(unmapped.bytes, line.amount.bytes))
        if bare.items:
            yield ("in no row of any sheet", "", "issue the sheet again, which adds it: spmigrate mapping issue"), bare
        rest = _less(line.amount, bare)
        if rest.items:
            yield (
                ("in a row, in no wave yet", "", "see whose turn it is (spmigrate mapping status), then plan it"),
                rest,
            )
    elif line.wave_state in _GIVEN_UP:
        yield (f"its wave was {line.wave_state}", "", "plan it in another wave"), line.amount
    elif line.outcome is None:
        yield ("still to move", "", "run its wave: spmigrate wave run WAVE"), line.amount
    else:
        known = explanations.get(line.code, Explanation(line.code or "no reason is known", ""))
        yield (f"{line.outcome}: {known.title}", line.code, known.remedy), line.amount
