"""An address on this machine that is told of changes."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Receiver:
    """Where it is, and what it was sent besides requests for confirmation."""

    url: str
    letters: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)


class _Handler(BaseHTTPRequestHandler):
    """Sends the token back, but not from `/silent` and with another status from `/busy`."""

    receiver: Receiver

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        token = {name.lower(): value for name, value in parse_qsl(address.query)}.get("validationtoken")
        content = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(503 if address.path == "/busy" else 200)
        self.end_headers()
        if token is None:
            self.receiver.letters.put((address.path, json.loads(content)))
        else:
            self.wfile.write(b"thanks" if address.path == "/silent" else token.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver while it is needed."""
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("_Own", (_Handler,), {"receiver": receiver})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
