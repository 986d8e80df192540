"""The places that a scan can read, and the choice between them by what a person typed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from spmigrate.errors import ConfigError
from spmigrate.fileserver.address import PREFIX as SHARE
from spmigrate.scan.place import Place

if TYPE_CHECKING:
    from spmigrate.tenant.session import Tenant

_SITE = "https://"


def find(
    text: str,
    *,
    connect: "Callable[[], Tenant] | None" = None,
    sids: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    streams: bool = False,
) -> Place:
    """The place at this path or address: a folder, a share (`smb://`), or a site or library (`https://`).

    `connect` gives the tenant of a site; `sids` has names of accounts that a mounted share does not tell. With
    `streams`, each file of a share is asked for named streams. Raises SpmigrateError when it cannot be listed.
    """
    if text.lower().startswith(SHARE):
        return share(text, streams=streams)
    if text.lower().startswith(_SITE) and connect is not None:
        from spmigrate.scan.places import sharepoint

        return sharepoint.find(text, connect())
    from spmigrate.scan.places import local

    return local.find(Path(text), sids=sids)


def share(text: str, *, streams: bool = False) -> Place:
    """The folder of a file server at this address. Raises SpmigrateError, UsageProblem when it is no such address."""
    try:
        from spmigrate.scan.places import smb
    except ModuleNotFoundError as error:
        if error.name not in ("smbprotocol", "spnego"):
            raise
        raise ConfigError("reading file servers needs one more package", hint="pip install 'spmigrate[smb]'") from None
    return smb.find(text, streams=streams)
