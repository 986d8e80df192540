"""Looking at what libraries and lists hold: by id, by name, by path, by place in the log of changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from spmigrate.rehearsal.items import COLUMNS, Item, Row, Version, read_row
from spmigrate.rehearsal.storage import Store, fold

_FOLDERS_KEPT = 20_000
# The largest number that the database holds.
MOST = 2**63 - 1


class ContentView:
    """Every question about content; `Content` adds what alters it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.db
        # Folders by row id, for the way up from an item; emptied by every change of a folder.
        self._folders: dict[int, Item] = {}
        # Row ids of the root folders by list; a list keeps its root for life.
        self._roots: dict[int, int] = {}
        store.remembering(self._folders.clear)
        store.remembering(self._roots.clear)
        self._change = int(self._db.execute("SELECT coalesce(max(change), 0) FROM item").fetchone()[0])

    def root(self, list_id: int) -> Item | None:
        """The root folder of a library or list (by the list's entity id)."""
        known = self._roots.get(list_id)
        if known is not None:
            return self.folder(known)
        found = self.one("list = ? AND list_item = 0", list_id)
        if found is not None:
            self._roots[list_id] = found.id
        return found

    def item(self, item_id: int) -> Item | None:
        """The living item with this row id."""
        return self.one("id = ? AND bin = 0", item_id)

    def by_guid(self, guid: str, *, listing: int = 0, site: int = 0) -> Item | None:
        """The living item with this unique id. A package may have been imported into several site collections under
        the same ids: then the one in a list, or in a site collection."""
        found = self.many("guid = ? AND bin = 0", guid.strip("{}").lower())
        if len(found) > 1 and listing:
            found = [each for each in found if each.list == listing]
        elif len(found) > 1 and site:
            found = [each for each in found if self.site_of(each.list) == site]
        return found[0] if found else None

    def site_of(self, list_id: int) -> int:
        """The row id of the site collection that holds a list."""
        listing = self._store.by_id(list_id)
        web = self._store.by_id(listing.parent) if listing else None
        if web is None:
            raise KeyError(list_id)
        return web.parent

    def by_number(self, list_id: int, number: int) -> Item | None:
        """The living item with this list item id."""
        return self.one("list = ? AND list_item = ? AND bin = 0", list_id, min(number, MOST))

    def child(self, parent: Item, name: str) -> Item | None:
        """The living child of a folder with this name (case does not count)."""
        return self.one("parent = ? AND key = ? AND bin = 0", parent.id, fold(name))

    def named(self, parent: int, name: str) -> bool:
        """True when a folder (by row id) has a living child with this name."""
        clause = "SELECT 1 FROM item WHERE parent = ? AND key = ? AND bin = 0"
        return self._db.execute(clause, (parent, fold(name))).fetchone() is not None

    def resolve(self, start: Item, path: str) -> Item | None:
        """The item at a decoded path below an item; an empty path is the item itself."""
        found: Item | None = start
        for segment in path.split("/"):
            if segment and found is not None:
                found = self.child(found, segment)
        return found

    def children(self, parent: Item, *, after: str = "", limit: int = -1) -> list[Item]:
        """Living children in order of name; `after` is the folded name of the last one seen."""
        return [read_row(row) for row in self.child_rows(parent, after=after, limit=limit)]

    def child_rows(self, parent: Item, *, after: str = "", limit: int = -1) -> list[Row]:
        """The same, as they are stored."""
        return self.rows("parent = ? AND bin = 0 AND key > ? ORDER BY key LIMIT ?", parent.id, after, limit)

    def children_by(
        self, parent: Item, column: str, *, descending: bool, after: tuple[str | int, int] | None, limit: int
    ) -> list[Item]:
        """Living children in order of a column; `after` is that column's value and the id of the last one seen."""
        if column not in ("key", "size", "modified", "created"):
            raise ValueError(column)
        mark, way = ("<", "DESC") if descending else (">", "ASC")
        order = f"ORDER BY {column} {way}, id {way} LIMIT ?"
        if after is None:
            return self.many(f"parent = ? AND bin = 0 {order}", parent.id, limit)
        clause = f"parent = ? AND bin = 0 AND ({column} {mark} ? OR ({column} = ? AND id {mark} ?)) {order}"
        return self.many(clause, parent.id, after[0], after[0], after[1], limit)

    def items(self, list_id: int, *, after: int = 0, limit: int = -1) -> list[Item]:
        """Living items of a list in order of list item id, folders included, the root not."""
        clause = "list = ? AND list_item > ? AND bin = 0 ORDER BY list_item LIMIT ?"
        return self.many(clause, list_id, after, limit)

    def count(self, parent: Item) -> int:
        """How many living children a folder has."""
        row = self._db.execute(
            "SELECT count(*) FROM item WHERE parent = ? AND bin = 0 AND list_item > 0", (parent.id,)
        ).fetchone()
        return int(row[0])

    def count_below(self, folder: Item) -> int:
        """How many living files, folders and items are below a folder."""
        row = self._db.execute(
            "WITH RECURSIVE holder(id) AS (SELECT ? UNION ALL SELECT item.id FROM item JOIN holder"
            " ON item.parent = holder.id WHERE item.folder = 1 AND item.bin = 0)"
            " SELECT count(*) FROM holder JOIN item ON item.parent = holder.id WHERE item.bin = 0",
            (folder.id,),
        ).fetchone()
        return int(row[0])

    def count_kind(self, parent: Item, *, folders: bool) -> int:
        """How many living folders, or things that are none, a folder has among its list's items."""
        clause = "SELECT count(*) FROM item WHERE parent = ? AND bin = 0 AND list_item > 0 AND folder = ?"
        return int(self._db.execute(clause, (parent.id, int(folders))).fetchone()[0])

    def count_items(self, list_id: int) -> int:
        """How many living items a list has, folders included."""
        clause = "SELECT count(*) FROM item WHERE list = ? AND bin = 0 AND list_item > 0"
        return int(self._db.execute(clause, (list_id,)).fetchone()[0])

    def count_files(self, parent: Item) -> int:
        """How many living files a folder has."""
        clause = "SELECT count(*) FROM item WHERE parent = ? AND bin = 0 AND folder = 0"
        return int(self._db.execute(clause, (parent.id,)).fetchone()[0])

    def files(self, parent: Item, *, skip: int = 0, limit: int = -1) -> list[Item]:
        """Living files of a folder in order of name."""
        clause = "parent = ? AND bin = 0 AND blob <> '' ORDER BY key LIMIT ? OFFSET ?"
        return self.many(clause, parent.id, limit, skip)

    def total_size(self, folder: Item) -> int:
        """Bytes of all files below a folder."""
        return self.total(folder)[1]

    def total(self, folder: Item) -> tuple[int, int]:
        """How many files are below a folder, and their bytes."""
        row = self._db.execute(
            "WITH RECURSIVE holder(id) AS (SELECT ? UNION ALL SELECT item.id FROM item JOIN holder"
            " ON item.parent = holder.id WHERE item.folder = 1 AND item.bin = 0)"
            " SELECT count(nullif(item.blob, '')), coalesce(sum(item.size), 0)"
            " FROM holder JOIN item ON item.parent = holder.id WHERE item.bin = 0",
            (folder.id,),
        ).fetchone()
        return int(row[0]), int(row[1])

    def bytes_of(self, list_id: int) -> tuple[int, int]:
        """Bytes of a list's living files, and of those in the recycle bin; earlier versions are not counted."""
        clause = "SELECT coalesce(sum(size), 0) FROM item WHERE list = ? AND bin"
        used, deleted = (
            int(self._db.execute(f"{clause} {state}", (list_id,)).fetchone()[0]) for state in ("= 0", "> 0")
        )
        return used, deleted

    def search(self, folder: Item, words: Sequence[str], *, after: int, limit: int) -> list[Item]:
        """What lies below a folder and has all the words in its name or, for small files, in its bytes; by row id."""
        # Bytes as text: a blob that is no text has no word of it, but by chance.
        found = "(instr(i.key, ?) OR EXISTS (SELECT 1 FROM blob WHERE blob.hash = i.blob AND i.blob <> '' AND"
        found += " instr(lower(CAST(blob.data AS TEXT)), ?)))"
        clause = "".join(f" AND {found}" for _ in words)
        texts = [fold(word) for word in words for _ in range(2)]
        columns = ", ".join(f"i.{name.strip()}" for name in COLUMNS.split(","))
        everything = not folder.parent
        below = (
            "WITH RECURSIVE below(id) AS (SELECT id FROM item WHERE parent = ? AND bin = 0 UNION ALL"
            " SELECT item.id FROM item JOIN below ON item.parent = below.id WHERE item.bin = 0)"
        )
        place = "i.list = ? AND i.parent <> 0" if everything else "i.id IN below"
        query = f"SELECT {columns} FROM item i WHERE {place} AND i.bin = 0 AND i.id > ?{clause} ORDER BY i.id LIMIT ?"  # noqa: S608
        start = folder.list if everything else folder.id
        rows = self._db.execute(query if everything else f"{below} {query}", (start, after, *texts, limit))
        return [read_row(row) for row in rows]

    def newest(self, list_id: int, *, limit: int) -> list[Item]:
        """The files of a list that were changed last, the newest first."""
        return self.many("list = ? AND bin = 0 AND folder = 0 ORDER BY modified DESC, id DESC LIMIT ?", list_id, limit)

    def path(self, item: Item) -> str:
        """The decoded path of an item below its list's root; empty for the root itself."""
        return "/".join(each.name for each in [*reversed(list(self.ancestors(item))), item][1:])

    def ancestors(self, item: Item) -> Iterator[Item]:
        """The folders that hold an item, the nearest first, the list's root last."""
        parent = item.parent
        while parent:
            found = self.folder(parent)
            if found is None:
                return
            yield found
            parent = found.parent

    def folder(self, folder_id: int) -> Item | None:
        """The folder with this row id, deleted or not."""
        found = self._folders.get(folder_id)
        if found is None:
            found = self.one("id = ?", folder_id)
            if found is not None:
                if len(self._folders) >= _FOLDERS_KEPT:
                    self._folders.clear()
                self._folders[folder_id] = found
        return found

    def list_path(self, list_id: int) -> str:
        """The server-relative path of a list's root folder: `/sites/x/Shared Documents`."""
        listing = self._store.by_id(list_id)
        web = self._store.by_id(listing.parent) if listing else None
        if listing is None or web is None:
            raise KeyError(list_id)
        return f"{web.name.rstrip('/')}/{listing.name}".rstrip("/")

    def changes(self, list_id: int, *, after: int, limit: int) -> list[Item]:
        """Items of a list changed after a point of the log, oldest change first; the deleted included."""
        clause = "list = ? AND change > ? ORDER BY change LIMIT ?"
        return self.many(clause, list_id, after, limit)

    def files_of_list(self, list_id: int, *, after: int, limit: int) -> list[Row]:
        """Living files of a list by their place in the log of changes, as they are stored."""
        clause = "list = ? AND change > ? AND folder = 0 AND bin = 0 ORDER BY change LIMIT ?"
        return self.rows(clause, list_id, after, limit)

    def folders(self, list_id: int, *, after: int, limit: int) -> list[Item]:
        """Living folders of a list by row id, the root included."""
        clause = "list = ? AND id > ? AND folder = 1 AND bin = 0 ORDER BY id LIMIT ?"
        return self.many(clause, list_id, after, limit)

    def folders_in(self, parent: Item, *, before: int) -> list[Item]:
        """Living folders in a folder with row ids below a number."""
        return self.many("parent = ? AND id < ? AND folder = 1 AND bin = 0 ORDER BY id", parent.id, before)

    @property
    def last_change(self) -> int:
        """The newest point of the log of changes."""
        return self._change

    def versions(self, item: Item) -> list[Version]:
        """Earlier versions, the newest first; the current state is the item itself."""
        rows = self._db.execute("SELECT * FROM version WHERE item = ? ORDER BY number DESC", (item.id,))
        return [Version(*(*row[:7], json.loads(row[7]))) for row in rows]

    def recycled(self, list_id: int) -> list[Item]:
        """Items that were themselves recycled (not those that went with their folder)."""
        return self.many("list = ? AND bin = id ORDER BY id", list_id)

    def one(self, clause: str, *arguments: object) -> Item | None:
        """The first item for which an SQL condition holds."""
        row = self._db.execute(f"SELECT {COLUMNS} FROM item WHERE {clause}", arguments).fetchone()  # noqa: S608
        return None if row is None else read_row(row)

    def many(self, clause: str, *arguments: object) -> list[Item]:
        """The items for which an SQL condition holds."""
        return [read_row(row) for row in self.rows(clause, *arguments)]

    def rows(self, clause: str, *arguments: object) -> list[Row]:
        """The same as they are stored, for pages that are written without an object for each item."""
        return self._db.execute(f"SELECT {COLUMNS} FROM item WHERE {clause}", arguments).fetchall()  # noqa: S608
