"""What each answer of Microsoft 365 means for the work."""

import json
import ssl
from typing import Any

import pytest
import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from spmigrate import errors
from spmigrate.tenant.translate import Answer, failure, lost, name_request, never_sent, retry_after

WHAT = "POST contoso.sharepoint.com/sites/x/_api/web/lists"


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()}), content)


def sharepoint(code: str, text: str, *, key: str = "error") -> dict[str, Any]:
    return {key: {"code": code, "message": {"lang": "en-US", "value": text}}}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_no_error(status: int) -> None:
    assert failure(answer(status), WHAT) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.Refused), (400, errors.Refused), (401, errors.AccessDenied), (403, errors.AccessDenied),
        (404, errors.NotFound), (408, errors.Unavailable), (409, errors.Conflict), (410, errors.NotFound),
        (412, errors.Conflict), (413, errors.Refused), (416, errors.Refused), (423, errors.Conflict),
        (500, errors.Unavailable), (501, errors.Refused), (502, errors.Unavailable), (503, errors.Unavailable),
        (504, errors.Unavailable), (507, errors.OutOfStorage), (599, errors.Unavailable),
    ],
)  # fmt: skip
def test_status_alone_decides_when_nothing_else_is_said(status: int, kind: type[errors.TenantError]) -> None:
    error = failure(answer(status), WHAT)
    assert type(error) is kind
    assert error.status == status


@pytest.mark.parametrize(
    ("status", "code", "text", "kind"),
    [
        (500, "-2130575342, Microsoft.SharePoint.SPException", "A list with this title", errors.Conflict),
        (500, "-2146232832, Microsoft.SharePoint.SPException",
         'A duplicate field name "X" was found', errors.Conflict),
        (500, "183, Microsoft.SharePoint.SPException", "x", errors.Conflict),
        (500, "-2130575293, Microsoft.SharePoint.SPException", "x", errors.Conflict),
        (400, "-2130575257, Microsoft.SharePoint.SPException", "x", errors.Conflict),
        (400, "-2146232832, Microsoft.SharePoint.SPException",
         "The specified user a@b.example could not be found.", errors.NotFound),
        (404, "-1, System.ArgumentException", "List 'x' does not exist at site with URL 'y'.", errors.NotFound),
        (400, "-2147024809, System.ArgumentException", "Value does not fall in the range.", errors.Refused),
        (500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException", "threshold", errors.Refused),
        (500, "-1, System.Exception", "An unspecified error has occurred.", errors.Unavailable),
        (403, "-2147024891, System.UnauthorizedAccessException", "Access denied.", errors.AccessDenied),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["error", "odata.error"])
def test_sharepoint_codes_say_more_than_the_status(
    status: int, code: str, text: str, kind: type[errors.TenantError], key: str
) -> None:
    error = failure(answer(status, sharepoint(code, text, key=key), SPRequestGuid="abc"), WHAT)
    assert type(error) is kind
    assert (error.code, error.request_id) == (code, "abc")
    assert text in error.message


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (409, "nameAlreadyExists", errors.Conflict), (404, "itemNotFound", errors.NotFound),
        (400, "invalidRequest", errors.Refused), (403, "Authorization_RequestDenied", errors.AccessDenied),
        (403, "quotaLimitReached", errors.OutOfStorage), (404, "Request_ResourceNotFound", errors.NotFound),
    ],
)  # fmt: skip
def test_graph_errors(status: int, code: str, kind: type[errors.TenantError]) -> None:
    body = {"error": {"code": code, "message": "said so", "innerError": {}}}
    error = failure(answer(status, body, request_id="r1"), WHAT)
    assert type(error) is kind
    assert (error.code, error.request_id) == (code, "r1")


def test_throttled_carries_the_wait() -> None:
    error = failure(answer(429, Retry_After="17"), WHAT)
    assert isinstance(error, errors.Throttled)
    assert error.retry_after == 17


def test_busy_service_that_names_a_wait_is_throttling() -> None:
    assert isinstance(failure(answer(503, Retry_After="3"), WHAT), errors.Throttled)


def test_throttling_without_a_wait_still_waits() -> None:
    error = failure(answer(429), WHAT)
    assert isinstance(error, errors.Throttled)
    assert error.retry_after > 0


def test_larger_of_the_two_waits_counts() -> None:
    assert retry_after({"Retry-After": "5", "RateLimit-Reset": "31"}) == 31


def test_wait_as_a_date_is_measured_from_the_answers_own_date() -> None:
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:20 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert retry_after(headers) == 20


@pytest.mark.parametrize("value", ["soon", "", "Wed, 99 Oct"])
def test_unreadable_wait_is_a_wait_all_the_same(value: str) -> None:
    assert (retry_after({"Retry-After": value}) or 0) > 0


def test_secret_token_refused_by_sharepoint_is_explained() -> None:
    error = failure(answer(401, {"error_description": "Unsupported app only token."}), WHAT)
    assert isinstance(error, errors.AuthError)
    assert "certificate" in str(error.hint)


def test_html_is_not_repeated() -> None:
    error = failure(answer(500, b"<html><body>Oops</body></html>"), WHAT)
    assert error is not None
    assert "<" not in error.message


def test_message_names_no_query_and_no_token() -> None:
    name = name_request("GET", "https://contoso.sharepoint.com/_api/web?tempauth=secret1&x=1")
    error = failure(answer(400, {"error": {"code": "x", "message": "bad tempauth=secret2 eyJa.b.c here"}}), name)
    assert error is not None
    assert "secret" not in error.message
    assert "eyJ" not in error.message
    assert "contoso.sharepoint.com/_api/web" in error.message


def test_upload_address_is_named_by_its_host_alone() -> None:
    assert name_request("PUT", "https://x.example/up/KEY?sig=1", secret=True) == "PUT x.example"


def _refused_connection() -> requests.ConnectionError:
    pool = urllib3.HTTPSConnectionPool("h.example")
    new = urllib3.exceptions.NewConnectionError(pool, "refused")
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/", new))


def test_refused_connection_was_never_sent() -> None:
    assert never_sent(_refused_connection())
    assert "cannot be reached" in lost(_refused_connection(), "GET h.example/x").message


def test_reset_connection_may_have_been_sent() -> None:
    error = requests.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError(104, "reset")))
    assert not never_sent(error)
    assert isinstance(lost(error, "GET h.example/x"), errors.Unavailable)


def test_late_answer_is_unavailable_and_may_have_been_sent() -> None:
    error = requests.ReadTimeout("slow")
    assert not never_sent(error)
    assert "in time" in lost(error, "GET h.example/x").message


def test_untrusted_certificate_stops_the_run() -> None:
    bad = ssl.SSLCertVerificationError(1, "self-signed certificate in certificate chain")
    error = lost(requests.exceptions.SSLError(urllib3.exceptions.SSLError(bad)), "GET h.example/x")
    assert error.fatal
    assert "REQUESTS_CA_BUNDLE" in str(error.hint)


def test_handshake_that_breaks_off_is_tried_again() -> None:
    broken = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
    assert lost(requests.exceptions.SSLError(urllib3.exceptions.SSLError(broken)), "GET h.example/x").transient
