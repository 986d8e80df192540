"""Errors of `organisation.yaml`: names that stand twice, and names that nothing defines."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision import identity
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import ContentType, Organisation
from spmigrate.provision.lint_words import twice
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, name_key


def vocabulary_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the vocabulary."""
    written = catalogue.organisation
    organisation = written.words
    yield from twice(written, ("site columns",), [column.name for column in organisation.site_columns])
    yield from twice(written, ("content types",), [each.name for each in organisation.content_types])
    built_in = {name_key(name) for name in BUILT_IN_COLUMNS}
    names: dict[str, str] = {}
    for n, column in enumerate(organisation.site_columns):
        place = ("site columns", n, "name")
        yield from twice(written, ("site columns", n, "choices"), column.choices)
        if name_key(column.name) in built_in:
            text = f"'{column.name}' is a column that SharePoint has already"
            yield written.problem(place, text, "choose another name")
        other = names.setdefault(identity.internal_name(column.name).casefold(), column.name)
        if name_key(other) != name_key(column.name):
            yield written.problem(place, f"'{column.name}' and '{other}' differ only in punctuation", "rename one")
    yield from _content_type_problems(written)


def _content_type_problems(written: Written[Organisation]) -> Iterator[Problem]:
    organisation = written.words
    columns = {name_key(column.name) for column in organisation.site_columns}
    known = {name_key(each.name): each for each in organisation.content_types}
    for n, content_type in enumerate(organisation.content_types):
        for m, column in enumerate(content_type.columns):
            if name_key(column) not in columns:
                hint = suggestion(column, (each.name for each in organisation.site_columns))
                yield written.problem(("content types", n, "columns", m), f"there is no site column '{column}'", hint)
        place = ("content types", n, "based on")
        if content_type.name in identity.BUILT_IN_CONTENT_TYPES:
            yield written.problem(("content types", n, "name"), f"every site has '{content_type.name}' already")
        elif _circular(content_type, known):
            yield written.problem(place, f"'{content_type.name}' is based on itself, through others")
        elif not _is_known(content_type.based_on, known):
            names = [*identity.BUILT_IN_CONTENT_TYPES, *(each.name for each in known.values())]
            hint = suggestion(content_type.based_on, names)
            yield written.problem(place, f"there is no content type '{content_type.based_on}'", hint)


def _is_known(name: str, known: dict[str, ContentType]) -> bool:
    return name in identity.BUILT_IN_CONTENT_TYPES or name_key(name) in known


def _circular(content_type: ContentType, known: dict[str, ContentType]) -> bool:
    seen = {name_key(content_type.name)}
    above = known.get(name_key(content_type.based_on))
    while above is not None and content_type.based_on not in identity.BUILT_IN_CONTENT_TYPES:
        if name_key(above.name) in seen:
            return True
        seen.add(name_key(above.name))
        above = known.get(name_key(above.based_on))
    return False
