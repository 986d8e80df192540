"""`spmigrate mapping`: workbooks that data owners decide in, and their sign-off."""

import difflib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, InputError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.collecting import Collected
    from spmigrate.mapping.lists import Choices
    from spmigrate.mapping.position import Position
    from spmigrate.store.mappings import SignoffEntry

_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group()
def mapping() -> None:
    """Workbooks that data owners decide in, and their sign-off."""


@mapping.command()
@click.argument("source", metavar="SOURCE")
@click.option("--owner", metavar="ROLE", required=True, help="The role that owns these folders and signs for them.")
@click.option("--deputy", metavar="ROLE", help="A role that may sign in the owner's place, with --deputy-until.")
@click.option("--deputy-until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of that, such as 2026-12-31.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it, instead of the mappings folder.")
@view.json_option
@view.pass_session
def issue(
    session: view.Session,
    source: str,
    owner: str,
    deputy: str | None,
    deputy_until: datetime | None,
    out: Path | None,
    json_: bool,
) -> None:
    """Write the workbook for the owner of SOURCE, a scanned source by name or by folder.

    Issued again after a new scan, it shows the new facts; answers are kept, and sign-offs of rows that did not change.
    """
    from spmigrate.mapping import issuing

    if bool(deputy) != bool(deputy_until):
        raise UsageProblem(
            "--deputy and --deputy-until belong together", hint="give both: --deputy ROLE --deputy-until 2026-12-31"
        )
    if out and out.suffix.lower() != ".xlsx":
        raise UsageProblem(f"--out {out} is no name for a workbook", hint=f"--out {out.with_suffix('.xlsx')}")
    _note_unknown_roles(session, owner, deputy)
    delegation = issuing.Delegation(deputy, f"{deputy_until:%Y-%m-%d}") if deputy and deputy_until else None
    with session.ledger.run_lock("mapping issue"):
        record = issuing.issue(
            session.ledger,
            source,
            owner=owner,
            choices=_choices(session),
            folder=session.place.mappings,
            file=out,
            delegation=delegation,
        )
    if json_:
        view.document(
            {"sheet": record.id, "version": record.version, "file": record.file, "owner": record.owner,
             "state": record.state}
        )  # fmt: skip
        return
    view.line(f"{record.id} version {record.version} for {record.owner}: {record.file}")
    view.note(f"next: send it to {record.owner}; when it is back: spmigrate mapping collect {record.file}")


@mapping.command()
@_file
@view.json_option
@view.pass_session
def lint(session: view.Session, file: Path, json_: bool) -> ExitCode:
    """Check a returned workbook without recording anything.

    Exit codes: 0 every row can be signed; 1 FILE cannot be read; 3 some rows cannot be signed yet.
    """
    return _look_at(session, file, json_=json_, keep=False)


@mapping.command()
@_file
@view.json_option
@view.pass_session
def collect(session: view.Session, file: Path, json_: bool) -> ExitCode:
    """Read a returned workbook and record its answers; a changed answer ends the sign-off of that row only.

    Exit codes: 0 every row can be signed; 1 FILE cannot be read, nothing is recorded; 3 some rows cannot be signed yet.
    """
    with session.ledger.run_lock("mapping collect"):
        return _look_at(session, file, json_=json_, keep=True)


@mapping.command()
@view.json_option
@view.pass_session
def status(session: view.Session, json_: bool) -> ExitCode:
    """Show where every sheet stands, what keeps rows from being signed, and which folders are in no row.

    Exit codes: 0 every folder is in a row, and every row is signed; 4 there are rows to add, to answer or to sign.
    """
    from spmigrate.mapping import desk

    sheets = desk.status(session.ledger, _choices(session))
    if json_:
        view.document({"sheets": [_as_json(each) for each in sheets]})
    else:
        view.table(
            ["Sheet", "State", "Rows", "Signed", "Blocked", "Owner", "File"],
            [
                [each.record.id, each.state, len(each.rows), each.signed, len(each.blocked), each.record.owner,
                 each.record.file]
                for each in sheets
            ],
        )  # fmt: skip
        for each in sheets:
            _show_open_rows(each)
    return ExitCode.PENDING if any(each.unsigned or each.uncovered for each in sheets) else ExitCode.DONE


