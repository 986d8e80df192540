"""Errors of links: titles that stand twice, and targets that the site does not have."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.language import MENUS, Link, Sections
from spmigrate.provision.lint.words import Checked, audience_problems
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve.navigation import link_targets, target_key
from spmigrate.tenant.contents import name_key

MOST_LINKS = 500
DEEPEST = 3
_KINDS = ("library", "list", "page")


def link_problems(checked: Checked) -> Iterator[Problem]:
    """Every error of the menus."""
    for menu in MENUS:
        field = menu.replace(" ", "_")
        own: tuple[Link, ...] = getattr(checked.sections, field).links
        whole: tuple[Link, ...] = getattr(checked.whole, field).links
        yield from _titles(checked, (menu,), own, 1)
        number = sum(1 for _ in _every(whole))
        if own and number > MOST_LINKS:
            yield checked.broken("TPL-38", (menu,), f"{number} links; SharePoint allows {MOST_LINKS} in a menu")
        yield from _targets(checked, menu, own, whole)


def _titles(checked: Checked, place: Place, links: tuple[Link, ...], depth: int) -> Iterator[Problem]:
    yield from checked.twice((*place, "links"), [link.title for link in links], "title")
    for n, link in enumerate(links):
        at = (*place, "links", n)
        yield from _audiences(checked, at, link)
        if link.links and depth == DEEPEST:
            yield checked.broken("TPL-38", at, f"a menu is at most {DEEPEST} levels deep", "move these links up")
        elif link.links:
            yield from _titles(checked, at, link.links, depth + 1)


def _audiences(checked: Checked, place: Place, link: Link) -> Iterator[Problem]:
    """For whom a link is shown."""
    yield from audience_problems(checked, place, link.for_)
    if link.for_ and place[0] == "footer":
        text = f"the link '{link.title}' of the footer is for everybody"
        yield checked.broken("TPL-43", (*place, "for"), text, "put it into the quick launch, or leave 'for' out")


def _targets(checked: Checked, menu: str, own: tuple[Link, ...], whole: tuple[Link, ...]) -> Iterator[Problem]:
    targets = link_targets(checked.whole, "")
    places = dict(_places(own, (menu,)))
    for path, link in _every(whole):
        to = link.to or ""
        kind, slash, name = to.partition("/")
        if not slash or kind not in _KINDS or "{" in to or target_key(to) in targets:
            continue
        if path in places:
            known = _names(checked.whole, kind)
            yield checked.broken(
                "TPL-16", (*places[path], "to"), f"there is no {kind} '{name}'", suggestion(name, known)
            )
        elif kind != "page":
            section = "libraries" if kind == "library" else "lists"
            if name_key(name) in map(name_key, getattr(checked.sections.remove, section)):
                text = f"the link '{link.title}' leads to the {kind} '{name}', which is removed here"
                hint = "remove the link, too, or point it elsewhere"
                yield checked.broken("TPL-16", ("remove", section), text, hint)


def _names(sections: Sections, kind: str) -> list[str]:
    if kind == "page":
        return [page.file for page in sections.pages]
    return [each.name for each in (sections.libraries if kind == "library" else sections.lists)]


def _every(links: tuple[Link, ...], within: str = "") -> Iterator[tuple[str, Link]]:
    for link in links:
        path = f"{within}/{name_key(link.title)}"
        yield path, link
        yield from _every(link.links, path)


def _places(links: tuple[Link, ...], place: Place, within: str = "") -> Iterator[tuple[str, Place]]:
    for n, link in enumerate(links):
        path, at = f"{within}/{name_key(link.title)}", (*place, "links", n)
        yield path, at
        yield from _places(link.links, at, path)
