"""Calling the control interface of a running rehearsal tenant."""

from __future__ import annotations

import http.client
import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spmigrate.rehearsal.errors import RehearsalError

_TIMEOUT = 120
_USED = frozenset({"address", "ca", "control", "control_token_file", "node_hosts", "pid", "proxy"})


def read_ready(state: Path) -> dict[str, Any]:
    """What a running tenant wrote about itself; `RehearsalError` when none runs on the folder."""
    file = state / "ready.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RehearsalError(
            f"no rehearsal tenant is running on {state}", f"spmigrate rehearsal serve --state {state}"
        ) from None
    except (OSError, ValueError) as problem:
        raise RehearsalError(f"{file} can't be read: {problem}", "start the rehearsal tenant again") from None
    if not isinstance(content, dict) or not content.keys() >= _USED:
        raise RehearsalError(f"{file} is not what a rehearsal tenant writes", "start the rehearsal tenant again")
    return content


class ControlClient:
    """Control calls to the tenant that runs on a state folder."""

    def __init__(self, state: Path) -> None:
        self.ready = read_ready(state)
        self._context = ssl.create_default_context(cafile=self.ready["ca"])
        self._token = Path(self.ready["control_token_file"]).read_text(encoding="utf-8")

    def call(self, method: str, name: str, content: object = None, *, text: str | None = None) -> Any:
        """One control call, for example `call("POST", "clock", {"advance": 60})`."""
        address = urlsplit(self.ready["control"])
        body = text.encode() if text is not None else b"" if content is None else json.dumps(content).encode()
        connection = http.client.HTTPSConnection(
            address.hostname or "", address.port, context=self._context, timeout=_TIMEOUT
        )
        try:
            headers = {"Authorization": f"Bearer {self._token}"}
            connection.request(method, f"{address.path}/{name}", body=body, headers=headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise RehearsalError(
                f"the rehearsal tenant at {self.ready['address']} does not answer: {problem}",
                "is it still running? its process id was " + str(self.ready["pid"]),
            ) from None
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise RehearsalError(str(answer.get("error")), answer.get("hint"))
        return answer
