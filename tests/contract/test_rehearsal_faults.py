"""Faults as programs meet them: on every host, and listed with the requests that they struck."""

import time
from collections.abc import Iterator

import pytest

from tests.contract.migration_package import CertifiedClient, Site, provision
from tests.rehearsal_fixtures import RunningTenant


@pytest.fixture
def client(rehearsal: RunningTenant) -> Iterator[CertifiedClient]:
    made = CertifiedClient(rehearsal)
    yield made
    made.close()


def test_a_token_and_an_address_that_have_expired(client: CertifiedClient, rehearsal: RunningTenant) -> None:
    given = provision(Site(client, rehearsal.ready["site"])).given["DataContainerUri"]
    mark = rehearsal.mark()
    rehearsal.fault({"expired": "token"}, count=2, path="sites/root|/_api/web$")
    rehearsal.fault({"expired": "url"}, count=2, path="uploadSession|^/0-")

    graph = client.graph("GET", "sites/root")
    sharepoint = client.send("GET", f"{rehearsal.ready['site']}/_api/web")
    blob = client.send("GET", given.replace("?", "/a?"), token=False)
    upload = client.send("PUT", f"{rehearsal.ready['site']}/_api/v2.0/drives/d/items/i/uploadSession?guid=1&tempauth=1",
                         b"x", token=False)  # fmt: skip

    assert (graph.status, graph.json["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert sharepoint.status == 401
    assert "expired" in sharepoint.headers["www-authenticate"] + sharepoint.headers["x-ms-diagnostics"]
    assert (blob.status, blob.headers["x-ms-error-code"]) == (403, "AuthenticationFailed")
    assert (upload.status, upload.json["error"]["code"]) == (404, "itemNotFound")
    struck = [each["fault"] for each in rehearsal.requests(mark) if each["fault"]]
    assert struck == ["expired token", "expired token", "expired url", "expired url"]
    assert client.graph("GET", "sites/root").status == 200


def test_storage_that_is_busy_says_so_in_xml(client: CertifiedClient, rehearsal: RunningTenant) -> None:
    given = provision(Site(client, rehearsal.ready["site"])).given["DataContainerUri"]
    rehearsal.fault({"status": 503, "retry_after": 3}, host=r"\.blob\.")
    busy = client.send("GET", given.replace("?", "/a?"), token=False)
    assert (busy.status, busy.headers["retry-after"], busy.headers["x-ms-error-code"]) == (503, "3", "ServerBusy")
    assert b"<Code>ServerBusy</Code>" in busy.body
    assert client.send("GET", given.replace("?", "/a?"), token=False).status == 404


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_an_answer_that_is_slow_and_says_no(client: CertifiedClient, rehearsal: RunningTenant, status: int) -> None:
    client.graph("GET", "sites/root")
    rehearsal.fault({"slow": 0.2}, path="sites/root")
    began = time.monotonic()
    assert client.graph("GET", "sites/root").status == 200
    assert time.monotonic() - began > 0.2
    rehearsal.fault({"status": status}, count=2, path="sites/root|/_api/web$")
    answers = [client.graph("GET", "sites/root"), client.send("GET", f"{rehearsal.ready['site']}/_api/web")]
    assert [each.status for each in answers] == [status, status]
    assert rehearsal.faults_left() == 0


def test_a_body_that_drips_and_a_clock_that_jumps(client: CertifiedClient, rehearsal: RunningTenant) -> None:
    client.graph("GET", "sites/root")
    rehearsal.fault({"drip": 0.3}, path="sites/root")
    began = time.monotonic()
    assert client.graph("GET", "sites/root").json["id"]
    assert time.monotonic() - began > 0.25
    before = rehearsal.control.call("GET", "clock")["now"]
    rehearsal.fault({"clock": 7200}, path="sites/root")
    assert client.graph("GET", "sites/root").status == 401
    assert rehearsal.control.call("GET", "clock")["now"] > before


def test_calls_of_a_batch_are_charged_one_by_one(client: CertifiedClient, rehearsal: RunningTenant) -> None:
    calls = [{"id": str(number), "method": "GET", "url": "/sites/root"} for number in range(20)]
    try:
        rehearsal.control.call("POST", "throttle", {"on": ["app-minute"], "band": "0-1000"})
        statuses: list[int] = []
        while 429 not in statuses:
            answers = client.graph("POST", "$batch", {"requests": calls})
            assert answers.status == 200
            statuses += [each["status"] for each in answers.json["responses"]]
        assert statuses.count(200) == 1250
        refused = next(each for each in answers.json["responses"] if each["status"] == 429)
        assert {name.lower() for name in refused["headers"]} >= {"retry-after", "ratelimit-limit"}
    finally:
        rehearsal.control.call("POST", "throttle", {"profile": "open"})
    assert client.graph("GET", "sites/root").status == 200
