"""What alters blobs: whole uploads, blocks and block lists, metadata, properties, snapshots, copies, removal."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import ParseError, XMLParser

from spmigrate.rehearsal.azure import sas
from spmigrate.rehearsal.azure.answers import AzureError, http_date
from spmigrate.rehearsal.azure.conditions import check_conditions
from spmigrate.rehearsal.azure.containers import ACCOUNT, Block, Containers, StoredBlob
from spmigrate.rehearsal.azure.crc64 import crc64
from spmigrate.rehearsal.azure.leases import answer_lease, check_lease
from spmigrate.rehearsal.http import Body, Request, Response, split_address
from spmigrate.rehearsal.storage import Entity

_MOST_BLOCKS, _MOST_WAITING = 50_000, 100_000
_READ = 4 * 1024 * 1024
_METADATA = "x-ms-meta-"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADERS = {
    "x-ms-blob-content-type": "content-type",
    "x-ms-blob-content-encoding": "content-encoding",
    "x-ms-blob-content-language": "content-language",
    "x-ms-blob-content-md5": "content-md5",
    "x-ms-blob-cache-control": "cache-control",
    "x-ms-blob-content-disposition": "content-disposition",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request works: a container, a blob's name, and what is there now."""

    containers: Containers
    container: Entity
    name: str
    found: StoredBlob | None

    def need(self) -> StoredBlob:
        """The blob; refused (404) when there is none."""
        if self.found is None:
            raise AzureError("BlobNotFound")
        return self.found


def put_blob(request: Request, place: Place) -> Response:
    """`PUT blob`: the whole of it, or a copy of another."""
    _guard(request, place)
    if "x-ms-copy-source" in request.headers:
        return _copy(request, place)
    kind = request.headers.get("x-ms-blob-type", "")
    if not kind:
        raise AzureError("MissingRequiredHeader", HeaderName="x-ms-blob-type")
    if kind.lower() != "blockblob":
        known = kind.lower() in ("pageblob", "appendblob")
        raise AzureError("NotImplemented" if known else "InvalidHeaderValue", HeaderName="x-ms-blob-type")
    metadata = read_metadata(request.headers)
    md5 = _check_body(request)
    headers = _read_headers(request.headers)
    headers.setdefault("content-type", request.headers.get("content-type", "application/octet-stream"))
    headers.setdefault("content-md5", md5)
    kept = place.containers.blobs.take(request.body)
    blocks = (Block("", kept.address, kept.size),) if kept.size else ()
    blob = StoredBlob(place.container.id, place.name, size=kept.size, blocks=blocks, headers=headers, metadata=metadata)
    return _commit(place, blob, {"content-md5": md5, **_echo_crc(request)})


def put_block(request: Request, place: Place) -> Response:
    """`PUT ?comp=block`."""
    check_lease(request.headers, place.found, place.containers.clock.seconds())
    if "x-ms-copy-source" in request.headers:
        raise AzureError("NotImplemented")
    identity = request.parameters().get("blockid", "")
    if not identity:
        raise AzureError("InvalidQueryParameterValue", QueryParameterName="blockid")
    length = len(_decode(identity, "InvalidBlockId"))
    waiting = place.containers.blocks(place.container.id, place.name)
    if length > 64 or any(len(base64.b64decode(each.id)) != length for each in waiting[:1]):
        raise AzureError("InvalidBlobOrBlock")
    if len(waiting) >= _MOST_WAITING:
        raise AzureError("BlockCountExceedsLimit")
    if not request.body.size:
        raise AzureError("InvalidHeaderValue", HeaderName="Content-Length", HeaderValue="0")
    md5 = _check_body(request)
    kept = place.containers.blobs.take(request.body)
    place.containers.add_block(place.container.id, place.name, Block(identity, kept.address, kept.size))
    told = {"content-md5": md5} if "content-md5" in request.headers else _echo_crc(request)
    return Response(201, {"x-ms-request-server-encrypted": "true", **told})


