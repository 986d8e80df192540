"""Faults as data: the next N requests that match are answered badly, on purpose."""

from __future__ import annotations

import logging
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.steering import Steering

_ACTIONS = ("status", "reset", "slow", "truncate", "drip", "expired", "clock")
_LOG = logging.getLogger(__name__)
# Of a number in an action: no more seconds than thirty years, no file of more bytes is served.
_LARGEST = 1_000_000_000
# Seconds.
_LONGEST_SEARCH = 0.25
_KEPT = "faults"
_MATCHES = ("method", "host", "path")
_CODES = {
    # As SharePoint answers createUploadSession while an earlier session for the name is open
    # (onedrive-api-docs issue 747, microsoft-graph-docs issue 17631).
    404: ("itemNotFound", "The upload session was not found"),
    409: ("nameAlreadyExists", "An upload session already exists for this file"),
    423: ("resourceLocked", "The resource you are attempting to access is locked"),
    429: ("activityLimitReached", "The request has been throttled"),
    500: ("generalException", "An unspecified error has occurred."),
    502: ("BadGateway", "Bad gateway"),
    503: ("serviceNotAvailable", "The service is not available. Try the request again after a delay."),
    504: ("GatewayTimeout", "The upstream service did not answer in time."),
    507: ("quotaLimitReached", "Insufficient Space Available"),
}
_UNAVAILABLE = (
    b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
    b"<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD>\r\n"
    b"<BODY><h2>Service Unavailable</h2>\r\n<hr><p>HTTP Error 503. The service is unavailable.</p>\r\n</BODY></HTML>"
)


@dataclass(frozen=True, slots=True)
class Action:
    """What happens instead of (or around) the right answer.

    `reset` cuts the connection `before` the request is carried out or `after` it was committed; `slow` waits that
    many seconds; `truncate` sends only that many bytes of the body; `drip` lets the body arrive in pieces over so many
    seconds; `expired` answers as if the `token`, or the `url` of an upload or download, had expired; `clock` moves the
    tenant's clock on by so many seconds before the request is carried out.
    """

    status: int = 0
    retry_after: int | None = None
    reset: str = ""
    slow: float = 0
    truncate: int | None = None
    drip: float = 0
    expired: str = ""
    clock: float = 0

    @property
    def said(self) -> str:
        """What was done, in the words of the command: `status 429 retry_after 1`."""
        given = ((each.name, getattr(self, each.name), each.default) for each in fields(self))
        return " ".join(f"{name} {value}" for name, value, usual in given if value != usual)


@dataclass(slots=True)
class Fault:
    """A rule: which requests, how many of them are left, what is done to them."""

    method: str
    host: re.Pattern[str]
    path: re.Pattern[str]
    skip: int
    count: int
    action: Action

    def describe(self) -> dict[str, Any]:
        """The rule as JSON, with what is left of it."""
        return {
            "match": {"method": self.method, "host": self.host.pattern, "path": self.path.pattern},
            "skip": self.skip,
            "count": self.count,
            "action": {each.name: getattr(self.action, each.name) for each in fields(Action)},
        }


class Faults:
    """The rules in force, in the order in which they were given; with a place to keep them they survive a restart."""

    def __init__(self, steering: Steering | None = None) -> None:
        self._steering = steering
        kept = steering.read(_KEPT) if steering else None
        self._rules: list[Fault] = [read_fault(each) for each in kept or ()]

    def add(self, rule: Fault) -> None:
        """Put a rule in force."""
        self._rules.append(rule)
        self._keep()

    def clear(self) -> None:
        """Take back all rules."""
        self._rules.clear()
        self._keep()

    def _keep(self) -> None:
        if self._steering is not None:
            self._steering.write(_KEPT, self.describe())

    def describe(self) -> list[dict[str, Any]]:
        """The rules that still have something to do."""
        return [rule.describe() for rule in self._rules]

    def strike(self, method: str, host: str, path: str) -> Action | None:
        """The action for this request, None for the right answer; it uses up one of the rule's count."""
        for rule in tuple(self._rules):
            if rule.method and rule.method != method:
                continue
            if not self._meets(rule, host, path):
                continue
            if rule.skip:
                rule.skip -= 1
                self._keep()
                continue
            rule.count -= 1
            if rule.count <= 0:
                self._rules.remove(rule)
            self._keep()
            return rule.action
        return None

    def _meets(self, rule: Fault, host: str, path: str) -> bool:
        try:
            with _bounded():
                return bool(rule.host.search(host) and rule.path.search(path))
        except TimeoutError:
            _LOG.warning("the fault for %s is taken back: its pattern takes too long", rule.path.pattern)
            self._rules.remove(rule)
            self._keep()
            return False


