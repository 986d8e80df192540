"""Content, up and down: upload sessions in fragments, empty files, downloads in ranges."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol

from spmigrate.errors import Conflict, Refused, TenantError, Throttled, Unavailable
from spmigrate.tenant import bulk, files
from spmigrate.tenant.files import Library, Stored, child_path
from spmigrate.tenant.sender import Reply
from spmigrate.tenant.session import Tenant

FRAGMENT_UNIT = 327_680
"""Every fragment but the last is a multiple of this many bytes. Source: Graph, driveItem: createUploadSession."""
FRAGMENT = 32 * FRAGMENT_UNIT
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = "the upload session has gone"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a file goes: a folder by id and by its path below the library, and the file's name."""

    library: Library
    parent_id: str
    folder: str
    name: str


@dataclass(frozen=True, slots=True)
class Times:
    """When the original was made and last altered, in nanoseconds since 1970; the service keeps whole seconds."""

    created_ns: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Over:
    """The file that new content takes the place of, by its id, and only while it is as this eTag says."""

    item_id: str
    etag: str


@dataclass(frozen=True, slots=True)
class HalfSent:
    """An upload that was begun: its address, which is a secret, and how many bytes the service has."""

    url: str
    position: int = 0

    def __repr__(self) -> str:
        return f"HalfSent({self.position})"


class SessionGone(Unavailable):
    """The service does not know an upload session any more: it was completed, cancelled, or has expired."""


class Sink(Protocol):
    """Where a download goes: a file, or something that only looks at what passes."""

    def write(self, piece: bytes, /) -> object:
        """Take the next piece."""


def upload(
    tenant: Tenant,
    spot: Spot,
    fragments: Iterator[bytes],
    *,
    size: int,
    times: Times,
    over: Over | None = None,
    half_sent: HalfSent | None = None,
    begun: Callable[[HalfSent], None] | None = None,
    sleep: Callable[[float], None] | None = None,
) -> Stored:
    """Send a file of `size` > 0 bytes with its dates; it appears whole, with its last fragment, or not at all.

    `fragments` are of `FRAGMENT` bytes, the last one shorter; those of an upload that goes on begin at its position.
    `begun` is told of a new upload before its first fragment is sent. Who is told can go on with it and has to `cancel`
    it; otherwise whatever goes wrong cancels it.
    Overwrites nothing: raises Conflict when the name is taken, or with `over`, when that file is not what it was. After
    Throttled or Unavailable it may have arrived: look before repeating. Raises SessionGone for a lost session.
    """
    sleep = sleep or tenant.patience.pause
    url, start, answer = "", 0, None
    if half_sent is not None:
        url, start = half_sent.url, half_sent.position
    is_deferred = over is not None and size > FRAGMENT
    try:
        for fragment in fragments:
            if not url:
                url = _begin(tenant, spot, times, over=over, deferred=is_deferred, sleep=sleep)
                if begun is not None:
                    begun(HalfSent(url))
            answer = _send_fragment(tenant, url, fragment, start=start, size=size, sleep=sleep)
            start += len(fragment)
            del fragment  # before the next one is read: one fragment for each worker, not two
        if over is not None and is_deferred:
            answer = _commit(tenant, spot.library, url, over)
    except BaseException:
        if begun is None and url:
            cancel(tenant, url)
        raise
    if answer is None:
        raise Unavailable("the service has all of a file and did not say that it keeps it")
    return bulk.item(answer)


def find_half_sent(
    tenant: Tenant, url: str, *, size: int, sleep: Callable[[float], None] | None = None
) -> HalfSent | None:
    """How far an upload of an earlier run came; None when the service does not know it any more."""

    def ask() -> HalfSent | None:
        reply = tenant.send("GET", url, body=None)
        return HalfSent(url, _expected(reply.body, complete=size)) if reply.status == HTTPStatus.OK else None

    return bulk.repeated(tenant, ask, sleep=sleep or tenant.patience.pause)


def cancel(tenant: Tenant, url: str) -> None:
    """Give an upload up; what cannot be told to the service now expires there by itself."""
    with suppress(TenantError):
        tenant.send("DELETE", url, body=None)


def upload_empty(tenant: Tenant, spot: Spot, *, over: Over | None = None) -> Stored:
    """Make an empty file, which no upload session can carry, or with `over` empty that one; dates have to follow.

    Raises Conflict when the name is taken, or when `over` is not what it was.
    """
    path = f"{child_path(spot.library, spot.parent_id, spot.name)}:/content?@microsoft.graph.conflictBehavior=fail"
    if over is not None:
        path = f"{files.item_path(spot.library, over.item_id)}/content"
    etag = over.etag if over else ""
    reply = bulk.ask(tenant, "PUT", path, spot.library, body=b"", kind=bulk.BYTES, etag=etag)
    return bulk.item(bulk.accepted(reply, "PUT an empty file"))


def download(
    tenant: Tenant,
    library: Library,
    item_id: str,
    into: Sink,
    *,
    version: str = "",
    sleep: Callable[[float], None] | None = None,
) -> None:
    """Write a file's content to `into`, one range at a time, so that memory stays flat. Raises TenantError.

    `version` is the number of an earlier one: the service tells the content of the current one by the item alone.
    """
    for piece in ranges(tenant, library, item_id, version=version, sleep=sleep):
        into.write(piece)


