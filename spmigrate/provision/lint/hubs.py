"""Errors of hubs: what is joined and is none, rings, and more than three levels."""

from collections.abc import Iterator, Mapping

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import PLACEHOLDER, Hub, SiteFile
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve import plain_template
from spmigrate.tenant.contents import name_key

DEEPEST = 3


def hub_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Errors of how sites belong to each other."""
    found: list[tuple[Written[SiteFile], Hub]] = []
    for written in catalogue.sites:
        whole = catalogue.whole(written.words.template)
        if whole is not None:
            found.append((written, plain_template(catalogue, written.words).sections.hub))
    hubs = {name_key(written.words.address): hub for written, hub in found if hub.is_a_hub}
    for written, hub in found:
        for key, wanted in (("member of", hub.member_of), ("parent", hub.parent)):
            if wanted and name_key(wanted) not in hubs:
                yield _no_hub(catalogue, written, key, wanted, [each for each, hub in found if hub.is_a_hub])
        if hub.is_a_hub and hub.parent:
            yield from _depth(catalogue, written, hubs)


def _depth(catalogue: Catalogue, written: Written[SiteFile], hubs: Mapping[str, Hub]) -> Iterator[Problem]:
    seen = [name_key(written.words.address)]
    while (hub := hubs.get(seen[-1])) is not None and hub.parent:
        above = name_key(hub.parent)
        if above in seen:
            text = f"{written.words.address} lies above itself, through others"
            yield broken("SIT-13", written, _place(catalogue, written, "parent"), text)
            return
        seen.append(above)
    if len(seen) > DEEPEST:
        text = f"this is the {len(seen)}th level of hubs; search reaches over {DEEPEST}"
        hint = "join a hub instead of being one, or leave out a level"
        yield broken("SIT-13", written, _place(catalogue, written, "parent"), text, hint)


def _no_hub(
    catalogue: Catalogue, written: Written[SiteFile], key: str, hub: str, hubs: list[Written[SiteFile]]
) -> Problem:
    named = next((each for each in catalogue.sites if name_key(each.words.address) == name_key(hub)), None)
    if named is not None:
        hint = f"make it one: '{named.words.template}', its template, needs 'hub: {{is a hub: yes}}'"
    else:
        known = [each.words.address for each in hubs]
        hint = (
            f"{suggestion(hub, known)}; or add a file for {hub} to sites/, of a template that says "
            "'hub: {is a hub: yes}'"
        )
    return broken("SIT-06", written, _place(catalogue, written, key), f"'{hub}' is not a hub of this folder", hint)


def _place(catalogue: Catalogue, written: Written[SiteFile], key: str) -> Place:
    """The answer that says which hub."""
    whole = catalogue.whole(written.words.template)
    text = getattr(whole.hub, key.replace(" ", "_")) if whole else None
    match = PLACEHOLDER.fullmatch(text or "")
    return ("answers", match[1]) if match else ("answers",)
