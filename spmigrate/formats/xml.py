"""XML from people: a plain tree with line numbers, and nothing that a hostile file could use.

A document type is refused, and with it every entity: that is where files that grow without end, and files that read
other files, come from. Namespaces are kept beside the names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from spmigrate.errors import InputError, Problem

_DEEPEST = 200


@dataclass(slots=True)
class Element:
    """One element: its local name, where it begins, what it says and what is in it."""

    name: str
    namespace: str
    line: int
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def walk(self) -> Iterator["Element"]:
        """This element and everything below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse(data: bytes, name: str) -> Element:
    """The root element of `data`; `name` is the file's, for messages. Raises InputError."""
    reading = _Reading(name)
    try:
        reading.parser.Parse(data, True)
    except expat.ExpatError as error:
        where = f"{name}:{error.lineno}:{error.offset + 1}"
        raise InputError(f"{name} is not readable XML", [Problem(where, expat.ErrorString(error.code))]) from None
    return reading.root


class _Reading:
    def __init__(self, name: str) -> None:
        self.name = name
        self.parser: Any = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.root: Element
        self._above: list[Element] = []

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._above) >= _DEEPEST:
            raise self._refused(f"nested more than {_DEEPEST} levels deep")
        namespace, _, local = tag.rpartition("}")
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(local, namespace, self.parser.CurrentLineNumber, plain)
        if self._above:
            self._above[-1].children.append(element)
        else:
            self.root = element
        self._above.append(element)

    def _close(self, _tag: str) -> None:
        self._above.pop()

    def _text(self, text: str) -> None:
        self._above[-1].text += text

    def _doctype(self, *_declaration: object) -> None:
        raise self._refused(
            "it declares a document type, which may hide anything", "remove the DOCTYPE and its entities"
        )

    def _refused(self, text: str, hint: str | None = None) -> InputError:
        where = f"{self.name}:{self.parser.CurrentLineNumber}"
        return InputError(f"{self.name} is not read", [Problem(where, text, hint)])
