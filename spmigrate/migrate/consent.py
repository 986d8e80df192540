"""Whether a wave is what its owners signed: the chain, the rows, the places, the sources, the tenant.

Which rows may move is not decided here: the gate that the command line hands over says it, each time it is asked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from spmigrate.errors import LedgerError, NotSignedOff, SpmigrateError
from spmigrate.model import SignedRow
from spmigrate.store import wave_changes, waves
from spmigrate.store.chain_watch import ChainWatch
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import UnsignedRow
from spmigrate.store.waves import Wave

_NAMED = 10

OVER = {
    "accepted": "was accepted by its owners",
    "rolled back": "was rolled back",
    "cancelled": "was cancelled",
}
"""The states in which a wave has ended, in words."""

Gate = Callable[[Sequence[str] | None], Sequence[SignedRow | UnsignedRow]]
"""Says of every row of these sheets (None: of all) whether it may move now, and if not, why not."""


def check_not_over(wave: Wave) -> None:
    """Raise SpmigrateError when a wave has ended: accepted, rolled back or cancelled."""
    if wave.state in OVER:
        raise SpmigrateError(
            f"wave '{wave.name}' {OVER[wave.state]}: nothing more moves in it",
            hint="plan another wave for what came since: spmigrate wave plan NAME --sheet ID",
        )


def check(ledger: Ledger, wave: Wave, *, tenant: str, gate: Gate, chain: ChainWatch | None = None) -> None:
    """Raise unless everything that a wave has still to move may move, as it is planned, to this tenant.

    `chain` is what the run has verified of the chain of sign-offs, all of it without one.
    """
    check_not_over(wave)
    check_tenant(wave, tenant)
    check_rows(ledger, wave, gate, chain=chain)


def check_rows(ledger: Ledger, wave: Wave, gate: Gate, *, chain: ChainWatch | None = None) -> None:
    """Raise unless the chain holds and every row with something to move may move now, as it is planned.

    This is asked at the start of a run, before any request.
    """
    check_chain(ledger, chain)
    verdicts = gate(wave_changes.sheets_of(ledger, wave))
    check_signed(ledger, wave, verdicts)
    _check_places(wave, wave_changes.open_places(ledger, wave), verdicts)
    _check_roots(ledger, wave, None)


def check_batch(ledger: Ledger, wave: Wave, batch_id: int, gate: Gate, *, chain: ChainWatch | None = None) -> None:
    """Raise unless the chain holds and every row of a batch may move now, to where the batch would take it.

    This is asked before every batch, and looks at what is in it alone: a wave of millions costs no more than a small
    one.
    """
    check_chain(ledger, chain)
    places = wave_changes.places_of(ledger, batch_id)
    row_ids = {place.row_id for place in places}
    verdicts = gate(wave_changes.sheets_of_rows(ledger, row_ids))
    _refuse_changed(wave, _changed(ledger, wave, row_ids, verdicts))
    _check_places(wave, places, verdicts)
    _check_roots(ledger, wave, row_ids)


def check_chain(ledger: Ledger, chain: ChainWatch | None = None) -> None:
    """Raise NotSignedOff when an entry of the chain of sign-offs was altered, added or removed."""
    broken = (chain or ChainWatch()).breaks(ledger)
    if broken:
        raise NotSignedOff(
            f"the chain of sign-offs does not hold: {listed([str(each) for each in broken])}",
            hint="nothing moves before this is settled; see every break with: spmigrate mapping verify",
        )


def check_tenant(wave: Wave, tenant: str) -> None:
    """Raise SpmigrateError when a wave was planned for another tenant."""
    if wave.tenant == tenant:
        return
    remedy = f"plan it for this one with: spmigrate wave plan {wave.name}"
    raise SpmigrateError(
        f"wave '{wave.name}' is for {wave.tenant or 'no tenant'}, and spmigrate.yaml names {tenant or 'none'}",
        hint=remedy if wave.state == "planned" else "name that tenant in spmigrate.yaml again, or plan another wave",
    )


def check_signed(ledger: Ledger, wave: Wave, verdicts: Sequence[SignedRow | UnsignedRow]) -> None:
    """Raise NotSignedOff unless every row with something to move may move as it was when the wave was planned."""
    _refuse_changed(wave, changed_rows(ledger, wave, verdicts))


def changed_rows(ledger: Ledger, wave: Wave, verdicts: Sequence[SignedRow | UnsignedRow]) -> dict[str, str]:
    """The rows of a wave with something to move that may not move as they were planned, and why."""
    return _changed(ledger, wave, wave_changes.open_rows(ledger, wave), verdicts)


def _changed(
    ledger: Ledger, wave: Wave, row_ids: Iterable[str], verdicts: Sequence[SignedRow | UnsignedRow]
) -> dict[str, str]:
    signed = {row.row_id: row.digest for row in verdicts if isinstance(row, SignedRow)}
    reasons = {row.row_id: row.reason for row in verdicts if isinstance(row, UnsignedRow)}
    planned = waves.wave_digests(ledger, wave)
    return {
        row_id: reasons.get(row_id, "signed anew since the wave was planned")
        for row_id in sorted(row_ids)
        if row_id not in planned or signed.get(row_id) != planned[row_id]
    }


def _refuse_changed(wave: Wave, changed: Mapping[str, str]) -> None:
    if changed:
        remedy = "take them out, so that the rest moves" if wave.state != "planned" else "get them signed, then"
        raise NotSignedOff(
            f"wave '{wave.name}' may not move: {listed([f'{row_id} ({why})' for row_id, why in changed.items()])}",
            hint=f"{remedy}: spmigrate wave plan {wave.name}",
        )


def listed(names: Sequence[str]) -> str:
    """The first names of many, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


def _check_places(wave: Wave, places: Sequence[waves.OpenPlace], verdicts: Sequence[SignedRow | UnsignedRow]) -> None:
    """The plan rests in the ledger for days: what it says now must still be what was signed."""
    signed = {row.row_id: row for row in verdicts if isinstance(row, SignedRow)}
    _refuse_altered(
        wave,
        [
            f"{place.row_id} would go to {place.site}/{place.library}"
            for place in places
            if not _is_home(signed.get(place.row_id), place)
        ],
    )


def _check_roots(ledger: Ledger, wave: Wave, row_ids: Collection[str] | None) -> None:
    _refuse_altered(
        wave,
        [
            f"{row_id} would be read from {root}"
            for row_id, root in waves.strange_roots(ledger, wave)
            if row_ids is None or row_id in row_ids
        ],
    )


def _refuse_altered(wave: Wave, wrong: Sequence[str]) -> None:
    if wrong:
        raise LedgerError(
            f"the plan of wave '{wave.name}' is not what was signed: {listed(wrong)}",
            hint="somebody altered the ledger: restore it from a backup",
        )


def _is_home(row: SignedRow | None, place: waves.OpenPlace) -> bool:
    home = row.destination if row else None
    return home is not None and {(home.site, home.library)} == {
        (place.site, place.library), (place.batch_site, place.batch_library)
    }  # fmt: skip
