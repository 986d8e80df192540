"""`spmigrate wave evidence` and `wave report`: what happened to every file, to keep and to hand on."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import mapping_evidence, view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.store.waves import Wave


@click.command()
@click.argument("name", required=False)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="The .zip file to write.")
@click.option("--check", metavar="FILE", type=click.Path(path_type=Path), help="Check a pack; no ledger is needed.")
@click.option("--expect", metavar="HEAD", help="With --check: the head that was kept elsewhere, or its file.")
@view.json_option
@view.pass_session
def evidence(
    session: view.Session, name: str | None, out: Path | None, check: Path | None, expect: str | None, json_: bool
) -> ExitCode:
    """Write everything about the wave NAME into one file that anybody can check without this ledger.

    It holds the rows and who signed them, every file with its SHA-256 at the source and the digest and eTag of its
    copy, what did not pass and who accepted it, what happened in which order, and the digests of it all, chained to
    the packs before it.

    Exit codes: 0 written, or the pack holds; 3 a pack was altered, or its account is not what its items say.
    """
    if check is not None:
        if name is not None or out is not None:
            raise UsageProblem("--check looks at a pack alone", hint="spmigrate wave evidence --check FILE.zip")
        return _check(check, mapping_evidence.expected(expect), json_=json_)
    if name is None or out is None or expect is not None:
        raise UsageProblem(
            "name the wave and the file to write",
            hint="spmigrate wave evidence NAME --out FILE.zip, or --check FILE.zip",
        )
    return _write(session, name, out, json_=json_)


@click.command()
@click.argument("name")
@click.option(
    "--out", metavar="FOLDER", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where to write."
)
@view.json_option
@view.pass_session
def report(session: view.Session, name: str, out: Path, json_: bool) -> None:
    """Write the account of the wave NAME as lists with the column names of SPMT and Migration Manager.

    ItemReport, FailureSummary (when something failed), SummaryReport, ItemSummary, and Migration Manager's aggregate
    summary, each with the round at the end of its name. Safe to open in a spreadsheet.
    """
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    out.mkdir(parents=True, exist_ok=True)
    written = _lists(session, chosen, out)
    if json_:
        view.document({"wave": name, "folder": str(out), "files": written})
        return
    for file, count in written.items():
        view.line(f"{out / file}: {words.plural(count, 'line')}")


def _write(session: view.Session, name: str, out: Path, *, json_: bool) -> ExitCode:
    from spmigrate.mapping import evidence as signoff_packs
    from spmigrate.migrate.evidence import content, exceptions, packing
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    if out.suffix.lower() != ".zip":
        raise UsageProblem(f"--out {out} is no name for a pack", hint=f"--out {out.with_suffix('.zip')}")
    if out.exists():
        raise UsageProblem(f"{out} exists already", hint="choose another name with --out")
    if chosen.state == "planned":
        raise UsageProblem(
            f"wave '{name}' has not started: there is no evidence yet", hint=f"spmigrate wave run {words.typed(name)}"
        )
    with session.ledger.run_lock(f"wave evidence {name}"):
        entry = packing.write(
            session.ledger, chosen, out, signoffs=signoff_packs.pack(session.ledger),
            exceptions=exceptions.of(session.ledger, chosen), steps=exceptions.steps(session.ledger, chosen),
        )  # fmt: skip
    if json_:
        view.document({"wave": name, "file": str(out), "head": entry.entry})
        return ExitCode.DONE
    view.line(f"{out}: head {entry.entry}")
    view.note(f"next, on any machine: spmigrate wave evidence --check {out.name} --expect {entry.entry}")
    view.note(content.HONEST)
    return ExitCode.DONE


def _check(path: Path, expect: str | None, *, json_: bool) -> ExitCode:
    from spmigrate.errors import InputError
    from spmigrate.formats.long_zip import ReadZip
    from spmigrate.mapping import evidence as signoff_packs
    from spmigrate.migrate.evidence import checking, content

    if not path.is_file():
        raise InputError(f"{path}: no such file", [], hint="name the pack that wave evidence wrote")
    told = None
    try:
        with ReadZip(path) as pack:
            troubles = list(checking.troubles(pack, check_signoffs=signoff_packs.troubles, expect=expect))
            told = None if troubles else checking.summary(pack)
    except InputError as error:
        troubles = [each.text for each in error.problems]
    if json_:
        view.document({"file": str(path), "troubles": troubles, "wave": told})
        return ExitCode.FINDINGS if troubles else ExitCode.DONE
    for each in troubles:
        view.line(f"{path.name}: {each}")
    if told is None:
        view.line(f"{path.name} does NOT hold")
        return ExitCode.FINDINGS
    moved = words.plural(told["items"]["copied"], "file")
    view.line(f"{path.name} holds: wave {told['wave']}, round {told['round']}, {told['state']}: {moved} copied")
    view.line(f"head {told['head']}")
    view.note(content.HONEST)
    return ExitCode.DONE


def _lists(session: view.Session, chosen: "Wave", out: Path) -> dict[str, int]:
    """Write each list; returns how many lines each has."""
    import socket

    from spmigrate.formats import csv
    from spmigrate.migrate import lists
    from spmigrate.store import wave_evidence, waves

    device, ending = socket.gethostname(), f"_R{chosen.round - 1}.csv"
    standing = waves.standing(session.ledger, chosen)
    sources = wave_evidence.roots(session.ledger, chosen)
    times = wave_evidence.times(session.ledger, chosen)
    rows = wave_evidence.items_of(session.ledger, chosen)
    name = f"ItemReport{ending}"
    written = {name: csv.write(out / name, lists.ITEMS, lists.items(rows, device=device))}
    failed = lists.failures(wave_evidence.items_of(session.ledger, chosen), device=device)
    name = f"FailureSummary{ending}"
    if count := csv.write(out / name, lists.FAILURES, failed):
        written[name] = count
    else:
        (out / name).unlink()  # these tools write it only where something failed
    for name, headings, line in (
        (
            f"SummaryReport{ending}", lists.SUMMARY,
            lists.summary(chosen, standing, sources=sources, times=times, log=str(out)),
        ),
        (f"ItemSummary{ending}", lists.ITEM_SUMMARY, lists.item_summary(chosen, standing, device=device)),
        (
            "Aggregate Summary Report.csv", lists.AGGREGATE,
            lists.aggregate(chosen, standing, sources=sources, times=times, device=device),
        ),
    ):  # fmt: skip
        written[name] = csv.write(out / name, headings, [line])
    return written
