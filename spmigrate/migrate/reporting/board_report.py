"""The board of all waves and shares, as topics of a page and of a workbook. Pure."""

from collections.abc import Mapping

from spmigrate.formats.grid import Column, Grid, Topic, count, path, size
from spmigrate.formats.topics import Report
from spmigrate.migrate.board import Board, Share, Week
from spmigrate.migrate.timetable import said_hours
from spmigrate.model import Amount, Bar, Chart, Explanation
from spmigrate.words import day, plural, spoken, visible
from spmigrate.words import size as said_size

MARKING = "OFFICIAL-SENSITIVE"
"""Names of shares and files can tell about people."""

_NOT_COVERED = (
    "Shares that nobody has scanned, and what scans could not look into.",
    "Files that came to a share after its last scan.",
    "What was moved by other tools, or by hand.",
    "The plan of a wave as it was before it started: later plans do not change what it is held against.",
)
_CHART_WEEKS = 26
"""The latest weeks are drawn; the table has all of them."""


def report(found: Board, explanations: Mapping[str, Explanation], *, made: tuple[tuple[str, str], ...] = ()) -> Report:
    """The whole board; `made` are facts of its making."""
    topics = (
        _summary(found), Topic("Burn-down", _said(found.weeks), charts=_chart(found.weeks), grids=(weeks(found),)),
        Topic("Waves", grids=(waves(found),)),
        Topic("Shares", grids=(shares(found),)),
        Topic("What is left, and why", _left_says(found.shares), grids=(residue(found),)),
        Topic("What has to be looked at", _snags_say(found), grids=(snags(found, explanations),)),
    )  # fmt: skip
    return Report("Board of waves", MARKING, made, topics, _NOT_COVERED)


def sentence(found: Board) -> str:
    """When everything has moved, as a sentence of its own."""
    said = ends(found)
    return f"It ends {said}." if found.left.items else f"{said[:1].upper()}{said[1:]}."


def ends(found: Board) -> str:
    """When everything has moved, as a range, in words."""
    if not found.left.items:
        return "nothing is left to move in any wave"
    said = [
        spoken(found.timetable.windows.said(end)) if end else "no end in sight"
        for end in (found.timetable.ends(found.forecast.least), found.timetable.ends(found.forecast.most))
    ]
    return f"between {said[0]} and {said[1]}" if said[0] != said[1] else f"on {said[0]}"


def _summary(found: Board) -> Topic:
    whole = sum((each.whole for each in found.shares), Amount())
    moved = sum((each.moved for each in found.shares), Amount())
    hours = f"{said_hours(found.forecast.least)} to {said_hours(found.forecast.most)} of windows"
    facts = (
        ("Shares", f"{plural(whole.items, 'file')}, {said_size(whole.bytes)} as last scanned"),
        ("In their new home", f"{plural(moved.items, 'file')}, {said_size(moved.bytes)} ({_part(moved, whole)})"),
        ("Left to move in waves", f"{plural(found.left.items, 'file')}, {said_size(found.left.bytes)}"),
        ("That takes", f"{hours}, decided by {found.forecast.decided_by}"),
        ("It ends", ends(found)),
        ("To be looked at", plural(sum(each.count for each in found.snags), "thing")),
    )
    return Topic("Where it stands", facts=facts)


def weeks(found: Board) -> Grid:
    """The burn-down, week by week."""
    columns = (
        Column("Week of", width=20), count("Files planned"), count("Files done"), count("Planned to be left"),
        count("Left"), size("Size planned"), size("Size done"), size("Size left"),
    )  # fmt: skip
    return Grid("Burn-down", "Planned and done, week by week", columns, tuple(map(_week, found.weeks)))


def _week(each: Week) -> tuple[str | int, ...]:
    done, left = each.done, each.left
    return (
        day(each.monday), each.planned.items, "not yet" if done is None else done.items, each.planned_left.items,
        "not yet" if left is None else left.items, each.planned.bytes, "not yet" if done is None else done.bytes,
        "not yet" if left is None else left.bytes,
    )  # fmt: skip


def _said(found: tuple[Week, ...]) -> tuple[str, ...]:
    come = [each for each in found if each.left is not None]
    if not come:
        return ("No wave has been planned in time yet.",) if not found else ("No planned week has come yet.",)
    last = come[-1]
    assert last.left is not None
    behind = last.left.items - last.planned_left.items
    word = "behind" if behind > 0 else "ahead of" if behind < 0 else "as"
    how = f"{plural(abs(behind), 'file')} {word} the plan" if behind else "just as planned"
    return (f"At the end of the week of {day(last.monday)}, {plural(last.left.items, 'file')} left: {how}.",)


