"""`mapping sign`, `countersign`, `lock` and their opposites: acts of the protocol, each kept in the chain."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, mapping_library, mapping_rules, view
from spmigrate.cli import proof as proofs
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.acts import Counter
    from spmigrate.mapping.position import Position
    from spmigrate.store.signoffs import SignoffEntry

_DIGEST = "The digest that was approved, as collect and status show it, or its first 12."
_ALONE = "leave --digest and the options of evidence out"
_REASON = "Why, in a sentence that everybody may read."

_sheet = click.argument("sheet", metavar="SHEET")
_reason = click.option("--reason", metavar="TEXT", required=True, help=_REASON)
_digest = click.option("--digest", metavar="D", required=True, help=_DIGEST)


@click.command()
@_sheet
@click.option("--from-library", is_flag=True, help="By the version in which the owner agreed in the library (level 1).")
@click.option("--digest", metavar="D", help=f"{_DIGEST} Not with --from-library.")
@proofs.options
@click.option("--edited-by", metavar="ROLE", help="Who filled the workbook in last, where that is known.")
@view.json_option
@view.pass_session
def sign(
    session: view.Session,
    sheet: str,
    from_library: bool,
    digest: str | None,
    proof: proofs.Proof,
    edited_by: str | None,
    json_: bool,
) -> ExitCode:
    """Record the owner's sign-off of every row of SHEET that is ready; rows that are not stay unsigned.

    It is refused when the rows that are ready have another digest than the one that was approved, when the signer lacks
    a training module, and when the signer has acted on the sheet for information governance or as migration lead. The
    strongest evidence is --from-library: the version history of the workbook says that the owner's account agreed.

    Exit codes: 0 every row is signed; 3 some rows are not ready and stay unsigned; 1 nothing could be signed.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    if from_library:
        if digest or proof != proofs.NO_PROOF:
            raise UsageProblem("--from-library stands alone: the workbook says who agreed to what", hint=_ALONE)
        with session.ledger.run_lock("mapping sign"):
            entry = mapping_library.sign(session, at, sheet)
        return _told(at, sheet, entry, json_=json_, nothing="every row is signed already")
    if not digest:
        raise UsageProblem("the digest that was approved is not said", hint="--digest D, as mapping status shows it")
    signer, evidence = proof.role, proof.evidence(session, at.rules)
    with session.ledger.run_lock("mapping sign"):
        entry = acts.sign(at, sheet, signer=signer, evidence=evidence, agreed=digest, edited_by=edited_by)
    return _told(at, sheet, entry, json_=json_, nothing="every row is signed already")


@click.command()
@_sheet
@_digest
@proofs.options
@view.json_option
@view.pass_session
def countersign(
    session: view.Session,
    sheet: str,
    digest: str,
    proof: proofs.Proof,
    json_: bool,
) -> ExitCode:
    """Record that information governance countersigns the rows of SHEET that need it.

    Those are rows with special category details, rows that a partner can see, rows that a hold concerns, rows that stay
    as an archive, and rows whose class or keep rule changed after a signature.

    Exit codes: 0 every row is signed; 3 some rows are not; 1 nothing could be countersigned.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    signer, evidence = proof.role, proof.evidence(session, at.rules)
    with session.ledger.run_lock("mapping countersign"):
        entry = acts.countersign(at, sheet, signer=signer, evidence=evidence, agreed=digest)
    return _told(at, sheet, entry, json_=json_, nothing="no row needs a countersignature now")


@click.command()
@_sheet
@proofs.options
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Announce this day, instead of locking now.")
@view.json_option
@view.pass_session
def lock(
    session: view.Session,
    sheet: str,
    proof: proofs.Proof,
    on: datetime | None,
    json_: bool,
) -> ExitCode:
    """Lock the rows of SHEET that are signed and, where needed, countersigned: only locked rows may move.

    The owner may change their mind until the lock day that the statement told them: 21 days after the issue of the
    sheet, or the day that was announced with --on before they signed. Before it, lock is refused. Exit codes: 0 every
    row is locked, or the day is announced; 3 some rows are not ready; 1 nothing could be locked.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    signer, evidence = proof.role, proof.evidence(session, at.rules)
    with session.ledger.run_lock("mapping lock"):
        if on is not None:
            announced = acts.announce(at, sheet, signer=signer, evidence=evidence, on=on.date())
            _told(at, sheet, announced, json_=json_, nothing="")
            return ExitCode.DONE
        entry = acts.lock(at, sheet, signer=signer, evidence=evidence)
    return _told(at, sheet, entry, json_=json_, nothing="no row is ready to be locked", all_locked=True)


