"""The tenant's own certificate authority, its server certificate, and the rehearsal application's certificate."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS = 3650
_LEAF_DAYS = 800
_RENEW_DAYS = 30
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the key material lies; private keys have mode 0600."""

    authority: Path
    server: Path
    app: Path
    app_pfx: Path
    pfx_password: str
    token_key: Path

    def app_certificate(self) -> x509.Certificate:
        """The rehearsal application's certificate."""
        return x509.load_pem_x509_certificate(self.app.read_bytes())


def thumbprint(certificate: x509.Certificate) -> str:
    """The SHA-1 thumbprint, upper-case hex, as the portal shows it."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - that is what a thumbprint is


def ensure_certificates(folder: Path, hosts: list[str]) -> Certificates:
    """Make what is missing or about to expire in a folder; keep the rest."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = folder / "app.pfx.password"
    if not password.exists():
        _write_private(password, secrets.token_urlsafe(12).encode())
    found = Certificates(
        authority=folder / "ca.pem",
        server=folder / "server.pem",
        app=folder / "app.pem",
        app_pfx=folder / "app.pfx",
        pfx_password=password.read_text(),
        token_key=folder / "token-key.pem",
    )
    now = datetime.now(UTC)
    if not found.token_key.exists():
        _write_private(found.token_key, _key_bytes(rsa.generate_private_key(65537, 2048)))
    if not found.authority.exists():
        _make_authority(folder, now)
    names = "\n".join(hosts)
    mark = folder / "server.names"
    digest = hashlib.sha256(names.encode()).hexdigest()
    if not mark.exists() or mark.read_text() != digest or _expires_soon(found.server, now):
        _make_server(folder, found.server, hosts, now)
        mark.write_text(digest)
    if not found.app.exists():
        _make_app(found, now)
    return found


def _make_authority(folder: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Rehearsal tenant certificate authority")
    certificate = (
        _builder(name, name, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_private(folder / "ca-key.pem", _key_bytes(key))
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(folder: Path, path: Path, hosts: list[str], now: datetime) -> None:
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    signer = serialization.load_pem_private_key((folder / "ca-key.pem").read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError("the certificate authority's key is of another kind")
    key = ec.generate_private_key(ec.SECP256R1())
    names = [_general_name(host) for host in dict.fromkeys([*hosts, "localhost", "127.0.0.1"])]
    certificate = (
        _builder(_name("contoso.sharepoint.com"), authority.subject, key.public_key(), now, _LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write_private(path, certificate.public_bytes(serialization.Encoding.PEM) + _key_bytes(key))


def _make_app(found: Certificates, now: datetime) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = _name("spmigrate rehearsal application")
    certificate = _builder(name, name, key.public_key(), now, _LEAF_DAYS).sign(key, hashes.SHA256())
    _write_private(found.app, _key_bytes(key) + certificate.public_bytes(serialization.Encoding.PEM))
    cover = serialization.BestAvailableEncryption(found.pfx_password.encode())
    _write_private(found.app_pfx, pkcs12.serialize_key_and_certificates(b"app", key, certificate, None, cover))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _expires_soon(path: Path, now: datetime) -> bool:
    if not path.exists():
        return True
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc < now + timedelta(days=_RENEW_DAYS)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _key_bytes(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=_PRIVATE)
    path.chmod(_PRIVATE)
    path.write_bytes(content)
