"""What looks at blobs: bytes and ranges of them, properties, block lists, and the list of a container."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from spmigrate.rehearsal.azure.answers import XML, AzureError, http_date, write_xml
from spmigrate.rehearsal.azure.blob_writes import Place
from spmigrate.rehearsal.azure.conditions import check_conditions
from spmigrate.rehearsal.azure.containers import ACCOUNT, Block, Containers, StoredBlob
from spmigrate.rehearsal.azure.leases import check_lease, lease_headers
from spmigrate.rehearsal.http import FileRange, Request, Response
from spmigrate.rehearsal.storage import Entity

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_MOST_LISTED = 5000
_SUMMED = 4 * 1024 * 1024
_OVERRIDES = {
    "rscc": "cache-control", "rscd": "content-disposition", "rsce": "content-encoding", "rscl": "content-language",
    "rsct": "content-type",
}  # fmt: skip


def get_blob(request: Request, place: Place) -> Response:
    """`GET` or `HEAD` of a blob or a snapshot."""
    blob = place.need()
    check_lease(request.headers, blob, place.containers.clock.seconds(), writes=False)
    if not check_conditions(request.headers, blob, reads=True):
        return Response(304, {"etag": blob.etag, "last-modified": http_date(blob.modified)})
    headers = _describe(blob, place.containers.clock.seconds())
    overrides = request.parameters()
    headers |= {name: overrides[key] for key, name in _OVERRIDES.items() if key in overrides}
    if request.method == "HEAD":
        headers |= {"content-length": str(blob.size)}
        return Response(200, headers)
    wanted = request.headers.get("x-ms-range") or request.headers.get("range", "")
    found = _RANGE.fullmatch(wanted.strip())
    if found is None:
        return _send(200, headers, place.containers.read(blob, 0, blob.size))
    start = int(found.group(1))
    if start >= blob.size or (found.group(2) and int(found.group(2)) < start):
        raise AzureError("InvalidRange", headers={"content-range": f"bytes */{blob.size}"})
    end = min(int(found.group(2) or blob.size), blob.size - 1)
    headers["content-range"] = f"bytes {start}-{end}/{blob.size}"
    whole = headers.pop("content-md5", "")
    if whole:
        headers["x-ms-blob-content-md5"] = whole
    content = place.containers.read(blob, start, end - start + 1)
    if request.headers.get("x-ms-range-get-content-md5", "").lower() == "true":
        headers["content-md5"] = _sum(content, end - start + 1)
    return _send(206, headers, content)


def get_metadata(_request: Request, place: Place) -> Response:
    """`GET ?comp=metadata`."""
    blob = place.need()
    headers = {f"x-ms-meta-{name}": value for name, value in blob.metadata.items()}
    return Response(200, {"etag": blob.etag, "last-modified": http_date(blob.modified), **headers})


def get_block_list(request: Request, place: Place) -> Response:
    """`GET ?comp=blocklist`."""
    kind = request.parameters().get("blocklisttype", "committed").lower()
    if kind not in ("committed", "uncommitted", "all"):
        raise AzureError("InvalidQueryParameterValue", QueryParameterName="blocklisttype")
    waiting = place.containers.blocks(place.container.id, place.name)
    blob = place.found
    if blob is None and not waiting:
        raise AzureError("BlobNotFound")
    root = Element("BlockList")
    if kind != "uncommitted":
        _list_blocks(root, "CommittedBlocks", [each for each in blob.blocks if each.id] if blob else [])
    if kind != "committed":
        _list_blocks(root, "UncommittedBlocks", waiting)
    headers = {"content-type": XML, "x-ms-blob-content-length": str(blob.size if blob else 0)}
    if blob is not None:
        headers |= {"etag": blob.etag, "last-modified": http_date(blob.modified)}
    return Response(200, headers, write_xml(root))


def list_blobs(request: Request, containers: Containers, container: Entity) -> Response:
    """`GET ?restype=container&comp=list`: in pages, by prefix, with a delimiter as in folders."""
    query = request.parameters()
    limit = _read_limit(query.get("maxresults", ""))
    include = {each.strip().lower() for each in query.get("include", "").split(",")}
    prefix, delimiter, marker = query.get("prefix", ""), query.get("delimiter", ""), query.get("marker", "")
    root = Element(
        "EnumerationResults",
        ServiceEndpoint=f"https://{ACCOUNT}.blob.core.windows.net/",
        ContainerName=container.name,
    )
    for tag, value in (("Prefix", prefix), ("Marker", marker), ("MaxResults", query.get("maxresults", "")),
                       ("Delimiter", delimiter)):  # fmt: skip
        if value:
            SubElement(root, tag).text = value
    page, following = _page(containers, container.id, (prefix, delimiter, marker), limit, "snapshots" in include)
    blobs = SubElement(root, "Blobs")
    for each in page:
        if isinstance(each, str):
            SubElement(SubElement(blobs, "BlobPrefix"), "Name").text = each
        else:
            _show(SubElement(blobs, "Blob"), each, containers.clock.seconds(), metadata="metadata" in include)
    SubElement(root, "NextMarker").text = following
    return Response(200, {"content-type": XML}, write_xml(root))


def _page(
    containers: Containers, container: int, wanted: tuple[str, str, str], limit: int, snapshots: bool
) -> tuple[list[StoredBlob | str], str]:
    """Blobs and prefixes of one page, and the marker of the next; a page ends between two names."""
    prefix, delimiter, marker = wanted
    page: list[StoredBlob | str] = []
    after = marker
    while True:
        found = containers.listing(container, prefix=prefix, after=after, limit=limit + 1, snapshots=snapshots)
        if not found:
            return page, ""
        for blob in found:
            if not blob.name.startswith(prefix):
                return page, ""
            if len(page) >= limit and blob.name != _name(page[-1]):
                return page, after
            cut = blob.name.find(delimiter, len(prefix)) if delimiter else -1
            if cut >= 0:
                folder = blob.name[: cut + len(delimiter)]
                page.append(folder)
                after = folder + "\U0010ffff"
                break
            page.append(blob)
            after = blob.name


def _name(entry: StoredBlob | str) -> str:
    return entry if isinstance(entry, str) else entry.name


def _read_limit(text: str) -> int:
    if not text:
        return _MOST_LISTED
    if not text.isdecimal() or int(text) < 1:
        raise AzureError("OutOfRangeQueryParameterValue", QueryParameterName="maxresults", QueryParameterValue=text)
    return min(int(text), _MOST_LISTED)


def _show(node: Element, blob: StoredBlob, now: float, *, metadata: bool) -> None:
    SubElement(node, "Name").text = blob.name
    if blob.snapshot:
        SubElement(node, "Snapshot").text = blob.snapshot
    lease = lease_headers(blob, now)
    properties = {
        "Creation-Time": http_date(blob.created), "Last-Modified": http_date(blob.modified),
        "Etag": blob.etag.strip('"'), "Content-Length": str(blob.size),
        "Content-Type": blob.headers.get("content-type", ""),
        "Content-Encoding": blob.headers.get("content-encoding", ""),
        "Content-Language": blob.headers.get("content-language", ""), "Content-CRC64": "",
        "Content-MD5": blob.headers.get("content-md5", ""), "Cache-Control": blob.headers.get("cache-control", ""),
        "Content-Disposition": blob.headers.get("content-disposition", ""), "BlobType": "BlockBlob",
        "AccessTier": "Hot", "AccessTierInferred": "true", "LeaseStatus": lease["x-ms-lease-status"],
        "LeaseState": lease["x-ms-lease-state"], "ServerEncrypted": "true",
    }  # fmt: skip
    if blob.snapshot:
        properties = {name: value for name, value in properties.items() if not name.startswith("Lease")}
    kept = SubElement(node, "Properties")
    for name, value in properties.items():
        SubElement(kept, name).text = value
    if metadata:
        shown = SubElement(node, "Metadata")
        for name, value in blob.metadata.items():
            SubElement(shown, name).text = value
    SubElement(node, "OrMetadata")


def _list_blocks(root: Element, tag: str, blocks: list[Block]) -> None:
    node = SubElement(root, tag)
    for each in blocks:
        block = SubElement(node, "Block")
        SubElement(block, "Name").text = each.id
        SubElement(block, "Size").text = str(each.size)


def _describe(blob: StoredBlob, now: float) -> dict[str, str]:
    headers: Mapping[str, str] = blob.headers
    described = {
        "etag": blob.etag,
        "last-modified": http_date(blob.modified),
        "x-ms-creation-time": http_date(blob.created),
        "x-ms-blob-type": "BlockBlob",
        "x-ms-server-encrypted": "true",
        "x-ms-access-tier": "Hot",
        "x-ms-access-tier-inferred": "true",
        "accept-ranges": "bytes",
        "content-type": headers.get("content-type", "application/octet-stream"),
        **headers,
        **{f"x-ms-meta-{name}": value for name, value in blob.metadata.items()},
    }
    if blob.snapshot:
        return described | {"x-ms-snapshot": blob.snapshot}
    return described | lease_headers(blob, now)


def _send(status: int, headers: dict[str, str], content: bytes | FileRange) -> Response:
    if isinstance(content, bytes):
        return Response(status, headers, content)
    return Response(status, headers, file=content)


def _sum(content: bytes | FileRange, length: int) -> str:
    if length > _SUMMED:
        raise AzureError("InvalidHeaderValue", HeaderName="x-ms-range-get-content-md5")
    if isinstance(content, FileRange):
        with content.path.open("rb") as file:
            file.seek(content.start)
            content = file.read(content.length)
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
