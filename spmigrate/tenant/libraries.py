"""The document libraries of a site that people use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.tenant.session import Tenant

_DOCUMENT_LIBRARY = 101
_OF_THE_SYSTEM = ("formservertemplates", "style library", "siteassets")


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """How a library keeps versions. `address` is its server-relative address."""

    address: str
    title: str
    versioning: bool
    versions_kept: int


def list_libraries(tenant: Tenant, site_url: str) -> list[LibrarySettings]:
    """The libraries for people's documents: visible, and not made by SharePoint for itself."""
    select = "Title,EnableVersioning,MajorVersionLimit,RootFolder/ServerRelativeUrl"
    wanted = f"$filter=BaseTemplate eq {_DOCUMENT_LIBRARY} and Hidden eq false"
    answer = tenant.rest("GET", f"{site_url.rstrip('/')}/_api/web/lists?$select={select}&$expand=RootFolder&{wanted}")
    found = map(read_library, answer["value"])
    return [each for each in found if each.address.rsplit("/", 1)[-1].lower() not in _OF_THE_SYSTEM]


def read_library(answer: Mapping[str, Any]) -> LibrarySettings:
    """A list of SharePoint's as a library. Raises LookupError and TypeError when the answer does not tell."""
    versioning, versions = answer["EnableVersioning"], answer["MajorVersionLimit"]
    if not isinstance(versioning, bool) or type(versions) is not int:
        raise TypeError(f"EnableVersioning {versioning!r}, MajorVersionLimit {versions!r}")
    return LibrarySettings(
        str(answer["RootFolder"]["ServerRelativeUrl"]), str(answer["Title"]), versioning, versions_kept=versions
    )
