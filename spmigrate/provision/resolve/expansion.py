"""A template for one site: conditions decided, `for each` written out, answers put into every text."""

from collections.abc import Iterator
from typing import Any, TypeVar

from spmigrate.provision.language import EACH, Entry, Named, Sections, Words
from spmigrate.provision.resolve.answers import Answers, fill, holds, several
from spmigrate.tenant.contents import name_key

S = TypeVar("S", bound=Sections)
W = TypeVar("W", bound=Words)

_LITERAL = frozenset({
    "when", "for_each", "formatting", "remove", "parameters", "template", "extends", "purpose", "because",
})  # fmt: skip
"""Fields whose braces are not questions."""


def expanded(sections: S, answers: Answers) -> S:
    """The sections for a site with these answers: no entry has a condition, no text a question."""
    return _words(sections, answers)


def _words(words: W, answers: Answers) -> W:
    changes: dict[str, Any] = {}
    for name in words.model_fields_set:
        value = getattr(words, name)
        if name not in _LITERAL:
            found = _value(value, answers)
            if found is not value:
                changes[name] = found
    return words.model_copy(update=changes) if changes else words


def _value(value: Any, answers: Answers) -> Any:
    if type(value) is str:
        return fill(value, answers) if "{" in value else value
    if isinstance(value, Words):
        return _words(value, answers)
    if isinstance(value, tuple):
        return tuple(found for each in value for found in _entries(each, answers))
    if isinstance(value, dict):
        return {name: _value(below, answers) for key, below in value.items() for name in several(key, answers)}
    return value


def _entries(entry: Any, answers: Answers) -> Iterator[Any]:
    """What becomes of an entry of a list: nothing, itself, or itself once for each answer."""
    if type(entry) is str:
        yield from several(entry, answers)
    elif isinstance(entry, Entry):
        if holds(entry.when, answers):
            for turn in _turns(entry, answers):
                yield from _entry(entry, turn)
    else:
        yield _value(entry, answers)


def _entry(entry: Entry, answers: Answers) -> Iterator[Any]:
    if not isinstance(entry, Named):
        plain = _words(entry, answers)
        unbound = {name: None for name in ("when", "for_each") if getattr(plain, name) is not None}
        yield plain.model_copy(update=unbound) if unbound else plain
        return
    for name in several(entry.name, answers):
        yield name if entry.owned_by is None else Named(name=name, owned_by=entry.owned_by)


def _turns(entry: Entry, answers: Answers) -> Iterator[Answers]:
    """The answers, with each turn's `{each}` among them."""
    if entry.for_each is None:
        yield answers
        return
    given = answers.get(name_key(entry.for_each.strip("{}")), ())
    for each in (given,) if isinstance(given, str) else given:
        if each:
            yield {**answers, EACH: each}
