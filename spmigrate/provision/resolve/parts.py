"""Every part of a site whose template has no questions left. Pure; keys and attributes are those of the tenant side."""

from collections.abc import Iterator, Mapping

from spmigrate.provision.language import GROUP_SITE, Sections, names_of
from spmigrate.provision.resolve.access import access_parts, first_owner, login, who_is
from spmigrate.provision.resolve.lists import all_lists, library_address, list_keys, list_parts
from spmigrate.provision.resolve.navigation import link_parts
from spmigrate.provision.resolve.vocabulary_parts import column_parts, level_parts
from spmigrate.provision.resolve.wanted import Wanted, is_seeded, named, said, wanted
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import DOCUMENT_SET, ROOT_CONTENT_TYPES, Kind, inside, library_key, name_key
from spmigrate.tenant.site.features import DOCUMENT_SETS


def site_parts(
    vocabulary: Vocabulary, sections: Sections, address: str, *, copies: Mapping[str, str]
) -> Iterator[Wanted]:
    """The wanted parts of the site at `address`, in no order that means anything.

    `copies` are what files of the folder are called in a site.
    """
    yield from _site(vocabulary, sections, address, copies)
    yield from _document_sets(vocabulary, sections)
    yield from content_parts(vocabulary, sections, address, within=sections)
    yield from _files(sections)
    yield from _belonging(vocabulary, sections, address, copies)
    yield from _limits(vocabulary, sections)


def content_parts(vocabulary: Vocabulary, sections: Sections, address: str, *, within: Sections) -> Iterator[Wanted]:
    """The parts of a site that stand in lists, each of which can be removed by name.

    `within` is the whole site: its type, and the groups that libraries may give something to.
    """
    for name, seeded in named(sections.features):
        yield wanted(Kind.FEATURE, name_key(name), name, {"name": name}, seeded=seeded)
    yield from level_parts(vocabulary, _levels(sections))
    yield from access_parts(vocabulary, sections.permissions, group_site=within.site.type == GROUP_SITE)
    yield from column_parts(vocabulary, sections, list_keys(sections))
    groups = within.permissions
    for each in all_lists(sections):
        yield from list_parts(vocabulary, each, who_is=lambda somebody: who_is(vocabulary, groups, somebody))
    for page in sections.pages:
        yield wanted(Kind.PAGE, page.file.casefold(), page.title, {
            "file": page.file, "title": page.title, "content": page.sections_from,
            "is home page": page.home_page or None, "for": page.for_ or None,
        }, seeded=is_seeded(page))  # fmt: skip
    yield from link_parts(sections, address)
    for channel in sections.team.channels:
        yield wanted(Kind.CHANNEL, name_key(channel.name), channel.name, {
            "name": channel.name, "description": channel.description, "privacy": channel.privacy,
        }, seeded=is_seeded(channel))  # fmt: skip


def _site(vocabulary: Vocabulary, sections: Sections, address: str, copies: Mapping[str, str]) -> Iterator[Wanted]:
    organisation, site = vocabulary.organisation, sections.site
    title = site.title or ""
    yield wanted(Kind.SITE, "", title, {
        "type": site.type, "language": organisation.language,
        "owner": first_owner(vocabulary, sections.permissions), "title": title,
        "description": site.description or "", "design": site.design,
    })  # fmt: skip
    yield wanted(Kind.REGION, "", "", {
        "time zone": "London", "dates and numbers": organisation.region, "week starts": "Monday",
        "24-hour clock": True,
        "other languages": tuple(each for each in site.other_languages if each != organisation.language) or None,
    })  # fmt: skip
    if site.type == GROUP_SITE:
        alias = address.rpartition("/")[2]
        yield wanted(Kind.GROUP, "", "", {"alias": alias, "privacy": site.privacy or "Private"})
    look = said(sections.look, "theme", "header", "header_emphasis", "footer", "mega_menu", "quick_launch_shown")
    look |= said(site, "comments_on_pages")
    logo = sections.look.logo or sections.hub.logo
    if logo:
        look["logo"] = copies.get(logo, logo)
    if look:
        yield wanted(Kind.LOOK, "", "", look)


def _belonging(vocabulary: Vocabulary, sections: Sections, address: str, copies: Mapping[str, str]) -> Iterator[Wanted]:
    hub = sections.hub
    if hub.is_a_hub:
        who = tuple(login(vocabulary, person) for person in names_of(hub.who_may_join))
        yield wanted(Kind.HUB, "", "", {
            **said(hub, "title", "description", "approval"), "parent": hub.parent or None,
            "logo": f"{address}/SiteAssets/{copies.get(hub.logo, hub.logo)}" if hub.logo else None,
            "who may join": who or None,
        })  # fmt: skip
    if hub.member_of:
        yield wanted(Kind.HUB_MEMBERSHIP, "", "", {"hub": hub.member_of})
    if sections.team.name:
        yield wanted(Kind.TEAM, "", "", {"name": sections.team.name})


def _files(sections: Sections) -> Iterator[Wanted]:
    """Files that libraries begin with; those of a library that the site does without are left out."""
    libraries = {name_key(each.name): each for each in sections.libraries}
    for each in sections.files:
        library = libraries.get(name_key(each.library))
        if library is not None:
            key, path = library_key(library_address(library)), each.path
            yield wanted(
                Kind.FILE, inside(key, path.casefold()), f"{path} in {library.name}",
                {"library": key, "path": path, "from": each.from_}, seeded=True,
            )  # fmt: skip


def _document_sets(vocabulary: Vocabulary, sections: Sections) -> Iterator[Wanted]:
    """The feature that brings document sets, where a content type is one and the template does not name it."""
    every = [*sections.content_types, *(name for each in all_lists(sections) for name in each.content_types)]
    root = ROOT_CONTENT_TYPES[DOCUMENT_SET]
    used = any(vocabulary.content_type_id(name).startswith(root) for name in names_of(tuple(every)))
    if used and name_key(DOCUMENT_SETS) not in map(name_key, names_of(sections.features)):
        yield wanted(Kind.FEATURE, name_key(DOCUMENT_SETS), DOCUMENT_SETS, {"name": DOCUMENT_SETS})


def _limits(vocabulary: Vocabulary, sections: Sections) -> Iterator[Wanted]:
    site, sharing = sections.site, sections.sharing
    limits = said(
        sharing, "external_sharing", "default_link", "default_link_permission", "links_to_people_expire_after",
        "anyone_links_expire_after",
    ) | said(site, "unmanaged_devices")  # fmt: skip
    if site.restrict_access_to:
        limits["restrict access to"] = tuple(
            who_is(vocabulary, sections.permissions, each) for each in names_of(site.restrict_access_to)
        )
    if limits:
        yield wanted(Kind.SHARING, "", "", limits)
    if site.sensitivity_label:
        yield wanted(Kind.LABEL, "", "", {"label": site.sensitivity_label})
    if site.storage_limit is not None:
        yield wanted(Kind.STORAGE, "", "", {"limit": site.storage_limit, "warning": site.storage_warning})
    if site.lock is not None:
        yield wanted(Kind.LOCK, "", "", {"state": site.lock})


def _levels(sections: Sections) -> Iterator[str]:
    """Every permission level that is given to anybody."""
    yield from (group.level for group in sections.permissions.groups)
    for each in all_lists(sections):
        if each.permissions is not None:
            yield from each.permissions.give.values()
