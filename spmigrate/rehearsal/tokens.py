"""Access tokens: signed JWTs with what the caller may do, and the check of one that comes back."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.http import Claims, read_json

LIFE = 3600
_CACHE = 2000
_LEEWAY = 300


class TokenProblem(Exception):
    """A token that an API refuses; `code` is Graph's word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class _Checked:
    claims: Claims
    begins: float
    ends: float


class Tokens:
    """Signs tokens with the tenant's key and checks them; checked tokens are remembered."""

    def __init__(self, key_file: Path, clock: Clock, *, tenant_id: str) -> None:
        # The key is our own; checking it anew would be a tenth of the start.
        key = serialization.load_pem_private_key(key_file.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("the token key is not an RSA key")
        self._key = key
        self._public = key.public_key()
        self._clock = clock
        self.issuer = f"https://sts.windows.net/{tenant_id}/"
        self._tenant_id = tenant_id
        numbers = self._public.public_numbers()
        self._modulus, self._exponent = numbers.n, numbers.e
        self.key_id = encode(hashlib.sha256(str(numbers.n).encode()).digest()[:20])
        self._known: dict[str, _Checked] = {}

    def keys(self) -> dict[str, Any]:
        """The public key as JWKS."""
        size = (self._modulus.bit_length() + 7) // 8
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "kid": self.key_id,
                    "x5t": self.key_id,
                    "n": encode(self._modulus.to_bytes(size, "big")),
                    "e": encode(self._exponent.to_bytes(3, "big")),
                    "issuer": self.issuer,
                }
            ]
        }

    def sign(self, claims: Mapping[str, Any], *, life: int = LIFE) -> str:
        """A token with these claims besides the usual ones; `life` in seconds."""
        now = int(self._clock.seconds())
        usual = {"iss": self.issuer, "iat": now, "nbf": now, "exp": now + life, "tid": self._tenant_id}
        header = {"typ": "JWT", "alg": "RS256", "kid": self.key_id, "x5t": self.key_id}
        body = {**usual, "ver": "1.0", "uti": uuid.uuid4().hex[:22], **claims}
        signed = f"{encode(_dump(header))}.{encode(_dump(body))}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{encode(signature)}"

    def check(self, token: str) -> Claims:
        """Who a token speaks for; `TokenProblem` when it is forged, foreign, or out of its time."""
        known = self._known.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._known) >= _CACHE:
                self._known.clear()
            self._known[token] = known
        now = self._clock.seconds()
        if now > known.ends:
            raise TokenProblem("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
        if now < known.begins - _LEEWAY:
            raise TokenProblem("InvalidAuthenticationToken", "Lifetime validation failed, the token is not yet valid.")
        return known.claims

    def _verify(self, token: str) -> _Checked:
        header, body, signature, signed = split(token)
        if header.get("alg") != "RS256" or header.get("kid") != self.key_id:
            raise TokenProblem("InvalidAuthenticationToken", "Signing key is invalid.")
        try:
            self._public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            raise TokenProblem(
                "InvalidAuthenticationToken", "Access token validation failure. Invalid signature."
            ) from None
        claims = Claims(
            app_id=str(body.get("appid", "")),
            app_name=str(body.get("app_displayname", "")),
            object_id=str(body.get("oid", "")),
            audience=str(body.get("aud", "")),
            roles=frozenset(body.get("roles", ())),
            scopes=frozenset(str(body.get("scp", "")).split()),
            user=str(body.get("upn", "")),
            by_certificate=body.get("appidacr") == "2" or "identityprovider" in body,
        )
        return _Checked(claims, float(body["nbf"]), float(body["exp"]))


def split(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """A JWT's header, body, signature and signed bytes; `TokenProblem` when it is not a JWT."""
    parts = token.split(".")
    try:
        header, body = (read_json(decode(part)) for part in parts[:2])
        signature = decode(parts[2])
    except (ValueError, IndexError):
        raise TokenProblem(
            "InvalidAuthenticationToken", "IDX14100: JWT is not well formed, there are no dots (.)."
        ) from None
    if len(parts) != 3 or not isinstance(header, dict) or not isinstance(body, dict):
        raise TokenProblem("InvalidAuthenticationToken", "CompactToken parsing failed.")
    return header, body, signature, f"{parts[0]}.{parts[1]}".encode()


def encode(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url, padded or not."""
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _dump(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
