"""Making a draft: the folders of the last scan, what is proposed for them, and what somebody edited meanwhile."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spmigrate import words
from spmigrate.errors import InputError, Problem
from spmigrate.formats import whole, yaml
from spmigrate.mapping import draft_check, position
from spmigrate.mapping.draft import UNOWNED, VALUES, Draft, DraftRow, DraftSheet, file_of, sheets_of, text_of
from spmigrate.mapping.draft_check import Checked
from spmigrate.mapping.folders import ROOT, Folder, tree
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.ownership import Organisation
from spmigrate.mapping.partition import Limits, Part, Pins, partition
from spmigrate.mapping.proposing import READ_CODES, Proposer, sheet_names
from spmigrate.mapping.redraft import Edits, redrafted
from spmigrate.store import drafts, folders, inventory
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.row_facts import FOLDER


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was written: where, what is in it, what somebody had edited, and their rows of folders now gone."""

    file: Path
    draft: Draft
    folders: int
    edits: Edits
    gone: tuple[str, ...] = ()


def draft(
    ledger: Ledger,
    source_name: str,
    *,
    organisation: Organisation,
    choices: Choices,
    folder: Path,
    file: Path | None = None,
    limits: Limits | None = None,
) -> Drafted:
    """Write the draft of a source from its last scan, or write it again: what somebody edited in it stays.

    Raises SpmigrateError while the scan is unfinished, InputError when the file that is there cannot be read.
    """
    source = inventory.source(ledger, source_name)
    position.refuse_unfinished(source)
    root = _tree(ledger, source)
    path = file or file_of(folder, source.name)
    edited = _edited(path, source) if path.exists() else None
    kept = drafts.proposed(ledger, source.id)
    before = Draft.model_validate_json(kept) if kept else None
    proposing = _Proposing(source, root, organisation, choices, limits or Limits())
    made, proposed, changed = redrafted(before, edited, proposing.propose)
    with whole.writing(_made(path)) as partial:
        partial.write_text(text_of(made), "utf-8")
    drafts.keep(ledger, source.id, source.scan_id, proposed.model_dump_json())
    known = {each.path for each in root.walk()}
    gone = [row.folder for _, row in edited.rows() if row.path not in known] if edited else []
    return Drafted(path, made, root.all_folders, changed, tuple(gone))


def check(
    ledger: Ledger,
    source_name: str,
    *,
    choices: Choices,
    roles: Collection[str],
    folder: Path,
    file: Path | None = None,
) -> tuple[Draft, Checked]:
    """Whether a draft can be issued: what must be settled, and what somebody should look at.

    Raises InputError when it cannot be read as a draft of this source.
    """
    source = inventory.source(ledger, source_name)
    document = yaml.source(file or file_of(folder, source.name))
    found = _of_source(document, yaml.validate(document, Draft), source)
    checked = draft_check.check(document, found, _tree(ledger, source), choices, roles)
    return found, Checked(checked.problems, (*_stale(document, found, source), *checked.notes))


def uncovered(ledger: Ledger, source: Source, keys: Collection[tuple[str, str]]) -> list[str]:
    """The folders of the last scan that are in none of these rows."""
    return draft_check.uncovered(_tree(ledger, source), keys)


def _tree(ledger: Ledger, source: Source) -> Folder:
    return tree(folders.listed(ledger, source, READ_CODES))


def _edited(path: Path, source: Source) -> Draft:
    """The draft as somebody left it. Raises InputError when rows overlap: nobody could tell what is meant."""
    document = yaml.source(path)
    found = _of_source(document, yaml.validate(document, Draft), source)
    twice = list(draft_check.overlapping(document, found))
    if twice:
        raise InputError(f"{document.name} cannot be used", twice)
    return found


def _of_source(document: yaml.Source, found: Draft, source: Source) -> Draft:
    if found.source != source.name:
        where = document.where(("source",))
        problem = Problem(where, f"is the draft of '{found.source}', not of '{source.name}'")
        raise InputError(f"{document.name} cannot be used", [problem])
    return found


def _stale(document: yaml.Source, found: Draft, source: Source) -> Iterator[Problem]:
    if found.scan != source.scan_id:
        text = f"was made from scan {found.scan}; scan {source.scan_id} of {words.moment(source.ended)} is the last"
        yield Problem(document.where(("scan",)), text, f"spmigrate mapping draft {words.typed(source.name)}")


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@dataclass(frozen=True, slots=True)
class _Proposing:
    """Proposes for one source, with folders pinned by their paths."""

    source: Source
    root: Folder
    organisation: Organisation
    choices: Choices
    limits: Limits

    def propose(self, split: frozenset[str], together: frozenset[str]) -> Draft:
        by_path = {each.path: each.id for each in self.root.walk()} if split or together else {}
        pins = Pins(
            frozenset(by_path[path] for path in split if path in by_path),
            frozenset(by_path[path] for path in together if path in by_path),
        )
        proposer = Proposer(self.source.name, self.organisation, self.choices)
        proposer.look(self.root)
        parts = partition(self.root, proposer.kind, limits=self.limits, pins=pins)
        return Draft(source=self.source.name, scan=self.source.scan_id, sheets=self._sheets(proposer, parts))

    def _sheets(self, proposer: Proposer, parts: Sequence[Part]) -> tuple[DraftSheet, ...]:
        standings = [proposer.standings[part.folder.id] for part in parts]
        names = sheet_names(iter(standings))
        by_owner: dict[str, list[DraftRow]] = {}
        for part, standing in zip(parts, standings, strict=True):
            by_owner.setdefault(standing.owner.role, []).append(_row(proposer, part))
        return sheets_of(
            (name, role, rows)
            for role, every in by_owner.items()
            for name, rows in _chunks(names.get(role, role) if role else UNOWNED, every, self.limits.most_rows)
        )


def _row(proposer: Proposer, part: Part) -> DraftRow:
    proposal = proposer.propose(part)
    row = DraftRow(
        folder=part.folder.path or ROOT, only_files=part.scope == FOLDER, holds=_holds(part), why=proposal.why
    )
    return row.model_copy(update={name: proposal.values.get(key, "") for name, key in VALUES.items()})


def _holds(part: Part) -> str:
    folder, whole_tree = part.folder, part.scope != FOLDER
    size = words.size(folder.all_bytes if whole_tree else folder.bytes)
    below = f" in {words.plural(folder.all_folders, 'folder')}" if whole_tree and folder.all_folders > 1 else ""
    unseen = sum(each.unseen for each in folder.walk()) if whole_tree else int(folder.unseen)
    hidden = f"; {words.plural(unseen, 'folder')} could not be looked into" if unseen else ""
    return f"{words.plural(part.files, 'file')}, {size}{below}{hidden}"


def _chunks(name: str, rows: Sequence[DraftRow], most: int) -> Iterator[tuple[str, Sequence[DraftRow]]]:
    """One sheet, or as many as rows need of which a sheet has `most`."""
    count = -(-len(rows) // most)
    if count == 1:
        yield name, rows
        return
    size = -(-len(rows) // count)
    for n in range(count):
        yield f"{name} ({n + 1} of {count})", rows[n * size : (n + 1) * size]
