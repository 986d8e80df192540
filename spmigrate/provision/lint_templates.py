"""Errors of `templates/*.yaml`: inheritance, names that nothing defines, questions that are not asked."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision import identity
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import PLACEHOLDER, Library, Parameter, Template
from spmigrate.provision.lint_words import person_problems, twice
from spmigrate.provision.merge import chain
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve import library_address
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, library_key, name_key

LONGEST_CHAIN = 4


def template_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the templates."""
    broken = [*_inheritance(catalogue)]
    yield from broken
    if broken:
        return
    for written in catalogue.templates:
        whole = catalogue.whole(written.words.template)
        if whole is not None:
            yield from _one(catalogue, written, whole)


def _inheritance(catalogue: Catalogue) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for written in catalogue.templates:
        template = written.words
        other = seen.setdefault(name_key(template.template), written.source.name)
        if other != written.source.name:
            yield written.problem(("template",), f"'{template.template}' is also the name in {other}")
        if template.extends is None:
            continue
        if template.extends not in catalogue.by_name:
            hint = suggestion(template.extends, catalogue.by_name)
            yield written.problem(("extends",), f"there is no template '{template.extends}'", hint)
            continue
        above = chain(template.template, catalogue.by_name)
        if above[0].extends in catalogue.by_name:
            yield written.problem(("extends",), f"'{template.template}' extends itself, through others")
        elif len(above) > LONGEST_CHAIN:
            yield written.problem(("extends",), f"{len(above)} templates in a row; {LONGEST_CHAIN} is the most")


def _one(catalogue: Catalogue, written: Written[Template], whole: Template) -> Iterator[Problem]:
    template = written.words
    vocabulary = Vocabulary(catalogue.organisation.words)
    yield from twice(written, "parameters", [each.name for each in template.parameters])
    yield from twice(written, "libraries", [each.name for each in template.libraries])
    yield from _vocabulary_names(written, vocabulary)
    yield from _placeholders(written, whole)
    yield from _people(written, whole)
    yield from _removals(catalogue, written)
    yield from _addresses(written, whole)
    for n, library in enumerate(template.libraries):
        yield from _columns_shown(written, vocabulary, n, library, whole)
    for n, link in enumerate(template.quick_launch.links):
        if link.to.startswith("library/"):
            name = link.to.removeprefix("library/")
            if name_key(name) not in {name_key(each.name) for each in whole.libraries}:
                hint = suggestion(name, (each.name for each in whole.libraries))
                yield written.problem(("quick launch", "links", n, "to"), f"there is no library '{name}'", hint)
    if template.kind is not None:
        for key, value in (("type", whole.site.type), ("title", whole.site.title)):
            if value is None:
                yield written.problem(("site",), f"a template with a kind makes sites, so 'site' needs '{key}'")


def _vocabulary_names(written: Written[Template], vocabulary: Vocabulary) -> Iterator[Problem]:
    template = written.words
    columns: list[tuple[Place, str]] = [(("site columns", n), name) for n, name in enumerate(template.site_columns)]
    for place, name in columns:
        if name_key(name) not in vocabulary.columns:
            hint = suggestion(name, (each.name for each in vocabulary.columns.values()))
            yield written.problem(place, f"organisation.yaml has no site column '{name}'", hint)
    bound: list[tuple[Place, str]] = [(("content types", n), name) for n, name in enumerate(template.content_types)]
    for n, library in enumerate(template.libraries):
        bound += [(("libraries", n, "content types", m), name) for m, name in enumerate(library.content_types)]
    for place, name in bound:
        if not _is_content_type(name, vocabulary):
            hint = suggestion(name, (each.name for each in vocabulary.content_types.values()))
            yield written.problem(place, f"organisation.yaml has no content type '{name}'", hint)


def _is_content_type(name: str, vocabulary: Vocabulary) -> bool:
    return name in identity.BUILT_IN_CONTENT_TYPES or name_key(name) in vocabulary.content_types


def _columns_shown(
    written: Written[Template], vocabulary: Vocabulary, n: int, library: Library, whole: Template
) -> Iterator[Problem]:
    merged = next((each for each in whole.libraries if name_key(each.name) == name_key(library.name)), library)
    held = [
        column.name
        for name in merged.content_types
        if _is_content_type(name, vocabulary)
        for column in vocabulary.columns_of(name)
    ]
    known = {name_key(name) for name in held}
    for m, column in enumerate(library.columns_shown):
        if column not in BUILT_IN_COLUMNS and name_key(column) not in known:
            hint = suggestion(column, [*BUILT_IN_COLUMNS, *held])
            place = ("libraries", n, "columns shown", m)
            yield written.problem(place, f"no content type of '{library.name}' has a column '{column}'", hint)


def _placeholders(written: Written[Template], whole: Template) -> Iterator[Problem]:
    template = written.words
    known = {name_key(each.name): each for each in whole.parameters}
    used: list[tuple[Place, str]] = [
        (("site", "title"), template.site.title or ""),
        (("site", "description"), template.site.description or ""),
        (("hub", "member of"), template.hub.member_of or ""),
    ]
    used += [(("quick launch", "links", n, "to"), link.to) for n, link in enumerate(template.quick_launch.links)]
    for place, text in used:
        for name in PLACEHOLDER.findall(text):
            if name_key(name) not in known:
                yield _unasked(written, place, name, whole)
            elif place == ("hub", "member of") and known[name_key(name)].answer != "Site":
                yield written.problem(place, f"'{name}' is not a question that is answered by a Site")


def _people(written: Written[Template], whole: Template) -> Iterator[Problem]:
    known: dict[str, Parameter] = {name_key(each.name): each for each in whole.parameters}
    permissions = written.words.permissions
    for group in ("owners", "members", "visitors"):
        for n, entry in enumerate(getattr(permissions, group)):
            place: Place = ("permissions", group, n)
            match = PLACEHOLDER.fullmatch(entry)
            if match is None:
                yield from person_problems(written, place, entry)
            elif name_key(match[1]) not in known:
                yield _unasked(written, place, match[1], whole)
            elif known[name_key(match[1])].answer != "People":
                yield written.problem(place, f"'{match[1]}' is not a question that is answered by People")


def _unasked(written: Written[Template], place: Place, name: str, whole: Template) -> Problem:
    hint = suggestion(name, (each.name for each in whole.parameters))
    return written.problem(place, f"no parameter is called '{name}'", hint)


def _removals(catalogue: Catalogue, written: Written[Template]) -> Iterator[Problem]:
    template = written.words
    parent = catalogue.whole(template.extends or "")
    inherited = {
        "libraries": [each.name for each in parent.libraries] if parent else [],
        "quick launch": [each.title for each in parent.quick_launch.links] if parent else [],
        "site columns": list(parent.site_columns) if parent else [],
        "content types": list(parent.content_types) if parent else [],
    }
    for section, names in inherited.items():
        known = {name_key(name) for name in names}
        for n, name in enumerate(getattr(template.remove, section.replace(" ", "_"))):
            if name_key(name) not in known:
                place = ("remove", section, n)
                yield written.problem(place, f"no template above declares '{name}'", suggestion(name, names))


def _addresses(written: Written[Template], whole: Template) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for library in whole.libraries:
        address = library_address(library)
        other = first.setdefault(library_key(address), library.name)
        if other != library.name:
            yield written.problem(("libraries",), f"'{library.name}' and '{other}' have one address: {address}")
        elif not address:
            yield written.problem(("libraries",), f"'{library.name}' needs an 'address': its name has no plain letters")
