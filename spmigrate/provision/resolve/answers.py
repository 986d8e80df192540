"""Answers to a template's questions, and the texts that they are put into."""

from collections.abc import Iterable, Mapping

from spmigrate.provision.language import CONDITION, PLACEHOLDER, Answer, Parameter
from spmigrate.tenant.contents import name_key

Answers = Mapping[str, str | tuple[str, ...]]
"""The answer to each question, by the question's key: one text, or several."""

YES, NO = "yes", "no"


def answered(parameters: Iterable[Parameter], given: Mapping[str, Answer]) -> Answers:
    """The answers of a site file as texts; a question without an answer gets its default."""
    found = {name_key(name): plain(answer) for name, answer in given.items()}
    asked = {name_key(each.name): each for each in parameters}
    defaults = {
        key: plain(each.default) for key, each in asked.items() if key not in found and each.default is not None
    }
    found |= defaults
    for key, question in asked.items():
        answer = found.get(key)
        if question.is_list and isinstance(answer, str):
            found[key] = (answer,)
        if question.answer == "Yes or no" and isinstance(answer, str):
            found[key] = YES if answer.casefold() in ("yes", "on", "true") else NO
    return found


def plain(answer: Answer) -> str | tuple[str, ...]:
    """An answer as text."""
    if isinstance(answer, bool):
        return YES if answer else NO
    return answer if isinstance(answer, tuple) else str(answer)


def fill(text: str, answers: Answers) -> str:
    """A text with its placeholders replaced by the answers; an unanswered question leaves nothing."""

    def answer(name: str) -> str:
        given = answers.get(name_key(name), "")
        return given if isinstance(given, str) else ", ".join(given)

    return PLACEHOLDER.sub(lambda match: answer(match[1]), text)


def several(text: str, answers: Answers) -> tuple[str, ...]:
    """A text as often as its answer has entries when it is nothing but a question's place; otherwise once."""
    match = PLACEHOLDER.fullmatch(text)
    if match is None:
        return (fill(text, answers),)
    given = answers.get(name_key(match[1]), ())
    return tuple(each for each in ((given,) if isinstance(given, str) else given) if each)


def people(entries: Iterable[str], answers: Answers) -> list[str]:
    """Role ids, with a placeholder replaced by every role of its answer; nobody twice."""
    return list(dict.fromkeys(each for entry in entries for each in several(entry, answers) if each))


def holds(condition: str | None, answers: Answers) -> bool:
    """Whether a condition is met: `{private}`, `not {private}`, or `{work} is Case work`. No condition always is."""
    if condition is None:
        return True
    match = CONDITION.fullmatch(condition)
    if match is None:
        return False
    given = answers.get(name_key(match["name"]), "")
    if match["value"] is None:
        return (given not in ("", NO, ())) != bool(match["no"])
    wanted = name_key(match["value"])
    return wanted in {name_key(each) for each in ((given,) if isinstance(given, str) else given)}
