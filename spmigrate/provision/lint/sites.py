"""Errors of `sites/*.yaml`: addresses that collide, answers that miss their questions, exceptions that cannot be."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Parameter, SiteFile, Template
from spmigrate.provision.lint.answers import wrong_answer
from spmigrate.provision.lint.filled import filled_problems
from spmigrate.provision.lint.hubs import hub_problems
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.lint.templates import sections_problems
from spmigrate.provision.lint.words import Checked, person_problems
from spmigrate.provision.merge import merged
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import name_key

RESERVED = frozenset({"appcatalog", "compliancepolicycenter", "contenttypehub", "search", "portal", "pwa"})
"""Addresses below `/sites/` where SharePoint keeps sites of its own, in lower case."""


def site_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Every error in the sites."""
    yield from _addresses(catalogue)
    for written in catalogue.sites:
        template = catalogue.whole(written.words.template)
        if template is None or template.kind is None:
            known = [each.template for each in catalogue.by_name.values() if each.kind is not None]
            text = f"no template for sites is called '{written.words.template}'"
            yield broken("SIT-02", written, ("template",), text, suggestion(written.words.template, known))
            continue
        wrong = [*_answers(catalogue, written, template), *_exceptions(catalogue, written, template)]
        yield from wrong
        yield from _fields(catalogue, written)
        if not wrong:
            yield from filled_problems(catalogue, written, template)
    yield from hub_problems(catalogue)


def _addresses(catalogue: Catalogue) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for written in catalogue.sites:
        address = written.words.address
        other = first.setdefault(name_key(address), written.source.name)
        if other != written.source.name:
            yield broken("SIT-01", written, ("address",), f"{address} is also the address in {other}")
        if address.removeprefix("/sites/").casefold() in RESERVED:
            text = f"{address} is where SharePoint keeps a site of its own"
            yield broken("SIT-14", written, ("address",), text, "choose another address")


def _answers(catalogue: Catalogue, written: Written[SiteFile], template: Template) -> Iterator[Problem]:
    file = written.words
    asked = {name_key(each.name): each for each in template.parameters}
    for name in file.answers:
        question = asked.get(name_key(name))
        if question is None:
            hint = suggestion(name, (each.name for each in asked.values()))
            yield broken("SIT-03", written, ("answers", name), f"'{file.template}' does not ask for '{name}'", hint)
        else:
            yield from answer_problems(catalogue, written, question, name)
    answered = {name_key(name) for name in file.answers}
    for key, question in asked.items():
        if key not in answered and not question.optional and question.default is None:
            hint = f'"{question.ask}"' + (f", for example: {question.example}" if question.example else "")
            yield broken("SIT-04", written, ("answers",), f"the answer '{question.name}' is missing", hint)


def answer_problems(
    catalogue: Catalogue, written: Written[SiteFile], question: Parameter, name: str
) -> Iterator[Problem]:
    """What is wrong with the answer that a site file gives to one question."""
    answer = written.words.answers[name]
    wrong = wrong_answer(question, answer)
    if wrong is not None:
        yield broken("SIT-05", written, ("answers", name), *wrong)
    elif question.answer == "People":
        groups = catalogue.organisation.words.groups
        for n, entry in enumerate(answer if isinstance(answer, tuple) else (str(answer),)):
            place = ("answers", name, n) if isinstance(answer, tuple) else ("answers", name)
            yield from person_problems(written, place, entry, groups)
    elif question.choices_from is not None:
        known = [
            each.words.address
            for each in catalogue.sites
            if (whole := catalogue.whole(each.words.template)) and whole.kind is question.choices_from.kind
        ]
        if name_key(str(answer)) not in map(name_key, known):
            text = f"'{answer}' is not the address of a {question.choices_from.kind} of this folder"
            yield broken("SIT-05", written, ("answers", name), text, suggestion(str(answer), known))


def _exceptions(catalogue: Catalogue, written: Written[SiteFile], template: Template) -> Iterator[Problem]:
    """Errors of each exception, on top of the template and the exceptions before it."""
    above = template
    for n, override in enumerate(written.words.override):
        whole = merged(above, override)
        prefix = ("override", n)
        yield from sections_problems(Checked(catalogue, written, override, whole, template.parameters, above, prefix))
        above = whole


def _fields(catalogue: Catalogue, written: Written[SiteFile]) -> Iterator[Problem]:
    file = written.words
    for key, given, what in (
        ("business class", file.business_class, "in the classification scheme"),
        ("marking", file.marking, "a marking"),
    ):
        columns = catalogue.organisation.words.site_columns
        column = next((each for each in columns if name_key(each.name) == key and each.choices), None)
        if given and column is not None and given not in column.choices:
            hint = suggestion(given, column.choices)
            yield broken("SIT-07", written, (key,), f"'{given}' is not {what}", hint)
    units = catalogue.organisation.words.units
    known = {unit.code for unit in units} | {unit.name for unit in units}
    lost = next((part for part in file.unit.split("/") if part and part not in known), None)
    if units and lost is not None:
        text = f"organisation.yaml has no unit '{lost}'"
        yield broken("SIT-11", written, ("unit",), text, suggestion(lost, known))
