"""`spmigrate scan reconcile`: hold a scan against a count that was made on the file server."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.scan.reconciling import Comparison, Difference
    from spmigrate.store.counts import Count


@click.command()
@click.argument("name", metavar="SOURCE")
@click.option(
    "--counts", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="What was counted on the server: path, folders, files, bytes as CSV or XLSX, or logs of robocopy /L.",
)  # fmt: skip
@click.option("--smb", metavar="ADDRESS", help="Count now, through the file server: smb://server/share/folder.")
@view.json_option
@view.pass_session
def reconcile(session: view.Session, name: str, counts: Path | None, smb: str | None, json_: bool) -> ExitCode:
    """Compare the last scan of SOURCE with a count made on the server, by the folders at its top.

    Links are not counted. Exit codes: 0 everything is equal; 1 the server cannot be reached; 2 not exactly one of
    --counts and --smb; 3 something differs; 5 something could not be compared.
    """
    from spmigrate.scan import reconciling
    from spmigrate.store import counts as stored
    from spmigrate.store import inventory

    if (counts is None) == (smb is None):
        raise UsageProblem("give one of --counts and --smb", hint="spmigrate scan reconcile SOURCE --counts FILE")
    source = inventory.source(session.ledger, name)
    if source.state == "running":
        raise UsageProblem(f"the scan of {source.name} was interrupted", hint=f"spmigrate scan run {source.root}")
    counted, doubts = (reconciling.read(counts), ()) if counts is not None else _through_the_server(smb or "")
    found = reconciling.compare(stored.by_top(session.ledger, source), counted, doubts)
    if json_:
        view.document({"source": source.name, "scan": source.scan_id, **_as_json(found)})
    else:
        _show(source.name, found)
    codes = [ExitCode.FINDINGS] * bool(found.differing) + [ExitCode.INCOMPLETE] * bool(found.unknown)
    if source.state != "complete":
        codes.append(ExitCode.INCOMPLETE)
    return ExitCode.worst(*codes)


def _through_the_server(address: str) -> "tuple[list[Count], tuple[str, ...]]":
    from spmigrate.scan import counting, places

    place = places.share(address)
    return counting.by_top(place), place.reservations


def _show(name: str, found: "Comparison") -> None:
    if found.differing:
        rows = [(each.top, what, *_numbers(count)) for each in found.differing for what, count in _sides(each)]
        view.table(("folder", "says", "folders", "files", "bytes"), rows)
    for top, reason in found.unknown:
        view.line(f"CANNOT COMPARE {words.visible(top)}: {reason}")
    view.line(
        f"{name}: {len(found.equal):,} equal, {len(found.differing):,} different,"
        f" {len(found.unknown):,} that could not be compared"
    )
    if found.differing:
        view.note("hint:  what only the server knows was hidden from the scan, or is new; scan again, then compare")


def _sides(each: "Difference") -> "list[tuple[str, Count | None]]":
    return [("scan", each.scanned), ("server", each.counted)]


def _numbers(count: "Count | None") -> tuple[str, str, str]:
    if count is None:
        return "-", "-", "-"
    return f"{count.folders:,}", f"{count.files:,}", f"{count.bytes:,}"


def _as_json(found: "Comparison") -> dict[str, Any]:
    def side(count: "Count | None") -> dict[str, int] | None:
        return None if count is None else {"folders": count.folders, "files": count.files, "bytes": count.bytes}

    return {
        "equal": list(found.equal),
        "different": [
            {"path": each.top, "scan": side(each.scanned), "server": side(each.counted)} for each in found.differing
        ],
        "unknown": [{"path": top, "reason": reason} for top, reason in found.unknown],
    }
