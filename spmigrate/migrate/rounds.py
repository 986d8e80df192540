"""The next round of a wave: what came, changed, was renamed or went at the source since, from a later scan.

Nothing at the destination is overwritten in silence: what was changed at the source goes out as `replace` with the
eTag that our copy had, so that an edit made there meanwhile wins and is told. What was renamed is renamed there, never
copied again. What has gone at the source stays at the destination, marked.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.migrate import choosing, codes, consent, planning, scope, target
from spmigrate.migrate.access import homes as access_homes
from spmigrate.migrate.access.wanted import Rules
from spmigrate.migrate.scope import Level
from spmigrate.migrate.target import Fate
from spmigrate.model import Amount, Destination, Outcome, SignedRow
from spmigrate.store import rounds, wave_changes, waves
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.rounds import Copy
from spmigrate.store.signoffs import UnsignedRow
from spmigrate.store.waves import NewTransfer, Wave


@dataclass(slots=True)
class _Round:
    """A round while it is planned."""

    ledger: Ledger
    wave: Wave
    items: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    followed: set[int] = field(default_factory=set)
    """The transfers whose copies this round renames or replaces."""

    def count(self, kind: str, size: int) -> None:
        """One more file of a kind."""
        self.items[kind] += 1
        self.bytes[kind] += size

    @property
    def amounts(self) -> dict[str, Amount]:
        """How much of each kind there is."""
        return {kind: Amount(count, self.bytes[kind]) for kind, count in self.items.items() if count}


def plan(
    ledger: Ledger, name: str, *, tenant: str, gate: consent.Gate, rules: Rules | None = None,
    route: str = choosing.AUTO,
) -> Wave:  # fmt: skip
    """Plan the next round of a wave from the present scans, all of it or nothing; returns the wave in that round.

    The gate is asked anew: rows that may not move now wait, with what they have, and are listed with the reason. So do
    rows signed anew for other people than see the folder that they have; `rules` are what deciding that rests on.
    Raises SpmigrateError when the wave takes no rounds, has still something to move, or nothing can have changed.
    """
    wave = waves.get(ledger, name)
    consent.check_tenant(wave, tenant)
    consent.check_chain(ledger)
    _check_state(ledger, wave)
    rows, waiting = _sorted_rows(ledger, wave, gate, rules or Rules())
    before = dict(rounds.of_wave(ledger, wave)[-1].waiting)
    if rounds.is_stale(ledger, wave) and waiting.keys() == before.keys():
        raise UsageProblem(
            f"no source of wave '{name}' was scanned since round {wave.round} was planned",
            hint=f"scan them in the same step: spmigrate wave delta {name} --rescan",
        )
    with ledger.transaction():
        following = replace(wave, round=wave.round + 1)
        _fill(ledger, following, rows, waiting, route=route)
    return waves.get(ledger, name)


def _check_state(ledger: Ledger, wave: Wave) -> None:
    consent.check_not_over(wave)
    if wave.state == "planned":
        raise SpmigrateError(
            f"wave '{wave.name}' has not begun",
            hint=f"plan it anew from the present scan: spmigrate wave plan {wave.name}",
        )
    scanning = rounds.scanning(ledger, wave)
    if scanning:
        raise SpmigrateError(
            f"the scan of {', '.join(scanning)} has not finished", hint="run spmigrate scan run with it again first"
        )
    left = waves.standing(ledger, wave).open
    if left.items:
        raise SpmigrateError(
            f"round {wave.round} of wave '{wave.name}' has still {left.items:,} files to move",
            hint=f"finish it first: spmigrate wave run {wave.name}",
        )


def _sorted_rows(
    ledger: Ledger, wave: Wave, gate: consent.Gate, rules: Rules
) -> tuple[list[SignedRow], dict[str, str]]:
    """The rows of a wave that take part in its next round, and those that wait, with the reason."""
    in_wave = waves.wave_digests(ledger, wave)
    verdicts = {row.row_id: row for row in gate(wave_changes.sheets_of(ledger, wave))}
    elsewhere, homes = rounds.rows_elsewhere(ledger, wave), rounds.homes(ledger, wave)
    rows: list[SignedRow] = []
    waiting: dict[str, str] = {}
    for row_id in sorted(in_wave):
        row = verdicts.get(row_id)
        if row is None:
            waiting[row_id] = "is on no sheet any more"
        elif isinstance(row, UnsignedRow):
            waiting[row_id] = row.reason
        elif row_id in elsewhere:
            waiting[row_id] = f"wave '{elsewhere[row_id]}' has it, too, and has not finished"
        elif homes.get(row_id, set()) - {_place(row.destination)}:
            waiting[row_id] = "has another new home than what was copied before: plan another wave with it"
        else:
            rows.append(row)
    waiting |= access_homes.changed(ledger, wave, [row for row in rows if row.digest != in_wave[row.row_id]], rules)
    return [row for row in rows if row.row_id not in waiting], waiting


def _place(destination: Destination | None) -> tuple[str, str]:
    return ("", "") if destination is None else (destination.site, destination.library)


def _fill(ledger: Ledger, wave: Wave, rows: list[SignedRow], waiting: dict[str, str], *, route: str) -> None:
    rounds.begin(ledger, wave, rows, waiting)
    found = _Round(ledger, wave)
    waves.add_transfers(ledger, wave, _transfers(found, rows))
    rounds.carry_scope(ledger, wave)
    gone, left = rounds.mark_gone(ledger, wave)
    planning.refuse_merged(rounds.merged_rows(ledger, wave))
    taken = codes.TARGET_TAKEN
    rounds.fail_taken(ledger, wave, code=taken.code, reason=taken.title)
    waves.fail_targets(ledger, wave, set(scope.around(ledger, rows)), code=taken.code, reason=taken.title)
    rounds.finish(ledger, wave, found.amounts | _some(gone=gone, left=left))
    planning.fill_batches(ledger, wave, route=route)
    if waves.standing(ledger, wave).open.items:
        waves.set_state(ledger, wave, "running")


def _some(**amounts: Amount) -> dict[str, Amount]:
    return {kind: each for kind, each in amounts.items() if each.items}


def _transfers(found: _Round, rows: list[SignedRow]) -> Iterator[NewTransfer]:
    for row in rows:
        for trail in scope.folders(found.ledger, row):
            waves.add_folder(found.ledger, found.wave, trail[-1].folder_id, row.row_id)
            yield from _of_folder(found, row, trail)


def _of_folder(found: _Round, row: SignedRow, trail: list[Level]) -> Iterator[NewTransfer]:
    place = trail[-1].place
    present = rounds.present_in(found.ledger, found.wave, trail[-1].folder_id)
    for _, group in groupby(present, key=lambda each: each["id"]):
        findings = list(group)
        item = findings[0]
        settled = target.settle(
            place, row.decision, item["kind"], item["name"], scope.marks(findings), destination=row.destination
        )
        new = _of_item(found, row, item, settled if isinstance(settled, Fate) else (place.path, settled))
        if new is not None:
            yield new
        if not isinstance(settled, Fate):
            scope.keep(found.ledger, found.wave, row, trail)


def _of_item(found: _Round, row: SignedRow, item: Row, settled: Fate | tuple[str, str]) -> NewTransfer | None:
    """The transfer that an item needs in this round; None when what it has stands."""
    current = item["current"]
    copy = _copy(found, item)
    if copy is not None and copy.item_id == item["id"] and _is_same(item, copy) and _stays(item, row, settled, copy):
        if current not in (None, copy.transfer_id):
            rounds.supersede(found.ledger, found.wave, [current])
        _keep(found, row, item, copy.transfer_id, "back" if current is None else "unchanged")
        return None
    if current is not None and _stands(item, settled, has_copy=copy is not None):
        _keep(found, row, item, current, "unchanged")
        return None
    if current is not None:
        rounds.supersede(found.ledger, found.wave, [current])
    return _new(found, row, item, settled, copy)


def _copy(found: _Round, item: Row) -> Copy | None:
    """What the wave has of this file at the destination: by its name, or by a name that it had before."""
    if item["current"] is not None:
        return rounds.copy_of(found.ledger, item)
    for item_id in (item["id"], *(rounds.names_before(found.ledger, item["id"]) if item["renamed_from"] else ())):
        copy = rounds.copy_left(found.ledger, found.wave, item_id)
        if copy is not None and copy.transfer_id not in found.followed:
            return copy
    return None


def _is_same(item: Row, copy: Copy) -> bool:
    return bool((item["size"], item["modified_ns"]) == (copy.size, copy.modified_ns))


def _stays(item: Row, row: SignedRow, settled: Fate | tuple[str, str], copy: Copy) -> bool:
    """Whether the copy lies where the item belongs. What would not be copied today stays where it is."""
    if isinstance(settled, Fate) or (item["of_row"] == row.row_id and item["outcome"] == Outcome.COPIED):
        return True
    return (*_place(row.destination), *settled) == (copy.site, copy.library, copy.folder, copy.name)


def _stands(item: Row, settled: Fate | tuple[str, str], *, has_copy: bool) -> bool:
    """Whether an item that was not copied has the outcome that it would have now: by decision, or in vain as it is."""
    if item["outcome"] == Outcome.COPIED:
        return False
    if isinstance(settled, Fate):
        return bool((item["outcome"], item["why"]) == (settled.outcome, settled.code))
    if item["outcome"] == Outcome.FAILED and not _was_edited(item):
        tried = item["batch_id"] is not None or item["why"] == codes.TARGET_TAKEN.code
        return has_copy or tried or item["earlier"] == "altered"
    return bool(item["why"] == codes.MOVED_ALREADY.code and item["earlier"] == "copied")


def _was_edited(item: Row) -> bool:
    return bool((item["size"], item["modified_ns"]) != (item["planned_size"], item["planned_ns"]))


def _keep(found: _Round, row: SignedRow, item: Row, transfer_id: int, kind: str) -> None:
    found.count(kind, item["size"])
    if transfer_id != item["current"] or _was_edited(item) or item["of_row"] != row.row_id:
        rounds.keep(
            found.ledger, transfer_id, row_id=row.row_id, size=item["size"], modified_ns=item["modified_ns"]
        )  # fmt: skip


def _new(found: _Round, row: SignedRow, item: Row, settled: Fate | tuple[str, str], copy: Copy | None) -> NewTransfer:
    common = NewTransfer(item["id"], row.row_id, item["size"], item["modified_ns"], item["created_ns"])
    own = copy is not None and copy.item_id == item["id"]
    if isinstance(settled, Fate):
        return _without_copy(found, common, settled, copy if own else None)
    if copy is None and item["earlier"] in planning.EARLIER:
        return _without_copy(found, common, planning.EARLIER[item["earlier"]], None)
    assert row.destination is not None
    folder, name = settled
    moving = replace(
        common, site=row.destination.site, library=row.destination.library, folder=folder, name=name,
        key=target.key(row.destination, target.join(folder, name)),
    )  # fmt: skip
    if copy is None or (copy.site, copy.library) != _place(row.destination):
        found.count("new", item["size"])
        offered = item["earlier"] == "offered" or (item["current"] is not None and item["batch_id"] is not None)
        return replace(moving, offered=offered)
    rounds.supersede_gone(found.ledger, found.wave, copy.transfer_id)
    found.followed.add(copy.transfer_id)
    stays = (copy.folder, copy.name) == (folder, name) and (own or not _is_same(item, copy))
    action, kind = ("replace", "changed") if stays else ("rename", "renamed")
    found.count(kind, item["size"])
    return replace(moving, action=action, former_id=copy.transfer_id)


def _without_copy(found: _Round, common: NewTransfer, fate: Fate, former: Copy | None) -> NewTransfer:
    found.count("new" if former is None else "changed", common.size)
    return replace(
        common, outcome=fate.outcome, code=fate.code, reason=fate.reason,
        former_id=None if former is None else former.transfer_id,
    )  # fmt: skip
