"""The other side of the rehearsal tenant's figures: uvicorn with TLS and one SQLite row a request, and nothing else."""

import json
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]


class Rows:
    """Keeps each body as a row of its own transaction, and answers with its number."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE body(id INTEGER PRIMARY KEY, content BLOB)")

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Answer one request."""
        content, more = b"", True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        number = self._db.execute("INSERT INTO body(content) VALUES(?)", (content,)).lastrowid
        answer = json.dumps({"id": number}).encode()
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def serve(database: str, certificate: str) -> None:
    """Serve on a free port until the process is ended; the port is printed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        config = uvicorn.Config(
            Rows(database), lifespan="off", log_config=None, access_log=False, timeout_keep_alive=75,
            ssl_certfile=certificate, ssl_keyfile=certificate,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    serve(*sys.argv[1:])
