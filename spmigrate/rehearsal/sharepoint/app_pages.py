"""Pages that are filled by one web part alone."""

from __future__ import annotations

import json
import uuid
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, action
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, add_node, every_node
from spmigrate.rehearsal.sharepoint.page_content import PAGE_FILE, canvas_fields, page_fields

_LAYOUT = "SingleWebPartAppPage"
_LIBRARY = "SitePages"
_UNNAMED = "AppPage-"


class AppPages(Collection):
    """The part of a web's pages that makes pages of one web part."""

    @action("CreateAppPage", Level.WRITE)
    def create_app_page(self, call: Call) -> str:
        """Make such a page; answers its address below the web."""
        canvas = _canvas(call.text("webPartDataAsJson", 0))
        library = self.scope.store.find("list", self.scope.web.id, _LIBRARY)
        root = None if library is None else self.scope.content.root(library.id)
        if root is None:
            raise file_not_found()
        content = self.scope.content
        name = f"{_UNNAMED}{content.last_change + 1:08x}.aspx"
        fields = page_fields("", layout=_LAYOUT, canvas=canvas)
        made = content.add_file(root, name, content.blobs.put(PAGE_FILE), by=self.scope.claims.login, fields=fields)
        return f"{_LIBRARY}/{made.name}"

    @action("UpdateAppPage", Level.WRITE)
    def update_app_page(self, call: Call) -> str:
        """Give such a page its title and web part; answers its address below the web."""
        title = call.text("title", default="")
        library = self.scope.store.find("list", self.scope.web.id, _LIBRARY)
        number = call.number("pageId", 0)
        item = None if library is None else self.scope.content.by_number(library.id, number)
        if item is None:
            raise file_not_found()
        if title and item.name.startswith(_UNNAMED):
            # The pages of a web are made of this.
            from spmigrate.rehearsal.sharepoint.site_pages import free_name

            item = self.scope.content.move(item, by=self.scope.claims.login, name=free_name(self.scope, item, title))
        self._write(item, call.text("webPartDataAsJson", default=""), title=title)
        url = f"{self.scope.web_path}/{_LIBRARY}/{item.name}"
        if call.flag("includeInNavigation", default=False):
            shown = {"Title": title or item.name, "Url": url, "IsVisible": True}
            add_node(self.scope, {**shown, "_Parent": QUICK_LAUNCH, "_Order": len(every_node(self.scope))})
        return f"{_LIBRARY}/{item.name}"

    @action("UpdateFullPageApp", Level.WRITE)
    def update_full_page_app(self, call: Call) -> None:
        """Put another web part on such a page."""
        found = folder_tree.find_item(self.scope, call.text("serverRelativeUrl", 0))
        if found is None or found[1].folder:
            raise file_not_found()
        self._write(found[1], call.text("webPartDataAsJson", 1))

    def _write(self, item: Item, part: str, *, title: str = "") -> None:
        fields: dict[str, Any] = canvas_fields(_canvas(part)) if part else {}
        fields |= {"Title": title} if title else {}
        self.scope.content.write(item, by=self.scope.claims.login, fields=fields)


def _canvas(text: str) -> str:
    """The content of a page that shows one web part; refuses what does not describe one."""
    try:
        part = json.loads(text)
    except ValueError:
        part = None
    if not isinstance(part, dict) or not part.get("id"):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: webPartDataAsJson")
    instance = str(part.get("instanceId") or uuid.uuid5(uuid.NAMESPACE_URL, text))
    position = {"zoneIndex": 1, "sectionIndex": 1, "controlIndex": 1, "sectionFactor": 0, "layoutIndex": 1}
    control = {"controlType": 3, "id": instance, "position": position, "webPartId": part["id"], "webPartData": part}
    return json.dumps([control], separators=(",", ":"))