def _chart(found: tuple[Week, ...]) -> tuple[Chart, ...]:
    if not found:
        return ()
    bars: list[Bar] = []
    for each in found[-_CHART_WEEKS:]:
        planned = each.planned_left.items
        bars.append(Bar(f"{day(each.monday)}, planned", planned, f"{planned:,} left"))
        if each.left is not None:
            bars.append(Bar(f"{day(each.monday)}, really", each.left.items, f"{each.left.items:,} left"))
    says = f"Two bars for each week, planned and real: how many files are left at its end. {' '.join(_said(found))}"
    return (Chart("Files left at the end of each week", says, tuple(bars)),)


def waves(found: Board) -> Grid:
    """Every wave."""
    columns = (
        Column("Wave", width=24), Column("State", width=14), count("Files to move"), count("Copied"),
        count("Other outcomes"), count("Left"), size("Size left"),
    )  # fmt: skip
    rows = tuple(
        (visible(each.name), each.state, each.whole.items, each.moved.items, each.failed.items, each.left.items,
         each.left.bytes)
        for each in found.waves
    )  # fmt: skip
    return Grid("Waves", "Waves", columns, rows)


def shares(found: Board) -> Grid:
    """Every share."""
    columns = (
        Column("Share", width=24), count("Files"), size("Size"), count("Moved"), Column("Part moved", width=12),
        count("Left"), size("Size left"),
    )  # fmt: skip
    rows = tuple(
        (visible(each.name), each.whole.items, each.whole.bytes, each.moved.items, _part(each.moved, each.whole),
         each.left.items, each.left.bytes)
        for each in found.shares
    )  # fmt: skip
    return Grid("Shares", "Shares", columns, rows)


def residue(found: Board) -> Grid:
    """What is left of every share, by cause, with what to do."""
    columns = (
        Column("Share", width=20), Column("Why", width=50), Column("Code", width=18), count("Files"), size("Size"),
        Column("What to do", width=60),
    )  # fmt: skip
    rows = tuple(
        (visible(each.share), each.cause, each.code, each.amount.items, each.amount.bytes, each.remedy)
        for share in found.shares
        for each in share.residue
    )
    return Grid("Residue", "What is left of each share, by cause", columns, rows)


def _left_says(found: tuple[Share, ...]) -> tuple[str, ...]:
    left = sum((each.left for each in found), Amount())
    if not left.items:
        return ("Nothing is left on any share that was scanned.",)
    return (f"{plural(left.items, 'file')}, {said_size(left.bytes)} are not in a new home. What stays by decision or by"
            " rule is among them, with its reason.",)  # fmt: skip


def snags(found: Board, explanations: Mapping[str, Explanation]) -> Grid:
    """What somebody has to look at, wave by wave."""
    columns = (
        Column("Wave", width=20), Column("What", width=30), count("Files"), path("For example"),
        Column("What to do", width=60),
    )  # fmt: skip
    rows = tuple(
        (visible(each.wave), each.kind, each.count, visible(each.example), remedy(each.kind, explanations))
        for each in found.snags
    )
    return Grid("Snags", "What has to be looked at", columns, rows)


def remedy(kind: str, explanations: Mapping[str, Explanation]) -> str:
    """What to do about a snag of this kind."""
    if kind == "unexplained":
        return "ask who put these files among the copies; no wave did"
    if kind.startswith("verified: "):
        return "compare the copy with its original, and ask the owner which counts"
    known = explanations.get(kind.removeprefix("failed: "))
    return known.remedy if known else ""


def _snags_say(found: Board) -> tuple[str, ...]:
    if not found.snags:
        return ("Nothing: no file has failed unwaived, every copy that was looked at is equal.",)
    return (f"{plural(sum(each.count for each in found.snags), 'file')}, by wave and by cause.",)


def _part(some: Amount, whole: Amount) -> str:
    """A part as people say it: never all while something is left, never none once something has moved."""
    if not whole.items or some.items == whole.items:
        return "100 %" if whole.items else "nothing there"
    percent = 100 * some.items / whole.items
    return f"{min(max(percent, 0.1 if some.items else 0.0), 99.9):.1f} %"
