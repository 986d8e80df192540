"""What a signer is shown and agrees to, and what proves that they did. Pure. The chain is in `store.signoffs`."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spmigrate import words
from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.formats.tables import plain
from spmigrate.mapping import agreement, phrases
from spmigrate.mapping.columns import TAB
from spmigrate.mapping.lint import AnsweredRow, Remark
from spmigrate.mapping.lists import Sensitive, Who
from spmigrate.model import Decision
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.signoffs import form_digest

APPROVAL_LEVEL = 3
WITNESS_LEVEL = 4
RECORD_LEVELS = (APPROVAL_LEVEL, WITNESS_LEVEL)
"""Levels at which somebody names a record that approves a digest, and this tool cannot read it."""
_WITNESSED = ", witnessed by "
_KINDS = {1: "version", 2: "sign-in", 3: "approval record", 4: "e-mail"}
_LONGEST_LIST = 24_000
"""Characters: a cell holds 32,767, and whoever agrees must see the sentences after the list, too."""
FEWEST_DIGITS = 12
"""How much of a digest somebody must give at least: 48 bits, which nobody meets by chance."""

_DIGEST = re.compile(rf"[0-9a-f]{{{FEWEST_DIGITS},64}}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves that the signer agreed, and how strongly: 1 is the strongest level.

    1: the server's history of versions shows who set the sign-off cell. 2: the signer signed in. 3: a record of the
    approval tool. 4: an e-mail that somebody else has seen. `asserted_by` is who says so, and `at` when.
    """

    reference: str
    witness: str | None = None
    asserted_by: str = ""
    at: str = ""
    level: int = 0

    def __post_init__(self) -> None:
        if not self.level:
            object.__setattr__(self, "level", WITNESS_LEVEL if self.witness else APPROVAL_LEVEL)

    def __str__(self) -> str:
        if self.witness:
            return f"level {self.level}: e-mail {self.reference}{_WITNESSED}{self.witness}"
        said = f", asserted by {self.asserted_by}" if self.asserted_by else ""
        when = f" at {self.at}" if self.at else ""
        return f"level {self.level}: {_KINDS[self.level]} {self.reference}{said}{when}"


def same_record(one: str, other: str) -> bool:
    """Whether two texts of evidence name one record; who has witnessed it, and case and spaces, make no difference."""
    return words.folded(one.rpartition(_WITNESSED)[0] or one) == words.folded(other.rpartition(_WITNESSED)[0] or other)


def statement(
    record: SheetRecord,
    name: str,
    rows: Sequence[AnsweredRow],
    waiting: Sequence[Remark],
    *,
    locks_on: date,
    reservations: Sequence[str] = (),
) -> str:
    """What the signer agrees to, in plain English: exceptions first, then numbers. `waiting` blocks other rows.

    `locks_on` is the day from which the migration lead may lock the rows; `reservations` say what the scan may not
    have seen of the source.
    """
    keep_rules = record.basis.get("lists", "")
    sentences = [f"Sheet {record.id}, {name}, version {record.version}, keep rules {keep_rules}, for {record.owner}."]
    if waiting:
        left = len({remark.row_id for remark in waiting})
        reasons = phrases.listed([f"{remark.row_id}: {remark.text}" for remark in waiting])
        sentences.append(f"Not part of this: {words.plural(left, 'folder')} still to be settled ({reasons}).")
    sentences += [f"What you see here may be less than there is: {each}." for each in reservations]
    sentences += _exceptions(rows)
    sentences.append("You are agreeing to " + _numbers(rows) + ".")
    sentences.append("Row by row: " + _row_by_row(rows) + ".")
    sentences.append("Nothing will be deleted.")
    sentences.append(_audience(rows))
    sentences.append(
        f"You can change your mind until {words.day(locks_on)}, when these rows can be locked: change the row and send"
        " the workbook back, and only that row is signed again. After that you can still take it back, until the folder"
        " has moved."
    )
    return " ".join(sentences)


def digest(record: SheetRecord, rows: Sequence[MappedRow], versions: Mapping[str, Any]) -> str:
    """The digest of these rows and of the versions that they rest on, whatever the order."""
    return form_digest([(row.row_id, row.digest(record.owner)) for row in rows], versions)


def check_agreed(sheet_id: str, agreed: str, ready: str) -> None:
    """Raises UsageProblem when `agreed` is no digest, SpmigrateError when it is another than that of the ready rows."""
    wanted = agreed.strip().lower()
    if not _DIGEST.fullmatch(wanted):
        raise UsageProblem(
            f"'{agreed}' is no digest: give at least {FEWEST_DIGITS} of its digits 0 to 9 and a to f",
            hint="the digest stands below what the owner approved; see also: spmigrate mapping status",
        )
    if not ready.startswith(wanted):
        raise SpmigrateError(
            f"the rows of {sheet_id} that are ready now are not those that were approved: "
            f"their digest is {ready[:FEWEST_DIGITS]}…, not {wanted[:FEWEST_DIGITS]}…",
            hint="collect the workbook again, and have the owner approve what it says now",
        )


