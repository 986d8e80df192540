"""Issuing sheets: rows from the scan, proposals for the owner, one workbook for each sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from spmigrate import words
from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.formats import workbook
from spmigrate.mapping import answers, ids, outstanding, position, reordering, sheet
from spmigrate.mapping.agreement import Presented
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.draft import VALUES, Draft, DraftRow, DraftSheet, Key
from spmigrate.mapping.draft_check import overlaps
from spmigrate.mapping.drive_letters import known_as
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.states import State
from spmigrate.store import clock, folders, inventory, mappings, row_facts, signoffs
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_facts import Seed
from spmigrate.store.row_identity import sha256
from spmigrate.words import folded


@dataclass(frozen=True, slots=True)
class Delegation:
    """A deputy who may sign, until the end of a day (ISO date)."""

    role: str
    until: str


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet as it is to be issued: its part of the source, its owner, its rows, and what is proposed for them."""

    part: str
    owner: str
    seeds: tuple[Seed, ...]
    proposals: Mapping[Seed, Answers] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Issued:
    """The sheets of a draft: those that were issued now, and those that are out already, unchanged."""

    sheets: list[SheetRecord]
    kept: list[SheetRecord]


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
    """Write one workbook for a whole source, a row for each top folder; answers and valid sign-offs are kept.

    Raises SpmigrateError when the scan is unfinished, no site can take folders, the file exists already, or the source
    has the sheets of a draft.
    """
    source = ready(ledger, source_name, choices)
    parts = [each.part for each in mappings.sheets_of_source(ledger, source.id) if each.part]
    if parts:
        hint = f"spmigrate mapping draft {words.typed(source.name)}, then the same command again"
        raise SpmigrateError(
            f"{source.name} has the sheets of a draft, and the draft is gone: {', '.join(parts)}", hint=hint
        )
    plan = SheetPlan("", owner, tuple(row_facts.row_seeds(ledger, source.id, source.scan_id)))
    return _Issue(ledger, source, choices, folder, delegation).of([plan], file)[0]


def issue_draft(
    ledger: Ledger,
    draft: Draft,
    *,
    choices: Choices,
    folder: Path,
    only: Sequence[DraftSheet] | None = None,
    file: Path | None = None,
    delegation: Delegation | None = None,
) -> Issued:
    """Write a workbook for each owned sheet of a checked draft, or for those in `only`.

    For the whole draft, sheets that would be written again just as they are stay out as they are, and sheets that the
    draft no longer has are withdrawn. Raises SpmigrateError as `issue` does, and when a row of a sheet that is not
    issued now would be in two rows.
    """
    source = ready(ledger, draft.source, choices)
    wanted = [each for each in (draft.sheets if only is None else only) if each.owner]
    known = folders.ids(ledger, source, [row.path for each in wanted for row in each.rows])
    plans = [plan_of(each, known) for each in wanted]
    _refuse_overlaps(ledger, source, plans, all_of_it=only is None)
    run = _Issue(ledger, source, choices, folder, delegation)
    kept = run.unchanged(plans) if only is None and file is None else []
    parts = {each.part for each in kept}
    issued = run.of([each for each in plans if each.part not in parts], file)
    if only is None:
        current = {each.id for each in (*issued, *kept)}
        for each in mappings.sheets_of_source(ledger, source.id):
            if each.id not in current:
                mappings.put_sheet(ledger, replace(each, state=State.WITHDRAWN), [])
    return Issued(issued, kept)


def ready(ledger: Ledger, source_name: str, choices: Choices) -> Source:
    """The source, when sheets of it can be issued. Raises SpmigrateError when they cannot."""
    source = inventory.source(ledger, source_name)
    position.refuse_unfinished(source)
    if not choices.destinations:
        raise SpmigrateError("no site has a library that folders could move to", hint="spmigrate template lint")
    return source


def chosen(draft: Draft, *, owner: str | None, sheet_name: str | None) -> list[DraftSheet] | None:
    """The sheets of a draft that these options ask for, None for all. Raises UsageProblem when there is none."""
    if owner is None and sheet_name is None:
        return None
    found = [
        each
        for each in draft.sheets
        if (owner is None or folded(each.owner) == folded(owner))
        and (sheet_name is None or folded(each.sheet) == folded(sheet_name))
    ]
    if not found:
        asked = " of ".join(filter(None, [sheet_name or "", owner or ""]))
        there = ", ".join(f"{each.sheet} ({each.owner or 'nobody'})" for each in draft.sheets)
        raise UsageProblem(f"the draft of {draft.source} has no sheet {asked}", hint=f"there are: {there}")
    return found


def proposals_of(row: DraftRow) -> Answers:
    """What a draft proposes for a row, as the owner finds it filled in."""
    return Answers(**{VALUES[name]: text for name, text in row.values.items()})


