"""Pages of a drive's items as JSON text, written without an object for each.

A library of hundreds of thousands of files is read by pages of what has changed, and building what `Showing` shows of
a file takes several times as long as writing it down. What is written is to the byte what would be shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import orjson

from spmigrate.rehearsal.graph.drive_items import Drive, Showing, is_plain, mime_type, quoted_name
from spmigrate.rehearsal.graph.ids import item_ids
from spmigrate.rehearsal.http import encode_json
from spmigrate.rehearsal.items import Item, Row, read_item

# Columns in which a file may say more of itself than all files do (`Showing` reads them).
_TELLING = frozenset({"_ExtendedDescription", "_Shared", "CheckoutUser"})


class Lines:
    """Writes the items of one page."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._showing = Showing(drive)
        self._link = drive.tenant.links.downloads(drive.host, drive.web.name)
        # What many files of a page have in common, as text.
        self._people: dict[tuple[str, str], str] = {}
        self._parents: dict[int, tuple[str, str]] = {}
        self._media: dict[str, str] = {}
        # By a file's columns the applications that made and altered it, None where the columns tell more.
        self._apps: dict[str, tuple[str, str] | None] = {}

    def write(self, page: Sequence[Row | Item]) -> orjson.Fragment:
        """The array of a page's items."""
        ids = item_ids(self._drive.listing.id, [each[6] if isinstance(each, tuple) else each.guid for each in page])
        lines = [self._line(each, own) or self._general(each) for each, own in zip(page, ids, strict=True)]
        return orjson.Fragment("[" + ",".join(lines) + "]")

    def _general(self, row: Row | Item) -> str:
        return encode_json(self._showing.show(read_item(row))).decode()

    def _line(self, row: Row | Item, own: str) -> str:
        """A file as text; empty for what is no plain file."""
        if not isinstance(row, tuple):
            return ""
        (_, _, parent, name, folder, _, guid, size, digest, _, created, modified, author, editor, fields,
         etag, ctag, _, _, gone) = row  # fmt: skip
        if folder or gone:
            return ""
        apps = self._apps[fields] if fields in self._apps else self._read_apps(fields)
        if apps is None:
            return ""
        by_app, of_app = apps
        reference, address = self._parents.get(parent) or self._parent(row)
        maker = self._people.get((author, by_app)) or self._person(author, by_app)
        changer = self._people.get((editor, of_app)) or self._person(editor, of_app)
        mark = guid.upper()
        written, addressed = (f'"{name}"', name.replace(" ", "%20")) if is_plain(name) else _quote(name)
        return (
            f'{{"createdDateTime":"{created}","eTag":"\\"{{{mark}}},{etag}\\"","id":"{own}",'
            f'"lastModifiedDateTime":"{modified}","name":{written},"webUrl":"{address}{addressed}",'
            f'"cTag":"\\"c:{{{mark}}},{ctag}\\"","size":{size},"createdBy":{maker},"lastModifiedBy":{changer},'
            f'"parentReference":{reference},"fileSystemInfo":{{"createdDateTime":"{created}",'
            f'"lastModifiedDateTime":"{modified}"}},"@microsoft.graph.downloadUrl":"{self._link(guid, ctag, 0)}",'
            f'"file":{{"hashes":{{"quickXorHash":"{digest}"}},"mimeType":{self._medium(name)}}},"shared":{{"scope":"users"}}}}'
        )

    def _read_apps(self, fields: str) -> tuple[str, str] | None:
        known = json.loads(fields)
        told = (str(known.get("AppAuthor", "")), str(known.get("AppEditor", "")))
        found = self._apps[fields] = told if _TELLING.isdisjoint(known) else None
        return found

    def _person(self, login: str, app_id: str) -> str:
        found = self._people[login, app_id] = encode_json(self._showing.person(login, app_id)).decode()
        return found

    def _parent(self, row: Row) -> tuple[str, str]:
        reference, address = self._showing.parent(read_item(row))
        found = self._parents[row[2]] = (encode_json(reference).decode(), address)
        return found

    def _medium(self, name: str) -> str:
        if name.startswith("."):
            return f'"{mime_type(name)}"'
        extensions = name.partition(".")[2]
        found = self._media.get(extensions)
        if found is None:
            found = self._media[extensions] = f'"{mime_type(name)}"'
        return found


def _quote(name: str) -> tuple[str, str]:
    """A name as JSON has it, and as an address."""
    return orjson.dumps(name).decode(), quoted_name(name)
