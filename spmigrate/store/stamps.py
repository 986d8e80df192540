"""What the plan of a wave says of dates, people and columns of its transfers."""

from collections.abc import Iterable, Iterator, Sequence

from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_AT_ONCE = 500
MAPPED, DIRECTORY, FALL_BACK, UNKNOWN = "map", "directory", "fall-back", "unknown"
"""By what somebody was found: the table of users, the directory, nobody knew and another account stands in, nobody."""


def planned(ledger: Ledger, transfer_ids: Sequence[int]) -> Iterator[Row]:
    """Of transfers, as they were planned: id, created_ns (may be NULL), modified_ns, columns (JSON, NULL), author."""
    for start in range(0, len(transfer_ids), _AT_ONCE):
        chunk = transfer_ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        yield from ledger.rows(
            "SELECT t.id, t.created_ns, t.modified_ns, h.carried AS columns, p.login AS author"  # noqa: S608 - marks
            " FROM transfer t JOIN item i ON i.id = t.item_id"
            " LEFT JOIN row_home h ON h.wave_id = t.wave_id AND h.row_id = t.row_id"
            " LEFT JOIN access a ON a.id = i.access_id"
            " LEFT JOIN wave_author p ON p.wave_id = t.wave_id AND p.account = a.owner"
            f" WHERE t.id IN ({marks}) ORDER BY t.id",
            tuple(chunk),
        )


def owners(ledger: Ledger, wave: Wave) -> list[str]:
    """The accounts that own files of a wave, as far as the scan read that, and that nobody was looked up for yet."""
    found = ledger.rows(
        "SELECT DISTINCT a.owner FROM transfer t JOIN item i ON i.id = t.item_id JOIN access a ON a.id = i.access_id"
        " WHERE t.wave_id = ? AND t.state <> 'finished' AND NOT EXISTS ("
        "   SELECT 1 FROM wave_author p WHERE p.wave_id = t.wave_id AND p.account = a.owner) ORDER BY a.owner",
        (wave.id,),
    )
    return [row["owner"] for row in found]


def put_authors(ledger: Ledger, wave: Wave, found: Iterable[tuple[str, str | None, str]]) -> None:
    """Note whom accounts are in the tenant: account, sign-in name (None: nobody), and by what it was found."""
    ledger.execute_many(
        "INSERT INTO wave_author(wave_id, account, login, found) VALUES(?, ?, ?, ?)"
        " ON CONFLICT(wave_id, account) DO UPDATE SET login = excluded.login, found = excluded.found",
        [(wave.id, *each) for each in found],
    )


def unknown_authors(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """The owners of files whom nobody knew: account, and whether another account stands in or nobody does."""
    rows = ledger.rows(
        "SELECT account, found FROM wave_author WHERE wave_id = ? AND found IN ('fall-back', 'unknown')"
        " ORDER BY account",
        (wave.id,),
    )
    return [(row["account"], row["found"]) for row in rows]