def book_of(
    ledger: Ledger,
    record: SheetRecord,
    choices: Choices,
    *,
    proposals: Mapping[Seed, Answers] = MappingProxyType({}),
    presented: Presented | None = None,
) -> workbook.Book:
    """The workbook of a sheet as the ledger has it now; `presented` is what its owner can agree to in a library."""
    source = inventory.by_id(ledger, record.source_id)
    mapped = [row for row in mappings.rows(ledger, record.id) if row.position]
    return _bound(ledger, record, rows_of_book(ledger, source, mapped, proposals, choices), choices, presented)


def _bound(
    ledger: Ledger,
    record: SheetRecord,
    rows: Sequence[sheet.SheetRow],
    choices: Choices,
    presented: Presented | None = None,
) -> workbook.Book:
    history = signoffs.of_sheets(ledger, [record.id]).get(record.id, [])
    source = inventory.by_id(ledger, record.source_id)
    return sheet.book(record, source, rows, choices, history, presented)


def rows_of_book(
    ledger: Ledger, source: Source, mapped: Sequence[MappedRow], proposals: Mapping[Seed, Answers], choices: Choices
) -> list[sheet.SheetRow]:
    """Rows with the facts that their owner sees, and their answers or what is proposed."""
    found = row_facts.folder_facts(ledger, [(row.folder_id, row.scope) for row in mapped], source.scan_id)
    planned = mappings.waves_of_rows(ledger, [row.row_id for row in mapped])
    rows = []
    for row, facts in zip(mapped, found, strict=True):
        given = answers.recorded(row) if row.meaning else outstanding.proposal(facts, proposals, choices)
        shown = replace(facts, identity=row.identity)
        rows.append(sheet.SheetRow(row.row_id, shown, given, planned.get(row.row_id, "")))
    return rows


@dataclass(frozen=True, slots=True)
class _Issue:
    """One run of issuing sheets of a source."""

    ledger: Ledger
    source: Source
    choices: Choices
    folder: Path
    delegation: Delegation | None

    def of(self, plans: Sequence[SheetPlan], file: Path | None) -> list[SheetRecord]:
        """Issue the sheets, each whole or not at all."""
        if file is not None and len(plans) != 1:
            raise UsageProblem(f"--out names one workbook, and there are {len(plans)} sheets", hint="add --sheet NAME")
        records = list(self._records(plans))
        paths = [file or self.folder / f"{each.id}-v{each.version}.xlsx" for each in records]
        for path in paths:
            if path.exists():
                raise SpmigrateError(
                    f"{path} exists already, and may hold answers", hint="choose another name with --out"
                )
        ledger, of_source = self.ledger, mappings.sheets_of_source(self.ledger, self.source.id)
        known = {(row.folder_id, row.scope): row for each in of_source for row in mappings.rows(ledger, each.id)}
        before = [each.id for each in of_source]
        homes, percent = self.choices.destinations, self.choices.growth_percent
        signed = {row.row_id for row in signoffs.signed_rows(ledger, before, homes=homes, percent=percent)}
        issued = []
        for plan, record, path in zip(plans, records, paths, strict=True):
            mapped = list(self._rows(plan, record.id, known, signed))
            rows = rows_of_book(ledger, self.source, mapped, plan.proposals, self.choices)
            facts = [(row.row_id, row.facts) for row in rows]
            shown = outstanding.shown(record, self.source, facts, plan.proposals, self.choices)
            basis = {**record.basis, outstanding.SHOWN: shown}
            named = replace(record, file=_shown(path, self.folder), basis=basis)
            mappings.put_sheet(ledger, named, mapped)
            mappings.put_baseline(ledger, _baseline(mapped, rows, self.choices))
            path.parent.mkdir(parents=True, exist_ok=True)
            workbook.write(path, _bound(ledger, named, rows, self.choices))
            unsigned = signoffs.unsigned_rows(ledger, [named.id], homes=homes, percent=percent)
            state = State.ISSUED if unsigned else State.OWNER_SIGNED
            mappings.set_state(ledger, named.id, state)
            issued.append(replace(named, state=state))
        return issued

    def unchanged(self, plans: Sequence[SheetPlan]) -> list[SheetRecord]:
        """The sheets that would be issued just as they are out already."""
        known = {each.id: each for each in mappings.sheets_of_source(self.ledger, self.source.id)}
        return [
            known[fresh.id]
            for plan, fresh in zip(plans, self._records(plans), strict=True)
            if fresh.id in known
            and known[fresh.id].part == plan.part
            and outstanding.stays(
                self.ledger, self.source, known[fresh.id], fresh, plan.proposals, plan.seeds, self.choices, self.folder
            )
        ]

    def _records(self, plans: Sequence[SheetPlan]) -> Iterator[SheetRecord]:
        """The record of each sheet: the one that it has had, or a new one. Sheets keep their id with their part."""
        free = {each.part: each for each in mappings.sheets_of_source(self.ledger, self.source.id)}
        whole = free.pop("", None)
        number = mappings.next_numbers(self.ledger)[0]
        by_part = {plan.part: free[plan.part] for plan in plans if plan.part in free}
        for plan in plans:
            known = by_part.get(plan.part)
            if known is None and whole and (not plan.part or folded(whole.owner) == folded(plan.owner)):
                known, whole = whole, None
            sheet_id = known.id if known else ids.sheet_id(number)
            number += known is None
            yield self._record(plan, sheet_id, known)

    def _record(self, plan: SheetPlan, sheet_id: str, known: SheetRecord | None) -> SheetRecord:
        # A draft never reached its owner, so its version is still free.
        version = 1 if known is None else known.version + (0 if known.state == State.DRAFT else 1)
        issued = clock.now()
        basis = {
            "scan": self.source.digest or "",
            "lists": self.choices.schedule.version,
            "destinations": sha256(sorted([each.site, each.library] for each in self.choices.destinations)),
            sheet.KNOWN_AS: known_as(self.source.root, self.choices.drives, self.choices.shares),
        }
        delegation = self.delegation
        if delegation is None and known and known.deputy and folded(known.owner) == folded(plan.owner):
            delegation = Delegation(known.deputy, known.deputy_until or "")
        return SheetRecord(
            id=sheet_id,
            source_id=self.source.id,
            scan_id=self.source.scan_id,
            version=version,
            issue_key=sha256([sheet_id, version, issued, basis])[:12].upper(),
            file="",
            owner=plan.owner,
            state=State.DRAFT,
            issued=issued,
            basis=basis,
            deputy=delegation.role if delegation else None,
            deputy_until=delegation.until if delegation else None,
            part=plan.part,
        )

    def _rows(
        self, plan: SheetPlan, sheet_id: str, known: Mapping[Seed, MappedRow], signed: set[str]
    ) -> Iterator[MappedRow]:
        """The rows over the present scan: known ones keep their id, and what was signed while that still holds."""
        number = mappings.next_numbers(self.ledger)[1]
        found = row_facts.folder_facts(self.ledger, plan.seeds, self.source.scan_id)
        for place, facts in enumerate(found, start=1):
            row = known.get((facts.folder_id, facts.scope))
            if row is None:
                row_id = ids.row_id(number)
                row = MappedRow(row_id, sheet_id, place, facts.folder_id, facts.scope, facts.path, facts.identity)
                number += 1
            stays = row.row_id in signed and row.sheet_id == sheet_id
            identity = row.identity if stays else facts.identity
            yield replace(row, sheet_id=sheet_id, position=place, identity=identity)