@mapping.command()
@click.argument("sheet", metavar="SHEET")
@click.option("--signer", metavar="ROLE", required=True, help="The role that agreed: the owner or the deputy.")
@click.option(
    "--digest", metavar="D", required=True, help="The digest that was approved, as collect shows it, or its first 12."
)
@click.option("--approval-record", metavar="REF", help="The record in the council's approval tool (evidence level 3).")
@click.option("--email-ref", metavar="REF", help="The e-mail in which the signer agreed, with --witness (level 4).")
@click.option("--witness", metavar="ROLE", help="Another role that has seen that e-mail.")
@view.json_option
@view.pass_session
def sign(
    session: view.Session,
    sheet: str,
    signer: str,
    digest: str,
    approval_record: str | None,
    email_ref: str | None,
    witness: str | None,
    json_: bool,
) -> ExitCode:
    """Record the owner's sign-off of every row of SHEET that is ready; rows that are not stay unsigned.

    It is refused when the rows that are ready have another digest than the one that was approved.

    Exit codes: 0 every row is signed; 3 some rows are not ready and stay unsigned; 1 nothing could be signed.
    """
    from spmigrate.mapping import desk
    from spmigrate.mapping.signoff import Evidence

    if bool(approval_record) == bool(email_ref):
        raise UsageProblem(
            "give the evidence of the sign-off", hint="--approval-record REF, or --email-ref REF with --witness ROLE"
        )
    if bool(email_ref) != bool(witness):
        raise UsageProblem(
            "an e-mail alone proves nothing: it needs a witness", hint="give both: --email-ref REF --witness ROLE"
        )
    evidence = Evidence(approval_record or email_ref or "", witness)
    offered = _choices(session)
    with session.ledger.run_lock("mapping sign"):
        entry = desk.sign(session.ledger, sheet, offered, signer=signer, evidence=evidence, agreed=digest)
        stands = desk.stand(session.ledger, sheet, offered)
    if json_:
        view.document(_as_json(stands) | {"signoff": _entry_as_json(entry) if entry else None})
    elif entry is None:
        view.line(f"{sheet}: every row is signed already")
    else:
        view.line(entry.statement)
        view.line(f"Signed: {words.plural(len(entry.rows), 'row')} by {entry.signer} ({entry.role}), {entry.evidence}")
        view.line(f"Digest of these rows: {entry.digest}")
        view.note(f"keep this where nobody here can change it: {entry.entry}")
    return ExitCode.FINDINGS if stands.unsigned else ExitCode.DONE


@mapping.command()
@view.json_option
@view.pass_session
def verify(session: view.Session, json_: bool) -> ExitCode:
    """Recompute the chain of sign-offs, offline. Compare the last digest with the one that you keep elsewhere.

    Exit codes: 0 the chain holds; 3 an entry was altered, added or removed.
    """
    from spmigrate.store import mappings

    chain = list(mappings.signoffs(session.ledger))
    breaks = list(mappings.breaks(chain))
    head = chain[-1].entry if chain else None
    if json_:
        found = [{"signoff": each.signoff_id, "text": each.text} for each in breaks]
        view.document({"entries": len(chain), "head": head, "breaks": found})
    else:
        for each in breaks:
            view.line(str(each))
        verdict = "does NOT hold" if breaks else "holds"
        view.line(f"The chain of {words.plural(len(chain), 'sign-off')} {verdict}; last digest: {head or 'none'}")
        view.note("this shows any change since a digest was kept elsewhere; it is not a qualified electronic signature")
    return ExitCode.FINDINGS if breaks else ExitCode.DONE


