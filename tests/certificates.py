"""Certificates for tests: an app's pair of certificate and key in one PEM text, valid when the test needs it."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_key() -> rsa.RSAPrivateKey:
    """A key of the kind that Microsoft Entra takes."""
    return rsa.generate_private_key(65537, 2048)


def certify(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, begins: datetime = TODAY, days: float = 365) -> str:
    """A self-signed certificate for `key`, as PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "spmigrate test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def write_key(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, password: str | None = None) -> str:
    """A private key as PEM, closed by a password where one is given."""
    cover: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        cover = serialization.BestAvailableEncryption(password.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cover).decode()


def make_pem(*, begins: datetime = TODAY, days: float = 365) -> str:
    """A new certificate and its key in one PEM text."""
    key = make_key()
    return certify(key, begins=begins, days=days) + write_key(key)
