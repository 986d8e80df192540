"""The ASGI application: bytes in, bytes out, faults and the log of requests on the way."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from spmigrate.rehearsal.compression import compressed
from spmigrate.rehearsal.faults import Action
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.service import Service

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_IN_MEMORY = 1024 * 1024
_PIECE = 1024 * 1024
# Seconds between two pieces of work that nobody waits for.
_BREATH = 0.02
# Seconds between two looks at jobs that go by the clock: all of them together do 58 items in one.
_TICK = 0.5
# Into so many pieces a body is cut that comes slowly.
_DRIPS = 10
_LOG = logging.getLogger(__name__)
# What a header may hold; what else there is in an address is percent-encoded.
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))


class App:
    """Carries requests to the service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._delays = service.tenant.delays
        self._working = False
        self._telling = False
        self._uploads = service.tenant.content.blobs.uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.perf_counter()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await self._receive(receive, headers)
        if body is None:
            return
        request = Request(
            method=scope["method"],
            host=headers.get("host", "").partition(":")[0].lower(),
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
        )
        try:
            await self._answer(request, send, began)
        finally:
            if body.file is not None:
                body.file.unlink(missing_ok=True)

    async def _answer(self, request: Request, send: Send, began: float) -> None:
        if self._delays.latency and request.host not in self._service.local:
            await asyncio.sleep(self._delays.latency)
        action = self._service.instruments.faults.strike(request.method, request.host, request.path)
        if action is None:
            response, claims = self._carry_out(request)
            if self._delays.gzip:
                response = compressed(request, response)
            self._note(request, response, claims, began)
            await _send(response, send)
            self._go_on()
            return
        if action.slow:
            await asyncio.sleep(action.slow)
        if action.reset == "before":
            self._note(request, Response(0), None, began, fault=action.said)
            _cut(send)
            return
        if action.clock:
            self._service.tenant.clock.advance(action.clock)
        if action.status or action.expired:
            response, claims = self._service.struck(action, request), None
        else:
            response, claims = self._carry_out(request)
        self._note(request, response, claims, began, fault=action.said)
        if action.reset == "after":
            _cut(send)
            return
        await _send_struck(response, action, send)

    def _carry_out(self, request: Request) -> tuple[Response, Claims | None]:
        """The answer; what nobody foresaw is a plain 500, and told to whoever runs the server. Nothing of it is kept:
        the exception has left every transaction."""
        try:
            answered = self._service.answer(request)
            self._tell_later()
            return answered
        except Exception:  # noqa: BLE001 - the boundary: a client never sees a traceback, and the server goes on
            _LOG.exception("%s https://%s%s was not foreseen", request.method, request.host, request.path)
            self._service.instruments.log.note_gap(request.method, request.host, request.path, status=500)
            return self._service.struck(Action(status=500), request), None

    def _go_on(self) -> None:
        """While jobs are under way, work on them between the requests."""
        if not self._working and self._service.has_work:
            self._working = True
            pause = _TICK if self._service.works_by_clock else _BREATH
            asyncio.get_running_loop().call_later(pause, self._work)

    def _work(self) -> None:
        self._working = False
        self._service.work()
        self._tell_later()
        self._go_on()

    def _tell_later(self) -> None:
        """A moment after a change, tell those who asked to be told."""
        if not self._telling and self._service.notifications.wanted:
            self._telling = True
            asyncio.get_running_loop().call_later(_BREATH, self._tell)

    def _tell(self) -> None:
        self._telling = False
        self._service.notifications.send()

    async def _receive(self, receive: Receive, headers: dict[str, str]) -> Body | None:
        """The body; None when the client went away before it was complete."""
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        first = message.get("body", b"")
        if not message.get("more_body"):
            return Body(len(first), first)
        pieces, size = [first], len(first)
        if int(headers.get("content-length") or 0) > _IN_MEMORY:
            return await self._receive_large(receive, first)
        while message.get("more_body"):
            if size > _IN_MEMORY:
                # It comes in chunks and did not say how long it would be.
                return await self._receive_large(receive, b"".join(pieces))
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
        return Body(size, b"".join(pieces))

    async def _receive_large(self, receive: Receive, first: bytes) -> Body | None:
        with tempfile.NamedTemporaryFile(dir=self._uploads, delete=False) as file:
            complete = await _pour(receive, first, file.file)
            path, size = Path(file.name), file.tell()
        if complete:
            return Body(size, file=path)
        path.unlink()
        return None

    def _note(
        self, request: Request, response: Response, claims: Claims | None, began: float, *, fault: str = ""
    ) -> None:
        self._service.instruments.log.add(
            at=self._service.tenant.clock.iso(),
            method=request.method,
            host=request.host,
            path=request.path,
            query=request.query,
            status=response.status,
            retry_after=response.headers.get("retry-after", ""),
            received=request.body.size,
            sent=response.file.length if response.file else len(response.body),
            ms=round((time.perf_counter() - began) * 1000, 2),
            user_agent=request.headers.get("user-agent", ""),
            app=claims.app_id if claims else "",
            fault=fault,
        )


