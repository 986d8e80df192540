"""What modern pages are made of: the fields that hold a page's content and say what kind of page it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from uuid import NAMESPACE_URL, uuid5

PAGE_TYPE = "0x0101009D1CB255DA76424F860D91F20E6C4118"
NEWS, ARTICLE, HOME, REPOST = "News", "Article", "Home", "RepostPage"
# The component that draws modern pages.
APPLICATION = "b6917cb1-93a0-4b97-a84d-7cf49975d4ec"
NEWS_STATE, ARTICLE_STATE = 2, 0
PAGE_FILE = b'<%@ Page language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WebPartPage" %>\r\n'
# The web parts of a team site's home page: (id, title).
_HOME_PARTS = (
    ("8c88f208-6c77-4bdb-86a0-0c47b4316588", "News"),
    ("c70391ea-0b10-4ee9-b2b4-006d3fcad0cd", "Quick links"),
    ("eb95c819-ab8f-4689-bd03-0c2d65d47b1f", "Site activity"),
    ("f92bf067-bc19-489e-a556-7fe95f508720", "Document library"),
)


def page_fields(
    title: str, *, layout: str = ARTICLE, promoted: int = ARTICLE_STATE, canvas: str = "[]"
) -> dict[str, Any]:
    """The fields of a modern page; ``canvas`` is its content as JSON text."""
    return {
        "Title": title,
        "ContentTypeId": PAGE_TYPE,
        "PageLayoutType": layout,
        "PromotedState": promoted,
        "ClientSideApplicationId": APPLICATION,
        "BannerImageUrl": "",
        "Description": "",
        **canvas_fields(canvas),
    }


def canvas_fields(canvas: str) -> dict[str, str]:
    """A page's content as its API takes and gives it (JSON), and as its list item shows it (HTML)."""
    return {"_Canvas": canvas, "CanvasContent1": _as_html(canvas)}


def home_fields() -> dict[str, Any]:
    """The fields of the home page that a new site has."""
    return page_fields("Home", layout=HOME, canvas=_home_canvas())


@cache
def _home_canvas() -> str:
    controls: list[dict[str, Any]] = []
    for order, (part, title) in enumerate(_HOME_PARTS, 1):
        instance = str(uuid5(NAMESPACE_URL, f"home/{part}"))
        section = 1 + order % 2
        factor = 8 if section == 1 else 4
        position = {"layoutIndex": 1, "zoneIndex": 1, "sectionIndex": section, "sectionFactor": factor,
                    "controlIndex": order}  # fmt: skip
        data = {"id": part, "instanceId": instance, "title": title, "description": "", "dataVersion": "1.0",
                "properties": {}, "serverProcessedContent": {}}  # fmt: skip
        controls.append(
            {"controlType": 3, "id": instance, "position": position, "webPartId": part, "webPartData": data}
        )
    controls.append({"controlType": 0, "pageSettingsSlice": {"isDefaultDescription": True, "isDefaultThumbnail": True}})
    return json.dumps(controls, separators=(",", ":"))


def _as_html(canvas: str) -> str:
    try:
        controls = json.loads(canvas or "[]")
    except ValueError:
        return canvas
    if not isinstance(controls, list):
        return canvas
    return f"<div>{''.join(_control_html(each) for each in controls if isinstance(each, dict))}</div>"


def _control_html(control: dict[str, Any]) -> str:
    outer = {name: value for name, value in control.items() if name not in ("webPartData", "innerHTML")}
    inner = str(control.get("innerHTML") or "")
    if "webPartData" in control:
        inner = f'<div data-sp-webpart="" data-sp-webpartdata="{_attribute(control["webPartData"])}"></div>'
    elif inner:
        inner = f'<div data-sp-rte="">{inner}</div>'
    return (
        '<div data-sp-canvascontrol="" data-sp-canvasdataversion="1.0" '
        f'data-sp-controldata="{_attribute(outer)}">{inner}</div>'
    )


def canvas_of(fields: Mapping[str, Any]) -> str:
    """A page's content as JSON text; what was written to its list item as HTML counts."""
    canvas, html = str(fields.get("_Canvas") or "[]"), str(fields.get("CanvasContent1") or "")
    if not html or html == _as_html(canvas):
        return canvas
    reader = CanvasReader()
    reader.feed(html)
    return json.dumps(reader.controls, separators=(",", ":")) if reader.controls else canvas


class CanvasReader(HTMLParser):
    """Takes a page's controls out of the HTML that its list item holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.controls: list[dict[str, Any]] = []
        self._depth = 0
        self._text = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._depth += tag == "div"
        if "data-sp-canvascontrol" in given:
            self.controls.append(_read(given.get("data-sp-controldata", "")))
        elif "data-sp-webpartdata" in given and self.controls:
            self.controls[-1]["webPartData"] = _read(given["data-sp-webpartdata"])
        elif "data-sp-rte" in given and self.controls:
            self._text = self._depth
            self.controls[-1]["innerHTML"] = ""
        else:
            self._add(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs
        self._add(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth == self._text:
            self._text = 0
        self._depth -= tag == "div"
        self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, text: str) -> None:
        if self._text:
            self.controls[-1]["innerHTML"] += text


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(unescape(text))
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _attribute(value: Any) -> str:
    return escape(json.dumps(value, separators=(",", ":"))).replace("{", "&#123;").replace("}", "&#125;")
