"""``navigation/…`` and ``NavigationServiceRest``: menus as whole trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, function
from spmigrate.rehearsal.sharepoint.navigation import (
    QUICK_LAUNCH,
    TOP_BAR,
    Node,
    Nodes,
    add_node,
    every_node,
    find_node,
    refuse_audiences,
)
from spmigrate.rehearsal.sharepoint.properties import records
from spmigrate.rehearsal.sharepoint.scope import Scope

# The keys of the footer, and of the node in it that holds its links; source: PnP's provisioning engine.
FOOTER_KEY = "13b7c916-4fea-4bb2-8994-5cf274aeb530"
FOOTER_LINKS_KEY = "3a94b35f-030b-468e-80e3-b75ee84ae0ad"
FOOTER = 1033
_FOOTER_MADE = "_Footer"
_MENU = "Microsoft.SharePoint.Navigation.REST.MenuState"
_NODE = "Microsoft.SharePoint.Navigation.REST.MenuNode"
_PAIRS = "Collection(SP.KeyValue)"
_SAVED = 200
# The recycle bin stands below the links at the side, but is none of them.
_BIN = "-1"
_TITLES = {QUICK_LAUNCH: "Quick launch", TOP_BAR: "SharePoint Top Navigation Bar", FOOTER: FOOTER_KEY}


class MenuService(Resource):
    """``navigation/MenuState`` and its companions."""

    type = "Microsoft.SharePoint.Navigation.REST.NavigationServiceRest"
    feed = "Navigation"

    @property
    def path(self) -> str:
        return "navigation"

    @function("MenuState")
    def menu_state(self, call: Call) -> Complex | None:
        """The tree below a menu's key (1025 quick launch, 1002 top bar); null for a footer that was never set up."""
        key = call.text("menuNodeKey", 0, default="") or str(QUICK_LAUNCH)
        depth = call.number("depth", 1, default=10)
        if key.lower() in (FOOTER_KEY, FOOTER_LINKS_KEY):
            if not self.scope.refreshed().web.props.get(_FOOTER_MADE):
                return None
            key = str(FOOTER if key.lower() == FOOTER_KEY else footer_links(self.scope))
        return _menu(self.scope, key, depth)

    @function("GlobalNav")
    def global_navigation(self, _call: Call) -> Complex:
        """The menu of the whole intranet; it is that of the home site."""
        return _menu(self.scope, str(TOP_BAR), 3)

    @function("GlobalNavEnabled")
    def global_navigation_enabled(self, _call: Call) -> bool:
        """Whether the menu of the whole intranet is shown."""
        return bool(self.scope.store.read_value(_GLOBAL))

    @action("SetGlobalNavEnabled")
    def set_global_navigation(self, call: Call) -> None:
        """Show the menu of the whole intranet, or hide it."""
        self.scope.store.write_value(_GLOBAL, call.flag("isEnabled", 0))

    @function("GetPublishingNavigationProviderType")
    def provider_type(self, _call: Call) -> int:
        """How menus are made: 0, from the links that a web keeps."""
        return 0

    @function("MenuNodeKey")
    def menu_node_key(self, call: Call) -> str:
        """The key of the link that leads to an address; refuses one to which none leads."""
        wanted = call.text("currentUrl", 0).rstrip("/").lower()
        for row in every_node(self.scope):
            url = str(row.props.get("Url", "")).rstrip("/").lower()
            if wanted in (url, f"https://{self.scope.host}{url}"):
                return row.name
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: currentUrl")

    @action("SaveMenuState")
    def save_menu_state(self, call: Call) -> int:
        """Keep a tree: known keys are changed, new ones added, those marked as deleted removed."""
        state = call.record("menuState")
        key, title = str(state.get("StartingNodeKey") or ""), str(state.get("StartingNodeTitle") or "")
        if key.lower() == FOOTER_KEY or (not key and title.lower() in (FOOTER_KEY, FOOTER_LINKS_KEY)):
            _make_footer(self.scope)
            key = str(FOOTER)
        self._keep(_children(state), int(key) if key.isdecimal() else QUICK_LAUNCH if not key else 0)
        return _SAVED

    def _keep(self, nodes: Iterable[Mapping[str, Any]], parent: int) -> None:
        for order, each in enumerate(nodes):
            key = str(each.get("Key") or "")
            if key == _BIN:
                continue
            known = find_node(self.scope, int(key)) if key.lstrip("-").isdecimal() else None
            if each.get("IsDeleted"):
                if known is not None:
                    known.delete()
                continue
            number = self._keep_one(each, known, parent, order)
            self._keep(_children(each), number)

    def _keep_one(self, given: Mapping[str, Any], known: Node | None, parent: int, order: int) -> int:
        title, url = str(given.get("Title") or ""), str(given.get("SimpleUrl") or given.get("FriendlyUrlSegment") or "")
        if not title:
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        props = {
            "Title": title, "Url": url, "IsVisible": not given.get("IsHidden"), "_Parent": parent, "_Order": order,
            "AudienceIds": given.get("AudienceIds") or None, "OpenInNewWindow": given.get("OpenInNewWindow"),
        }  # fmt: skip
        refuse_audiences(props)
        if known is None:
            return int(add_node(self.scope, {**props, "IsExternal": url.startswith("http")}).name)
        self.scope.store.update(known.entity, props, at=self.scope.now)
        return int(known.entity.name)


