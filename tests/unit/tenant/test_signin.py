"""Signing in: tokens kept and renewed, refusals turned into what a platform engineer can do."""

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from spmigrate.config import Credential, TenantSettings
from spmigrate.errors import AuthError
from spmigrate.tenant.sender import Request
from spmigrate.tenant.signin import GRAPH, SignIn, refusal
from tests.certificates import TODAY, make_pem
from tests.unit.tenant.test_pacing import Time

SITES = "https://contoso.sharepoint.com"
LOGIN = "https://login.microsoftonline.com/tid"
PEM = make_pem()


class EntraId:
    """The sign-in service: describes the tenant and gives numbered tokens, or what a test wants."""

    def __init__(self, answer: dict[str, Any] | None = None, *, tenant: bool = True) -> None:
        self.asked: list[str] = []
        self.answer = answer
        self.tenant = tenant

    def exchange(self, request: Request) -> requests.Response:
        response = requests.Response()
        response.status_code = 200
        body: dict[str, Any] = {"authorization_endpoint": f"{LOGIN}/authorize", "token_endpoint": f"{LOGIN}/token"}
        if request.method == "POST":
            self.asked.append(str(request.body))
            response.status_code = 400 if self.answer else 200
            body = self.answer or {"access_token": f"t{len(self.asked)}", "token_type": "Bearer", "expires_in": 3600}
        elif not self.tenant:
            response.status_code = 400
            body = {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 'tid' not found."}
        response._content = json.dumps(body).encode()
        return response


def sign_in(service: EntraId, time: Time | None = None, credential: Credential | None = None, days: int = 1) -> SignIn:
    credential = credential or Credential(certificate_pem=PEM)
    settings = TenantSettings("contoso", "tid", SITES, "app", credential)
    now = (time or Time()).now
    return SignIn(settings, service, now=now, today=lambda: TODAY + timedelta(days=days))


def test_token_is_kept_for_its_audience() -> None:
    service = EntraId()
    one = sign_in(service)
    assert [one.token(GRAPH), one.token(SITES), one.token(GRAPH), one.token(SITES)] == ["t1", "t2", "t1", "t2"]
    assert "graph.microsoft.com%2F.default" in service.asked[0]
    assert "contoso.sharepoint.com%2F.default" in service.asked[1]


def test_token_is_renewed_before_it_ends() -> None:
    time = Time()
    one = sign_in(EntraId(), time)
    assert one.token(GRAPH) == "t1"
    time.at = 3600 - 301
    assert one.token(GRAPH) == "t1"
    time.at = 3600 - 299
    assert one.token(GRAPH) == "t2"


def test_refused_token_is_renewed_once_for_all_threads() -> None:
    one = sign_in(EntraId())
    assert one.token(GRAPH) == "t1"
    one.forget(GRAPH, "t1")
    assert one.token(GRAPH) == "t2"
    one.forget(GRAPH, "t1")  # another thread, late
    assert one.token(GRAPH) == "t2"


def test_expired_certificate_is_found_without_asking() -> None:
    service = EntraId()
    with pytest.raises(AuthError, match="expired"):
        sign_in(service, days=400).token(GRAPH)
    assert service.asked == []


def test_wrong_tenant_points_to_its_setting() -> None:
    with pytest.raises(AuthError, match="no tenant tid") as raised:
        sign_in(EntraId(tenant=False)).token(GRAPH)
    assert "tenant id" in str(raised.value.hint)
    assert raised.value.code == "AADSTS90002"


def test_secret_is_not_tried_on_sharepoint() -> None:
    service = EntraId()
    one = sign_in(service, credential=Credential(secret="s"))
    with pytest.raises(AuthError, match="secret"):
        one.token(SITES)
    assert service.asked == []
    assert one.token(GRAPH) == "t1"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AADSTS700016", "client id"), ("AADSTS700027", "upload its public part"), ("AADSTS700024", "clock"),
        ("AADSTS7000215", "SPMIGRATE_CLIENT_SECRET"), ("AADSTS7000222", "expired"), ("AADSTS500011", "sharepoint"),
        ("AADSTS7000112", "disabled"), ("AADSTS65001", "consent"), ("AADSTS99999999", "AADSTS99999999"),
    ],
)  # fmt: skip
def test_refusal_says_what_to_do(code: str, said: str) -> None:
    text = f"{code}: Something is wrong with 'x'.\r\nTrace ID: 1\r\nCorrelation ID: 2\r\nTimestamp: 3"
    answer = {"error": "invalid_client", "error_description": text, "correlation_id": "c2"}
    with pytest.raises(AuthError) as raised:
        sign_in(EntraId(answer)).token(GRAPH)
    error = raised.value
    assert said in str(error.hint)
    assert (error.code, error.request_id) == (code, "c2")
    assert error.message == f"sign-in failed: {code}: Something is wrong with 'x'."


def test_refusal_without_words_is_still_an_error() -> None:
    assert refusal({}).message


def test_repr_of_a_credential_hides_it() -> None:
    assert "BEGIN" not in repr(Credential(certificate_pem=PEM))
