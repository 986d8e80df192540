"""Client assertions: an application proves itself by its certificate, and the proof is really checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from spmigrate.rehearsal.clock import write_time
from spmigrate.rehearsal.sign_in_errors import SignInProblem, refuse
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import TokenProblem, decode, split

_LEEWAY = 300
_LAST_SECOND = 253_402_300_799  # the last moment of the year 9999


def check_assertion(assertion: str, app: Entity, tenant: Tenant) -> None:
    """Check signature, certificate, time and addressee; `SignInProblem` as Entra refuses it."""
    try:
        header, body, signature, signed = split(assertion)
    except TokenProblem:
        refuse(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
    certificate = _certificate(header, app)
    now = tenant.clock.seconds()
    if datetime.fromtimestamp(now, UTC) > certificate.not_valid_after_utc:
        _fail("The key used is expired.", certificate)
    _check_signature(certificate, str(header.get("alg")), signature, signed)
    begins, ends = _seconds(body, "nbf", "iat"), _seconds(body, "exp")
    if now > ends + _LEEWAY or now < begins - _LEEWAY:
        refuse(
            401,
            "invalid_client",
            700024,
            "Client assertion is not within its valid time range. Current time:"
            f" {write_time(now)}, assertion valid from {write_time(begins)}, expiry time of assertion"
            f" {write_time(ends)}.",
        )
    if str(body.get("iss", "")).lower() != app.guid or str(body.get("sub", "")).lower() != app.guid:
        refuse(
            401,
            "invalid_client",
            700021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        )
    if not _for_us(str(body.get("aud", "")), tenant):
        refuse(
            401,
            "invalid_client",
            700023,
            f"Client assertion audience claim does not match Realm issuer. The audience was '{body.get('aud')}'.",
        )


def _certificate(header: dict[str, object], app: Entity) -> x509.Certificate:
    digest = _digest(header.get("x5t#S256") or header.get("x5t") or "")
    algorithm = hashes.SHA256() if header.get("x5t#S256") else hashes.SHA1()  # noqa: S303 - x5t is SHA-1 by definition
    for pem in app.props.get("certificates", []):
        certificate = x509.load_pem_x509_certificate(pem.encode())
        if certificate.fingerprint(algorithm) == digest:
            return certificate
    thumb = digest.hex().upper()
    raise SignInProblem(
        401,
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason -"
        f" The key was not found., Thumbprint of key used by client: '{thumb}', Please visit the Azure Portal, Graph"
        f" Explorer or directly use MS Graph to see configured keys for app Id '{app.guid}'.]",
    )


def _digest(value: object) -> bytes:
    try:
        return decode(str(value))
    except ValueError:
        refuse(401, "invalid_client", 50027, "JWT token is invalid or malformed.")


def _seconds(body: dict[str, object], *names: str) -> float:
    """The first of the claims that is there, as a moment that can be written; 0 when none is."""
    value = next((body[name] for name in names if name in body), 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        refuse(401, "invalid_client", 50027, "JWT token is invalid or malformed.")
    return float(value)


def _check_signature(certificate: x509.Certificate, algorithm: str, signature: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        _fail("The key was of the wrong kind.", certificate)
    covers: dict[str, padding.AsymmetricPadding] = {
        "RS256": padding.PKCS1v15(),
        "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO),
    }
    if algorithm not in covers:
        refuse(
            401, "invalid_client", 5002738, f"Invalid JWT token. '{algorithm}' is not an allowed signature algorithm."
        )
    try:
        key.verify(signature, signed, covers[algorithm], hashes.SHA256())
    except InvalidSignature:
        _fail("The signature does not match.", certificate)


def _fail(reason: str, certificate: x509.Certificate) -> NoReturn:
    thumb = certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a thumbprint
    refuse(
        401,
        "invalid_client",
        700027,
        f"Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by"
        f" client: '{thumb}'.]",
    )


def _for_us(audience: str, tenant: Tenant) -> bool:
    names = tenant.names
    places = (names.tenant_id, names.domain, "common", "organizations")
    tails = ("/oauth2/v2.0/token", "/oauth2/token", "/v2.0", "/", "")
    accepted = {f"https://{host}/{place}{tail}" for host in names.sign_in for place in places for tail in tails}
    return audience in accepted
