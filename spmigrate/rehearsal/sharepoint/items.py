"""List items: their columns as properties, and ``ValidateUpdateListItem``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from spmigrate.rehearsal.content import Item, Times
from spmigrate.rehearsal.odata.errors import item_missing, item_needs_file, over_threshold, unknown_property
from spmigrate.rehearsal.odata.filters import matches, paths_of
from spmigrate.rehearsal.odata.options import Options
from spmigrate.rehearsal.sharepoint import files, folder_tree, folders, lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.content_types import ContentType, ContentTypes
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.form_values import apply_form_values
from spmigrate.rehearsal.sharepoint.item_columns import ItemColumns, item_columns
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.people import User, ensure_user, principal
from spmigrate.rehearsal.sharepoint.properties import Property, Table, plain
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues
from spmigrate.rehearsal.sharepoint.removal import Removable
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.shaping import read_path
from spmigrate.rehearsal.storage import Entity

PAGE = 100
# Source: the list view threshold, from which SharePoint refuses queries without an index.
THRESHOLD = 5000


class ListItem(Removable):
    """An item of a list, or a file or folder of a library seen as one."""

    feed = "Items"
    write_level = Level.WRITE

    def __init__(self, scope: Scope, owner: Entity, item: Item, columns: ItemColumns | None = None) -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item
        self._columns = columns

    @property
    def columns(self) -> ItemColumns:
        """The list's columns, worked out once."""
        if self._columns is None:
            self._columns = item_columns(self.owner, defined_fields(self.scope, self.owner))
        return self._columns

    @property
    def entity_type(self) -> str:
        return item_type(self.owner)

    @property
    def path(self) -> str:
        return f"Web/Lists(guid'{self.owner.guid}')/Items({self.item.list_item})"

    @property
    def etag(self) -> str | None:
        return f'"{self.item.guid},{self.item.etag}"'

    def table(self) -> Table:
        return self.columns.table

    def read(self, declared: Property) -> object:
        return declared.wrap(self._value(declared.name))

    def _value(self, name: str) -> Any:
        item = self.item
        if name in ("AuthorId", "EditorId"):
            login = item.author if name == "AuthorId" else item.editor
            return ensure_user(self.scope, login).props["Id"]
        known = {
            "Id": item.list_item, "ID": item.list_item, "GUID": item.guid, "UniqueId": item.guid,
            "Created": item.created, "Modified": item.modified, "FileSystemObjectType": int(item.folder),
            "OData__UIVersionString": item.version_label, "FileLeafRef": item.name, "Attachments": False,
        }  # fmt: skip
        if name in known:
            return known[name]
        if name in ("FileRef", "FileDirRef", "EncodedAbsUrl"):
            address = folder_tree.address_of(self.scope, item)
            above = address.rpartition("/")[0]
            return {"FileRef": address, "FileDirRef": above}.get(name, f"https://{self.scope.host}{address}")
        if name == "ContentTypeId":
            return item.fields.get("ContentTypeId") or self._default_type()
        column = self.columns.keys.get(name, name)
        return item.fields.get(column, self.columns.table[name.lower()].default)

    def _default_type(self) -> str:
        types = ContentTypes(self.scope, self.owner, "").all()
        wanted = "0x0120" if self.item.folder else ""
        found = [each.id for each in types if each.id.startswith("0x0120") == bool(wanted)]
        return found[0] if found else "0x01"

    @link("File")
    def file(self) -> files.File | None:
        """The item's file."""
        return files.File(self.scope, self.owner, self.item) if self.item.file else None

    @link("Folder")
    def folder(self) -> folders.Folder | None:
        """The item's folder."""
        return folders.Folder(self.scope, self.owner, self.item) if self.item.folder else None

    @link("ParentList")
    def parent_list(self) -> Resource:
        """The list."""
        return lists.List(self.scope, self.owner)

    @link("ContentType")
    def content_type(self) -> ContentType | None:
        """The content type."""
        types = ContentTypes(self.scope, self.owner, f"Web/Lists(guid'{self.owner.guid}')")
        return types.find(str(self._value("ContentTypeId")))

    @link("Author")
    def author(self) -> User:
        """Who made it."""
        return User(self.scope, ensure_user(self.scope, self.item.author))

    @link("Editor")
    def editor(self) -> User:
        """Who changed it last."""
        return User(self.scope, ensure_user(self.scope, self.item.editor))

    @link("FieldValuesAsText")
    def values_as_text(self) -> Resource:
        """Every value as text."""
        values = {each.name: _as_text(self._value(each.name)) for each in self.table().values()}
        return PropertyValues(self.scope, f"{self.path}/FieldValuesAsText", values)

    def read_body(self, body: Mapping[str, Any], *, creating: bool = False) -> dict[str, Any]:
        patch: dict[str, Any] = {}
        for name, value in body.items():
            if name == "__metadata" or "odata." in name or "@odata" in name:
                continue
            declared = self.table().get(name.lower())
            if declared is None or declared.name != name:
                raise unknown_property(name, self.entity_type)
            if declared.writable or (creating and name == "ContentTypeId"):
                patch[self.columns.keys.get(name, name)] = declared.read(value)
        return patch

    def save(self, patch: Mapping[str, Any]) -> None:
        self._write(patch, keep_version=False)

    def _write(self, patch: Mapping[str, Any], *, keep_version: bool) -> None:
        fields = dict(patch)
        times = Times(fields.pop("Created", None), fields.pop("Modified", None))
        author = self._login(fields.pop("Author", None))
        editor = self._login(fields.pop("Editor", None))
        name = fields.pop("FileLeafRef", None)
        if name and name != self.item.name:
            self.item = self.scope.content.move(self.item, by=self.scope.claims.login, name=str(name))
        self.item = self.scope.content.write(
            self.item,
            by=editor or self.scope.claims.login,
            times=times,
            fields=fields,
            keep_version=keep_version,
            author=author,
        )

    def _login(self, number: Any) -> str | None:
        if isinstance(number, str):
            return number
        row = principal(self.scope, int(number)) if number else None
        return row.name if row else None

    @action("SystemUpdate")
    def system_update(self, _call: Call) -> None:
        """Keep what was set without a new version (nothing is pending over REST)."""

    @action("ValidateUpdateListItem")
    def validate_update_list_item(self, call: Call) -> object:
        """Set columns as a form does; each gets its own result, and one that fails cancels all."""
        values = [dict(each) for each in plain(call.value("formValues", 0)) or []]
        quiet = call.flag("bNewDocumentUpdate", 1, default=False)
        utc = call.flag("datesInUTC", default=False)
        outcome = apply_form_values(self, values, utc=utc)
        if outcome.patch is not None:
            self._write(outcome.patch, keep_version=quiet)
        return outcome.results