def put_block_list(request: Request, place: Place) -> Response:
    """`PUT ?comp=blocklist`: the blob is made of these blocks from now on."""
    _guard(request, place)
    md5 = _check_body(request)
    metadata = read_metadata(request.headers)
    wanted = _read_block_list(request.body.read())
    waiting = {each.id: each for each in place.containers.blocks(place.container.id, place.name)}
    committed = {each.id: each for each in (place.found.blocks if place.found else ()) if each.id}
    blocks = []
    for kind, identity in wanted:
        block = None
        if kind in ("Uncommitted", "Latest"):
            block = waiting.get(identity)
        if block is None and kind in ("Committed", "Latest"):
            block = committed.get(identity)
        if block is None:
            raise AzureError("InvalidBlockList")
        blocks.append(block)
    headers = _read_headers(request.headers)
    headers.setdefault("content-type", "application/octet-stream")
    size = sum(each.size for each in blocks)
    made = StoredBlob(
        place.container.id, place.name, size=size, blocks=tuple(blocks), headers=headers, metadata=metadata
    )
    told = {"content-md5": md5} if "content-md5" in request.headers else {}
    return _commit(place, made, told)


def _commit(place: Place, blob: StoredBlob, told: Mapping[str, str]) -> Response:
    """Put a blob in the place of what is there; its snapshots and its lease stay."""
    before = place.found
    if before is not None:
        blob = replace(blob, lease=before.lease)
    saved = place.containers.save(blob)
    place.containers.drop_blocks(place.container.id, place.name)
    headers = {**_tags(saved), "x-ms-request-server-encrypted": "true", **told}
    return Response(201, headers)


def set_metadata(request: Request, place: Place) -> Response:
    """`PUT ?comp=metadata`: all of it is replaced."""
    blob = place.need()
    _guard(request, place)
    saved = place.containers.save(replace(blob, metadata=read_metadata(request.headers)))
    return Response(200, {**_tags(saved), "x-ms-request-server-encrypted": "true"})


def set_properties(request: Request, place: Place) -> Response:
    """`PUT ?comp=properties`: what is not given is cleared."""
    blob = place.need()
    _guard(request, place)
    saved = place.containers.save(replace(blob, headers=_read_headers(request.headers)))
    return Response(200, _tags(saved))


def take_snapshot(request: Request, place: Place) -> Response:
    """`PUT ?comp=snapshot`."""
    blob = place.need()
    check_conditions(request.headers, blob)
    check_lease(request.headers, blob, place.containers.clock.seconds(), writes=False)
    taken = place.containers.snapshot(blob, read_metadata(request.headers))
    return Response(201, {**_tags(taken), "x-ms-snapshot": taken.snapshot, "x-ms-request-server-encrypted": "false"})


def change_lease(request: Request, place: Place) -> Response:
    """`PUT ?comp=lease`."""
    blob = place.need()
    check_conditions(request.headers, blob)
    return answer_lease(request, place.containers, blob)


def delete_blob(request: Request, place: Place) -> Response:
    """`DELETE`: a blob, its snapshots alone, or one snapshot."""
    blob = place.need()
    _guard(request, place)
    wanted = request.headers.get("x-ms-delete-snapshots", "").lower()
    if wanted not in ("", "include", "only") or (wanted and blob.snapshot):
        raise AzureError("InvalidHeaderValue", HeaderName="x-ms-delete-snapshots", HeaderValue=wanted)
    if not blob.snapshot and not wanted and place.containers.has_snapshots(blob):
        raise AzureError("SnapshotsPresent")
    place.containers.delete(blob, snapshots=bool(wanted), base=wanted != "only")
    return Response(202, {"x-ms-delete-type-permanent": "true"})


