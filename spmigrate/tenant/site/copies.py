"""Copies of the folder's own files in a site: what they are called there, and putting them."""

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from spmigrate.errors import NotFound, Refused

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_BYTES = {"Content-Type": "application/octet-stream"}


def copy_name(path: str, content: bytes) -> str:
    """What a file is called in a site: its own name with a digest, so that another content has another name."""
    file = PurePosixPath(path)
    return f"{file.stem}-{hashlib.sha256(content).hexdigest()[:8]}{file.suffix}"


def material(site: "SiteWriter", name: str) -> bytes:
    """The content of a file that attributes name. Raises Refused when the folder does not hold it any more."""
    if name not in site.materials:
        raise Refused(f"the file {name} is no longer at hand", hint="plan again: spmigrate site plan")
    return site.materials[name]


def upload(site: "SiteWriter", address: str, content: bytes, *, overwrite: bool) -> None:
    """Put a file at an address below the tenant; its folder must be there. Raises TenantError."""
    folder, _, name = address.rpartition("/")
    url = f"{site.url}/_api/web/GetFolderByServerRelativePath(DecodedUrl='{literal(folder)}')/Files"
    add = f"{url}/AddUsingPath(DecodedUrl='{literal(name)}',overwrite={str(overwrite).lower()})"
    site.tenant.rest("POST", add, content, headers=_BYTES, repeatable=overwrite)


def is_there(site: "SiteWriter", address: str) -> bool:
    """Whether a file is at an address below the tenant. Raises TenantError."""
    try:
        return bool(site.rest("GET", f"{file_at(address)}?$select=Exists")["Exists"])
    except NotFound:
        return False


def file_at(address: str) -> str:
    """The path below `/_api/` of the file at an address below the tenant."""
    return f"web/GetFileByServerRelativePath(DecodedUrl='{literal(address)}')"


def literal(text: str) -> str:
    """Text as it stands between quotation marks in an address."""
    return quote(text.replace("'", "''"))
