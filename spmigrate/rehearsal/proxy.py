"""A CONNECT proxy for the tenant's own host names, so that clients keep the real ones; TLS passes through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_PIECE = 64 * 1024
_HEAD = 16 * 1024
# Seconds that a client may take to say where it wants to go, and to go when the tenant has hung up.
_PATIENCE = 30
_LINGER = 5


class Proxy:
    """Carries connections for known hosts to the tenant's address; refuses every other host."""

    def __init__(self, known: Callable[[str], bool], target: tuple[str, int], refused: Callable[[str], None]) -> None:
        self._known = known
        self._target = target
        self._refused = refused
        self._server: asyncio.Server | None = None

    async def start(self, host: str) -> int:
        """Listen on a free port of an address; returns the port."""
        self._server = await asyncio.start_server(self._serve, host, 0, limit=_HEAD)
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._connect(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)).decode("latin-1")
        method, _, rest = head.partition(" ")
        host, _, port = rest.partition(" ")[0].rpartition(":")
        if method != "CONNECT" or port not in ("443", str(self._target[1])) or not self._known(host.lower()):
            self._refused(host or rest.partition(" ")[0])
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        to_reader, to_writer = await asyncio.open_connection(*self._target)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there = asyncio.ensure_future(_pipe(reader, to_writer))
        try:
            await _pipe(to_reader, writer)
            await asyncio.wait([there], timeout=_LINGER)
        finally:
            there.cancel()
            to_writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        # A transport that is closed already takes neither bytes nor their end.
        while (piece := await reader.read(_PIECE)) and not writer.is_closing():
            writer.write(piece)
            await writer.drain()
        if not writer.is_closing():
            writer.write_eof()
    except OSError:
        writer.close()
