"""Who reads a file server: a name and password, or Kerberos. Never from the command line, never shown."""

import importlib.util
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spmigrate.errors import ConfigError

_HINT = (
    "export SPMIGRATE_SMB_USER and SPMIGRATE_SMB_PASSWORD, name a file of mode 0600 in SPMIGRATE_SMB_CREDENTIALS, or"
    " use Kerberos: kinit, or export KRB5_CLIENT_KTNAME=/path/to/keytab"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account. Without a password it is Kerberos: the ticket cache, or the keytab of KRB5_CLIENT_KTNAME."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def mechanism(self) -> str:
        """What signs in: with a password whatever both sides have, without one only Kerberos can."""
        return "negotiate" if self.password is not None else "kerberos"


def find(environment: Mapping[str, str] | None = None) -> Credentials:
    """The account that the environment names. Raises ConfigError when it names none that could work."""
    settings = os.environ if environment is None else environment
    user, password = settings.get("SPMIGRATE_SMB_USER"), settings.get("SPMIGRATE_SMB_PASSWORD")
    named = settings.get("SPMIGRATE_SMB_CREDENTIALS")
    if password is not None and not user:
        raise ConfigError("SPMIGRATE_SMB_PASSWORD is set, SPMIGRATE_SMB_USER is not", hint=_HINT)
    if user and password is not None:
        return Credentials(user, password)
    if named:
        return _from_file(Path(named))
    if not _has_kerberos():
        raise ConfigError(
            "no account is named that may read the file server, and Kerberos is not installed here",
            hint=f"{_HINT} (which needs: pip install 'spmigrate[kerberos]')",
        )
    return Credentials(user)


def _has_kerberos() -> bool:
    needed = ("sspilib",) if os.name == "nt" else ("gssapi", "krb5")
    return all(importlib.util.find_spec(name) is not None for name in needed)


def _from_file(path: Path) -> Credentials:
    """Lines `username=`, `password=` and `domain=`, as mount.cifs reads them."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"others can read {path}", hint=f"chmod 600 {path}")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(f"{path} cannot be read: {said.lower()}", hint="check SPMIGRATE_SMB_CREDENTIALS") from None
    found = {
        key.strip().lower(): value
        for key, equals, value in (line.partition("=") for line in text.splitlines())
        if equals and not key.lstrip().startswith("#")
    }
    user, password = found.get("username", "").strip(), found.get("password")
    if not user or password is None:
        raise ConfigError(f"{path} lacks a line username= or password=", hint="write both, one a line")
    domain = found.get("domain", "").strip()
    return Credentials(f"{domain}\\{user}" if domain else user, password)
