"""`spmigrate demo`: the whole journey on a rehearsal tenant, told step by step, with one summary at the end."""

import shutil
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.cli.journey import Journey
from spmigrate.errors import ExitCode, UsageProblem

WAVE = "pilot"
_OWNER = "asset.management.lead"
_GOVERNANCE = "information.governance"
_LEAD = "migration.lead"
_TRAINING = ((_OWNER, "O01"), (_OWNER, "O02"), (_GOVERNANCE, "G01"))
_FAULTS = {
    "throttled, with Retry-After": ("--method", "POST", "--path", "createUploadSession", "--status", "429"),
    "busy": ("--method", "PUT", "--status", "503"),
}


@click.command()
@click.option("--files", type=click.IntRange(150, 100_000), default=2000, show_default=True, help="Size of the estate.")
@click.option(
    "--source", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Move this folder, not a sample."
)
@click.option("--keep", type=click.Path(path_type=Path), help="Leave tenant, working folder and report in this folder.")
@click.option("--open", "open_", is_flag=True, help="Open the report in a browser at the end.")
@view.json_option
def demo(files: int, source: Path | None, keep: Path | None, open_: bool, json_: bool) -> ExitCode:
    """Provision, scan, map, sign, move, verify and govern on a rehearsal tenant, in about a minute.

    Every step is the ordinary command, shown as you would type it. Nothing outside the demo's own folder is changed;
    the folder given with --source is only read.

    Exit codes: 0 every file has an outcome and all copies are equal; 1 a step could not finish; 3 they are not; 5
    something in the source could not be looked at.
    """
    began = time.monotonic()
    folder = _folder(keep)
    journey = Journey(folder, view.note)
    try:
        for number, (title, step) in enumerate(_steps(files, source), 1):
            view.note(f"\n{number}/{len(_TITLES)} {title}")
            step(journey)
    except BaseException:
        journey.stop_tenant()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    journey.stop_tenant()
    if keep is None:
        for each in ("tenant", "work", "share"):
            shutil.rmtree(folder / each, ignore_errors=True)
    journey.facts["seconds"] = round(time.monotonic() - began, 1)
    journey.facts["kept"] = str(folder) if keep else None
    _finish(journey, open_=open_, json_=json_)
    return _judged(journey.facts)


_TITLES = (
    "Start a rehearsal tenant",
    "Provision a directorate, a function and two teams, then plan again",
    "Make a file estate",
    "Scan it",
    "Let the data owner decide and sign, information governance countersign, the migration lead lock",
    "Move it, through throttling and a crash",
    "Verify every file",
    "Check the tenant against the council's rules",
    "Write the report",
)


def _steps(files: int, source: Path | None) -> Iterator[tuple[str, Callable[[Journey], None]]]:
    share = source.resolve() if source else None
    steps: tuple[Callable[[Journey], None], ...] = (
        _start,
        _provision,
        lambda journey: _estate(journey, files, share),
        lambda journey: _scan(journey, share),
        _decide,
        _move,
        _verify,
        _govern,
        _report,
    )
    return zip(_TITLES, steps, strict=True)


def _start(journey: Journey) -> None:
    journey.start_tenant("demo")
    journey.run("init", "work", "--rehearsal", "tenant", inside=False, json_=False)


def _provision(journey: Journey) -> None:
    applied = journey.run("site", "apply", "--yes")
    again = journey.run("site", "plan")
    journey.facts["sites"] = applied
    journey.facts["second_plan"] = again
    journey.say("  a second plan finds nothing left to do")


def _estate(journey: Journey, files: int, source: Path | None) -> None:
    if source:
        journey.say(f"  using {source} as it is")
    else:
        journey.facts["estate"] = journey.run("estate", "generate", "../share", "--files", str(files))


def _scan(journey: Journey, source: Path | None) -> None:
    share = str(source) if source else "../share/Highways"
    # 5: something could not be looked at, and is named; what was seen can still move.
    found = journey.run("scan", "run", share, codes=(0, 5))
    journey.facts["scan"] = found
    journey.say(
        f"  {words.plural(found['items'], 'item')}, {words.size(found['bytes'])}; what SharePoint would refuse:"
    )
    for each in sorted(found["findings"], key=lambda finding: -finding["count"])[:6]:
        journey.say(f"    {each['count']:>6,}  {each['title']} ({each['treatment']})")


def _decide(journey: Journey) -> None:
    issued = journey.run("mapping", "issue", journey.facts["scan"]["source"], "--owner", _OWNER)
    answered = journey.run("mapping", "answer", issued["file"], "--policy", "sample")
    journey.say(f"  the sample owner answers {words.plural(answered['rows'], 'row')} in {issued['file']}")
    _train(journey)
    # The owner is told the day from which the sheet may be locked, and signs that too.
    _act(journey, issued["sheet"], "lock", _LEAD, "CHG-0001", "--on", datetime.now(UTC).date().isoformat())
    collected = journey.run("mapping", "collect", issued["file"])
    journey.say("  not signed yet, so planning the wave is refused:")
    refused = journey.run("wave", "plan", WAVE, codes=(1,))
    acts = _agree(journey, issued["sheet"], collected["digest"])
    journey.facts["decisions"] = {"issued": issued, "collected": collected, "refused": refused, **acts}


def _agree(journey: Journey, sheet: str, digest: str) -> dict[str, Any]:
    """Three people, one after the other: nobody is two of them."""
    act = partial(_act, journey, sheet)
    acts = {"signed": act("sign", _OWNER, "CHG-0002", "--digest", digest)}
    if acts["signed"]["countersign"]:
        journey.say("  folders that stay as an archive need a second pair of eyes, then the lead locks the sheet:")
        acts["countersigned"] = act("countersign", _GOVERNANCE, "CHG-0003", "--digest", acts["signed"]["countersign"])
    acts["locked"] = act("lock", _LEAD, "CHG-0004")
    return acts


