"""What was not seen, what SharePoint would refuse and why, and where: the first part of a report. Pure."""

from collections.abc import Sequence

from spmigrate import words
from spmigrate.formats.grid import Cell, Column, Grid, Topic, count, heat, path, size
from spmigrate.model import Treatment
from spmigrate.scan.codes import CODES
from spmigrate.scan.reporting.figures import Figures
from spmigrate.scan.reporting.naming import Names
from spmigrate.store.inventory import FindingTotal, Source
from spmigrate.store.profile import FolderHeat

MEANING = {
    Treatment.BLOCK: "Will fail",
    Treatment.RENAME: "Need another name",
    Treatment.ROUTE: "Belong elsewhere",
    Treatment.SKIP: "Stay behind by rule",
    Treatment.NOTE: "Worth knowing",
}
"""What each treatment means, as a heading."""

_HOTTEST = 25
_BOUNDS = (0.01, 0.05, 0.20)
_SOURCE = Column("Source", width=18)


def sources(figures: Sequence[Figures], interrupted: Sequence[Source], names: Names) -> Topic:
    """The sources and the state of their last scans."""
    rows = [
        (names.source(f.source), names.root(f.source), f.source.state, words.moment(f.source.started), f.source.folders,
         f.files.items, f.files.bytes, f.source.unseen)
        for f in figures
    ] + [
        (names.source(each), names.root(each), "interrupted", words.moment(each.started), 0, 0, 0, 0)
        for each in interrupted
    ]  # fmt: skip
    columns = (_SOURCE, path("Where"), Column("Scan"), Column("Begun", width=28), count("Folders"),
               count("Files"), size("Size"), count("Not seen"))  # fmt: skip
    sentences = tuple(
        f"The scan of {names.source(each)} was interrupted: nothing of it is counted here." for each in interrupted
    )
    return Topic("What was scanned", sentences, grids=(Grid("Sources", "Sources", columns, tuple(rows)),))


def not_seen(figures: Sequence[Figures], names: Names) -> Topic:
    """What could not be looked at: nothing else in the report counts it."""
    total, unread = (sum(f.source.unseen for f in figures), sum(f.source.unread for f in figures))
    left = (f"{unread:,} access lists or contents of files could not be read; the causes name them.",) if unread else ()
    if not total:
        return Topic("What could not be looked at", left or ("The scan saw everything that it met.",))
    rows = tuple(
        (
            names.source(f.source),
            names.folder(each.folder_id, each.path)
            if each.item_id is None
            else names.file(each.folder_id, each.item_id, each.path),
            names.reason(each.reason),
        )
        for f in figures
        for each in f.unseen
    )
    sentences = (
        f"{words.plural(total, 'place')} could not be looked at. What lies there is in no number of this report.",
        CODES["UNSEEN"].remedy,
        *left,
    )
    columns = (_SOURCE, path("Place"), Column("Reason", width=40))
    return Topic("What could not be looked at", sentences, grids=(Grid("Not seen", "Not seen", columns, rows, 50),))


def causes(figures: Sequence[Figures], names: Names) -> Topic:
    """Every cause with how often, an example and what to do; what blocks comes first."""
    rows = tuple(
        (names.source(f.source), _cause(total), MEANING[treatment], total.count, total.bytes, _example(total, names),
         CODES[total.code].remedy)
        for treatment in MEANING for f in figures for total in f.totals if total.treatment == treatment
    )  # fmt: skip
    refused = sum(
        total.count for f in figures for total in f.totals if total.treatment in (Treatment.BLOCK, Treatment.RENAME)
    )
    columns = (_SOURCE, Column("Cause", width=40), Column("What it means", width=20), count("Findings"), size("Size"),
               path("For example"), Column("What to do", width=60))  # fmt: skip
    says = f"SharePoint would refuse {words.plural(refused, 'name or file', 'names and files')} as they are."
    sentences = (says if refused else "SharePoint would refuse nothing that was seen.",)
    return Topic("What SharePoint would refuse, by cause", sentences, grids=(Grid("Causes", "Causes", columns, rows),))


def _cause(total: FindingTotal) -> str:
    return f"{CODES[total.code].title} ({total.code}, {total.severity})"


def _example(total: FindingTotal, names: Names) -> str:
    if total.item_id is None:
        shown = names.folder(total.folder_id, total.example)
    else:
        shown = names.file(total.folder_id, total.item_id, total.example)
    proposal = names.text(total.proposal) if total.proposal else ""
    return f"{shown} → {proposal}" if proposal else shown


def heat_map(figures: Sequence[Figures], names: Names) -> Topic:
    """Where the findings are: the folders near the top with most of them, by treatment."""
    found = [(f, each) for f in figures for each in f.heat if sum(each.findings.values())]
    found.sort(key=lambda pair: (-sum(pair[1].findings.values()), pair[0].source.name, pair[1].path))
    shown = found[:_HOTTEST]
    rows = tuple(_cells(names.source(f.source), names.folder(each.folder_id, each.path), each) for f, each in shown)
    shades = tuple((0, 0, 0, *(_level(each, treatment) for treatment in MEANING), 0) for _, each in shown)
    columns = (_SOURCE, path("Folder"), count("Files"), *map(heat, MEANING.values()),
               count("All findings"))  # fmt: skip
    caption = f"Folders with most findings ({len(shown)} of {len(found):,})" if found else "Folders with most findings"
    sentences = (
        "Gathered by the first two folder names: the line of a top folder has what lies directly in it. Beside the"
        " number stands how much that is: few is under 1% of the files there, some under 5%, many under 20%, most is"
        " 20% or more.",
    )
    grid = Grid("Heat map", caption, columns, rows, _HOTTEST, shades)
    return Topic("Where the findings are", sentences, grids=(grid,))


def _cells(source: str, folder: str, each: FolderHeat) -> tuple[Cell, ...]:
    counts = (each.findings.get(treatment, 0) for treatment in MEANING)
    return source, folder, each.amount.items, *counts, sum(each.findings.values())


def _level(each: FolderHeat, treatment: Treatment) -> int:
    found = each.findings.get(treatment, 0)
    if not found:
        return 0
    part = found / max(1, each.amount.items)
    return 1 + sum(part >= bound for bound in _BOUNDS)
