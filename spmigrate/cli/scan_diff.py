"""`spmigrate scan diff`: what has become of a source since its scan before."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import scan_view, view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.store.inventory import Source
    from spmigrate.store.ledger import Ledger
    from spmigrate.store.scan_differences import Difference, Total

_SHOWN = 20
"""How many differences are named without --all."""


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Name every difference, not the most important ones alone.")
@view.json_option
@view.pass_session
def diff(session: view.Session, names: tuple[str, ...], all_: bool, json_: bool) -> ExitCode:
    """Show what is new, changed, renamed and gone in each SOURCE since its scan before; in every one by default.

    A folder stands for all that came, went or was renamed with it. Exit codes: 0 nothing has changed; 4 something has
    changed; 5 nobody can tell: a source was scanned once only, or a scan did not see everything, so that more may have.
    """
    from spmigrate.store import inventory

    ledger = session.ledger
    chosen = [inventory.source(ledger, each) for each in dict.fromkeys(names)]
    chosen = chosen or [each for each in inventory.sources(ledger) if each.baseline]
    if not chosen:
        chosen = inventory.sources(ledger)
    if not chosen:
        raise UsageProblem("no source has been scanned yet", hint="spmigrate scan run SOURCE")
    documents, codes = [], []
    for source in chosen:
        found, shown, code = _compare(ledger, source, limit=None if all_ else _SHOWN)
        codes.append(code)
        if json_:
            documents.append(_as_json(ledger, source, found, shown))
        else:
            _show(ledger, source, found, shown)
    if json_:
        view.document({"sources": documents})
    return ExitCode.worst(*codes)


def _compare(
    ledger: "Ledger", source: "Source", *, limit: int | None
) -> "tuple[list[Total], Iterable[Difference], ExitCode]":
    from spmigrate.store import scan_differences

    if source.state == "running" or not source.baseline:
        return [], [], ExitCode.INCOMPLETE
    found = scan_differences.find(ledger, source)
    shown = scan_differences.shown(ledger, limit)
    return (
        found,
        shown,
        ExitCode.worst(
            ExitCode.INCOMPLETE if source.unseen else ExitCode.DONE, ExitCode.PENDING if found else ExitCode.DONE
        ),
    )


def _show(ledger: "Ledger", source: "Source", found: "list[Total]", shown: "Iterable[Difference]") -> None:
    from spmigrate.store import scan_differences

    if source.state == "running":
        view.line(f"{source.name}: the scan of {source.started} was interrupted")
        view.note(f"hint:  go on with: spmigrate scan run {source.root}")
        return
    if not source.baseline:
        view.line(f"{source.name} was scanned once only: there is nothing to compare yet")
        view.note(f"next: scan it again some day: spmigrate scan run {source.root}")
        return
    view.line(f"{source.name} ({source.root}), since the scan of {scan_differences.baseline_of(ledger, source)}")
    if source.unseen:
        view.line(f"NOT SEEN: {source.unseen:,}, of which nothing can be said")
    if not found:
        view.line("nothing has changed")
    for total in found:
        view.line(
            f"{total.kind:>8}: {words.plural(total.folders, 'folder')}, {words.plural(total.items, 'item')},"
            f" {words.size(total.bytes)}"
        )
    lines = 0
    for each in shown:
        view.line(_line(each))
        lines += 1
    if lines == _SHOWN:
        view.note(f"everything: spmigrate scan diff {words.typed(source.name)} --all")


def _line(each: "Difference") -> str:
    path = scan_view.printable(each.path + ("/" if each.is_folder else ""))
    before = f"{scan_view.printable(each.before)} -> " if each.before is not None else ""
    inside = f"{words.plural(each.items, 'item')}, " if each.is_folder else ""
    return f"  {each.kind:<8} {before}{path} ({inside}{words.size(each.bytes)})"


def _as_json(ledger: "Ledger", source: "Source", found: "list[Total]", shown: "Iterable[Difference]") -> dict[str, Any]:
    from spmigrate.store import scan_differences

    return {
        "source": source.name,
        "scan": source.scan_id,
        "state": source.state,
        "compared with": source.baseline,
        "since": scan_differences.baseline_of(ledger, source),
        "unseen": source.unseen,
        "totals": [total._asdict() for total in found],
        "differences": [each._asdict() for each in shown],
    }
