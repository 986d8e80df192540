"""A site of SharePoint as a scan sees it."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from spmigrate.errors import NotFound, SpmigrateError
from spmigrate.model import Destination
from spmigrate.quickxor import quickxor
from spmigrate.scan.places import sharepoint
from spmigrate.scan.places.sharepoint import SharePointPlace
from spmigrate.store.listing import Entry
from spmigrate.tenant import files, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Spot, Times
from tests.contract.scratch import ANYWHERE

SECOND = 1_000_000_000
CREATED, MODIFIED = 1_100_000_000 * SECOND, 1_200_000_000 * SECOND
NAMES = ["O'Brien #1.txt", "100% sure.txt", "A%20B.txt", "a+b & c;d=e.txt", "Café 🚧.txt", "50%25.txt"]


@pytest.fixture(scope="module")
def folder(shared_tenant: Tenant, home: Destination) -> Iterator[str]:
    """A folder with awkward files, and one within it."""
    library = files.open_library(shared_tenant, home.site, home.library)
    outer = files.ensure_folder(shared_tenant, library, library.root_id, "Scan #1 & 100%")
    files.ensure_folder(shared_tenant, library, outer, "Inner")
    for name in NAMES:
        _put(shared_tenant, library, outer, name)
    yield "Scan #1 & 100%"


def _put(tenant: Tenant, library: Library, parent: str, name: str) -> None:
    spot = Spot(library, parent, "", name)
    content = name.encode()
    transfer.upload(tenant, spot, iter([content]), size=len(content), times=Times(CREATED, MODIFIED))


def place(tenant: Tenant, home: Destination, *below: str) -> SharePointPlace:
    return sharepoint.find("/".join([tenant.settings.sharepoint + home.site, *below]), tenant)


def listed(found: SharePointPlace, raw: bytes = b"") -> dict[str, Entry]:
    return {entry.name: entry for entry in found.read(raw)[0]}


@ANYWHERE
def test_site_has_its_libraries_as_folders(shared_tenant: Tenant, home: Destination, folder: str) -> None:
    found = place(shared_tenant, home)
    assert found.kind == "sharepoint" and not found.empty and found.path.endswith(home.site)
    assert listed(found)["Shared Documents"].kind == "folder"
    assert folder in listed(found, b"Shared Documents")
    assert "Inner" in listed(found, f"Shared Documents/{folder}".encode())
    assert found.access(b"") is None


@ANYWHERE
def test_library_is_read_with_sizes_dates_and_the_hash_of_the_service(
    shared_tenant: Tenant, home: Destination, folder: str
) -> None:
    found = place(shared_tenant, home, "shared documents")
    entries = listed(found, folder.encode())
    digests = dict(found.digests)
    assert set(entries) == {*NAMES, "Inner"}
    for name in NAMES:
        entry = entries[name]
        assert (entry.kind, entry.size, entry.raw) == ("file", len(name.encode()), name.encode())
        assert (entry.created_ns, entry.modified_ns) == (CREATED, MODIFIED)
        assert digests[entry.raw] == quickxor(name.encode())
        with found.open(f"{folder}/{name}".encode()) as file:
            assert file.read() == name.encode()


@ANYWHERE
def test_folder_may_be_the_root_and_its_address_may_come_from_a_browser(
    shared_tenant: Tenant, home: Destination, folder: str
) -> None:
    found = place(shared_tenant, home, "Shared%20Documents", quote(folder))
    assert "Inner" in listed(found)
    assert found.path.endswith(f"Shared Documents/{folder}")


@ANYWHERE
def test_rights_are_told_with_what_is_inherited(shared_tenant: Tenant, home: Destination, folder: str) -> None:
    given = place(shared_tenant, home).access(f"Shared Documents/{folder}".encode())
    assert given is not None and given.inherits
    assert given.rights and all(right.allows and right.inherited for right in given.rights)
    assert {right.level for right in given.rights} <= {"full", "change", "read", "special"}


@ANYWHERE
def test_what_is_not_there_is_said_with_what_is(shared_tenant: Tenant, home: Destination, folder: str) -> None:
    with pytest.raises(NotFound, match="no library 'Nowhere'") as refused:
        place(shared_tenant, home, "Nowhere")
    assert "Shared Documents" in (refused.value.hint or "")
    with pytest.raises(NotFound, match="there is no site"):
        sharepoint.find(shared_tenant.settings.sharepoint + "/sites/not-there-at-all", shared_tenant)
    with pytest.raises(SpmigrateError):
        place(shared_tenant, home, "Shared Documents", "no such folder")
    found = place(shared_tenant, home)
    with pytest.raises(FileNotFoundError):
        found.read(b"Shared Documents/gone")
    assert found.has_left(b"Shared Documents/gone")
    assert not found.has_left(f"Shared Documents/{folder}".encode())
    found.check_present()