async def _pour(receive: Receive, first: bytes, file: IO[bytes]) -> bool:
    file.write(first)
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        file.write(message.get("body", b""))
        more = message.get("more_body", False)
    return True


async def _send(response: Response, send: Send) -> None:
    length = response.file.length if response.file else len(response.body)
    await send({"type": "http.response.start", "status": response.status, "headers": _headers(response, length)})
    if response.file is None:
        await send({"type": "http.response.body", "body": response.body})
        return
    left = length
    with response.file.path.open("rb") as file:
        file.seek(response.file.start)
        while left:
            piece = file.read(min(_PIECE, left))
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})


async def _send_struck(response: Response, action: Action, send: Send) -> None:
    if action.truncate is None and not action.drip:
        await _send(response, send)
        return
    content = response.body
    if response.file is not None:
        with response.file.path.open("rb") as file:
            file.seek(response.file.start)
            content = file.read(response.file.length)
    await send({"type": "http.response.start", "status": response.status, "headers": _headers(response, len(content))})
    if action.drip:
        await _send_slowly(content, action.drip, send)
        return
    await send({"type": "http.response.body", "body": content[: action.truncate], "more_body": True})
    await asyncio.sleep(0.05)
    _cut(send)


async def _send_slowly(content: bytes, seconds: float, send: Send) -> None:
    size = max(1, -(-len(content) // _DRIPS))
    for start in range(0, max(len(content), 1), size):
        await asyncio.sleep(seconds / _DRIPS)
        await send({
            "type": "http.response.body", "body": content[start : start + size],
            "more_body": start + size < len(content),
        })  # fmt: skip


class _KeptName(bytes):
    """A header's name that keeps its letters: the server writes all names in lower case, but Azure Storage gives the
    names of metadata back as they were sent."""

    def lower(self) -> _KeptName:
        return self


def _headers(response: Response, length: int) -> list[tuple[bytes, bytes]]:
    pairs = [(name.encode("latin-1"), _header_value(value)) for name, value in response.headers.items()]
    if "x-ms-version" in response.headers:
        pairs = [(_KeptName(name), value) for name, value in pairs]
    # The answer to a HEAD request says itself how long the body would be.
    if response.status not in (204, 304) and "content-length" not in response.headers:
        pairs.append((b"content-length", str(length).encode()))
    return pairs


def _header_value(value: str) -> bytes:
    """A header's value: one line, whatever an address or a name in it holds."""
    if value.isascii() and value.isprintable():
        return value.encode()
    return quote(value, safe=_PRINTABLE).encode()


def _cut(send: Send) -> None:
    """Drop the connection without an answer. ASGI has no word for it: the server's cycle, which owns `send`,
    holds the transport."""
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        raise RuntimeError("the server gives no access to the connection")
    transport.abort()
