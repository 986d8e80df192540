"""The plan of a wave in time, as topics of a page and of a workbook. Pure."""

from collections.abc import Iterator, Sequence

from spmigrate.config import MigrateSection
from spmigrate.formats.grid import Column, Grid, Topic, count, path, size
from spmigrate.formats.topics import Report
from spmigrate.migrate import forecast
from spmigrate.migrate.outlook import Outlook, SheetReadiness
from spmigrate.migrate.reporting import arithmetic
from spmigrate.migrate.reporting.arithmetic import moment
from spmigrate.migrate.timetable import said_hours
from spmigrate.store.measured import LARGE, SMALL
from spmigrate.tenant.budget import COUNCIL
from spmigrate.words import day, plural, visible
from spmigrate.words import size as said_size

MARKING = "OFFICIAL-SENSITIVE"
"""Names of folders can tell about people."""

_MOST_ROWS_NAMED = 6
_NOT_COVERED = (
    "Deltas after the bulk copy, verification, and retries of what failed: they need windows of their own.",
    "What the service refuses while others use it: a share of its budget is kept free for that, no more.",
    "Decisions that owners have still to take, and rows that are not signed: they are in no wave.",
    "Freezes that nobody has entered in calendar.yaml, and dates to avoid that are no dates, such as month end.",
)


def report(found: Outlook, settings: MigrateSection, *, made: tuple[tuple[str, str], ...] = ()) -> Report:
    """The whole plan; `made` are facts of its making."""
    facts = (*made, ("Wave", visible(found.facts.wave)), *(_supposed(found)))
    topics = (
        _time(found), Topic("The arithmetic", tuple(arithmetic.lines(found, settings))), _windows(found), _shut(found),
        _rows(found), _readiness(found), _before(found), _measured(found), _assumptions(settings),
    )  # fmt: skip
    return Report(f"Plan of wave {visible(found.facts.wave)}", MARKING, facts, topics, _NOT_COVERED)


def said_range(found: Outlook) -> str:
    """The forecast in hours: `3.1 to 9.4 hours of windows`."""
    least, most = said_hours(found.forecast.least), said_hours(found.forecast.most)
    if least == most:
        return f"{least} of windows"
    return f"{least.removesuffix(' hours')} to {most} of windows"


def _supposed(found: Outlook) -> Iterator[tuple[str, str]]:
    yield "Workers", f"{found.setting.workers}"
    if found.setting.lost_weeks:
        weeks = found.setting.lost_weeks
        yield "Supposed", f"the windows of the next {'week' if weeks == 1 else f'{weeks} weeks'} are lost"


def _time(found: Outlook) -> Topic:
    best, worst = found.ends
    verdict = f"{found.fit.word[:1].upper()}{found.fit.word[1:]}: {found.fit.says}."
    sentences = [
        f"A range, not a promise: {said_range(found)}, decided by {found.forecast.decided_by}.",
        f"It ends {arithmetic.between(found, best, worst)}.",
        verdict,
    ]
    if found.cutover_frozen:
        sentences.append(f"The day of the cutover is frozen. {'. '.join(found.cutover_frozen)}.")
    rows = tuple((each.name, said_hours(each.least), said_hours(each.most)) for each in found.forecast.limits)
    columns = (Column("What could decide it", width=52), Column("At best"), Column("At worst"))
    mixes = tuple(
        (route, mix.small.items, mix.small.bytes, mix.middle.items, mix.middle.bytes, mix.large.items, mix.large.bytes)
        for route, mix in sorted(found.facts.load.items())
    )
    sizes = (
        Column("Route"), count("Files under 500 KB"), size("Their size"), count("500 KB to 10 MB"),
        size("Size of those"), count("Over 10 MB"), size("Size of these"),
    )  # fmt: skip
    grids = (
        Grid("Time", "Hours of windows that the wave takes, by what could decide it", columns, rows),
        Grid("Size mix", "What has to move, by size and route", sizes, mixes),
    )
    return Topic("How long it takes", tuple(sentences), grids=grids)


