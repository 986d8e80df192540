"""`spmigrate wave board`: all waves and shares at once, for the terminal, as a page, as a workbook, and as JSON."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import __version__, words
from spmigrate.cli import mapping_rules, view, wave_outlook
from spmigrate.cli import waves as of_waves
from spmigrate.cli.report import explanations
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.formats.grid import Grid
    from spmigrate.migrate.board import Board, Share, Week

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--html", type=_FILE, metavar="FILE", help="Write the board as a page.")
@click.option("--xlsx", type=_FILE, metavar="FILE", help="Write the same as a workbook, a sheet for each table.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As of this day; today without it.")
@view.json_option
@view.pass_session
def board(session: view.Session, html: Path | None, xlsx: Path | None, on: datetime | None, json_: bool) -> ExitCode:
    """Show all waves: planned and moved by week, what is left of each share and why, and when it ends.

    Exit codes: 0 nothing is left to move, and nothing has to be looked at; 3 something has to be looked at; 4 files
    have still to move.
    """
    if html and xlsx and html.resolve() == xlsx.resolve():
        raise UsageProblem("--html and --xlsx name the same file", hint="give each its own")
    found = _look(session, on and on.date())
    written = _write(session, found, html=html, xlsx=xlsx)
    if json_:
        view.document(_as_json(found) | ({"written": written} if written else {}))
    else:
        _show(found)
        for what, path in written.items():
            view.line(f"{what + ':':<9} {path}")
    codes = [ExitCode.FINDINGS] if found.snags else []
    return ExitCode.worst(*codes, *([ExitCode.PENDING] if found.left.items else []))


def _look(session: view.Session, on: date | None) -> "Board":
    from spmigrate.migrate import board as boards
    from spmigrate.migrate import outlook
    from spmigrate.migrate.outlook import Facts, Setting
    from spmigrate.migrate.windows import Windows
    from spmigrate.model import Amount
    from spmigrate.store import board as lines
    from spmigrate.store import coverage, inventory, measured, schedules

    ledger, settings = session.ledger, session.settings.config.migrate
    windows = Windows.of(settings, None)
    start = datetime.combine(on, time(), windows.zone).astimezone(UTC) if on else datetime.now(UTC)
    waves = lines.wave_lines(ledger)
    active = boards.active(waves)
    load = measured.left(ledger, active) if active else {}
    facts = Facts("all waves", load, Amount(), (), runs=tuple(measured.runs(ledger)))
    setting = Setting(start, windows.later(start, wave_outlook.AHEAD.days), session.settings.workers)
    found = outlook.look(facts, settings, mapping_rules.rulebook(session).calendar, setting)
    whole = sum((each.whole for each in waves if each.id in active), Amount())
    bare = coverage.in_no_row(ledger, [each.id for each in inventory.sources(ledger)])
    return boards.Board(
        waves=tuple(waves),
        weeks=boards.burn_down(
            whole, schedules.planned_weeks(ledger, active), lines.moved_by_hour(ledger, active), windows,
            windows.said(start).date(),
        ),
        shares=boards.shares(lines.share_lines(ledger), bare, explanations()),
        forecast=found.forecast, timetable=found.timetable, snags=tuple(lines.snags(ledger)),
    )  # fmt: skip


def _write(session: view.Session, found: "Board", *, html: Path | None, xlsx: Path | None) -> dict[str, str]:
    if html is None and xlsx is None:
        return {}
    from spmigrate.formats import topics, workbook
    from spmigrate.migrate.reporting import board_report
    from spmigrate.report import document, page
    from spmigrate.words import spoken

    made = datetime.now(UTC)
    by = (("Made", spoken(found.timetable.windows.said(made))), ("By", f"spmigrate {__version__}"),
          ("Tenant", session.tenant_name))  # fmt: skip
    report = board_report.report(found, explanations(), made=by)
    written = {}
    if html is not None:
        page.write(html, document.build(topics.page(report), made=made))
        written["page"] = str(html.resolve())
    if xlsx is not None:
        workbook.write(xlsx, topics.book(report))
        written["workbook"] = str(xlsx.resolve())
    return written


def _show(found: "Board") -> None:
    from spmigrate.migrate.reporting import board_report
    from spmigrate.migrate.reporting.board_report import remedy

    view.line(board_report.sentence(found))
    for grid in (board_report.weeks(found), board_report.waves(found), board_report.shares(found)):
        _show_grid(grid)
    left = [
        (f"{share.name}: {words.plural(each.amount.items, 'file')}, {words.size(each.amount.bytes)}: {each.cause}",
         each.remedy)
        for share in found.shares
        for each in share.residue
    ]  # fmt: skip
    _show_lines("What is left of each share, by cause, and what to do", left)
    explained = explanations()
    open_ = [
        (f"{each.wave}: {words.plural(each.count, 'file')} {each.kind}, such as {each.example}",
         remedy(each.kind, explained))
        for each in found.snags
    ]  # fmt: skip
    _show_lines("What has to be looked at", open_)


def _show_grid(grid: "Grid") -> None:
    from spmigrate.formats.grid import Topic, section

    for table in section(Topic(grid.caption, grids=(grid,))).tables:
        view.line()
        view.line(f"{table.caption}:")
        view.table(table.headings, table.rows)


def _show_lines(title: str, lines: list[tuple[str, str]]) -> None:
    """Sentences in whole, as a table would cut what to do."""
    if lines:
        view.line()
        view.line(f"{title}:")
    for text, todo in lines:
        view.line(f"  {text}")
        if todo:
            view.line(f"    {todo}")


def _as_json(found: "Board") -> dict[str, Any]:
    from spmigrate.migrate.reporting import board_report

    ends = (found.timetable.ends(found.forecast.least), found.timetable.ends(found.forecast.most))
    return {
        "left": of_waves.amount(found.left),
        "forecast": {
            "least_hours": round(found.forecast.least, 3), "most_hours": round(found.forecast.most, 3),
            "decided_by": found.forecast.decided_by, "earliest_end": wave_outlook.iso(ends[0]),
            "latest_end": wave_outlook.iso(ends[1]), "says": board_report.ends(found),
        },
        "weeks": [_week_as_json(each) for each in found.weeks],
        "waves": [
            {"wave": each.name, "state": each.state, "to_move": of_waves.amount(each.whole),
             "copied": of_waves.amount(each.moved), "other_outcomes": of_waves.amount(each.failed),
             "left": of_waves.amount(each.left)}
            for each in found.waves
        ],
        "shares": [_share_as_json(each) for each in found.shares],
        "snags": [
            {"wave": each.wave, "what": each.kind, "count": each.count, "example": each.example}
            for each in found.snags
        ],
    }  # fmt: skip


def _week_as_json(each: "Week") -> dict[str, Any]:
    return {
        "week": each.monday.isoformat(), "planned": of_waves.amount(each.planned),
        "planned_left": of_waves.amount(each.planned_left),
        "done": None if each.done is None else of_waves.amount(each.done),
        "left": None if each.left is None else of_waves.amount(each.left),
    }  # fmt: skip


def _share_as_json(share: "Share") -> dict[str, Any]:
    return {
        "share": share.name, "whole": of_waves.amount(share.whole), "moved": of_waves.amount(share.moved),
        "left": of_waves.amount(share.left),
        "residue": [
            {"why": each.cause, "code": each.code, **of_waves.amount(each.amount), "what_to_do": each.remedy}
            for each in share.residue
        ],
    }  # fmt: skip
