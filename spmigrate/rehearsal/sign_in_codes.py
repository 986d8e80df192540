"""Device codes and authorization codes: given out, waited for, redeemed once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.sign_in_errors import refuse
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

# Entra's own: 15 minutes for a device code, asked for every 5 seconds; 10 minutes for an authorization code
# (learn.microsoft.com/entra/identity-platform: v2-oauth2-device-code, v2-oauth2-auth-code-flow).
DEVICE_SECONDS = 900
POLL_SECONDS = 5
_CODE_SECONDS = 600
# No vowels and no letters that look alike, as the service's user codes.
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asked an authorization code for."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str = ""
    challenge: str = ""
    method: str = "plain"


class Codes:
    """The codes of a tenant, kept as entities of the kinds `devicecode` and `authcode`."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def give_device_code(self, client_id: str, scope: str) -> dict[str, Any]:
        """A device code and the user code that a person types for it."""
        user_code = "".join(secrets.choice(_LETTERS) for _ in range(9))
        device_code = secrets.token_urlsafe(60)
        self._keep("devicecode", user_code, {"digest": _digest(device_code), "client": client_id, "scope": scope},
                   life=DEVICE_SECONDS)  # fmt: skip
        return {"user_code": user_code, "device_code": device_code}

    def waiting_device(self, user_code: str) -> Entity | None:
        """The device code that waits under a user code, in any case; None when there is none that could be approved."""
        found = self._tenant.store.find("devicecode", 0, user_code.strip().upper())
        if found is None or self._ended(found) or found.props.get("user"):
            return None
        return found

    def approve_device(self, code: Entity, user: Entity) -> None:
        """A person has signed in for a device code."""
        with self._tenant.store.transaction():
            self._tenant.store.update(code, {"user": user.guid}, at=self._tenant.clock.iso())

    def redeem_device_code(self, device_code: str, client_id: str) -> tuple[str, str]:
        """The person who signed in for a device code, and its scope; refuses until somebody has."""
        digest = _digest(device_code)
        found = next((each for each in self._tenant.store.every("devicecode") if each.props["digest"] == digest), None)
        if found is None or found.props["client"] != client_id:
            refuse(400, "bad_verification_code", 70018,
                   "The verification code has been redeemed, or is not one that was given out.")  # fmt: skip
        if self._ended(found):
            refuse(400, "expired_token", 70020,
                   "The provided value for the input parameter 'device_code' is not valid."
                   " This device code has expired.")  # fmt: skip
        if not found.props.get("user"):
            refuse(400, "authorization_pending", 70016,
                   "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")  # fmt: skip
        with self._tenant.store.transaction():
            self._tenant.store.delete(found)
        return str(found.props["user"]), str(found.props["scope"])

    def give_code(self, asked: Asked, user: Entity) -> str:
        """An authorization code for a person who has signed in."""
        code = "1." + secrets.token_urlsafe(96)
        props = {
            "client": asked.client_id,
            "redirect": asked.redirect_uri,
            "scope": asked.scope,
            "nonce": asked.nonce,
            "challenge": asked.challenge,
            "method": asked.method,
            "user": user.guid,
        }
        self._keep("authcode", _digest(code), props, life=_CODE_SECONDS)
        return code

    def redeem_code(self, form: Mapping[str, str], client_id: str) -> Mapping[str, Any]:
        """What an authorization code was given for; refuses a second use, another reply address, a wrong verifier."""
        found = self._tenant.store.find("authcode", 0, _digest(form.get("code", "")))
        if found is None or found.props["client"] != client_id:
            refuse(400, "invalid_grant", 70000, "The provided authorization code is not valid.")
        if found.props.get("used"):
            refuse(400, "invalid_grant", 54005,
                   "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an"
                   " existing refresh token.")  # fmt: skip
        if self._ended(found):
            refuse(400, "invalid_grant", 70008,
                   "The provided authorization code or refresh token has expired due to inactivity."
                   " Send a new interactive authorization request for this user and resource.")  # fmt: skip
        if form.get("redirect_uri", "") != found.props["redirect"]:
            refuse(400, "invalid_client", 500112,
                   f"The reply address '{form.get('redirect_uri', '')}' does not match the reply address"
                   f" '{found.props['redirect']}' provided when requesting Authorization code.")  # fmt: skip
        _check_verifier(found.props, form.get("code_verifier", ""))
        with self._tenant.store.transaction():
            self._tenant.store.update(found, {"used": True}, at=self._tenant.clock.iso())
        return found.props

    def _keep(self, kind: str, name: str, props: dict[str, Any], *, life: float) -> None:
        store, now = self._tenant.store, self._tenant.clock.seconds()
        with store.transaction():
            for old in store.every(kind):
                if self._ended(old):
                    store.delete(old)
            store.insert(kind, name, at=self._tenant.clock.iso(), props={**props, "ends": now + life})

    def _ended(self, code: Entity) -> bool:
        return float(code.props["ends"]) < self._tenant.clock.seconds()


def _check_verifier(props: Mapping[str, Any], verifier: str) -> None:
    challenge = props.get("challenge", "")
    if not challenge:
        return
    if not verifier:
        refuse(400, "invalid_grant", 50148, "The code_verifier does not match the code_challenge supplied in the"
                                            " authorization request for PKCE.")  # fmt: skip
    given = verifier
    if props["method"] == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        given = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not secrets.compare_digest(given.encode(), challenge.encode()):
        refuse(400, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in the"
                                             " authorization request.")  # fmt: skip


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
