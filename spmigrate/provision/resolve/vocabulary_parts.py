"""Columns, content types and permission levels that a site needs, from the organisation's vocabulary."""

from collections.abc import Iterable, Iterator, Mapping

from spmigrate.provision import identity
from spmigrate.provision.language import ColumnType, PermissionLevel, Sections, SiteColumn, names_of
from spmigrate.provision.resolve.wanted import Wanted, wanted
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import DOCUMENT_TEMPLATE, Kind, Value, name_key
from spmigrate.tenant.site.permission_levels import RIGHTS

_RIGHTS = {name_key(word): word for word in RIGHTS}

GROUP = "Council"
"""The heading under which SharePoint lists our columns and content types."""


def column_parts(vocabulary: Vocabulary, sections: Sections, lists: Mapping[str, str]) -> Iterator[Wanted]:
    """The site columns and content types of a site; `lists` are the keys of its libraries and lists by name."""
    every = [*sections.libraries, *sections.lists]
    bound = [*names_of(sections.content_types), *(name for each in every for name in names_of(each.content_types))]
    families = dict.fromkeys(name for each in bound for name in vocabulary.family(each))
    named = [*names_of(sections.site_columns), *(name for each in every for name in names_of(each.columns))]
    columns = {
        name_key(column.name): column
        for column in [
            *(vocabulary.columns[name_key(name)] for name in named),
            *(column for name in families for column in vocabulary.columns_of(name)),
        ]
    }
    for column in columns.values():
        yield _column(vocabulary, column, lists)
    for name in families:
        yield _content_type(vocabulary, name)


def level_parts(vocabulary: Vocabulary, used: Iterable[str]) -> Iterator[Wanted]:
    """The organisation's own permission levels among those that a site uses."""
    for key in dict.fromkeys(map(name_key, used)):
        level: PermissionLevel | None = vocabulary.levels.get(key)
        if level is not None:
            yield wanted(Kind.PERMISSION_LEVEL, key, level.name, {
                "name": level.name, "description": level.description,
                "allows": tuple(_RIGHTS.get(name_key(word), word) for word in level.allows),
            })  # fmt: skip


def _column(vocabulary: Vocabulary, column: SiteColumn, lists: Mapping[str, str]) -> Wanted:
    internal = identity.internal_name(column.name)
    attributes: dict[str, Value] = {
        "id": identity.column_id(internal), "type": column.type.value, "title": column.name,
        "description": column.description, "required": column.required, "group": GROUP,
    }  # fmt: skip
    if "indexed" in column.model_fields_set or column.unique_values:
        attributes["indexed"] = column.indexed or column.unique_values
    if "unique_values" in column.model_fields_set:
        attributes["unique"] = column.unique_values
    if column.default is not None:
        attributes["default"] = default_text(column, column.default)
    if column.choices:
        attributes["choices"] = column.choices
    if column.looks_up is not None:
        attributes["looks up"] = lists.get(name_key(column.looks_up.list), column.looks_up.list)
        attributes["shows"] = vocabulary.plain_field(column.looks_up.shows)
    return wanted(Kind.COLUMN, internal, column.name, {
        **attributes, "term set": column.term_set, "formatting": column.formatting,
    })  # fmt: skip


def default_text(column: SiteColumn, value: str | float) -> str:
    """A value of a column as people would type it, in one form."""
    text = str(value)
    if column.type is ColumnType.YES_NO:
        return "yes" if text.casefold() in ("yes", "true", "on") else "no"
    if column.type is ColumnType.MULTIPLE_CHOICE:
        return "; ".join(each.strip() for each in text.split(";"))
    return "today" if column.type is ColumnType.DATE and text.casefold() == "today" else text


def _content_type(vocabulary: Vocabulary, name: str) -> Wanted:
    uses = vocabulary.uses_of(name)
    content_type = vocabulary.content_types[name_key(name)]
    attributes: dict[str, Value] = {
        "id": vocabulary.content_type_id(name), "name": content_type.name,
        "parent": vocabulary.proper_name(content_type.based_on), "description": content_type.description,
        "group": GROUP, "columns": tuple(identity.internal_name(use.column.name) for use in uses),
    }  # fmt: skip
    if any(use.required is not None for use in uses):
        attributes["required columns"] = tuple(
            identity.internal_name(use.column.name)
            for use in uses
            if (use.column.required if use.required is None else use.required)
        )
    if any(use.hidden is not None for use in uses):
        attributes["hidden columns"] = tuple(identity.internal_name(use.column.name) for use in uses if use.hidden)
    template = vocabulary.document_template(name)
    if template is not None:
        attributes[DOCUMENT_TEMPLATE] = template
    if content_type.from_hub:
        attributes["source"] = "hub"
    return wanted(Kind.CONTENT_TYPE, name_key(name), content_type.name, attributes)
