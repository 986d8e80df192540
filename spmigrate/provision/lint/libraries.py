"""Errors of the libraries and lists that a template declares: addresses that are taken, and names that nothing has."""

import re
from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.language import ColumnType, Library, List, Sections, names_of
from spmigrate.provision.lint.columns import column_problems
from spmigrate.provision.lint.sections import is_content_type, level_names, person
from spmigrate.provision.lint.words import Checked, entries
from spmigrate.provision.resolve.lists import all_lists, library_address
from spmigrate.tenant.contents import ROLES, library_key, name_key

RESERVED = frozenset({
    "formservertemplates", "images", "iwconvertedforms", "lists", "m", "pages", "preservationholdlibrary",
    "publishingimages", "siteassets", "sitecollectiondocuments", "sitecollectionimages", "sitepages", "style library",
    "workflowtasks",
})  # fmt: skip
"""Addresses below a site where SharePoint puts, or would put, lists and folders of its own, in lower case."""

_REFUSED_IN_PATHS = re.compile(r"""["*:<>?\\|]|^[ ~_.]|\.\.|\.$""")
"""What a folder's name cannot hold (SharePoint's invalid characters, and ends that it cuts off)."""


def library_problems(checked: Checked) -> Iterator[Problem]:
    """Every error in the libraries and lists of a template or exception."""
    yield from _addresses(checked)
    sections: dict[str, tuple[Library | List, ...]] = {
        "libraries": checked.sections.libraries, "lists": checked.sections.lists,
    }  # fmt: skip
    for section, every in sections.items():
        yield from checked.twice((section,), [each.name for each in every])
        for n, each in enumerate(every):
            place: Place = (section, n)
            merged = next(other for other in getattr(checked.whole, section) if same(other, each))
            yield from _names(checked, place, each)
            yield from column_problems(checked, place, each, merged)
            yield from _labels(checked, place, each)
            yield from _permissions(checked, place, each)
            yield from _content_type(checked, place, each, merged)
    yield from _lookups(checked)


def same(one: Library | List, other: Library | List) -> bool:
    """Whether two are one library, said twice."""
    return name_key(one.name) == name_key(other.name)


def _names(checked: Checked, place: Place, each: Library | List) -> Iterator[Problem]:
    for field in ("content_types", "columns", "columns_shown", "folders"):
        yield from checked.twice((*place, field.replace("_", " ")), names_of(getattr(each, field)))
    yield from checked.twice((*place, "views"), [view.name for view in each.views])
    for at, path in entries(each.folders, (*place, "folders")):
        yield from refused_path(checked, at, path)


def refused_path(checked: Checked, at: Place, path: str) -> Iterator[Problem]:
    """Whether SharePoint refuses a part of a folder's path."""
    wrong = next((part for part in path.split("/") if not part or _REFUSED_IN_PATHS.search(part)), None)
    if wrong is not None:
        text = f"a folder cannot be called '{wrong}'"
        yield checked.broken("TPL-36", at, text, 'leave out " * : < > ? \\ | and what begins with ~ _ or a full stop')


def _labels(checked: Checked, place: Place, each: Library | List) -> Iterator[Problem]:
    organisation = checked.vocabulary.organisation
    if isinstance(each, Library) and each.retention_label is not None:
        text = f"organisation.yaml has no retention label '{each.retention_label}'"
        at = (*place, "retention label")
        yield from checked.unknown("TPL-22", at, text, each.retention_label, organisation.retention_labels)
    if isinstance(each, Library) and each.sensitivity_label is not None:
        text = f"organisation.yaml has no sensitivity label '{each.sensitivity_label}'"
        at = (*place, "sensitivity label")
        yield from checked.unknown("TPL-23", at, text, each.sensitivity_label, organisation.sensitivity_labels)


