"""spmigrate.yaml and the environment, as one frozen value.

Precedence: option of the command, environment, spmigrate.yaml, default. Secrets never stand in the YAML: the
certificate (or the secret) comes from a file or the environment.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from spmigrate import workplace
from spmigrate.errors import ConfigError
from spmigrate.formats import yaml
from spmigrate.workplace import Workplace

ENVIRONMENT = {
    "SPMIGRATE_CONFIG": "path of spmigrate.yaml, when it is not in the current folder or above it",
    "SPMIGRATE_CERTIFICATE": "path of the PEM file that holds the app's certificate and private key",
    "SPMIGRATE_CERTIFICATE_PASSWORD": "password of that private key, when it has one",
    "SPMIGRATE_CLIENT_SECRET": "client secret, for Microsoft Graph only (SharePoint refuses secrets)",
    "SPMIGRATE_SMB_USER": "account that reads file servers, as DOMAIN\\name or name@domain",
    "SPMIGRATE_SMB_PASSWORD": "its password; without one it is Kerberos",
    "SPMIGRATE_SMB_CREDENTIALS": "file of mode 0600 with username=, password= and domain= for file servers",
    "SPMIGRATE_SEALING_KEY_FILE": "file of mode 0600 with the 32 bytes that secrets are sealed with, the same on every"
    " machine that works on a ledger in PostgreSQL",
    "PGPASSFILE": "file of mode 0600 with the password of the ledger's database (by default ~/.pgpass)",
    "PGPASSWORD": "that password itself",
    "PGSERVICEFILE": "file that describes the database, when the ledger's address names a service",
    "KRB5_CLIENT_KTNAME": "keytab from which Kerberos gets tickets for file servers by itself",
    "KRB5CCNAME": "where the tickets for file servers are that kinit got",
    "SPMIGRATE_WEBHOOK": "address of the Teams workflow that --notify posts to; it is a secret",
    "SPMIGRATE_MAIL_USER": "account for the mail relay, where it asks for one",
    "SPMIGRATE_MAIL_PASSWORD": "its password",
    "SPMIGRATE_LOG": "file that every event is appended to, one JSON object a line",
    "HTTPS_PROXY": "proxy for a real tenant; NO_PROXY lists hosts that are reached without it",
    "REQUESTS_CA_BUNDLE": "PEM file of the authorities to trust, where a proxy inspects the traffic",
}
"""Every environment variable that the product reads, and what it means."""


_SHAREPOINT = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/?")


class TenantSection(yaml.Document):
    """Which tenant: the rehearsal tenant by its state folder, or a real one by its addresses and app."""

    rehearsal: str | None = None
    name: str | None = None
    tenant_id: str | None = None
    sharepoint: str | None = None
    client_id: str | None = None
    certificate: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.rehearsal is not None:
            if self.model_fields_set != {"rehearsal"}:
                raise ValueError("'rehearsal' stands alone: its state folder holds everything else")
            return self
        missing = [key for key in ("name", "tenant id", "sharepoint", "client id") if not self._has(key)]
        if missing:
            raise ValueError("a real tenant also needs: " + ", ".join(missing))
        if not _SHAREPOINT.fullmatch(self.sharepoint or ""):
            raise ValueError("'sharepoint' is the address of the tenant, such as https://council.sharepoint.com")
        return self

    def _has(self, key: str) -> bool:
        return bool(getattr(self, key.replace(" ", "_")))


class Weekday(StrEnum):
    """A day of the week by its name."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # as it takes names that are folders, or leave the database
        raise ValueError(f"there is no time zone '{name}': write one such as Europe/London") from None
    return name


_Clock = Annotated[str, yaml.Form("(?:[01][0-9]|2[0-3]):[0-5][0-9]", "a time of day such as 19:00")]


