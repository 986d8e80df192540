"""What is on a page: sections of columns of blocks, as a canvas that SharePoint keeps, and as a digest of it.

The digest is taken of what people see, so that it is the same for what a template says and for what SharePoint, which
rewrites ids, positions and markup, gives back. Pure.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any
from uuid import NAMESPACE_URL, uuid5

WEB_PARTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "News": ("8c88f208-6c77-4bdb-86a0-0c47b4316588", {"layoutId": "FeaturedNews", "newsDataSourceProp": 1}),
    "Documents": ("f92bf067-bc19-489e-a556-7fe95f508720", {"isDocumentLibrary": True, "webpartHeightKey": 4}),
    "People": ("7f718435-ee4d-431c-bdbf-9c4ff326f46e", {"layout": 1, "persons": []}),
    "Quick links": ("c70391ea-0b10-4ee9-b2b4-006d3fcad0cd", {"items": [], "layoutId": "CompactCard"}),
    "Sites": ("7cba020c-5ccb-42e8-b6fc-75b3149aba7b", {"layout": 1}),
    "Events": ("20745d7d-8581-4a6c-bf26-68279bc123fc", {"layoutId": "FilmStrip", "dataProviderId": "Event"}),
}
"""Web parts by the words of the toolbox: their id, and the properties that a new one has. Source: SharePoint's own."""

DIGITS = 16
_TEXT, _WEB_PART, _EMPTY, _SETTINGS = 4, 3, 1, 0
_WIDTH = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A `heading`, a `text` or a web part (`show`); `library` is a path below the site, for Documents."""

    heading: str = ""
    text: str = ""
    show: str = ""
    library: str = ""


Section = tuple[tuple[Block, ...], ...]
"""One to three columns, each a list of blocks."""


def read_sections(content: bytes) -> tuple[Section, ...]:
    """Sections from JSON: `{"sections": [{"columns": [[{"heading": "Welcome"}]]}]}`."""
    given = json.loads(content)["sections"]
    return tuple(tuple(tuple(_block(each) for each in column) for column in section["columns"]) for section in given)


def write_sections(sections: Sequence[Section]) -> bytes:
    """The JSON that `read_sections` reads, in one form."""
    given = [{"columns": [[_words(block) for block in column] for column in section]} for section in sections]
    return json.dumps({"sections": given}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(sections: Sequence[Section]) -> str:
    """The digest of these sections on any site."""
    return digest_of_canvas(build_canvas(sections, site="/", lists={}), site="/")


def libraries(sections: Sequence[Section]) -> set[str]:
    """The paths of the libraries that are shown."""
    return {block.library for section in sections for column in section for block in column if block.library}


def build_canvas(sections: Sequence[Section], *, site: str, lists: Mapping[str, str]) -> list[dict[str, Any]]:
    """The controls of a page in the site at this address; `lists` are ids of libraries by path below it."""
    controls: list[dict[str, Any]] = []
    for zone, section in enumerate(sections, 1):
        for number, column in enumerate(section, 1):
            place = {
                "layoutIndex": 1,
                "zoneIndex": zone,
                "sectionIndex": number,
                "sectionFactor": _WIDTH // len(section),
            }
            for order, block in enumerate(column, 1):
                controls.append(_control(block, {**place, "controlIndex": order}, site, lists))
            if not column:
                controls.append({"controlType": _EMPTY, "displayMode": 2, "id": "emptySection", "position": place})
    settings = {"isDefaultDescription": True, "isDefaultThumbnail": True}
    return [*controls, {"controlType": _SETTINGS, "pageSettingsSlice": settings}]


def digest_of_canvas(controls: Sequence[Mapping[str, Any]], *, site: str) -> str:
    """The digest of a page's controls, in any order; empty when there is nothing on it."""
    seen = sorted(_outline(controls, site), key=lambda each: each[:4])
    if not seen:
        return ""
    zones = {zone: number for number, zone in enumerate(dict.fromkeys(each[0] for each in seen))}
    plain = [(zones[zone], column, width, what, says) for zone, column, _, width, what, says in seen]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()[:DIGITS]


