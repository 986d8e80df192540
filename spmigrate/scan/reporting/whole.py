"""The whole report of one or several sources, as a page and as a workbook. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spmigrate.formats.grid import Topic, without_sources
from spmigrate.formats.topics import Report, book, page
from spmigrate.scan.reporting import causes, forecast, permissions, shares
from spmigrate.scan.reporting.figures import Figures
from spmigrate.scan.reporting.homes import Home
from spmigrate.scan.reporting.naming import Names
from spmigrate.store.inventory import Source

__all__ = ["MARKING", "MARKING_REDACTED", "Report", "book", "page", "report"]

MARKING = "OFFICIAL-SENSITIVE"
"""Names of folders and files can tell about people."""

MARKING_REDACTED = "OFFICIAL"

_TITLE = "Scan report"
_NOT_COVERED = (
    "What could not be looked at: it is listed, and in no number.",
    "What files say: only names, sizes, dates and what the scan was asked to read inside them.",
    "Who is in which group: members of groups are not looked up, so who gains and loses is told by entries.",
    "Permissions of single files, unless the scan was asked to read them, and permissions of the share itself.",
    "Changes since the scan: it says when it began. Links, shortcuts and macros that point to the old paths.",
    "Whether copies of the same name and size have the same content, where files have no hash.",
)


def report(
    figures: Sequence[Figures],
    interrupted: Sequence[Source],
    homes: Mapping[int, Sequence[Home]],
    names: Names,
    *,
    made: tuple[tuple[str, str], ...] = (),
) -> Report:
    """The report of scanned sources and of those whose scan was interrupted; `made` are facts of its making."""
    topics = (
        causes.sources(figures, interrupted, names),
        causes.not_seen(figures, names),
        causes.causes(figures, names),
        causes.heat_map(figures, names),
        shares.ages(figures, names),
        shares.kinds(figures, names),
        shares.sizes(figures, names),
        shares.waste(figures, names),
        *permissions.permissions(figures, homes, names),
        forecast.forecast(figures, names),
    )
    snapshots = tuple(
        (f"Snapshot of {names.source(f.source)}", f"scan {f.source.scan_id}, {f.source.digest or 'no digest'}")
        for f in figures
    )
    marking = MARKING_REDACTED if names.redacted else MARKING
    copy = (("Names", "left out: folders, files and accounts are called by codes"),) if names.redacted else ()
    one = len(figures) + len(interrupted) == 1
    shown = tuple(_for_one(each) if one else each for each in topics)
    return Report(_TITLE, marking, made + copy + snapshots, shown, _NOT_COVERED)


def _for_one(topic: Topic) -> Topic:
    """A topic of a report of one source: its tables need not say which."""
    grids = tuple(
        without_sources(grid)
        if grid.columns[0].heading == "Source" and grid.tab not in ("Sources", "Forecast")
        else grid
        for grid in topic.grids
    )
    return replace(topic, grids=grids)
