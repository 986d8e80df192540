"""Errors that show once a site's answers are in its template: doubled names, links to nowhere, sites without owners."""

from collections.abc import Iterable, Iterator
from typing import Any

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import (
    GROUP_SITE,
    LINK_TARGET,
    MENUS,
    PLACEHOLDER,
    Link,
    Sections,
    SiteFile,
    Template,
    names_of,
)
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.removal import key_of
from spmigrate.provision.resolve import plain_template
from spmigrate.provision.resolve.lists import all_lists, library_address
from spmigrate.provision.resolve.navigation import link_targets, target_key
from spmigrate.tenant.contents import library_key, name_key

_ANSWERS = ("answers",)


def filled_problems(catalogue: Catalogue, written: Written[SiteFile], template: Template) -> Iterator[Problem]:
    """What the answers make of a template: a site needs a title and an owner, and its links an address."""
    sections = plain_template(catalogue, written.words).sections
    if not (sections.site.title or "").strip():
        yield broken("SIT-08", written, _ANSWERS, "the site has no title")
    if not names_of(sections.permissions.owners):
        hint = "name two roles at least, here or under 'permissions' of its template"
        yield broken("SIT-09", written, ("answers", "owners"), "the site has no owner", hint)
    yield from _groups_in_a_group(written, sections)
    yield from _doubles(written, sections)
    yield from _links(written, template, sections)


def _groups_in_a_group(written: Written[SiteFile], sections: Sections) -> Iterator[Problem]:
    """Groups that an answer, or what is inherited, puts among the people of a Microsoft 365 group."""
    if sections.site.type != GROUP_SITE:
        return
    for role in ("owners", "members"):
        for each in names_of(getattr(sections.permissions, role)):
            if each.startswith("group:"):
                text = f"the {role} of a Microsoft 365 group are people; '{each}' cannot be among them"
                yield broken("SIT-15", written, _ANSWERS, text, "name its people")


def _doubles(written: Written[SiteFile], sections: Sections) -> Iterator[Problem]:
    lists = all_lists(sections)
    named: list[tuple[str, Iterable[Any]]] = [
        ("libraries and lists", lists), ("pages", sections.pages), ("groups", sections.permissions.groups),
        ("channels", sections.team.channels), ("features", sections.features),
    ]  # fmt: skip
    named += [(f"views of '{each.name}'", each.views) for each in lists]
    named += [(f"folders of '{each.name}'", each.folders) for each in lists]
    named += [(menu, getattr(sections, menu.replace(" ", "_")).links) for menu in MENUS]
    for section, entries in named:
        keys = [key_of(entry) for entry in entries]
        for key in dict.fromkeys(key for n, key in enumerate(keys) if key in keys[:n]):
            hint = "look at what 'for each' and the answers make of its name"
            yield broken("SIT-12", written, _ANSWERS, f"'{key}' stands twice among the {section} of this site", hint)
    yield from _links_of_one_name(written, sections)
    addresses = [library_key(library_address(each)) for each in lists]
    for n, address in enumerate(addresses):
        if address in addresses[:n] and key_of(lists[n]) not in map(key_of, lists[:n]):
            text = f"two libraries of this site have one address: {address}"
            yield broken("SIT-12", written, _ANSWERS, text, "give one of them an 'address' of its own")


def _links_of_one_name(written: Written[SiteFile], sections: Sections) -> Iterator[Problem]:
    """Links with one title below links with one title, in two places of a menu: nobody could tell them apart."""
    for menu in MENUS:
        first: dict[str, str] = {}
        for path, link in _every(getattr(sections, menu.replace(" ", "_")).links, menu):
            above = path.split("/")[-2] if path.count("/") > 1 else ""
            other = first.setdefault(f"{above}/{name_key(link.title)}", path)
            if other != path:
                text = f"'{link.title}' stands twice in '{menu}' below links of one title"
                yield broken("SIT-12", written, _ANSWERS, text, "give one of the links another title")


def _links(written: Written[SiteFile], template: Template, sections: Sections) -> Iterator[Problem]:
    """Links that an answer leads to nowhere."""
    targets = link_targets(sections, written.words.address)
    asked = {
        path: link for menu in MENUS for path, link in _every(getattr(template, menu.replace(" ", "_")).links, menu)
    }
    for menu in MENUS:
        for path, link in _every(getattr(sections, menu.replace(" ", "_")).links, menu):
            to = link.to
            if not to or to in targets or target_key(to) in targets:
                continue
            kind, slash, _ = to.partition("/")
            if LINK_TARGET.fullmatch(to) and not (slash and kind in ("library", "list", "page")):
                continue
            match = PLACEHOLDER.search((asked[path].to or "") if path in asked else "")
            place: Place = ("answers", match[1]) if match else _ANSWERS
            text = f"the link '{link.title}' would lead to '{to}', which is not an address"
            hint = "write it like: /sites/d-h7k2m, or https://www.council.example"
            yield broken("SIT-10", written, place, text, hint)


def _every(links: tuple[Link, ...], within: str) -> Iterator[tuple[str, Link]]:
    for link in links:
        path = f"{within}/{name_key(link.title)}"
        yield path, link
        yield from _every(link.links, path)
