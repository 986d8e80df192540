"""The recycle bins: that of a web (first stage) and that of a site collection (both stages)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument
from spmigrate.rehearsal.recycled import FIRST, ITEM, LIST, SECOND, VERSION, WEB, Entry
from spmigrate.rehearsal.rights import standing
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function, link
from spmigrate.rehearsal.sharepoint.people import User, ensure_user
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, INT, LONG, PATH, TEXT, group, table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity, fold

# SP.RecycleBinItemType.
_FILE, _FILE_VERSION, _LIST_ITEM, _LIST, _FOLDER, _WEB = 1, 2, 3, 4, 5, 10
_DATE_LENGTH = 16


class RecycleBinItem(Resource):
    """Something in the recycle bin."""

    type = "SP.RecycleBinItem"
    feed = "RecycleBin"
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "AuthorEmail AuthorName DeletedByEmail DeletedByName DirName LeafName Title"),
        group(TEXT, "", "DeletedDateLocalFormatted"),
        group(PATH, None, "DirNamePath LeafNamePath"),
        group(DATE, None, "DeletedDate"),
        group(GUID, "", "Id"),
        group(INT, 1, "ItemState"),
        group(INT, 1, "ItemType"),
        group(LONG, 0, "Size"),
    )

    def __init__(self, scope: Scope, entry: Entry) -> None:
        super().__init__(scope)
        self.entry = entry
        self._values: Mapping[str, Any] | None = None

    @property
    def path(self) -> str:
        return f"Site/RecycleBin(guid'{self.entry.guid}')"

    @property
    def _item(self) -> Item | None:
        return self.scope.content.one("id = ?", self.entry.ref) if self.entry.kind in (ITEM, VERSION) else None

    @property
    def _row(self) -> Entity | None:
        return self.scope.store.by_id(self.entry.ref) if self.entry.kind in (LIST, WEB) else None

    def stored(self) -> Mapping[str, Any]:
        """The properties of what lies in the bin."""
        if self._values is None:
            self._values = self._worked_out()
        return self._values

    def _worked_out(self) -> Mapping[str, Any]:
        entry = self.entry
        author, by = self.author().stored(), self.deleted_by().stored()
        return {
            "Id": entry.guid, "Title": self._title(), "LeafName": entry.leaf, "DirName": entry.dir,
            "DeletedDate": entry.deleted, "DeletedDateLocalFormatted": entry.deleted[:_DATE_LENGTH].replace("T", " "),
            "LeafNamePath": {"DecodedUrl": entry.leaf}, "DirNamePath": {"DecodedUrl": entry.dir},
            "ItemType": self._type(), "ItemState": entry.stage, "Size": entry.size,
            "AuthorName": author.get("Title", ""), "AuthorEmail": author.get("Email", ""),
            "DeletedByName": by.get("Title", ""), "DeletedByEmail": by.get("Email", ""),
        }  # fmt: skip

    def _title(self) -> str:
        row = self._row
        return str(row.props.get("Title") or self.entry.leaf) if row else self.entry.leaf

    def _type(self) -> int:
        if self.entry.kind != ITEM:
            return {LIST: _LIST, WEB: _WEB, VERSION: _FILE_VERSION}[self.entry.kind]
        item = self._item
        if item is not None and item.folder:
            return _FOLDER
        return _FILE if item is None or item.file else _LIST_ITEM

    @link("Author")
    def author(self) -> User:
        """Who made it."""
        item = self._item
        return User(self.scope, ensure_user(self.scope, item.author if item else self.entry.by))

    @link("DeletedBy")
    def deleted_by(self) -> User:
        """Who deleted it."""
        return User(self.scope, ensure_user(self.scope, self.entry.by))

    @action("Restore")
    def restore(self, _call: Call) -> None:
        """Put it back where it was; folders that held it and are gone are made again."""
        entry, content = self.entry, self.scope.content
        if entry.kind in (LIST, WEB):
            self._restore_row()
        elif entry.kind == VERSION:
            self._restore_version()
        else:
            item = self._item
            if item is None:
                raise _place_missing()
            content.restore(item, parent=self._place(item))
        content.bin.drop(entry)

    def _restore_row(self) -> None:
        row = self._row
        parent = self.scope.store.by_id(row.parent) if row else None
        if row is None or parent is None or parent.deleted:
            raise _place_missing()
        if self.scope.store.find(row.kind, row.parent, row.name) is not None:
            raise _place_taken(self.entry)
        self.scope.store.restore(row)

    def _restore_version(self) -> None:
        item, kept = self._item, self.entry.props
        if item is None or item.bin:
            raise _place_missing()
        version = Version(
            item.id, kept["number"], kept["size"], kept["hash"], kept["blob"], kept["modified"], kept["editor"],
            json.loads(kept["fields"]),
        )  # fmt: skip
        self.scope.content.implant(item, [version])

    def _place(self, item: Item) -> Item:
        """The folder to which an item goes back. Source: Microsoft's support page on restoring from the recycle bin:
        a folder that is gone is created anew in its original place."""
        content = self.scope.content
        listing = self.scope.store.by_id(item.list)
        web = self.scope.store.by_id(listing.parent) if listing else None
        if listing is None or listing.deleted or web is None or web.deleted:
            raise _place_missing()
        holder = content.root(item.list)
        assert holder is not None
        for above in reversed(list(content.ancestors(item))[:-1]):
            found = content.child(holder, above.name)
            holder = found if found is not None else content.add_folder(holder, above.name, by=self.entry.by)
            if not holder.folder:
                raise _place_taken(self.entry)
        taken = content.child(holder, item.name)
        if taken is not None and fold(taken.name) == fold(item.name):
            raise _place_taken(self.entry)
        return holder

    @action("MoveToSecondStage")
    def move_to_second_stage(self, _call: Call) -> None:
        """Move it to the administrators' bin."""
        self.scope.content.bin.to_second_stage(self.entry)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete it for good."""
        self.delete()

    def delete(self) -> None:
        item, row = self._item, self._row
        if self.entry.kind == ITEM and item is not None:
            self.scope.content.purge(item)
        elif row is not None:
            self.scope.store.delete(row)
        self.scope.content.bin.drop(self.entry)


class RecycleBin(Collection):
    """What was recycled in a web: the first stage."""

    feed = "RecycleBin"
    element = RecycleBinItem
    write_level = Level.WRITE

    def entries(self) -> Iterator[Entry]:
        """What lies in this bin, the newest first."""
        return self._own(self.scope.content.bin.of_web(self.scope.web.id))

    def _own(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        """Those that the caller sees: in the first stage people see what they deleted themselves, administrators of the
        site everything; the second stage is the administrators' alone."""
        claims = self.scope.claims
        if claims.app_only or standing(self.scope.tenant, claims.login, self.scope.site).administrator:
            return entries
        return (each for each in entries if each.stage == FIRST and each.by == claims.login)

    def all(self) -> list[RecycleBinItem]:
        return [RecycleBinItem(self.scope, each) for each in self.entries()]

    def by_key(self, key: object) -> RecycleBinItem:
        guid = as_guid(key)
        found = self.scope.content.bin.find(guid, site=self.scope.site.id) if guid else None
        entry = None if found is None else next(self._own(iter([found])), None)
        if entry is None:
            raise bad_argument("Value does not fall within the expected range.")
        return RecycleBinItem(self.scope, entry)

    def _each(self, call: Call) -> list[RecycleBinItem]:
        return [self.by_key(identity) for identity in call.texts("ids", 0)]

    @function("GetById")
    def get_by_id(self, call: Call) -> RecycleBinItem:
        """Something recycled by id."""
        return self.by_key(call.value("id", 0))

    @action("RestoreByIds")
    def restore_by_ids(self, call: Call) -> None:
        """Put several things back."""
        for each in self._each(call):
            each.restore(call)

    @action("DeleteByIds")
    def delete_by_ids(self, call: Call) -> None:
        """Delete several things for good."""
        for each in self._each(call):
            each.delete()

    @action("MoveToSecondStageByIds")
    def move_by_ids(self, call: Call) -> None:
        """Move several things to the administrators' bin."""
        for each in self._each(call):
            each.move_to_second_stage(call)

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> None:
        """Empty the bin."""
        for each in self.all():
            each.delete()

    @action("RestoreAll")
    def restore_all(self, call: Call) -> None:
        """Put everything back."""
        for each in self.all():
            each.restore(call)

    @action("MoveAllToSecondStage")
    def move_all(self, call: Call) -> None:
        """Move everything to the administrators' bin."""
        for each in self.all():
            each.move_to_second_stage(call)

    @action("DeleteAllSecondStageItems")
    def delete_second_stage(self, _call: Call) -> None:
        """Empty the administrators' bin."""
        for entry in list(self._own(self.scope.content.bin.of_site(self.scope.site.id))):
            if entry.stage == SECOND:
                RecycleBinItem(self.scope, entry).delete()


