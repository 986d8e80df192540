"""``$batch``: multipart requests in, multipart answers out.

Clients differ: some send LF-only lines, nested change sets, headers in any case, absolute or relative
addresses. The reader takes all of them; the writer answers one part per request, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spmigrate.rehearsal.odata.errors import ODataError, invalid_query

# SharePoint refuses more operations than this in one batch.
MAX_OPERATIONS = 100
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found", 304: "Not Modified",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 409: "Conflict", 412: "Precondition Failed", 423: "Locked",
    429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented",
    503: "Service Unavailable", 507: "Insufficient Storage",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """One request inside a batch; header names are lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def parse_batch(content_type: str, body: bytes) -> tuple[Operation, ...]:
    """The operations of a batch, change sets flattened, in order."""
    operations = tuple(_read_parts(_boundary(content_type), body))
    if len(operations) > MAX_OPERATIONS:
        raise ODataError(
            400,
            "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
            f"The current batch message contains too many parts. Only batch messages with up to "
            f"{MAX_OPERATIONS} parts are allowed.",
        )
    return operations


def write_batch(answers: Iterable[tuple[int, Mapping[str, str], bytes]], *, boundary: str) -> tuple[str, bytes]:
    """The content type and body of the answer to a batch."""
    chunks: list[bytes] = []
    for status, headers, body in answers:
        lines = [f"--{boundary}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", ""]
        lines.append(f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}")
        lines += [f"{name.upper()}: {value}" for name, value in headers.items()]
        chunks += ["\r\n".join([*lines, "", ""]).encode(), body, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    return f"multipart/mixed; boundary={boundary}", b"".join(chunks)


def _boundary(content_type: str) -> str:
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().strip().startswith("multipart/mixed") or found is None:
        raise invalid_query("A batch request must have the content type multipart/mixed with a boundary.")
    return found.group(1) or found.group(2)


def _read_parts(boundary: str, body: bytes) -> Iterable[Operation]:
    for part in _split(boundary, body):
        headers, content = _read_headers(part)
        kind = headers.get("content-type", "application/http")
        if kind.lower().startswith("multipart/mixed"):
            yield from _read_parts(_boundary(kind), content)
        else:
            yield _read_operation(content)


def _split(boundary: str, body: bytes) -> list[bytes]:
    marker = re.compile(rb"(?:\r?\n)?--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|$)")
    marks = list(marker.finditer(body))
    if not marks:
        raise invalid_query("The batch request has no part with its boundary.")
    parts = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        if mark.group(1):
            break
        end = following.start() if following else len(body)
        parts.append(re.sub(rb"\A\r?\n", b"", body[mark.end() : end]))
    return parts


def _read_headers(text: bytes) -> tuple[dict[str, str], bytes]:
    head, content = _cut(text)
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.decode("latin-1").strip().lower()] = value.decode("utf-8", "replace").strip()
    return headers, content


def _cut(text: bytes) -> tuple[bytes, bytes]:
    blank = re.search(rb"(?:\A|\r?\n)\r?\n", text)
    return (text[: blank.start()], text[blank.end() :]) if blank else (text, b"")


def _read_operation(content: bytes) -> Operation:
    stripped = content.lstrip(b"\r\n")
    line, _, rest = stripped.partition(b"\n")
    words = line.decode("utf-8", "replace").strip().split(" ")
    if len(words) < 2 or not words[0].isalpha():
        raise invalid_query("A part of the batch request has no request line.")
    target = " ".join(words[1:-1]) if words[-1].upper().startswith("HTTP/") else " ".join(words[1:])
    headers, body = _read_headers(b"\n" + rest if rest[:1] in (b"\r", b"\n") else rest)
    return Operation(words[0].upper(), target, headers, body.removesuffix(b"\n").removesuffix(b"\r"))
