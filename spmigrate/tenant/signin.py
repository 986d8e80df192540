"""Signing in as the app: one token for each audience, renewed before it ends, whatever thread asks."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msal
import requests

from spmigrate import log
from spmigrate.config import TenantSettings
from spmigrate.errors import AuthError
from spmigrate.tenant import certificate
from spmigrate.tenant.sender import Request, Sender

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com"
_MARGIN = 300.0
"""Seconds before its end at which a token is renewed: the longest request fits in."""

_REGISTER = "upload its public part in Microsoft Entra: App registrations, the app, Certificates & secrets"
_HINTS: Mapping[str, str] = {
    "AADSTS90002": "check 'tenant id' in spmigrate.yaml: no such tenant exists",
    "AADSTS900021": "check 'tenant id' in spmigrate.yaml",
    "AADSTS900023": "check 'tenant id' in spmigrate.yaml: it is not a tenant's id",
    "AADSTS700016": "check 'client id' and 'tenant id' in spmigrate.yaml: the app is not registered in this tenant",
    "AADSTS7000112": "the app is disabled: enable it in Microsoft Entra, Enterprise applications",
    "AADSTS700027": f"the app does not know this certificate, or it has expired: {_REGISTER}",
    "AADSTS7000214": f"the app does not know this certificate: {_REGISTER}",
    "AADSTS700024": "set this machine's clock: it differs from Microsoft's by more than a few minutes",
    "AADSTS7000215": "check SPMIGRATE_CLIENT_SECRET: it is wrong (take the secret's value, not its id)",
    "AADSTS7000222": "the client secret has expired: use a certificate instead",
    "AADSTS500011": "check 'sharepoint' in spmigrate.yaml: this tenant has no such address",
    "AADSTS65001": "an administrator must consent to the app's permissions in Microsoft Entra",
    "AADSTS7000218": "let people sign in to this app: Microsoft Entra, App registrations, the app, Authentication, and "
    "there the platform Mobile and desktop applications with http://localhost, and Allow public client flows",
    "AADSTS50011": "add http://localhost to the app's redirect addresses for Mobile and desktop applications",
    "AADSTS50105": "assign the person to the app in Microsoft Entra, Enterprise applications",
    "AADSTS50126": "sign in again: the name or the password was wrong",
    "AADSTS53003": "a conditional access policy stops the app: ask the identity team for an exception",
}
"""What a platform engineer does about each refusal of the sign-in service."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    renew_at: float


class SignIn:
    """The app's sign-in to one tenant. Safe to share between threads."""

    def __init__(
        self,
        settings: TenantSettings,
        sender: Sender,
        *,
        now: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._http = HttpClient(sender)
        self._now = now
        self._today = today
        self._tokens: dict[str, _Token] = {}
        self._app: Any = None
        self._lock = threading.Lock()

    def token(self, audience: str) -> str:
        """An access token for `https://graph.microsoft.com` or a SharePoint root. Raises AuthError with a hint."""
        found = self._tokens.get(audience)
        if found and self._now() < found.renew_at:
            return found.value
        with self._lock:
            found = self._tokens.get(audience)
            if not found or self._now() >= found.renew_at:
                found = self._acquire(audience)
                self._tokens[audience] = found
            return found.value

    def forget(self, audience: str, token: str) -> None:
        """Drop a token that the service refused, unless another thread has renewed it already."""
        with self._lock:
            found = self._tokens.get(audience)
            if found and found.value == token:
                del self._tokens[audience]

    def _acquire(self, audience: str) -> _Token:
        if self._settings.credential.secret and audience != GRAPH:
            raise AuthError(
                "SharePoint refuses an app that signs in with a secret",
                hint="use a certificate: export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem",
            )
        self._app = self._app or self._build()
        self._app.remove_tokens_for_client()  # we are the one who remembers tokens
        answer: dict[str, Any] = self._app.acquire_token_for_client([f"{audience}/.default"])
        if "access_token" not in answer:
            raise refusal(answer)
        life = float(answer.get("expires_in", 0))
        log.logger().info("token.obtained", audience=audience, seconds=life)
        return _Token(answer["access_token"], self._now() + max(life - _MARGIN, life / 2))

    def _build(self) -> Any:
        credential = self._settings.credential
        proof: Any = credential.secret
        if credential.certificate_pem:
            pair = certificate.read(credential.certificate_pem, credential.password)
            pair.check(self._today())
            proof = {"private_key": pair.private_key_pem, "public_certificate": pair.certificate_pem}
        try:
            return msal.ConfidentialClientApplication(
                self._settings.client_id,
                client_credential=proof,
                authority=f"{LOGIN}/{self._settings.tenant_id}",
                http_client=self._http,
                instance_discovery=False,
            )
        except ValueError as error:
            # msal turns every refusal to describe the tenant into a ValueError.
            code = _code(str(error)) or "AADSTS90002"
            raise AuthError(
                f"there is no tenant {self._settings.tenant_id}",
                hint=_HINTS.get(code, _HINTS["AADSTS90002"]),
                code=code,
            ) from None


def refusal(answer: Mapping[str, Any]) -> AuthError:
    """The error for an answer without a token."""
    text = str(answer.get("error_description") or answer.get("error") or "the sign-in service gave no reason")
    first = log.hide(re.split(r"\s*(?:\r?\n|Trace ID:)", text)[0])
    code = _code(text)
    hint = _HINTS.get(code, f"look up {code or answer.get('error')} in Microsoft's list of sign-in errors")
    return AuthError(
        f"sign-in failed: {first}", hint=hint, code=code, request_id=str(answer.get("correlation_id") or "")
    )


def _code(text: str) -> str:
    found = re.search(r"AADSTS\d+", text)
    return found.group() if found else ""


class HttpClient:
    """The form of HTTP client that msal asks for, over the product's own sender."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self, url: str, *, params: Any = None, headers: Any = None, **_options: Any) -> requests.Response:
        """GET as msal calls it."""
        return self._sender.exchange(Request("GET", _with(url, params), headers or {}))

    def post(
        self, url: str, *, params: Any = None, data: Any = None, headers: Any = None, **_options: Any
    ) -> requests.Response:
        """POST of a form as msal calls it. Asking for a token twice gives two tokens and harms nothing."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._sender.exchange(Request("POST", _with(url, params), sent, urlencode(data or {}), repeatable=True))

    def close(self) -> None:
        """Nothing of its own to close."""


def _with(url: str, params: Mapping[str, Any] | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url
