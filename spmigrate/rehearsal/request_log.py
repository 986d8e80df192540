"""What was asked of the tenant: kept so that a test can say what a program sent. No bodies, no secrets."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

_KEPT = 50_000
_SECRET = frozenset({"guid", "tempauth", "sig", "code", "client_secret", "assertion"})


class Entry(NamedTuple):
    """One request and how it was answered; `ms` is the time taken, `fault` what was done to it on purpose. A tuple, for
    one is made for every request."""

    number: int
    at: str
    method: str
    host: str
    path: str
    query: str
    status: int
    retry_after: str
    received: int
    sent: int
    ms: float
    user_agent: str
    app: str
    fault: str = ""


class RequestLog:
    """The last 50,000 requests; numbers go on for ever."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._gaps: dict[tuple[str, str, str, int], int] = {}
        self._next = 1

    def add(self, **facts: Any) -> None:
        """Note a request; the query loses what is secret."""
        facts["query"] = _without_secrets(facts["query"])
        entry = Entry(number=self._next, **facts)
        self._next += 1
        self._entries.append(entry)
        if entry.status == 501:
            self.note_gap(entry.method, entry.host, entry.path, status=501)

    def note_gap(self, method: str, host: str, path: str, *, status: int) -> None:
        """Count what the tenant should have answered: 501 when it is not rehearsed, 500 when it failed unforeseen."""
        key = (method, host, path, status)
        if key in self._gaps or len(self._gaps) < _KEPT:
            self._gaps[key] = self._gaps.get(key, 0) + 1

    def since(self, number: int) -> list[dict[str, Any]]:
        """The requests after a number."""
        return [entry._asdict() for entry in self._entries if entry.number > number]

    def unknown(self) -> list[dict[str, Any]]:
        """What was asked and not rehearsed (501), or failed unforeseen (500), with its count."""
        return [
            {"method": method, "host": host, "path": path, "status": status, "count": count}
            for (method, host, path, status), count in sorted(self._gaps.items())
        ]

    def clear(self) -> None:
        """Forget all requests."""
        self._entries.clear()
        self._gaps.clear()


def _without_secrets(query: str) -> str:
    return "&".join([_without_secret(pair) for pair in query.split("&")])


def _without_secret(pair: str) -> str:
    name = pair.partition("=")[0]
    return f"{name}=-" if unquote_plus(name).lower() in _SECRET else pair