def _note_unknown_roles(session: view.Session, *roles: str | None) -> None:
    """Say which of these roles the register of people does not know: perhaps it lags, perhaps somebody mistyped."""
    from spmigrate.govern import registers

    try:
        known = registers.read_people(session.place.governance_rules).ids()
    except InputError:
        return  # no register, or one that `rule check` will speak of
    for role in filter(None, roles):
        if role not in known:
            near = difflib.get_close_matches(role, known, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            view.note(f"note: '{role}' is not in governance_rules/people.yaml{hint}")


def _choices(session: view.Session) -> "Choices":
    """The council's lists and the approved homes."""
    from spmigrate.mapping import lists_file
    from spmigrate.provision import destinations

    return lists_file.choices(session.place.mappings, destinations(session.place.site_templates))


def _look_at(session: view.Session, file: Path, *, json_: bool, keep: bool) -> ExitCode:
    from spmigrate.mapping import collecting, desk

    found = collecting.collect(session.ledger, file, _choices(session), keep=keep)
    stands = found.position
    if json_:
        view.document(_collected_as_json(found))
    else:
        for each in found.observations:
            view.line(f"{'' if each.blocks else 'note: '}{each.problem}")
        view.line(
            f"{stands.record.id} {stands.state}: {words.plural(len(stands.rows), 'row')}, {stands.signed} signed,"
            f" {len(stands.ready)} ready to be signed, {len(stands.blocked)} not ready"
        )
        text = desk.statement(stands) if keep else None
        if text:
            view.line()
            view.line(text)
            view.line(f"Digest of these rows: {desk.digest(stands)}")
            view.note(f"next: have {stands.record.owner} approve this with its digest, then: {_sign_command(stands)}")
    return ExitCode.FINDINGS if any(each.blocks for each in found.observations) else ExitCode.DONE


def _sign_command(stands: "Position") -> str:
    from spmigrate.mapping import desk, signoff

    digest = str(desk.digest(stands))[: signoff.FEWEST_DIGITS]
    return (
        f"spmigrate mapping sign {stands.record.id} --digest {digest} --signer '{stands.record.owner}'"
        " --approval-record REF"
    )


def _show_open_rows(stands: "Position") -> None:
    from spmigrate.mapping import desk

    for row_id in sorted(stands.voided):
        view.line(f"{stands.record.id} {row_id} must be signed again: {stands.unsigned[row_id]}")
    if stands.state not in ("DRAFT", "ISSUED"):
        for remark in stands.remarks:
            if remark.blocks and remark.row_id in stands.blocked:
                view.line(f"{stands.record.id} {remark.row_id} is not ready: {remark.text}")
    for remark in stands.remarks:
        if not remark.row_id:
            view.line(f"{stands.record.id} {remark.text}; {remark.hint}")
    digest = desk.digest(stands)
    if digest:
        view.line(f"{stands.record.id} {words.plural(len(stands.ready), 'row')} ready to be signed, digest {digest}")


def _as_json(stands: "Position") -> dict[str, Any]:
    from spmigrate.mapping import desk

    return {
        "sheet": stands.record.id,
        "version": stands.record.version,
        "source": stands.source.name,
        "owner": stands.record.owner,
        "file": stands.record.file,
        "state": stands.state,
        "rows": len(stands.rows),
        "signed": stands.signed,
        "blocked": sorted(stands.blocked),
        "unsigned": dict(stands.unsigned),
        "voided": sorted(stands.voided),
        "digest": desk.digest(stands),
        "uncovered": list(stands.uncovered),
    }


def _collected_as_json(found: "Collected") -> dict[str, Any]:
    from spmigrate.mapping import desk

    stands = found.position
    return _as_json(stands) | {
        "changed": list(found.changed),
        "problems": [
            {"where": each.problem.where, "text": each.problem.text, "hint": each.problem.hint, "blocks": each.blocks}
            for each in found.observations
        ],
        "statement": desk.statement(stands),
    }


def _entry_as_json(entry: "SignoffEntry") -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "signer": entry.signer,
        "role": entry.role,
        "evidence": entry.evidence,
        "statement": entry.statement,
        "digest": entry.digest,
        "rows": [row_id for row_id, _ in entry.rows],
        "previous": entry.previous,
        "entry": entry.entry,
    }
