"""``SP.RelatedItemManager``: links between items of lists."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, item_missing
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_tree, lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, as_guid, function
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_MANAGER = "SP.RelatedItemManager"
_LINKS = "_Related"
# Source: the reference of GetPageOneRelatedItems: a page shows so many.
_PAGE_ONE = 30
Place = tuple[Scope, Entity, Item]


class RelatedItemCalls(Node):
    """Static methods of ``SP.RelatedItemManager``."""

    @function(f"{_MANAGER}.GetRelatedItems")
    def related(self, call: Call) -> Bag:
        """What an item is linked to."""
        return _shown(self.scope, _source(self.scope, call))

    @function(f"{_MANAGER}.GetPageOneRelatedItems")
    def page_one(self, call: Call) -> Bag:
        """The first of what an item is linked to."""
        return _shown(self.scope, _source(self.scope, call), limit=_PAGE_ONE)

    @action(f"{_MANAGER}.AddSingleLink", Level.WRITE)
    def add_link(self, call: Call) -> None:
        """Link two items."""
        source, target = _source(self.scope, call), _target(self.scope, call)
        _link(source, target, both=call.flag("TryAddReverseLink", default=False))

    @action(f"{_MANAGER}.AddSingleLinkToUrl", Level.WRITE)
    def add_link_to(self, call: Call) -> None:
        """Link an item to the file at an address."""
        target = _at(self.scope, call.text("TargetItemUrl"))
        _link(_source(self.scope, call), target, both=call.flag("TryAddReverseLink", default=False))

    @action(f"{_MANAGER}.AddSingleLinkFromUrl", Level.WRITE)
    def add_link_from(self, call: Call) -> None:
        """Link the file at an address to an item."""
        source = _at(self.scope, call.text("SourceItemUrl"))
        _link(source, _target(self.scope, call), both=call.flag("TryAddReverseLink", default=False))

    @action(f"{_MANAGER}.DeleteSingleLink", Level.WRITE)
    def delete_link(self, call: Call) -> None:
        """Take a link away."""
        source, target = _source(self.scope, call), _target(self.scope, call)
        _unlink(source, target)
        if call.flag("TryDeleteReverseLink", default=False):
            _unlink(target, source)


def _source(scope: Scope, call: Call) -> Place:
    return _place(scope, call, "Source")


def _target(scope: Scope, call: Call) -> Place:
    return _place(scope, call, "Target")


def _place(scope: Scope, call: Call, which: str) -> Place:
    url = call.text(f"{which}WebUrl", default="")
    there = folder_tree.scope_at(scope, url) if url else scope
    name = call.text(f"{which}ListName")
    guid = as_guid(name)
    row = there.store.get("list", guid, parent=there.web.id) if guid else lists.find_by_title(there, name)
    if row is None:
        raise bad_argument(f"List '{name}' does not exist.\r\nParameter name: {which}ListName")
    item = there.content.by_number(row.id, call.number(f"{which}ItemID"))
    if item is None:
        raise item_missing()
    return there, row, item


def _at(scope: Scope, url: str) -> Place:
    there = folder_tree.scope_at(scope, url)
    found = folder_tree.find_item(there, folder_tree.absolute(there, url, there.web_path))
    if found is None:
        raise item_missing()
    return there, found[0], found[1]


def _link(source: Place, target: Place, *, both: bool) -> None:
    _keep(source, [*(each for each in _links(source) if each != _mark(target)), _mark(target)])
    if both:
        _link(target, source, both=False)


def _unlink(source: Place, target: Place) -> None:
    _keep(source, [each for each in _links(source) if each != _mark(target)])


def _mark(place: Place) -> list[str]:
    scope, row, item = place
    return [scope.web.guid, row.guid, str(item.list_item)]


def _links(place: Place) -> list[list[str]]:
    scope, _, item = place
    now = scope.content.item(item.id)
    return [list(each) for each in (now.fields if now else {}).get(_LINKS, [])]


def _keep(place: Place, links: list[list[str]]) -> None:
    scope, _, item = place
    now = scope.content.item(item.id) or item
    scope.content.write(now, by=scope.claims.login, fields={_LINKS: links}, keep_version=True)


def _shown(scope: Scope, place: Place, *, limit: int | None = None) -> Bag:
    shown: list[Complex] = []
    for web_guid, list_guid, number in _links(place)[:limit]:
        web = scope.store.get("web", web_guid)
        row = scope.store.get("list", list_guid, parent=web.id) if web else None
        item = scope.content.by_number(row.id, int(number)) if row else None
        if web is None or row is None or item is None:
            continue
        values: dict[str, Any] = {
            "IconUrl": "/_layouts/15/images/icgen.gif", "ItemId": int(number), "ListId": list_guid,
            "PushNotification": None, "Title": str(item.fields.get("Title") or item.name),
            "Url": f"https://{scope.host}{folder_tree.address_of(scope, item)}", "WebId": web_guid,
        }  # fmt: skip
        shown.append(Complex("SP.RelatedItem", values))
    return Bag("Collection(SP.RelatedItem)", tuple(shown))
