"""The HTML report: one page, no script, nothing loaded from elsewhere, readable on a phone and on paper."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spmigrate import __version__
from spmigrate.formats import whole
from spmigrate.model import Amount, Explanation, Outcome
from spmigrate.report.document import environment
from spmigrate.store import coverage, summary, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Standing
from spmigrate.words import moment, plural, shortened, size, spoken

MARKING = "OFFICIAL-SENSITIVE"
"""File names can tell about people, so a report that names files carries this marking."""

_CHECKS = {"rule": "Governance rules", "partner": "Partners and guests"}
_WORDS = {
    Outcome.COPIED: "Copied",
    Outcome.SKIPPED: "Skipped, by rule or by the owner",
    Outcome.ROUTED: "Routed to another kind of system",
    Outcome.FAILED: "Failed",
    Outcome.VANISHED: "Vanished at the source",
}


def build(
    ledger: Ledger,
    *,
    tenant: str,
    made: datetime,
    explanations: Mapping[str, Explanation],
    states: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The whole page as HTML text. `states` says of each sheet where it stands now; of others it is not known."""
    return (
        environment()
        .get_template("page.html")
        .render(
            title="Migration and governance report",
            marking=MARKING,
            made=spoken(made),
            version=__version__,
            tenant=tenant,
            sources=[_source(row) for row in summary.sources(ledger)],
            waves=[_wave(ledger, row) for row in summary.waves(ledger)],
            in_no_wave=_left(coverage.in_no_wave(ledger)),
            findings=[_finding(row, explanations) for row in summary.findings_by_code(ledger)],
            sheets=[_sheet(ledger, row, states) for row in summary.sheets(ledger)],
            sites=[
                (row["address"], row["name"], row["template"], row["template_version"], moment(row["applied"]))
                for row in summary.sites(ledger)
            ],
            checks=[check for kind in _CHECKS if (check := _check(ledger, kind))],
        )
    )


def write(path: Path, html: str) -> None:
    """Put the page at `path`, whole or not at all."""
    with whole.writing(path) as partial:
        partial.write_text(html, "utf-8", errors="backslashreplace")


def verdict(standing: Standing) -> str:
    """The accounting identity as one sentence, and what stands in its way."""
    accounting = standing.accounting
    source = f"{plural(accounting.source.items, 'file')}, {size(accounting.source.bytes)}"
    if standing.lost != Amount():
        return f"Does not balance: {source} at the source, {plural(standing.lost.items, 'file')} without an outcome."
    if standing.open.items:
        return f"Not finished: {source} at the source, {plural(standing.open.items, 'file')} still to move."
    if standing.unseen:
        return f"Incomplete: {source} at the source, and {plural(standing.unseen, 'folder')} nobody could look into."
    if standing.hidden:
        return f"Incomplete: {source} at the source, as far as it was shown. {' '.join(standing.hidden)}"
    failed = accounting.of(Outcome.FAILED).items
    end = f"{plural(failed, 'file')} failed, named below with the reason." if failed else "None failed."
    return f"Every file is accounted for, to the byte: {source} at the source. {end}"


def _left(amount: Amount) -> str:
    """What the scans list and no wave answers for."""
    return f"In no wave: {plural(amount.items, 'file')}, {amount.bytes:,} bytes." if amount.items else ""


def _source(row: Any) -> dict[str, str]:
    return {"name": row["name"], "root": row["root"], "when": moment(row["ended"]), "state": row["state"]}


def _wave(ledger: Ledger, row: Any) -> dict[str, Any]:
    wave = waves.get(ledger, row["name"])
    standing = waves.standing(ledger, wave)
    accounting = standing.accounting
    lines = [("At the source", accounting.source)]
    lines += [(words, accounting.of(outcome)) for outcome, words in _WORDS.items()]
    return {
        "name": row["name"],
        "round": row["round"],
        "tenant": wave.tenant,
        "verdict": verdict(standing),
        "accounting": [(words, f"{n.items:,}", size(n.bytes), f"{n.bytes:,}") for words, n in lines],
        "verification": [
            (each["verified"], f"{each['items']:,}", size(each["bytes"]))
            for each in summary.verification(ledger, row["id"])
        ],
        "causes": [
            (
                each.code,
                each.outcome,
                f"{each.amount.items:,}",
                size(each.amount.bytes),
                each.reason,
                shortened(each.example),
            )
            for each in summary.causes(ledger, row["id"])
        ],
        "failed": [(each["path"], each["code"], each["reason"]) for each in summary.failures(ledger, row["id"])],
    }


def _finding(row: Any, explanations: Mapping[str, Explanation]) -> tuple[object, ...]:
    known = explanations.get(row["code"], Explanation(row["code"], ""))
    return (
        row["code"], known.title, row["severity"], row["treatment"], f"{row['count']:,}",
        shortened(row["example"]), known.remedy,
    )  # fmt: skip


def _sheet(ledger: Ledger, row: Any, states: Mapping[str, str]) -> dict[str, Any]:
    signed = [
        (moment(each["at"]), f"{each['signer']} ({each['role']})", f"{each['rows']:,}", each["evidence"],
         each["statement"], each["digest"])
        for each in summary.signoffs(ledger, row["id"])
    ]  # fmt: skip
    state = states.get(row["id"], "not known")
    return {"id": row["id"], "owner": row["owner"], "rows": row["row_count"], "state": state, "signed": signed}


def _check(ledger: Ledger, kind: str) -> dict[str, Any] | None:
    run = summary.last_check(ledger, kind)
    if run is None:
        return None
    counts = summary.result_counts(ledger, run["id"])
    results = summary.results(ledger, run["id"])
    spoken = ", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())) or "no results"
    return {
        "title": _CHECKS[kind],
        "summary": f"Checked {moment(run['at'])}: {spoken}. Unknown is never counted as a pass.",
        "open": [_result(each, each["remedy"]) for each in results if each["waiver"] is None],
        "waived": [_result(each, each["waiver"]) for each in results if each["waiver"] is not None],
    }


def _result(each: dict[str, Any], last: str) -> tuple[object, ...]:
    return each["rule"], each["severity"], each["result"], each["subject"], f"{each['title']}: {each['message']}", last
