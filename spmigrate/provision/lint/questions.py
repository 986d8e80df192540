"""Errors of questions: what asks them, and where a template puts their answers."""

import re
from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Written
from spmigrate.provision.language import CONDITION, EACH, PLACEHOLDER, Entry, Parameter, Template
from spmigrate.provision.lint.answers import wrong_answer
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.lint.words import Checked, texts, twice
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import name_key

_NO_QUESTIONS = ("parameters", "template", "extends", "purpose", "remove", "because")
"""Keys of a template or exception in whose texts braces mean nothing."""

_SITE = {("hub", "member of"), ("hub", "parent")}
"""Where the answer must be a site."""


def parameter_problems(written: Written[Template], whole: Template) -> Iterator[Problem]:
    """Errors of the questions that a template asks."""
    template = written.words
    yield from twice("TPL-05", written, ("parameters",), [each.name for each in template.parameters])
    merged = {name_key(each.name): each for each in whole.parameters}
    for n, own in enumerate(template.parameters):
        yield from twice("TPL-05", written, ("parameters", n, "choices"), own.choices)
        question = merged[name_key(own.name)]
        if question.default is not None:
            wrong = wrong_answer(question, question.default)
            if wrong is not None:
                yield broken("TPL-37", written, ("parameters", n, "default"), *wrong)


def question_problems(checked: Checked) -> Iterator[Problem]:
    """Errors of the places of answers, of conditions and of repetitions."""
    for place, text, turn in texts(checked.sections):
        if place[0] in _NO_QUESTIONS or place[-1] == "formatting":
            continue
        if place[-1] == "when":
            yield from _condition(checked, place, text)
        elif place[-1] == "for each":
            yield from _repetition(checked, place, text)
        elif "{" in text or "}" in text:
            yield from _text(checked, place, text, turn=turn)


def _text(checked: Checked, place: Place, text: str, *, turn: bool) -> Iterator[Problem]:
    if re.search("[{}]", PLACEHOLDER.sub("", text)):
        hint = "write a question's place like: {title}"
        yield checked.broken("TPL-08", place, f"a brace stands alone in '{text}'", hint)
    for name in PLACEHOLDER.findall(text):
        question = checked.questions.get(name_key(name))
        if name_key(name) == EACH:
            if not turn:
                hint = "write 'for each' beside it, with a question that has several answers"
                yield checked.broken("TPL-10", place, "'{each}' stands outside 'for each'", hint)
        elif question is None:
            yield unasked(checked, place, name)
        elif tuple(place) in _SITE and question.answer != "Site":
            yield checked.broken("TPL-10", place, f"'{name}' is not a question that is answered by a Site")


def _condition(checked: Checked, place: Place, text: str) -> Iterator[Problem]:
    match = CONDITION.fullmatch(text)
    if match is None:
        return
    question = checked.questions.get(name_key(match["name"]))
    if question is None:
        yield unasked(checked, place, match["name"])
    elif match["value"] is None:
        if question.answer != "Yes or no" and not question.optional:
            text = f"'{match['name']}' is always answered, and not by yes or no"
            yield checked.broken("TPL-10", place, text, f"write like: {{{match['name']}}} is ...")
    elif question.answer == "Yes or no":
        text = f"'{match['name']}' is answered by yes or no"
        yield checked.broken("TPL-10", place, text, f"write {{{match['name']}}}, or: not {{{match['name']}}}")
    elif question.choices and name_key(match["value"]) not in map(name_key, question.choices):
        hint = suggestion(match["value"], question.choices)
        yield checked.broken("TPL-10", place, f"'{match['value']}' is not a choice of '{match['name']}'", hint)


def _repetition(checked: Checked, place: Place, text: str) -> Iterator[Problem]:
    name = text.strip("{}")
    question = checked.questions.get(name_key(name))
    if question is None:
        yield unasked(checked, place, name)
    elif not question.is_list:
        hint = "only People and Several choices have several answers"
        yield checked.broken("TPL-10", place, f"'{name}' has one answer, so there is nothing to repeat for", hint)


def unasked(checked: Checked, place: Place, name: str) -> Problem:
    """A question that nobody asks."""
    hint = suggestion(name, (each.name for each in checked.parameters))
    return checked.broken("TPL-09", place, f"no parameter is called '{name}'", hint)


def answers_people(checked: Checked, place: Place, entry: str) -> Iterator[Problem]:
    """Whether an entry that is nothing but a question's place is answered by people."""
    match = PLACEHOLDER.fullmatch(entry)
    question: Parameter | None = checked.questions.get(name_key(match[1])) if match else None
    if match and question and question.answer != "People":
        yield checked.broken("TPL-10", place, f"'{match[1]}' is not a question that is answered by People")


def has_conditions(entry: object) -> bool:
    """Whether an entry of a list may be missing from a site, or be there several times."""
    return isinstance(entry, Entry) and (entry.when is not None or entry.for_each is not None)