def _windows(found: Outlook) -> Topic:
    needed = {n: found.timetable.needed(each) for n, each in enumerate((found.forecast.least, found.forecast.most))}
    longer = max(needed.values(), key=len)
    rows = tuple(
        (moment(found, span.start), moment(found, span.end), said_hours(span.hours),
         "yes" if any(each.start == span.start for each in needed[0]) else "no",
         "yes" if span.start < found.setting.until else "no, it is behind it")
        for span in longer
    )  # fmt: skip
    columns = (
        Column("From", width=30), Column("To", width=30), Column("Hours", width=14),
        Column("Needed at best, too", width=18), Column("Before the cutover", width=22),
    )  # fmt: skip
    sentence = f"The longer time fills {plural(len(longer), 'window')}, the shorter one {len(needed[0]):,}."
    return Topic("The windows it needs", (sentence,), grids=(Grid("Windows", "Windows it needs", columns, rows),))


def shut(found: Outlook) -> Grid:
    """The days of windows that are not used, and why."""
    rows = tuple(
        (day(each.on), said_hours(each.hours), ". ".join(each.reasons), _named(each.rows)) for each in found.shut
    )
    columns = (
        Column("Day", width=20), Column("Hours not used", width=16), Column("Why", width=60),
        Column("For which rows", width=44),
    )  # fmt: skip
    return Grid("Frozen days", "Frozen days", columns, rows)


def _shut(found: Outlook) -> Topic:
    days = len(found.shut)
    sentence = (
        f"{plural(days, 'day')} of windows before the cutover {'is' if days == 1 else 'are'} not used. A wave moves as"
        " one: what is frozen for one of its rows is frozen for all of them. Rows that could move on such days go"
        " faster in a wave of their own."
        if days
        else "No window before the cutover lies on a frozen day."
    )
    return Topic("Days that are not used", (sentence,), grids=(shut(found),))


def _named(rows: tuple[str, ...]) -> str:
    if not rows:
        return "everybody"
    more = f" and {len(rows) - _MOST_ROWS_NAMED:,} more" if len(rows) > _MOST_ROWS_NAMED else ""
    return ", ".join(rows[:_MOST_ROWS_NAMED]) + more


def _rows(found: Outlook) -> Topic:
    rows = tuple(
        (each.row.row_id, visible(each.row.path) or "(the root)", each.row.owner, each.row.concerned.units[-1:][0]
         if each.row.concerned.units else "not known", said_hours(each.hours), ". ".join(each.why_not) or "")
        for each in found.rows
    )  # fmt: skip
    columns = (
        Column("Row", width=14), path("Folder"), Column("Owner", width=28), Column("Unit", width=12),
        Column("Windows by itself", width=18), Column("Why not in all", width=60),
    )  # fmt: skip
    return Topic("Rows and their windows", grids=(Grid("Rows", "Windows that each row fits", columns, rows),))


def late_owners(found: Outlook) -> Grid:
    """The sheets whose owners are not ready."""
    return _owners("Owners who are not ready", [each for each in found.facts.readiness if not each.is_ready])


def _readiness(found: Outlook) -> Topic:
    every = found.facts.readiness
    ready = sum(each.is_ready for each in every)
    sentences = [f"{ready:,} of {plural(len(every), 'sheet')} are ready."]
    sentences += [f"Before any wave goes live: {each}." for each in found.facts.go_live]
    return Topic("Whether owners are ready", tuple(sentences), grids=(_owners("Owners", every),))


def _owners(caption: str, every: Sequence[SheetReadiness]) -> Grid:
    columns = (
        Column("Sheet", width=12), Column("Owner", width=28), count("Rows"), count("Signed"),
        Column("Countersigned", width=18), count("Locked"), Column("Trained", width=50), Column("To know", width=50),
    )  # fmt: skip
    return Grid("Owners", caption, columns, tuple(_ready_row(each) for each in every))