_GLOBAL = "spo.globalnavigation"


def _children(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return records(given.get("Nodes"), "Nodes")


def footer_links(scope: Scope) -> int:
    """The number of the node that holds the footer's links; both are made where they are missing."""
    _make_footer(scope)
    known = next((each for each in Nodes(scope, FOOTER).all() if each.entity.props["Title"] == FOOTER_LINKS_KEY), None)
    if known is not None:
        return int(known.entity.name)
    return int(add_node(scope, {"Title": FOOTER_LINKS_KEY, "Url": "", "_Parent": FOOTER, "_Order": 0}).name)


def _make_footer(scope: Scope) -> None:
    scope.store.update(scope.refreshed().web, {_FOOTER_MADE: True}, at=scope.now)


def _menu(scope: Scope, key: str, depth: int) -> Complex:
    root = int(key) if key.isdecimal() else 0
    nodes = tuple(menu_node(each, depth) for each in Nodes(scope, root).all())
    if root == QUICK_LAUNCH:
        nodes = (*nodes, _recycle_bin(scope))
    return Complex(
        _MENU,
        {
            "AudienceIds": None, "FriendlyUrlPrefix": "",
            "IsAudienceTargetEnabledForGlobalNav": bool(scope.web.props.get("NavAudienceTargetingEnabled")),
            "Nodes": Bag(f"Collection({_NODE})", nodes), "SimpleUrl": scope.web.name,
            "SPSitePrefix": "/" + scope.site.name.partition("/")[2], "SPWebPrefix": scope.web.name,
            "StartingNodeKey": key, "StartingNodeTitle": _TITLES.get(root, ""), "Version": scope.now,
        },
    )  # fmt: skip


def menu_node(node: Node, depth: int) -> Complex:
    """A link and what is below it, as a menu shows it."""
    below = tuple(menu_node(each, depth - 1) for each in node.children().all()) if depth > 1 else ()
    return _shown(node.entity.name, node.entity.props, below)


def _recycle_bin(scope: Scope) -> Complex:
    url = f"{scope.web_url}/_layouts/15/AdminRecycleBin.aspx?ql=1"
    return _shown(_BIN, {"Title": "Recycle Bin", "Url": url, "AudienceIds": []}, (), lcid=0)


def _shown(key: str, props: Mapping[str, Any], below: tuple[Complex, ...], *, lcid: int = 1033) -> Complex:
    return Complex(
        _NODE,
        {
            "AudienceIds": props.get("AudienceIds"), "CurrentLCID": lcid, "CustomProperties": Bag(_PAIRS, ()),
            "FriendlyUrlSegment": "", "IsDeleted": False, "IsHidden": not props.get("IsVisible", True),
            "IsTitleForExistingLanguage": False, "Key": key, "Nodes": Bag(f"Collection({_NODE})", below),
            "NodeType": 0, "OpenInNewWindow": props.get("OpenInNewWindow"), "SimpleUrl": props.get("Url", ""),
            "Title": props.get("Title", ""), "Translations": Bag(_PAIRS, ()),
        },
    )  # fmt: skip