def _copy(request: Request, place: Place) -> Response:
    """Copy a blob of the same account; it is done when the answer comes."""
    address = split_address(request.headers["x-ms-copy-source"])
    query = dict(parse_qsl(address.query))
    container_name, _, name = unquote(address.path).lstrip("/").partition("/")
    if not (address.hostname or "").startswith(ACCOUNT + "."):
        raise AzureError("CannotVerifyCopySource")
    containers = place.containers
    now = containers.clock.seconds()
    allowed = sas.check(query, f"{container_name}/{name}", account=ACCOUNT, key=containers.key(), now=now)
    holder = containers.container(container_name)
    source = containers.blob(holder.id, name, query.get("snapshot", "")) if holder and "r" in allowed else None
    if source is None:
        raise AzureError("CannotVerifyCopySource")
    metadata = read_metadata(request.headers) or source.metadata
    made = replace(
        source, container=place.container.id, name=place.name, snapshot="", metadata=metadata, lease={}, created=0.0
    )
    saved = containers.save(made)
    containers.drop_blocks(place.container.id, place.name)
    identity = hashlib.md5(saved.etag.encode(), usedforsecurity=False).hexdigest()
    return Response(202, {**_tags(saved), "x-ms-copy-id": identity, "x-ms-copy-status": "success"})


def _guard(request: Request, place: Place) -> None:
    check_conditions(request.headers, place.found)
    check_lease(request.headers, place.found, place.containers.clock.seconds())


def _tags(blob: StoredBlob) -> dict[str, str]:
    return {"etag": blob.etag, "last-modified": http_date(blob.modified)}


def _read_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {kept: headers[sent] for sent, kept in _HEADERS.items() if headers.get(sent)}


def read_metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """A blob's metadata in a request's headers; names keep their letters as they were sent."""
    found = {}
    for name, value in headers.items():
        if name.lower().startswith(_METADATA):
            key = name[len(_METADATA) :]
            if not _NAME.fullmatch(key):
                raise AzureError("InvalidMetadata")
            found[key] = value
    return found


def _read_block_list(content: bytes) -> list[tuple[str, str]]:
    wanted: list[tuple[str, str]] = []
    texts: list[str] = []

    class Target:
        """Collects the ids; a document type is refused, and with it every entity."""

        def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
            texts.clear()
            if tag not in ("BlockList", "Committed", "Uncommitted", "Latest"):
                raise AzureError("InvalidXmlDocument")

        def data(self, text: str) -> None:
            texts.append(text)

        def end(self, tag: str) -> None:
            if tag != "BlockList":
                wanted.append((tag, "".join(texts).strip()))

        def doctype(self, *_: object) -> None:
            raise AzureError("InvalidXmlDocument")

        def close(self) -> None:
            return None

    parser = XMLParser(target=Target())  # noqa: S314 - document types are refused above
    try:
        parser.feed(content)
        parser.close()
    except ParseError:
        raise AzureError("InvalidXmlDocument") from None
    if len(wanted) > _MOST_BLOCKS:
        raise AzureError("BlockListTooLong")
    return wanted


def _check_body(request: Request) -> str:
    """The MD5 of the body, after the sums that the client sent have been compared."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in _pieces(request.body):
        digest.update(piece)
    md5 = base64.b64encode(digest.digest()).decode()
    given = request.headers.get("content-md5")
    if given is not None:
        if len(_decode(given, "InvalidMd5")) != 16:
            raise AzureError("InvalidMd5")
        if given.strip() != md5:
            raise AzureError("Md5Mismatch", UserSpecifiedMd5=given, ServerCalculatedMd5=md5)
    sum64 = request.headers.get("x-ms-content-crc64")
    if sum64 is not None:
        if len(_decode(sum64, "InvalidCrc64")) != 8:
            raise AzureError("InvalidCrc64")
        own = crc64(_pieces(request.body))
        if own != sum64.strip():
            raise AzureError("Crc64Mismatch", UserSpecifiedCrc64=sum64, ServerCalculatedCrc64=own)
    return md5


def _echo_crc(request: Request) -> dict[str, str]:
    given = request.headers.get("x-ms-content-crc64")
    return {"x-ms-content-crc64": given} if given else {}


def _pieces(body: Body) -> Iterator[bytes]:
    if body.file is None:
        yield body.small
        return
    with body.file.open("rb") as file:
        while piece := file.read(_READ):
            yield piece


def _decode(text: str, code: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise AzureError(code) from None