def _ready_row(each: SheetReadiness) -> tuple[str | int, ...]:
    needed = f"{each.countersigned:,} of {each.to_countersign:,}" if each.to_countersign else "not needed"
    lacks = "lacks " + "; ".join(each.lacks) if each.lacks else "yes"
    return (each.sheet, each.owner, each.rows, each.signed, needed, each.locked, lacks, ". ".join(each.notes))


def _before(found: Outlook) -> Topic:
    rows = tuple(
        (visible(each.name), each.state, "yes" if each.is_done else f"no, planned until {moment(found, each.ends)}")
        for each in found.facts.before
    )
    columns = (Column("Wave", width=24), Column("State", width=16), Column("Has moved", width=50))
    sentence = "This wave does not run before these have moved." if rows else "This wave waits for no other."
    return Topic("Waves before it", (sentence,), grids=(Grid("Waves before", "Waves before it", columns, rows),))


def _measured(found: Outlook) -> Topic:
    runs = found.facts.runs
    rows = tuple(
        (visible(each.wave), moment(found, each.began), each.mix.total.items, each.mix.total.bytes, each.minutes,
         f"{each.mix.total.items / each.minutes / 60:,.2f}",
         f"{said_size(round(each.mix.total.bytes / each.minutes / 60))}/s",
         "yes" if each.minutes >= forecast.LEAST_MINUTES else "no, too short")
        for each in runs
        if each.minutes
    )  # fmt: skip
    columns = (
        Column("Wave", width=24), Column("From", width=28), count("Files"), size("Size"), count("Minutes"),
        Column("Files a second", width=14), Column("Bytes a second", width=16), Column("Counts", width=16),
    )  # fmt: skip
    sentence = (
        "Each run says how much slower or faster than the model it was; their spread is the range above."
        if any(each.minutes >= forecast.LEAST_MINUTES for each in runs)
        else "Nothing has been measured yet: the range is that of published figures. A rehearsal of one to five per"
        " cent, worst folder included, narrows it."
    )
    return Topic("What earlier runs showed", (sentence,), grids=(Grid("Runs", "Earlier runs", columns, rows),))


def _assumptions(settings: MigrateSection) -> Topic:
    session, package, copy = (forecast.UNITS[route] for route in ("session", "package", "copy"))
    rows = (
        ("A worker's time for a file", f"{forecast.FAST_FILE_SECONDS} to {forecast.SLOW_FILE_SECONDS} s: 15 and 5 files"
         " a second with six workers, what the mover is designed for and what a plan may count on"),
        ("A worker's time for bytes", "2 to 5 GB an hour (published measurements of migration agents), half of that for"
         f" each worker beyond {forecast.LINEAR_WORKERS}"),
        ("Classes of size", f"under {SMALL // 1000:,} KB, under {LARGE // 1_000_000:,} MB, and larger"),
        ("What the service takes", "250 GB to 1 TB a day of small files, 500 GB to 1 TB of middle ones, 1 to 9.6 TB of"
         " large ones (Microsoft's guidance for files of 50 KB, of 1.5 MB, and large ones)"),
        ("What one app may send in", "400 GB an hour (Microsoft's page on throttling)"),
        ("Resource units for a file", f"{session[0]:g} to {session[1]:g} by upload session, {package[0]:g} to"
         f" {package[1]:g} by package, {copy[0]:g} to {copy[1]:g} by copy job"),
        ("Licences of the tenant", f"{settings.licences or COUNCIL}: they decide the budget"),
        ("Room to spare", f"windows hold the longer time {forecast.ROOM} times, or the plan does not fit"),
    )  # fmt: skip
    columns = (Column("Assumption", width=40), Column("Value, and where it comes from", width=90))
    return Topic("Assumptions", grids=(Grid("Assumptions", "Assumptions of the forecast", columns, rows),))
