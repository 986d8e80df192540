"""What `wave plan` says about time: windows, forecast, owners, waves before; as text, JSON, a page and a workbook."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spmigrate import __version__
from spmigrate.cli import mapping_rules, view, wave_readiness, wave_windows
from spmigrate.cli import waves as of_waves
from spmigrate.errors import UsageProblem

if TYPE_CHECKING:
    from spmigrate.migrate.outlook import Outlook
    from spmigrate.migrate.windows import Windows
    from spmigrate.store.waves import Wave

_F = TypeVar("_F", bound=Callable[..., Any])
_FREEZE = time(18)
"""The hour of the cutover's day at which the source is closed (the council's protocol)."""
AHEAD = timedelta(days=14)
"""How long before the cutover the bulk copy begins (the same)."""
_DATE = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class Asked:
    """The options about time: what is supposed to be otherwise, from when to when, and where to publish it."""

    start: date | None
    until: date | None
    lost_weeks: int
    workers: int | None
    folder: Path | None

    @property
    def is_supposition(self) -> bool:
        """Whether this asks what would be; nothing is planned anew then."""
        return bool(self.lost_weeks) or self.workers is not None


def options(command: _F) -> _F:
    """The options of `wave plan` about time, gathered as `asked`."""
    for option in reversed((
        click.option("--from", "from_", type=_DATE, metavar="DATE", help="Plan from this day on; from now without it."),
        click.option(
            "--until", type=_DATE, metavar="DATE",
            help="The day of the cutover: everything has moved before it, at 18:00. Without it, two weeks later.",
        ),
        click.option(
            "--lose-weeks", type=click.IntRange(0, 52), default=0, metavar="N",
            help="What if: the windows of the next N weeks are lost. Nothing is planned anew.",
        ),
        click.option(
            "--workers", type=click.IntRange(1, 32), metavar="N",
            help="What if: so many files at once. Nothing is planned anew.",
        ),
        click.option(
            "--publish", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
            help="Write the plan as a page and as a workbook.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def asked(
    from_: datetime | None, until: datetime | None, lose_weeks: int, workers: int | None, publish: Path | None
) -> Asked:
    """The options as one value. Raises UsageProblem when the end lies before the beginning."""
    start, end = from_ and from_.date(), until and until.date()
    if start and end and end < start:
        raise UsageProblem("--until is before --from", hint="the cutover comes after the copying")
    return Asked(start, end, lose_weeks, workers, publish)


def look(session: view.Session, wave: "Wave", chosen: Asked) -> "Outlook":
    """The outlook of a planned wave."""
    from spmigrate.migrate import outlook
    from spmigrate.migrate.outlook import Facts, PlannedRow, Setting
    from spmigrate.migrate.windows import Windows
    from spmigrate.model import Amount
    from spmigrate.store import measured, schedules, waves

    settings = session.settings.config.migrate
    rules = mapping_rules.rulebook(session)
    rows = tuple(
        PlannedRow(row.row_id, row.path, owner, whose)
        for row, owner, whose in wave_windows.concerned(session, wave, rules)
    )
    standing = waves.standing(session.ledger, wave)
    facts = Facts(
        wave=wave.name, load=measured.left(session.ledger, [wave.id]),
        stays=sum(standing.accounting.outcomes.values(), Amount()), rows=rows,
        readiness=wave_readiness.sheets(session, wave, rules), before=tuple(schedules.before(session.ledger, wave)),
        runs=tuple(measured.runs(session.ledger)), go_live=wave_readiness.go_live(rules),
    )  # fmt: skip
    start, until = _span(Windows.of(settings, None), chosen)
    workers = chosen.workers or session.settings.workers
    return outlook.look(facts, settings, rules.calendar, Setting(start, until, workers, chosen.lost_weeks))


def keep(session: view.Session, wave: "Wave", found: "Outlook") -> None:
    """Keep the plan in time of a wave that has not started: the burn-down is held against it."""
    from spmigrate.store import schedules
    from spmigrate.store.schedules import Schedule

    if wave.state != "planned":
        return
    least, most = found.ends
    weeks = found.timetable.weeks(found.amount, found.forecast.most)
    schedules.keep(
        session.ledger, wave, Schedule(found.timetable.begins, found.setting.until, least, most), weeks
    )  # fmt: skip


def show(session: view.Session, wave: "Wave", found: "Outlook", *, supposed: bool) -> None:
    """The plan in time as text: the arithmetic first, then the forecast, and what stands in its way.

    What is only `supposed` is held against the plan that the ledger keeps.
    """
    from spmigrate.migrate.reporting import arithmetic, plan_report
    from spmigrate.store import schedules

    view.line()
    for text in arithmetic.lines(found, session.settings.config.migrate):
        view.line(text)
    best, worst = found.ends
    view.line(f"Forecast: {plan_report.said_range(found)}, decided by {found.forecast.decided_by};")
    view.line(f"  it ends {arithmetic.between(found, best, worst)}.")
    kept = schedules.schedule(session.ledger, wave) if supposed else None
    if kept is not None:
        view.line(f"As it is planned, it ends {arithmetic.between(found, kept.least_end, kept.most_end)}.")
    view.line(f"{found.fit.word[:1].upper()}{found.fit.word[1:]}: {found.fit.says}.")
    if found.cutover_frozen:
        view.line(f"The day of the cutover is frozen. {'. '.join(found.cutover_frozen)}.")
    for each in found.facts.before:
        view.line(f"After wave {each.name}, which is {each.state}.")
    _show_table(plan_report.shut(found))
    _show_table(plan_report.late_owners(found))
    for text in found.facts.go_live:
        view.line(f"Before any wave goes live: {text}.")


def publish(session: view.Session, found: "Outlook", folder: Path) -> dict[str, str]:
    """Write the plan as a page and a workbook; returns what was written where."""
    from spmigrate.formats import topics, workbook
    from spmigrate.migrate.reporting import plan_report
    from spmigrate.report import document, page
    from spmigrate.words import spoken

    made = datetime.now(UTC)
    by = (("Made", spoken(found.timetable.windows.said(made))), ("By", f"spmigrate {__version__}"))
    report = plan_report.report(found, session.settings.config.migrate, made=by)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"plan-{_safe(found.facts.wave)}"
    html, xlsx = folder / f"{name}.html", folder / f"{name}.xlsx"
    page.write(html, document.build(topics.page(report), made=made))
    workbook.write(xlsx, topics.book(report))
    return {"page": str(html.resolve()), "workbook": str(xlsx.resolve())}


def as_json(session: view.Session, found: "Outlook") -> dict[str, Any]:
    """The plan in time as a part of the document; moments are ISO times in UTC."""
    from spmigrate.migrate.reporting import arithmetic

    best, worst = found.ends
    return {
        "outlook": {
            "to_move": of_waves.amount(found.amount), "workers": found.setting.workers,
            "lost_weeks": found.setting.lost_weeks,
            "arithmetic": list(arithmetic.lines(found, session.settings.config.migrate)),
            "from": iso(found.timetable.begins), "cutover": iso(found.setting.until),
            "cutover_frozen": list(found.cutover_frozen),
            "window_hours": round(found.timetable.hours, 2), "hours_a_week": round(found.hours_a_week, 2),
            "forecast": {
                "least_hours": round(found.forecast.least, 3), "most_hours": round(found.forecast.most, 3),
                "decided_by": found.forecast.decided_by, "earliest_end": iso(best), "latest_end": iso(worst),
                "measured_runs": len(found.forecast.measured),
            },
            "fit": found.fit.word, "why": found.fit.says,
            "windows": [
                {"from": iso(each.start), "to": iso(each.end), "hours": round(each.hours, 2)}
                for each in found.timetable.needed(found.forecast.most)
            ],
            "not_used": [
                {"day": each.on.isoformat(), "hours": round(each.hours, 2), "why": list(each.reasons),
                 "rows": list(each.rows)}
                for each in found.shut
            ],
            "rows": [
                {"row": each.row.row_id, "window_hours": round(each.hours, 2), "why_not_all": list(each.why_not)}
                for each in found.rows
            ],
            "owners": [
                {"sheet": each.sheet, "owner": each.owner, "ready": each.is_ready, "rows": each.rows,
                 "signed": each.signed, "countersigned": each.countersigned, "to_countersign": each.to_countersign,
                 "locked": each.locked, "lacks": list(each.lacks), "notes": list(each.notes)}
                for each in found.facts.readiness
            ],
            "go_live": list(found.facts.go_live),
            "after": [
                {"wave": each.name, "state": each.state, "has_moved": each.is_done, "latest_end": iso(each.ends)}
                for each in found.facts.before
            ],
        }
    }  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    """A moment for a document."""
    return moment.astimezone(UTC).isoformat() if moment else None


def _span(windows: "Windows", chosen: Asked) -> tuple[datetime, datetime]:
    now = windows.said(datetime.now(UTC)).replace(second=0, microsecond=0)
    start = max(now, datetime.combine(chosen.start, time(), windows.zone)) if chosen.start else now
    until = chosen.until or start.date() + AHEAD
    return start.astimezone(UTC), datetime.combine(until, _FREEZE, windows.zone).astimezone(UTC)


def _show_table(grid: Any) -> None:
    if grid.rows:
        view.line()
        view.line(f"{grid.caption}:")
        view.table([column.heading for column in grid.columns], grid.rows)


def _safe(name: str) -> str:
    """A wave's name as a part of a file's name."""
    return "".join(each if each.isalnum() or each in "-_" else "-" for each in name) or "wave"