class SiteRecycleBin(RecycleBin):
    """What was recycled anywhere in a site collection, in both stages."""

    def entries(self) -> Iterator[Entry]:
        return self._own(self.scope.content.bin.of_site(self.scope.site.id))


class Found(RecycleBin):
    """What a question found in a bin."""

    def __init__(self, scope: Scope, found: list[Entry]) -> None:
        super().__init__(scope)
        self.found = found

    def entries(self) -> Iterator[Entry]:
        return iter(self.found)


def query_bin(bin_: RecycleBin, call: Call) -> RecycleBin:
    """``GetRecycleBinItems``: a page of a bin (order 0 title, 1 where, 2 when, 3 who; state 1 or 2, 0 or 3 both)."""
    given = call.record("query") if "query" in {name.lower() for name in call.body} else dict(call.body)
    low = {name.lower(): value for name, value in given.items()}
    state = whole(low.get("itemstate") or call.value("itemState", 4, default=0), "itemState")
    limit = whole(low.get("rowlimit") or call.value("rowLimit", 1, default=0), "rowLimit")
    order = whole(low.get("orderby") or call.value("orderBy", 3, default=2), "orderBy")
    ascending = bool(low.get("isascending", call.value("isAscending", 2, default=False)))
    found = [each for each in bin_.entries() if state in (0, 3, each.stage)]
    keys = {0: lambda each: fold(each.leaf), 1: lambda each: fold(each.dir), 3: lambda each: each.by}
    found.sort(key=keys.get(order, lambda each: (each.deleted, each.id)), reverse=not ascending)
    return Found(bin_.scope, found[:limit] if limit else found)


