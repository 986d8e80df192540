"""Blobs in the containers that SharePoint lends for a package: put, kept as they are by a snapshot, read.

An address carries its own key, so no token is sent, and no message names more of it than the host. Blobs are put by
the bulk sender; doing it again puts the same bytes under the same name, and the newest snapshot counts.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from spmigrate.errors import Refused, TenantError, Unavailable
from spmigrate.tenant import bulk
from spmigrate.tenant.sender import Reply
from spmigrate.tenant.session import Tenant

BLOCK = 8 * 1024 * 1024
"""Bytes of a block: 50,000 of them make a blob, so that 400 GB would fit."""
_VECTOR = "x-ms-meta-IV"
_BLOB = "application/octet-stream"
_GONE = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class ContainerGone(Refused):
    """The address of a container does not work any more: its key has expired, or the container was removed."""


def put(tenant: Tenant, container: str, name: str, content: bytes, vector: bytes) -> None:
    """Put a whole blob, encrypted with this vector, and keep it by a snapshot. Raises ContainerGone, TenantError."""
    headers = {"x-ms-blob-type": "BlockBlob", _VECTOR: _text(vector), "Content-MD5": _md5(content)}
    _send(tenant, "PUT", _address(container, name), content, headers)
    _snapshot(tenant, container, name)


def put_pieces(tenant: Tenant, container: str, name: str, pieces: Iterator[bytes], vector: bytes) -> None:
    """Put a blob of any length piece by piece, one of them in memory, and keep it by a snapshot.

    Raises ContainerGone, TenantError, and what the pieces raise: then there is no blob.
    """
    whole = hashlib.md5(usedforsecurity=False)
    names: list[str] = []
    for block in _joined(pieces):
        whole.update(block)
        names.append(_text(b"%08d" % len(names)))
        address = _address(container, name, comp="block", blockid=names[-1])
        _send(tenant, "PUT", address, block, {"Content-MD5": _md5(block)})
    listed = "".join(f"<Latest>{each}</Latest>" for each in names)
    body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'.encode()
    headers = {_VECTOR: _text(vector), "x-ms-blob-content-md5": _text(whole.digest())}
    _send(tenant, "PUT", _address(container, name, comp="blocklist"), body, headers)
    _snapshot(tenant, container, name)


def get(tenant: Tenant, container: str, name: str) -> tuple[bytes, bytes] | None:
    """A small blob with its vector, None when there is none. Raises TenantError."""
    sleep = tenant.patience.pause
    url = _address(container, name)
    reply = bulk.repeated(tenant, partial(tenant.send, "GET", url, body=None), sleep=sleep)
    if reply.status == HTTPStatus.NOT_FOUND:
        return None
    failure = _failure(reply)
    if failure is not None:
        raise failure
    vector = next((value for key, value in reply.headers.items() if key.lower() == _VECTOR.lower()), "")
    try:
        return reply.body, base64.b64decode(vector, validate=True)
    except ValueError:
        raise Unavailable("a blob of the service has no vector") from None


def _snapshot(tenant: Tenant, container: str, name: str) -> None:
    _send(tenant, "PUT", _address(container, name, comp="snapshot"), b"", {})


def _send(tenant: Tenant, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    sent = {**headers, "Content-Type": _BLOB, "Content-Length": str(len(body))}
    once: Callable[[], Reply] = partial(tenant.send, method, url, body=body, headers=sent)
    failure = _failure(bulk.repeated(tenant, once, sleep=tenant.patience.pause))
    if failure is not None:
        raise failure


def _failure(reply: Reply) -> TenantError | None:
    if reply.status in _GONE:
        said = next((value for key, value in reply.headers.items() if key.lower() == "x-ms-error-code"), "")
        return ContainerGone(f"a container of the service is closed: {said or reply.status}", status=reply.status)
    return bulk.failure(reply, "PUT a blob")


def _joined(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces of any length as blocks, at least one."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        del piece
        while len(waiting) >= BLOCK:
            yield bytes(waiting[:BLOCK])
            del waiting[:BLOCK]
    if waiting:
        yield bytes(waiting)


def _address(container: str, name: str, **parameters: str) -> str:
    base, _, query = container.partition("?")
    more = "".join(f"&{key}={quote(value, safe='')}" for key, value in parameters.items())
    return f"{base}/{quote(name, safe='')}?{query}{more}"


def _md5(content: bytes) -> str:
    return _text(hashlib.md5(content, usedforsecurity=False).digest())


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
