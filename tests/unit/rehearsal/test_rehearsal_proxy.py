"""The CONNECT proxy when clients and servers go away."""

import asyncio
import socket
import struct
from collections.abc import Callable

import pytest

from spmigrate.rehearsal.proxy import Proxy

_RESET = struct.pack("ii", 1, 0)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_connections_that_are_cut_leave_no_traceback(loop: str) -> None:
    factory: Callable[[], asyncio.AbstractEventLoop] = pytest.importorskip(loop).new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(_cut_connections()) == []


async def _cut_connections() -> list[str]:
    troubles: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(str(context)))
    behind = await asyncio.start_server(_answer_and_go, "127.0.0.1", 0)
    host, port = behind.sockets[0].getsockname()[:2]
    proxy = Proxy(lambda _: True, (host, port), lambda _: None)
    entry = await proxy.start("127.0.0.1")
    for number in range(12):
        reader, writer = await asyncio.open_connection("127.0.0.1", entry)
        writer.write(b"CONNECT graph.microsoft.com:443 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"hello")
        await asyncio.sleep(0.005 * (number % 3))
        if number % 2:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort()
    await asyncio.sleep(0.1)
    proxy.stop()
    behind.close()
    return troubles


async def _answer_and_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.write(b"x" * 100_000)
    writer.close()
