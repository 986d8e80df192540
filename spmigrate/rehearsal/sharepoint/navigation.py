"""Navigation: quick launch, top bar, and their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, not_opened, unknown_property
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, Stored, action, computed, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUIDS, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

QUICK_LAUNCH, TOP_BAR = 1025, 1002
# Source: Microsoft's limits for navigation (500 links at a level; audiences per link).
MAX_NODES, MAX_AUDIENCES = 500, 10
_FIRST_NODE = 2000
# What a body that makes a node may hold: properties of the node and of its creation information.
_GIVEN = frozenset({
    "Title", "Url", "IsExternal", "IsVisible", "AsLastNode", "PreviousNode", "AudienceIds", "CurrentLCID", "Id",
    "IsDocLib", "ListTemplateType",
})  # fmt: skip


class Node(Stored):
    """A link of the navigation."""

    type = "SP.NavigationNode"
    feed = "NavigationNodes"
    declared = table(
        group(TEXT, "", "Title Url", writable=True),
        group(BOOLEAN, False, "IsDocLib"),
        group(BOOLEAN, False, "IsExternal"),
        group(BOOLEAN, True, "IsVisible", writable=True),
        group(INT, 0, "Id ListTemplateType"),
        group(INT, 1033, "CurrentLCID"),
        group(GUIDS, None, "AudienceIds", writable=True),
    )

    @property
    def path(self) -> str:
        return f"Web/Navigation/GetNodeById({self.entity.name})"

    @computed("Id")
    def _id(self) -> int:
        return int(self.entity.name)

    @link("Children")
    def children(self) -> Nodes:
        """The links below this one."""
        return Nodes(self.scope, int(self.entity.name))

    def save(self, patch: Mapping[str, Any]) -> None:
        refuse_audiences(patch)
        super().save(patch)

    def delete(self) -> None:
        for child in self.children().all():
            child.delete()
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove the link and those below it."""
        self.delete()

    @action("Update")
    def update(self, _call: Call) -> None:
        """Keep what was set (nothing is pending over REST)."""


class Nodes(Collection):
    """The links at one level."""

    feed = "NavigationNodes"
    element = Node

    def __init__(self, scope: Scope, parent: int) -> None:
        super().__init__(scope)
        self.parent = parent

    def all(self) -> list[Node]:
        rows = [row for row in every_node(self.scope) if row.props.get("_Parent") == self.parent]
        rows.sort(key=lambda row: row.props.get("_Order", 0))
        return [Node(self.scope, row) for row in rows]

    def by_key(self, key: object) -> Node | None:
        return next((each for each in self.all() if each.entity.name == str(key)), None)

    @function("GetById")
    def get_by_id(self, call: Call) -> Node | None:
        """A link by number; a missing one is null."""
        return self.by_key(call.number("id", 0))

    @function("GetByIndex")
    def get_by_index(self, call: Call) -> Node:
        """A link by place."""
        every, index = self.all(), call.number("index", 0)
        if not 0 <= index < len(every):
            raise bad_argument("Specified argument was out of the range of valid values.\r\nParameter name: index")
        return every[index]

    @action("MoveAfter")
    def move_after(self, call: Call) -> None:
        """Put a link behind another one, or first when that one is 0."""
        moved, previous = call.number("nodeId", 0), call.number("previousNodeId", 1, default=0)
        order = [each.entity for each in self.all() if each.entity.name != str(moved)]
        found = next((each.entity for each in self.all() if each.entity.name == str(moved)), None)
        if found is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: nodeId")
        names = [row.name for row in order]
        order.insert(names.index(str(previous)) + 1 if str(previous) in names else 0, found)
        for place, row in enumerate(order):
            self.scope.store.update(row, {"_Order": place}, at=self.scope.now)

    @action("Add")
    def add(self, call: Call) -> Node:
        """Add a link."""
        return self._add(call)

    def create(self, call: Call) -> Node:
        return self._add(call)

    def _add(self, call: Call) -> Node:
        given = call.record("parameters")
        for name in given:
            if name not in _GIVEN:
                raise unknown_property(name, "SP.NavigationNode")
        title, url = str(given.get("Title") or ""), str(given.get("Url") or "")
        if not title:
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        if not url:
            raise bad_argument("Value cannot be null.\r\nParameter name: Url")
        if not url.startswith("/") and ":" not in url:
            raise not_opened(url)
        siblings = self.all()
        if len(siblings) >= MAX_NODES:
            raise bad_argument(f"The navigation can't hold more than {MAX_NODES} links.")
        refuse_audiences(given)
        last = bool(given.get("AsLastNode", True))
        order = len(siblings) if last else -1
        props = {
            "Title": title,
            "Url": url,
            "IsExternal": bool(given.get("IsExternal", url.startswith("http"))),
            "IsVisible": bool(given.get("IsVisible", True)),
            "AudienceIds": given.get("AudienceIds"),
            "_Parent": self.parent,
            "_Order": order,
        }
        return Node(self.scope, add_node(self.scope, props))


class Navigation(Resource):
    """The web's navigation."""

    type = "SP.Navigation"
    feed = "Navigations"
    declared = table(group(BOOLEAN, False, "UseShared", writable=True))

    @property
    def path(self) -> str:
        return "Web/Navigation"

    def stored(self) -> Mapping[str, Any]:
        return self.scope.web.props.get("_Navigation", {})  # type: ignore[no-any-return]  # JSON of our own

    def save(self, patch: Mapping[str, Any]) -> None:
        self.scope.store.update(self.scope.web, {"_Navigation": dict(patch)}, at=self.scope.now)

    @link("QuickLaunch")
    def quick_launch(self) -> Nodes:
        """The links at the side."""
        return Nodes(self.scope, QUICK_LAUNCH)

    @link("TopNavigationBar")
    def top_navigation_bar(self) -> Nodes:
        """The links at the top; on a hub, its navigation."""
        return Nodes(self.scope, TOP_BAR)

    @function("GetNodeById")
    def get_node_by_id(self, call: Call) -> Node | None:
        """A link by number; a missing one is null, not an error."""
        return find_node(self.scope, call.number("id", 0))


def every_node(scope: Scope) -> list[Entity]:
    """All links of the web."""
    return scope.store.children(scope.web.id, "navnode")


def find_node(scope: Scope, number: int) -> Node | None:
    """A link of the web by number."""
    row = scope.store.find("navnode", scope.web.id, str(number))
    return None if row is None else Node(scope, row)


def add_node(scope: Scope, props: Mapping[str, Any]) -> Entity:
    """Add a link under the next free number."""
    number = max([_FIRST_NODE, *(int(row.name) for row in every_node(scope))]) + 1
    return scope.store.insert("navnode", str(number), at=scope.now, parent=scope.web.id, props=props)


def refuse_audiences(props: Mapping[str, Any]) -> None:
    """Refuse more audiences than a link can have."""
    if len(props.get("AudienceIds") or []) > MAX_AUDIENCES:
        raise bad_argument(f"A link can't have more than {MAX_AUDIENCES} audiences.")
