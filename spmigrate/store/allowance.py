"""The account of a budget in resource units: what was used when, who may send now, and how long to wait. Pure.

One account belongs to an app id. It is a value that is read, changed and written back under a lock, so that any number
of programs share it. Never more than the limit is granted in any minute or in any 24 hours: what is granted counts in
the second (and ten minutes) of its granting, and may be spent within that second only.

Every moment is in seconds since 1970. When the clock has gone back, the account goes back with it; when it has leapt
ahead, what was used before is forgotten, and the service's own refusals hold until the account has caught up.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

SECOND, TEN_MINUTES = 1.0, 600.0
_MINUTE_SLOTS, _DAY_SLOTS = 61, 145
"""One more than a minute and a day have, because an interval begins within a slot and ends within one."""
_EVEN_SECONDS = 3.0
"""How much may go at once: what this many seconds are worth. Microsoft asks for even traffic without spikes."""
_GROW_SECONDS = 5.0
"""After each so many seconds without a refusal one request more may be on its way at once."""
_MOST_AT_ONCE = 64
_MEMBER_SECONDS = 10.0
"""How long a program counts as one of those that share the account, after it last asked."""
_LONGEST_BLOCK = 86_400.0
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Limits:
    """How many units may be used in any minute and in any 24 hours."""

    minute: float
    day: float


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted: `units` to spend within the next `seconds`, counted at `at`; or none, and when to ask again."""

    units: float
    seconds: float
    at: float
    wait: float = 0.0