class Items(Collection):
    """The items of a list."""

    feed = "Items"
    element = ListItem
    write_level = Level.WRITE

    def __init__(self, scope: Scope, owner: Entity) -> None:
        super().__init__(scope)
        self.owner = owner
        self.columns = item_columns(owner, defined_fields(scope, owner))

    def all(self) -> list[ListItem]:
        return [self._wrap(each) for each in self.scope.content.items(self.owner.id)]

    def has(self, name: str) -> bool:
        return name in self.columns.table or ListItem.has_link(name)

    def _wrap(self, item: Item) -> ListItem:
        return ListItem(self.scope, self.owner, item, self.columns)

    def page(self, options: Options) -> tuple[list[ListItem], str | None] | None:
        """A page by item id, so that a large list is never read whole; sorted or filtered ones are bounded."""
        top = options.top or PAGE
        after = int(options.skiptoken.get("p_ID", "0") or 0)
        if options.filter is None and not options.orderby:
            rows = self.scope.content.items(self.owner.id, after=after, limit=top + 1)
            return [self._wrap(each) for each in rows[:top]], _token(rows, top)
        if self.scope.content.count_items(self.owner.id) > THRESHOLD and not self._indexed(options):
            raise over_threshold()
        if options.orderby or options.filter is None:
            return None
        expression = options.filter
        found = [
            each.item
            for each in map(self._wrap, self.scope.content.items(self.owner.id, after=after))
            if matches(expression, partial(read_path, each))
        ]
        return [self._wrap(each) for each in found[:top]], _token(found, top)

    def _indexed(self, options: Options) -> bool:
        names = paths_of(options.filter) if options.filter else {name for name, _ in options.orderby}
        always = {"id", "modified", "created", "fileleafref"}
        indexed = {each.lower() for each in self.columns.indexed}
        return any(name.lower() in always | indexed for name in names)

    def by_key(self, key: object) -> ListItem:
        found = None
        if str(key).isdigit():
            found = self.scope.content.by_number(self.owner.id, int(str(key)))
        if found is None:
            raise item_missing()
        return self._wrap(found)

    @function("GetById")
    def get_by_id(self, call: Call) -> ListItem:
        """An item by number."""
        return self.by_key(call.value("itemId", 0))

    def create(self, call: Call) -> ListItem:
        """A new item of a list; a library refuses one without a file."""
        if self.owner.props.get("BaseType") == 1:
            raise item_needs_file()
        root = self.scope.content.root(self.owner.id)
        if root is None:
            raise item_missing()
        by = self.scope.claims.login
        blank = self._wrap(root)
        patch = blank.read_body(call.record("parameters"), creating=True)
        defaults = {name: value for name, value in self.columns.defaults.items() if name not in patch}
        times = Times(patch.pop("Created", None), patch.pop("Modified", None))
        made = self.scope.content.add_item(root, by=by, fields={**defaults, **patch}, times=times)
        return self._wrap(made)


def item_type(owner: Entity) -> str:
    """The entity type of a list's items: ``SP.Data.TasksListItem``."""
    return f"SP.Data.{entity_type_name(owner)}Item"


def entity_type_name(owner: Entity) -> str:
    """The list's name in type names: ``TasksList``, ``Shared_x0020_Documents``."""
    leaf = owner.name.rpartition("/")[2]
    encoded = "".join(each if each.isalnum() else f"_x{ord(each):04x}_" for each in leaf)
    return encoded if owner.props.get("BaseType") == 1 else f"{encoded}List"


def _token(rows: list[Item], top: int) -> str | None:
    return f"Paged=TRUE&p_ID={rows[top - 1].list_item}" if len(rows) > top else None


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return {True: "Yes", False: "No", None: ""}.get(value, str(value))  # type: ignore[call-overload, no-any-return]
