"""Delta: what has changed in a drive since a token."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote

from spmigrate.rehearsal.graph.access import trim_items
from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drives import Address, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response

_PAGE = 200
_PAGE_LIMIT = 5000
_INLINE = re.compile(r"delta\(token='([^']*)'\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the log of changes: what came after `after`; what was gone by `began` was never seen."""

    after: int
    began: int

    def write(self) -> str:
        """The token for this point."""
        return base64.urlsafe_b64encode(f"1;{self.after};{self.began}".encode()).decode().rstrip("=")


def read_point(token: str) -> Point:
    """The point of a token; a 410 when it is not one of ours, as for a token that is too old."""
    try:
        parts = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(";")
        return Point(int(parts[1]), int(parts[2]))
    except (ValueError, IndexError):
        raise GraphError(410, "resyncRequired", "Resync required. The token is not valid any more.") from None


def answer_delta(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/root/delta`, with or without a token, in pages."""
    start = need_item(drive, Address(address.start, address.path, ""))
    if start.parent:
        raise GraphError(400, "notSupported", "Delta is supported at the root of a drive only.")
    inline = _INLINE.fullmatch(address.action)
    token = inline.group(1) if inline else call.query.get("token") or call.query.get("$skiptoken", "")
    content = drive.tenant.content
    size = call.page_size(usual=_PAGE, most=_PAGE_LIMIT)
    newest = content.last_change
    if token == "latest":  # noqa: S105 - a word of the interface
        return _page(call, drive, [], delta=Point(newest, 0))
    point = read_point(token) if token else Point(0, newest)
    found = content.changes(drive.listing.id, after=point.after, limit=size + 1)
    page = found[:size]
    paths: dict[int, str] = {}
    shown = []
    for item in trim_items(call, drive, page):
        if item.bin and item.change <= point.began:
            continue
        if not item.bin and item.parent not in paths:
            paths[item.parent] = content.path(item).rpartition("/")[0]
        shown.append(show_item(drive, item, parent_path=paths.get(item.parent, "")))
    last = page[-1].change if page else point.after
    if len(found) > size:
        return _page(call, drive, shown, following=Point(last, point.began))
    return _page(call, drive, shown, delta=Point(max(last, newest), 0))


def _page(
    call: Call,
    drive: Drive,
    shown: list[dict[str, object]],
    *,
    following: Point | None = None,
    delta: Point | None = None,
) -> Response:
    size = f"&$top={call.query['$top']}" if "$top" in call.query and following else ""
    base = f"https://{call.request.host}/v1.0/drives/{quote(drive.id)}/root/delta"
    link = "" if following is None else f"{base}?token={following.write()}{size}"
    end = "" if delta is None else f"{base}?token={delta.write()}"
    return collection(shown, context="Collection(driveItem)", call=call, of=DRIVE_ITEM, next=link, delta=end)