def ranges(
    tenant: Tenant, library: Library, item_id: str, *, version: str = "", sleep: Callable[[float], None] | None = None
) -> Iterator[bytes]:
    """A file's content in pieces of `FRAGMENT` bytes, each fetched when it is asked for. Raises TenantError."""
    sleep = sleep or tenant.patience.pause
    which = f"/versions/{version}" if version else ""
    path = f"/v1.0/drives/{library.drive_id}/items/{item_id}{which}/content"
    source, at = bulk.repeated(tenant, lambda: _download_address(tenant, path, library), sleep=sleep), 0
    while True:
        piece = bulk.repeated(tenant, partial(_range, tenant, source, at), sleep=sleep)
        if piece is None:
            return
        yield piece.body
        at += len(piece.body)
        if piece.status == HTTPStatus.OK or len(piece.body) < FRAGMENT:
            return


def _download_address(tenant: Tenant, path: str, library: Library) -> str:
    reply = bulk.ask(tenant, "GET", path, library)
    if reply.status != HTTPStatus.FOUND or "Location" not in reply.headers:
        raise bulk.failure(reply, "GET content") or bulk.odd("GET content")
    return reply.headers["Location"]


def _range(tenant: Tenant, source: str, at: int) -> Reply | None:
    """The content from `at` on, at most one fragment of it; None behind its end."""
    piece = tenant.send("GET", source, body=None, headers={"Range": f"bytes={at}-{at + FRAGMENT - 1}"})
    if piece.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return None
    failure = bulk.failure(piece, "GET content")
    if failure is not None:
        raise failure
    return piece


def moment(nanoseconds: int) -> str:
    """A source time as Graph takes it: UTC, whole seconds."""
    return _utc(nanoseconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _begin(
    tenant: Tenant, spot: Spot, times: Times, *, over: Over | None, deferred: bool, sleep: Callable[[float], None]
) -> str:
    """Open an upload session; by the bulk sender, which needs half the processor time of the control plane's."""
    item = {
        "@microsoft.graph.conflictBehavior": "replace" if over else "fail",
        "fileSystemInfo": {
            "createdDateTime": moment(times.created_ns),
            "lastModifiedDateTime": moment(times.modified_ns),
        },
    }
    path = f"{child_path(spot.library, spot.parent_id, spot.name)}:/createUploadSession"
    if over is not None:
        path = f"{files.item_path(spot.library, over.item_id)}/createUploadSession"
    body = json.dumps({"item": item, "deferCommit": True} if deferred else {"item": item}).encode()
    etag = over.etag if over else ""

    def ask() -> str:
        reply = bulk.ask(tenant, "POST", path, spot.library, body=body, kind=bulk.JSON, etag=etag)
        answer = bulk.accepted(reply, "POST an upload session")
        if not isinstance(answer.get("uploadUrl"), str):
            raise bulk.odd("POST an upload session")
        return str(answer["uploadUrl"])

    # Repeating is safe: a session that nobody uses holds no content and expires.
    return bulk.repeated(tenant, ask, sleep=sleep)


def _commit(tenant: Tenant, library: Library, url: str, over: Over) -> dict[str, Any]:
    """Let what was sent take its place, unless somebody has worked there while it was on its way."""
    found = files.by_id(tenant, library, over.item_id)
    if found is None or found.etag != over.etag:
        raise Conflict("the file was edited while the upload was on its way", status=HTTPStatus.PRECONDITION_FAILED)
    reply = tenant.send("POST", url, body=b"", headers={"Content-Length": "0"})
    if reply.status == HTTPStatus.NOT_FOUND:
        raise SessionGone(_GONE, status=reply.status)
    return bulk.accepted(reply, "POST the end of an upload")


def _send_fragment(
    tenant: Tenant, url: str, fragment: bytes, *, start: int, size: int, sleep: Callable[[float], None]
) -> dict[str, Any] | None:
    """Send one fragment, from where the service stands after a lost answer; the item's JSON when it was the last."""
    done, last = 0, start + len(fragment) - 1
    for attempt in range(1, bulk.ATTEMPTS + 1):
        headers = {
            "Content-Type": bulk.BYTES,
            "Content-Length": str(len(fragment) - done),
            "Content-Range": f"bytes {start + done}-{last}/{size}",
        }
        try:
            reply = tenant.send("PUT", url, body=fragment[done:] if done else fragment, headers=headers)
        except Throttled:
            if attempt == bulk.ATTEMPTS:
                raise
            continue
        except Unavailable:
            if attempt == bulk.ATTEMPTS or tenant.patience.silent:
                raise
            sleep(bulk.pause(attempt))
            reply = None
        if reply is None or reply.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            position = _position(tenant, url, size)
        elif reply.status == HTTPStatus.ACCEPTED:
            position = _expected(reply.body, complete=size)
        elif reply.status == HTTPStatus.NOT_FOUND:
            raise SessionGone(_GONE, status=reply.status)
        else:
            return bulk.accepted(reply, "PUT a fragment")
        done = position - start
        if done == len(fragment):
            return None
        if not 0 <= done < len(fragment):
            raise Unavailable("the service has lost an earlier part of the upload")
    raise Unavailable("the service keeps asking for the same part of the upload")


def _position(tenant: Tenant, url: str, size: int) -> int:
    """How many bytes the service has. Raises SessionGone when the session is over: it may be done or expired."""
    reply = tenant.send("GET", url, body=None)
    if reply.status != HTTPStatus.OK:
        raise SessionGone(_GONE, status=reply.status)
    return _expected(reply.body, complete=size)


def _expected(body: bytes, *, complete: int) -> int:
    """Where the service wants the next byte from; nowhere means that it has all of them."""
    try:
        ranges = json.loads(body)["nextExpectedRanges"]
        return int(str(ranges[0]).split("-")[0]) if ranges else complete
    except (ValueError, TypeError, LookupError):
        raise Unavailable("the service does not say where the upload stands") from None


def _utc(nanoseconds: int) -> datetime:
    seconds = nanoseconds // 1_000_000_000
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise Refused(f"a time {seconds} seconds from 1970 is no date that the service knows") from None
