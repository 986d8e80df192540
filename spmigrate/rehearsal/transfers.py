"""Bytes at their own addresses on the SharePoint hosts: fragments of upload sessions, and downloads."""

from __future__ import annotations

import hmac
import re
import uuid
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import quote

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.content import Item, Refusal
from spmigrate.rehearsal.graph.call import GraphError, error_response
from spmigrate.rehearsal.graph.drive_copies import show_progress
from spmigrate.rehearsal.graph.drive_items import mime_type, show_item
from spmigrate.rehearsal.graph.drive_renditions import render_pdf
from spmigrate.rehearsal.graph.drives import open_drive
from spmigrate.rehearsal.graph.refusals import translate
from spmigrate.rehearsal.http import FileRange, Request, Response, json_response
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.transfer_links import Payer, read_claims, read_payer, upload_seal
from spmigrate.rehearsal.uploads import FRAGMENT_UNIT, MAX_FRAGMENT, Session, Span

_UPLOAD = re.compile(r"/_api/v2\.0/drives/([^/]+)/items/[^/]+/uploadsession$", re.IGNORECASE)
_LINK = re.compile(r"/:[a-z]:/", re.IGNORECASE)
_MONITOR = re.compile(r"/_api/v2\.0/monitor/([^/]+)$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/_layouts/15/download\.aspx$", re.IGNORECASE)
# The documentation wants fragments of whole 320 KiB, or "errors committing some files"; the service's own people say
# that "theoretically we support any fragment size" (onedrive-api-docs issue 686), and Microsoft's client for Python
# sends uneven ones.
UNEVEN_FRAGMENTS_ARE_REFUSED = False
_SPAN = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def is_transfer(request: Request) -> bool:
    """True for an address that carries its own permission."""
    path = request.path
    if _LINK.match(path) or ("share=" in request.query and _DOWNLOAD.search(path)):
        return True
    return "tempauth=" in request.query and bool(
        _UPLOAD.search(path) or _DOWNLOAD.search(path) or _MONITOR.search(path)
    )


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a request for bytes."""
    upload, monitor = _UPLOAD.search(request.path), _MONITOR.search(request.path)
    try:
        with tenant.store.transaction():
            if upload:
                return _upload(request, tenant, upload.group(1))
            if monitor:
                return _monitor(request, tenant, monitor.group(1))
            if "tempauth=" not in request.query:
                return _follow_link(request, tenant)
            return _download(request, tenant)
    except Refusal as refusal:
        error = translate(refusal)
    except GraphError as refused:
        error = refused
    return error_response(error, request_id=str(uuid.uuid4()), at=tenant.clock.iso())


def payer_of(request: Request, tenant: Tenant) -> Payer:
    """Whose limits a request for bytes counts against; nobody's where its address leads nowhere."""
    query = request.parameters()
    if not _UPLOAD.search(request.path):
        return read_payer(query["tempauth"]) if _is_sealed(query, tenant) else Payer()
    try:
        target = tenant.uploads.find(query.get("guid", "")).target
    except Refusal:
        return Payer()
    _, person, user = target.by.rpartition("|membership|")
    return Payer(target.app, user if person else "", paid=request.method != "PUT")


def site_of_link(request: Request, tenant: Tenant) -> str:
    """The site collection (row id) of the link for anyone that a request opens; empty when it opens none."""
    found = _find_link(request, tenant) if "tempauth=" not in request.query else None
    return str(tenant.content.site_of(found[1].list)) if found and found[0].props["scope"] == "anonymous" else ""


