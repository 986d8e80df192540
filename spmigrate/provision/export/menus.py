"""The links of a site's menus, in the words of a template."""

from spmigrate.provision.export.words import Entry, Export, said
from spmigrate.provision.language import LINK_TARGET
from spmigrate.tenant.contents import Kind, Part, name_key
from spmigrate.tenant.link_address import leads_to

_MADE_BY_SHAREPOINT = frozenset({
    "home", "conversations", "documents", "notebook", "pages", "recent", "site contents", "recycle bin",
    "shared with us",
})  # fmt: skip
"""Links of the quick launch that every new site of some type has."""


def menu(export: Export, name: str) -> Entry:
    """One menu; links that SharePoint made itself are left out when nothing was put below them."""
    links = [part for part in export.of(Kind.LINK) if part.attributes.get("menu") == name]
    return said(links=_below(export, links, "", name))


def _below(export: Export, links: list[Part], parent: str, name: str) -> list[Entry]:
    found: list[Entry] = []
    for part in links:
        if name_key(str(part.attributes.get("parent") or "")) != name_key(parent):
            continue
        title = export.text(part.subject, part.label)
        below = _below(export, links, part.label, name) if name_key(part.label) != name_key(parent) else []
        made = not parent and name == "quick launch" and part.key.rpartition("/")[2] in _MADE_BY_SHAREPOINT
        if title is None or (made and not below):
            continue
        address = str(part.attributes.get("address") or "")
        to = _target(export, address)
        if to is None and address:
            export.leave(part.subject, f"its address cannot be said in a template: {address}")
        elif to is not None or below:
            found.append(said(title=title, to=to, for_=_audiences(export, part), links=below))
    return found


def _audiences(export: Export, part: Part) -> list[str]:
    """The groups that see a link; those that the vocabulary does not name are left."""
    given = part.attributes.get("for")
    known = {name_key(name): name for name in export.vocabulary.organisation.groups}
    names = [each.removeprefix("group:") for each in given] if isinstance(given, tuple) else []
    for name in names:
        if name_key(name) not in known:
            export.leave(part.subject, f"organisation.yaml has no group '{name}'")
    return [f"group:{known[name_key(name)]}" for name in names if name_key(name) in known]


def _target(export: Export, address: str) -> str | None:
    """What a template calls an address; None when it has no word for it."""
    site, host = export.contents.address, export.contents.host
    if leads_to(address, site, host):
        return "home page"
    for kind in (Kind.LIBRARY, Kind.LIST):
        for part in export.of(kind):
            if leads_to(address, f"{site}/{part.attributes['address']}", host):
                return f"{kind.value}/{part.label}"
    return address if LINK_TARGET.fullmatch(address) and not set(address) & set("{}") else None
