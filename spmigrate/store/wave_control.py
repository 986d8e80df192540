"""What is asked of a wave from outside while it runs, and the evidence of it. None of it needs the lock of a run.

A wave that runs looks at its `control` several times a second. Pausing and cancelling rewrite the batches that nobody
holds, so that a claim never meets them; those in hand are given back by whoever holds them.
"""

from collections.abc import Sequence

from spmigrate.errors import UsageProblem
from spmigrate.model import Amount
from spmigrate.store import clock, waves
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

PAUSE, CANCEL = "pause", "cancel"
_OPEN_OF_CANCELLED = (
    " FROM transfer WHERE wave_id = :wave AND state <> 'finished'"
    " AND (batch_id IS NULL OR batch_id IN (SELECT id FROM batch WHERE wave_id = :wave AND state = 'cancelled'))"
)


def control(ledger: Ledger, wave: Wave) -> str:
    """What was asked of the wave: nothing, `pause` or `cancel`."""
    row = ledger.one("SELECT control FROM wave WHERE id = ?", (wave.id,))
    return CANCEL if row is None else str(row["control"])


def note(ledger: Ledger, wave: Wave, event: str, text: str = "") -> None:
    """Add a line to the evidence of a wave."""
    ledger.execute(
        "INSERT INTO wave_event(wave_id, at, event, note) VALUES(?, ?, ?, ?)", (wave.id, clock.now(), event, text)
    )


def events(ledger: Ledger, wave: Wave, *, last: int = 1000) -> list[Row]:
    """What happened to a wave as a whole lately, oldest first: at, event, note."""
    found = ledger.rows(
        "SELECT at, event, note FROM wave_event WHERE wave_id = ? ORDER BY id DESC LIMIT ?", (wave.id, last)
    )
    return list(found)[::-1]


def begin(ledger: Ledger, wave: Wave) -> None:
    """Let a wave run. Raises UsageProblem for one that is paused, or has come to its end."""
    with ledger.transaction():
        now = waves.get(ledger, wave.name)
        if now.state == "paused":
            raise UsageProblem(
                f"wave '{wave.name}' is paused", hint=f"let it go on with: spmigrate wave continue {wave.name}"
            )
        if now.state in ("accepted", "cancelled", "rolled back"):
            raise UsageProblem(f"wave '{wave.name}' is {now.state}, which is final", hint="plan another wave")
        waves.set_state(ledger, now, "running")


def pause(ledger: Ledger, wave: Wave) -> int:
    """Let nothing more of a running wave begin; returns how many batches wait. Raises UsageProblem."""
    with ledger.transaction():
        if not ledger.execute(
            "UPDATE wave SET control = 'pause', state = 'paused' WHERE id = ? AND state = 'running'", (wave.id,)
        ):
            _refuse(ledger, wave, "paused")
        held = ledger.execute("UPDATE batch SET state = 'held' WHERE wave_id = ? AND state = 'queued'", (wave.id,))
        note(ledger, wave, "paused")
    return held


def go_on(ledger: Ledger, wave: Wave) -> int:
    """Let a paused wave go on; returns how many batches were held. Raises UsageProblem."""
    with ledger.transaction():
        if not ledger.execute(
            "UPDATE wave SET control = '', state = 'running' WHERE id = ? AND state = 'paused'", (wave.id,)
        ):
            _refuse(ledger, wave, "continued")
        queued = ledger.execute("UPDATE batch SET state = 'queued' WHERE wave_id = ? AND state = 'held'", (wave.id,))
        note(ledger, wave, "continued")
    return queued


def cancel(ledger: Ledger, wave: Wave, *, never: tuple[str, str], in_hand: tuple[str, str]) -> Amount:
    """End a wave for good; returns what of it will not move any more. Raises UsageProblem for one that has ended.

    What nobody holds gets its outcome at once, so that the account balances: `never` is code and title for what was
    never offered, `in_hand` for what may have arrived all the same. A run that holds the rest does the same with it;
    asked again, the leases that ran out meanwhile are settled. Rows with such files may join another wave.
    """
    with ledger.transaction():
        changed = ledger.execute(
            "UPDATE wave SET control = 'cancel', state = 'cancelled' WHERE id = ?"
            " AND state IN ('planned','running','paused','cancelled')",
            (wave.id,),
        )
        if not changed:
            _refuse(ledger, wave, "cancelled")
        if wave.state != "cancelled":
            _keep_planned(ledger, wave)
            note(ledger, wave, "cancelled")
        return settle(ledger, wave, never=never, in_hand=in_hand)