def _upload(request: Request, tenant: Tenant, drive_id: str) -> Response:
    query = request.parameters()
    session = tenant.uploads.find(query.get("guid", ""))
    if not hmac.compare_digest(upload_seal(session.id).encode(), query.get("tempauth", "").encode()):
        raise GraphError(401, "unauthenticated", "The upload address has expired.")
    if request.method == "GET":
        return json_response(200, show_session(session))
    if request.method == "DELETE":
        tenant.uploads.cancel(session)
        return Response(204)
    if request.method == "POST":
        return _show_done(tenant, drive_id, session, tenant.uploads.commit(session))
    if request.method != "PUT":
        raise GraphError(405, "notAllowed", "The method is not allowed here.")
    span = _read_span(request, session)
    done = tenant.uploads.receive(session, span, request.body)
    if isinstance(done, Session):
        # The range that is wanted next ends where the file ends, which a fragment says: Microsoft's own client for
        # Python (msgraph_core.tasks.large_file_upload) reads both ends and fails on "26-", the form of the
        # documentation's example.
        wanted = [] if done.received == span.total else [f"{done.received}-{span.total - 1}"]
        return json_response(202, {**show_session(done), "nextExpectedRanges": wanted})
    return _show_done(tenant, drive_id, session, done)


def _show_done(tenant: Tenant, drive_id: str, session: Session, done: Item) -> Response:
    created = done.version == 512 and not session.target.item
    drive = open_drive(tenant, drive_id)
    if done.list != drive.listing.id:
        raise GraphError(404, "itemNotFound", "The upload session was not found")
    return json_response(201 if created else 200, show_item(drive, done))


def _monitor(request: Request, tenant: Tenant, job: str) -> Response:
    if not hmac.compare_digest(
        tenant.links.monitor_seal(job).encode(), request.parameters().get("tempauth", "").encode()
    ):
        raise GraphError(401, "unauthenticated", "The address has expired.")
    return show_progress(request, tenant, job)


def show_session(session: Session) -> dict[str, object]:
    """How far a session has come."""
    return {"expirationDateTime": session.expires, "nextExpectedRanges": [f"{session.received}-"]}


def _read_span(request: Request, session: Session) -> Span:
    found = _SPAN.fullmatch(request.headers.get("content-range", "").strip())
    # Without a total only where the commit is a call of its own: otherwise it is refused (onedrive-api-docs issue 387);
    # msgraphfs uploads that way.
    if found is None or (found[3] == "*" and not session.target.deferred):
        raise GraphError(400, "invalidRequest", "The Content-Range header is missing or malformed.")
    declared, last = session.target.size, int(found[2])
    total = max(declared, last + 1) if found[3] == "*" else int(found[3])
    span = Span(int(found[1]), last, total)
    length = span.last - span.first + 1
    if length != request.body.size or span.last >= span.total:
        raise GraphError(400, "invalidRequest", "The Content-Range header does not match the length of the body.")
    if declared >= 0 and declared != span.total:
        raise GraphError(400, "invalidRequest", "The total length differs from the file size that was declared.")
    if length >= MAX_FRAGMENT:
        raise GraphError(413, "requestEntityTooLarge", "A fragment must be smaller than 60 MiB.")
    if span.first != session.received:
        message = "The uploaded fragment has already been received."
        if span.first > session.received:
            message = "The fragment does not follow the ones that have been received."
        raise GraphError(416, "invalidRange", message)
    if UNEVEN_FRAGMENTS_ARE_REFUSED and span.last + 1 < span.total and length % FRAGMENT_UNIT:
        raise GraphError(400, "invalidRequest", "The length of a fragment must be a multiple of 320 KiB.")
    return span


@dataclass(frozen=True, slots=True)
class _Bytes:
    blob: str
    size: int


def _download(request: Request, tenant: Tenant) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise GraphError(405, "notAllowed", "The method is not allowed here.")
    query = request.parameters()
    guid, number = query.get("UniqueId", ""), query.get("version", "0")
    if not _NUMBER.fullmatch(query.get("ctag", "0")) or not _NUMBER.fullmatch(number):
        raise GraphError(400, "invalidRequest", "The download address is malformed.")
    if not _is_sealed(query, tenant) or read_claims(query.get("tempauth", ""))[1] < tenant.clock.seconds():
        raise GraphError(401, "unauthenticated", "The download address has expired.")
    site = tenant.store.find("site", 0, request.host + request.path.partition("/_layouts/")[0])
    item = tenant.content.by_guid(guid, site=site.id if site else 0)
    if item is None or not item.file:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    if query.get("format") == "pdf":
        return Response(200, {"content-type": "application/pdf"}, render_pdf(item.name))
    return send_item(request, tenant, item, number=int(number))


