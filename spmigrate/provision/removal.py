"""Taking away by name: sections without what `remove` names, and what was taken, apart."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from spmigrate.provision.language import (
    Library,
    Link,
    List,
    Menu,
    Named,
    Page,
    Permissions,
    Remove,
    Sections,
    SeedFile,
    Team,
)
from spmigrate.tenant.contents import name_key

S = TypeVar("S", bound=Sections)
L = TypeVar("L", Library, List)

_INNER = ("views", "folders", "columns_shown", "content_types")
_MENUS = ("quick_launch", "hub_navigation", "footer")
ROLES = ("owners", "members", "visitors", "administrators")
"""The lists of people that every site has."""


class Split(NamedTuple):
    """Entries that stay, and entries that go."""

    kept: tuple[Any, ...]
    gone: tuple[Any, ...]


def parted(whole: S, remove: Remove) -> tuple[S, Sections]:
    """`whole` without what `remove` names; and what that was, each with the names of what it was in."""
    names = {field: frozenset(map(name_key, getattr(remove, field))) for field in Remove.model_fields}
    kept: dict[str, Any] = {}
    gone: dict[str, Any] = {}
    for field in ("features", "site_columns", "pages", "content_types", "files"):
        kept[field], gone[field] = split(getattr(whole, field), names[field])
    for field in ("libraries", "lists"):
        kept[field], gone[field] = _part_lists(getattr(whole, field), names[field], names)
    for field in _MENUS:
        menu: Menu = getattr(whole, field)
        links = part_links(menu.links, names[field])
        kept[field] = menu.model_copy(update={"links": links.kept})
        gone[field] = Menu(links=links.gone)
    kept["permissions"], gone["permissions"] = _part_people(whole.permissions, names)
    channels = split(whole.team.channels, names["channels"])
    kept["team"] = whole.team.model_copy(update={"channels": channels.kept})
    gone["team"] = Team(channels=channels.gone)
    changed = {field: value for field, value in kept.items() if value != getattr(whole, field)}
    return whole.model_copy(update=changed), Sections(**gone)


def split(entries: Iterable[Any], names: frozenset[str], within: str = "") -> Split:
    """The entries whose name, with that of what they are in before it, is not among `names`; and the others."""
    kept: list[Any] = []
    gone: list[Any] = []
    for each in entries:
        (gone if within + key_of(each) in names else kept).append(each)
    return Split(tuple(kept), tuple(gone))


def part_links(links: Iterable[Link], names: frozenset[str], within: str = "") -> Split:
    """Links by the titles that lead to them; of a link that stays, those below it are looked at, too."""
    kept, gone = [], []
    for link in links:
        path = within + name_key(link.title)
        if path in names:
            gone.append(link.model_copy(update={"links": ()}))
            continue
        below = part_links(link.links, names, f"{path}/")
        kept.append(link.model_copy(update={"links": below.kept}) if below.gone else link)
        if below.gone:
            gone.append(link.model_copy(update={"links": below.gone}))
    return Split(tuple(kept), tuple(gone))


def _part_lists(lists: Iterable[L], own: frozenset[str], names: Mapping[str, frozenset[str]]) -> Split:
    kept, gone = [], []
    for each in lists:
        if name_key(each.name) in own:
            gone.append(_shell(each))
            continue
        stays, goes = _part_inner(each, names)
        kept.append(each.model_copy(update=stays) if goes else each)
        if goes:
            gone.append(_shell(each).model_copy(update=goes))
    return Split(tuple(kept), tuple(gone))


def _shell(whole: L) -> L:
    """A library or list by what it is known by alone."""
    known = ("name", "address", "when", "for_each", "owned_by")
    return type(whole)(**{field: getattr(whole, field) for field in known if field in whole.model_fields_set})


def _part_inner(whole: Library | List, names: Mapping[str, frozenset[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a library that stay when something goes, and those that hold what goes."""
    within = f"{name_key(whole.name)}/"
    stays: dict[str, Any] = {}
    goes: dict[str, Any] = {}
    for field in _INNER:
        parts = split(getattr(whole, field), names[field], within)
        if parts.gone:
            stays[field], goes[field] = parts
    values = _part_keys(whole.default_values, names["default_values"], within)
    if values[1]:
        stays["default_values"], goes["default_values"] = values
    if whole.permissions is not None:
        given, taken = _part_keys(whole.permissions.give, names["permissions"], within)
        if taken:
            stays["permissions"] = whole.permissions.model_copy(update={"give": given})
            goes["permissions"] = whole.permissions.model_copy(update={"give": taken})
    return stays, goes


def _part_keys(values: Mapping[str, Any], names: frozenset[str], within: str) -> tuple[dict[str, Any], dict[str, Any]]:
    gone = {name: value for name, value in values.items() if within + name_key(name) in names}
    return {name: value for name, value in values.items() if name not in gone}, gone


def _part_people(whole: Permissions, names: Mapping[str, frozenset[str]]) -> tuple[Permissions, Permissions]:
    people = names["people"]
    stays: dict[str, Any] = {}
    goes: dict[str, Any] = {}
    for role in ROLES:
        stays[role], goes[role] = split(getattr(whole, role), people, f"{role}/")
    groups = split(whole.groups, names["groups"])
    kept, gone = [], [group.model_copy(update={"people": ()}) for group in groups.gone]
    for group in groups.kept:
        parts = split(group.people, people, f"{name_key(group.name)}/")
        kept.append(group.model_copy(update={"people": parts.kept}) if parts.gone else group)
        if parts.gone:
            gone.append(group.model_copy(update={"people": parts.gone}))
    stays["groups"] = tuple(kept)
    return whole.model_copy(update=stays), Permissions(**goes, groups=tuple(gone))


def key_of(entry: Any) -> str:
    """What an entry of a list is matched by: its name, title or file, compared without case."""
    if isinstance(entry, str | Named):
        return name_key(entry if isinstance(entry, str) else entry.name)
    if isinstance(entry, Link):
        return name_key(entry.title)
    if isinstance(entry, SeedFile):
        return f"{name_key(entry.library)}/{entry.path.casefold()}"
    return name_key(entry.file if isinstance(entry, Page) else entry.name)
