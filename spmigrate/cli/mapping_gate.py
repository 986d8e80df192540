"""`mapping status` and `mapping gate`: whose turn it is with every row, and whether a wave may move."""

from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_choices, mapping_reminders, mapping_rules, view
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from spmigrate.mapping.gate import Verdict
    from spmigrate.mapping.position import Position
    from spmigrate.mapping.rulebook import Rulebook

_SETTLED = ("LOCKED", "SCHEDULED", "MOVING", "VERIFIED", "ACCEPTED", "CLOSED")
"""States in which nobody has to sign anything."""


@click.command()
@mapping_reminders.option
@view.json_option
@view.pass_session
def status(session: view.Session, reminders_file: "Path | None", json_: bool) -> ExitCode:
    """Show where every sheet stands, whose turn it is with its rows, and which folders are in no row.

    Exit codes: 0 every folder is in a row, and every row is locked or has moved; 4 there is something to add, to
    answer, to sign, to countersign, to confirm or to lock.
    """
    from spmigrate.mapping import desk

    rules = mapping_rules.rulebook(session)
    sheets = desk.status(session.ledger, mapping_choices.choices(session), rules)
    if reminders_file is not None:
        mapping_reminders.write(reminders_file, sheets)
    if json_:
        view.document({"sheets": [mapping_choices.position_as_json(each, rules) for each in sheets],
                       "reminders": mapping_reminders.as_json(sheets)})  # fmt: skip
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
            _show_open_rows(session, each, rules)
    waiting = any((each.rows and each.state not in _SETTLED) or each.uncovered for each in sheets)
    return ExitCode.PENDING if waiting else ExitCode.DONE


@click.command("gate")
@click.argument("wave", metavar="WAVE")
@view.json_option
@view.pass_session
def gate_(session: view.Session, wave: str, json_: bool) -> ExitCode:
    """Show what the gate says of every row of WAVE: the same that the mover asks before each batch.

    Exit codes: 0 everything that is left may move; 3 something may not; 5 the gate could not tell, because a scan is
    not finished, a folder could not be looked into, or the share may have hidden some.
    """
    from spmigrate.mapping.gate import answer
    from spmigrate.migrate import consent
    from spmigrate.store import signoffs, wave_changes, waves

    chosen = waves.get(session.ledger, wave)
    sheets = wave_changes.sheets_of(session.ledger, chosen)
    keeper = mapping_rules.noticing_gate(session, sheets)
    planned = waves.wave_digests(session.ledger, chosen)
    found = [each for each in keeper.ask(sheets) if each.row_id in planned]
    broken = [str(each) for each in signoffs.chain_breaks(session.ledger)]
    stopped = consent.changed_rows(session.ledger, chosen, [each.as_row() for each in found])
    left = planned if chosen.state == "planned" else wave_changes.open_rows(session.ledger, chosen)
    answers = {each.row_id: answer(each, stopped=each.row_id in stopped, left=each.row_id in left) for each in found}
    standing = waves.standing(session.ledger, chosen)
    unseen, hidden = standing.unseen, standing.hidden
    unclear = unseen > 0 or bool(hidden) or any(each.unclear for each in found)
    if json_:
        view.document({
            "wave": chosen.name, "may_move": not (stopped or broken or unclear), "unseen_folders": unseen,
            "may_be_hidden": list(hidden), "chain": broken,
            "rows": [_verdict_as_json(each, stopped.get(each.row_id), answers[each.row_id]) for each in found],
        })  # fmt: skip
    else:
        _show_gate(found, stopped, answers)
        for text in broken:
            view.line(f"the chain of sign-offs does not hold: {text}")
        if unseen:
            view.line(f"{words.plural(unseen, 'folder')} in scope could not be looked into: nobody can tell")
        for text in hidden:
            view.line(f"nobody can tell: {text}")
    codes = [ExitCode.INCOMPLETE] if unclear else []
    return ExitCode.worst(*codes, *([ExitCode.FINDINGS] if stopped or broken else []))


def _show_gate(found: "list[Verdict]", stopped: dict[str, str], answers: dict[str, str]) -> None:
    view.table(
        ["Row", "Folder", "May move", "Why not, or what to know"],
        [
            [each.row_id, each.path or "(files in no folder)", answers[each.row_id],
             stopped.get(each.row_id) or each.reason or each.due or each.note]
            for each in found
        ],
    )  # fmt: skip


