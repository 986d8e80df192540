"""The control calls: `/_rehearsal/…` on the loopback address, for whoever can read the token file."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from spmigrate.rehearsal.clock import Clock, read_time
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.faults import Faults, read_fault
from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.office import OfficeRewriting
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.switches import Switches

PREFIX = "/_rehearsal/"


@dataclass(frozen=True, slots=True)
class Levers:
    """What the control calls move. `seed` takes a seed file's text, `reset` empties and seeds anew."""

    clock: Clock
    faults: Faults
    switches: Switches
    log: RequestLog
    seed: Callable[[str], Mapping[str, int]]
    reset: Callable[[], None]
    office: OfficeRewriting


class Control:
    """Answers control calls; each needs the token."""

    def __init__(self, token: str, levers: Levers) -> None:
        self._token = token
        self._levers = levers
        self._calls: dict[tuple[str, str], Callable[[Request], object]] = {
            ("GET", "clock"): self._read_clock,
            ("POST", "clock"): self._move_clock,
            ("GET", "faults"): lambda _: levers.faults.describe(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "requests"): self._requests,
            ("DELETE", "requests"): self._clear_requests,
            ("GET", "throttle"): self._read_throttle,
            ("POST", "throttle"): self._set_throttle,
            ("POST", "seed"): lambda request: levers.seed(request.body.read().decode()),
            ("GET", "office"): self._read_office,
            ("POST", "office"): self._set_office,
            ("POST", "reset"): self._reset,
        }

    def handle(self, request: Request) -> Response:
        """Answer a request to the loopback address."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return json_response(401, {"error": "the control token is missing or wrong"})
        name = request.path.removeprefix(PREFIX).strip("/") if request.path.startswith(PREFIX) else ""
        call = self._calls.get((request.method, name))
        if call is None:
            return json_response(404, {"error": f"there is no control call {request.method} {request.path}"})
        try:
            return json_response(200, call(request))
        except RehearsalError as error:
            return json_response(400, {"error": error.message, "hint": error.hint})
        except ValueError as error:
            return json_response(400, {"error": f"the request can't be read: {error}"})

    def _read_clock(self, _: Request) -> object:
        return {"now": self._levers.clock.now().astimezone(UTC).isoformat()}

    def _move_clock(self, request: Request) -> object:
        content = request.json()
        if not isinstance(content, dict) or len(content) != 1 or not {"advance", "set", "reset"} & set(content):
            raise RehearsalError("the clock takes `advance` (seconds), `set` (a moment) or `reset`")
        if "reset" in content:
            self._levers.clock.reset()
        elif "advance" in content:
            _advance(self._levers.clock, content["advance"])
        else:
            _set(self._levers.clock, str(content["set"]))
        return self._read_clock(request)

    def _add_faults(self, request: Request) -> object:
        content = request.json()
        rules = [read_fault(each) for each in (content if isinstance(content, list) else [content])]
        for rule in rules:
            self._levers.faults.add(rule)
        return self._levers.faults.describe()

    def _clear_faults(self, _: Request) -> object:
        self._levers.faults.clear()
        return []

    def _requests(self, request: Request) -> object:
        wanted = request.parameters()
        if wanted.get("unknown"):
            return self._levers.log.unknown()
        return self._levers.log.since(int(wanted.get("since", 0)))

    def _clear_requests(self, _: Request) -> object:
        self._levers.log.clear()
        return []

    def _read_throttle(self, _: Request) -> object:
        return self._levers.switches.describe()

    def _set_throttle(self, request: Request) -> object:
        self._levers.switches.change(request.json())
        return self._levers.switches.describe()

    def _read_office(self, _: Request) -> object:
        return {"rewriting": self._levers.office.on}

    def _set_office(self, request: Request) -> object:
        content = request.json()
        wanted = content.get("rewriting") if isinstance(content, dict) else None
        if not isinstance(wanted, bool):
            raise RehearsalError("the rewriting of Office files is on or off", "give `rewriting`: true or false")
        self._levers.office.switch(wanted)
        return self._read_office(request)

    def _reset(self, _: Request) -> object:
        self._levers.reset()
        return {"reset": True}


def _advance(clock: Clock, seconds: object) -> None:
    try:
        step = float(str(seconds))
        datetime.fromtimestamp(clock.seconds() + step, UTC)
    except (ValueError, OverflowError, OSError):
        hint = "give seconds, for example 86400 for a day; the years go from 1 to 9999"
        raise RehearsalError(f"the clock can't move on by {seconds}", hint) from None
    clock.advance(step)


def _set(clock: Clock, text: str) -> None:
    try:
        moment = read_time(text)
        moment.timestamp()
    except (ValueError, OverflowError):
        raise RehearsalError(f"{text!r} is not a moment", "for example 2026-11-21T09:00:00Z") from None
    clock.set_to(moment)
