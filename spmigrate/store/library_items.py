"""What libraries of the destination hold, kept beside the waves and brought up to date by each library's own log.

All batches of a library share it, whichever process works on them: a page of changes counts only for who read it from
where the ledger stood.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from spmigrate.store.ledger import Ledger, Row

_AT_ONCE = 400
_COLUMNS = "id, parent_id, name_key, folder, size, modified, etag, quickxor, unique_id"
_PUT = """
INSERT INTO library_item(drive_id, id, parent_id, name_key, folder, size, modified, etag, quickxor, unique_id)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(drive_id, id) DO UPDATE SET
  parent_id = excluded.parent_id, name_key = excluded.name_key, folder = excluded.folder, size = excluded.size,
  modified = excluded.modified, etag = excluded.etag, quickxor = excluded.quickxor, unique_id = excluded.unique_id"""


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """A file or folder of a library. `name_key` is its name as the service compares names, `unique_id` the id that
    packages name it by; `modified` is in seconds since 1970."""

    id: str
    parent_id: str
    name_key: str
    folder: bool
    size: int
    modified: int
    etag: str
    quickxor: str | None
    unique_id: str


@dataclass(frozen=True, slots=True)
class Look:
    """Where the reading of a library's changes goes on; `whole` once the first reading has come to its end."""

    link: str = ""
    whole: bool = False
    version: int = 0


def look(ledger: Ledger, drive_id: str) -> Look:
    """How far a library is known."""
    row = ledger.one("SELECT link, whole, version FROM library_look WHERE drive_id = ?", (drive_id,))
    return Look() if row is None else Look(row["link"], bool(row["whole"]), row["version"])


def keep_page(
    ledger: Ledger,
    drive_id: str,
    before: Look,
    *,
    present: Iterable[LibraryItem],
    absent: Iterable[str],
    link: str,
    whole: bool,
) -> bool:
    """Take a page of changes, unless another process took one since `before`; says whether it was taken."""
    with ledger.transaction():
        if look(ledger, drive_id).version != before.version:
            return False
        ledger.execute(
            "INSERT INTO library_look(drive_id, link, whole, version) VALUES(?, ?, ?, ?) ON CONFLICT(drive_id)"
            " DO UPDATE SET link = excluded.link, whole = excluded.whole, version = excluded.version",
            (drive_id, link, int(whole or before.whole), before.version + 1),
        )
        ledger.execute_many(
            _PUT,
            [
                (drive_id, each.id, each.parent_id, each.name_key, int(each.folder), each.size, each.modified,
                 each.etag, each.quickxor, each.unique_id)
                for each in present
            ],
        )  # fmt: skip
        ledger.execute_many(
            "DELETE FROM library_item WHERE drive_id = ? AND id = ?", [(drive_id, each) for each in absent]
        )
    return True


def forget(ledger: Ledger, drive_id: str) -> None:
    """Read a library from its beginning: the service does not know any more where we were."""
    with ledger.transaction():
        ledger.execute(
            "UPDATE library_look SET link = '', whole = 0, version = version + 1 WHERE drive_id = ?", (drive_id,)
        )
        ledger.execute("DELETE FROM library_item WHERE drive_id = ?", (drive_id,))


def child(ledger: Ledger, drive_id: str, parent_id: str, name_key: str) -> LibraryItem | None:
    """What has a name in a folder."""
    row = ledger.one(
        f"SELECT {_COLUMNS} FROM library_item WHERE drive_id = ? AND parent_id = ? AND name_key = ? ORDER BY id LIMIT 1",  # noqa: S608, E501 - ours
        (drive_id, parent_id, name_key),
    )
    return None if row is None else _item(row)


def children(ledger: Ledger, drive_id: str, parent_id: str, name_keys: Sequence[str]) -> dict[str, LibraryItem]:
    """What has these names in a folder, by them."""
    found = _in(ledger, "parent_id = ? AND name_key", (drive_id, parent_id), name_keys)
    return {each.name_key: each for each in found}


def by_unique_ids(ledger: Ledger, drive_id: str, unique_ids: Sequence[str]) -> dict[str, LibraryItem]:
    """What has these ids of packages, by them."""
    return {each.unique_id: each for each in _in(ledger, "unique_id", (drive_id,), unique_ids)}


def by_ids(ledger: Ledger, drive_id: str, item_ids: Sequence[str]) -> dict[str, LibraryItem]:
    """What has these ids of the destination's own, by them."""
    return {each.id: each for each in _in(ledger, "id", (drive_id,), item_ids)}


def _in(ledger: Ledger, column: str, given: tuple[str, ...], values: Sequence[str]) -> Iterator[LibraryItem]:
    for start in range(0, len(values), _AT_ONCE):
        chunk = tuple(values[start : start + _AT_ONCE])
        marks = ",".join("?" * len(chunk))
        rows = ledger.rows(
            f"SELECT {_COLUMNS} FROM library_item WHERE drive_id = ? AND {column} IN ({marks}) ORDER BY id DESC",  # noqa: S608 - ours
            (*given, *chunk),
        )
        yield from map(_item, rows)


def folder_at(
    ledger: Ledger, drive_id: str, root_id: str, path: str, fold: Callable[[str], str]
) -> tuple[LibraryItem | None, Sequence[str]]:
    """The deepest part of a path that is there (None: the root alone), and the names that are missing below it."""
    found: LibraryItem | None = None
    names = [each for each in path.split("/") if each]
    for depth, name in enumerate(names):
        inner = child(ledger, drive_id, found.id if found else root_id, fold(name))
        if inner is None:
            return found, names[depth:]
        found = inner
    return found, ()


def _item(row: Row) -> LibraryItem:
    return LibraryItem(
        row["id"], row["parent_id"], row["name_key"], bool(row["folder"]), row["size"], row["modified"], row["etag"],
        row["quickxor"], row["unique_id"],
    )  # fmt: skip
