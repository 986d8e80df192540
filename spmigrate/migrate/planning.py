"""Planning a wave: every item in the scope of signed rows gets one transfer, and what moves is packed into batches."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from spmigrate.errors import NotSignedOff, SpmigrateError, UsageProblem
from spmigrate.migrate import choosing, codes, consent, scope, target
from spmigrate.migrate.access import homes
from spmigrate.migrate.access.wanted import Rules
from spmigrate.migrate.choosing import Candidate
from spmigrate.migrate.kinship import Kinship
from spmigrate.migrate.pack import Load, pack
from spmigrate.migrate.scope import Level
from spmigrate.migrate.target import Fate
from spmigrate.model import Amount, Outcome, SignedRow
from spmigrate.store import mappings, planned_batches, wave_changes, waves
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.signoffs import UnsignedRow
from spmigrate.store.waves import NewTransfer, Wave
from spmigrate.words import plural

EARLIER = {
    "copied": Fate.of(Outcome.SKIPPED, codes.MOVED_ALREADY),
    "altered": Fate.of(Outcome.FAILED, codes.ALTERED_SINCE),
}
"""What earlier waves mean for an item of this one, whatever else is known of it."""


def plan(
    ledger: Ledger,
    name: str,
    sheet_ids: Sequence[str] | None = None,
    *,
    tenant: str = "",
    gate: consent.Gate,
    rules: Rules | None = None,
    route: str = choosing.AUTO,
) -> Wave:
    """Plan a wave of every signed row that is in no other wave; all of it or nothing.

    With `sheet_ids` of these sheets only, and with rows of earlier waves to which files came since.

    A wave that has not started is planned anew from the present sign-offs (of the sheets that it had, unless others
    are given). One that has started keeps its plan, but for rows that are no longer signed as they were: these are
    released. `gate` says which rows may move, `rules` who is to see them, `route` what was asked for: auto, session or
    package. Raises NotSignedOff naming the rows that may not move.
    """
    _check_sheets(ledger, sheet_ids)
    consent.check_chain(ledger)
    existing = waves.find(ledger, name)
    if existing is not None and existing.state != "planned":
        consent.check_tenant(existing, tenant)
        _release_changed(ledger, existing, gate)
        return existing
    with ledger.transaction():
        if existing is None:
            wave = waves.create(ledger, name, tenant=tenant, sheets=sheet_ids)
        else:
            wave = waves.empty(ledger, existing, tenant=tenant, sheets=sheet_ids or existing.sheets)
        _fill(ledger, wave, gate, rules or Rules(), route)
    return wave


def retry(ledger: Ledger, wave: Wave) -> Amount:
    """Offer what failed for a cause outside once more, as far as `wave run` had it in hand; returns how much."""
    consent.check_not_over(wave)
    return wave_changes.offer_again(ledger, wave, [each.code for each in codes.CODES.values() if each.again])


def _fill(ledger: Ledger, wave: Wave, gate: consent.Gate, rules: Rules, route: str) -> None:
    rows = _choose(ledger, wave.sheets, gate)
    waves.add_rows(ledger, wave, rows)
    homes.plan(ledger, wave, rows, rules)
    waves.add_transfers(ledger, wave, _transfers(ledger, wave, rows))
    refuse_merged(waves.merged_rows(ledger, wave))
    taken = codes.TARGET_TAKEN
    waves.fail_taken_targets(ledger, wave, code=taken.code, reason=taken.title)
    waves.fail_targets(ledger, wave, set(scope.around(ledger, rows)), code=taken.code, reason=taken.title)
    fill_batches(ledger, wave, route=route)


def refuse_merged(merged: Sequence[tuple[str, str]]) -> None:
    """Raise SpmigrateError when there are pairs of rows that would put folders of one name into one place."""
    if merged:
        pairs = [f"{row_id} and {other}" for row_id, other in merged]
        raise SpmigrateError(
            f"folders of several rows would become one at the destination: {consent.listed(pairs)}",
            hint="let an owner choose another home for one of them, then collect and sign its workbook again",
        )


def fill_batches(ledger: Ledger, wave: Wave, *, route: str = choosing.AUTO) -> None:
    """Pack what the present round of a wave has to move into batches, each by one route; `route` is what was asked for.

    Which route a file takes depends on how much the round has for its library. Files that are one thing together are
    in one batch.
    """
    new_files = planned_batches.new_files(ledger, wave)
    kinship = Kinship(ledger)

    def load(row: Row) -> Load:
        file = Candidate(row["kind"], row["action"], row["target_name"], row["size"])
        count = new_files.get((row["site"], row["library"]), 0)
        choice = choosing.choose(file, new_files=count, wanted=route)
        return Load(
            row["id"], row["size"], row["site"], row["library"], choice, row["reach"], row["folder"], kinship.of(row)
        )

    for parcel in pack(map(load, planned_batches.loads(ledger, wave))):
        planned_batches.add_batch(
            ledger, wave, site=parcel.site, library=parcel.library, route=parcel.route, why=parcel.why,
            size=parcel.bytes, transfer_ids=parcel.transfer_ids, reach=parcel.reach,
        )  # fmt: skip


def _release_changed(ledger: Ledger, wave: Wave, gate: consent.Gate) -> None:
    changed = consent.changed_rows(ledger, wave, gate(wave_changes.sheets_of(ledger, wave)))
    if changed:
        never, in_hand = codes.RELEASED, codes.RELEASED_IN_HAND
        wave_changes.release(
            ledger, wave, changed, code=(never.code, never.title), in_hand=(in_hand.code, in_hand.title)
        )


def _check_sheets(ledger: Ledger, sheet_ids: Sequence[str] | None) -> None:
    known = [sheet.id for sheet in mappings.sheets(ledger)]
    unknown = sorted(set(sheet_ids or ()) - set(known))
    if unknown:
        raise UsageProblem(f"there is no sheet {', '.join(unknown)}", hint=f"sheets: {', '.join(known) or 'none yet'}")


def _choose(ledger: Ledger, sheet_ids: Sequence[str] | None, gate: consent.Gate) -> list[SignedRow]:
    verdicts = gate(sheet_ids)
    unsigned = [f"{row.row_id} {row.path} ({row.reason})" for row in verdicts if isinstance(row, UnsignedRow)]
    if unsigned:
        raise NotSignedOff(
            f"{plural(len(unsigned), 'row')} may not move: {consent.listed(unsigned)}",
            hint="plan the sheets that are locked with --sheet ID, or see whose turn it is: spmigrate mapping status",
        )
    signed = [row for row in verdicts if isinstance(row, SignedRow)]
    # A sheet that is asked for by name comes again when files came to it; otherwise waves would repeat old rows.
    free = waves.grown_rows(ledger) if sheet_ids else ()
    taken = waves.taken_rows(ledger, {row.row_id: row.digest for row in signed}, free=free)
    rows = [row for row in signed if row.row_id not in taken]
    if not rows:
        names = sorted({taken[row.row_id] for row in signed})
        where = f"every signed row is in a wave already: {', '.join(names)}" if names else "there are no signed rows"
        raise SpmigrateError(where, hint="see what is signed with: spmigrate mapping status")
    homeless = [row.row_id for row in rows if row.decision.moves and row.destination is None]
    if homeless:
        raise NotSignedOff(f"these rows have no destination: {consent.listed(homeless)}")
    return rows


def _transfers(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow]) -> Iterator[NewTransfer]:
    """The transfers of a wave in the order of rows and folders; notes the scope as it goes."""
    for row in rows:
        for trail in scope.folders(ledger, row):
            waves.add_folder(ledger, wave, trail[-1].folder_id, row.row_id)
            yield from _of_folder(ledger, wave, row, trail)


def _of_folder(ledger: Ledger, wave: Wave, row: SignedRow, trail: Sequence[Level]) -> Iterator[NewTransfer]:
    place = trail[-1].place
    for _, findings in groupby(waves.items_in(ledger, trail[-1].folder_id), key=lambda each: each["id"]):
        found = list(findings)
        item = found[0]
        name = target.settle(
            place, row.decision, item["kind"], item["name"], scope.marks(found), destination=row.destination
        )
        common = (item["id"], row.row_id, item["size"], item["modified_ns"], item["created_ns"])
        name = EARLIER.get(item["earlier"], name)
        if isinstance(name, Fate):
            yield NewTransfer(*common, outcome=name.outcome, code=name.code, reason=name.reason)
            continue
        assert row.destination is not None
        scope.keep(ledger, wave, row, trail)
        yield NewTransfer(
            *common, site=row.destination.site, library=row.destination.library, folder=place.path, name=name,
            key=target.key(row.destination, target.join(place.path, name)), offered=item["earlier"] == "offered",
        )  # fmt: skip
