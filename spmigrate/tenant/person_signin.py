"""A person signs in, so that an act of theirs can be proved: in a browser, or with a code where that is allowed.

Nothing is done in their name: of the tokens only who they are, when they signed in, and a digest are kept.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msal

from spmigrate.config import TenantSettings
from spmigrate.errors import AuthError
from spmigrate.tenant import shared_document
from spmigrate.tenant.network import Network
from spmigrate.tenant.pacing import Gate, Patience, Retries
from spmigrate.tenant.sender import Sender
from spmigrate.tenant.session import Tenant, user_agent
from spmigrate.tenant.signin import LOGIN, HttpClient, refusal

_SCOPES = ["User.Read"]
_PATIENCE_SECONDS = 300
"""How long somebody may take to sign in; a device code lasts a quarter of an hour, which nobody should need."""

Show = Callable[[str], None]
"""Tells the person what to do: where to go, and which code to type."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: their sign-in name, their id in the directory, when (ISO 8601, UTC), and the SHA-256 of the
    identity token, which the sign-in service signed."""

    login: str
    account_id: str
    at: str
    proof: str


def by_browser(settings: TenantSettings, *, login: str, show: Show) -> SignedIn:
    """Let the person with this sign-in name sign in in a browser on this machine. Raises AuthError with a hint.

    The app needs the redirect address `http://localhost` as a mobile and desktop application.
    """

    def ask(app: Any) -> Any:
        return app.acquire_token_interactive(
            _SCOPES, login_hint=login, prompt="login", timeout=_PATIENCE_SECONDS,
            auth_uri_callback=lambda address: show(f"no browser opened; open this address: {address}"),
        )  # fmt: skip

    show(f"sign in as {login} in the browser that opens now")
    return _person(settings, ask)


def by_code(settings: TenantSettings, *, show: Show) -> SignedIn:
    """Let a person sign in on any device with a code. Raises AuthError with a hint: many tenants forbid it."""

    def ask(app: Any) -> Any:
        flow = app.initiate_device_flow(_SCOPES)
        if "user_code" not in flow:
            return flow
        show(str(flow["message"]))
        return app.acquire_token_by_device_flow(flow)

    return _person(settings, ask)


def check_account(tenant: Tenant, found: SignedIn, login: str) -> None:
    """Raises AuthError unless who signed in is the account of the directory that has this sign-in name.

    A name in a token is for people: a guest may bring any name from home. The id is what Microsoft says to go by.
    """
    if found.login.casefold() != login.casefold() or found.account_id != shared_document.account_id(tenant, login):
        raise AuthError(
            f"{found.login} ({found.account_id}) signed in, and not the account {login} of the directory",
            hint="sign in with the account that people.yaml gives this role; guests and second accounts do not count",
        )


def _person(settings: TenantSettings, ask: Callable[[Any], Any]) -> SignedIn:
    network = Network(agent=user_agent(settings.name), address=settings.address, ca=settings.ca, workers=1)
    patience = Patience()
    try:
        app = msal.PublicClientApplication(
            settings.client_id,
            authority=f"{LOGIN}/{settings.tenant_id}",
            http_client=HttpClient(Sender(network, Gate(sleep=patience.pause), Retries(), patience)),
            instance_discovery=False,
        )
        return _signed_in(settings, ask(app))
    finally:
        network.close()


def _signed_in(settings: TenantSettings, answer: Any) -> SignedIn:
    if "id_token" not in answer:
        raise refusal(answer)
    claims = answer["id_token_claims"]
    if str(claims.get("tid", "")).casefold() != settings.tenant_id.casefold():
        raise AuthError("that account belongs to another tenant", hint="sign in with the council's own account")
    return SignedIn(
        login=str(claims.get("preferred_username") or ""),
        account_id=str(claims["oid"]),
        at=datetime.fromtimestamp(int(claims["iat"]), UTC).isoformat(timespec="seconds"),
        proof=hashlib.sha256(str(answer["id_token"]).encode()).hexdigest(),
    )
