"""XML from people, one element after the other: no tree, no document types, and no more elements than a file may have.

Namespaces are dropped from names, except that elements outside the spreadsheet's own vocabularies keep theirs: an
extension that calls something `row` is no row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.parsers import expat

_OURS = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
)
_DEEPEST = 100
_MOST_ELEMENTS = 1_200_000
_MOST_TEXT = 10_000_000
_MOST_KEPT = 70_000  # Excel itself stops at 65,490 styles of cells


class NotRead(Exception):
    """The XML is damaged, hostile, or longer than anybody's workbook."""


@dataclass(slots=True)
class Budget:
    """How many elements and characters all parts of one file may hold together."""

    elements: int = _MOST_ELEMENTS
    characters: int = _MOST_TEXT

    def spend(self, text: str) -> str:
        """`text`, once it is known that the file may hold it. Raises NotRead."""
        self.characters -= len(text)
        if self.characters < 0:
            raise NotRead("more text than a mapping workbook holds")
        return text


class Tag(NamedTuple):
    """An element: what it lies in, its name, its attributes without namespaces, and its own text."""

    parent: str
    name: str
    attributes: Mapping[str, str]
    text: str


class Reading:
    """One pass over the elements of a part. Subclasses say what to do when one opens, and when it closes.

    While `listening`, text is kept for `closed`.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.listening = False
        self._heard: list[str] = []
        self._names: dict[str, str] = {}
        self._path: list[str] = [""]

    def run(self, content: bytes) -> None:
        """Read `content` to its end. Raises NotRead."""
        parser: Any = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._hear
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError, MemoryError) as error:
            raise NotRead(str(error)) from None

    def opened(self, name: str, parent: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def closed(self, name: str, text: str, /) -> None:
        """An element ends; `text` is what was heard since listening began."""

    def listen(self) -> None:
        """Keep the text from here."""
        self.listening = True
        self._heard.clear()

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        budget, path = self.budget, self._path
        budget.elements -= 1
        if budget.elements < 0 or len(path) > _DEEPEST:
            raise NotRead("more elements than a mapping workbook holds")
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = _local(tag)
        self.opened(name, path[-1], attributes)
        path.append(name)

    def _close(self, _tag: str) -> None:
        name = self._path.pop()
        if self.listening:
            self.closed(name, self.budget.spend("".join(self._heard)) if self._heard else "")
        else:
            self.closed(name, "")

    def _hear(self, text: str) -> None:
        if self.listening:
            self._heard.append(text)

    def _refuse(self, *_declaration: object) -> None:
        raise NotRead("a document type, with which files grow without end or read other files")


class _Gathering(Reading):
    def __init__(self, budget: Budget, wanted: Collection[str]) -> None:
        super().__init__(budget)
        self.wanted = wanted
        self.found: list[Tag] = []
        self.root = ""
        self._open_tags: list[Tag] = []

    def opened(self, name: str, parent: str, attributes: dict[str, str], /) -> None:
        self.root = self.root or name
        if name in self.wanted:
            if len(self.found) + len(self._open_tags) > _MOST_KEPT:
                raise NotRead("more elements of a kind than a mapping workbook holds")
            plain = {key.rpartition("}")[2]: self.budget.spend(value) for key, value in attributes.items()}
            self._open_tags.append(Tag(parent, name, plain, ""))
            self.listen()

    def closed(self, name: str, text: str, /) -> None:
        if name in self.wanted:
            self.listening = False
            self.found.append(self._open_tags.pop()._replace(text=text))


def gather(content: bytes, budget: Budget, root: str | None, wanted: Collection[str]) -> list[Tag]:
    """The elements called one of `wanted`, in the order in which they end. Raises NotRead, also for another root."""
    reading = _Gathering(budget, frozenset(wanted))
    reading.run(content)
    if root and reading.root != root:
        raise NotRead(f"{reading.root} where {root} belongs")
    return reading.found


def _local(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return name if not namespace or namespace.startswith(_OURS) else tag
