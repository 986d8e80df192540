"""The links of a site's menus."""

from collections.abc import Iterable, Iterator, Mapping

from spmigrate.provision.language import MENUS, Library, Link, Sections
from spmigrate.provision.resolve.lists import all_lists, library_address
from spmigrate.provision.resolve.wanted import Wanted, is_seeded, wanted
from spmigrate.tenant.contents import Kind, inside, name_key

EXACT = "exact"


def link_parts(sections: Sections, site: str) -> Iterator[Wanted]:
    """The links of all menus; a link whose address nobody answered is left out with those below it."""
    targets = link_targets(sections, site)
    for menu in MENUS:
        links = getattr(sections, menu.replace(" ", "_"))
        yield from _links(menu, links.links, targets, parent="", exact=links.mode == EXACT)


def exact_menus(sections: Sections) -> frozenset[str]:
    """Menus that hold just the links that are named, in this order."""
    return frozenset(menu for menu in MENUS if getattr(sections, menu.replace(" ", "_")).mode == EXACT)


def link_targets(sections: Sections, site: str) -> dict[str, str]:
    """The addresses of what a link may name: libraries, lists, pages and the home page."""
    found = {"home page": site}
    for each in all_lists(sections):
        kind = "library" if isinstance(each, Library) else "list"
        found[f"{kind}/{name_key(each.name)}"] = f"{site}/{library_address(each)}"
    found |= {f"page/{name_key(page.file)}": f"{site}/SitePages/{page.file}" for page in sections.pages}
    return found


def target_key(to: str) -> str:
    """What `link_targets` knows a link's target by."""
    kind, slash, name = to.partition("/")
    return f"{kind}/{name_key(name)}" if slash and kind in ("library", "list", "page") else to


def _links(
    menu: str, links: Iterable[Link], targets: Mapping[str, str], *, parent: str, exact: bool
) -> Iterator[Wanted]:
    place = 0
    for link in links:
        if link.to == "":
            continue
        place += 1
        to = link.to or ""
        key = name_key(link.title)
        yield wanted(
            Kind.LINK, inside(menu, inside(name_key(parent), key)), link.title,
            {
                "menu": menu, "parent": parent, "title": link.title, "address": targets.get(target_key(to), to),
                "place": place if exact else None, "for": link.for_ or None,
            },
            seeded=is_seeded(link),
        )  # fmt: skip
        yield from _links(menu, link.links, targets, parent=link.title, exact=exact)
