"""Errors of `organisation.yaml`: names that stand twice, and names that nothing defines."""

import re
from collections.abc import Iterator, Mapping

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place, read_day
from spmigrate.provision import identity
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import (
    ColumnType,
    ContentType,
    Organisation,
    SiteColumn,
    column_of,
    term_set_of,
    terms_of,
)
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.lint.units import unit_problems
from spmigrate.provision.lint.words import twice
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.vocabulary import BUILT_IN_LEVELS, Vocabulary
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, ROOT_CONTENT_TYPES, name_key
from spmigrate.tenant.site.permission_levels import RIGHTS


def vocabulary_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the vocabulary."""
    written = catalogue.organisation
    organisation = written.words
    for section, names, key in (
        ("site columns", [column.name for column in organisation.site_columns], "name"),
        ("content types", [each.name for each in organisation.content_types], "name"),
        ("permission levels", [each.name for each in organisation.permission_levels], "name"),
        ("themes", [each.name for each in organisation.themes], "name"),
        ("retention labels", organisation.retention_labels, ""),
        ("sensitivity labels", organisation.sensitivity_labels, ""),
        ("groups", organisation.groups, ""),
        ("units", [each.code for each in organisation.units], "code"),
        ("tier labels", organisation.tier_labels, ""),
    ):
        yield from twice("ORG-01", written, (section,), names, key)
    yield from _term_sets(written)
    yield from _columns(written)
    yield from _content_types(written)
    yield from _document_templates(catalogue)
    yield from _levels(written)
    yield from unit_problems(catalogue)
    for n, group in enumerate(organisation.groups):
        if "everyone" in group.casefold():
            text = f"'{group}' opens sites to the whole organisation"
            yield broken("TPL-12", written, ("groups", n), text, "name the groups that need access")


def _columns(written: Written[Organisation]) -> Iterator[Problem]:
    built_in = {name_key(name) for name in BUILT_IN_COLUMNS}
    names: dict[str, str] = {}
    known = {name_key(name): name for name in map(term_set_of, written.words.term_sets)}
    for n, column in enumerate(written.words.site_columns):
        place = ("site columns", n, "name")
        yield from twice("ORG-01", written, ("site columns", n, "choices"), column.choices)
        if name_key(column.name) in built_in:
            text = f"'{column.name}' is a column that SharePoint has already"
            yield broken("ORG-02", written, place, text, "choose another name")
        other = names.setdefault(identity.internal_name(column.name).casefold(), column.name)
        if name_key(other) != name_key(column.name):
            text = f"'{column.name}' and '{other}' differ only in punctuation"
            yield broken("ORG-03", written, place, text, "rename one")
        if column.term_set is not None and name_key(column.term_set) not in known:
            text = f"'term sets' does not name '{column.term_set}'"
            hint = suggestion(column.term_set, known.values())
            yield broken("ORG-08", written, ("site columns", n, "term set"), text, hint)
        if column.default is not None:
            wrong = unfit(column, str(column.default))
            if wrong:
                yield broken("ORG-09", written, ("site columns", n, "default"), *wrong)


def _term_sets(written: Written[Organisation]) -> Iterator[Problem]:
    """Term sets, and terms beside each other, that stand twice."""
    sets = written.words.term_sets
    seen: set[str] = set()
    for n, each in enumerate(sets):
        if name_key(term_set_of(each)) in seen:
            place: Place = ("term sets", n) if isinstance(each, str) else ("term sets", n, "name")
            yield broken("ORG-01", written, place, f"'{term_set_of(each)}' stands here twice", "leave one of them out")
        seen.add(name_key(term_set_of(each)))
        if not isinstance(each, str):
            known = list(map(name_key, terms_of(each.terms)))
            for name in dict.fromkeys(each for each in known if known.count(each) > 1):
                text = f"the term '{name}' stands here twice"
                yield broken("ORG-01", written, ("term sets", n, "terms"), text, "leave one of them out")


def unfit(column: SiteColumn, value: str) -> tuple[str, str] | None:
    """Why a column cannot have this value, and what it could have; None when it can."""
    if column.type in (ColumnType.CHOICE, ColumnType.MULTIPLE_CHOICE):
        several = column.type is ColumnType.MULTIPLE_CHOICE
        for each in value.split(";") if several else (value,):
            if (each.strip() if several else each) not in column.choices:
                return f"'{each}' is not a choice of '{column.name}'", suggestion(each, column.choices)
    elif column.type is ColumnType.YES_NO:
        if value.casefold() not in ("yes", "no", "true", "false", "on", "off"):
            return f"'{column.name}' takes yes or no", "write yes or no"
    elif column.type in (ColumnType.NUMBER, ColumnType.CURRENCY):
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            return f"'{column.name}' takes a number", "write it like: 12.5"
    elif column.type is ColumnType.DATE and value.casefold() != "today":
        try:
            read_day(value)
        except ValueError:
            return f"'{column.name}' takes a date", "write it as 2026-04-30, or today"
    return None


def _content_types(written: Written[Organisation]) -> Iterator[Problem]:
    organisation = written.words
    columns = {name_key(column.name) for column in organisation.site_columns}
    known = {name_key(each.name): each for each in organisation.content_types}
    for n, content_type in enumerate(organisation.content_types):
        for m, use in enumerate(content_type.columns):
            column = column_of(use)
            if name_key(column) not in columns:
                hint = suggestion(column, (each.name for each in organisation.site_columns))
                at: Place = ("content types", n, "columns", m)
                yield broken("ORG-04", written, at, f"there is no site column '{column}'", hint)
        names = [column_of(use) for use in content_type.columns]
        yield from twice("ORG-01", written, ("content types", n, "columns"), names, "column")
        yield from _base(written, n, content_type, known)


def _document_templates(catalogue: Catalogue) -> Iterator[Problem]:
    written = catalogue.organisation
    vocabulary = Vocabulary(written.words)
    for n, each in enumerate(written.words.content_types):
        place: Place = ("content types", n, "document template")
        if each.document_template is None:
            continue
        if each.from_hub:
            text = f"'{each.name}' comes from the gallery, and so does what a new document begins as"
            yield broken("ORG-14", written, place, text, "set the template there, and leave it out here")
        elif each.document_template not in catalogue.assets:
            hint = suggestion(each.document_template, catalogue.assets)
            yield broken("ORG-14", written, place, f"this folder has no file '{each.document_template}'", hint)
        elif not _is_document(vocabulary, each.name):
            text = f"'{each.name}' is no document, which could begin as a file"
            yield broken("ORG-14", written, place, text, "leave it out, or base the content type on Document")


def _is_document(vocabulary: Vocabulary, name: str) -> bool:
    try:
        return vocabulary.content_type_id(name).startswith(ROOT_CONTENT_TYPES["Document"])
    except (KeyError, RecursionError):
        return True  # what it is based on is wrong, which another rule says


def _base(
    written: Written[Organisation], n: int, content_type: ContentType, known: Mapping[str, ContentType]
) -> Iterator[Problem]:
    place = ("content types", n, "based on")
    if name_key(content_type.name) in identity.BUILT_IN_CONTENT_TYPES:
        text = f"SharePoint has '{content_type.name}' already"
        yield broken("ORG-07", written, ("content types", n, "name"), text, "choose another name")
    elif _circular(content_type, known):
        yield broken("ORG-06", written, place, f"'{content_type.name}' is based on itself, through others")
    elif name_key(content_type.based_on) not in {*identity.BUILT_IN_CONTENT_TYPES, *known}:
        names = [*identity.BUILT_IN_CONTENT_TYPES.values(), *(each.name for each in known.values())]
        hint = suggestion(content_type.based_on, names)
        yield broken("ORG-05", written, place, f"there is no content type '{content_type.based_on}'", hint)


def _circular(content_type: ContentType, known: Mapping[str, ContentType]) -> bool:
    seen = {name_key(content_type.name)}
    above = known.get(name_key(content_type.based_on))
    while above is not None:
        if name_key(above.name) in seen:
            return True
        seen.add(name_key(above.name))
        built_in = name_key(above.based_on) in identity.BUILT_IN_CONTENT_TYPES
        above = None if built_in else known.get(name_key(above.based_on))
    return False


def _levels(written: Written[Organisation]) -> Iterator[Problem]:
    built_in = {name_key(name) for name in BUILT_IN_LEVELS}
    words = {name_key(word) for word in RIGHTS}
    for n, level in enumerate(written.words.permission_levels):
        if name_key(level.name) in built_in:
            text = f"every site has the permission level '{level.name}' already"
            yield broken("ORG-10", written, ("permission levels", n, "name"), text, "choose another name")
        for m, word in enumerate(level.allows):
            if name_key(word) not in words:
                text = f"'{word}' is nothing that a permission level allows"
                place = ("permission levels", n, "allows", m)
                yield broken("ORG-11", written, place, text, suggestion(word, RIGHTS))
