"""Navigation of PnP files: links that lead to the site's own libraries, lists and pages are named after them."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from spmigrate.provision.carried.draft import Draft, Entry, put
from spmigrate.provision.carried.node import Node

_HOME = ("", "default.aspx", "sitepages/home.aspx", "pages/default.aspx")


def navigation(template: Entry, node: Node, draft: Draft) -> None:
    """`<Navigation>`: the current one is the quick launch, the global one that of the hub."""
    node.understood("AddNewPagesToNavigation", "CreateFriendlyUrlsForNewPages")
    for name in ("EnableTreeView", "EnableAudienceTargeting"):
        if node.flag(name) is False:
            node.understood(name)
    for element, menu in (("CurrentNavigation", "quick launch"), ("GlobalNavigation", "hub navigation")):
        for holder in node.open(element):
            holder.understood("NavigationType")
            for structure in holder.open("StructuralNavigation"):
                if structure.flag("RemoveExistingNodes"):
                    structure.leave("owners' own links stay", "RemoveExistingNodes")
                _menu(template, menu, links(template, draft, structure.open("NavigationNode"), "Title"))


def footer(template: Entry, node: Node, draft: Draft) -> None:
    """`<Footer>`: whether there is one, and its links."""
    shown = node.flag("Enabled")
    if shown is not None:
        template.setdefault("look", {})["footer"] = shown
    if node.flag("RemoveExistingNodes"):
        node.leave("owners' own links stay", "RemoveExistingNodes")
    node.understood("Layout", "BackgroundEmphasis")
    found = links(template, draft, node.inside("FooterLinks", "FooterLink"), "DisplayName")
    _menu(template, "footer", found)


def links(template: Entry, draft: Draft, nodes: Iterable[Node], title: str) -> list[Entry]:
    """Links and headings, with those below them."""
    found: list[Entry] = []
    for node in nodes:
        entry: Entry = {"title": draft.text(node, title)}
        node.understood("IsExternal", "IsVisible")
        below = links(template, draft, node.open(node.name), title)
        url = node.get("Url")
        if url:
            to = target(template, draft.text(node, "Url"))
            if to is None and not below:
                node.leave(f"where {url} leads is not known: name a library, a list, a page or a web address")
                continue
            put(entry, "to", to)
        put(entry, "links", below)
        if entry["title"] and set(entry) != {"title"}:
            found.append(entry)
        else:
            node.leave("it has no title" if not entry["title"] else "nothing is below it, and it leads nowhere")
    return found


def target(template: Entry, url: str) -> str | None:
    """Where a link leads, in our words; None when it leads to nothing that we know."""
    parts = urlsplit(url.strip())
    if parts.scheme == "https" and parts.netloc:
        return url.strip()
    if parts.scheme == "http" and parts.netloc:
        return f"https://{parts.netloc}{parts.path}"
    path = unquote(parts.path).strip("/")
    if path.casefold() in _HOME:
        return "home page"
    for section, word in (("libraries", "library"), ("lists", "list")):
        for entry in template.get(section, ()):
            address = str(entry.get("address") or entry["name"]).casefold()
            if address in [part.casefold() for part in path.split("/")]:
                return f"{word}/{entry['name']}"
    for page in template.get("pages", ()):
        if path.casefold().endswith(str(page["file"]).casefold()):
            return f"page/{page['file']}"
    return url if url.startswith("/sites/") else None


def _menu(template: Entry, menu: str, found: list[Entry]) -> None:
    if found:
        template.setdefault(menu, {}).setdefault("links", []).extend(found)
