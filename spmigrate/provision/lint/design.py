"""Advice about the design: nothing that SharePoint refuses, everything that a council regrets later."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import MENUS, Library, List, SiteFile, Template, names_of
from spmigrate.provision.lint.removals import link_paths
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.resolve import DesiredSite, desired_site
from spmigrate.provision.resolve.desired import expired
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind, name_key

FEWEST_OWNERS = 2
MOST_REQUIRED_COLUMNS = 20
DEEPEST_FOLDER = 3
MOST_LINKS = 100
LONGEST_PATH = 400
"""The most characters of a path in SharePoint."""
RESERVE = 20
"""Characters of a path that are kept for SharePoint's own additions."""
LEAST_ROOM = 300
"""Characters of a path that folders and documents should have."""


def design_problems(catalogue: Catalogue, *, today: Callable[[], date] = date.today) -> Iterator[Problem]:
    """Everything that a designer should think about again. The catalogue has no errors."""
    yield from _required_columns(catalogue)
    for written in catalogue.templates:
        yield from _template(catalogue, written)
    for site_file in catalogue.sites:
        site = desired_site(catalogue, site_file.words, today=today)
        yield from _owners(site_file, site)
        yield from _address(catalogue, site_file)
        yield from _unit_names(catalogue, site_file)
        yield from _title(catalogue, site_file, site)
        yield from _room(site_file, site)
        yield from _expired(site_file, today())


def _required_columns(catalogue: Catalogue) -> Iterator[Problem]:
    written = catalogue.organisation
    vocabulary = Vocabulary(written.words)
    for n, content_type in enumerate(written.words.content_types):
        uses = vocabulary.uses_of(content_type.name)
        required = sum(use.column.required if use.required is None else use.required for use in uses)
        if required > MOST_REQUIRED_COLUMNS:
            text = f"'{content_type.name}' has {required} required columns; people will not fill in that many"
            hint = f"keep at most {MOST_REQUIRED_COLUMNS}, better five"
            yield broken("DES-01", written, ("content types", n), text, hint)


def _template(catalogue: Catalogue, written: Written[Template]) -> Iterator[Problem]:
    template = written.words
    for section, every in (("libraries", template.libraries), ("lists", template.lists)):
        for n, each in enumerate(every):
            for m, path in enumerate(names_of(each.folders)):
                if path.count("/") >= DEEPEST_FOLDER:
                    text = f"the folder '{path}' is {path.count('/') + 1} deep"
                    place: Place = (section, n, "folders", m)
                    yield broken("DES-02", written, place, text, f"{DEEPEST_FOLDER} is the most; use a column instead")
    whole = catalogue.whole(template.template)
    if whole is None:
        return
    yield from _required_together(catalogue, written, whole)
    if catalogue.organisation.words.retention_labels:
        own = {name_key(each.name): n for n, each in enumerate(template.libraries)}
        for each in whole.libraries:
            if each.retention_label is None and name_key(each.name) in own:
                text = f"'{each.name}' has no retention label"
                hint = "say how long what is filed there is kept"
                yield broken("DES-03", written, ("libraries", own[name_key(each.name)]), text, hint)
    for menu in MENUS:
        number = len(list(link_paths(getattr(whole, menu.replace(" ", "_")).links)))
        if number > MOST_LINKS and getattr(template, menu.replace(" ", "_")).links:
            text = f"'{menu}' has {number} links; nobody reads that many"
            yield broken("DES-12", written, (menu,), text, f"keep at most {MOST_LINKS}")


def _required_together(catalogue: Catalogue, written: Written[Template], whole: Template) -> Iterator[Problem]:
    """Libraries and lists that ask for too many columns, of their own and of all their content types together."""
    vocabulary, template = Vocabulary(catalogue.organisation.words), written.words
    for section, every in (("libraries", template.libraries), ("lists", template.lists)):
        merged = {name_key(each.name): each for each in getattr(whole, section)}
        for n, each in enumerate(every):
            names = _required(vocabulary, merged[name_key(each.name)]) if name_key(each.name) in merged else frozenset()
            if len(names) > MOST_REQUIRED_COLUMNS:
                text = f"'{each.name}' has {len(names)} required columns, its content types together"
                hint = f"keep at most {MOST_REQUIRED_COLUMNS}, better five"
                yield broken("DES-01", written, (section, n), text, hint)