def settle(ledger: Ledger, wave: Wave, *, never: tuple[str, str], in_hand: tuple[str, str]) -> Amount:
    """Give everything of a cancelled wave that nobody holds its outcome; returns how much that is."""
    given = {
        "wave": wave.id, "at": clock.now(), "code": never[0], "title": never[1], "hand_code": in_hand[0],
        "hand_title": in_hand[1],
    }  # fmt: skip
    with ledger.transaction():
        ledger.execute(
            "UPDATE batch SET state = 'cancelled' WHERE wave_id = ? AND (state = 'queued' OR state = 'held'"
            " OR (state = 'leased' AND lease_until < ?))",
            (wave.id, ledger.moment()),
        )
        loads = list(
            ledger.rows(
                "SELECT batch_id, count(*) AS items, coalesce(sum(size), 0) AS bytes"
                f"{_OPEN_OF_CANCELLED} GROUP BY batch_id",
                given,
            )
        )
        _record(ledger, given)
        ledger.execute_many(
            "UPDATE batch SET items = items - ?, bytes = bytes - ? WHERE id = ?",
            [(each["items"], each["bytes"], each["batch_id"]) for each in loads if each["batch_id"] is not None],
        )
        ledger.execute(
            "UPDATE wave_row SET released = :at WHERE wave_id = :wave AND released IS NULL AND row_id IN ("
            " SELECT row_id FROM transfer WHERE wave_id = :wave AND (code = :code OR code = :hand_code))",
            {name: given[name] for name in ("at", "wave", "code", "hand_code")},
        )
    return Amount(sum(each["items"] for each in loads), sum(each["bytes"] for each in loads))


def _record(ledger: Ledger, given: dict[str, object]) -> None:
    ledger.execute(
        "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
        " SELECT id, :at, CASE state WHEN 'todo' THEN 'skipped' ELSE 'failed' END,"
        " CASE state WHEN 'todo' THEN :code ELSE :hand_code END,"
        f" CASE state WHEN 'todo' THEN :title ELSE :hand_title END {_OPEN_OF_CANCELLED} ORDER BY id",
        given,
    )
    ledger.execute(
        "UPDATE transfer"  # noqa: S608 - a constant of this file
        " SET outcome = CASE state WHEN 'todo' THEN 'skipped' ELSE 'failed' END,"
        " code = CASE state WHEN 'todo' THEN :code ELSE :hand_code END,"
        " reason = CASE state WHEN 'todo' THEN :title ELSE :hand_title END, at = :at,"
        " batch_id = CASE state WHEN 'todo' THEN NULL ELSE batch_id END, state = 'finished'"
        f" WHERE id IN (SELECT id {_OPEN_OF_CANCELLED})",
        given,
    )


def _keep_planned(ledger: Ledger, wave: Wave) -> None:
    """What planning decided becomes evidence when a wave leaves its plan, even for good."""
    if wave.state == "planned":
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT id, at, outcome, code, reason FROM transfer WHERE wave_id = ? AND outcome IS NOT NULL ORDER BY id",
            (wave.id,),
        )


def _refuse(ledger: Ledger, wave: Wave, asked: str) -> None:
    state = waves.get(ledger, wave.name).state
    what = "has not begun" if state == "planned" else f"is {state}"
    raise UsageProblem(
        f"wave '{wave.name}' {what}, so it cannot be {asked}", hint=f"see: spmigrate wave status {wave.name}"
    )


def states(ledger: Ledger, wave: Wave) -> Sequence[Row]:
    """How many batches of a wave are in which state: state, batches, items, bytes that are left."""
    return list(
        ledger.rows(
            "SELECT state, count(*) AS batches, sum(items - finished) AS items, sum(bytes - finished_bytes) AS bytes"
            " FROM batch WHERE wave_id = ? GROUP BY state ORDER BY state",
            (wave.id,),
        )
    )
