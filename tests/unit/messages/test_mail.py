"""Mail through a relay: closed to others by STARTTLS, refused, silent, and never an account in the clear."""

import socket
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from spmigrate.messages.mail import Mail, Security
from spmigrate.messages.message import TRIES, Message
from tests.relay import relaying

MESSAGE = Message("Wave pilot: nothing moves", ("For 30 minutes – nothing.",), (("Files", "1,200"),))


def mail(port: int, **options: object) -> Mail:
    settings = {
        "sender": "spmigrate@council.example", "to": ("migration.lead@council.example",), "seconds": 2.0,
        "sleep": lambda _: None, "now": lambda: datetime(2026, 11, 20, 7, tzinfo=UTC), **options,
    }  # fmt: skip
    return Mail("127.0.0.1", port, **settings)  # type: ignore[arg-type]


def test_a_letter_goes_over_starttls_and_says_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with relaying(tmp_path) as relay:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(relay.ca))
        assert mail(relay.port, account=("robot", "s3cr3t")).send(MESSAGE) is None
        letter = message_from_bytes(relay.letters.get(timeout=5), policy=policy.default)
    assert relay.encrypted == [True]
    assert len(relay.signed_in) == 1
    assert letter["Subject"] == "Wave pilot: nothing moves"
    assert letter["To"] == "migration.lead@council.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert str(letter["Message-ID"]).endswith("@council.example>")
    assert letter.get_content().replace("\r\n", "\n") == "For 30 minutes – nothing.\n\nFiles: 1,200\n"


def test_nothing_is_sent_to_a_relay_whose_certificate_is_not_trusted(tmp_path: Path) -> None:
    with relaying(tmp_path) as relay:
        assert mail(relay.port).send(MESSAGE) == "the relay's certificate is not trusted here"
    assert relay.letters.empty()


def test_nothing_is_sent_in_the_clear_where_starttls_was_asked_for(tmp_path: Path) -> None:
    with relaying(tmp_path, starttls=False) as relay:
        why = mail(relay.port, account=("robot", "s3cr3t")).send(MESSAGE)
    assert why == "the relay offers no STARTTLS, or no sign-in, so nothing was sent"
    assert (relay.letters.empty(), relay.signed_in) == (True, [])


def test_a_refused_recipient_is_named_and_not_tried_again(tmp_path: Path) -> None:
    with relaying(tmp_path, recipient="550 no such mailbox") as relay:
        found = mail(relay.port, security=Security.NONE).send(MESSAGE)
    assert found == "the relay refused migration.lead@council.example"
    assert relay.sessions == 1


def test_a_relay_that_asks_to_wait_is_tried_again(tmp_path: Path) -> None:
    with relaying(tmp_path, recipient="451 grey-listed") as relay:
        assert mail(relay.port, security=Security.NONE).send(MESSAGE) is not None
    assert relay.sessions == TRIES


def test_a_relay_that_hangs_is_given_up(tmp_path: Path) -> None:
    with relaying(tmp_path, greeting=None) as relay:
        assert mail(relay.port, seconds=0.05).send(MESSAGE) == "the relay did not answer, or broke off"


def test_a_relay_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert mail(port).send(MESSAGE) == "the relay cannot be reached"


def test_a_name_in_a_subject_begins_no_other_header(tmp_path: Path) -> None:
    with relaying(tmp_path) as relay:
        hostile = Message("Wave x\r\nBcc: everybody@elsewhere.example\r\n\r\nHello")
        assert mail(relay.port, security=Security.NONE).send(hostile) is None
        letter = message_from_bytes(relay.letters.get(timeout=5), policy=policy.default)
    assert letter["Bcc"] is None
    assert "\\r\\nBcc" in letter["Subject"]


def test_the_account_is_never_shown() -> None:
    assert "s3cr3t" not in repr(mail(25, account=("robot", "s3cr3t")))