def read_fault(content: object) -> Fault:
    """A rule from JSON such as `{"match": {"method": "PUT", "path": "uploadSession"}, "count": 5,
    "action": {"status": 429, "retry_after": 1}}`; `RehearsalError` when it is not one."""
    if not isinstance(content, dict):
        raise RehearsalError("a fault is a JSON object", "see `spmigrate rehearsal fault --help`")
    match = _part(content, "match", _MATCHES)
    action = _part(content, "action", tuple(each.name for each in fields(Action)))
    if not any(action.get(name) for name in _ACTIONS if name != "truncate") and "truncate" not in action:
        raise RehearsalError("the fault's action does nothing", f"give one of {', '.join(_ACTIONS)}")
    if action.get("reset", "") not in ("", "before", "after"):
        raise RehearsalError(f"reset is {action['reset']!r}", "give `before` or `after`")
    if action.get("expired", "") not in ("", "token", "url"):
        raise RehearsalError(f"expired is {action['expired']!r}", "give `token` or `url`")
    for name in ("status", "retry_after", "slow", "truncate", "drip", "clock"):
        _refuse_no_number(name, action.get(name))
    try:
        return Fault(
            method=str(match.get("method", "")).upper(),
            host=re.compile(str(match.get("host", ""))),
            path=re.compile(str(match.get("path", ""))),
            skip=int(content.get("skip", 0)),
            count=int(content.get("count", 1)),
            action=Action(**action),
        )
    except (re.error, TypeError, ValueError) as problem:
        raise RehearsalError(
            f"the fault can't be read: {problem}", "path and host are regular expressions"
        ) from problem


def _refuse_no_number(name: str, value: Any) -> None:
    whole = name in ("status", "retry_after", "truncate")
    known = value is None or (isinstance(value, int if whole else int | float) and not isinstance(value, bool))
    least = -_LARGEST if name == "clock" else 0
    if not known or not least <= (value or 0) <= _LARGEST:
        raise RehearsalError(f"{name} is {value!r}", "give a number of seconds, bytes, or the status")


def fault_response(action: Action, *, sharepoint: bool) -> Response:
    """The answer of a struck request, in the form of the service that it came to."""
    if action.expired == "url":
        action = Action(status=404)
    code, message = _CODES.get(action.status, ("generalException", "The request failed."))
    headers = retry_header(action)
    if sharepoint and action.status == 503:
        # What stands before SharePoint answers in its place, and knows no JSON.
        return Response(503, {**headers, "content-type": "text/html; charset=us-ascii"}, _UNAVAILABLE)
    if sharepoint:
        body = {"error": {"code": f"-1, {code}", "message": {"lang": "en-US", "value": message}}}
        return json_response(action.status, body, headers=headers, kind="application/json;odata=verbose")
    return json_response(action.status, {"error": {"code": code, "message": message}}, headers=headers)


def retry_header(action: Action) -> dict[str, str]:
    """When to come again, where the action says so."""
    return {} if action.retry_after is None else {"retry-after": str(action.retry_after)}


@contextmanager
def _bounded() -> Iterator[None]:
    """Give a search up after a while: a pattern such as `(a+)+b` can take for ever, and nothing else is answered
    meanwhile. The search looks for signals as it goes; where there are none (a thread, Windows) it is not bounded."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, _LONGEST_SEARCH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _give_up(*_: object) -> None:
    raise TimeoutError


def _part(content: Mapping[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any]:
    part = content.get(name, {})
    unknown = sorted(set(part) - set(known)) if isinstance(part, dict) else [str(part)]
    if unknown or not isinstance(part, dict):
        raise RehearsalError(f"{name} has unknown parts: {', '.join(unknown)}", f"known are {', '.join(known)}")
    return dict(part)
