"""Errors of `sites/*.yaml`: addresses that collide, answers that miss their questions, hubs that are none."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import LINK_TARGET, PLACEHOLDER, Answer, Parameter, SiteFile, Template, names_of
from spmigrate.provision.lint_words import person_problems
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve import Answers, answered, fill, people
from spmigrate.tenant.contents import name_key


def site_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the sites."""
    yield from _shared_addresses(catalogue)
    hubs = {name_key(written.words.address) for written in catalogue.sites if _is_hub(catalogue, written.words)}
    for written in catalogue.sites:
        template = catalogue.whole(written.words.template)
        if template is None or template.kind is None:
            known = [each.template for each in catalogue.by_name.values() if each.kind is not None]
            hint = suggestion(written.words.template, known)
            yield written.problem(("template",), f"no template for sites is called '{written.words.template}'", hint)
            continue
        wrong = [*_answers(written, template)]
        yield from wrong
        yield from _business_class(catalogue, written)
        answers = answered(template.parameters, written.words.answers)
        hub = fill(template.hub.member_of or "", answers)
        if hub and name_key(hub) not in hubs:
            yield _no_hub(catalogue, written, template, hub)
        if not wrong:
            yield from _filled(written, template, answers)


def _shared_addresses(catalogue: Catalogue) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for written in catalogue.sites:
        other = first.setdefault(name_key(written.words.address), written.source.name)
        if other != written.source.name:
            yield written.problem(("address",), f"{written.words.address} is also the address in {other}")


def _is_hub(catalogue: Catalogue, file: SiteFile) -> bool:
    template = catalogue.whole(file.template)
    return bool(template and template.hub.is_a_hub)


def _no_hub(catalogue: Catalogue, written: Written[SiteFile], template: Template, hub: str) -> Problem:
    named = next((each for each in catalogue.sites if name_key(each.words.address) == name_key(hub)), None)
    if named is not None:
        hint = f"make it one: '{named.words.template}', its template, needs 'hub: {{is a hub: yes}}'"
    else:
        known = [each.words.address for each in catalogue.sites if _is_hub(catalogue, each.words)]
        hint = (
            f"{suggestion(hub, known)}; or add a file for {hub} to sites/, of a template that says "
            "'hub: {is a hub: yes}'"
        )
    return written.problem(_hub_place(template), f"'{hub}' is not a hub of this folder", hint)


def _filled(written: Written[SiteFile], template: Template, answers: Answers) -> Iterator[Problem]:
    """What the answers make of a template: a site needs a title and an owner, and its links an address."""
    if not fill(template.site.title or "", answers).strip():
        yield written.problem(("answers",), "the site has no title")
    if not people(names_of(template.permissions.owners), answers):
        hint = "name two roles at least, here or under 'permissions' of its template"
        yield written.problem(("answers", "owners"), "the site has no owner", hint)
    libraries = {name_key(library.name) for library in template.libraries}
    for link in template.quick_launch.links:
        asked = PLACEHOLDER.search(link.to or '')
        to = fill(link.to or '', answers)
        if not asked or not to:
            continue
        name = to.removeprefix("library/")
        if not LINK_TARGET.fullmatch(to) or (name != to and name_key(name) not in libraries):
            text = f"the link '{link.title}' would lead to '{to}', which is not an address"
            hint = "write it like: /sites/d-h7k2m, or https://www.council.example"
            yield written.problem(("answers", asked[1]), text, hint)


def _hub_place(template: Template) -> tuple[str, ...]:
    name = (template.hub.member_of or "").strip("{}")
    return ("answers", name)


def _answers(written: Written[SiteFile], template: Template) -> Iterator[Problem]:
    file = written.words
    asked = {name_key(each.name): each for each in template.parameters}
    for name, answer in file.answers.items():
        question = asked.get(name_key(name))
        if question is None:
            hint = suggestion(name, (each.name for each in asked.values()))
            yield written.problem(("answers", name), f"'{file.template}' does not ask for '{name}'", hint)
        else:
            yield from _answer(written, question, name, answer)
    answered = {name_key(name) for name in file.answers}
    for key, question in asked.items():
        if key not in answered and not question.optional:
            hint = f'"{question.ask}"' + (f", for example: {question.example}" if question.example else "")
            yield written.problem(("answers",), f"the answer '{question.name}' is missing", hint)


def _answer(
    written: Written[SiteFile], question: Parameter, name: str, answer: Answer
) -> Iterator[Problem]:
    if question.answer == "People":
        for n, entry in enumerate(answer if isinstance(answer, tuple) else (str(answer),)):
            place = ("answers", name) if not isinstance(answer, tuple) else ("answers", name, n)
            yield from person_problems(written, place, entry)
    elif isinstance(answer, bool | int | float):
        text = f"expected text; write it in quotes, such as '{answer}'"
        yield written.problem(("answers", name), text)
    elif not isinstance(answer, str):
        yield written.problem(("answers", name), f"'{question.name}' takes one answer, not a list")
    elif question.answer == "Site" and not answer.startswith("/sites/"):
        text = f"'{answer}' is not the address of a site"
        yield written.problem(("answers", name), text, "write it like: /sites/d-h7k2m")


def _business_class(catalogue: Catalogue, written: Written[SiteFile]) -> Iterator[Problem]:
    column = next(
        (each for each in catalogue.organisation.words.site_columns if name_key(each.name) == "business class"), None
    )
    given = written.words.business_class
    if given and column is not None and given not in column.choices:
        hint = suggestion(given, column.choices)
        yield written.problem(("business class",), f"'{given}' is not in the classification scheme", hint)
