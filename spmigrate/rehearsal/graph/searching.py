"""`$search` over the directory: `"displayName:part" AND "mail:part"`; a word is found where a name's word begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import GraphError
from spmigrate.rehearsal.graph.types import Type

_PIECE = re.compile(r'\s*(?:"(?P<clause>[^"]*)"|(?P<word>AND|OR)\b)', re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
Test = Callable[[Mapping[str, Any]], bool]


def parse_search(text: str, of: Type) -> Test:
    """What a search wants of an object; a 400 for what does not parse. AND binds closer than OR."""
    tests: list[list[Test]] = [[]]
    at, joined = 0, True
    while at < len(text.rstrip()):
        found = _PIECE.match(text, at)
        if found is None:
            raise _problem(text)
        at = found.end()
        if found["word"]:
            if joined:
                raise _problem(text)
            joined = True
            if found["word"].upper() == "OR":
                tests.append([])
            continue
        if not joined:
            raise _problem(text)
        joined = False
        tests[-1].append(_clause(found["clause"], of))
    if joined:
        raise _problem(text)
    return lambda content: any(all(test(content) for test in each) for each in tests)


def _clause(text: str, of: Type) -> Test:
    name, colon, wanted = text.partition(":")
    if not colon or name.lower() not in of.properties:
        raise _problem(text)
    words = [word.casefold() for word in _WORDS.findall(wanted)]
    key = of.properties[name.lower()]

    def test(content: Mapping[str, Any]) -> bool:
        value = content.get(key)
        values = value if isinstance(value, list) else [value]
        return any(_holds(str(each), words, wanted) for each in values if each is not None)

    return test


def _holds(text: str, words: list[str], wanted: str) -> bool:
    if text.casefold().startswith(wanted.strip().casefold()):
        return True
    own = [word.casefold() for word in _WORDS.findall(text)]
    return bool(words) and all(any(each.startswith(word) for each in own) for word in words)


def _problem(text: str) -> GraphError:
    return GraphError(400, "BadRequest", f"Syntax error: character ':' is not valid at position 0 in '{text}'.")
