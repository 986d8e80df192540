"""Sending: what is sent again, how often, and after which wait; no second happens in real time."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3

from spmigrate.errors import AuthError, NeverServed, OutOfStorage, Throttled, Unavailable
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


class Payment:
    """A purse that writes down what is paid, and lets the n-th request wait."""

    def __init__(self, *waits: float) -> None:
        self.waits = list(waits)
        self.paid: list[float] = []
        self.heard: list[tuple[float, ...]] = []
        self.on_the_way = 0

    def take(self, units: float, now: float) -> float:
        wait = self.waits.pop(0) if self.waits else 0.0
        if not wait:
            self.paid.append(units)
            self.on_the_way += 1
        return wait

    def done(self) -> None:
        self.on_the_way -= 1

    def refused(self, seconds: float) -> None:
        self.heard.append((seconds,))

    def told(self, remaining: float, seconds: float) -> None:
        self.heard.append((remaining, seconds))

    def close(self) -> None:
        pass


def paying(service: Service, time: Time, purse: Payment) -> Sender:
    gate, patience = Gate(sleep=time.sleep, now=time.now), Patience(sleep=time.sleep, now=time.now)
    return Sender(service, gate, Retries(chance=lambda: 1.0), patience, purse=purse, now=time.now)


def item(number: int = 1) -> Request:
    return Request("GET", f"https://graph.microsoft.com/v1.0/drives/b!x/items/{number}", {})


def test_every_sending_is_paid_for_refused_ones_too(time: Time) -> None:
    purse = Payment()
    paying(Service(said(429, Retry_After="3"), said(503), LOST, said(200)), time, purse).exchange(item())
    assert (purse.paid, purse.on_the_way) == ([1.0] * 4, 0)


def test_request_waits_for_the_purse(time: Time) -> None:
    service, purse = Service(said(200)), Payment(2.0, 0.5)
    paying(service, time, purse).exchange(item())
    assert (time.slept, purse.paid) == ([2.0, 0.5], [1.0])


def test_what_is_free_asks_no_purse(time: Time) -> None:
    purse = Payment(1e9)
    assert paying(Service(said(200)), time, purse).exchange(get()).status_code == 200
    assert purse.paid == []


def test_retry_after_and_what_is_left_reach_the_purse(time: Time) -> None:
    purse = Payment()
    limited = said(429, Retry_After="3", RateLimit_Remaining="0", RateLimit_Reset="40")
    nearly = said(200, RateLimit_Limit="3750", RateLimit_Remaining="700", RateLimit_Reset="20")
    paying(Service(limited, nearly), time, purse).exchange(item())
    assert purse.heard == [(0.0, 40.0), (40.0,), (700.0, 20.0)]
    assert time.at == 40.0


def test_reset_counts_where_a_refusal_says_no_more(time: Time) -> None:
    service = Service(said(429, RateLimit_Remaining="0", RateLimit_Reset="25"), said(200))
    sender(service, time).exchange(item())
    assert time.at == 25.0


def test_bulk_pays_too_and_storage_costs_nothing(time: Time) -> None:
    purse = Payment()
    answer = urllib3.HTTPResponse(b"", {}, 201)
    send = paying(Service(answer), time, purse).send
    address = "https://contoso.sharepoint.com/_api/v2.0/drives/b!x/items/stub/uploadSession?tempauth=x"
    send("PUT", address, body=b"x", headers={})
    send("PUT", "https://spodata.blob.core.windows.net/container/blob?sig=x", body=b"x", headers={})
    assert (purse.paid, purse.on_the_way) == ([2.0], 0)


class Stubborn(Service):
    """A service that puts one thing off for ever and does everything else."""

    def __init__(self, **headers: str) -> None:
        super().__init__(said(200))
        self.refusal = said(429, Retry_After="1", **headers)

    def request(self, method: str, url: str, **_options: Any) -> Any:
        self.sent.append(url)
        return self.refusal if url.endswith("/items/stuck") else said(200)


def ask_beside_others(sending: Sender, times: int) -> None:
    """Ask the stubborn thing in rounds, each time with another one served in between."""
    with pytest.raises(Throttled):
        sending.exchange(Request("GET", "https://graph.microsoft.com/v1.0/drives/b!x/items/stuck", {}))
    for number in range(times):
        sending.exchange(item(number))


def test_what_is_put_off_for_ever_while_others_are_served_ends_as_never_served(time: Time) -> None:
    sending = Sender(
        Stubborn(), Gate(sleep=time.sleep, now=time.now), Retries(attempts=1), Patience(sleep=time.sleep, now=time.now)
    )
    for _ in range(5):
        ask_beside_others(sending, 2)
    with pytest.raises(NeverServed, match="asks to wait each time") as ended:
        sending.exchange(Request("GET", "https://graph.microsoft.com/v1.0/drives/b!x/items/stuck", {}))
    assert not ended.value.transient
    assert not ended.value.fatal


def test_service_that_serves_nobody_is_busy_and_not_stubborn(time: Time) -> None:
    with pytest.raises(Throttled):
        sender(Stubborn(), time).exchange(Request("GET", "https://graph.microsoft.com/v1.0/drives/b!x/items/stuck", {}))


def test_minute_that_is_used_up_makes_nothing_stubborn(time: Time) -> None:
    stubborn = Stubborn(RateLimit_Remaining="0", RateLimit_Reset="1")
    sending = Sender(
        stubborn, Gate(sleep=time.sleep, now=time.now), Retries(attempts=1), Patience(sleep=time.sleep, now=time.now)
    )
    for _ in range(12):
        ask_beside_others(sending, 2)
