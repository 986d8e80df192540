"""Errors of views, filters and default values: columns that a library does not have, and values that do not fit."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.language import Library, List, View, names_of
from spmigrate.provision.lint.questions import has_conditions
from spmigrate.provision.lint.sections import is_content_type
from spmigrate.provision.lint.vocabulary import unfit
from spmigrate.provision.lint.words import Checked, entries
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.view_filter import conditions
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, name_key


def _said_twice(view: View, library: Library | List) -> bool:
    """Whether a view that opens first has other columns than the library says to open with."""
    return bool(view.columns_shown and library.columns_shown) and (
        names_of(view.columns_shown) != names_of(library.columns_shown)
    )


def column_problems(checked: Checked, place: Place, each: Library | List, merged: Library | List) -> Iterator[Problem]:
    """Every error of the columns that a library or list names."""
    held = held_columns(checked, merged)
    for at, column in entries(each.columns_shown, (*place, "columns shown")):
        yield from _column(checked, at, column, each.name, held)
    for n, view in enumerate(each.views):
        yield from _view(checked, (*place, "views", n), view, each.name, held)
    first = [view for view in merged.views if view.is_default and not has_conditions(view)]
    if len(first) > 1 and any(view.is_default for view in each.views):
        text = f"'{first[0].name}' and '{first[1].name}' cannot both open first"
        yield checked.broken("TPL-31", (*place, "views"), text, "say 'is default: no' of one")
    if first and _said_twice(first[0], merged) and (each.columns_shown or any(view.is_default for view in each.views)):
        text = f"'{first[0].name}' opens first, and its columns are not those of 'columns shown'"
        hint = "leave 'columns shown' out: the view says which columns open first"
        yield checked.broken("TPL-31", (*place, "views"), text, hint)
    for name, value in each.default_values.items():
        at = (*place, "default values", name)
        if name_key(name) not in map(name_key, held):
            text = f"'{each.name}' has no column '{name}'"
            yield checked.broken("TPL-32", at, text, suggestion(name, held))
            continue
        wrong = None if "{" in str(value) else unfit(checked.vocabulary.columns[name_key(name)], str(value))
        if wrong is not None:
            yield checked.broken("TPL-32", at, *wrong)


def held_columns(checked: Checked, merged: Library | List) -> list[str]:
    """The site columns that a library has: those bound to it, and those of its content types."""
    vocabulary = checked.vocabulary
    bound = [name for name in names_of(merged.columns) if name_key(name) in vocabulary.columns]
    brought = [
        column.name
        for name in names_of(merged.content_types)
        if is_content_type(name, vocabulary)
        for column in vocabulary.columns_of(name)
    ]
    return list(dict.fromkeys([*(vocabulary.columns[name_key(name)].name for name in bound), *brought]))


def _view(checked: Checked, place: Place, view: View, library: str, held: list[str]) -> Iterator[Problem]:
    yield from checked.twice((*place, "columns shown"), names_of(view.columns_shown))
    for at, column in entries(view.columns_shown, (*place, "columns shown")):
        yield from _column(checked, at, column, library, held)
    for key, chosen in (("sort by", view.sort_by), ("group by", view.group_by)):
        if chosen is not None:
            yield from _column(checked, (*place, key), chosen, library, held)
    if view.filter is not None:
        try:
            conditions(view.filter, [*BUILT_IN_COLUMNS, *held])
        except ValueError as error:
            hint = "write it like: Review date is before today and Marking is OFFICIAL"
            yield checked.broken("TPL-18", (*place, "filter"), str(error), hint)


def _column(checked: Checked, at: Place, column: str, library: str, held: list[str]) -> Iterator[Problem]:
    known = {name_key(name) for name in held}
    if column not in BUILT_IN_COLUMNS and name_key(column) not in known:
        hint = suggestion(column, [*BUILT_IN_COLUMNS, *held])
        yield checked.broken("TPL-18", at, f"no content type of '{library}' has a column '{column}'", hint)
