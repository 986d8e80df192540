"""Libraries, folders and content, as the service has them."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.model import Destination
from spmigrate.quickxor import quickxor
from spmigrate.tenant import fields, files, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT, Spot, Times
from tests.contract.scratch import ANYWHERE
from tests.rehearsal_fixtures import RunningTenant
from tests.tenant_tree import tree

SECOND = 1_000_000_000
TIMES = Times(1_100_000_000 * SECOND, 1_200_000_000 * SECOND + 999_999_999)
NAMES = ["O'Brien #1.txt", "100% sure.txt", "100%25.txt", "a+b & c;d=e.txt", "Café 🚧.txt", "{x}~$`^.txt", "no dots"]


@pytest.fixture
def tenant(shared_tenant: Tenant) -> Tenant:
    return shared_tenant


@pytest.fixture
def library(tenant: Tenant, home: Destination) -> Library:
    return files.open_library(tenant, home.site, home.library)


def spot(library: Library, name: str, *, parent: str = "", folder: str = "") -> Spot:
    return Spot(library, parent or library.root_id, folder, name)


def pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), FRAGMENT):
        yield content[start : start + FRAGMENT]


def put(tenant: Tenant, place: Spot, content: bytes) -> files.Stored:
    return transfer.upload(tenant, place, pieces(content), size=len(content), times=TIMES, sleep=lambda _: None)


@ANYWHERE
def test_library_is_found_by_its_address_and_a_missing_one_is_named(tenant: Tenant, home: Destination) -> None:
    assert files.open_library(tenant, home.site, "shared documents").name == "shared documents"
    with pytest.raises(NotFound, match="no library 'Nowhere'") as refused:
        files.open_library(tenant, home.site, "Nowhere")
    assert "by their addresses there are: " in str(refused.value.hint) and home.library in str(refused.value.hint)
    with pytest.raises(NotFound):
        files.open_library(tenant, "/sites/not-there", home.library)


@ANYWHERE
def test_folder_is_made_once(tenant: Tenant, library: Library) -> None:
    first = files.ensure_folder(tenant, library, library.root_id, "Odd #1 & 100%")
    assert files.ensure_folder(tenant, library, library.root_id, "ODD #1 & 100%") == first
    inner = files.ensure_folder(tenant, library, first, "inner")
    assert files.child(tenant, library, first, "inner").id == inner  # type: ignore[union-attr]  # it is there


@ANYWHERE
def test_file_in_the_place_of_a_folder_is_a_conflict(tenant: Tenant, library: Library) -> None:
    put(tenant, spot(library, "in the way"), b"x")
    with pytest.raises(Conflict):
        files.ensure_folder(tenant, library, library.root_id, "in the way")


@ANYWHERE
@pytest.mark.parametrize("name", NAMES)
def test_awkward_name_arrives_under_itself(tenant: Tenant, library: Library, home: Destination, name: str) -> None:
    folder = files.ensure_folder(tenant, library, library.root_id, "names")
    arrived = put(tenant, spot(library, name, parent=folder), name.encode())
    assert arrived.name == name
    assert files.child(tenant, library, folder, name) == arrived
    assert tree(tenant, home)[f"names/{name}"].quickxor == quickxor(name.encode())


@ANYWHERE
def test_dates_are_those_of_the_original_to_the_second_in_one_version(
    tenant: Tenant, library: Library, home: Destination
) -> None:
    arrived = put(tenant, spot(library, "dated.txt"), b"dated")
    assert (arrived.modified, arrived.size, arrived.quickxor) == (1_200_000_000, 5, quickxor(b"dated"))
    leaf = tree(tenant, home)["dated.txt"]
    assert (leaf.created, leaf.versions) == (transfer.moment(TIMES.created_ns), 1)


@ANYWHERE
def test_nothing_is_overwritten(tenant: Tenant, library: Library) -> None:
    put(tenant, spot(library, "taken.txt"), b"first")
    with pytest.raises(Conflict):
        put(tenant, spot(library, "TAKEN.txt"), b"second")
    with pytest.raises(Conflict):
        transfer.upload_empty(tenant, spot(library, "taken.txt"))
    assert files.child(tenant, library, library.root_id, "taken.txt").size == 5  # type: ignore[union-attr]  # it is there


@ANYWHERE
@pytest.mark.parametrize("month", [1, 7])
def test_empty_file_gets_its_dates_in_winter_and_summer_without_a_second_version(
    tenant: Tenant, library: Library, home: Destination, month: int
) -> None:
    moment = int(datetime(2019, month, 3, 23, 30, 15, tzinfo=UTC).timestamp())
    place = spot(library, f"nothing's #{month}.txt")
    made = transfer.upload_empty(tenant, place)
    fields.write_dates(tenant, place, Times(moment * SECOND, (moment + 3600) * SECOND), item_id=made.id)
    leaf = tree(tenant, home)[place.name]
    assert leaf.created == transfer.moment(moment * SECOND)
    assert leaf.modified == transfer.moment((moment + 3600) * SECOND)
    assert leaf.versions == 1


def test_large_file_goes_on_after_answers_that_were_lost(
    tenant: Tenant, library: Library, rehearsal: RunningTenant
) -> None:
    content = bytes(range(256)) * (FRAGMENT * 5 // 2 // 256)
    rehearsal.fault({"reset": "after"}, count=1, method="PUT", path="/uploadSession")
    rehearsal.fault({"reset": "before"}, count=1, skip=1, method="PUT", path="/uploadSession")
    rehearsal.fault({"status": 503}, count=1, skip=1, method="PUT", path="/uploadSession")
    arrived = put(tenant, spot(library, "large.bin"), content)
    assert not rehearsal.faults_left()
    assert (arrived.size, arrived.quickxor) == (len(content), quickxor(content))


@ANYWHERE
def test_time_that_is_no_date_is_refused_for_that_file_alone(tenant: Tenant, library: Library) -> None:
    never = Times(2**62 * SECOND, 0)
    with pytest.raises(Refused, match="no date"):
        transfer.upload(tenant, spot(library, "late.txt"), pieces(b"x"), size=1, times=never)


@ANYWHERE
def test_source_that_fails_half_way_leaves_nothing_behind(tenant: Tenant, library: Library) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * FRAGMENT
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        transfer.upload(tenant, spot(library, "torn.bin"), broken(), size=FRAGMENT + 5, times=TIMES)
    assert files.child(tenant, library, library.root_id, "torn.bin") is None


@ANYWHERE
@pytest.mark.parametrize("size", [0, 1, FRAGMENT, FRAGMENT + 1])
def test_download_gives_back_what_was_sent(tenant: Tenant, library: Library, size: int) -> None:
    content = b"ab" * (size // 2) + b"c" * (size % 2)
    place = spot(library, f"back {size}.bin")
    item = put(tenant, place, content) if size else transfer.upload_empty(tenant, place)
    received = io.BytesIO()
    transfer.download(tenant, library, item.id, received)
    assert received.getvalue() == content


@ANYWHERE
def test_changes_list_every_file_once_it_is_there(tenant: Tenant, library: Library) -> None:
    arrived = put(tenant, spot(library, "listed.txt"), b"listed")
    assert arrived in list(files.changes(tenant, library))
