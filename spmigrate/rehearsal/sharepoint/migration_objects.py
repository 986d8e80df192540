"""Importing the objects of a migration package one by one: folders, files with their versions, list items.

Source: "XML manifest files" and "Preparing the content for Migration API" (sp-dev-docs). Ids of the package are used
literally; a file that is there already, by id or by name, is replaced with all its versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from spmigrate.rehearsal.blobs import Blob
from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.content import Conflict, Item, Refusal, Version
from spmigrate.rehearsal.migration_content import need_blob, take
from spmigrate.rehearsal.migration_package import Node, PackageObject, PackageProblem, guid
from spmigrate.rehearsal.sharepoint.migration_fields import read_fields
from spmigrate.rehearsal.sharepoint.migration_people import PackagePeople
from spmigrate.rehearsal.sharepoint.migration_rows import Rows
from spmigrate.rehearsal.sharepoint.principals import SYSTEM_ACCOUNT
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.versioning import MAJOR

_CODES = {
    "nameAlreadyExists": -2147024713, "invalidName": -2130245363, "pathTooLong": -2147024690,
    "resourceLocked": -2147018894, "itemNotFound": -2147024894,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What the import of one object made: files, versions and bytes, and the item."""

    files: int = 0
    versions: int = 0
    size: int = 0
    current: int = 0
    item: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a package's content lies, and the key to it; of each file that came in an archive address, size, hash."""

    container: int
    key: bytes | None
    archived: Mapping[str, tuple[str, int, str]] = field(default_factory=dict)