class WindowSection(yaml.Document):
    """Hours in which content may be moved, by the council's clocks."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = tuple(Weekday)
    from_: _Clock
    to: _Clock
    """On the day after when it is not later than `from`: 22:00 to 06:00, or 06:00 to 06:00 for a whole day."""


_Address = Annotated[str, yaml.Form(r"[^@\s,;<>]+@[^@\s,;<>]+", "an address such as migration.lead@council.example")]


class MailSection(yaml.Document):
    """A relay that takes mail. Its account, if it asks for one, stands in the environment alone."""

    relay: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    security: Literal["starttls", "tls", "none"] = "starttls"
    from_: _Address
    to: Annotated[tuple[_Address, ...], Field(min_length=1)]


class NotifySection(yaml.Document):
    """Who is told of a run that asks for it, and when."""

    webhook_file: str | None = None
    mail: MailSection | None = None
    silence_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    morning: _Clock | None = None


_Share = Annotated[int, Field(ge=1, le=100)]
"""So many in a hundred."""


class MigrateSection(yaml.Document):
    """How content is moved."""

    workers: Annotated[int, Field(ge=1, le=32)] = 6
    jobs: Annotated[int, Field(ge=1, le=50)] = 16
    route: Literal["auto", "session", "package"] = "auto"
    poll_seconds: Annotated[float, Field(ge=1, le=3600)] | None = None
    """Seconds between two questions after one job: a minute at least on a real tenant, which is what Microsoft asks."""
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/London"
    windows: tuple[WindowSection, ...] = ()
    budget_share: _Share = 65
    off_peak: tuple[WindowSection, ...] = ()
    off_peak_share: _Share = 85
    licences: Literal["0-1000", "1001-5000", "5001-15000", "15001-50000", "50000+"] | None = None
    rest_units: Annotated[float, Field(ge=1, le=100)] = 2.0
    notify: NotifySection = NotifySection()
    users: str | None = None
    """The table of accounts of file servers and who they are in the tenant, as SPMT reads it."""
    author: Literal["app", "source"] = "app"
    """Whom copies name as their author: the app that moves, or the owner of the original, where it is known."""
    author_unknown: Annotated[str, yaml.Form(r"[^@\s]+@[^@\s]+", "a sign-in name")] | None = None
    """With `author: source`: who stands in for an owner whom nobody knows; without one it is the app."""


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError("'ledger' is an address such as postgresql://spmigrate@database.council.example/spmigrate")
    if parts.password is not None or "password=" in parts.query:
        raise ValueError("a password does not stand here: PGPASSFILE or PGPASSWORD names it")
    return address


_Letter = Annotated[str, yaml.Form("[A-Za-z]", "the letter of a drive")]


class ConfigFile(yaml.Document):
    """The whole of spmigrate.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    tenant: TenantSection
    migrate: MigrateSection = MigrateSection()
    ledger: Annotated[str, AfterValidator(_without_password)] | None = None
    """A PostgreSQL database that several machines share; without one the ledger is a file beside spmigrate.yaml."""
    drives: dict[_Letter, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    shares: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credential:
    """How an app proves who it is. Never logged: its repr shows nothing."""

    certificate_pem: str | None = None
    password: str | None = None
    secret: str | None = None

    def __repr__(self) -> str:
        return "Credential(…)"


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """A tenant to connect to. `address` and `ca` are set for the rehearsal tenant alone."""

    name: str
    tenant_id: str
    sharepoint: str
    client_id: str
    credential: Credential
    address: tuple[str, int] | None = None
    ca: Path | None = None

    @property
    def admin(self) -> str:
        """The admin centre's address: `-admin` behind the first label of the host name."""
        first, rest = self.sharepoint.split(".", 1)
        return f"{first}-admin.{rest}"


@dataclass(frozen=True, slots=True)
class Settings(Workplace):
    """A working folder with everything that its spmigrate.yaml says."""

    config: ConfigFile

    @property
    def workers(self) -> int:
        """How many transfers run at once."""
        return self.config.migrate.workers


def load(file: Path) -> Settings:
    """Read spmigrate.yaml. Raises InputError with every problem, or ConfigError when there is none."""
    place = workplace.at(file)
    return Settings(file=place.file, config=yaml.read(place.file, ConfigFile))


def tenant(settings: Settings, environment: Mapping[str, str] = os.environ) -> TenantSettings:
    """The tenant to connect to, with its credential. Raises ConfigError saying what is missing."""
    section = settings.config.tenant
    if section.rehearsal is not None:
        return _rehearsal((settings.folder / section.rehearsal).resolve())
    credential = _credential(settings, section, environment)
    return TenantSettings(
        name=section.name or "",
        tenant_id=section.tenant_id or "",
        sharepoint=(section.sharepoint or "").rstrip("/"),
        client_id=section.client_id or "",
        credential=credential,
    )


def _rehearsal(state: Path) -> TenantSettings:
    try:
        return _ready(state, json.loads((state / "ready.json").read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):  # absent, or not what a served tenant writes
        raise ConfigError(
            f"the rehearsal tenant in {state} is not running",
            hint=f"start it in another terminal with: spmigrate rehearsal serve --state {state}",
        ) from None


def _ready(state: Path, ready: Any) -> TenantSettings:
    host, port = str(ready["address"]).rsplit(":", 1)
    return TenantSettings(
        name=ready["tenant"],
        tenant_id=ready["tenant_id"],
        sharepoint=ready["sharepoint"],
        client_id=ready["client_id"],
        credential=Credential(certificate_pem=_text(state / ready["cert"])),
        address=(host, int(port)),
        ca=state / ready["ca"],
    )


def _credential(settings: Settings, section: TenantSection, environment: Mapping[str, str]) -> Credential:
    named = environment.get("SPMIGRATE_CERTIFICATE") or section.certificate
    if named:
        return Credential(
            certificate_pem=_text(settings.folder / named),
            password=environment.get("SPMIGRATE_CERTIFICATE_PASSWORD"),
        )
    secret = environment.get("SPMIGRATE_CLIENT_SECRET")
    if secret:
        return Credential(secret=secret)
    raise ConfigError(
        "no credential for the tenant",
        hint="name the app's PEM file: export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem",
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not PEM text"
        raise ConfigError(
            f"the certificate {path} cannot be read: {reason}",
            hint="name the app's PEM file: export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem",
        ) from None
