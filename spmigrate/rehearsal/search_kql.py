"""The query language of search (KQL), as far as it is understood: words, phrases, prefixes, properties, AND, OR, NOT.

What goes beyond is refused by `Beyond`, never answered as if it had not been asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))
    |(?P<name>[A-Za-z]\w*)(?P<operator>:|=|<>|>=|<=|>|<)(?P<value>"[^"]*"\*?|\([^)]*\)|[^\s()]*)
    |(?P<sign>[-+])(?=\S)|"(?P<phrase>[^"]*)"(?P<star>\*?)|(?P<word>[^\s()"]+))""",
    re.VERBOSE,
)
_BEYOND = re.compile(r"^(NEAR|ONEAR|WORDS|XRANK)(\(.*)?$")
# Names of a property that mean another.
_SAME = {
    "fileextension": "filetype", "write": "lastmodifiedtime", "modified": "lastmodifiedtime", "url": "path",
    "site": "spsiteurl", "sitename": "spsiteurl", "name": "filename", "displayauthor": "author", "listid": "listid",
    "originalpath": "path", "spweburl": "spweburl", "createdby": "author", "parentlink": "parentlink",
}  # fmt: skip


class Beyond(Exception):
    """The query asks for something that search has and the rehearsal has not."""


class Malformed(Exception):
    """The query is none."""


@dataclass(frozen=True, slots=True)
class Word:
    """Words that stand somewhere in the text; `prefix` lets the last one go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    """A property (lower case) and what it is compared with; `prefix` lets the value go on."""

    name: str
    operator: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that must all hold (`and`), of which one must (`or`), or of which none may (`not`)."""

    kind: str
    parts: tuple[Node, ...]


Node = Word | Restriction | Group
EVERYTHING = Group("and", ())


def parse(text: str) -> Node:
    """The tree of a query; nothing, or a star alone, is everything."""
    if text.strip() in ("", "*"):
        return EVERYTHING
    parser = _Parser(list(_tokens(text)))
    found = parser.either()
    if parser.rest():
        raise Malformed(text)
    return found


def restrictions(node: Node) -> Iterator[Restriction]:
    """Every property that a query names, with what it is compared with."""
    if isinstance(node, Restriction):
        yield node
    elif isinstance(node, Group):
        for part in node.parts:
            yield from restrictions(part)


def words(node: Node) -> Iterator[str]:
    """The words and phrases of a query, in order."""
    if isinstance(node, Word):
        yield node.text
    elif isinstance(node, Group):
        for part in node.parts:
            yield from words(part)


def required_words(node: Node) -> list[str]:
    """Words without which nothing matches, in lower case."""
    if isinstance(node, Word):
        return node.text.lower().split()
    if isinstance(node, Group) and node.kind == "and":
        return [word for part in node.parts for word in required_words(part)]
    return []


def required_values(node: Node, name: str) -> list[str]:
    """Values of a property (lower case) that every match must have."""
    if isinstance(node, Restriction):
        return [node.value] if node.name == name and node.operator in (":", "=") else []
    if isinstance(node, Group) and node.kind == "and":
        return [value for part in node.parts for value in required_values(part, name)]
    return []


def holds(node: Node, text: Callable[[], str], compare: Callable[[Restriction], bool]) -> bool:
    """Whether a query holds for one thing: `text` is all its words in lower case, `compare` judges its properties."""
    if isinstance(node, Word):
        ending = r"\w*" if node.prefix else ""
        words = r"\W+".join(re.escape(each) for each in re.findall(r"\w+", node.text.lower()))
        return not words or re.search(rf"(?<!\w){words}{ending}(?!\w)", text()) is not None
    if isinstance(node, Restriction):
        return compare(node)
    if node.kind == "or":
        return any(holds(part, text, compare) for part in node.parts)
    found = (holds(part, text, compare) for part in node.parts)
    return all(found) if node.kind == "and" else not any(found)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise Malformed(text)
        at = found.end()
        yield found


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens

    def rest(self) -> bool:
        return bool(self.tokens)

    def _peek(self, word: str) -> bool:
        return bool(self.tokens) and self.tokens[0]["word"] == word

    def either(self) -> Node:
        parts = [self.all()]
        while self._peek("OR"):
            self.tokens.pop(0)
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def all(self) -> Node:
        parts: list[Node] = []
        while self.tokens and not self.tokens[0]["close"] and not self._peek("OR"):
            if self._peek("AND"):
                self.tokens.pop(0)
                continue
            parts.append(self.one())
        if not parts:
            raise Malformed("")
        return _joined(parts)

    def one(self) -> Node:
        if not self.tokens:
            raise Malformed("")
        token = self.tokens.pop(0)
        if token["word"] == "NOT" or token["sign"] == "-":
            return Group("not", (self.one(),))
        if token["sign"] == "+":
            return self.one()
        if token["open"]:
            inner = self.either()
            if not self.tokens or not self.tokens.pop(0)["close"]:
                raise Malformed("")
            return inner
        if token["name"]:
            return _restriction(token)
        if token["phrase"] is not None:
            return Word(token["phrase"], bool(token["star"]))
        word = token["word"] or ""
        if not word or token["close"]:
            raise Malformed("")
        if _BEYOND.match(word) or word.startswith("{"):
            raise Beyond(word)
        return Word(word.rstrip("*"), word.endswith("*"))


def _restriction(token: re.Match[str]) -> Node:
    name = token["name"].lower()
    value = token["value"]
    if value.startswith("("):
        words = re.findall(r'"[^"]*"|[^\s"]+', value[1:-1])
        kept = [each for each in words if each not in ("OR", "AND")]
        kind = "and" if "AND" in words else "or"
        return Group(kind, tuple(_compared(name, token["operator"], each) for each in kept))
    if not value:
        raise Malformed(token[0])
    return _compared(name, token["operator"], value)


def _compared(name: str, operator: str, value: str) -> Restriction:
    text = value.rstrip("*").strip('"')
    return Restriction(_SAME.get(name, name), operator, text, value.endswith("*"))


def _joined(parts: list[Node]) -> Node:
    """What stands side by side must all hold; several values of one property are a choice."""
    merged: list[Node] = []
    for part in parts:
        same = next((each for each in merged if _name(each) is not None and _name(each) == _name(part)), None)
        if same is None:
            merged.append(part)
        else:
            before = same.parts if isinstance(same, Group) else (same,)
            merged[merged.index(same)] = Group("or", (*before, part))
    return merged[0] if len(merged) == 1 else Group("and", tuple(merged))


def _name(node: Node) -> str | None:
    """The property of a restriction by equality, or of a choice of such."""
    if isinstance(node, Restriction):
        return node.name if node.operator in (":", "=") else None
    if isinstance(node, Group) and node.kind == "or" and all(isinstance(each, Restriction) for each in node.parts):
        names = {_name(each) for each in node.parts}
        return names.pop() if len(names) == 1 else None
    return None