def _verdict_as_json(each: "Verdict", stopped: str | None, answer: str) -> dict[str, Any]:
    return {
        "row": each.row_id, "sheet": each.sheet_id, "path": each.path, "may_move": answer == "yes", "answer": answer,
        "turn": str(each.turn), "reason": stopped or each.reason, "due": each.due, "note": each.note,
        "unclear": each.unclear,
    }  # fmt: skip


def _show_open_rows(session: view.Session, stands: "Position", rules: "Rulebook") -> None:
    from spmigrate.mapping import desk
    from spmigrate.mapping.gate import Turn

    sheet = stands.record.id
    for text in desk.voided(stands):
        view.line(f"{sheet} {text}")
    if stands.state not in ("DRAFT", "ISSUED"):
        for remark in stands.remarks:
            if remark.blocks and remark.row_id in stands.blocked:
                view.line(f"{sheet} {remark.row_id} is not ready: {remark.text}")
    for remark in stands.remarks:
        if not remark.row_id:
            view.line(f"{sheet} {remark.text}; {remark.hint}")
    for each in stands.verdicts:
        told = each.due or each.reason if each.turn in (Turn.RECONFIRM, Turn.WAIT) or each.due else each.note
        if told and each.signed:
            view.line(f"{sheet} {each.row_id}: {told}")
    _show_owners_turn(session, stands, rules)
    _show_turns(session, stands, rules)


def _show_owners_turn(session: view.Session, stands: "Position", rules: "Rulebook") -> None:
    """What the owner has to do next with the workbook or its rows, and what is typed then."""
    from spmigrate.mapping import desk
    from spmigrate.store import sheet_documents

    sheet, owner = stands.record.id, stands.record.owner
    shared = sheet_documents.of_sheet(session.ledger, sheet) is not None
    back = f"spmigrate mapping collect {sheet if shared else stands.record.file}"
    digest = desk.digest(stands, rules)
    gone = desk.left(stands, rules)
    if gone and (stands.state == "ISSUED" or stands.ready or stands.blocked):
        view.line(f"{sheet} {owner} {gone}: somebody else has to decide")
        view.note(f"next: name the new owner: spmigrate mapping issue {words.typed(stands.source.name)} --owner ROLE")
    elif stands.state == "ISSUED":
        view.note(f"next: {owner} answers the workbook of {sheet}; then: {back}")
    elif digest:
        view.line(f"{sheet} {words.plural(len(stands.ready), 'row')} ready to be signed, digest {digest}")
        command = mapping_choices.sign_command(stands, digest, shared=shared)
        view.note(f"next: have {owner} approve what mapping collect shows, with this digest; then: {command}")
    elif stands.blocked:
        changed = (each.hint for each in stands.remarks if each.key == "know" and each.row_id in stands.blocked)
        view.note(f"next: {next(changed, None) or f'{owner} answers what is not ready; then: {back}'}")


def _show_turns(session: view.Session, stands: "Position", rules: "Rulebook") -> None:
    """What information governance, the lead, or a new owner has to do next, and what to type."""
    from datetime import UTC, datetime

    from spmigrate.mapping import desk
    from spmigrate.mapping.gate import Turn

    sheet = stands.record.id
    open_rows = {"countersign": desk.waiting_for(stands, Turn.GOVERNANCE), "reconfirm": desk.to_confirm(stands)}
    for verb, rows in open_rows.items():
        if rows:
            digest = desk.digest_of(stands, rows, rules)
            view.line(f"{sheet} {words.plural(len(rows), 'row')} to {verb}, digest {digest}")
            given = f"--digest {digest[:12]} --signer ROLE --approval-record REF"
            view.note(f"next: spmigrate mapping {verb} {sheet} {given}")
    locked = desk.waiting_for(stands, Turn.LEAD)
    if locked:
        until = desk.promised(session.ledger, sheet, locked)
        early = until is not None and datetime.now(UTC).date() < until
        when = f", not before {words.day(until)}: until then the owner may change their mind" if early and until else ""
        view.line(f"{sheet} {words.plural(len(locked), 'row')} to lock{when}")
        given = f"--signer '{rules.policy.locked_by[0]}' --approval-record REF"
        view.note(f"{'then' if early else 'next'}: spmigrate mapping lock {sheet} {given}")
