"""Sending: what is sent again, how often, and after which wait; no second happens in real time."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3

from spmigrate.errors import AuthError, OutOfStorage, Throttled, Unavailable
from spmigrate.tenant.pacing import Gate, Patience, Retries
from spmigrate.tenant.sender import Request, Sender
from tests.unit.tenant.test_pacing import Time

LOST = requests.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError(104, "reset")))
UNCONNECTED = requests.ConnectTimeout("no answer to the connection")


def said(status: int, **headers: str) -> requests.Response:
    """An answer of the service."""
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    response._content = b""
    return response


class Service:
    """A network whose answers are written down beforehand; the last one is repeated."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []
        self.session = self

    def proxy_for(self, url: str) -> str | None:
        return None

    def pool_for(self, url: str) -> "Service":
        return self

    def request(self, method: str, url: str, **_options: Any) -> Any:
        self.sent.append(method)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def time() -> Iterator[Time]:
    yield Time()


def sender(service: Service, time: Time) -> Sender:
    gate = Gate(sleep=time.sleep, now=time.now)
    return Sender(service, gate, Retries(chance=lambda: 1.0), Patience(sleep=time.sleep, now=time.now))


def get() -> Request:
    return Request("GET", "https://graph.microsoft.com/v1.0/me", {})


def post(**headers: str) -> Request:
    return Request("POST", "https://contoso.sharepoint.com/_api/web/lists", headers)


def test_answer_is_returned_at_once(time: Time) -> None:
    service = Service(said(200))
    assert sender(service, time).exchange(get()).status_code == 200
    assert (service.sent, time.slept) == (["GET"], [])


def test_refusal_is_an_answer(time: Time) -> None:
    service = Service(said(404))
    assert sender(service, time).exchange(get()).status_code == 404
    assert len(service.sent) == 1


def test_retry_after_is_honoured_to_the_second(time: Time) -> None:
    service = Service(said(429, Retry_After="12"), said(503, Retry_After="30"), said(200))
    assert sender(service, time).exchange(get()).status_code == 200
    assert time.at == 42


def test_other_failures_are_repeated_after_growing_pauses(time: Time) -> None:
    service = Service(said(500), LOST, said(504), said(200))
    sender(service, time).exchange(get())
    assert time.slept == [1, 2, 4]


def test_giving_up_raises_the_last_failure(time: Time) -> None:
    service = Service(said(503))
    with pytest.raises(Unavailable, match="503"):
        sender(service, time).exchange(get())
    assert len(service.sent) == Retries().attempts


def test_creating_is_not_repeated_when_the_answer_was_lost(time: Time) -> None:
    service = Service(LOST, said(201))
    with pytest.raises(Unavailable):
        sender(service, time).exchange(post())
    assert service.sent == ["POST"]


def test_creating_is_not_repeated_after_a_server_error(time: Time) -> None:
    service = Service(said(500), said(201))
    with pytest.raises(Unavailable):
        sender(service, time).exchange(post())
    assert service.sent == ["POST"]


@pytest.mark.parametrize("first", [UNCONNECTED, said(429, Retry_After="1"), said(503, Retry_After="1")])
def test_creating_is_repeated_when_it_cannot_have_been_done(time: Time, first: Any) -> None:
    service = Service(first, said(201))
    assert sender(service, time).exchange(post()).status_code == 201


def test_update_in_the_form_of_a_post_is_repeated(time: Time) -> None:
    service = Service(LOST, said(204))
    assert sender(service, time).exchange(post(**{"X-HTTP-Method": "MERGE"})).status_code == 204


def test_untrusted_server_is_asked_once(time: Time) -> None:
    import ssl

    bad = ssl.SSLCertVerificationError(1, "self-signed")
    service = Service(requests.exceptions.SSLError(urllib3.exceptions.SSLError(bad)))
    with pytest.raises(AuthError):
        sender(service, time).exchange(get())
    assert len(service.sent) == 1


def bulk(status: int, **headers: str) -> urllib3.HTTPResponse:
    return urllib3.HTTPResponse(b"said", headers={k.replace("_", "-"): v for k, v in headers.items()}, status=status)


def put(service: Service, time: Time) -> Any:
    return sender(service, time).send("PUT", "https://up.example/KEY?sig=1", body=b"x", headers={})


@pytest.mark.parametrize("status", [200, 201, 202, 302, 401, 404, 409, 416])
def test_bulk_answers_are_returned_as_they_are(time: Time, status: int) -> None:
    reply = put(Service(bulk(status, Location="there")), time)
    assert (reply.status, reply.headers["location"], reply.body) == (status, "there", b"said")


@pytest.mark.parametrize(("status", "kind"), [(500, Unavailable), (504, Unavailable), (507, OutOfStorage)])
def test_bulk_failure_is_raised_after_one_attempt(time: Time, status: int, kind: type[Exception]) -> None:
    service = Service(bulk(status))
    with pytest.raises(kind) as raised:
        put(service, time)
    assert service.sent == ["PUT"]
    assert "KEY" not in str(raised.value)


def test_lost_bulk_connection_is_raised_after_one_attempt(time: Time) -> None:
    service = Service(urllib3.exceptions.ProtocolError("aborted at /KEY?sig=1"))
    with pytest.raises(Unavailable) as raised:
        put(service, time)
    assert "KEY" not in str(raised.value)


def test_throttled_bulk_request_stops_everybody(time: Time) -> None:
    service = Service(bulk(429, Retry_After="25"), said(200))
    both = sender(service, time)
    with pytest.raises(Throttled):
        both.send("PUT", "https://up.example/", body=b"", headers={})
    assert time.at == 0
    both.exchange(get())
    assert time.at == 25


def test_nothing_is_repeated_after_a_long_silence(time: Time) -> None:
    service = Service(LOST)
    sending = sender(service, time)
    with pytest.raises(Unavailable):
        sending.exchange(get())
    time.at += 90
    service.sent.clear()
    with pytest.raises(Unavailable):
        sending.exchange(get())
    assert service.sent == ["GET"]
