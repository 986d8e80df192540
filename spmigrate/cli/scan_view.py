"""How a scanned source is shown: by `scan run` when it ends, and by `scan report`."""

from typing import TYPE_CHECKING, Any

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode
from spmigrate.model import Treatment

if TYPE_CHECKING:
    from spmigrate.scan.reporting.naming import CodedNames
    from spmigrate.store.inventory import FindingTotal, Source, Unseen

NAMED = 20
"""How many places that could not be seen are named one by one."""

_MEANING = {
    Treatment.BLOCK: "will fail",
    Treatment.RENAME: "need another name",
    Treatment.ROUTE: "belong elsewhere",
    Treatment.SKIP: "stay behind by rule",
    Treatment.NOTE: "worth knowing",
}


def complete(source: "Source") -> ExitCode:
    """0 when the scan saw everything, 5 when it did not."""
    return ExitCode.DONE if source.state == "complete" else ExitCode.INCOMPLETE


def show_source(source: "Source", unseen: "list[Unseen]", codes: "CodedNames | None" = None) -> None:
    """A line for a source, and what could not be seen of it; with `codes`, names are left out."""
    name = codes.source(source) if codes else source.name
    if source.state == "running":
        view.line(f"{name}: the scan of {source.started} was interrupted")
        view.note(f"hint:  go on with: spmigrate scan run {name if codes else source.root}")
        return
    view.line(
        f"{name if codes else f'{name} ({source.root})'}, {source.state}: {words.plural(source.items, 'item')} in"
        f" {words.plural(source.folders, 'folder')}, {words.size(source.bytes)}"
    )
    if source.unseen:
        view.line(f"NOT SEEN: {source.unseen:,}")
        for each in unseen:
            where = _place(each.path, each.folder_id, each.item_id, codes)
            view.line(f"  {printable(where)}: {codes.reason(each.reason) if codes else each.reason}")
        if source.unseen > len(unseen):
            view.line(f"  and {source.unseen - len(unseen):,} more")
    if source.unread:
        view.line(f"NOT READ: {source.unread:,} access lists or contents of files (ACL-UNSEEN, UNREADABLE)")


def show_treatments(totals: "list[FindingTotal]") -> None:
    """How many findings there are of each treatment."""
    for treatment, meaning in _MEANING.items():
        count = sum(total.count for total in totals if total.treatment == treatment)
        if count:
            view.line(f"{count:>9,}  {meaning}")


def show_causes(totals: "list[FindingTotal]", codes: "CodedNames | None" = None) -> None:
    """Every cause with an example and what to do, by treatment; with `codes`, names are left out."""
    from spmigrate.scan.checks import CODES

    for treatment, meaning in _MEANING.items():
        chosen = [total for total in totals if total.treatment == treatment]
        if not chosen:
            continue
        view.line()
        view.line(f"{meaning[0].upper()}{meaning[1:]}")
        advice = ""
        for total in chosen:
            code = CODES[total.code]
            view.line(f"{total.count:>9,}  {code.title} ({total.code}, {total.severity})")
            renamed = f" -> {printable(total.proposal)}" if total.proposal and not codes else ""
            example = _place(total.example, total.folder_id, total.item_id, codes)
            view.line(f"{'':>11}for example {printable(example)}{renamed}")
            if treatment != Treatment.NOTE and code.remedy != advice:
                advice = code.remedy
                view.line(f"{'':>11}{advice}")


def _place(path: str, folder_id: int, item_id: int | None, codes: "CodedNames | None") -> str:
    """A path, or its code."""
    if codes is None:
        return path
    return codes.folder(folder_id, path) if item_id is None else codes.file(folder_id, item_id, path)


def printable(text: str) -> str:
    """A name in quotation marks, its control, invisible and direction characters as escapes."""
    return f"'{words.visible(text)}'"


def as_json(
    source: "Source", totals: "list[FindingTotal]", unseen: "list[Unseen]", codes: "CodedNames | None" = None
) -> dict[str, Any]:
    """A source with its findings, as `--json` prints it; with `codes`, names are left out."""
    from spmigrate.scan.checks import CODES

    return {
        "source": codes.source(source) if codes else source.name,
        "root": codes.root(source) if codes else source.root,
        "scan": source.scan_id,
        "state": source.state,
        "started": source.started,
        "ended": source.ended,
        "folders": source.folders,
        "items": source.items,
        "bytes": source.bytes,
        "digest": source.digest,
        "unseen": {
            "count": source.unseen,
            "examples": [
                {
                    "path": _place(each.path, each.folder_id, each.item_id, codes),
                    "reason": codes.reason(each.reason) if codes else each.reason,
                }
                for each in unseen
            ],
        },
        "unread": source.unread,
        "findings": [
            {
                "code": total.code,
                "severity": total.severity,
                "treatment": total.treatment,
                "title": CODES[total.code].title,
                "count": total.count,
                "bytes": total.bytes,
                "example": _place(total.example, total.folder_id, total.item_id, codes),
                "proposal": None if codes else total.proposal,
                "remedy": CODES[total.code].remedy,
            }
            for total in totals
        ],
    }