def put_list(scope: Scope, row: Entity) -> str:
    """Put a list into the recycle bin; gives its id there."""
    root = scope.content.root(row.id)
    size = scope.content.total_size(root) if root else 0
    address = f"{scope.web_path}/{row.name}"
    scope.store.recycle(row, at=scope.now)
    return scope.content.bin.add(LIST, row.id, row.parent, by=scope.claims.login, address=address, size=size)


def put_web(scope: Scope, row: Entity) -> str:
    """Put a web that is not a root web into the recycle bin of the web above; gives its id there."""
    above = scope.store.find("web", row.parent, row.name.rpartition("/")[0] or "/") or row
    scope.store.recycle(row, at=scope.now)
    return scope.content.bin.add(WEB, row.id, above.id, by=scope.claims.login, address=row.name)


def _place_missing() -> ODataError:
    return ODataError(
        404, f"-2130575338, {SP_EXCEPTION}", "The original location of this item no longer exists, or the item "
        "that held it was deleted. To restore this item, first restore what held it.",
    )  # fmt: skip


def _place_taken(entry: Entry) -> ODataError:
    kind = "list" if entry.kind == LIST else "file or folder"
    return ODataError(
        400,
        f"-2130575257, {SP_EXCEPTION}",
        f'A {kind} with this name "{entry.leaf}" already exists. To restore it, rename the existing one and try again.',
    )


__all__ = ["FIRST", "Found", "RecycleBin", "RecycleBinItem", "SiteRecycleBin", "put_list", "put_web", "query_bin"]
