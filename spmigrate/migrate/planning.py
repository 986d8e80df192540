"""Planning a wave: every item in the scope of signed rows gets one transfer, and what moves is packed into batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from spmigrate.errors import NotSignedOff, SpmigrateError, UsageProblem
from spmigrate.migrate import codes, target
from spmigrate.migrate.pack import Load, pack
from spmigrate.migrate.target import Fate, Mark, Place
from spmigrate.model import SignedRow, Treatment
from spmigrate.store import mappings, waves
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import NewTransfer, Wave

_NAMED = 10


@dataclass(slots=True)
class _Level:
    """A folder on the way from a row's folder to the present one; `kept` once something moves into it or below."""

    folder_id: int
    place: Place
    kept: bool = False


def plan(ledger: Ledger, name: str, sheet_ids: Sequence[str] | None = None) -> Wave:
    """Plan a wave of every signed row (of some sheets) that is in no wave yet; all of it or nothing.

    Planning a wave that is planned returns it. Raises NotSignedOff naming the rows that may not move.
    """
    _check_sheets(ledger, sheet_ids)
    existing = waves.find(ledger, name)
    if existing is not None:
        check_signed(ledger, existing)
        return existing
    rows = _choose(ledger, sheet_ids)
    with ledger.transaction():
        wave = waves.create(ledger, name, rows)
        waves.add_transfers(ledger, wave, _transfers(ledger, wave, rows))
        taken = codes.TARGET_TAKEN
        waves.fail_taken_targets(ledger, wave, code=taken.code, reason=taken.title)
        waves.record_known_outcomes(ledger, wave)
        loads = (Load(row["id"], row["size"], row["site"], row["library"]) for row in waves.loads(ledger, wave))
        for parcel in pack(loads):
            waves.add_batch(
                ledger, wave, site=parcel.site, library=parcel.library, why=parcel.why, size=parcel.bytes,
                transfer_ids=parcel.transfer_ids,
            )  # fmt: skip
    return wave


def check_signed(ledger: Ledger, wave: Wave) -> None:
    """Raise NotSignedOff unless every row of a wave is signed exactly as it was when the wave was planned."""
    signed = {row.row_id: row.digest for row in mappings.signed_rows(ledger)}
    reasons = {row.row_id: row.reason for row in mappings.unsigned_rows(ledger)}
    changed = [
        f"{row_id} ({reasons.get(row_id, 'signed anew since the wave was planned')})"
        for row_id, digest in waves.wave_digests(ledger, wave).items()
        if signed.get(row_id) != digest
    ]
    if changed:
        raise NotSignedOff(
            f"wave '{wave.name}' may not move: {_listed(changed)}",
            hint="see what changed with: spmigrate mapping status",
        )


def _check_sheets(ledger: Ledger, sheet_ids: Sequence[str] | None) -> None:
    known = [sheet.id for sheet in mappings.sheets(ledger)]
    unknown = sorted(set(sheet_ids or ()) - set(known))
    if unknown:
        raise UsageProblem(f"there is no sheet {', '.join(unknown)}", hint=f"sheets: {', '.join(known) or 'none yet'}")


def _choose(ledger: Ledger, sheet_ids: Sequence[str] | None) -> list[SignedRow]:
    unsigned = [f"{row.row_id} {row.path} ({row.reason})" for row in mappings.unsigned_rows(ledger, sheet_ids)]
    if unsigned:
        raise NotSignedOff(
            f"{len(unsigned)} rows are not signed off: {_listed(unsigned)}",
            hint="plan the sheets that are signed with --sheet ID, or get the others signed: spmigrate mapping sign",
        )
    planned = waves.planned_rows(ledger)
    signed = mappings.signed_rows(ledger, sheet_ids)
    rows = [row for row in signed if row.row_id not in planned]
    if not rows:
        names = sorted({planned[row.row_id] for row in signed})
        where = f"every signed row is in a wave already: {', '.join(names)}" if names else "there are no signed rows"
        raise SpmigrateError(where, hint="see what is signed with: spmigrate mapping status")
    homeless = [row.row_id for row in rows if row.decision.moves and row.destination is None]
    if homeless:
        raise NotSignedOff(f"these rows have no destination: {_listed(homeless)}")
    return rows


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


def _transfers(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow]) -> Iterator[NewTransfer]:
    """The transfers of a wave in the order of rows and folders; notes the scope as it goes."""
    for row in rows:
        trail: list[_Level] = []
        for folder in waves.folders_of(ledger, row):
            del trail[folder["depth"] :]
            trail.append(_Level(folder["id"], _place(ledger, row, folder, trail)))
            if folder["own"]:
                waves.add_folder(ledger, wave, folder["id"], row.row_id)
                yield from _of_folder(ledger, wave, row, trail)


def _place(ledger: Ledger, row: SignedRow, folder: Row, trail: Sequence[_Level]) -> Place:
    marks = _marks(waves.folder_findings(ledger, folder["id"]))
    name = folder["path"].rpartition("/")[2]
    if not trail:
        return target.start(row.decision, name, marks, is_root=not folder["path"])
    return target.below(trail[-1].place, row.decision, name, marks)


def _of_folder(ledger: Ledger, wave: Wave, row: SignedRow, trail: Sequence[_Level]) -> Iterator[NewTransfer]:
    place = trail[-1].place
    for _, findings in groupby(waves.items_in(ledger, trail[-1].folder_id), key=lambda each: each["id"]):
        found = list(findings)
        item = found[0]
        name = target.settle(
            place, row.decision, item["kind"], item["name"], _marks(found), destination=row.destination
        )
        common = (item["id"], row.row_id, item["size"], item["modified_ns"], item["created_ns"])
        if isinstance(name, Fate):
            yield NewTransfer(*common, outcome=name.outcome, code=name.code, reason=name.reason)
            continue
        assert row.destination is not None
        _keep(ledger, wave, row, trail)
        yield NewTransfer(
            *common, site=row.destination.site, library=row.destination.library, folder=place.path, name=name,
            key=target.key(row.destination, target.join(place.path, name)),
        )  # fmt: skip


def _keep(ledger: Ledger, wave: Wave, row: SignedRow, trail: Sequence[_Level]) -> None:
    """Note the folders that will exist at the destination, so that no file takes the name of one."""
    for level in reversed(trail):
        if level.kept:
            return
        level.kept = True
        if level.place.path and row.destination is not None:
            waves.keep_folder_key(ledger, wave, level.folder_id, target.key(row.destination, level.place.path))


def _marks(findings: Sequence[Row]) -> list[Mark]:
    return [
        Mark(each["code"], Treatment(each["treatment"]), each["proposal"], each["message"])
        for each in findings
        if each["code"] is not None
    ]
