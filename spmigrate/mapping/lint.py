"""What stands between a row and a signature, in the owner's words. Pure: rows in, remarks out."""

from collections.abc import Iterable, Iterator, Sequence

from spmigrate import words
from spmigrate.mapping import homes, phrases, private_words
from spmigrate.mapping.columns import HEADING, LONGEST_NOTE
from spmigrate.mapping.lists import Choices, GovernanceView, UsedWith, nearest
from spmigrate.mapping.remarks import AnsweredRow, Remark
from spmigrate.model import Decision

__all__ = ["MOVES", "AnsweredRow", "Remark", "blocked", "check", "check_coverage"]

MOVES = tuple(decision for decision in Decision if decision.moves)
"""The decisions by which a folder gets a new home."""

_STRICT = ("decision", "home", "subject", "keep", "sensitive", "marking", "who", "used_with", "ig_view")
_NEEDED_TO_MOVE = ("home", "subject", "sensitive", "who")
_DATABASES = ("DATABASE", "MAILBOX")


def check(rows: Sequence[AnsweredRow], choices: Choices) -> list[Remark]:
    """Every remark on the rows of one sheet that needs nothing but the rows."""
    moving = [row for row in rows if row.answers.decision in MOVES]
    return [*(remark for row in rows for remark in _check_row(row, choices)), *homes.check_together(moving, choices)]


def check_coverage(uncovered: Sequence[str]) -> list[Remark]:
    """A remark when folders of the source are in no row: they stay where they are until they are in one."""
    if not uncovered:
        return []
    text = f"{words.plural(len(uncovered), 'folder is', 'folders are')} in no row: {phrases.listed(uncovered)}"
    return [Remark("", "name", text, "run the same spmigrate mapping issue again: it adds them", blocks=False)]


def check_hidden(sentences: Sequence[str]) -> list[Remark]:
    """A remark for each thing that the source may hide: the numbers that the owner sees may be too small."""
    hint = "do not let it be signed before that is settled: what was hidden stays where it is"
    return [Remark("", "know", text, hint, blocks=False) for text in sentences]


def blocked(remarks: Iterable[Remark]) -> frozenset[str]:
    """The rows that cannot be signed."""
    return frozenset(remark.row_id for remark in remarks if remark.blocks)


def _check_row(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    unknown = dict(_unknown_words(row, choices))
    yield from unknown.values()
    if "decision" not in unknown:
        yield from _check_decision(row)
        if row.answers.decision in MOVES:
            yield from (remark for remark in _check_move(row, choices) if remark.key not in unknown)
        yield from _check_governance(row, choices)
    yield from _check_notes(row)


def _unknown_words(row: AnsweredRow, choices: Choices) -> Iterator[tuple[str, Remark]]:
    for key in _STRICT:
        text = getattr(row.answers, key)
        known = choices.of(key)
        if not text or text in known:
            continue
        near = nearest(text, known)
        hint = f"did you mean '{near}'?" if near else "choose from the drop-down"
        what = "is not an approved home" if key == "home" else "is not one of the choices"
        yield key, Remark(row.row_id, key, f"'{text}' {what}", hint)


def _check_decision(row: AnsweredRow) -> Iterator[Remark]:
    if not row.answers.decision:
        yield Remark(row.row_id, "decision", "the decision is missing", 'choose one; "I don\'t know" is an answer too')
    elif row.answers.decision == Decision.DONT_KNOW:
        yield Remark(row.row_id, "decision", 'the decision is "I don\'t know"', "information governance will help")
    elif row.answers.decision == Decision.MOVE:
        renames = _count(row, "rename")
        if renames:
            text = f"{words.plural(renames, 'name needs', 'names need')} changing, and 'Move' does not change names"
            yield Remark(row.row_id, "decision", text, "choose 'Move and tidy', or those files stay", blocks=False)


def _check_move(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    for key in _NEEDED_TO_MOVE:
        if not getattr(row.answers, key):
            yield Remark(row.row_id, key, f"'{HEADING[key]}' is missing", "choose from the drop-down")
    yield from _check_databases(row)
    yield from homes.check(row, choices)


def _check_databases(row: AnsweredRow) -> Iterator[Remark]:
    databases = _count(row, "route", *_DATABASES)
    if not databases:
        return
    what = words.plural(databases, "database or mailbox belongs", "databases and mailboxes belong")
    text = f"{what} in a business system and will not move"
    if databases >= row.facts.identity.items:
        hint = "there is nothing else in this folder: choose 'Belongs in a business system'"
        yield Remark(row.row_id, "decision", text, hint)
    else:
        yield Remark(
            row.row_id, "decision", text, "check that nobody needs them beside the files that do", blocks=False
        )
    if row.answers.used_with == UsedWith.NOTHING:
        text = "you say that nothing else uses these files, and there is a database among them"
        yield Remark(row.row_id, "used_with", text, "choose 'Database' if it reads the files", blocks=False)


def _check_governance(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    if row.answers.ig_view in (GovernanceView.CHANGE, GovernanceView.DPIA, GovernanceView.HOLD):
        yield Remark(row.row_id, "ig_view", f"information governance says: {row.answers.ig_view}", "talk to them")
    if row.answers.hold:
        yield Remark(row.row_id, "hold", f"is under the hold {row.answers.hold}", "it stays until the hold ends")
        known = [hold.ref for hold in choices.schedule.holds]
        if row.answers.hold not in known:
            text = f"the hold {row.answers.hold} is not in the retention schedule"
            yield Remark(row.row_id, "hold", text, f"there are: {', '.join(known) or 'none'}", blocks=False)


def _check_notes(row: AnsweredRow) -> Iterator[Remark]:
    if len(row.answers.notes) > LONGEST_NOTE:
        yield Remark(row.row_id, "notes", f"is longer than {LONGEST_NOTE} characters", "shorten it", blocks=False)
    for key in ("notes", "group"):
        details = list(private_words.looks_like(getattr(row.answers, key)))
        if details:
            text = f"looks as if it held {', '.join(details)}"
            yield Remark(row.row_id, key, text, "take out what is about a person", blocks=False)


def _count(row: AnsweredRow, treatment: str, *codes: str) -> int:
    return sum(count for kind, code, count in row.facts.findings if kind == treatment and (not codes or code in codes))
