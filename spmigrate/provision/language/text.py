"""The canonical text of an organisation, a template or a site: what export, import and the wizard write.

Read again it is the same model; what was not said is not written; the order is always the same.
"""

from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from spmigrate.formats import yaml_text
from spmigrate.provision.language.words import Words

_FIRST, _ANSWER = "name", "default"
_YES_NO = {True: yaml_text.Word("yes"), False: yaml_text.Word("no")}


def text(words: Words) -> str:
    """The YAML of a part of the language: keys in the order of the language, nothing that was not said."""
    return yaml_text.dump(plain(words))


def plain(words: Words) -> dict[str, Any]:
    """What was said, in the order in which it is written."""
    found: dict[str, Any] = {}
    for name in _order(type(words)):
        value = getattr(words, name)
        if name in words.model_fields_set and value is not None:
            alias = type(words).model_fields[name].alias or name
            # An answer may be text, too, and is not the word `yes`.
            is_word = isinstance(value, bool) and name != _ANSWER
            found[alias] = _YES_NO[value] if is_word else _value(value)
    return found


def _value(value: Any) -> Any:
    if isinstance(value, Words):
        return plain(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, dict):
        return {str(_value(key)): _value(below) for key, below in value.items()}
    return value


@cache
def _order(model: type[Words]) -> tuple[str, ...]:
    """The fields of a model: what it is called by, its own, those of what it is made from."""
    names: dict[str, None] = {}
    for each in model.__mro__:
        own = getattr(each, "__annotations__", {}) if issubclass(each, Words) else {}
        names |= dict.fromkeys(name for name in own if name in model.model_fields)
    rest = [name for name in names if name != _FIRST]
    return (_FIRST, *rest) if _FIRST in names else tuple(rest)
