"""List items: their columns as properties, and the collection of a list's items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from spmigrate.rehearsal.content import Item, Times
from spmigrate.rehearsal.odata.errors import item_missing, item_needs_file, unknown_property, unknown_selection
from spmigrate.rehearsal.odata.filters import evaluate, operators_of, paths_of
from spmigrate.rehearsal.odata.options import Options, Shape
from spmigrate.rehearsal.sharepoint import files, folders, item_filters, lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.content_types import ContentType, ContentTypes
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.item_calls import ItemCalls
from spmigrate.rehearsal.sharepoint.item_columns import ItemColumns, item_columns, kind_of, rest_name
from spmigrate.rehearsal.sharepoint.item_query import THRESHOLD, Search, find_page
from spmigrate.rehearsal.sharepoint.item_values import ItemReader, listed, lookup_list
from spmigrate.rehearsal.sharepoint.item_versions import ItemVersions
from spmigrate.rehearsal.sharepoint.item_writes import store_form, validate
from spmigrate.rehearsal.sharepoint.lookups import UserInfo, lookup_refusal, refuse_many_lookups
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Member, Resource, function, link
from spmigrate.rehearsal.sharepoint.people import principal
from spmigrate.rehearsal.sharepoint.properties import Property, Table
from spmigrate.rehearsal.sharepoint.removal import Removable
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.shaping import read_path
from spmigrate.rehearsal.sharepoint.sharable import Sharable
from spmigrate.rehearsal.storage import Entity

__all__ = ["PAGE", "THRESHOLD", "Items", "ListItem", "columns_of", "entity_type_name", "item_type"]
PAGE = 100


def columns_of(scope: Scope, owner: Entity) -> ItemColumns:
    """The columns of a list, worked out once until something of the tenant's structure changes."""
    return scope.store.remembered(
        ("item columns", owner.id, owner.etag), lambda: item_columns(owner, defined_fields(scope, owner))
    )


