"""Delta: what has changed in a drive since a token.

A first reading goes through the folders, each after the folders above it, and then through the files, as in the
service: programs look for the parent of what they are told. Later readings follow the log of changes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from orjson import Fragment

from spmigrate.rehearsal.content import Content, Item
from spmigrate.rehearsal.graph.access import trim_page
from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.drive_items import Drive, Showing
from spmigrate.rehearsal.graph.drive_lines import Lines
from spmigrate.rehearsal.graph.drive_queries import expand
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.items import CHANGE, Row, read_item

_PAGE = 200
_PAGE_LIMIT = 5000
_TOKENS = frozenset({"$deltatoken"})


class Phase(StrEnum):
    """What a reading is about: all folders, all files, or what has changed."""

    FOLDERS = "d"
    FILES = "f"
    CHANGES = "c"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a reading: folders come by row id, files and changes by their place in the log. What a first reading
    does not see, because it came to pass after `began`, the next one tells."""

    phase: Phase
    after: int
    began: int

    def write(self) -> str:
        """The token for this point."""
        return base64.urlsafe_b64encode(f"2;{self.phase};{self.after};{self.began}".encode()).decode().rstrip("=")


def read_point(token: str) -> Point:
    """The point of a token; a 410 when it is not one of ours, as for a token that is too old."""
    try:
        form, phase, after, began = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(";")
        if form != "2":
            raise ValueError(form)
        return Point(Phase(phase), int(after), int(began))
    except ValueError:
        raise GraphError(410, "resyncRequired", "Resync required. The token is not valid any more.") from None


def answer_delta(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`GET …/root/delta`, with or without a token, in pages."""
    start = need_item(drive, address)
    if start.parent:
        raise GraphError(400, "notSupported", "Delta is supported at the root of a drive only.")
    named = call.query.get("token") or call.query.get("$deltatoken") or call.query.get("$skiptoken", "")
    token = action.arguments.get("token") or action.arguments.get("") or named
    content = drive.tenant.content
    newest = content.last_change
    if token == "latest":  # noqa: S105 - a word of the interface
        return _answer(call, drive, [], delta=Point(Phase.CHANGES, newest, newest))
    size = call.page_size(usual=_PAGE, most=_PAGE_LIMIT)
    point = read_point(token) if token else Point(Phase.FOLDERS, 0, newest)
    if point.phase is Phase.CHANGES:
        found = content.changes(drive.listing.id, after=point.after, limit=size + 1)
        if len(found) > size:
            return _answer(call, drive, found[:size], following=replace(point, after=found[size - 1].change))
        last = max(found[-1].change if found else 0, newest)
        return _answer(call, drive, found, delta=Point(Phase.CHANGES, last, last))
    page: list[Row | Item] = []
    if point.phase is Phase.FOLDERS:
        folders, following = _read_folders(drive, point, size)
        page += folders
        if following is not None:
            return _answer(call, drive, page, following=following)
        point = Point(Phase.FILES, 0, point.began)
    room = max(0, size - len(page))
    files = content.files_of_list(drive.listing.id, after=point.after, limit=room + 1)
    page += files[:room]
    if len(files) > room:
        after = files[room - 1][CHANGE] if room else point.after
        return _answer(call, drive, page, following=replace(point, after=after))
    return _answer(call, drive, page, delta=Point(Phase.CHANGES, point.began, point.began))


def _read_folders(drive: Drive, point: Point, size: int) -> tuple[list[Item], Point | None]:
    """Folders after a point, and the point that follows; None when these were the last.

    A folder comes when its own turn or that of a folder above it comes, whichever is later: none comes before what
    holds it, and a row id is all that has to be remembered.
    """
    content = drive.tenant.content
    page: list[Item] = []
    found = content.folders(drive.listing.id, after=point.after, limit=size + 1)
    for folder in found:
        if len(page) >= size:
            return page, point
        if all(above.id < folder.id for above in content.ancestors(folder)):
            page += _with_earlier(content, folder, folder.id)
        point = replace(point, after=folder.id)
    return page, point if len(found) > size else None


def _with_earlier(content: Content, folder: Item, turn: int) -> Iterator[Item]:
    yield folder
    for below in content.folders_in(folder, before=turn):
        yield from _with_earlier(content, below, turn)


def _answer(
    call: Call, drive: Drive, page: Sequence[Row | Item], *, following: Point | None = None, delta: Point | None = None
) -> Response:
    more = "".join(f"&{name}={quote(call.query[name])}" for name in ("$select", "$expand") if name in call.query)
    size = f"&$top={call.query['$top']}" if "$top" in call.query else ""
    base = f"{call.base}/drives/{quote(drive.id)}/root/delta"
    return collection(
        _show(call, drive, page),
        context="Collection(driveItem)",
        call=call,
        of=DRIVE_ITEM,
        more=_TOKENS,
        next="" if following is None else f"{base}?token={following.write()}{size}{more}",
        delta="" if delta is None else f"{base}?token={delta.write()}{more}",
    )


def _show(call: Call, drive: Drive, page: Sequence[Row | Item]) -> list[dict[str, Any]] | Fragment:
    visible = trim_page(call, drive, page)
    if call.whole:
        return Lines(drive).write(visible)
    expanded = "$expand" in call.query
    showing = Showing(drive)
    shown = []
    for item in map(read_item, visible):
        about = showing.show(item)
        shown.append(expand(call, drive, [(item, about)])[0] if expanded and not item.bin else about)
    return shown
