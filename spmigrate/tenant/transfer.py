"""Content, up and down: upload sessions in fragments, empty files with their dates, downloads in ranges."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from spmigrate.errors import Refused, TenantError, Throttled, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.files import Library, Stored, child_path, stored
from spmigrate.tenant.sender import Reply
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.signin import GRAPH

T = TypeVar("T")
FRAGMENT_UNIT = 327_680
"""Every fragment but the last is a multiple of this many bytes. Source: Graph, driveItem: createUploadSession."""
FRAGMENT = 32 * FRAGMENT_UNIT
_ATTEMPTS = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BYTES = "application/octet-stream"


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
    sleep: Callable[[float], None] | None = None,
) -> Stored:
    """Send a file of `size` > 0 bytes with its dates; it appears whole, with its last fragment, or not at all.

    `fragments` are of `FRAGMENT` bytes, the last one shorter; what they raise cancels the upload. Never overwrites:
    raises Conflict when the name is taken. After Throttled or Unavailable it may have arrived: look before repeating.
    """
    sleep = sleep or tenant.patience.pause
    url, start, answer = "", 0, None
    try:
        for fragment in fragments:
            url = url or _begin(tenant, spot, times, sleep=sleep)
            answer = _send_fragment(tenant, url, fragment, start=start, size=size, sleep=sleep)
            start += len(fragment)
            del fragment  # before the next one is read: one fragment for each worker, not two
    except BaseException:
        _cancel(tenant, url)
        raise
    if answer is None:
        raise Unavailable("the service has all of a file and did not say that it keeps it")
    return _item(answer)


def upload_empty(tenant: Tenant, spot: Spot) -> Stored:
    """Make an empty file, which no upload session can carry; `set_dates` follows. Raises Conflict; never overwrites."""
    path = f"{child_path(spot.library, spot.parent_id, spot.name)}:/content?@microsoft.graph.conflictBehavior=fail"
    reply = _authorised(tenant, "PUT", path, spot.library, body=b"", kind=_BYTES)
    return _item(_accepted(reply, "PUT an empty file"))


def set_dates(tenant: Tenant, spot: Spot, times: Times) -> None:
    """Give a file its dates without making a second version. Raises Refused when the service takes one of them not."""
    site = tenant.settings.sharepoint + spot.library.site
    parts = (spot.library.site, spot.library.name, spot.folder, spot.name)
    path = quote("/".join(part for part in parts if part).replace("'", "''"), safe="/")
    values = [
        {"FieldName": name, "FieldValue": _wall_time(tenant, site, nanoseconds)}
        for name, nanoseconds in (("Created", times.created_ns), ("Modified", times.modified_ns))
    ]
    answer = tenant.rest(
        "POST",
        f"{site}/_api/web/GetFileByServerRelativePath(decodedurl='{path}')/ListItemAllFields/ValidateUpdateListItem()",
        {"formValues": values, "bNewDocumentUpdate": True},
        repeatable=True,
    )
    # The service answers 200 even when it refuses a field, and one refusal cancels all of them.
    wrong = [each for each in answer["value"] if each.get("HasException")]
    if wrong:
        raise Refused(f"the dates were refused: {wrong[0].get('ErrorMessage') or wrong[0]['FieldName']}")


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
    sleep = sleep or tenant.patience.pause
    which = f"/versions/{version}" if version else ""
    path = f"/v1.0/drives/{library.drive_id}/items/{item_id}{which}/content"
    source, at = _repeated(tenant, lambda: _download_address(tenant, path, library), sleep=sleep), 0
    while True:
        piece = _repeated(tenant, partial(_range, tenant, source, at), sleep=sleep)
        if piece is None:
            return
        into.write(piece.body)
        at += len(piece.body)
        if piece.status == HTTPStatus.OK or len(piece.body) < FRAGMENT:
            return


def _download_address(tenant: Tenant, path: str, library: Library) -> str:
    reply = _authorised(tenant, "GET", path, library)
    if reply.status != HTTPStatus.FOUND or "Location" not in reply.headers:
        raise _failure(reply, "GET content") or _odd("GET content")
    return reply.headers["Location"]


def _range(tenant: Tenant, source: str, at: int) -> Reply | None:
    """The content from `at` on, at most one fragment of it; None behind its end."""
    piece = tenant.send("GET", source, body=None, headers={"Range": f"bytes={at}-{at + FRAGMENT - 1}"})
    if piece.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return None
    failure = _failure(piece, "GET content")
    if failure is not None:
        raise failure
    return piece


def moment(nanoseconds: int) -> str:
    """A source time as Graph takes it: UTC, whole seconds."""
    return _utc(nanoseconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _begin(tenant: Tenant, spot: Spot, times: Times, *, sleep: Callable[[float], None]) -> str:
    """Open an upload session; by the bulk sender, which needs half the processor time of the control plane's."""
    item = {
        "@microsoft.graph.conflictBehavior": "fail",
        "fileSystemInfo": {
            "createdDateTime": moment(times.created_ns),
            "lastModifiedDateTime": moment(times.modified_ns),
        },
    }
    path = f"{child_path(spot.library, spot.parent_id, spot.name)}:/createUploadSession"
    body = json.dumps({"item": item}).encode()

    def ask() -> str:
        reply = _authorised(tenant, "POST", path, spot.library, body=body, kind="application/json")
        answer = _accepted(reply, "POST an upload session")
        if not isinstance(answer.get("uploadUrl"), str):
            raise _odd("POST an upload session")
        return str(answer["uploadUrl"])

    # Repeating is safe: a session that nobody uses holds no content and expires.
    return _repeated(tenant, ask, sleep=sleep)