def _is_sealed(query: dict[str, str], tenant: Tenant) -> bool:
    guid, ctag, number = query.get("UniqueId", ""), query.get("ctag", "0"), query.get("version", "0")
    given = query.get("tempauth", "")
    if not _NUMBER.fullmatch(ctag) or not _NUMBER.fullmatch(number):
        return False
    seal = tenant.links.download_seal(guid, int(ctag), int(number), read_claims(given)[0])
    return hmac.compare_digest(seal.encode(), given.encode())


def _follow_link(request: Request, tenant: Tenant) -> Response:
    """A sharing link as a browser without a token opens it: a link for anyone leads to the bytes, others to sign-in."""
    if request.method not in ("GET", "HEAD"):
        raise GraphError(405, "notAllowed", "The method is not allowed here.")
    query = request.parameters()
    found = _find_link(request, tenant)
    if found is None:
        raise GraphError(404, "itemNotFound", "Sorry, something went wrong: this link has been removed.")
    link, item = found
    if link.props["scope"] != "anonymous" or link.props["password"]:
        return Response(302, {"location": f"https://{tenant.names.sign_in[0]}/common/oauth2/authorize"})
    if item.folder or ("share" not in query and query.get("download") != "1"):
        raise GraphError(501, "notImplemented", "The pages in which a browser shows files are not rehearsed.")
    return send_item(request, tenant, item)


def _find_link(request: Request, tenant: Tenant) -> tuple[Entity, Item] | None:
    query = request.parameters()
    url = f"https://{request.host}" + (f"/:u:/g/{query['share']}" if "share" in query else request.path)
    return sharing.find_link(tenant, url)


def send_item(request: Request, tenant: Tenant, item: Item, *, number: int = 0) -> Response:
    """A file's bytes, or an earlier version's; 304 when the caller has them, 206 for a range of them."""
    wanted = _choose(tenant, item, number)
    etag = f'"{{{item.guid.upper()}}},{item.etag}"'
    headers = {
        "content-type": mime_type(item.name),
        "content-disposition": f"attachment;filename*=UTF-8''{quote(item.name, safe='')}",
        "etag": etag,
        "last-modified": _http_date(item.modified),
        "accept-ranges": "bytes",
    }
    if request.headers.get("if-none-match", "") == etag:
        return Response(304, headers)
    unchanged = request.headers.get("if-range", etag) in (etag, headers["last-modified"])
    return send_bytes(tenant, wanted.blob, wanted.size, headers, request.headers.get("range", "") if unchanged else "")


def _http_date(text: str) -> str:
    return format_datetime(read_time(text), usegmt=True)


def _choose(tenant: Tenant, item: Item, number: int) -> _Bytes:
    if not number or number == item.version:
        return _Bytes(item.blob, item.size)
    for version in tenant.content.versions(item):
        if version.number == number:
            return _Bytes(version.blob, version.size)
    raise GraphError(404, "itemNotFound", "The version could not be found.")


def send_bytes(tenant: Tenant, blob: str, size: int, headers: dict[str, str], wanted: str) -> Response:
    """A blob, or the `Range` of it that was wanted."""
    start, length, status = 0, size, 200
    found = _RANGE.fullmatch(wanted.strip())
    # A last byte before the first makes a header invalid, and it is taken no notice of (RFC 9110, section 14.1.2).
    backwards = found is not None and all(found.groups()) and int(found[1]) > int(found[2])
    if found is not None and any(found.groups()) and not backwards:
        start, length = _range(found.group(1), found.group(2), size)
        if start >= size or length <= 0 or start < 0:
            return Response(416, {"content-range": f"bytes */{size}"})
        status = 206
        headers = {**headers, "content-range": f"bytes {start}-{start + length - 1}/{size}"}
    file = tenant.content.blobs.file(blob)
    if file is not None:
        return Response(status, headers, file=FileRange(file, start, length))
    return Response(status, headers, tenant.content.blobs.read(blob, start, length))


def _range(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        length = min(int(last), size)
        return size - length, length
    end = min(int(last), size - 1) if last else size - 1
    return int(first), end - int(first) + 1
