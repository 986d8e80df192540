"""Ids of files, folders and list items in packages: given once, unique in the site collection, kept for ever.

The service takes ids literally: the same source item has to come with the same id in each increment, and no id may
come twice. Numbers of list items are handed out from the top of a block down, so that those that the service itself
gives to new items, which go on above the highest, never meet them.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.store.ledger import Ledger

_AT_ONCE = 400
BLOCK = 100_000
"""Numbers of list items that are reserved at once."""
GAP = 1_000
"""Numbers above the highest that are left to others who add items before the first package arrives."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The id of a file or folder, and the number of its list item (0: the service gives one)."""

    file_id: str
    number: int

    @property
    def item_id(self) -> str:
        """The id of its list item, made from the first one: they always come together."""
        return str(uuid.uuid5(uuid.UUID(self.file_id), "list item"))


def give_files(
    ledger: Ledger, list_id: str, transfer_ids: Sequence[int], *, known: Mapping[int, str], highest: Callable[[], int]
) -> dict[int, Identity]:
    """The identity of each transfer's source item in a library, given now where it had none.

    `known` are ids that transfers' files have at the destination already; `highest` asks for the highest number of a
    list item there, and is called when a new block of numbers is needed.
    """
    items = _items(ledger, transfer_ids)
    wanted = {str(items[each]): known.get(each, "") for each in transfer_ids}
    found = _give(ledger, list_id, "file", wanted, highest)
    return {each: found[str(items[each])] for each in transfer_ids}


def give_folders(
    ledger: Ledger, list_id: str, paths: Mapping[str, str], *, highest: Callable[[], int]
) -> dict[str, Identity]:
    """The identities of folders by their folded paths; the values are the ids of those that are there already."""
    return _give(ledger, list_id, "folder", paths, highest)


def give_up(ledger: Ledger, file_id: str) -> None:
    """Forget an id that lies in the recycle bin of its site: the next attempt comes with another."""
    ledger.execute("DELETE FROM package_identity WHERE file_id = ?", (file_id,))


def give_up_copy(ledger: Ledger, drive_id: str, target_id: str) -> None:
    """Forget the id of a copy that was recycled, as Graph names it: another attempt of its file comes with another."""
    ledger.execute(
        "DELETE FROM package_identity WHERE file_id IN ("
        "SELECT unique_id FROM library_item WHERE drive_id = ? AND id = ?)",
        (drive_id, target_id),
    )


def _items(ledger: Ledger, transfer_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(transfer_ids), _AT_ONCE):
        chunk = tuple(transfer_ids[start : start + _AT_ONCE])
        marks = ",".join("?" * len(chunk))
        for row in ledger.rows(f"SELECT id, item_id FROM transfer WHERE id IN ({marks}) ORDER BY id", chunk):  # noqa: S608 - marks
            found[row["id"]] = row["item_id"]
    return found


def _give(
    ledger: Ledger, list_id: str, kind: str, wanted: Mapping[str, str], highest: Callable[[], int]
) -> dict[str, Identity]:
    kept = _kept(ledger, list_id, kind, list(wanted))
    found = {each: kept[each] for each, real in wanted.items() if each in kept and real in ("", kept[each].file_id)}
    missing = [each for each in wanted if each not in found]
    if not missing:
        return found
    _reserve(ledger, list_id, sum(not wanted[each] for each in missing), highest)
    with ledger.transaction():
        # Another worker may have given some in the meantime; what is really there counts for more.
        kept = _kept(ledger, list_id, kind, [each for each in missing if not wanted[each]])
        new = [each for each in missing if each not in kept]
        numbers = _take_numbers(ledger, list_id, sum(not wanted[each] for each in new))
        found |= kept
        for each in new:
            real = wanted[each]
            found[each] = Identity(real or str(uuid.uuid4()), 0 if real else next(numbers, 0))
        _keep(ledger, list_id, kind, {each: found[each] for each in new})
    return found


def _kept(ledger: Ledger, list_id: str, kind: str, subjects: Sequence[str]) -> dict[str, Identity]:
    kept: dict[str, Identity] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        chunk = subjects[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        for row in ledger.rows(
            "SELECT subject, file_id, number FROM package_identity"  # noqa: S608 - marks
            f" WHERE list_id = ? AND kind = ? AND subject IN ({marks}) ORDER BY subject",
            (list_id, kind, *chunk),
        ):
            kept[row["subject"]] = Identity(row["file_id"], row["number"])
    return kept


def _keep(ledger: Ledger, list_id: str, kind: str, given: Mapping[str, Identity]) -> None:
    """Keep identities; an id that is really there is nobody else's any more."""
    real = [(each.file_id,) for each in given.values() if not each.number]
    ledger.execute_many("DELETE FROM package_identity WHERE file_id = ?", real)
    ledger.execute_many(
        "INSERT INTO package_identity(list_id, kind, subject, file_id, number) VALUES(?, ?, ?, ?, ?)"
        " ON CONFLICT(list_id, kind, subject) DO UPDATE SET file_id = excluded.file_id, number = excluded.number",
        [(list_id, kind, subject, each.file_id, each.number) for subject, each in given.items()],
    )


def _reserve(ledger: Ledger, list_id: str, count: int, highest: Callable[[], int]) -> None:
    """Make sure that a list has so many numbers left; the question is asked outside of any transaction."""
    left = ledger.one("SELECT following - lowest AS room FROM package_numbers WHERE list_id = ?", (list_id,))
    if not count or (left is not None and left["room"] >= count):
        return
    with ledger.transaction():
        used = ledger.one("SELECT max(number) AS most FROM package_identity WHERE list_id = ?", (list_id,))
    lowest = max(highest(), (used["most"] or 0) if used else 0) + GAP
    ledger.execute(
        "INSERT INTO package_numbers(list_id, lowest, following) VALUES(?, ?, ?) ON CONFLICT(list_id) DO UPDATE SET"
        " lowest = excluded.lowest, following = excluded.following"
        " WHERE package_numbers.following - package_numbers.lowest < ?",
        (list_id, lowest, lowest + BLOCK, count),
    )


def _take_numbers(ledger: Ledger, list_id: str, count: int) -> Iterator[int]:
    """So many numbers, as far as the block has them, from the top down."""
    row = ledger.one("SELECT lowest, following FROM package_numbers WHERE list_id = ?", (list_id,))
    if row is None or not count:
        return iter(())
    first = int(row["following"])
    last = max(first - count, int(row["lowest"]))
    ledger.execute("UPDATE package_numbers SET following = ? WHERE list_id = ?", (last, list_id))
    return iter(range(first, last, -1))
