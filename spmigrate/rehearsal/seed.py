"""Seeds: a tenant described in YAML. A seed says only what differs from the defaults."""

from __future__ import annotations

import dataclasses
import difflib
import types
import typing
from dataclasses import dataclass, field
from typing import Any

import yaml

from spmigrate.rehearsal.errors import RehearsalError

# The one written in C is several times as fast; not every installation has it.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class TenantSeed:
    """Tenant-wide settings: `authorization` and `settings` in Graph's names, `sharepoint` in SPO.Tenant's."""

    licences: dict[str, Any] = field(default_factory=dict)
    site: str = ""
    known_tenants: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    retention_labels: dict[str, Any] = field(default_factory=dict)
    authorization: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    sharepoint: dict[str, Any] = field(default_factory=dict)
    cross_tenant_default: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppSeed:
    """An application: `roles` and `scopes` by API (`graph`, `sharepoint`), certificates as PEM text. What is absent
    stays as it is; a new application needs a name."""

    client_id: str
    name: str | None = None
    roles: dict[str, Any] | None = None
    scopes: dict[str, Any] | None = None
    secrets: list[Any] | None = None
    certificates: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class UserSeed:
    """A member of staff; `upn` may leave out the tenant's own domain."""

    upn: str
    name: str
    job: str = ""
    department: str = ""
    enabled: bool = True
    signed_in_days_ago: int = 1
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuestSeed:
    """A guest; `signed_in_days_ago` absent means never; sponsors are UPNs."""

    mail: str
    name: str = ""
    sponsors: list[Any] = field(default_factory=list)
    signed_in_days_ago: int | None = None
    invited_days_ago: int = 30
    accepted: bool = True
    user_type: str = "Guest"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class GroupSeed:
    """A security group, or with `unified` a Microsoft 365 group."""

    name: str
    nickname: str = ""
    unified: bool = False
    owners: list[Any] = field(default_factory=list)
    members: list[Any] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartnerSeed:
    """A configured partner of the cross-tenant access policy; a block that is absent inherits the default."""

    tenant_id: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileSeed:
    """A file in a library: `text`, or `size` bytes of filling. With a `count` as many files with these bytes: `{n}` in
    the path is each one's number from 0, `{thousand}` the same divided by a thousand."""

    path: str
    text: str = ""
    size: int = 0
    modified: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class LibrarySeed:
    """A library with its files; `Documents` is there already."""

    name: str
    files: tuple[FileSeed, ...] = ()
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteSeed:
    """A site. `properties` are SPO.Tenant's site properties; `hub` is true for a hub, or the URL of the hub joined."""

    url: str
    title: str
    template: str = "STS#3"
    description: str = ""
    owner: str = "admin"
    admins: list[Any] = field(default_factory=list)
    owners: list[Any] = field(default_factory=list)
    members: list[Any] = field(default_factory=list)
    visitors: list[Any] = field(default_factory=list)
    hub: bool | str = False
    properties: dict[str, Any] = field(default_factory=dict)
    libraries: tuple[LibrarySeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole seed."""

    tenant: TenantSeed = TenantSeed()
    apps: tuple[AppSeed, ...] = ()
    users: tuple[UserSeed, ...] = ()
    guests: tuple[GuestSeed, ...] = ()
    groups: tuple[GroupSeed, ...] = ()
    partners: tuple[PartnerSeed, ...] = ()
    sites: tuple[SiteSeed, ...] = ()


def read_seed(text: str, *, source: str) -> Seed:
    """Read a seed; a `RehearsalError` names everything that is wrong with it."""
    try:
        content = yaml.load(text, _LOADER)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as problem:
        raise RehearsalError(f"{source} is not YAML: {problem}", "check the indentation at that place") from None
    problems: list[str] = []
    seed = _read_record(Seed, content or {}, "", problems)
    if problems or seed is None:
        raise RehearsalError(
            f"{source} can't be used as a seed:\n" + "\n".join(f"  {each}" for each in problems),
            "the format is described in spmigrate/rehearsal/README.md",
        )
    return typing.cast("Seed", seed)


def _read_record(kind: type[Any], content: object, where: str, problems: list[str]) -> object | None:
    if not isinstance(content, dict):
        problems.append(f"{where or 'the seed'}: expected names with values, found {content!r}")
        return None
    hints = typing.get_type_hints(kind)
    fields = {each.name: each for each in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for name, value in content.items():
        place = f"{where}.{name}" if where else str(name)
        if name not in fields:
            near = difflib.get_close_matches(str(name), fields, 1)
            problems.append(f"{place}: unknown" + (f", did you mean {near[0]}?" if near else ""))
            continue
        values[name] = _read_value(hints[name], value, place, problems)
    for name, each in fields.items():
        needed = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
        if needed and name not in values:
            problems.append(f"{where}: {name} is missing")
            values[name] = None
    return kind(**values)  # type: ignore[no-any-return] # built from the class that was asked for


def _read_value(hint: Any, value: object, where: str, problems: list[str]) -> object:
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if not isinstance(value, list):
            problems.append(f"{where}: expected a list")
            return ()
        return tuple(_read_record(inner, each, f"{where}[{place}]", problems) for place, each in enumerate(value))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _read_record(hint, value, where, problems)
    if not _is_a(hint, value):
        problems.append(f"{where}: {value!r} is not what belongs here")
    return value


def _is_a(hint: Any, value: object) -> bool:
    if isinstance(hint, types.UnionType):
        return any(_is_a(each, value) for each in typing.get_args(hint))
    plain = typing.get_origin(hint) or hint
    if plain is int and isinstance(value, bool):
        return False
    return isinstance(value, plain)
