"""What modern pages are made of: the fields that hold a page's content and say what kind of page it is."""

from __future__ import annotations

import json
from html import escape
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
    title: str, *, layout: str = ARTICLE, promoted: int = ARTICLE_STATE, canvas: str = ""
) -> dict[str, Any]:
    """The fields of a modern page."""
    return {
        "Title": title,
        "ContentTypeId": PAGE_TYPE,
        "PageLayoutType": layout,
        "PromotedState": promoted,
        "ClientSideApplicationId": APPLICATION,
        "CanvasContent1": canvas,
        "BannerImageUrl": "",
        "Description": "",
    }


def home_fields() -> dict[str, Any]:
    """The fields of the home page that a new site has."""
    return page_fields("Home", layout=HOME, canvas=_home_canvas())


def _home_canvas() -> str:
    parts = []
    for order, (part, title) in enumerate(_HOME_PARTS, 1):
        instance = str(uuid5(NAMESPACE_URL, f"home/{part}"))
        data = {
            "controlType": 3,
            "id": instance,
            "position": {"zoneIndex": 1, "sectionIndex": 1 + order % 2, "controlIndex": order},
            "webPartId": part,
        }
        web_part = {"id": part, "instanceId": instance, "title": title, "dataVersion": "1.0", "properties": {}}
        parts.append(
            f'<div data-sp-canvascontrol="" data-sp-canvasdataversion="1.0" '
            f'data-sp-controldata="{escape(json.dumps(data, separators=(",", ":")))}">'
            f'<div data-sp-webpart="" data-sp-webpartdata="{escape(json.dumps(web_part, separators=(",", ":")))}">'
            "</div></div>"
        )
    return f"<div>{''.join(parts)}</div>"