def check_shown(sheet_id: str, shown: str, text: str) -> None:
    """Raises SpmigrateError when the paragraph that the owner was shown is not what signing would record."""
    if agreement.in_a_cell(shown) != agreement.in_a_cell(text):
        raise SpmigrateError(
            f"the tab {agreement.TAB} of {sheet_id} says something else than what there is to agree to now",
            hint=f"spmigrate mapping collect {sheet_id} writes it anew; then the owner agrees again",
        )


def _exceptions(rows: Sequence[AnsweredRow]) -> Iterator[str]:
    special = [row.row_id for row in rows if row.answers.sensitive == Sensitive.SPECIAL]
    if special:
        text = words.plural(len(special), "folder holds", "folders hold")
        yield f"{text} special category or criminal details ({phrases.listed(special)})."
    partner = [f"{row.row_id} with {row.answers.group}" for row in rows if row.answers.who == Who.PARTNER]
    if partner:
        text = words.plural(len(partner), "folder is", "folders are")
        yield f"{text} meant for a partner ({phrases.listed(partner)})."
    unseen = sum(row.facts.unseen for row in rows)
    if unseen:
        yield f"{words.plural(unseen, 'folder')} could not be looked into and will not move."
    moving = [row for row in rows if _decision(row).moves]
    totals = Counter[str]()
    for row in moving:
        for treatment, code, count in row.facts.findings:
            if code != "UNSEEN":
                tidy = treatment == "rename" and row.answers.decision == Decision.MOVE_AND_TIDY
                totals["tidy" if tidy else treatment] += count
    yield from _findings(totals)


def _findings(totals: Mapping[str, int]) -> Iterator[str]:
    if totals.get("tidy"):
        yield f"{words.plural(totals['tidy'], 'name')} will be changed so that SharePoint takes them."
    stuck = totals.get("rename", 0) + totals.get("block", 0)
    if stuck:
        what = words.plural(stuck, "file or folder", "files or folders")
        yield f"{what} will not move, because of the name, the length of the path or the size."
    if totals.get("route"):
        what = words.plural(totals["route"], "file belongs", "files belong")
        yield f"{what} in another kind of system and will not move."
    if totals.get("skip"):
        what = words.plural(totals["skip"], "temporary file or link stays", "temporary files and links stay")
        yield f"{what} behind by rule."


def _audience(rows: Sequence[AnsweredRow]) -> str:
    """Who else will be able to see what moves, as the owner wants it, and who sets that."""
    wanted: dict[str, int] = {}
    for row in rows:
        if _decision(row).moves and row.answers.who:
            name = f"{row.answers.who} {row.answers.group}".strip()
            wanted[name] = wanted.get(name, 0) + 1
    listed = "; ".join(f"{name}: {words.plural(count, 'folder')}" for name, count in sorted(wanted.items()))
    return (
        (f"Who else can see it, as you want it: {listed}. " if listed else "")
        + "A folder for the whole team, or for a partner, takes the permissions of the library that it goes to; any"
        " other is opened to those alone whom you name, before its files arrive."
    )


def _numbers(rows: Sequence[AnsweredRow]) -> str:
    verbs = {
        Decision.MOVE: "move {}",
        Decision.MOVE_AND_TIDY: "move and tidy {}",
        Decision.ARCHIVE: "leave {} as a read-only archive",
        Decision.BUSINESS_SYSTEM: "leave {} for a business system",
        Decision.NOT_OURS: "leave {} because they are not yours",
    }
    parts = []
    for decision, verb in verbs.items():
        chosen = [row.facts.identity for row in rows if row.answers.decision == decision]
        if chosen:
            files = words.plural(sum(identity.items for identity in chosen), "file")
            size = words.size(sum(identity.bytes for identity in chosen))
            parts.append(verb.format(f"{words.plural(len(chosen), 'folder')} ({files}, {size})"))
    return ", ".join(parts[:-1]) + (" and " if parts[:-1] else "") + parts[-1]


def _row_by_row(rows: Sequence[AnsweredRow]) -> str:
    """Where each row goes; where that is more than a cell holds beside the rest, where it stands."""
    text = _each_row(rows)
    if len(text) <= _LONGEST_LIST:
        return text
    return f"as the tab '{TAB}' has the {len(rows)} of them, and the digest below stands for exactly these rows"


def _each_row(rows: Sequence[AnsweredRow]) -> str:
    """`Move to Structures > Documents: M-0001-B0 Bridges, M-0002-D7 Surveys; Not ours: ...`, every row of them."""
    together: dict[str, list[str]] = {}
    for row in rows:
        where = f" to {row.answers.home}" if _decision(row).moves else ""
        name = plain(row.facts.path) or "(files in no folder)"
        together.setdefault(f"{row.answers.decision}{where}", []).append(f"{row.row_id} {name}")
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in together.items())


def _decision(row: AnsweredRow) -> Decision:
    return Decision(row.answers.decision)
