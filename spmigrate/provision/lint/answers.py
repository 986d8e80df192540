"""Whether an answer is what its question asks for."""

import re

from spmigrate.formats.yaml import read_day
from spmigrate.provision.language import Answer, Parameter
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve.answers import plain
from spmigrate.tenant.contents import name_key

YES_NO = ("yes", "no", "on", "off", "true", "false")


def wrong_answer(question: Parameter, answer: Answer) -> tuple[str, str | None] | None:
    """What is wrong with an answer, and how it is written; None when it will do. People are looked at later."""
    name, kind = question.name, question.answer
    if kind == "Yes or no":
        fits = isinstance(answer, bool) or (isinstance(answer, str) and answer.casefold() in YES_NO)
        return None if fits else (f"'{name}' is answered by yes or no", "write yes or no")
    if isinstance(answer, bool) or (isinstance(answer, int | float) and kind != "Number"):
        return f"expected text; write it in quotes, such as '{plain(answer)}'", None
    given = plain(answer)
    if question.is_list:
        return _wrong_list(question, (given,) if isinstance(given, str) else given)
    if isinstance(given, tuple):
        return f"'{name}' takes one answer, not a list", None
    return _wrong_text(question, given)


def _wrong_list(question: Parameter, given: tuple[str, ...]) -> tuple[str, str | None] | None:
    keys = [name_key(each) for each in given]
    doubled = next((each for n, each in enumerate(given) if name_key(each) in keys[:n]), None)
    if doubled is not None:
        return f"'{doubled}' stands twice in the answer '{question.name}'", "leave one out"
    if question.at_least and len(given) < question.at_least:
        return f"'{question.name}' needs {question.at_least} entries at least, and has {len(given)}", None
    if question.answer == "Several choices":
        wrong = next((each for each in given if each not in question.choices), None)
        if wrong is not None:
            return f"'{wrong}' is not a choice of '{question.name}'", suggestion(wrong, question.choices)
    return None


def _wrong_text(question: Parameter, given: str) -> tuple[str, str | None] | None:
    name, kind = question.name, question.answer
    if kind == "Site" and not given.startswith("/sites/"):
        return f"'{given}' is not the address of a site", "write it like: /sites/d-h7k2m"
    if kind == "Choice" and given not in question.choices:
        return f"'{given}' is not a choice of '{name}'", suggestion(given, question.choices)
    if kind == "Number" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", given):
        return f"'{name}' is answered by a number", "write it like: 12"
    if kind == "Date":
        try:
            read_day(given)
        except ValueError:
            return f"'{given}' is not a date", "write a date as 2026-04-30"
    if question.pattern is not None and not re.fullmatch(question.pattern, given):
        hint = question.help or (f"for example: {question.example}" if question.example else None)
        return f"'{given}' is not what '{name}' asks for", hint
    return None
