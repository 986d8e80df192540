"""The outbox: sends beside other work, tells what did not get through, and never holds up an end for long."""

import threading
import time

from spmigrate.messages.message import Message
from spmigrate.messages.outbox import Outbox


class Given:
    """A channel that answers what the test says."""

    def __init__(self, why: str | None = None, *, hold: threading.Event | None = None) -> None:
        self.name = "a channel"
        self.got: list[str] = []
        self.why, self.hold = why, hold

    def send(self, message: Message) -> str | None:
        if self.hold:
            self.hold.wait(10)
        self.got.append(message.subject)
        return self.why


def test_every_channel_gets_every_message_in_order() -> None:
    one, two = Given(), Given()
    box = Outbox((one, two))
    for n in range(3):
        box.put(Message(str(n)))
    assert box.close() == []
    assert one.got == two.got == ["0", "1", "2"]


def test_what_could_not_be_sent_is_told_with_the_reason() -> None:
    box = Outbox((Given("it answered 403"),))
    box.put(Message("Started"))
    (unsent,) = box.close()
    assert (unsent.channel, unsent.subject, unsent.why) == ("a channel", "Started", "it answered 403")


def test_a_receiver_that_hangs_does_not_hold_up_the_end() -> None:
    hold = threading.Event()
    box = Outbox((Given(hold=hold),))
    box.put(Message("Started"))
    box.put(Message("Stopped"))
    before = time.monotonic()
    unsent = box.close(0.2)
    assert time.monotonic() - before < 5
    assert [(each.subject, each.why) for each in unsent] == [
        ("Started", "it took too long"), ("Stopped", "there was no time left"),
    ]  # fmt: skip
    hold.set()


def test_what_becomes_due_is_sent_without_being_asked() -> None:
    arrived = threading.Event()
    waiting = [Message("Silence")]

    class Signalling(Given):
        def send(self, message: Message) -> str | None:
            arrived.set()
            return super().send(message)

    channel = Signalling()
    box = Outbox((channel,), due=lambda: [waiting.pop()] if waiting else [], every=0.01)
    assert arrived.wait(5)
    box.close()
    assert channel.got == ["Silence"]
