"""Sign-off: who may sign, and what they are told. Pure. The chain of sign-offs is in `store.signoffs`."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate import words
from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.formats.workbook import plain
from spmigrate.mapping import phrases
from spmigrate.mapping.lint import AnsweredRow, Remark
from spmigrate.mapping.lists import Sensitive, Who
from spmigrate.model import Decision
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import sheet_digest
from spmigrate.store.signoffs import SignoffEntry
from spmigrate.words import folded

APPROVAL_LEVEL = 3
WITNESS_LEVEL = 4
FEWEST_DIGITS = 12
"""How much of a digest somebody must give at least: 48 bits, which nobody meets by chance."""

_DIGEST = re.compile(rf"[0-9a-f]{{{FEWEST_DIGITS},64}}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves that the signer agreed: a record of the approval tool, or an e-mail that somebody else has seen."""

    reference: str
    witness: str | None = None

    @property
    def level(self) -> int:
        """3 for an approval record, 4 for a witnessed e-mail; 1 is the strongest."""
        return WITNESS_LEVEL if self.witness else APPROVAL_LEVEL

    def __str__(self) -> str:
        if self.witness:
            return f"level {self.level}: e-mail {self.reference}, witnessed by {self.witness}"
        return f"level {self.level}: approval record {self.reference}"


def capacity(record: SheetRecord, signer: str, evidence: Evidence, today: str) -> str:
    """`owner` or `deputy`. Raises SpmigrateError when this role may not sign, or not on this evidence."""
    if evidence.witness is not None and folded(evidence.witness) == folded(signer):
        raise SpmigrateError("the witness must hold another role than the signer", hint="name who else saw the e-mail")
    if not evidence.reference.strip():
        raise SpmigrateError("the evidence has no reference", hint="give the id of the approval record or the e-mail")
    if folded(signer) == folded(record.owner):
        return "owner"
    if record.deputy and folded(signer) == folded(record.deputy):
        if (record.deputy_until or "") >= today:
            return "deputy"
        raise SpmigrateError(
            f"{record.deputy} was deputy for {record.id} until {record.deputy_until}",
            hint=f"ask {record.owner} to sign, or issue again with a new --deputy-until",
        )
    raise SpmigrateError(
        f"{signer} may not sign {record.id}: its owner is {record.owner}",
        hint=f"--signer '{record.owner}', or record a deputy when you issue the sheet again",
    )


def statement(record: SheetRecord, name: str, rows: Sequence[AnsweredRow], waiting: Sequence[Remark]) -> str:
    """What the signer agrees to, in plain English: exceptions first, then numbers. `waiting` blocks other rows."""
    keep_rules = record.basis.get("lists", "")
    sentences = [f"Sheet {record.id}, {name}, version {record.version}, keep rules {keep_rules}, for {record.owner}."]
    if waiting:
        left = len({remark.row_id for remark in waiting})
        reasons = phrases.listed([f"{remark.row_id}: {remark.text}" for remark in waiting])
        sentences.append(f"Not part of this: {words.plural(left, 'folder')} still to be settled ({reasons}).")
    sentences += _exceptions(rows)
    sentences.append("You are agreeing to " + _numbers(rows) + ".")
    sentences.append("Row by row: " + _row_by_row(rows) + ".")
    sentences.append(
        "Nothing will be deleted. Files take the permissions of the library that they go to: what the column"
        " 'Who should see it' says is recorded for those who set them, and this tool does not set them."
        " You can change your mind until a wave with the folder starts: change the row and send the workbook back, and"
        " only that row is signed again."
    )
    return " ".join(sentences)


def digest(record: SheetRecord, rows: Sequence[MappedRow]) -> str:
    """The digest of these rows, whatever their order."""
    return sheet_digest({row.row_id: row.digest(record.owner) for row in rows})


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


def entry(
    record: SheetRecord, rows: Sequence[MappedRow], *, signer: str, role: str, evidence: Evidence, text: str, at: str
) -> SignoffEntry:
    """The entry for these rows, before it is chained."""
    return SignoffEntry(
        sheet_id=record.id,
        at=at,
        signer=signer,
        role=role,
        evidence=str(evidence),
        statement=text,
        digest=digest(record, rows),
        rows=tuple(sorted((row.row_id, row.digest(record.owner)) for row in rows)),
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
    """`Move to Structures > Documents: M-0001-B0 Bridges, M-0002-D7 Surveys; Not ours: ...`, every row of them."""
    together: dict[str, list[str]] = {}
    for row in rows:
        where = f" to {row.answers.home}" if _decision(row).moves else ""
        name = plain(row.facts.path) or "(files in no folder)"
        together.setdefault(f"{row.answers.decision}{where}", []).append(f"{row.row_id} {name}")
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in together.items())


def _decision(row: AnsweredRow) -> Decision:
    return Decision(row.answers.decision)