class ListItem(Removable, ItemCalls, Sharable):
    """An item of a list, or a file or folder of a library seen as one."""

    feed = "Items"
    write_level = Level.WRITE

    def __init__(self, scope: Scope, owner: Entity, item: Item, columns: ItemColumns | None = None) -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item
        self._columns = columns
        self._reader: ItemReader | None = None

    def sharing(self, reader: ItemReader) -> ListItem:
        """The same item, reading with what reads the other items of the answer."""
        self._reader = reader
        return self

    @property
    def reader(self) -> ItemReader:
        """What reads the columns, made once for all items of an answer."""
        if self._reader is None:
            columns = self._columns or columns_of(self.scope, self.owner)
            self._reader = ItemReader(self.scope, self.owner, columns)
        return self._reader

    @property
    def columns(self) -> ItemColumns:
        """The list's columns."""
        return self.reader.columns

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

    def has(self, name: str) -> bool:
        return name in self.columns.lookups or super().has(name)

    def judge(self, shape: Shape) -> None:
        judge_lookups(self.columns, shape)

    def step_to(self, key: str) -> Member | None:
        column = self.columns.lookups.get(key)
        return super().step_to(key) if column is None else _lookup_member(column)

    def read(self, declared: Property) -> object:
        return (
            super().read(declared) if declared.name in self.computations else declared.wrap(self._value(declared.name))
        )

    def _value(self, name: str) -> Any:
        column = self.columns.keys.get(name, name)
        if column == "FSObjType" and name == "FileSystemObjectType":
            return int(self.item.folder)
        if column in ("CommentsDisabled", "CommentsDisabledScope"):
            return self._state(column)
        value = self.reader.raw(self.item, column)
        if value is None:
            return self.columns.table[name.lower()].default
        return self._shown(name, column, value)

    def _shown(self, name: str, column: str, value: Any) -> Any:
        kind = self.reader.kind(column)
        if column == "CheckoutUser":
            person = self.reader.person(value)
            return person.id if person else None
        if kind == "TaxonomyFieldType" and isinstance(value, Mapping):
            # As in the service: a single term's label is its number in the site, a term of several has its own.
            return {**value, "Label": str(value.get("WssId", ""))}
        if kind == "Calculated":
            return _calculated(value)
        if name.endswith("StringId") and kind.startswith("User"):
            return [str(each) for each in value] if isinstance(value, list) else str(value)
        if column == "ContentTypeId" or kind in ("Number", "Currency"):
            return value
        return value.isoformat() if hasattr(value, "isoformat") else value

    def _state(self, name: str) -> Any:
        return bool(self.item.fields.get("_CommentsDisabled")) if name == "CommentsDisabled" else 0

    def follow(self, column: str) -> Resource | list[Resource] | None:
        """The person or item that a column leads to; several when it takes several."""
        value = self.reader.raw(self.item, column)
        kind = self.reader.kind(column)
        many = kind.endswith("Multi")
        if column == "CheckoutUser" and value:
            person = self.reader.person(str(value))
            value = person.id if person else None
        if not value:
            return [] if many else None
        find = self._person if kind.startswith("User") else partial(self._target, column)
        found = [each for number in listed(value) if (each := find(int(number))) is not None]
        return found if many else (found[0] if found else None)

    def _person(self, number: int) -> Resource | None:
        row = principal(self.scope, number)
        return UserInfo(self.scope, row) if row else None

    def _target(self, column: str, number: int) -> Resource | None:
        props = self.columns.by_name[column].props
        target = lookup_list(self.scope, self.owner, str(props.get("LookupList", "")))
        item = self.scope.content.by_number(target.id, number) if target else None
        return ListItem(self.scope, target, item) if target and item else None

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
        return types.find(self.reader.content_type(self.item))

    @link("Versions")
    def versions(self) -> Collection:
        """The versions, the current one first."""
        return ItemVersions(self)

    def read_body(self, body: Mapping[str, Any], *, creating: bool = False) -> dict[str, Any]:
        patch: dict[str, Any] = {}
        for name, value in body.items():
            if name == "__metadata" or "odata." in name or "@odata" in name:
                continue
            declared = self.table().get(name) or self.table().get(name.lower())
            if declared is None or declared.name != name:
                raise unknown_property(name, self.entity_type)
            if declared.writable or (creating and name == "ContentTypeId"):
                patch[self.columns.keys.get(name, name)] = declared.read(value)
        return patch

    def save(self, patch: Mapping[str, Any]) -> None:
        self.write(patch, keep_version=False)

    def write(self, patch: Mapping[str, Any], *, keep_version: bool, quietly: bool = False) -> None:
        """Keep columns by internal name: as a new version, or with ``keep_version`` the same one; ``quietly`` leaves
        the editor and the date alone."""
        fields = store_form(self.reader, patch)
        times = Times(fields.pop("Created", None), fields.pop("Modified", None))
        author = self._login(fields.pop("Author", None))
        editor = self._login(fields.pop("Editor", None))
        name = fields.pop("FileLeafRef", None)
        if fields:
            validate(self.reader, replace(self.item, fields={**self.item.fields, **fields}), fields)
        if name and name != self.item.name:
            self.item = self.scope.content.move(self.item, by=self.scope.claims.login, name=str(name))
        if quietly:
            times = Times(times.created, times.modified or self.item.modified)
            editor = editor or self.item.editor
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


