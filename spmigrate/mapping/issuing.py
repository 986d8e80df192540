"""Issuing a sheet: rows from the scan, proposals for the owner, one workbook."""

from dataclasses import dataclass, replace
from pathlib import Path

from spmigrate.errors import SpmigrateError
from spmigrate.formats import workbook
from spmigrate.mapping import answers, ids, position, sheet
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.states import State
from spmigrate.store import clock, inventory, mappings, row_facts, signoffs
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_identity import sha256
from spmigrate.words import folded


@dataclass(frozen=True, slots=True)
class Delegation:
    """A deputy who may sign, until the end of a day (ISO date)."""

    role: str
    until: str


def issue(
    ledger: Ledger,
    source_name: str,
    *,
    owner: str,
    choices: Choices,
    folder: Path,
    file: Path | None = None,
    delegation: Delegation | None = None,
) -> SheetRecord:
    """Write the workbook of a source, or write it again over the present scan; answers and valid sign-offs are kept.

    Raises SpmigrateError when the scan is unfinished, no site can take folders, or the file exists already.
    """
    source = inventory.source(ledger, source_name)
    position.refuse_unfinished(source)
    if not choices.destinations:
        raise SpmigrateError("no site has a library that folders could move to", hint="spmigrate template lint")
    known = next(iter(mappings.sheets_of_source(ledger, source.id)), None)
    record = _record(ledger, source, known, owner, choices, delegation)
    path = file or folder / f"{record.id}-v{record.version}.xlsx"
    if path.exists():
        raise SpmigrateError(f"{path} exists already, and may hold answers", hint="choose another name with --out")
    record = replace(record, file=_shown(path, folder))
    mappings.put_sheet(ledger, record, _rows(ledger, source, record.id, choices))
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.write(path, _book(ledger, record, source, choices))
    unsigned = signoffs.unsigned_rows(ledger, [record.id], homes=choices.destinations)
    state = State.ISSUED if unsigned else State.OWNER_SIGNED
    mappings.set_state(ledger, record.id, state)
    return replace(record, state=state)


def _record(
    ledger: Ledger,
    source: Source,
    known: SheetRecord | None,
    owner: str,
    choices: Choices,
    delegation: Delegation | None,
) -> SheetRecord:
    sheet_id = known.id if known else ids.sheet_id(mappings.next_numbers(ledger)[0])
    # A draft never reached its owner, so its version is still free.
    version = 1 if known is None else known.version + (0 if known.state == State.DRAFT else 1)
    issued = clock.now()
    basis = {
        "scan": source.digest or "",
        "lists": choices.schedule.version,
        "destinations": sha256(sorted([each.site, each.library] for each in choices.destinations)),
    }
    if delegation is None and known and known.deputy and folded(known.owner) == folded(owner):
        delegation = Delegation(known.deputy, known.deputy_until or "")
    return SheetRecord(
        id=sheet_id,
        source_id=source.id,
        scan_id=source.scan_id,
        version=version,
        issue_key=sha256([sheet_id, version, issued, basis])[:12].upper(),
        file="",
        owner=owner,
        state=State.DRAFT,
        issued=issued,
        basis=basis,
        deputy=delegation.role if delegation else None,
        deputy_until=delegation.until if delegation else None,
    )


def _rows(ledger: Ledger, source: Source, sheet_id: str, choices: Choices) -> list[MappedRow]:
    """The rows over the present scan: known ones keep their id, and what was signed while that still holds."""
    number = mappings.next_numbers(ledger)[1]
    known = {(row.folder_id, row.scope): row for row in mappings.rows(ledger, sheet_id)}
    signed = {row.row_id for row in signoffs.signed_rows(ledger, [sheet_id], homes=choices.destinations)}
    seeds = row_facts.row_seeds(ledger, source.id, source.scan_id)
    rows = []
    for place, facts in enumerate(row_facts.folder_facts(ledger, seeds, source.scan_id), start=1):
        row = known.get((facts.folder_id, facts.scope))
        if row is None:
            row_id = ids.row_id(number)
            row = MappedRow(row_id, sheet_id, place, facts.folder_id, facts.scope, facts.path, facts.identity)
            number += 1
        identity = row.identity if row.row_id in signed else facts.identity
        rows.append(replace(row, position=place, identity=identity))
    return rows


def _book(ledger: Ledger, record: SheetRecord, source: Source, choices: Choices) -> workbook.Book:
    mapped = [row for row in mappings.rows(ledger, record.id) if row.position]
    found = row_facts.folder_facts(ledger, [(row.folder_id, row.scope) for row in mapped], source.scan_id)
    rows = [
        sheet.SheetRow(
            row.row_id,
            replace(facts, identity=row.identity),
            answers.recorded(row) if row.meaning else answers.proposed(facts, choices),
        )
        for row, facts in zip(mapped, found, strict=True)
    ]
    history = [each for each in signoffs.signoffs(ledger) if each.sheet_id == record.id]
    return sheet.book(record, source, rows, choices, history)


def _shown(path: Path, folder: Path) -> str:
    """`path` as people write it in the working folder, which holds `folder`."""
    whole, base = path.resolve(), folder.parent.resolve()
    return str(whole.relative_to(base)) if whole.is_relative_to(base) else str(whole)
