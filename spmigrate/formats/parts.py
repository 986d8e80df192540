"""How the parts of a workbook hang together: its sheets in order, their texts, styles, comments and filters."""

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from spmigrate.formats import cells
from spmigrate.formats.cells import Page, Styles
from spmigrate.formats.container import Container
from spmigrate.formats.tags import Budget, NotRead, Tag, gather

_AUTHORS = (
    "http://purl.org/dc/elements/1.1/}creator",
    "lastModifiedBy",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy",
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet of the workbook: its name, the part that it lies in, its kind, and whether Excel shows it."""

    name: str
    part: str
    kind: str
    visible: bool


class Parts:
    """The parts of one workbook. Every method raises NotRead where they do not fit together."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.budget = Budget()
        documents = [part for kind, part in self._links("") if kind == "officeDocument"]
        if len(documents) != 1:
            raise NotRead("no workbook, or several")
        self._book = documents[0]
        self._linked = list(self._links(self._book))
        self._tags = self._gather(self._book, "workbook", ("sheet", "workbookPr"))

    def tabs(self) -> list[Tab]:
        """The sheets, in order."""
        targets = {tag.attributes.get("Id"): tag for tag in self._relations(self._book)}
        found = []
        for tag in self._tags:
            if tag.name != "sheet":
                continue
            link = targets.get(tag.attributes.get("id"))
            if link is None or "name" not in tag.attributes:
                raise NotRead("a sheet that is not there")
            visible = tag.attributes.get("state", "visible") == "visible"
            found.append(Tab(tag.attributes["name"], self._target(self._book, link), _kind(link), visible))
        if len({tab.name.casefold() for tab in found}) < len(found):
            raise NotRead("two sheets of one name")
        return found

    def strings(self) -> list[str]:
        """The texts that sheets share."""
        return [
            text
            for kind, part in self._linked if kind == "sharedStrings"
            for text in cells.read_strings(self._read(part), self.budget)
        ]  # fmt: skip

    def styles(self) -> Styles:
        """What styles do to numbers."""
        since_1904 = any(cells.on(tag.attributes.get("date1904")) for tag in self._tags if tag.name == "workbookPr")
        wanted = ("numFmt", "xf")
        tags = [
            tag for kind, part in self._linked if kind == "styles" for tag in self._gather(part, "styleSheet", wanted)
        ]
        return cells.styles(tags, since_1904=since_1904)

    def page(self, tab: Tab, strings: list[str], styles: Styles) -> Page:
        """The content of a sheet; a filter of its tables counts as its own."""
        page = cells.read(self._read(tab.part), self.budget, strings, styles)
        for kind, part in self._links(tab.part):
            if kind == "table" and self._gather(part, "table", ("filterColumn",)):
                page.filtered = True
        return page

    def comments(self, tab: Tab) -> list[str]:
        """The cells of a sheet that carry a comment or a note."""
        found: dict[str, None] = {}
        for kind, part in self._links(tab.part):
            if kind == "comments":
                found |= {tag.attributes.get("ref", "A1"): None for tag in self._gather(part, "comments", ("comment",))}
            elif kind == "threadedComment":
                tags = self._gather(part, None, ("threadedComment",))
                found |= {tag.attributes.get("ref", "A1"): None for tag in tags}
        return list(found)

    def names_people(self) -> bool:
        """Whether the document properties name somebody."""
        return any(
            tag.text.strip()
            for kind, part in self._links("") if kind == "core-properties"
            for tag in self._gather(part, "coreProperties", _AUTHORS)
        )  # fmt: skip

    def holds_macros(self) -> bool:
        """Whether the workbook says of itself that it may run programs, whatever its name ends in."""
        tags = self._gather("[content_types].xml", "Types", ("Default", "Override"))
        return any("macroenabled" in tag.attributes.get("ContentType", "").lower() for tag in tags)

    def _read(self, part: str) -> bytes:
        if part.lower() not in self._container.parts:
            raise NotRead(f"no part {part[:40]}")
        return self._container.read(part)

    def _gather(self, part: str, root: str | None, wanted: Collection[str]) -> list[Tag]:
        return gather(self._read(part), self.budget, root, wanted)

    def _relations(self, part: str) -> list[Tag]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path.lower() not in self._container.parts:
            return []
        return self._gather(path, "Relationships", ("Relationship",))

    def _links(self, part: str) -> Iterator[tuple[str, str]]:
        for tag in self._relations(part):
            if tag.attributes.get("TargetMode") != "External":
                yield _kind(tag), self._target(part, tag)

    def _target(self, part: str, tag: Tag) -> str:
        target = tag.attributes.get("Target", "")
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def _kind(tag: Tag) -> str:
    return tag.attributes.get("Type", "").rpartition("/")[2]