class Importer:
    """Imports objects into one web."""

    def __init__(self, scope: Scope, source: Source, people: PackagePeople, rows: Rows) -> None:
        self._scope = scope
        self._content = scope.content
        self._source = source
        self._people = people
        self._rows = rows

    def run(self, found: PackageObject) -> Done:
        """Import one object; a `PackageProblem` says why it can't be."""
        handlers: Mapping[str, Callable[[PackageObject], Done]] = {
            "SPFolder": self._add_folder, "SPDocumentLibrary": self._library, "SPList": self._library,
            "SPFile": self._add_file, "SPListItem": self._add_item,
        }  # fmt: skip
        handler = handlers.get(found.kind)
        if handler is None:
            raise PackageProblem(f"The rehearsal tenant does not import objects of type {found.kind}.")
        try:
            return handler(found)
        except Refusal as refusal:
            raise PackageProblem(refusal.message, code=_CODES.get(refusal.code, -2130575245)) from None
        except ValueError as problem:
            raise PackageProblem(str(problem), error="System.FormatException", code=-2146233033) from None

    # -- places

    def list_of(self, identity: str) -> Entity:
        """The target list; ids of lists are the target's own."""
        found = self._scope.store.get("list", guid(identity), parent=self._scope.web.id) if identity else None
        if found is None:
            raise PackageProblem(f"List with id '{identity}' does not exist in the target web.", code=-2130575322)
        return found

    def find(self, identity: str) -> Item | None:
        """What an object of the package has become, or what has its id already."""
        kept = self._rows.item(guid(identity))
        return self._content.item(kept) if kept else self._by_id(identity)

    def _folder(self, identity: str, listing: Entity, url: str) -> Item:
        """The folder with a package's id, or the one in which an address lies."""
        item = self.find(identity) if identity else None
        if item is not None and item.folder:
            return item
        root = self._content.root(listing.id)
        assert root is not None
        below = self._below(listing, url)
        above = self._content.resolve(root, below.rpartition("/")[0])
        if below and above is not None and above.folder:
            return above
        raise PackageProblem(f"The parent folder of '{url}' could not be found.", code=-2147024893)

    def _below(self, listing: Entity, url: str) -> str:
        """An address of the package, which is relative to the web or to the server, below the list's root folder."""
        path = url.strip("/")
        web = self._scope.web_path.strip("/")
        for start in (f"{web}/{listing.name}".strip("/"), listing.name):
            if path.lower() == start.lower():
                return ""
            if path.lower().startswith(start.lower() + "/"):
                return path[len(start) + 1 :]
        return ""

    def _by_id(self, identity: str) -> Item | None:
        """The living item of this site collection with an id; refuses one that lies in the recycle bin."""
        if not identity:
            return None
        rows = self._content.many("guid = ?", guid(identity))
        own = [each for each in rows if self._content.site_of(each.list) == self._scope.site.id]
        living = next((each for each in own if not each.bin), None)
        if living is None and any(each.bin > 0 for each in own):
            raise PackageProblem(f"An item with the id {identity} is in the recycle bin.", code=-2147023729)
        return living

    # -- kinds

    def _library(self, found: PackageObject) -> Done:
        self.list_of(found.node.get("Id") or found.id)
        return Done()

    def _add_folder(self, found: PackageObject) -> Done:
        node, url = found.node, found.node.get("Url")
        listing = self._holder(node)
        root = self._content.root(listing.id)
        assert root is not None
        below = self._below(listing, url)
        if not below:
            return Done(item=root.id)
        existing = self._by_id(found.id)
        parent = self._folder(node.get("ParentFolderId"), listing, url)
        name = below.rpartition("/")[2]
        if existing is None:
            there = self._content.child(parent, name)
            made = there or self._content.add_folder(parent, name, by=SYSTEM_ACCOUNT)
            kept = made if there else replace(made, guid=found.id)
        else:
            kept = self._put_at(existing, parent, name)
        return Done(item=self._content.implant(replace(kept, **self._marks(node, kept))).id)

    def _holder(self, node: Node) -> Entity:
        """The list of a folder: the one it names, or the one whose root folder its address begins with."""
        named = node.get("ContainingDocumentLibrary") or node.get("ParentListId") or node.get("ListId")
        if named:
            return self.list_of(named)
        path = node.get("Url").strip("/")
        web = self._scope.web_path.strip("/")
        path = path[len(web) + 1 :] if web and path.lower().startswith(web.lower() + "/") else path
        parts = path.split("/")
        for count in (1, 2):
            row = self._scope.store.find("list", self._scope.web.id, "/".join(parts[:count]))
            if row is not None:
                return row
        raise PackageProblem(f"No list of the target web holds '{node.get('Url')}'.", code=-2130575322)

    def _add_file(self, found: PackageObject) -> Done:
        node = found.node
        described = self._rows.description(found.id)
        if described is None:
            # Seen on a real tenant by the authors of office365-rest-python-client 3.3.0: a file without a list item
            # is passed over without a word.
            return Done()
        listing = self.list_of(node.get("ListId"))
        states = node.all("Versions", "File") or [node]
        history = [self._state(each, node) for each in states]
        marks = self._marks(history[-1][0], None, node, described)
        fields = read_fields(self._scope, listing, described, self._people)
        item = self._place_file(found, listing, history[-1][1])
        number = int(node.get("ListItemIntId") or described.get("IntId") or 0)
        marks["list_item"] = self._free_number(item, number)
        last = history[-1]
        whole = replace(
            item, **marks, guid=found.id, blob=last[1].address, size=last[1].size, hash=last[1].hash,
            version=_version(last[0]), fields=fields, ctag=item.ctag + 1,
        )  # fmt: skip
        for old in self._content.versions(item):
            self._content.delete_version(item, old.number)
        saved = self._content.implant(whole, [self._old(whole, each, blob, node) for each, blob in history[:-1]])
        total = sum(blob.size for _, blob in history)
        return Done(files=1, versions=len(history), size=total, current=last[1].size, item=saved.id)

    def _state(self, state: Node, whole: Node) -> tuple[Node, Blob]:
        name = state.get("FileValue")
        if not name:
            raise PackageProblem(f"The file '{whole.get('Url')}' has no FileValue.")
        if name in self._source.archived:
            return state, Blob(*self._source.archived[name])
        containers = self._scope.tenant.azure.containers
        return state, take(
            containers, need_blob(containers, self._source.container, name, snapshot=True), self._source.key
        )

    def _place_file(self, found: PackageObject, listing: Entity, blob: Blob) -> Item:
        """The row that the file will be: the one with its id, wherever that is in its list, or a new one."""
        node = found.node
        existing = self._by_id(found.id)
        parent = self._folder(node.get("ParentId"), listing, node.get("Url"))
        # The library that packs for office365-rest-python-client writes the whole path into Name.
        name = (self._below(listing, node.get("Url")) or node.get("Name")).rpartition("/")[2]
        if existing is not None and not existing.folder:
            return existing if existing.list != parent.list else self._put_at(existing, parent, name)
        there = self._content.child(parent, name)
        if there is not None:
            if there.folder:
                raise Refusal("nameAlreadyExists", f"A folder with the name {name} already exists.")
            self._content.purge(there)
        return self._content.add_file(parent, name, blob, by=SYSTEM_ACCOUNT)

    def _put_at(self, item: Item, parent: Item, name: str) -> Item:
        if item.parent == parent.id and item.name == name:
            return item
        taken = self._content.child(parent, name)
        if taken is not None and taken.id != item.id and not taken.folder:
            self._content.purge(taken)
        return self._content.move(item, by=item.editor, parent=parent, name=name, conflict=Conflict.FAIL)

    def _old(self, item: Item, state: Node, blob: Blob, whole: Node) -> Version:
        marks = self._marks(state, None, whole)
        return Version(
            item.id, _version(state), blob.size, blob.hash, blob.address, str(marks.get("modified", item.modified)),
            str(marks.get("editor", item.editor)), item.fields,
        )  # fmt: skip

    def _add_item(self, found: PackageObject) -> Done:
        node = found.node
        if found.document and node.get("DocType") != "Folder":
            return Done(item=self._rows.item(found.document))
        if node.all("Attachments", "Attachment"):
            raise PackageProblem("The rehearsal tenant does not import attachments of list items.")
        listing = self.list_of(node.get("ParentListId") or node.get("ListId"))
        if node.get("DocType") == "Folder":
            return self._describe_folder(node, listing)
        root = self._content.root(listing.id)
        assert root is not None
        existing = self._by_id(found.id)
        number = int(node.get("IntId") or 0)
        fields = read_fields(self._scope, listing, node, self._people)
        item = existing or self._content.add_item(root, by=SYSTEM_ACCOUNT, fields=fields)
        number = self._free_number(item, number)
        name = item.name if number == item.list_item else f"{number}_.000"
        older = [
            Version(item.id, _version(each), 0, "", "", normal_time(each.get("TimeLastModified") or item.modified),
                    self._people.login(each.get("ModifiedBy")) or SYSTEM_ACCOUNT,
                    read_fields(self._scope, listing, each, self._people))
            for each in node.all("Versions", "ListItem")[:-1]
        ]  # fmt: skip
        last = node.all("Versions", "ListItem")[-1:] or [node]
        marks = {**self._marks(node, item), "guid": found.id, "list_item": number, "name": name}
        if last[0] is not node:
            fields = read_fields(self._scope, listing, last[0], self._people)
        for old in self._content.versions(item):
            self._content.delete_version(item, old.number)
        saved = self._content.implant(replace(item, **marks, fields=fields, version=_version(last[0])), older)
        return Done(item=saved.id, versions=len(older) + 1)

    def _describe_folder(self, node: Node, listing: Entity) -> Done:
        root = self._content.root(listing.id)
        below = self._below(listing, node.get("FileUrl") or node.get("Url"))
        folder = self._content.resolve(root, below) if root else None
        if folder is None:
            raise PackageProblem(f"The folder '{node.get('FileUrl')}' could not be found.", code=-2147024894)
        fields = read_fields(self._scope, listing, node, self._people)
        marks = self._marks(node, folder)
        marks["list_item"] = self._free_number(folder, int(node.get("IntId") or 0))
        return Done(item=self._content.implant(replace(folder, **marks, fields={**folder.fields, **fields})).id)

    def _free_number(self, item: Item, wanted: int) -> int:
        """A list item number of the package is kept where nothing else has it."""
        if wanted <= 0 or wanted == item.list_item:
            return item.list_item
        taken = self._content.one("list = ? AND list_item = ?", item.list, wanted)
        return item.list_item if taken is not None else wanted

    def _marks(self, *nodes: Any) -> dict[str, Any]:
        """People and dates: of each the first element that says it."""
        given = [node for node in nodes if isinstance(node, Node)]
        marks: dict[str, Any] = {}
        for name, attribute in (("created", "TimeCreated"), ("modified", "TimeLastModified")):
            text = _first(given, attribute)
            if text:
                marks[name] = normal_time(text)
        for name, attribute in (("author", "Author"), ("editor", "ModifiedBy")):
            number = _first(given, attribute)
            if number:
                marks[name] = self._people.login(number) or SYSTEM_ACCOUNT
        return marks


def _first(nodes: list[Node], attribute: str) -> str:
    return next((node.get(attribute) for node in nodes if node.get(attribute)), "")


def _version(node: Node) -> int:
    major, _, minor = (node.get("Version") or "1.0").partition(".")
    if not major.isdecimal() or (minor and not minor.isdecimal()):
        raise PackageProblem(f"The version '{node.get('Version')}' is not valid.", error="System.FormatException")
    return int(major) * MAJOR + int(minor or 0)
