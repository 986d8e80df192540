"""Errors of a template's sections about people, looks, pages, hubs and limits."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision import identity
from spmigrate.provision.catalogue import PICTURES
from spmigrate.provision.language import GROUP_SITE, PLACEHOLDER, Names, names_of
from spmigrate.provision.lint.questions import answers_people, has_conditions
from spmigrate.provision.lint.words import ADDRESS, ROLE_ID, Checked, audience_problems, entries, person_problems
from spmigrate.provision.resolve.access import GROUP_PREFIX
from spmigrate.provision.vocabulary import BUILT_IN_LEVELS, Vocabulary
from spmigrate.tenant.contents import ADMINISTRATORS, ROLES, name_key
from spmigrate.tenant.site.features import FEATURES

NOBODY = ("Owners", "Nobody")
MEMBERS = "Members"

_MOST_GROUPS = 10
"""Groups that a site can be restricted to. Source: "Restrict SharePoint site access" of Microsoft Learn."""


def section_problems(checked: Checked) -> Iterator[Problem]:
    """Every error outside libraries, lists and links."""
    yield from _vocabulary(checked)
    yield from _people(checked)
    yield from _groups(checked)
    yield from _looks(checked)
    yield from _pages(checked)
    yield from _hub(checked)
    yield from _limits(checked)
    channels = checked.sections.team.channels
    yield from checked.twice(("team", "channels"), [channel.name for channel in channels])


def level_names(vocabulary: Vocabulary) -> list[str]:
    """Every permission level that a site can give."""
    return [*BUILT_IN_LEVELS, *(level.name for level in vocabulary.levels.values())]


def is_content_type(name: str, vocabulary: Vocabulary) -> bool:
    """Whether sites can have a content type of this name."""
    return name_key(name) in identity.BUILT_IN_CONTENT_TYPES or name_key(name) in vocabulary.content_types


def _vocabulary(checked: Checked) -> Iterator[Problem]:
    sections, vocabulary = checked.sections, checked.vocabulary
    columns = [*entries(sections.site_columns, ("site columns",))]
    types = [*entries(sections.content_types, ("content types",))]
    for section, every in (("libraries", sections.libraries), ("lists", sections.lists)):
        for n, each in enumerate(every):
            columns += entries(each.columns, (section, n, "columns"))
            types += entries(each.content_types, (section, n, "content types"))
    known = [each.name for each in vocabulary.columns.values()]
    for place, name in columns:
        yield from checked.unknown("TPL-06", place, f"organisation.yaml has no site column '{name}'", name, known)
    for place, name in types:
        if not is_content_type(name, vocabulary):
            ours = (each.name for each in vocabulary.content_types.values())
            names = [*identity.BUILT_IN_CONTENT_TYPES.values(), *ours]
            yield from checked.unknown("TPL-07", place, f"organisation.yaml has no content type '{name}'", name, names)
    yield from checked.twice(("site columns",), names_of(sections.site_columns))
    yield from checked.twice(("content types",), names_of(sections.content_types))
    yield from checked.twice(("features",), names_of(sections.features))
    for place, name in entries(sections.features, ("features",)):
        yield from checked.unknown("TPL-26", place, f"no feature is called '{name}'", name, FEATURES)


def _people(checked: Checked) -> Iterator[Problem]:
    permissions = checked.sections.permissions
    for role in (*ROLES, ADMINISTRATORS):
        key = role.casefold()
        yield from people_entries(checked, getattr(permissions, key), ("permissions", key))
        if checked.whole.site.type == GROUP_SITE and role in ("Owners", "Members"):
            for place, entry in entries(getattr(permissions, key), ("permissions", key)):
                if entry.startswith("group:"):
                    text = f"the {role} of a Microsoft 365 group are people; '{entry}' cannot be in it"
                    hint = "name its people, or give the group a role of its own under 'groups'"
                    yield checked.broken("TPL-41", place, text, hint)
    for n, group in enumerate(permissions.groups):
        yield from people_entries(checked, group.people, ("permissions", "groups", n, "people"))
    yield from people_entries(checked, checked.sections.hub.who_may_join, ("hub", "who may join"))
    to = permissions.access.requests_go_to
    known = to is None or to in NOBODY or ROLE_ID.match(to) or ADDRESS.match(to) or PLACEHOLDER.fullmatch(to)
    if not known:
        text = f"'{to}' cannot be asked for access"
        yield checked.broken(
            "TPL-11", ("permissions", "access", "requests go to"), text, "Owners, Nobody, a role id or an address"
        )


def people_entries(checked: Checked, people: Names, section: Place) -> Iterator[Problem]:
    """Errors of a list of people."""
    yield from checked.twice(section, names_of(people))
    for place, entry in entries(people, section):
        yield from person(checked, place, entry)


def person(checked: Checked, place: Place, entry: str) -> Iterator[Problem]:
    """Errors of one entry that names somebody."""
    if "{" in entry:
        yield from answers_people(checked, place, entry)
        return
    groups = checked.vocabulary.organisation.groups
    yield from person_problems(checked.written, (*checked.prefix, *place), entry, groups)


def _groups(checked: Checked) -> Iterator[Problem]:
    groups = checked.sections.permissions.groups
    yield from checked.twice(("permissions", "groups"), [group.name for group in groups])
    for n, group in enumerate(groups):
        place: Place = ("permissions", "groups", n)
        if name_key(group.name) in map(name_key, (*ROLES, ADMINISTRATORS)):
            text = f"every site has '{group.name}' already"
            yield checked.broken("TPL-34", (*place, "name"), text, "name people under 'permissions', by this role")
        levels = level_names(checked.vocabulary)
        text = f"there is no permission level '{group.level}'"
        yield from checked.unknown("TPL-25", (*place, "level"), text, group.level, levels)


def _looks(checked: Checked) -> Iterator[Problem]:
    look, organisation = checked.sections.look, checked.vocabulary.organisation
    if look.theme is not None:
        text = f"organisation.yaml has no theme '{look.theme}'"
        known = [theme.name for theme in organisation.themes]
        yield from checked.unknown("TPL-24", ("look", "theme"), text, look.theme, known)
    for place, picture in ((("look", "logo"), look.logo), (("hub", "logo"), checked.sections.hub.logo)):
        if picture is not None:
            text = f"this folder has no file '{picture}'"
            known = [name for name in checked.catalogue.assets if name.lower().endswith(PICTURES)]
            yield from checked.unknown("TPL-30", place, text, picture, known)
    label = checked.sections.site.sensitivity_label
    if label is not None:
        text = f"organisation.yaml has no sensitivity label '{label}'"
        place = ("site", "sensitivity label")
        yield from checked.unknown("TPL-23", place, text, label, organisation.sensitivity_labels)


def _pages(checked: Checked) -> Iterator[Problem]:
    pages = checked.sections.pages
    yield from checked.twice(("pages",), [page.file for page in pages], "file")
    for n, page in enumerate(pages):
        if page.sections_from is not None:
            text = f"this folder has no file '{page.sections_from}'"
            place: Place = ("pages", n, "sections from")
            yield from checked.unknown("TPL-30", place, text, page.sections_from, checked.catalogue.pages)
            yield from _shown_libraries(checked, place, page.sections_from)
        yield from audience_problems(checked, ("pages", n), page.for_)
    first = [page for page in checked.whole.pages if page.home_page and not has_conditions(page)]
    if len(first) > 1 and any(page.home_page for page in pages):
        text = f"'{first[0].file}' and '{first[1].file}' cannot both be the home page"
        yield checked.broken("TPL-31", ("pages",), text, "say 'home page: no' of one")


def _shown_libraries(checked: Checked, place: Place, file: str) -> Iterator[Problem]:
    """Libraries that a page shows, and that the site does not have."""
    content = checked.catalogue.pages.get(file)
    known = [each.name for each in checked.whole.libraries]
    for section in content.sections if content else ():
        for block in (block for column in section.columns for block in column if block.library):
            text = f"{file} shows the library '{block.library}', which the site does not have"
            yield from checked.unknown("TPL-16", place, text, str(block.library), known)


def _hub(checked: Checked) -> Iterator[Problem]:
    hub, whole = checked.sections.hub, checked.whole
    for field in ("title", "description", "logo", "parent", "approval", "who_may_join"):
        if getattr(hub, field) not in (None, ()) and not whole.hub.is_a_hub:
            name = field.replace("_", " ")
            yield checked.broken("TPL-28", ("hub", name), f"'{name}' is said of a hub", "say 'is a hub: yes', too")
    if checked.sections.hub_navigation.links and not whole.hub.is_a_hub:
        text = "'hub navigation' is said of a hub"
        yield checked.broken("TPL-28", ("hub navigation",), text, "say 'hub: {is a hub: yes}', too")
    own = checked.sections.look
    if whole.hub.logo and whole.look.logo and whole.hub.logo != whole.look.logo and (hub.logo or own.logo):
        yield checked.broken("TPL-28", ("hub", "logo"), "a hub and its site have one logo", "name one picture for both")
    if whole.hub.member_of and whole.look.theme and (hub.member_of or own.theme):
        text = "a site that joins a hub has the hub's theme"
        yield checked.broken("TPL-28", ("look", "theme"), text, "give the theme to the hub")
    if whole.hub.is_a_hub and whole.hub.member_of and (hub.is_a_hub or hub.member_of):
        text = "a hub cannot join another hub"
        yield checked.broken("TPL-28", ("hub", "member of"), text, "name the hub above it as its 'parent'")


def _limits(checked: Checked) -> Iterator[Problem]:
    yield from checked.twice(("site", "other languages"), checked.sections.site.other_languages)
    site, whole, team = checked.sections.site, checked.whole.site, checked.sections.team
    group = whole.type is None or whole.type == GROUP_SITE
    hint = f"say 'type: {GROUP_SITE}'"
    if site.privacy is not None and not group:
        text = "only a site with a Microsoft 365 group is Private or Public"
        yield checked.broken("TPL-27", ("site", "privacy"), text, hint)
    if (team.name is not None or team.channels) and not group:
        yield checked.broken("TPL-27", ("team",), "only a site with a Microsoft 365 group has a team", hint)
    title, name = checked.whole.site.title, checked.whole.team.name
    if name is not None and title is not None and name != title and (team.name or site.title):
        place: Place = ("team", "name") if team.name else ("site", "title")
        text = f"the team is called '{name}' and its site '{title}', but they and their group share one name"
        yield checked.broken("TPL-39", place, text, f'write the same for both, such as name: "{title}"')
    if site.design is not None and whole.type not in (None, "Communication site"):
        text = "only a Communication site has a design"
        yield checked.broken("TPL-27", ("site", "design"), text, "leave it out")
    yield from _storage(checked)
    yield from _restriction(checked)


def _restriction(checked: Checked) -> Iterator[Problem]:
    """Groups of Entra to which a site is restricted; one with a group of its own is restricted to that."""
    section: Place = ("site", "restrict access to")
    said, whole = checked.sections.site.restrict_access_to, checked.whole.site
    yield from checked.twice(section, names_of(said))
    for place, entry in entries(said, section):
        if whole.type == GROUP_SITE and entry != MEMBERS:
            text = f"'{entry}' cannot be asked for: this site is restricted to its Microsoft 365 group or not at all"
            yield checked.broken("TPL-40", place, text, f"write {MEMBERS}")
        elif entry.startswith(GROUP_PREFIX):
            yield from person(checked, place, entry)
        elif whole.type not in (None, GROUP_SITE) or entry != MEMBERS:
            yield checked.broken("TPL-40", place, f"'{entry}' is no group of Entra", "write it like: group:Name")
    if said and len(whole.restrict_access_to) > _MOST_GROUPS:
        text = f"access is restricted to {len(whole.restrict_access_to)} groups; SharePoint takes {_MOST_GROUPS}"
        yield checked.broken("TPL-40", section, text, "make one group of several in Entra")


def _storage(checked: Checked) -> Iterator[Problem]:
    warning, limit = checked.whole.site.storage_warning, checked.whole.site.storage_limit
    said = {"storage_warning", "storage_limit"} & checked.sections.site.model_fields_set
    if said and warning is not None and (limit is None or warning >= limit):
        text = f"the warning at {warning} GB comes too late for a limit of {limit} GB"
        if limit is None:
            text = "a warning about storage needs a limit"
        yield checked.broken("TPL-35", ("site", "storage warning"), text)
