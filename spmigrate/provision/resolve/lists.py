"""Libraries and lists of a site, with their views, default values, folders and permissions."""

from collections.abc import Callable, Iterator, Mapping

from spmigrate.provision import identity
from spmigrate.provision.language import Library, LibraryVersions, List, Sections, View, names_of
from spmigrate.provision.resolve.vocabulary_parts import default_text
from spmigrate.provision.resolve.wanted import Wanted, is_seeded, named, said, wanted
from spmigrate.provision.view_filter import conditions
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, Kind, Value, inside, library_key, name_key

LISTS = "Lists"
"""The folder below a site in which lists live."""

WhoIs = Callable[[str], str]
"""How somebody who is named in a template is known to the tenant."""


def library_address(library: Library | List) -> str:
    """The address of a library or list, below the site."""
    leaf = library.address or identity.library_address(library.name)
    return f"{LISTS}/{leaf}" if isinstance(library, List) else leaf


def list_keys(sections: Sections) -> dict[str, str]:
    """What each library and list is matched by, by its name."""
    return {name_key(each.name): library_key(library_address(each)) for each in all_lists(sections)}


def all_lists(sections: Sections) -> tuple[Library | List, ...]:
    """Libraries, then lists."""
    return (*sections.libraries, *sections.lists)


def list_parts(vocabulary: Vocabulary, each: Library | List, *, who_is: WhoIs) -> Iterator[Wanted]:
    """A library or list, and all that belongs to it."""
    key, seeded = library_key(library_address(each)), is_seeded(each)
    yield _settings(vocabulary, each)
    for view in each.views:
        yield _view(vocabulary, each, view, seeded=seeded or is_seeded(view))
    for column, value in each.default_values.items():
        internal = vocabulary.plain_field(column)
        yield wanted(
            Kind.DEFAULT_VALUE, inside(key, internal), f"{column} in {each.name}",
            {"list": key, "column": internal, "value": default_text(vocabulary.columns[name_key(column)], value)},
            seeded=seeded,
        )  # fmt: skip
    for path, left in named(each.folders):
        clean = "/".join(segment.strip() for segment in path.split("/") if segment.strip())
        yield wanted(
            Kind.FOLDER, inside(key, clean.casefold()), f"{clean} in {each.name}", {"library": key, "path": clean},
            seeded=seeded or left,
        )  # fmt: skip
    for somebody, level in (each.permissions.give if each.permissions else {}).items():
        who = who_is(somebody)
        yield wanted(
            Kind.ACCESS_RIGHT, inside(key, who), f"{somebody} in {each.name}",
            {"list": key, "who": who, "level": vocabulary.proper_level(level)}, seeded=seeded,
        )  # fmt: skip


def _settings(vocabulary: Vocabulary, each: Library | List) -> Wanted:
    address = library_address(each)
    attributes: dict[str, Value] = {"address": address, "title": each.name}
    if isinstance(each, List):
        attributes["list type"] = each.type or "Custom list"
    attributes |= said(each, "description", "approval", "searchable", "default_content_type")
    if "default content type" in attributes:
        attributes["default content type"] = vocabulary.proper_name(str(attributes["default content type"]))
    if each.allow_folders is not None:
        attributes["folders"] = each.allow_folders
    attributes |= _versions(each)
    if isinstance(each, Library):
        attributes |= said(each, "retention_label", "sensitivity_label")
        if each.check_out is not None:
            attributes["check-out"] = each.check_out
    attributes |= _columns(vocabulary, each)
    if each.permissions is not None:
        attributes["own permissions"] = not each.permissions.inherit
    kind = Kind.LIST if isinstance(each, List) else Kind.LIBRARY
    return wanted(kind, library_key(address), each.name, attributes, seeded=is_seeded(each))


def _versions(each: Library | List) -> Mapping[str, Value]:
    """What a library or list says about versions. A number of them means that SharePoint does not choose itself."""
    if each.versions is None:
        return {}
    if isinstance(each.versions, str):
        return {"automatic versions": True}
    found = said(each.versions, "drafts_seen_by")
    if each.versions.major is not None:
        found["versions kept"] = each.versions.major
    if each.versions.drafts is not None:
        found["draft versions kept"] = each.versions.drafts
    if isinstance(each.versions, LibraryVersions):
        if each.versions.expire_after is not None:
            found["versions expire after"] = each.versions.expire_after
        if each.versions.major is not None or each.versions.expire_after is not None:
            found["automatic versions"] = False
    return found


def _columns(vocabulary: Vocabulary, each: Library | List) -> Mapping[str, Value]:
    """What a library or list says about content types and columns."""
    found: dict[str, Value] = {}
    if each.content_types:
        found["content types"] = tuple(vocabulary.proper_name(name) for name in names_of(each.content_types))
    if each.columns:
        found["columns"] = tuple(vocabulary.field(name) for name in names_of(each.columns))
    if each.columns_shown:
        found["columns shown"] = tuple(_field(vocabulary, each, name) for name in names_of(each.columns_shown))
    return found


def _field(vocabulary: Vocabulary, each: Library | List, column: str) -> str:
    """The field that a view shows: a list's own drawing of the title leads to the entry."""
    return "LinkTitle" if isinstance(each, List) and column == "Title" else vocabulary.field(column)


def _view(vocabulary: Vocabulary, each: Library | List, view: View, *, seeded: bool) -> Wanted:
    key = library_key(library_address(each))
    attributes: dict[str, Value] = {"list": key, "title": view.name, "formatting": view.formatting}
    if view.columns_shown:
        attributes["columns shown"] = tuple(_field(vocabulary, each, name) for name in names_of(view.columns_shown))
    if view.filter is not None:
        attributes["filter"] = filter_text(vocabulary, view.filter)
    for name, column in (("sort by", view.sort_by), ("group by", view.group_by)):
        attributes[name] = vocabulary.plain_field(column) if column is not None else None
    attributes |= said(view, "descending", "rows")
    if view.is_default:
        attributes["is default"] = True
    label = f"{view.name} in {each.name}"
    return wanted(Kind.VIEW, inside(key, name_key(view.name)), label, attributes, seeded=seeded)


def filter_text(vocabulary: Vocabulary, text: str) -> str:
    """A filter with the fields that its columns have: `CouncilReviewDate is before today`."""
    names = [*BUILT_IN_COLUMNS, *(column.name for column in vocabulary.organisation.site_columns)]
    return " and ".join(
        f"{vocabulary.plain_field(each.column)} {each.asks} {each.value}".rstrip() for each in conditions(text, names)
    )
