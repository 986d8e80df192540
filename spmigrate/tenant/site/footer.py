"""The footer's links: a tree that is read and saved as a whole.

Its links lie below a node whose title is a fixed id; a site whose footer was never set up has no tree. Source: PnP
Core's and PnP Framework's provisioning of footers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spmigrate.errors import Refused
from spmigrate.tenant.contents import name_key

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_FOOTER = "13b7c916-4fea-4bb2-8994-5cf274aeb530"
_LINKS = "3a94b35f-030b-468e-80e3-b75ee84ae0ad"
PATH = f"navigation/MenuState?menuNodeKey='{_FOOTER}'"
"""What a site's REST is asked for."""

Json = Mapping[str, Any]
Links = list[dict[str, Any]]


def links(state: Json | None) -> Links:
    """The footer's links in an answer, those at the top, in the form of the other menus; none without a tree."""
    found = next((each for each in (state or {}).get("Nodes") or () if each["Title"] == _LINKS), None)
    return _as_links((found or {}).get("Nodes") or ())


def change(site: "SiteWriter", edit: Callable[[Links], None]) -> None:
    """Let `edit` change the links at the top, and save the tree, made at first where there is none.

    Raises what `edit` raises, TenantError.
    """
    state = site.rest("GET", PATH)
    if not (state or {}).get("StartingNodeKey"):
        _save(site, {
            "Version": "", "StartingNodeTitle": _LINKS, "SPSitePrefix": "/", "SPWebPrefix": site.address,
            "FriendlyUrlPrefix": "", "SimpleUrl": "", "Nodes": [],
        })  # fmt: skip
        state = site.rest("GET", PATH) or {}
    top: Links = state.setdefault("Nodes", [])
    holder = _find(top, _LINKS)
    if holder is None:
        holder = _node(_LINKS, "")
        top.append(holder)
    edit(holder["Nodes"])
    _save(site, state)


def below(top: Links, parent: str) -> Links | None:
    """The links below the one of this title, all at the top when none is named; None when it is missing."""
    if not parent:
        return top
    for each in top:
        inner: Links = each["Nodes"]
        found = inner if name_key(each["Title"]) == name_key(parent) else below(inner, parent)
        if found is not None:
            return found
    return None


def put(siblings: Links, title: str, url: str | None) -> None:
    """Add a link, or point the one of this title elsewhere unless `url` is None."""
    found = _find(siblings, title)
    if found is None:
        siblings.append(_node(title, url or ""))
    elif url is not None:
        found["SimpleUrl"] = url


def move(siblings: Links, title: str, place: int) -> None:
    """Put the link of this title at a place, counted from 1."""
    found = _find(siblings, title)
    if found is not None:
        siblings.remove(found)
        siblings.insert(place - 1, found)


def take_out(top: Links, titles: tuple[str, str]) -> None:
    """Mark a link as deleted, by the title above it and its own; Refused when links lie below it."""
    found = _find(below(top, titles[0]) or [], titles[1])
    if found is not None:
        refuse_above_others(found["Title"], found["Nodes"])
        found["IsDeleted"] = True


def refuse_above_others(title: str, links_below: Sequence[object]) -> None:
    """Raise Refused when a link that is to go has others below it."""
    if links_below:
        raise Refused(f"links lie below '{title}'", hint="move or remove them first: they may be the owners' own")


def _node(title: str, url: str) -> dict[str, Any]:
    return {"Title": title, "SimpleUrl": url, "NodeType": 0, "FriendlyUrlSegment": "", "IsHidden": False, "Nodes": []}


def _find(siblings: Links, title: str) -> dict[str, Any] | None:
    return next((each for each in siblings if name_key(each["Title"]) == name_key(title)), None)


def _save(site: "SiteWriter", state: Json) -> None:
    site.rest("POST", "navigation/SaveMenuState", {"menuState": state}, repeatable=True)


def _as_links(nodes: Sequence[Json]) -> Links:
    return [
        {"Title": each["Title"], "Url": each.get("SimpleUrl") or "", "Children": _as_links(each.get("Nodes") or ())}
        for each in nodes
        if not each.get("IsDeleted")
    ]
