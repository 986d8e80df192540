"""What libraries and lists hold: folders, files and items, their versions, and the log of changes.

A folder, a file and a list item are rows of one table. Each library and list has a root item
(`create_root`, called by whoever makes the list) with `parent` 0 and list item number 0. A version is
one number, as in SharePoint: `major * 512 + minor`. A person is the claims login name
(`Claims.login`). Times are `2026-11-21T09:30:00Z`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal import retention
from spmigrate.rehearsal.admission import Admission
from spmigrate.rehearsal.blobs import Blob, Blobs
from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.content_view import ContentView
from spmigrate.rehearsal.items import PURGED, Conflict, Item, Refusal, Times, Version, dump_fields
from spmigrate.rehearsal.naming import MAX_PATH, name_problem, numbered
from spmigrate.rehearsal.office import OfficeRewriting
from spmigrate.rehearsal.recycled import ITEM, Recycled
from spmigrate.rehearsal.storage import Store, fold
from spmigrate.rehearsal.versioning import VersionRules, checked_out, rules_of

__all__ = ["PURGED", "Blob", "Conflict", "Content", "Item", "Refusal", "Times", "Version"]
_NOW = Times()
# Source: Microsoft's limits page: items and files of one list or library.
MAX_ITEMS = 30_000_000


class Content(ContentView):
    """All libraries' and lists' content. Call inside a transaction of the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store)
        self._clock = clock
        # The newest list item number of each list; a number is never given again.
        self._numbers: dict[int, int] = {}
        store.remembering(self._numbers.clear)
        self.blobs = Blobs(store)
        self.bin = Recycled(store, clock)
        self.admission = Admission(store)
        self.office: OfficeRewriting | None = None

    # -- making

    def create_root(self, list_id: int, *, name: str, by: str) -> Item:
        """The root folder of a new library or list; `name` is the leaf of its URL."""
        return self._insert(list_id, 0, name, by=by, folder=True, blob=None, times=_NOW, fields={}, number=0)

    def add_folder(
        self,
        parent: Item,
        name: str,
        *,
        by: str,
        conflict: Conflict = Conflict.FAIL,
        times: Times = _NOW,
        fields: Mapping[str, Any] | None = None,
    ) -> Item:
        """Make a folder; with `REPLACE` an existing folder is kept as it is and returned."""
        name = self._free_name(parent, name, conflict, folder=True)
        existing = self.child(parent, name)
        if existing is not None:
            if not existing.folder:
                raise Refusal("nameAlreadyExists", "The specified item name already exists.", name)
            return existing
        kept = {**retention.passed_on(parent, at=self._clock.iso(), by=by), **(fields or {})}
        return self._insert(parent.list, parent.id, name, by=by, folder=True, blob=None, times=times, fields=kept)

    def add_file(
        self,
        parent: Item,
        name: str,
        blob: Blob,
        *,
        by: str,
        conflict: Conflict = Conflict.FAIL,
        times: Times = _NOW,
        fields: Mapping[str, Any] | None = None,
    ) -> Item:
        """Make a file, or with `REPLACE` a new version of the file that has the name."""
        name = self._free_name(parent, name, conflict, folder=False)
        existing = self.child(parent, name) if conflict is Conflict.REPLACE else None
        if existing is not None:
            if existing.folder:
                raise Refusal("nameAlreadyExists", "A folder with the same name already exists.")
            return self.write(existing, by=by, blob=blob, times=times, fields=fields)
        blob = self._kept(name, blob)
        at = self._clock.iso()
        kept = retention.passed_on(parent, at=at, by=by) or retention.by_default(
            self._store.by_id(parent.list), at=at, by=by
        )
        return self._insert(
            parent.list, parent.id, name, by=by, folder=False, blob=blob, times=times, fields={**kept, **(fields or {})}
        )

    def add_item(self, parent: Item, *, by: str, fields: Mapping[str, Any], times: Times = _NOW) -> Item:
        """Make an item of an ordinary list; SharePoint names it `7_.000`."""
        number = self._next_number(parent.list)
        return self._insert(
            parent.list, parent.id, f"{number}_.000", by=by, folder=False, blob=None, times=times,
            fields=fields, number=number,
        )  # fmt: skip

    def add_beside(self, parent: Item, name: str, blob: Blob | None, *, by: str) -> Item:
        """Make a file (or without bytes a folder) that is no item of its list, such as what is attached to items: its
        number is below zero."""
        problem = name_problem(name, folder=blob is None)
        if problem is not None:
            raise Refusal("invalidName", problem)
        if self.child(parent, name) is not None:
            raise Refusal("nameAlreadyExists", "The specified item name already exists.", name)
        lowest = self._db.execute("SELECT min(list_item) FROM item WHERE list = ?", (parent.list,)).fetchone()[0]
        return self._insert(
            parent.list, parent.id, name, by=by, folder=blob is None, blob=blob, times=_NOW, fields={},
            number=min(int(lowest or 0), 0) - 1,
        )  # fmt: skip

    # -- altering

    def write(
        self,
        item: Item,
        *,
        by: str,
        blob: Blob | None = None,
        times: Times = _NOW,
        fields: Mapping[str, Any] | None = None,
        keep_version: bool = False,
        author: str | None = None,
    ) -> Item:
        """Alter bytes, dates or fields: a new version, or with `keep_version` the same one (as
        `ValidateUpdateListItem` with `bNewDocumentUpdate` does). `by` becomes the editor."""
        self.refuse_if_locked(item, by)
        blob = None if blob is None else self._kept(item.name, blob)
        self.admission.admit(item.list, size=blob.size if blob else 0)
        rules = self._rules(item.list)
        keep_version = keep_version or item.folder or not rules.kept or checked_out(item)
        if not keep_version:
            self._db.execute(
                "INSERT OR REPLACE INTO version VALUES(?,?,?,?,?,?,?,?)",
                (item.id, item.version, item.size, item.hash, item.blob, item.modified, item.editor,
                 dump_fields(item.fields)),
            )  # fmt: skip
        altered = replace(
            item,
            size=item.size if blob is None else blob.size,
            hash=item.hash if blob is None else blob.hash,
            blob=item.blob if blob is None else blob.address,
            created=times.created or item.created,
            modified=times.modified or self._clock.iso(),
            author=author or item.author,
            editor=by,
            fields={**item.fields, **(fields or {})},
            ctag=item.ctag if blob is None else item.ctag + 1,
            version=item.version if keep_version else rules.following(item.version),
        )
        if not keep_version and rules.limit and altered.version > rules.limit * 512:
            self.trim_versions(altered, rules.limit)
        return self._save(altered)

    def move(
        self,
        item: Item,
        *,
        by: str,
        parent: Item | None = None,
        name: str | None = None,
        conflict: Conflict = Conflict.FAIL,
        times: Times = _NOW,
    ) -> Item:
        """Rename or move within the library; with `REPLACE` a file that has the name is recycled."""
        self.refuse_if_locked(item, by)
        self.admission.admit(item.list)
        to = parent or self.folder(item.parent)
        if to is None or not to.folder:
            raise Refusal("notAFolder", "The destination is not a folder.")
        if any(each.id == item.id for each in [to, *self.ancestors(to)]):
            raise Refusal("cannotMoveIntoItself", "A folder can't be moved into itself.")
        wanted = name if name is not None else item.name
        taken = self.child(to, wanted)
        if taken is None or taken.id != item.id:
            wanted = self._free_name(to, wanted, conflict, folder=item.folder)
            if taken is not None and conflict is Conflict.REPLACE:
                self.recycle(taken)
        elif (problem := name_problem(wanted, folder=item.folder)) is not None:
            raise Refusal("invalidName", problem)
        return self._save(
            replace(
                item,
                parent=to.id,
                name=wanted,
                editor=by,
                modified=times.modified or item.modified,
                created=times.created or item.created,
            )
        )

    def lock(self, item: Item, *, by: str, until: str) -> Item:
        """Lock a file against others until a moment, as an Office program does."""
        return self.mark(item, {"_Lock": [by, until]})

    def mark(self, item: Item, fields: Mapping[str, Any]) -> Item:
        """Keep something with an item that is not part of its content: no version, editor or date changes."""
        return self._save(replace(item, fields={**item.fields, **fields}))

    def recycle(self, item: Item, *, by: str = "") -> str:
        """Put an item, with all that is below it, into the recycle bin; gives its id there."""
        listing = self._store.by_id(item.list)
        address = f"{self.list_path(item.list)}/{self.path(item)}"
        size = self.total_size(item) if item.folder else item.size
        self._bury(item, item.id)
        web = listing.parent if listing else 0
        return self.bin.add(ITEM, item.id, web, by=by or item.editor, address=address, size=size)

    def purge(self, item: Item) -> None:
        """Delete for good, from where it is or from the bin; only its trace in the log of changes remains."""
        self.bin.forget(ITEM, item.id)
        self.admission.forget()
        self._bury(item, PURGED)
        for row in self.many("bin = ?", item.id):
            self._save(replace(row, bin=PURGED))

    def restore(self, item: Item, *, parent: Item | None = None) -> Item:
        """Take an item, with what went with it, out of the recycle bin: to where it was, or into another folder."""
        rows = self.many("bin = ? ORDER BY id", item.id)
        if not rows:
            raise Refusal("itemNotFound", "The item is not in the recycle bin.")
        holder = parent or self.one("id = ? AND bin = 0", item.parent)
        if holder is None:
            raise Refusal("itemNotFound", "The folder that held the item no longer exists.")
        if self.child(holder, item.name) is not None:
            raise Refusal("nameAlreadyExists", "The specified item name already exists.", item.name)
        for row in rows:
            self._save(replace(row, bin=0, parent=holder.id if row.id == item.id else row.parent))
        self.bin.forget(ITEM, item.id)
        return replace(item, bin=0, parent=holder.id)

    def delete_version(self, item: Item, number: int) -> None:
        """Delete an earlier version."""
        self._db.execute("DELETE FROM version WHERE item = ? AND number = ?", (item.id, number))

    def note_version(self, item: Item, version: Version, fields: Mapping[str, Any]) -> None:
        """Keep something about an earlier version."""
        self._db.execute(
            "UPDATE version SET fields = ? WHERE item = ? AND number = ?",
            (dump_fields({**version.fields, **fields}), item.id, version.number),
        )

    def trim_versions(self, item: Item, limit: int) -> None:
        """Delete the oldest versions beyond a number of major ones, the current one counted."""
        oldest = item.version - (limit - 1) * 512
        self._db.execute("DELETE FROM version WHERE item = ? AND number < ?", (item.id, oldest))

    def restore_version(self, item: Item, number: int, *, by: str) -> Item:
        """Make an earlier version the current one, as a new version."""
        for version in self.versions(item):
            if version.number == number:
                blob = Blob(version.blob, version.size, version.hash)
                return self.write(item, by=by, blob=blob, fields=version.fields)
        raise Refusal("itemNotFound", "The version does not exist.")

    def implant(self, item: Item, history: Iterable[Version] = ()) -> Item:
        """Give an item that was just made what an import or a move says of it: identity, number, people, dates and
        version number as in `item`, and its earlier versions."""
        self._db.execute("UPDATE item SET guid = ?, list_item = ? WHERE id = ?", (item.guid, item.list_item, item.id))
        if item.list_item > self._numbers.get(item.list, item.list_item):
            self._numbers[item.list] = item.list_item
        rows = (
            (item.id, old.number, old.size, old.hash, old.blob, old.modified, old.editor, dump_fields(old.fields))
            for old in history
        )
        self._db.executemany("INSERT OR REPLACE INTO version VALUES(?,?,?,?,?,?,?,?)", rows)
        return self._save(item)

    # -- inside

    def check_name(self, parent: Item, name: str, *, folder: bool) -> None:
        """A `Refusal` when nothing may have this name in this folder: `notAFolder`, `invalidName`, `pathTooLong`."""
        if not parent.folder:
            raise Refusal("notAFolder", "The parent is not a folder.")
        problem = name_problem(name, folder=folder, at_root=parent.parent == 0)
        if problem is not None:
            raise Refusal("invalidName", problem)
        path = f"{self.list_path(parent.list)}/{self.path(parent)}".strip("/")
        if len(path) + 1 + len(name) > MAX_PATH:
            raise Refusal("pathTooLong", f"The path is longer than {MAX_PATH} characters.")

    def _free_name(self, parent: Item, name: str, conflict: Conflict, *, folder: bool) -> str:
        self.check_name(parent, name, folder=folder)
        if conflict is Conflict.REPLACE or self.child(parent, name) is None:
            return name
        if conflict is Conflict.FAIL:
            raise Refusal("nameAlreadyExists", "The specified item name already exists.", name)
        number = 1
        while self.child(parent, numbered(name, number, folder=folder)) is not None:
            number += 1
        return numbered(name, number, folder=folder)

    def refuse_if_locked(self, item: Item, by: str) -> None:
        """A `Refusal` (`resourceLocked`) when somebody else has the item checked out or locked."""
        holder = item.fields.get("CheckoutUser")
        lock = item.fields.get("_Lock")
        if lock and lock[1] > self._clock.iso():
            holder = lock[0]
        if holder and holder != by:
            raise Refusal("resourceLocked", "The resource you are attempting to access is locked.")

    def _kept(self, name: str, blob: Blob) -> Blob:
        return blob if self.office is None else self.office.rewrite(name, blob)

    def _rules(self, list_id: int) -> VersionRules:
        listing = self._store.by_id(list_id)
        return rules_of(listing.props) if listing else VersionRules()

    def reserve_number(self, list_id: int) -> int:
        """A list item number that nothing else in the list will get."""
        number = self._next_number(list_id)
        self._store.write_value(f"reserved in {list_id}", number)
        return number

    def _next_number(self, list_id: int) -> int:
        last = self._numbers.get(list_id)
        if last is None:
            row = self._db.execute("SELECT max(list_item) FROM item WHERE list = ?", (list_id,)).fetchone()
            last = max(int(row[0] or 0), int(self._store.read_value(f"reserved in {list_id}") or 0))
        if last >= MAX_ITEMS and self.count_items(list_id) >= MAX_ITEMS:
            raise Refusal("tooManyItems", f"A list or library holds at most {MAX_ITEMS} items.")
        self._numbers[list_id] = last + 1
        return last + 1

    def _insert(
        self,
        list_id: int,
        parent: int,
        name: str,
        *,
        by: str,
        folder: bool,
        blob: Blob | None,
        times: Times,
        fields: Mapping[str, Any],
        number: int | None = None,
    ) -> Item:
        self.admission.admit(list_id, size=blob.size if blob else 0, added=True)
        now = self._clock.iso()
        self._change += 1
        list_item = self._next_number(list_id) if number is None else number
        guid, created, modified = str(uuid.uuid4()), times.created or now, times.modified or now
        size, digest, address = (blob.size, blob.hash, blob.address) if blob else (0, "", "")
        version = self._rules(list_id).first if blob else 512
        cursor = self._db.execute(
            "INSERT INTO item(list, parent, name, key, folder, list_item, guid, size, hash, blob, created, modified,"
            " author, editor, fields, change, version) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (list_id, parent, name, _key(name, parent, list_id), folder, list_item, guid, size, digest, address,
             created, modified, by, by, dump_fields(fields), self._change, version),
        )  # fmt: skip
        return Item(
            id=cursor.lastrowid or 0, list=list_id, parent=parent, name=name, folder=folder, list_item=list_item,
            guid=guid, size=size, hash=digest, blob=address, created=created, modified=modified, author=by, editor=by,
            fields=dict(fields), etag=1, ctag=1, version=version, change=self._change, bin=0,
        )  # fmt: skip

    def _save(self, item: Item) -> Item:
        if item.folder:
            self._folders.clear()
        self._change += 1
        saved = replace(item, etag=item.etag + 1, change=self._change)
        self._db.execute(
            "UPDATE item SET parent=?, name=?, key=?, size=?, hash=?, blob=?, created=?, modified=?, author=?,"
            " editor=?, fields=?, etag=?, ctag=?, version=?, change=?, bin=? WHERE id=?",
            (saved.parent, saved.name, _key(saved.name, saved.parent, saved.list), saved.size, saved.hash,
             saved.blob, saved.created, saved.modified, saved.author, saved.editor, dump_fields(saved.fields),
             saved.etag, saved.ctag, saved.version, saved.change, saved.bin, saved.id),
        )  # fmt: skip
        return saved

    def _bury(self, item: Item, where: int) -> None:
        self.admission.admit(item.list)
        for child in self.children(item):
            self._bury(child, where)
        self._save(replace(item, bin=where))


def _key(name: str, parent: int, listing: int) -> str:
    """What must differ among the children of one folder; roots have no folder, so their list tells them apart."""
    return fold(name) if parent else f"/{listing}"
