"""Posting to a workflow: taken, refused, busy, silent, through a proxy, and never showing its address."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from spmigrate.errors import ConfigError
from spmigrate.messages.message import LONGEST_WAIT, TRIES, Message
from spmigrate.messages.webhook import Webhook
from tests import webhook_receiver

MESSAGE = Message("Wave pilot has stopped", ("The share has gone.",))
SECRET = "?sig=s3cr3t-of-the-flow"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def answering(*statuses: int, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A receiver that answers one after the other, the last for ever; yields its address and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            asked.append(self.path)
            self.send_response(statuses[min(len(asked), len(statuses)) - 1])
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/flow{SECRET}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_message_arrives_as_a_card() -> None:
    with webhook_receiver.receiving() as receiver:
        assert Webhook(f"{receiver.url}/flow{SECRET}").send(MESSAGE) is None
        _, letter = receiver.letters.get(timeout=5)
    assert letter["attachments"][0]["content"]["fallbackText"] == "Wave pilot has stopped"


def test_a_refusal_is_final_and_told_without_the_address() -> None:
    with answering(403) as (address, asked):
        why = Webhook(address).send(MESSAGE)
    assert why == "it answered 403"
    assert len(asked) == 1
    assert "s3cr3t" not in f"{why}{Webhook(address)!r}{Webhook(address).name}"


def test_a_busy_receiver_is_tried_again_as_late_as_it_asks_within_limits() -> None:
    pauses: list[float] = []
    with answering(429, 202, headers={"Retry-After": "7"}) as (address, asked):
        assert Webhook(address, sleep=pauses.append).send(MESSAGE) is None
    assert (pauses, len(asked)) == ([7.0], 2)
    pauses.clear()
    with answering(503, headers={"Retry-After": "86400"}) as (address, asked):
        assert Webhook(address, sleep=pauses.append).send(MESSAGE) == "it answered 503"
    assert (pauses, len(asked)) == ([LONGEST_WAIT] * (TRIES - 1), TRIES)


def test_a_redirection_is_not_followed() -> None:
    with answering(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}) as (address, asked):
        assert Webhook(address).send(MESSAGE) == "it answered 302"
    assert len(asked) == 1


def test_a_receiver_that_hangs_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/flow"
        hook = Webhook(address, sleep=lambda _: None, answer_seconds=0.05)
        assert hook.send(MESSAGE) == "it did not answer in time"


def test_a_receiver_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    why = Webhook(f"http://127.0.0.1:{port}/{SECRET}", sleep=lambda _: None).send(MESSAGE)
    assert why == "it cannot be reached"


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(202) as (address, asked):
        monkeypatch.setenv("http_proxy", address.partition("/flow")[0])
        monkeypatch.setenv("no_proxy", "")
        assert Webhook("http://localhost:9/flow").send(MESSAGE) is None
    assert asked == ["http://localhost:9/flow"]


@pytest.mark.parametrize("address", ["http://council.example/flow?sig=s3cr3t", "ftp://x/s3cr3t", "s3cr3t", "https://"])
def test_an_address_without_tls_is_refused(address: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Webhook(address)
    assert "s3cr3t" not in f"{raised.value.message}{raised.value.hint}"


def test_the_card_is_json_of_utf_8() -> None:
    with webhook_receiver.receiving() as receiver:
        Webhook(receiver.url + "/flow").send(Message("Ω – naïve"))
        _, letter = receiver.letters.get(timeout=5)
    assert "Ω – naïve" in json.dumps(letter, ensure_ascii=False)
