"""Names, secrets and keys of one state folder: made once, kept for ever, mode 0600."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from spmigrate.rehearsal.certificates import Certificates, ensure_certificates
from spmigrate.rehearsal.tenant import Names

CLIENT_ID = "7d1e2f60-5c3b-4b8e-9d57-2f6a1c0e4b93"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The rehearsal application's secret, the password of all users, the token of the control calls."""

    client_secret: str
    password: str
    control_token: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything secret about a state folder, and where the key material lies."""

    folder: Path
    secrets: Secrets
    certificates: Certificates
    control_token_file: Path


def ensure_identity(folder: Path, names: Names, *, address: str = "127.0.0.1") -> Identity:
    """Read a state folder's identity, made at first use; the certificate also names the `address` listened on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "secrets.json"
    if not file.exists():
        made = Secrets(secrets.token_urlsafe(30), f"Rehearsal-{secrets.token_urlsafe(9)}", secrets.token_urlsafe(32))
        write_private(file, json.dumps(asdict(made)))
    found = Secrets(**json.loads(file.read_text(encoding="utf-8")))
    token_file = folder / "control.token"
    if not token_file.exists():
        write_private(token_file, found.control_token)
    certificates = ensure_certificates(folder / "certificates", [*host_names(names), address])
    return Identity(folder, found, certificates, token_file)


def host_names(names: Names) -> list[str]:
    """All host names that the tenant answers for."""
    return [
        *names.sign_in,
        names.access_control,
        names.graph,
        names.reports,
        names.management,
        names.sharepoint,
        names.admin,
        names.personal,
        *(f"*.{suffix}" for suffix in names.storage),
    ]


def is_own_host(names: Names, host: str) -> bool:
    """True for a host name that the tenant answers for."""
    account, _, suffix = host.partition(".")
    return host in host_names(names) or (suffix in names.storage and account.replace("-", "").isalnum())


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, in one step."""
    part = path.with_suffix(path.suffix + ".part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
