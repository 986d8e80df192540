"""What stands between a row and a signature, in the owner's words. Pure: rows in, remarks out."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate import words
from spmigrate.mapping import phrases
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import HEADING, LONGEST_NOTE
from spmigrate.mapping.lists import QUERY, Choices, GovernanceView, Sensitive, Who, marking_is_enough, nearest
from spmigrate.model import Decision, Destination
from spmigrate.store.listing import join
from spmigrate.store.row_facts import FolderFacts

Target = tuple[str, str, str]
"""A site, a library, and the path of the folder in it as SharePoint compares names."""

MOVES = tuple(decision for decision in Decision if decision.moves)
"""The decisions by which a folder gets a new home."""

_STRICT = ("decision", "home", "subject", "keep", "sensitive", "marking", "who", "used_with", "ig_view")
_NEEDED_TO_MOVE = ("home", "subject", "sensitive", "who")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about an answer. `blocks` says that the row cannot be signed before it is settled."""

    row_id: str
    key: str
    text: str
    hint: str | None = None
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row with what the scan says and what the owner wrote."""

    row_id: str
    facts: FolderFacts
    answers: Answers


def check(rows: Sequence[AnsweredRow], choices: Choices, taken: Mapping[Target, str]) -> list[Remark]:
    """Every remark on the rows of one sheet. `taken` names the rows of other sheets by the target they move to."""
    found = [remark for row in rows for remark in _check_row(row, choices)]
    return [*found, *_check_targets(rows, choices, taken)]


def check_coverage(uncovered: Sequence[str]) -> list[Remark]:
    """A remark when folders of the source are in no row: they stay where they are until they are in one."""
    if not uncovered:
        return []
    text = f"{words.plural(len(uncovered), 'folder is', 'folders are')} in no row: {phrases.listed(uncovered)}"
    return [Remark("", "name", text, "run the same spmigrate mapping issue again: it adds them", blocks=False)]


def target(facts: FolderFacts, decision: str, home: Destination) -> Target:
    """Where a row goes, in a form that is equal exactly when SharePoint would take two names for one."""
    name = facts.path.rpartition("/")[2]
    if name and decision == Decision.MOVE_AND_TIDY:
        name = facts.tidied or name
    return home.site, home.library, unicodedata.normalize("NFC", join(facts.above, name)).casefold()


def blocked(remarks: Iterable[Remark]) -> frozenset[str]:
    """The rows that cannot be signed."""
    return frozenset(remark.row_id for remark in remarks if remark.blocks)


def _check_row(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    unknown = dict(_unknown_words(row, choices))
    yield from unknown.values()
    if "decision" in unknown:
        return
    yield from _check_decision(row)
    if row.answers.decision in MOVES:
        yield from (remark for remark in _check_move(row, choices) if remark.key not in unknown)
    if row.answers.ig_view in (GovernanceView.CHANGE, GovernanceView.DPIA, GovernanceView.HOLD):
        yield Remark(row.row_id, "ig_view", f"information governance says: {row.answers.ig_view}", "talk to them")
    if row.answers.hold:
        yield Remark(row.row_id, "hold", f"is under the hold {row.answers.hold}", "it stays until the hold ends")
    if len(row.answers.notes) > LONGEST_NOTE:
        yield Remark(row.row_id, "notes", f"is longer than {LONGEST_NOTE} characters", "shorten it", blocks=False)


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
        renames = _count(row.facts, "rename")
        if renames:
            text = f"{words.plural(renames, 'name needs', 'names need')} changing, and 'Move' does not change names"
            yield Remark(row.row_id, "decision", text, "choose 'Move and tidy', or those files stay", blocks=False)


def _check_move(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    for key in _NEEDED_TO_MOVE:
        if not getattr(row.answers, key):
            yield Remark(row.row_id, key, f"'{HEADING[key]}' is missing", "choose from the drop-down")
    if row.answers.who in (Who.GROUP, Who.PARTNER, Who.RESTRICTED) and not row.answers.group:
        text = f"'{row.answers.who}' needs a name here"
        yield Remark(row.row_id, "group", text, "write which group, list or partner")
    if row.answers.keep == QUERY:
        yield Remark(row.row_id, "keep", "the keep rule is queried", "information governance settles it with you")
    elif row.answers.subject and row.answers.keep not in ("", choices.keep_rule(row.answers.subject)):
        text = f"'{row.answers.keep}' is not the usual rule for {row.answers.subject}"
        yield Remark(row.row_id, "keep", text, "empty the cell to get the usual one", blocks=False)
    yield from _check_protection(row)


def _check_protection(row: AnsweredRow) -> Iterator[Remark]:
    sensitive, marking = row.answers.sensitive, row.answers.marking
    if sensitive == Sensitive.DONT_KNOW:
        text = 'whether it is sensitive is "I don\'t know"'
        yield Remark(row.row_id, "sensitive", text, "information governance will help")
    elif sensitive and marking and not marking_is_enough(marking, sensitive):
        text = f"{marking} is too low for '{sensitive}'"
        yield Remark(row.row_id, "marking", text, "leave it empty, or choose OFFICIAL-SENSITIVE PERSONAL")


def _check_targets(rows: Sequence[AnsweredRow], choices: Choices, taken: Mapping[Target, str]) -> Iterator[Remark]:
    seen = dict(taken)
    for row in rows:
        home = choices.home(row.answers.home) if row.answers.home else None
        if home is None or row.answers.decision not in MOVES:
            continue
        place = target(row.facts, row.answers.decision, home)
        if place in seen:
            text = f"{seen[place]} moves a folder of the same name to the same place"
            yield Remark(row.row_id, "home", text, "choose another home for one of them")
        seen.setdefault(place, row.row_id)


def _count(facts: FolderFacts, treatment: str) -> int:
    return sum(count for kind, _, count in facts.findings if kind == treatment)
