"""Advice about the design: nothing that SharePoint refuses, everything that a council regrets later."""

import re
from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import SiteFile
from spmigrate.provision.resolve import DesiredSite, desired_site
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import Kind

FEWEST_OWNERS = 2
MOST_REQUIRED_COLUMNS = 20


def design_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Everything that a designer should think about again. The catalogue has no errors."""
    yield from _required_columns(catalogue)
    for written in catalogue.sites:
        site = desired_site(catalogue, written.words)
        yield from _owners(written, site)
        yield from _address(catalogue, written)
        yield from _title(catalogue, written, site)


def _required_columns(catalogue: Catalogue) -> Iterator[Problem]:
    written = catalogue.organisation
    vocabulary = Vocabulary(written.words)
    for n, content_type in enumerate(written.words.content_types):
        required = sum(column.required for column in vocabulary.columns_of(content_type.name))
        if required > MOST_REQUIRED_COLUMNS:
            text = f"'{content_type.name}' has {required} required columns; people will not fill in that many"
            yield written.problem(("content types", n), text, f"keep at most {MOST_REQUIRED_COLUMNS}, better five")


def _owners(written: Written[SiteFile], site: DesiredSite) -> Iterator[Problem]:
    owners = [part for part in site.contents.parts.values() if part.attributes.get("role") == "Owners"]
    if len(owners) < FEWEST_OWNERS:
        text = f"the site has {len(owners)} owner{'' if len(owners) == 1 else 's'}"
        yield written.problem(("answers", "owners"), text, "name two at least: people leave")


def _address(catalogue: Catalogue, written: Written[SiteFile]) -> Iterator[Problem]:
    naming = catalogue.organisation.words.naming
    address = written.words.address
    leaf = address.removeprefix("/sites/")
    if len(leaf) > naming.longest_address:
        text = f"'{leaf}' has {len(leaf)} characters, {naming.longest_address} is the most"
        yield written.problem(("address",), text, "a short address leaves room for folders")
    if leaf != leaf.lower():
        yield written.problem(("address",), f"'{leaf}' has capital letters", f"write it as {leaf.lower()}")
    template = catalogue.whole(written.words.template)
    letter = naming.address_letters.get(template.kind) if template and template.kind else None
    coded = re.match(r"^([a-z])-", leaf)
    if letter and coded and coded[1] != letter:
        text = f"'{leaf}' begins with '{coded[1]}-', but sites of this kind begin with '{letter}-'"
        yield written.problem(("address",), text)


def _title(catalogue: Catalogue, written: Written[SiteFile], site: DesiredSite) -> Iterator[Problem]:
    words = re.findall(r"\w+", site.title.casefold())
    for word in catalogue.organisation.words.naming.never_use:
        if word.casefold() in words:
            text = f"the title '{site.title}' says '{word}'"
            yield written.problem(("answers",), text, "choose a title that still makes sense next year")
    part = site.contents.get(Kind.SITE)
    if part is not None and not part.attributes.get("description"):
        yield written.problem(("answers",), "the site has no description", "say in a sentence what it is for")
