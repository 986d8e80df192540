"""Several changes to one YAML file that people wrote, in one pass: comments and layout stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Never

import yaml

from spmigrate.errors import InputError, Problem
from spmigrate.formats.yaml import Key, Source
from spmigrate.formats.yaml_edit import end_of, written

Entry = Mapping[str, "str | Sequence[Entry]"]


@dataclass(frozen=True, slots=True)
class Set:
    """`value` at `place`; a missing last key is added behind the others."""

    place: tuple[Key, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Append:
    """More entries at the end of the list at `place`, each on a line or, `spread`, with a line for each key.

    A list that is missing is added behind the other keys.
    """

    place: tuple[Key, ...]
    entries: tuple[Entry, ...]
    spread: bool = False


class _Splice(NamedTuple):
    start: int
    end: int
    text: str
    column: int


def edit(text: str, name: str, edits: Sequence[Set | Append]) -> str:
    """The document with all `edits`. `name` is the file's, for messages.

    Raises InputError when the text is not readable YAML, or an edit has no place in it.
    """
    Source(text, name)
    body = text.removeprefix("\ufeff")
    root: yaml.Node | None = yaml.compose(body, Loader=yaml.SafeLoader)
    if root is None:
        raise InputError(f"{name} cannot be changed", [Problem(name, "is empty")])
    document = _Document(body if body.endswith("\n") else body + "\n", name, root)
    splices = [document.splice(each) for each in edits]
    # At one place what lies deeper comes first: it belongs to the entry that is there.
    order = sorted(range(len(splices)), key=lambda n: (splices[n].start, -splices[n].column, n), reverse=True)
    for each in (splices[n] for n in order):
        document.text = document.text[: each.start] + each.text + document.text[each.end :]
    return text[: len(text) - len(body)] + document.text


class _Document:
    def __init__(self, text: str, name: str, root: yaml.Node) -> None:
        self.text = text
        self.name = name
        self.root = root
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def splice(self, change: Set | Append) -> _Splice:
        """Where one change goes into the text. Raises InputError when it has no place there."""
        above = self._node(change.place[:-1])
        last = change.place[-1]
        here = self._below(above, last)
        if isinstance(change, Set):
            if here is not None:
                return _Splice(here.start_mark.index, end_of(self.text, here), written(change.value), 0)
            return self._new_key(above, str(last), written(change.value), [])
        if here is None or (isinstance(here, yaml.ScalarNode) and not here.value):
            if here is not None:
                self._refuse(here, "gives no list: write [] or leave the key out")
            flow = "[" + ", ".join(map(_flow, change.entries)) + "]"
            return self._new_key(above, str(last), flow, list(_lines(change)))
        if not isinstance(here, yaml.SequenceNode):
            self._refuse(here, "is no list")
        return self._more(here, change)

    def _more(self, here: yaml.SequenceNode, change: Append) -> _Splice:
        if here.flow_style and here.value:
            closing = here.end_mark.index - 1
            return _Splice(closing, closing, "".join(f", {_flow(each)}" for each in change.entries), 0)
        if here.flow_style:
            start, end = here.start_mark.index, here.end_mark.index
            return _Splice(start, end, "[" + ", ".join(map(_flow, change.entries)) + "]", 0)
        return self._lines(end_of(self.text, here), here.start_mark.column, list(_lines(change)))

    def _new_key(self, above: yaml.Node, key: str, flow: str, block: Sequence[str]) -> _Splice:
        if not isinstance(above, yaml.MappingNode):
            self._refuse(above, f"'{key}' has no place here")
        if above.flow_style:
            closing = above.end_mark.index - 1
            return _Splice(closing, closing, f", {key}: {flow}", 0)
        column = above.value[0][0].start_mark.column
        lines = [f"{key}:", *(f"  {line}" for line in block)] if block else [f"{key}: {flow}"]
        return self._lines(end_of(self.text, above), column, lines)

    def _lines(self, end: int, column: int, lines: Sequence[str]) -> _Splice:
        place = self.text.find("\n", end) + 1
        whole = "".join(f"{' ' * column}{line}".rstrip() + self.newline for line in lines)
        return _Splice(place, place, whole, column)

    def _node(self, place: tuple[Key, ...]) -> yaml.Node:
        node = self.root
        for key in place:
            below = self._below(node, key)
            if below is None:
                self._refuse(node, f"'{key}' has no place here")
            node = below
        return node

    def _below(self, node: yaml.Node, key: Key) -> yaml.Node | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            found: yaml.Node = node.value[key]
            return found
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node, f"'{key}' has no place here")
        return next((value for each, value in node.value if each.value == key), None)

    def _refuse(self, node: yaml.Node, text: str) -> Never:
        where = f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        raise InputError(f"{self.name} cannot be changed", [Problem(where, text)])


def _lines(change: Append) -> Iterator[str]:
    """The entries of a list in block style; with a blank line before each where every key has a line."""
    for entry in change.entries:
        yield from _spread(entry) if change.spread else (f"- {_flow(entry)}",)


def _spread(entry: Entry) -> Iterator[str]:
    yield ""
    for n, (key, value) in enumerate(entry.items()):
        lead = "- " if n == 0 else "  "
        if isinstance(value, str):
            yield f"{lead}{key}: {written(value)}"
            continue
        yield f"{lead}{key}:"
        for each in value:
            yield f"    - {_flow(each)}"


def _flow(entry: Entry) -> str:
    return "{" + ", ".join(f"{key}: {_flow_value(value)}" for key, value in entry.items()) + "}"


def _flow_value(value: "str | Sequence[Entry]") -> str:
    if isinstance(value, str):
        return written(value)
    return "[" + ", ".join(map(_flow, value)) + "]"
