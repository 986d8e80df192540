"""Menus: the quick launch, a hub's navigation and the footer. Owners' own links are left alone.

A link is found by its menu, the title of the link above it, and its own title. A hub's navigation is the top bar of
the hub's web.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant.contents import Attributes, Kind, Part, Value, inside, name_key
from spmigrate.tenant.link_address import plain_address
from spmigrate.tenant.site import audiences, footer
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUICK_LAUNCH, HUB, FOOTER = "quick launch", "hub navigation", "footer"
HEADING = "http://linkless.header/"
"""The address of a link that leads nowhere: a heading for those below it."""

_NODES: Mapping[str, str] = {QUICK_LAUNCH: "web/navigation/quicklaunch", HUB: "web/navigation/topnavigationbar"}
_THREE_LEVELS = "$select=Id,Title,Url,AudienceIds,Children&$expand=Children,Children/Children"
_KINDS = frozenset({Kind.LINK})
QUESTIONS = (
    *(Question(menu, Service.SITE, f"{path}?{_THREE_LEVELS}", kinds=_KINDS) for menu, path in _NODES.items()),
    Question(FOOTER, Service.SITE, footer.PATH, kinds=_KINDS, optional=True),
    *audiences.QUESTIONS,
)
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A link where it stands: its node, the title of the link above it, and the path of the links that it is among."""

    node: Json
    parent: str
    place: int
    collection: str


def parts(answers: Answers) -> Iterator[Part]:
    """The links of the menus; the first of two with one title counts. A hub's navigation is read from hubs alone."""
    if QUICK_LAUNCH in answers:
        yield from _parts(answers, answers.values(QUICK_LAUNCH), QUICK_LAUNCH)
    if HUB in answers and answers["site"]["IsHubSite"]:
        yield from _parts(answers, answers.values(HUB), HUB)
    if FOOTER in answers:
        yield from _parts(answers, footer.links(answers[FOOTER]), FOOTER)


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Add a link at the end, or point the one of this key elsewhere; with a `place`, move it there among its siblings.

    Places count from 1. Raises NotFound when the link above it is missing, Refused when the footer does not keep it,
    TenantError.
    """
    menu = key.partition("/")[0]
    if menu == FOOTER:
        _put_in_footer(site, key, after)
        return
    links = _read(site, menu)
    found = links.get(key)
    if found is None:
        collection = _below(links, menu, str(after.get("parent") or ""))
        number = _add(site, collection, after)
    else:
        collection, number = found.collection, found.node["Id"]
        if "address" in after:
            site.rest("MERGE", _node(number), {"Url": _url(site, after["address"])})
    if audiences.FOR in after:
        audiences.put(site, _node(number), after[audiences.FOR])
    if after.get("place") is not None:
        _move(site, collection, number, int(str(after["place"])))


def remove(site: "SiteWriter", key: str) -> None:
    """Take a link away, if it is there. Raises Refused when links lie below it, which may be owners' own."""
    menu = key.partition("/")[0]
    if menu == FOOTER:
        footer.change(site, lambda top: footer.take_out(top, _titles(site, key)))
        return
    found = _read(site, menu).get(key)
    if found is not None:
        footer.refuse_above_others(found.node["Title"], found.node.get("Children") or ())
        site.delete(_node(found.node["Id"]))


def _parts(answers: Answers, nodes: Sequence[Json], menu: str) -> Iterator[Part]:
    for key, link in _index(nodes, menu).items():
        title, url = str(link.node["Title"]), str(link.node["Url"] or "")
        address = "" if url.rstrip("/") == HEADING.rstrip("/") else plain_address(url, answers.host)
        shown = audiences.told(answers, link.node) if menu != FOOTER else {}
        yield Part(Kind.LINK, key, title, {
            "menu": menu, "parent": link.parent, "title": title, "address": address, "place": link.place,
            **shown,
        })  # fmt: skip