def _permissions(checked: Checked, place: Place, each: Library | List) -> Iterator[Problem]:
    groups = {name_key(name) for name in (*ROLES, *(group.name for group in checked.whole.permissions.groups))}
    levels = level_names(checked.vocabulary)
    for who, level in (each.permissions.give if each.permissions else {}).items():
        at = (*place, "permissions", "give", who)
        yield from checked.unknown("TPL-25", at, f"there is no permission level '{level}'", level, levels)
        if name_key(who) not in groups:
            yield from person(checked, at, who)


def _content_type(checked: Checked, place: Place, each: Library | List, merged: Library | List) -> Iterator[Problem]:
    wanted = each.default_content_type
    if wanted is None:
        return
    text = f"'{wanted}' is not among the content types of '{each.name}'"
    root = "Item" if isinstance(each, List) else "Document"
    known = [*names_of(merged.content_types), root]
    yield from checked.unknown("TPL-29", (*place, "default content type"), text, wanted, known)


def _lookups(checked: Checked) -> Iterator[Problem]:
    """Lookup columns that a template brings, without the list that they look up."""
    known = {name_key(each.name) for each in all_lists(checked.whole)}
    vocabulary = checked.vocabulary
    own = columns_of(checked, checked.sections)
    for column in own:
        found = vocabulary.columns.get(column)
        if found is None or found.type is not ColumnType.LOOKUP or found.looks_up is None:
            continue
        if name_key(found.looks_up.list) not in known:
            text = f"the column '{found.name}' looks up '{found.looks_up.list}', which the site does not have"
            yield checked.broken("TPL-33", _first(checked.sections), text, "declare that library or list here, too")


def columns_of(checked: Checked, sections: Sections) -> list[str]:
    """The keys of all columns that some sections bring."""
    vocabulary = checked.vocabulary
    lists = all_lists(sections)
    types = [*names_of(sections.content_types), *(name for each in lists for name in names_of(each.content_types))]
    named = [*names_of(sections.site_columns), *(name for each in lists for name in names_of(each.columns))]
    found = [name_key(name) for name in named]
    for name in types:
        if is_content_type(name, vocabulary):
            found += [name_key(column.name) for column in vocabulary.columns_of(name)]
    return list(dict.fromkeys(found))


def _first(sections: Sections) -> Place:
    """The section that brings columns."""
    named = {"libraries": sections.libraries, "lists": sections.lists, "content types": sections.content_types}
    return next(((name,) for name, entries in named.items() if entries), ("site columns",))


def _addresses(checked: Checked) -> Iterator[Problem]:
    first: dict[str, str] = {}
    lists = all_lists(checked.whole)
    names = {name_key(each.name): each.name for each in lists}
    for each in lists:
        address = library_address(each)
        leaf = address.rpartition("/")[2]
        if isinstance(each, Library) and address.casefold() in RESERVED:
            text = f"'{address}' is where SharePoint keeps something of its own"
            yield checked.broken("TPL-19", _place(checked, each), text, "choose another address")
        namesake = names.get(name_key(leaf), each.name)
        if namesake != each.name:
            # A library is made under its address and named afterwards, and no two of a site have one name.
            text = f"the address of '{each.name}' is the name of the library '{namesake}'"
            yield checked.broken("TPL-20", _place(checked, each), text, "choose another address")
        other = first.setdefault(library_key(address), each.name)
        if other != each.name:
            text = f"'{each.name}' and '{other}' have one address: {address}"
            yield checked.broken("TPL-20", _place(checked, each), text)
        elif not leaf and "{" not in each.name:
            text = f"'{each.name}' needs an 'address': its name has no plain letters"
            yield checked.broken("TPL-21", _place(checked, each), text)
    own = {name_key(each.name) for each in checked.whole.libraries}
    for n, each in enumerate(checked.sections.lists):
        if name_key(each.name) in own:
            text = f"'{each.name}' is a library, too"
            yield checked.broken("TPL-20", ("lists", n), text, "give one of the two another name")


def _place(checked: Checked, each: Library | List) -> Place:
    section = "lists" if isinstance(each, List) else "libraries"
    own = [name_key(other.name) for other in getattr(checked.sections, section)]
    key = name_key(each.name)
    return (section, own.index(key)) if key in own else (section,)
