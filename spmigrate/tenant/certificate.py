"""The app's certificate: read from PEM, checked before the sign-in service is asked."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from spmigrate.errors import AuthError, ConfigError

_MAKE = (
    "make a new one, register its public part with the app, and name it: "
    "export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem"
)


@dataclass(frozen=True, slots=True)
class AppCertificate:
    """A certificate with its private key. Never logged: its repr shows the thumbprint only."""

    certificate_pem: str
    private_key_pem: str
    thumbprint: str
    begins: datetime
    ends: datetime

    def __repr__(self) -> str:
        return f"AppCertificate({self.thumbprint})"

    def check(self, at: datetime) -> None:
        """Raise AuthError when it is out of its time at `at`."""
        if at > self.ends:
            raise AuthError(f"the app's certificate expired on {_day(self.ends)}", hint=_MAKE, code="expired")
        if at < self.begins:
            raise AuthError(
                f"the app's certificate is valid only from {_day(self.begins)}",
                hint="set this machine's clock, or wait until then",
                code="not yet valid",
            )


def read(pem: str, password: str | None = None) -> AppCertificate:
    """The certificate and key of a PEM text. Raises ConfigError saying what is missing or wrong."""
    content = pem.encode()
    try:
        certificate = x509.load_pem_x509_certificate(content)
    except ValueError:
        raise ConfigError("the PEM file holds no certificate", hint="put certificate and key in one file") from None
    key = _key(content, password)
    if key.public_key().public_numbers() != _numbers(certificate):
        raise ConfigError("the private key belongs to another certificate", hint="put the matching pair in one file")
    return AppCertificate(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        private_key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - what the portal shows
        begins=certificate.not_valid_before_utc.astimezone(UTC),
        ends=certificate.not_valid_after_utc.astimezone(UTC),
    )


def _key(content: bytes, password: str | None) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password.encode() if password else None)
    except TypeError:
        said = "has no password" if password else "needs its password"
        hint = "unset SPMIGRATE_CERTIFICATE_PASSWORD" if password else "export SPMIGRATE_CERTIFICATE_PASSWORD"
        raise ConfigError(f"the private key {said}", hint=hint) from None
    except ValueError:
        said = "cannot be opened with this password" if password else "is missing from the PEM file"
        raise ConfigError(f"the private key {said}", hint="check the file and SPMIGRATE_CERTIFICATE_PASSWORD") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigError("the private key is not an RSA key", hint="Microsoft Entra takes RSA keys only")
    return key


def _numbers(certificate: x509.Certificate) -> rsa.RSAPublicNumbers | None:
    key = certificate.public_key()
    return key.public_numbers() if isinstance(key, rsa.RSAPublicKey) else None


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