class Items(Collection):
    """The items of a list."""

    feed = "Items"
    element = ListItem
    write_level = Level.WRITE

    def __init__(self, scope: Scope, owner: Entity) -> None:
        super().__init__(scope)
        self.owner = owner
        self.columns = columns_of(scope, owner)
        self.reader = ItemReader(scope, owner, self.columns)

    def all(self) -> list[ListItem]:
        return [self.wrap(each) for each in self.scope.content.items(self.owner.id)]

    def count(self) -> int:
        return self.scope.content.count_items(self.owner.id)

    def has(self, name: str) -> bool:
        return name in self.columns.table or name in self.columns.lookups or ListItem.has_link(name)

    def judge(self, shape: Shape) -> None:
        judge_lookups(self.columns, shape)

    def wrap(self, item: Item) -> ListItem:
        """An item as a resource that shares what this collection knows."""
        return ListItem(self.scope, self.owner, item).sharing(self.reader)

    def page(self, options: Options) -> tuple[list[ListItem], str | None] | None:
        """A page by item number, or sorted; a large list is never read whole."""
        test: Callable[[Item], bool] | None = None
        named: frozenset[str] | None = None
        sql: tuple[str, tuple[object, ...]] = ("", ())
        if options.filter is not None:
            expression = options.filter
            item_filters.judge(expression)
            test = lambda item: evaluate(expression, partial(read_path, self.wrap(item))) is True  # noqa: E731
            named = frozenset(self._column(each) for each in paths_of(expression))
            sql = item_filters.narrowing(expression, self.columns)
        search = Search(
            limit=min(options.top or PAGE, THRESHOLD),
            test=test,
            named=named,
            either=options.filter is not None and "or" in operators_of(options.filter),
            orders=tuple((self._column(name), descending) for name, descending in options.orderby),
            position=options.skiptoken or None,
            sql=sql,
        )
        found = find_page(self.reader, search)
        return [self.wrap(each) for each in found.items], found.next

    def _column(self, path: str) -> str:
        head = path.partition("/")[0].lower()
        if head in self.columns.lookups:
            return self.columns.lookups[head]
        declared = self.columns.table.get(head)
        if declared is None:
            raise unknown_selection(path)
        return self.columns.keys.get(declared.name, declared.name)

    def by_key(self, key: object) -> ListItem:
        found = None
        if str(key).isdecimal():
            found = self.scope.content.by_number(self.owner.id, int(str(key)))
        if found is None or found.list_item == 0:
            raise item_missing()
        return self.wrap(found)

    @function("GetById")
    def get_by_id(self, call: Call) -> ListItem:
        """An item by number."""
        return self.by_key(call.value("itemId", 0))

    @function("GetByStringId")
    def get_by_string_id(self, call: Call) -> ListItem:
        """An item by number given as text, as for items of external lists."""
        return self.by_key(call.value("sId", 0))

    def create(self, call: Call) -> ListItem:
        """A new item of a list; a library refuses one without a file."""
        if self.owner.props.get("BaseType") == 1:
            raise item_needs_file()
        root = self.scope.content.root(self.owner.id)
        if root is None:
            raise item_missing()
        patch = self.wrap(root).read_body(call.record("parameters"), creating=True)
        return self.wrap(self.add(root, patch))

    def add(self, parent: Item, patch: Mapping[str, Any]) -> Item:
        """Add an item with columns by internal name to a folder, defaults filled in."""
        by = self.scope.claims.login
        fields = {
            **{name: value for name, value in self.columns.defaults.items() if name not in patch},
            **store_form(self.reader, patch),
        }
        fields = {name: value for name, value in fields.items() if value is not None}
        times = Times(fields.pop("Created", None), fields.pop("Modified", None))
        people = {name: fields.pop(name, None) for name in ("Author", "Editor")}
        fields.pop("FileLeafRef", None)
        draft = replace(parent, list_item=0, fields=fields, folder=False)
        validate(self.reader, draft, fields)
        made = self.scope.content.add_item(parent, by=by, fields=fields, times=times)
        if any(people.values()):
            logins = {name: self._login(number) for name, number in people.items()}
            made = self.scope.content.write(
                made,
                by=logins["Editor"] or by,
                author=logins["Author"],
                keep_version=True,
                times=Times(made.created, made.modified),
            )
        return made

    def _login(self, number: Any) -> str | None:
        if isinstance(number, str):
            return number
        person = self.reader.person(int(number)) if number else None
        return person.login if person else None


def judge_lookups(columns: ItemColumns, shape: Shape) -> None:
    """Refuse a person or item that is expanded without its columns named, or named without being expanded, and more
    lookups than one query may have."""
    refuse_many_lookups(columns.lookups, shape.expanded)
    for name in (*shape.select, *shape.expanded):
        column = columns.lookups.get(name)
        if column is None:
            if name in shape.nested and name not in (*shape.expanded, *columns.table) and not ListItem.has_link(name):
                raise unknown_selection(shape.spelling(name))
            continue
        inner = shape.inner(name)
        if name not in shape.expanded or not inner.select:
            known = next(
                (UserInfo.declared[each].name for each in sorted(inner.select) if each in UserInfo.declared), ""
            )
            wanted = known or next(iter(sorted(inner.select)), "")
            raise lookup_refusal(rest_name(column), wanted)
        if kind_of(columns.by_name[column].props).startswith("User"):
            for part in sorted(inner.select):
                if part not in UserInfo.declared:
                    raise lookup_refusal(rest_name(column), inner.spelling(part))


def _lookup_member(column: str) -> Member:
    return Member(rest_name(column), "link", lambda resource: resource.follow(column))


def _calculated(value: Any) -> Any:
    if isinstance(value, float):
        digits = len(str(abs(int(value))))
        return f"{value:.{max(15 - digits, 0)}f}"
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else value


def item_type(owner: Entity) -> str:
    """The entity type of a list's items: ``SP.Data.TasksListItem``."""
    return f"SP.Data.{entity_type_name(owner)}Item"


def entity_type_name(owner: Entity) -> str:
    """The list's name in type names: ``TasksList``, ``Shared_x0020_Documents``."""
    leaf = owner.name.rpartition("/")[2]
    encoded = "".join(each if each.isalnum() else f"_x{ord(each):04x}_" for each in leaf)
    encoded = encoded[:1].upper() + encoded[1:]
    return encoded if owner.props.get("BaseType") == 1 else f"{encoded}List"