def plan_of(planned: DraftSheet, known: Mapping[str, int]) -> SheetPlan:
    """A sheet of a draft as it is to be issued; `known` are the ids of its folders by path."""
    seeds = {(known[row.path], row.scope): proposals_of(row) for row in planned.rows}
    return SheetPlan(planned.sheet, planned.owner, tuple(seeds), seeds)


def _baseline(
    mapped: Sequence[MappedRow], rows: Sequence[sheet.SheetRow], choices: Choices
) -> dict[str, dict[str, str]]:
    """What the answers that come back are compared with: what the workbook offers.

    Answers that were sorted apart, and came back so, are offered again; what they were before stays what counts.
    """
    sorted_apart = bool(reordering.check_recorded(mapped))
    return {
        row.row_id: asdict(answers.completed(row.answers, choices))
        for row, before in zip(rows, mapped, strict=True)
        if not (sorted_apart and before.baseline)
    }


def _refuse_overlaps(ledger: Ledger, source: Source, plans: Sequence[SheetPlan], *, all_of_it: bool) -> None:
    """Raises SpmigrateError when a row that stays with its owner lies in one of the new rows, or around it."""
    if all_of_it:
        return
    seeds = {seed for plan in plans for seed in plan.seeds}
    parts = {plan.part for plan in plans}
    staying = {
        (row.path, row.scope): each
        for each in mappings.sheets_of_source(ledger, source.id)
        for row in mappings.rows(ledger, each.id)
        if row.position and each.part not in parts
    }
    paths = folders.paths(ledger, [folder_id for folder_id, _ in seeds])
    new: list[Key] = [(paths[folder_id], scope) for folder_id, scope in seeds]
    torn = {staying[key].id for pair in overlaps([*staying, *new]) for key in pair if key in staying}
    if torn:
        raise SpmigrateError(
            f"rows of {', '.join(sorted(torn))} are cut or owned anew in the draft",
            hint="issue the whole draft: leave --sheet and --owner out",
        )


def _shown(path: Path, folder: Path) -> str:
    """`path` as people write it in the working folder, which holds `folder`."""
    whole, base = path.resolve(), folder.parent.resolve()
    return str(whole.relative_to(base)) if whole.is_relative_to(base) else str(whole)
