"""Sends messages beside other work: nothing waits for a receiver, and what could not be sent is told in the end."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spmigrate.messages.message import Channel, Message

CLOSE_SECONDS = 60.0
"""How long the end of a run waits at most for messages that are still on their way."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that did not get through: by which channel, what it was about, and why."""

    channel: str
    subject: str
    why: str


class Outbox:
    """Messages on their way, sent by one thread that never keeps the program from ending.

    `due` is asked every `every` seconds for what has become due meanwhile.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        due: Callable[[], Sequence[Message]] = lambda: (),
        every: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._channels = tuple(channels)
        self._due = due
        self._every = every
        self._clock = clock
        self._waiting: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._unsent: list[Unsent] = []
        self._in_hand: list[Unsent] = []
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        """Send this as soon as what was put before it is sent or given up."""
        self._waiting.put(message)

    def close(self, seconds: float = CLOSE_SECONDS) -> list[Unsent]:
        """Send what is left, for at most so many seconds; returns everything that did not get through."""
        self._waiting.put(None)
        self._thread.join(seconds)
        late = list(self._in_hand)
        while self._thread.is_alive() and (message := self._next()) is not None:
            late += [Unsent(each.name, message.subject, "there was no time left") for each in self._channels]
        return [*self._unsent, *late]

    def _next(self) -> Message | None:
        try:
            return self._waiting.get_nowait()
        except queue.Empty:
            return None

    def _work(self) -> None:
        while True:
            try:
                message = self._waiting.get(timeout=self._every)
            except queue.Empty:
                for each in self._due():
                    self._send(each)
                continue
            if message is None:
                return
            self._send(message)

    def _send(self, message: Message) -> None:
        self._in_hand = [Unsent(each.name, message.subject, "it took too long") for each in self._channels]
        for channel in self._channels:
            why = channel.send(message)
            self._in_hand = self._in_hand[1:]
            if why is not None:
                self._unsent.append(Unsent(channel.name, message.subject, why))
