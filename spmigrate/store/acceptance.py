"""What a wave did with the rows of one sheet: the account that its owner accepts."""

from spmigrate.model import Accounting, Amount, Outcome
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

_ROWS = (
    "SELECT r.row_id FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
    " WHERE r.wave_id = :wave AND r.released IS NULL AND m.sheet_id = :sheet"
)


def rows(ledger: Ledger, wave: Wave, sheet_id: str) -> list[str]:
    """The rows of a sheet that a wave has."""
    found = ledger.rows(f"{_ROWS} ORDER BY r.row_id", {"wave": wave.id, "sheet": sheet_id})
    return [row["row_id"] for row in found]


def accounting(ledger: Ledger, wave: Wave, sheet_id: str) -> Accounting:
    """The account of these rows: the source side from the scope of the last round, the outcomes from transfers."""
    given = {"wave": wave.id, "sheet": sheet_id, "round": wave.round}
    source = ledger.one(
        "SELECT coalesce(sum(items), 0), coalesce(sum(bytes), 0) FROM wave_folder"  # noqa: S608 - ours
        f" WHERE wave_id = :wave AND round = :round AND row_id IN ({_ROWS})",
        given,
    )
    assert source is not None
    outcomes = ledger.rows(
        "SELECT outcome, count(*) AS items, sum(size) AS bytes FROM transfer"  # noqa: S608 - ours
        " WHERE wave_id = :wave AND superseded IS NULL AND gone IS NULL AND outcome IS NOT NULL"
        f" AND row_id IN ({_ROWS}) GROUP BY outcome",
        {"wave": wave.id, "sheet": sheet_id},
    )
    return Accounting(
        Amount(*source), {Outcome(row["outcome"]): Amount(row["items"], row["bytes"]) for row in outcomes}
    )  # fmt: skip


def verdicts(ledger: Ledger, wave: Wave, sheet_id: str) -> dict[str, int]:
    """How many copies of these rows verification found how."""
    found = ledger.rows(
        "SELECT coalesce(verified, 'not yet') AS verdict, count(*) AS items FROM transfer"  # noqa: S608 - ours
        " WHERE wave_id = :wave AND superseded IS NULL AND gone IS NULL AND outcome = 'copied'"
        f" AND row_id IN ({_ROWS}) GROUP BY coalesce(verified, 'not yet') ORDER BY 1",
        {"wave": wave.id, "sheet": sheet_id},
    )
    return {row["verdict"]: row["items"] for row in found}