@click.command()
@_sheet
@click.option("--signer", metavar="ROLE", required=True, help="The migration lead.")
@_reason
@view.json_option
@view.pass_session
def unlock(session: view.Session, sheet: str, signer: str, reason: str, json_: bool) -> ExitCode:
    """Take back the lock of the rows of SHEET that have not begun to move; the signatures stay.

    Exit codes: 0 done, even when nothing was locked.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    entry = acts.unlock(at, sheet, signer=signer, reason=reason)
    _told(at, sheet, entry, json_=json_, nothing="no row is locked")
    return ExitCode.DONE


@click.command()
@_sheet
@click.option("--signer", metavar="ROLE", required=True, help="Owner, deputy, information governance or lead.")
@_reason
@click.option("--row", "rows", multiple=True, metavar="ID", help="Only this row; may be repeated.")
@view.json_option
@view.pass_session
def withdraw(
    session: view.Session, sheet: str, signer: str, reason: str, rows: tuple[str, ...], json_: bool
) -> ExitCode:
    """Take back the signatures of SHEET: its rows may not move before they are signed again.

    It works while a wave runs, which then stops before its next batch. Exit codes: 0 done; 1 nothing to take back.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    entry = acts.withdraw(at, sheet, signer=signer, reason=reason, row_ids=rows)
    _told(at, sheet, entry, json_=json_, nothing="")
    return ExitCode.DONE


@click.command()
@_sheet
@_digest
@proofs.options
@view.json_option
@view.pass_session
def reconfirm(
    session: view.Session,
    sheet: str,
    digest: str,
    proof: proofs.Proof,
    json_: bool,
) -> ExitCode:
    """Record that the owner, perhaps a new one, stands by what was signed on SHEET.

    It is asked for when the owner left, when the unit moved in the organisation, and when rows were signed long ago and
    are in no wave. Exit codes: 0 every row is signed; 3 some rows are not; 1 nothing could be confirmed.
    """
    from spmigrate.mapping import acts

    at = _counter(session)
    signer, evidence = proof.role, proof.evidence(session, at.rules)
    with session.ledger.run_lock("mapping reconfirm"):
        entry = acts.reconfirm(at, sheet, signer=signer, evidence=evidence, agreed=digest)
    return _told(at, sheet, entry, json_=json_, nothing="nothing has to be confirmed")


def _counter(session: view.Session) -> "Counter":
    from spmigrate.mapping.acts import Counter

    return Counter.open(session.ledger, mapping_choices.choices(session), mapping_rules.rulebook(session))


def _told(
    at: "Counter", sheet: str, entry: "SignoffEntry | None", *, json_: bool, nothing: str, all_locked: bool = False
) -> ExitCode:
    """Show what was recorded and where the sheet stands now."""
    stands = at.stand(sheet)
    if json_:
        document = mapping_choices.position_as_json(stands, at.rules)
        view.document(document | {"signoff": _entry_as_json(entry) if entry else None})
    elif entry is None:
        view.line(f"{sheet}: {nothing}")
    else:
        view.line(entry.statement)
        evidence = f", {entry.evidence}" if entry.evidence else ""
        named = f"{entry.signer} ({entry.role}){evidence}"
        if entry.rows:
            view.line(f"{entry.kind.capitalize()}: {words.plural(len(entry.rows), 'row')} by {named}")
            view.line(f"Digest of these rows: {entry.digest}")
        else:
            view.line(f"{entry.kind.capitalize()} by {named}")
            _tell_earlier(at, stands, entry)
        view.note(f"keep this where nobody here can change it: {entry.entry}")
        view.note(f"{sheet} is {stands.state}; whose turn it is: spmigrate mapping status")
    left = stands.unsigned or (all_locked and any(not each.may_move for each in stands.verdicts))
    return ExitCode.FINDINGS if left else ExitCode.DONE


def _tell_earlier(at: "Counter", stands: "Position", announced: "SignoffEntry") -> None:
    """Say that a day which is announced after a signature does not hold for it."""
    from spmigrate.mapping import desk
    from spmigrate.mapping.gate import Turn

    signed = desk.waiting_for(stands, Turn.GOVERNANCE, Turn.LEAD)
    until = desk.promised(at.ledger, stands.record.id, signed)
    if until and until.isoformat() != announced.policy.get("lock on"):
        view.line(
            f"{words.plural(len(signed), 'row')} signed before: not before {words.day(until)}, as the owner was told."
            " Withdraw and sign them again if another day is meant."
        )


def _entry_as_json(entry: "SignoffEntry") -> dict[str, Any]:
    return {
        "id": entry.id,
        "act": entry.kind,
        "at": entry.at,
        "signer": entry.signer,
        "role": entry.role,
        "evidence": entry.evidence,
        "level": entry.level,
        "statement": entry.statement,
        "digest": entry.digest,
        "rows": [row_id for row_id, _ in entry.rows],
        "previous": entry.previous,
        "entry": entry.entry,
    }
