"""Errors of `templates/*.yaml`: inheritance, names that nothing defines, questions that are not asked."""

import re
from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import PLACEHOLDER, Parameter, Template
from spmigrate.provision.lint_libraries import is_content_type, library_problems
from spmigrate.provision.lint_words import person_problems, twice
from spmigrate.provision.merge import chain
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import name_key

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
    yield from twice(written, ("parameters",), [each.name for each in template.parameters])
    yield from _vocabulary_names(written, vocabulary)
    yield from _placeholders(written, whole)
    yield from _people(written, whole)
    yield from _removals(catalogue, written)
    yield from library_problems(written, vocabulary, whole)
    yield from _links(written, whole)
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
        if not is_content_type(name, vocabulary):
            hint = suggestion(name, (each.name for each in vocabulary.content_types.values()))
            yield written.problem(place, f"organisation.yaml has no content type '{name}'", hint)


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
        if re.search("[{}]", PLACEHOLDER.sub("", text)):
            yield written.problem(place, f"a brace stands alone in '{text}'", "write a question's place like: {title}")
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
    inherited = _named(parent) if parent else {}
    declared = _named(template)
    for section in declared:
        names = inherited.get(section, [])
        known = {name_key(name) for name in names}
        own = {name_key(name) for name in declared[section]}
        for n, name in enumerate(getattr(template.remove, section.replace(" ", "_"))):
            place = ("remove", section, n)
            if name_key(name) in own:
                yield written.problem(place, f"'{name}' is declared and removed here", "leave out one of the two")
            if name_key(name) not in known:
                yield written.problem(place, f"no template above declares '{name}'", suggestion(name, names))


def _named(template: Template) -> dict[str, list[str]]:
    """The names of everything that `remove` can name, by its section."""
    return {
        "libraries": [each.name for each in template.libraries],
        "quick launch": [each.title for each in template.quick_launch.links],
        "site columns": list(template.site_columns),
        "content types": list(template.content_types),
    }


def _links(written: Written[Template], whole: Template) -> Iterator[Problem]:
    own = [name_key(link.title) for link in written.words.quick_launch.links]
    yield from twice(
        written, ("quick launch", "links"), [each.title for each in written.words.quick_launch.links], "title"
    )
    libraries = {name_key(each.name): each.name for each in whole.libraries}
    for link in whole.quick_launch.links:
        name = link.to.removeprefix("library/")
        if name == link.to or name_key(name) in libraries:
            continue
        if name_key(link.title) in own:
            place: Place = ("quick launch", "links", own.index(name_key(link.title)), "to")
            yield written.problem(place, f"there is no library '{name}'", suggestion(name, libraries.values()))
        else:
            text = f"the link '{link.title}' leads to the library '{name}', which is removed here"
            yield written.problem(("remove", "libraries"), text, "remove the link, too, or point it elsewhere")
