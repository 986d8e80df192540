"""Where source files are read from: folders of this machine, shares of file servers, and sites of the tenant."""

import atexit
from functools import cache
from typing import TYPE_CHECKING

from spmigrate.errors import ConfigError
from spmigrate.migrate.original import Original

if TYPE_CHECKING:
    from spmigrate.migrate.originals.smb import Shares
    from spmigrate.tenant.session import Tenant


def open_original(kind: str, root: str, path: bytes, name: bytes, *, tenant: "Tenant | None" = None) -> Original:
    """The file `name` in the folder `path` below the root of a source of this kind, from any thread.

    `tenant` is where sources of the kind `sharepoint` are. Raises SourceProblem for what is wrong with this file, and
    SpmigrateError when the whole source has gone.
    """
    if kind == "sharepoint" and tenant is not None:
        from spmigrate.migrate.originals.sharepoint import SharePointOriginal

        return SharePointOriginal(tenant, root, path, name)
    if kind == "smb":
        try:
            from spmigrate.migrate.originals.smb import SmbOriginal
        except ModuleNotFoundError as error:
            if error.name not in ("smbprotocol", "spnego"):
                raise
            raise ConfigError(
                "reading file servers needs one more package", hint="pip install 'spmigrate[smb]'"
            ) from None
        return SmbOriginal(_shares(), root, path, name)
    from spmigrate.migrate.originals.folder import FolderOriginal

    return FolderOriginal(root, path, name)


def close_connections() -> None:
    """End the connections to file servers that are kept between files."""
    if _shares.cache_info().currsize:
        _shares().close()


@cache
def _shares() -> "Shares":
    from spmigrate.migrate.originals.smb import Shares

    shares = Shares()
    atexit.register(shares.close)
    return shares
