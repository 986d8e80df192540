"""A message and where it can be sent, as values."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

TRIES = 3
"""How often a message is offered before it is given up."""
LONGEST_WAIT = 30.0
"""The most seconds between two tries, whatever a receiver asks for: a message that is late by hours says nothing."""

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: a subject, a few sentences, and facts by name."""

    subject: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


class Channel(Protocol):
    """A way to people. `name` says which, without anything secret."""

    @property
    def name(self) -> str:
        """How people know it: `the Teams channel`, `mail to migration.lead@council.example`."""
        ...

    def send(self, message: Message) -> str | None:
        """Send it, trying again where that may help; returns why it could not be sent, None when it was taken.

        It never raises for what a receiver or a network does, and ends within about two minutes.
        """
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one try came to: `why` it failed (None: it was taken), and whether another may do better, and when."""

    why: str | None = None
    again: bool = False
    wait: float | None = None


def attempt(once: Callable[[], Attempt], *, sleep: Sleep = time.sleep) -> str | None:
    """Try up to `TRIES` times, with growing pauses or those that the receiver asks for; returns why it failed."""
    tried = Attempt("it was not tried")
    for number in range(TRIES):
        tried = once()
        if tried.why is None or not tried.again or number == TRIES - 1:
            break
        sleep(min(LONGEST_WAIT, 2.0**number if tried.wait is None else tried.wait))
    return tried.why
