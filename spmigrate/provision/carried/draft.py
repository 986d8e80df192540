"""What a file of another tool becomes: our documents as plain data, and everything that they leave behind."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.provision.carried.node import Left, Node
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, name_key

Entry = dict[str, Any]
"""Part of a document, with keys as YAML writes them."""

_TOKEN = re.compile(r"\{([A-Za-z]+)(?::([^{}]*))?\}")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SITE_TOKENS = ("site", "sitecollection")


@dataclass(slots=True)
class Draft:
    """Vocabulary, templates and what was left. `columns` are our names by internal name and by id, in lower case."""

    organisation: Entry = field(default_factory=lambda: {"site columns": [], "content types": []})
    templates: list[Entry] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Entry] = field(default_factory=dict)
    roots: list[Node] = field(default_factory=list)
    assets: dict[str, bytes] = field(default_factory=dict)
    """Files that come along, by the name that they get: `assets/terms.docx`."""
    open: Callable[[str], bytes | None] = lambda _path: None
    """The content of a file that the template names; None when it is not at hand."""

    def left(self) -> Iterator[Left]:
        """What was not carried over, in the order of the file."""
        for root in self.roots:
            yield from root.left()

    def text(self, node: Node, name: str) -> str:
        """An attribute with its tokens in our form; empty, and left, when it has a token that we have no word for."""
        return self.filled(node, node.get(name), name)

    def filled(self, node: Node, value: str, name: str = "") -> str:
        """A value with its tokens in our form."""
        unknown: list[str] = []

        def replace(match: re.Match[str]) -> str:
            word, rest = match[1], match[2]
            if word == "parameter" and rest:
                return "{" + self._parameter(rest) + "}"
            if word in _SITE_TOKENS and not rest:
                return ""
            unknown.append(match[0])
            return match[0]

        found = _TOKEN.sub(replace, value)
        if unknown:
            node.leave(f"what {unknown[0]} stands for is known to its own tool alone", name)
            return ""
        return found

    def _parameter(self, key: str) -> str:
        """The question for a parameter of the file, which is asked from now on."""
        words = spoken(key)
        self.parameters.setdefault(words, {"name": words, "ask": f"{words.capitalize()}?"})
        return words

    def column(self, node: Node, internal: str) -> str | None:
        """Our name of a column by its internal name or id; None, and left, when nobody knows it."""
        key = internal.strip("{}").casefold()
        found = self.columns.get(key) or _BUILT_IN.get(key)
        if found is None:
            node.leave(f"the column {internal} is neither in this file nor one that views can show")
        return found


_BUILT_IN: Mapping[str, str] = {field.casefold(): name for name, field in BUILT_IN_COLUMNS.items()} | {
    "linktitle": "Title", "fileleafref": "Name", "linkfilenamenomenu": "Name",
}  # fmt: skip


def spoken(key: str) -> str:
    """The name of a question from a key such as `CompanyName`: small letters and spaces."""
    words = re.sub(r"[^a-z]+", " ", " ".join(_WORD.findall(key)).casefold()).split()
    return " ".join(words) if len("".join(words)) > 1 else f"answer {key.casefold()}".strip()


def put(entry: Entry, key: str, value: Any) -> None:
    """Write a key unless there is nothing to say."""
    if value not in (None, "", [], {}, ()):
        entry[key] = value


def add(entries: list[Entry], entry: Entry, key: str = "name") -> None:
    """Add an entry; one of the same name is completed instead."""
    same = next((each for each in entries if name_key(str(each[key])) == name_key(str(entry[key]))), None)
    if same is None:
        entries.append(entry)
    else:
        same.update(entry)