def _index(nodes: Sequence[Json], menu: str) -> dict[str, _Placed]:
    """The links of a menu by key, those above others before them."""
    found: dict[str, _Placed] = {}
    for link in _walk(nodes, "", _NODES.get(menu, "")):
        key = inside(menu, inside(name_key(link.parent), name_key(str(link.node["Title"]))))
        found.setdefault(key, link)
    return found


def _walk(nodes: Sequence[Json], parent: str, collection: str) -> Iterator[_Placed]:
    for place, node in enumerate(nodes, 1):
        yield _Placed(node, parent, place, collection)
        yield from _walk(node.get("Children") or (), str(node["Title"]), f"{_node(node.get('Id'))}/Children")


def _read(site: "SiteWriter", menu: str) -> dict[str, _Placed]:
    return _index(site.rest("GET", f"{_NODES[menu]}?{_THREE_LEVELS}")["value"], menu)


def _below(links: Mapping[str, _Placed], menu: str, parent: str) -> str:
    """The path of the links below the one of this title. Raises NotFound when it is missing."""
    if not parent:
        return _NODES[menu]
    for link in links.values():
        if name_key(str(link.node["Title"])) == name_key(parent):
            return f"{_node(link.node['Id'])}/Children"
    raise _no_parent(menu, parent)


def _add(site: "SiteWriter", collection: str, after: Attributes) -> int:
    url = _url(site, after.get("address"))
    body = {"Title": after["title"], "Url": url, "IsExternal": not url.startswith("/"), "AsLastNode": True}
    return int(site.rest("POST", collection, body)["Id"])


def _move(site: "SiteWriter", collection: str, number: int, place: int) -> None:
    """Put a link at its place among its siblings; owners' own links move behind ours."""
    order = [each["Id"] for each in site.rest("GET", f"{collection}?$select=Id")["value"]]
    if order.index(number) == place - 1:
        return
    others = [each for each in order if each != number]
    previous = others[min(place - 1, len(others)) - 1] if place > 1 and others else 0
    body = {"nodeId": number, "previousNodeId": previous}
    site.rest("POST", f"{collection}/MoveAfter", body, repeatable=True)


def _url(site: "SiteWriter", address: Value) -> str:
    return plain_address(str(address), site.tenant.settings.sharepoint) if address else HEADING


def _node(number: object) -> str:
    return f"web/navigation/GetNodeById({number})"


def _no_parent(menu: str, parent: str) -> NotFound:
    return NotFound(f"the {menu} has no link '{parent}' for what lies below it", hint="plan the site again")


def _put_in_footer(site: "SiteWriter", key: str, after: Attributes) -> None:
    known = _read_footer(site).get(key)
    titles = _titles_of(known) if known else (str(after.get("parent") or ""), str(after["title"]))

    def change(top: list[dict[str, Any]]) -> None:
        siblings = footer.below(top, titles[0])
        if siblings is None:
            raise _no_parent(FOOTER, titles[0])
        footer.put(siblings, titles[1], _url(site, after["address"]) if "address" in after or not known else None)
        if after.get("place") is not None:
            footer.move(siblings, titles[1], int(str(after["place"])))

    footer.change(site, change)
    kept = _read_footer(site).get(key)
    if kept is None or ("address" in after and not _leads(site, kept, after["address"])):
        hint = "switch the footer on first: look, footer: yes"
        raise Refused(f"SharePoint did not keep the footer's link '{titles[1]}'", hint=hint)


def _read_footer(site: "SiteWriter") -> dict[str, _Placed]:
    return _index(footer.links(site.rest("GET", footer.PATH)), FOOTER)


def _titles(site: "SiteWriter", key: str) -> tuple[str, str]:
    """Titles of the footer's link and of the one above it; empty when there is none."""
    found = _read_footer(site).get(key)
    return _titles_of(found) if found else ("", "")


def _titles_of(link: _Placed) -> tuple[str, str]:
    return link.parent, str(link.node["Title"])


def _leads(site: "SiteWriter", link: _Placed, address: Value) -> bool:
    host = site.tenant.settings.sharepoint
    return plain_address(str(link.node["Url"]), host) == plain_address(_url(site, address), host)