def read_canvas(html: str) -> list[dict[str, Any]]:
    """The controls in the HTML of a page's list item."""
    reader = _CanvasReader()
    reader.feed(html)
    return reader.controls


def _block(given: Mapping[str, Any]) -> Block:
    return Block(**{name: str(given.get(name) or "") for name in ("heading", "text", "show", "library")})


def _words(block: Block) -> dict[str, str]:
    given = {"heading": block.heading, "text": block.text, "show": block.show, "library": block.library}
    return {name: value for name, value in given.items() if value}


def _control(block: Block, position: Mapping[str, int], site: str, lists: Mapping[str, str]) -> dict[str, Any]:
    number = str(uuid5(NAMESPACE_URL, json.dumps([position, _words(block)], sort_keys=True)))
    common = {"id": number, "position": dict(position), "emphasis": {}}
    if not block.show:
        html = f"<h2>{escape(block.heading)}</h2>" if block.heading else _paragraphs(block.text)
        return {**common, "controlType": _TEXT, "editorType": "CKEditor", "innerHTML": html}
    part, properties = WEB_PARTS[block.show]
    data: dict[str, Any] = {
        "id": part, "instanceId": number, "title": block.show, "description": "", "dataVersion": "1.0",
        "properties": {**properties, **_list_properties(block, site, lists)},
    }  # fmt: skip
    return {**common, "controlType": _WEB_PART, "webPartId": part, "webPartData": data}


def _list_properties(block: Block, site: str, lists: Mapping[str, str]) -> dict[str, str]:
    if not block.library:
        return {}
    return {
        "selectedListId": lists.get(block.library, ""), "selectedListUrl": f"{site.rstrip('/')}/{block.library}",
        "webRelativeListUrl": f"/{block.library}",
    }  # fmt: skip


def _paragraphs(text: str) -> str:
    found = (" ".join(each.split()) for each in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(each)}</p>" for each in found if each)


def _outline(controls: Sequence[Mapping[str, Any]], site: str) -> Iterator[tuple[Any, ...]]:
    """Of each thing that people see: zone, column, order, width, what it is, and what it says."""
    for control in controls:
        place = control.get("position") or {}
        where = (
            place.get("zoneIndex", 0), place.get("sectionIndex", 1), place.get("controlIndex", 0),
            place.get("sectionFactor", _WIDTH),
        )  # fmt: skip
        if control.get("controlType") == _TEXT:
            yield (*where, "text", read_words(str(control.get("innerHTML") or "")))
        elif control.get("controlType") == _WEB_PART:
            data = control.get("webPartData") or {}
            shown = str((data.get("properties") or {}).get("selectedListUrl") or "")
            prefix = f"{site.rstrip('/')}/".casefold()
            below = shown[len(prefix) :] if shown.casefold().startswith(prefix) else shown
            yield (*where, str(control.get("webPartId") or data.get("id") or "").lower(), below.casefold())


def read_words(html: str) -> str:
    """The words of a text with its headings and where its links lead, without any other markup."""
    reader = _WordReader()
    reader.feed(html)
    return " ".join(" ".join(reader.pieces).split())


class _WordReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3", "h4"):
            self.pieces.append("#")
        elif tag == "a":
            self.pieces.append(f"<{dict(attrs).get('href') or ''}>")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


class _CanvasReader(HTMLParser):
    """Takes controls out of HTML: each is a marked `div` with JSON in its attributes, and its text inside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.controls: list[dict[str, Any]] = []
        self._depth = 0
        self._text_from: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._depth += tag == "div"
        if "data-sp-canvascontrol" in given:
            self.controls.append(_json(given.get("data-sp-controldata", "")))
        elif "data-sp-webpartdata" in given and self.controls:
            self.controls[-1]["webPartData"] = _json(given["data-sp-webpartdata"])
        elif "data-sp-rte" in given and self.controls:
            self._text_from = self._depth
            self.controls[-1]["innerHTML"] = ""
        else:
            self._keep(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            if self._depth == self._text_from:
                self._text_from = None
            self._depth -= 1
        self._keep(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, text: str) -> None:
        if self._text_from is not None:
            self.controls[-1]["innerHTML"] += text


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
