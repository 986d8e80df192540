"""`mapping status`, `sign` and `verify`: where sheets stand, and who agreed to what."""

from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.position import Position
    from spmigrate.store.signoffs import SignoffEntry


@click.command()
@view.json_option
@view.pass_session
def status(session: view.Session, json_: bool) -> ExitCode:
    """Show where every sheet stands, what keeps rows from being signed, and which folders are in no row.

    Exit codes: 0 every folder is in a row, and every row is signed; 4 there are rows to add, to answer or to sign.
    """
    from spmigrate.mapping import desk

    sheets = desk.status(session.ledger, mapping_choices.choices(session))
    if json_:
        view.document({"sheets": [mapping_choices.position_as_json(each) for each in sheets]})
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


@click.command()
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
    offered = mapping_choices.choices(session)
    with session.ledger.run_lock("mapping sign"):
        entry = desk.sign(session.ledger, sheet, offered, signer=signer, evidence=evidence, agreed=digest)
        stands = desk.stand(session.ledger, sheet, offered)
    if json_:
        view.document(mapping_choices.position_as_json(stands) | {"signoff": _entry_as_json(entry) if entry else None})
    elif entry is None:
        view.line(f"{sheet}: every row is signed already")
    else:
        view.line(entry.statement)
        view.line(f"Signed: {words.plural(len(entry.rows), 'row')} by {entry.signer} ({entry.role}), {entry.evidence}")
        view.line(f"Digest of these rows: {entry.digest}")
        view.note(f"keep this where nobody here can change it: {entry.entry}")
    return ExitCode.FINDINGS if stands.unsigned else ExitCode.DONE


@click.command()
@view.json_option
@view.pass_session
def verify(session: view.Session, json_: bool) -> ExitCode:
    """Recompute the chain of sign-offs, offline. Compare the last digest with the one that you keep elsewhere.

    Exit codes: 0 the chain holds; 3 an entry was altered, added or removed.
    """
    from spmigrate.store import signoffs

    chain = list(signoffs.signoffs(session.ledger))
    breaks = list(signoffs.breaks(chain))
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