def _required(vocabulary: Vocabulary, each: Library | List) -> frozenset[str]:
    """The required columns of a library; none where a single content type is to blame, which is told by itself."""
    bound = [
        vocabulary.columns[name_key(name)] for name in names_of(each.columns) if name_key(name) in vocabulary.columns
    ]
    own = {name_key(column.name) for column in bound if column.required}
    brought = [
        {
            name_key(use.column.name)
            for use in vocabulary.uses_of(name)
            if (use.column.required if use.required is None else use.required)
        }
        for name in names_of(each.content_types)
        if name_key(name) in vocabulary.content_types
    ]
    if any(len(names) > MOST_REQUIRED_COLUMNS for names in brought):
        return frozenset()
    return frozenset(own.union(*brought))


def _owners(written: Written[SiteFile], site: DesiredSite) -> Iterator[Problem]:
    owners = [part for part in site.contents.parts.values() if part.attributes.get("role") == "Owners"]
    if len(owners) < FEWEST_OWNERS:
        text = f"the site has {len(owners)} owner{'' if len(owners) == 1 else 's'}"
        yield broken("DES-04", written, ("answers", "owners"), text, "name two at least: people leave")


def _address(catalogue: Catalogue, written: Written[SiteFile]) -> Iterator[Problem]:
    naming = catalogue.organisation.words.naming
    leaf = written.words.address.removeprefix("/sites/")
    if len(leaf) > naming.longest_address:
        text = f"'{leaf}' has {len(leaf)} characters, {naming.longest_address} is the most"
        yield broken("DES-05", written, ("address",), text, "a short address leaves room for folders")
    if leaf != leaf.lower():
        yield broken("DES-06", written, ("address",), f"'{leaf}' has capital letters", f"write it as {leaf.lower()}")
    template = catalogue.whole(written.words.template)
    letter = naming.address_letters.get(template.kind) if template and template.kind else None
    coded = re.match(r"^([a-z])-", leaf)
    if letter and coded and coded[1] != letter:
        text = f"'{leaf}' begins with '{coded[1]}-', but sites of this kind begin with '{letter}-'"
        yield broken("DES-07", written, ("address",), text)


def _unit_names(catalogue: Catalogue, written: Written[SiteFile]) -> Iterator[Problem]:
    """Addresses that name a unit; those of the lowest tier are called after what they work on, which stays."""
    organisation = catalogue.organisation.words
    lowest = organisation.tier_labels[-1] if len(organisation.tier_labels) > 1 else None
    words = _words(written.words.address.removeprefix("/sites/"))
    for unit in organisation.units:
        if unit.kind == lowest:
            continue
        name = _words(unit.name)
        spelt = any(words[n : n + len(name)] == name for n in range(len(words)))
        if spelt or "".join(name) in words or unit.code.casefold() in words:
            text = f"the address names the unit '{unit.name}'"
            hint = "take a letter and a code, or the subject: units are reorganised, addresses stay"
            yield broken("DES-10", written, ("address",), text, hint)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def unlasting_words(catalogue: Catalogue, title: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the words of a title, and what to do about it."""
    words = re.findall(r"\w+", title.casefold())
    for word in catalogue.organisation.words.naming.never_use:
        if word.casefold() in words:
            yield f"the title '{title}' says '{word}'", "choose a title that still makes sense next year"


def _title(catalogue: Catalogue, written: Written[SiteFile], site: DesiredSite) -> Iterator[Problem]:
    for text, hint in unlasting_words(catalogue, site.title):
        yield broken("DES-08", written, ("answers",), text, hint)
    part = site.contents.get(Kind.SITE)
    if part is not None and not part.attributes.get("description"):
        hint = "say in a sentence what it is for"
        yield broken("DES-09", written, ("answers",), "the site has no description", hint)


def room(address: str, library: str) -> int:
    """Characters of a path that are left for folders and documents of a library."""
    return LONGEST_PATH - len(address) - len(library) - RESERVE


def _room(written: Written[SiteFile], site: DesiredSite) -> Iterator[Problem]:
    for part in site.contents.parts.values():
        if part.kind is Kind.LIBRARY:
            left = room(site.address, str(part.attributes["address"]))
            if left < LEAST_ROOM:
                text = f"'{part.label}' leaves {left} characters for folders and documents, {LEAST_ROOM} are needed"
                yield broken("DES-05", written, ("address",), text, "shorten the address of the site or of the library")


def _expired(written: Written[SiteFile], today: date) -> Iterator[Problem]:
    for n, override in enumerate(written.words.override):
        if expired(override, today):
            text = f"the exception held until {override.until}: '{override.because}'"
            hint = "take it out, or agree a new day"
            yield broken("DES-11", written, ("override", n, "until"), text, hint)