@dataclass(slots=True)
class Account:
    """What programs have used, and what the service has told them."""

    seen: float = 0.0
    minute: dict[int, float] = field(default_factory=dict)
    day: dict[int, float] = field(default_factory=dict)
    even_until: float = 0.0
    """The moment at which everything that was granted would have gone, if it had gone evenly."""
    blocked_until: float = 0.0
    cap: int = 0
    """How many requests may be on their way at once since `cap_since`; 0 for as many as wish."""
    cap_since: float = 0.0
    remaining: float = 0.0
    remaining_until: float = 0.0
    members: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By program: when it last asked, and how many requests it had on their way."""

    @classmethod
    def read(cls, text: str | None) -> Self:
        """The account as it was written; an empty one where there is none. Raises ValueError when it is no account."""
        if text is None:
            return cls()
        content: dict[str, Any] = json.loads(text)
        for name in ("minute", "day"):
            content[name] = {int(slot): float(units) for slot, units in content[name].items()}
        content["members"] = {who: (float(at), int(busy)) for who, (at, busy) in content["members"].items()}
        try:
            return cls(**content)
        except TypeError as error:
            raise ValueError(str(error)) from None

    def write(self) -> str:
        """The account as text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def settle(self, now: float) -> None:
        """Bring the account to this moment: forget what no interval holds any more; go back where the clock did."""
        if now < self.seen - SECOND:
            self._go_back(self.seen - now)
            self.seen = now
        self.seen = max(self.seen, now)
        self.minute = {slot: units for slot, units in self.minute.items() if slot > now // SECOND - _MINUTE_SLOTS}
        self.day = {slot: units for slot, units in self.day.items() if slot > now // TEN_MINUTES - _DAY_SLOTS}
        self.members = {who: each for who, each in self.members.items() if now - each[0] < _MEMBER_SECONDS}
        if self.cap and self.cap_at(now) >= _MOST_AT_ONCE:
            self.cap = 0

    def _go_back(self, seconds: float) -> None:
        # Whole slots, so that none is split; the account is then too careful by less than one.
        self.minute = {slot - int(seconds // SECOND): units for slot, units in self.minute.items()}
        self.day = {slot - int(seconds // TEN_MINUTES): units for slot, units in self.day.items()}
        self.even_until -= seconds
        self.blocked_until -= seconds
        self.cap_since -= seconds
        self.remaining_until -= seconds
        self.members = {}

    def used(self) -> tuple[float, float]:
        """Units used in the last minute and in the last 24 hours, of a settled account."""
        return sum(self.minute.values()), sum(self.day.values())

    def cap_at(self, now: float) -> int:
        """How many requests may be on their way at once; 0 for as many as wish."""
        if not self.cap:
            return 0
        return self.cap + max(int((now - self.cap_since) // _GROW_SECONDS), 0)

    def share_of_cap(self, now: float) -> int:
        """How many of them one program may have; 0 for as many as it wishes."""
        cap = self.cap_at(now)
        return max(cap // max(len(self.members), 1), 1) if cap else 0

    def reserve(self, now: float, needed: float, wished: float, limits: Limits) -> Grant:
        """Grant up to `wished` units, at least `needed`, of a settled account; or tell when there may be so many.

        Where little is left it waits for half a second's worth, so that a block is more than one request.
        """
        slot = int(now // SECOND)
        needed = max(needed, min(wished, limits.minute / 120))
        needed = min(needed, limits.minute, limits.day)  # what is larger than the whole limit waits for an empty minute
        room = min(limits.minute - sum(self.minute.values()), limits.day - sum(self.day.values()))
        told = self.remaining if now < self.remaining_until else room
        even = self._even_room(now, limits)
        wait = max(
            self.blocked_until - now,
            _until_room(self.minute, SECOND, limits.minute, needed, now),
            _until_room(self.day, TEN_MINUTES, limits.day, needed, now),
            self._until_even(now, needed, limits),
            self.remaining_until - now if told + _TINY < needed else 0.0,
        )
        if wait > 0:
            return Grant(0.0, 0.0, now, wait)
        units = max(min(wished, room, told, even), needed)
        self._count(now, units, limits)
        return Grant(units, (slot + 1) * SECOND - now, now)

    def give_back(self, grant: Grant, units: float, limits: Limits) -> None:
        """Return what was granted and not spent."""
        for slots, span in ((self.minute, SECOND), (self.day, TEN_MINUTES)):
            slot = int(grant.at // span)
            if slot in slots:
                slots[slot] = max(slots[slot] - units, 0.0)
        self.even_until -= units * 60 / limits.minute

    def refuse(self, now: float, seconds: float) -> None:
        """The service asked to wait so long: nobody sends, and half as many go at once afterwards.

        Those who are refused together, because they were on their way together, halve it once.
        """
        on_their_way = sum(busy for _, busy in self.members.values())
        if now >= self.blocked_until and now >= self.cap_since:
            known = self.cap_at(now)
            self.cap = max(min(known, on_their_way) if known and on_their_way else known or on_their_way, 2) // 2
        self.blocked_until = max(self.blocked_until, now + min(seconds, _LONGEST_BLOCK))
        self.cap_since = max(self.cap_since, self.blocked_until)

    def tell(self, now: float, remaining: float, seconds: float) -> None:
        """The service says that so many units are left for so many seconds; the least of what it says at once holds."""
        if now < self.remaining_until:
            remaining = min(remaining, self.remaining)
        self.remaining, self.remaining_until = remaining, now + min(seconds, 60.0)

    def join(self, now: float, who: str, on_their_way: int) -> None:
        """A program asks, with so many requests on their way."""
        self.members[who] = (now, on_their_way)

    def _even_room(self, now: float, limits: Limits) -> float:
        return max((now + _EVEN_SECONDS - self.even_until) * limits.minute / 60, 0.0)

    def _until_even(self, now: float, needed: float, limits: Limits) -> float:
        """Seconds until so many units may go evenly; more than goes at once waits until nothing is ahead of it."""
        ahead = min(self.even_until, now + 60.0)  # a limit that was raised since does not make anybody wait for longer
        at_once = min(needed * 60 / limits.minute, _EVEN_SECONDS)
        return ahead + at_once - _EVEN_SECONDS - now - _TINY

    def _count(self, now: float, units: float, limits: Limits) -> None:
        for slots, span in ((self.minute, SECOND), (self.day, TEN_MINUTES)):
            slot = int(now // span)
            slots[slot] = slots.get(slot, 0.0) + units
        self.even_until = max(self.even_until, now) + units * 60 / limits.minute
        if now < self.remaining_until:
            self.remaining -= units


def _until_room(slots: dict[int, float], span: float, limit: float, needed: float, now: float) -> float:
    """Seconds until the oldest slots, whose room is needed, count no more; 0.0 when there is room."""
    width = _MINUTE_SLOTS if span == SECOND else _DAY_SLOTS
    excess, wait = sum(slots.values()) + needed - limit, 0.0
    for slot in sorted(slots):
        if excess <= _TINY:
            break
        excess -= slots[slot]
        wait = (slot + width) * span - now
    return wait