def _repeated(tenant: Tenant, ask: Callable[[], T], *, sleep: Callable[[float], None]) -> T:
    """Ask again after a failure that may pass, up to `_ATTEMPTS` times, unless nobody gets an answer any more."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return ask()
        except Throttled:
            continue  # the gate waits
        except Unavailable:
            if tenant.patience.silent:
                raise
            sleep(_pause(attempt))
    return ask()


def _authorised(
    tenant: Tenant, method: str, path: str, library: Library, *, body: bytes | None = None, kind: str = ""
) -> Reply:
    """Send to Graph with our token, once more when the service no longer takes that token."""
    headers = {} if body is None else {"Content-Type": kind, "Content-Length": str(len(body))}
    reply = tenant.send(method, GRAPH + path, body=body, headers=headers, authorised=True)
    if reply.status == HTTPStatus.UNAUTHORIZED:
        tenant.graph("GET", f"/v1.0/drives/{library.drive_id}?$select=id")  # which renews the token
        reply = tenant.send(method, GRAPH + path, body=body, headers=headers, authorised=True)
    return reply


def _pause(attempt: int) -> float:
    """Seconds to wait after so many attempts without an answer."""
    return 2.0 ** (attempt - 1) / 2


def _send_fragment(
    tenant: Tenant, url: str, fragment: bytes, *, start: int, size: int, sleep: Callable[[float], None]
) -> dict[str, Any] | None:
    """Send one fragment, from where the service stands after a lost answer; the item's JSON when it was the last."""
    done, last = 0, start + len(fragment) - 1
    for attempt in range(1, _ATTEMPTS + 1):
        headers = {
            "Content-Type": _BYTES,
            "Content-Length": str(len(fragment) - done),
            "Content-Range": f"bytes {start + done}-{last}/{size}",
        }
        try:
            reply = tenant.send("PUT", url, body=fragment[done:] if done else fragment, headers=headers)
        except Throttled:
            if attempt == _ATTEMPTS:
                raise
            continue
        except Unavailable:
            if attempt == _ATTEMPTS or tenant.patience.silent:
                raise
            sleep(_pause(attempt))
            reply = None
        if reply is None or reply.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            position = _position(tenant, url)
        elif reply.status == HTTPStatus.ACCEPTED:
            position = _expected(reply.body)
        elif reply.status == HTTPStatus.NOT_FOUND:
            raise Unavailable("the upload session has gone", status=reply.status)
        else:
            return _accepted(reply, "PUT a fragment")
        done = position - start
        if done == len(fragment):
            return None
        if not 0 <= done < len(fragment):
            raise Unavailable("the service has lost an earlier part of the upload")
    raise Unavailable("the service keeps asking for the same part of the upload")


def _position(tenant: Tenant, url: str) -> int:
    """How many bytes the service has. Raises Unavailable when the session is over: it may be done or expired."""
    reply = tenant.send("GET", url, body=None)
    if reply.status != HTTPStatus.OK:
        raise Unavailable("the upload session has gone", status=reply.status)
    return _expected(reply.body)


def _expected(body: bytes) -> int:
    try:
        return int(str(json.loads(body)["nextExpectedRanges"][0]).split("-")[0])
    except (ValueError, TypeError, LookupError):
        raise Unavailable("the service does not say where the upload stands") from None


def _cancel(tenant: Tenant, url: str) -> None:
    if url:
        with suppress(TenantError):
            tenant.send("DELETE", url, body=None)


def _accepted(reply: Reply, what: str) -> dict[str, Any]:
    failure = _failure(reply, what)
    if failure is not None:
        raise failure
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _odd(what)
    return answer


def _item(answer: dict[str, Any]) -> Stored:
    try:
        return stored(answer)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise _odd("PUT content") from None


def _odd(what: str) -> Unavailable:
    """For an answer that says success and is not the service's: a proxy's page, for example."""
    return Unavailable(
        f"{what}: the answer is not what the service says", hint="see whether a proxy answers: spmigrate doctor"
    )


def _failure(reply: Reply, what: str) -> TenantError | None:
    return translate.failure(translate.Answer(reply.status, reply.headers, reply.body), what)


def _wall_time(tenant: Tenant, site: str, nanoseconds: int) -> str:
    """A moment on the clock of the site, which is how document dates are read there. The service does the sum."""
    answer = tenant.rest(
        "POST",
        f"{site}/_api/web/RegionalSettings/TimeZone/UTCToLocalTime(@moment)?@moment='{moment(nanoseconds)}'",
        repeatable=True,
    )
    local = datetime.fromisoformat(str(answer["value"]).removesuffix("Z"))
    return local.strftime("%Y-%m-%d %H:%M:%S")


def _utc(nanoseconds: int) -> datetime:
    seconds = nanoseconds // 1_000_000_000
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise Refused(f"a time {seconds} seconds from 1970 is no date that the service knows") from None