def _act(journey: Journey, sheet: str, verb: str, signer: str, record: str, *more: str) -> Any:
    return journey.run("mapping", verb, sheet, "--signer", signer, "--approval-record", record, *more)


def _train(journey: Journey) -> None:
    """Nobody acts untrained: who acts here took the modules today, whatever day the demo is shown on."""
    day = f"{datetime.now(UTC):%d/%m/%Y}"
    lines = ["id,module,completed", *(f"{each},{module},{day}" for each, module in _TRAINING)]
    (journey.folder / "training.csv").write_text("\n".join(lines) + "\n", "utf-8")
    journey.run("people", "import", "../training.csv", "--apply")


def _move(journey: Journey) -> None:
    from spmigrate.store import batches
    from spmigrate.store.ledger import Ledger

    journey.run("wave", "plan", WAVE)
    for fault in _FAULTS.values():
        journey.run(
            "rehearsal", "fault", "--state", "../tenant", *fault, "--retry-after", "1", "--skip", "100", "--count", "5",
            json_=False,
        )  # fmt: skip
    with Ledger(journey.work / "ledger.db") as ledger:
        half = batches.progress(ledger, WAVE).items // 2

        def half_way() -> bool:
            return batches.progress(ledger, WAVE).finished >= half

        killed = journey.run_and_kill("wave", "run", WAVE, when=half_way)
        left = batches.progress(ledger, WAVE)
    if killed:
        journey.say(
            f"  killed with SIGKILL after {left.finished:,} of {words.plural(left.items, 'file')}; run it again:"
        )
    # 3: some items failed, each named with its reason.
    moved = journey.run("wave", "run", WAVE, codes=(0, 3, 5))
    asked = journey.lines("rehearsal", "requests", "--state", "../tenant")
    refusals = [each["status"] for each in asked if each["status"] in (429, 503)]
    journey.facts |= {
        "items": moved["items"], "bytes": moved["bytes"], "balances": moved["balances"], "causes": moved["causes"],
        "open": moved["open"], "lost": moved["lost"],
        "killed_after": left.finished if killed else None, "requests": len(asked), "throttled": len(refusals),
    }  # fmt: skip


def _verify(journey: Journey) -> None:
    # 3, 4, 5: something is not equal, not moved or not seen; the end of the demo says so.
    found = journey.run("wave", "verify", WAVE, codes=(0, 3, 4, 5))
    journey.facts["verified"] = found["verified"]


def _govern(journey: Journey) -> None:
    until = datetime.now(UTC).date() + timedelta(days=180)
    journey.run(
        "rule", "waive", "TEN-01", "contoso.onmicrosoft.com", "--until", until.isoformat(),
        "--reason", "Public consultations need links for anyone until the new form service is live.",
        "--owner", "highways.director", "--approved-by", "information.governance",
    )  # fmt: skip
    journey.facts["rules"] = journey.run("rule", "check", codes=(0, 3))
    journey.facts["partners"] = journey.run("partner", "check", codes=(0, 3))


def _report(journey: Journey) -> None:
    written = journey.run("report", "--out", "../report.html", "--items", "../items.csv")
    journey.facts["report"] = written["report"]
    journey.facts["crosswalk"] = written["items"]


def _judged(facts: dict[str, Any]) -> ExitCode:
    """Clean only if every file has an outcome, all copies were compared and equal, and everything was looked at."""
    if facts["scan"]["unseen"]["count"] or "unverifiable" in facts["verified"] or "not yet" in facts["verified"]:
        return ExitCode.INCOMPLETE
    if not facts["balances"] or "failed" in facts["verified"] or facts["open"]["items"] or facts["lost"]["items"]:
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="spmigrate-demo-"))
    if keep.exists() and any(keep.iterdir()):
        raise UsageProblem(f"{keep} is not empty", hint="name a new folder, or empty this one")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


def _finish(journey: Journey, *, open_: bool, json_: bool) -> None:
    facts = journey.facts
    if json_:
        view.document(facts)
    else:
        _summary(facts)
    if open_:
        webbrowser.open(Path(facts["report"]).as_uri())


def _summary(facts: dict[str, Any]) -> None:
    items, size = facts["items"], facts["bytes"]
    view.line()
    view.table(("", "files", "bytes"), [(name, f"{items[name]:,}", f"{size[name]:,}") for name in items])
    sign = "=" if facts["balances"] else "≠"
    parts = " + ".join(f"{items[name]:,} {name}" for name in items if name != "source")
    view.line(f"\n{items['source']:,} at the source {sign} {parts}")
    for each in (cause for cause in facts["causes"] if cause["outcome"] == "failed"):
        view.line(f"failed:   {words.plural(each['items'], 'file')}, {each['code']}: {each['reason']}")
    view.line("verified: " + ", ".join(f"{count:,} {verdict}" for verdict, count in facts["verified"].items()))
    crash = f"one crash after {facts['killed_after']:,} files, " if facts["killed_after"] is not None else ""
    view.line(f"through:  {crash}{facts['throttled']} refusals to wait for, {facts['requests']:,} requests")
    for title, key in (("rules", "rules"), ("partners", "partners")):
        view.line(f"{title + ':':<10}{_checked(facts[key])}")
    view.line(f"took:     {facts['seconds']} s")
    view.line(f"report:   {facts['report']}")
    if facts["kept"]:
        view.line(f"go on in: {facts['kept']}/work, after: spmigrate rehearsal serve --state {facts['kept']}/tenant")


def _checked(found: dict[str, Any]) -> str:
    return f"{found['open']} findings, {found['waived']} waived, {found['unknown']} unknown"
