"""Errors of `remove`: what nothing above declares, and what is declared beside it."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.language import Link, Remove, Sections, names_of
from spmigrate.provision.lint.words import Checked
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve.lists import all_lists
from spmigrate.tenant.contents import ROLES, name_key


def removal_problems(checked: Checked) -> Iterator[Problem]:
    """Every error in `remove`."""
    above = declared(checked.above) if checked.above is not None else {}
    own = declared(checked.sections)
    for field in Remove.model_fields:
        section = field.replace("_", " ")
        names = above.get(section, [])
        known = {name_key(name) for name in names}
        beside = {name_key(name) for name in own[section]}
        for n, name in enumerate(getattr(checked.sections.remove, field)):
            place = ("remove", section, n)
            if name_key(name) in beside:
                text = f"'{name}' is declared and removed here"
                yield checked.broken("TPL-15", place, text, "leave out one of the two")
            if name_key(name) not in known:
                yield checked.broken("TPL-14", place, f"no template above declares '{name}'", suggestion(name, names))


def declared(sections: Sections) -> dict[str, list[str]]:
    """The names of everything that `remove` can name, by its section."""
    lists = all_lists(sections)
    permissions = sections.permissions
    people = [
        *((role, getattr(permissions, role.casefold())) for role in (*ROLES, "Administrators")),
        *((group.name, group.people) for group in permissions.groups),
    ]
    return {
        "libraries": [each.name for each in sections.libraries],
        "lists": [each.name for each in sections.lists],
        "views": [f"{each.name}/{view.name}" for each in lists for view in each.views],
        "folders": [f"{each.name}/{path}" for each in lists for path in names_of(each.folders)],
        "files": [f"{each.library}/{each.path}" for each in sections.files],
        "default values": [f"{each.name}/{column}" for each in lists for column in each.default_values],
        "permissions": [
            f"{each.name}/{who}" for each in lists for who in (each.permissions.give if each.permissions else ())
        ],
        "columns shown": [f"{each.name}/{column}" for each in lists for column in names_of(each.columns_shown)],
        "quick launch": list(link_paths(sections.quick_launch.links)),
        "hub navigation": list(link_paths(sections.hub_navigation.links)),
        "footer": list(link_paths(sections.footer.links)),
        "features": list(names_of(sections.features)),
        "groups": [group.name for group in permissions.groups],
        "people": [f"{role}/{person}" for role, entries in people for person in names_of(entries)],
        "pages": [page.file for page in sections.pages],
        "channels": [channel.name for channel in sections.team.channels],
        "site columns": list(names_of(sections.site_columns)),
        "content types": [
            *names_of(sections.content_types),
            *(f"{each.name}/{name}" for each in lists for name in names_of(each.content_types)),
        ],
    }


def link_paths(links: tuple[Link, ...], within: str = "") -> Iterator[str]:
    """The titles that lead to every link."""
    for link in links:
        yield within + link.title
        yield from link_paths(link.links, f"{within}{link.title}/")
