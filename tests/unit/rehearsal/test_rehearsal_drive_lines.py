"""Pages of a drive written as text say to the byte what the items would show."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.drive_items import Drive, Showing
from spmigrate.rehearsal.graph.drive_lines import Lines
from spmigrate.rehearsal.graph.ids import item_guid, item_ids
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.items import Row, dump_fields, read_row
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import ALICE, drive_of, make_library, read, request

MOMENT = "2026-11-22T05:18:01Z"
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from([
    "a.txt", ".txt", "a.tar.gz", "x..", '"q" \\.docx', "Ä ö.pdf", "100% #1.xlsx", "\x00.md", "no extension", "..",
    "a.b.c.html",
])  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(["AppAuthor", "AppEditor", "_Shared", "_ExtendedDescription", "CheckoutUser", "Title"]),
    st.sampled_from(["", "anonymous", "11111111-1111-1111-1111-111111111111", 'say "so"', None]),
)


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path_factory.mktemp("lines"))
    opened.store.insert("app", "Mover", at=MOMENT, guid="11111111-1111-1111-1111-111111111111")
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def drive(tenant: Tenant) -> Drive:
    return drive_of(tenant, make_library(tenant))


@pytest.fixture(scope="module")
def folders(tenant: Tenant, drive: Drive) -> list[Item]:
    top = tenant.content.add_folder(drive.root, "Roads & Ö 100%", by=ALICE)
    return [drive.root, top, tenant.content.add_folder(top, "2026 #1", by=ALICE)]


@st.composite
def rows(draw: st.DrawFn, folders: list[Item]) -> Row:
    parent = draw(st.sampled_from(folders))
    people = [ALICE, "i:0#.f|membership|gone@contoso.example", SHAREPOINT_APP_LOGIN]
    return (
        999, parent.list, parent.id, draw(NAMES), draw(st.sampled_from([0, 0, 0, 1])), 9,
        str(draw(st.uuids())), draw(st.integers(0, 2**40)), "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "blob", MOMENT, MOMENT,
        draw(st.sampled_from(people)), draw(st.sampled_from(people)), dump_fields(draw(FIELDS)),
        draw(st.integers(1, 9999)), draw(st.integers(1, 9999)), 512, 9, draw(st.sampled_from([0, 0, 0, -1, 999])),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_lines_are_what_is_shown(drive: Drive, folders: list[Item], data: st.DataObject) -> None:
    page = data.draw(st.lists(rows(folders), max_size=5))
    showing = Showing(drive)
    assert orjson.dumps(Lines(drive).write(page)) == orjson.dumps([showing.show(read_row(row)) for row in page])


@given(st.integers(1, 10**6), st.lists(st.uuids(), max_size=7))
def test_ids_of_many_lead_back_to_each(listing: int, guids: list[uuid.UUID]) -> None:
    texts = [str(each) for each in guids]
    ids = item_ids(listing, texts)
    assert [item_guid(each) for each in ids] == texts
    assert ids == [each for text in texts for each in item_ids(listing, [text])]


@pytest.mark.parametrize("action", ["root/delta", "root/children"])
def test_what_is_chosen_is_part_of_what_is_written(tenant: Tenant, drive: Drive, action: str) -> None:
    tenant.content.add_file(drive.root, f"{action[5:]} plan.txt", tenant.content.blobs.put(b"x"), by=ALICE)
    path = f"drives/{drive.id}/{action}"
    whole = read(graph.handle(request("GET", path), tenant))["value"]
    chosen = read(graph.handle(request("GET", f"{path}?$select=name,size,eTag,webUrl,file,parentReference"), tenant))
    same = [{name: item[name] for name in one} for item, one in zip(whole, chosen["value"], strict=True)]
    assert same == chosen["value"]
    assert any(item["name"] == f"{action[5:]} plan.txt" and item["file"]["mimeType"] == "text/plain" for item in whole)


def test_expanded_children_are_written_too(tenant: Tenant, drive: Drive, folders: list[Item]) -> None:
    answer = graph.handle(request("GET", f"drives/{drive.id}/root/children?$expand=children"), tenant)
    top = next(each for each in read(answer)["value"] if each["name"] == folders[1].name)
    assert [each["name"] for each in top["children"]] == ["2026 #1"]


def test_a_folder_weighs_what_is_below_it(tenant: Tenant, tmp_path: Path) -> None:
    root = make_library(opened := open_tenant(tmp_path))
    deep = opened.content.add_folder(opened.content.add_folder(root, "A", by=ALICE), "B", by=ALICE)
    for folder, text in ((root, b"1"), (deep, b"22"), (deep, b"333")):
        opened.content.add_file(folder, f"{len(text)}.txt", opened.content.blobs.put(text), by=ALICE)
    assert opened.content.total(root) == (3, 6)
    gone = opened.content.child(deep, "3.txt")
    assert gone
    opened.content.recycle(gone, by=ALICE)
    assert opened.content.total(root) == (2, 3)
    opened.store.close()
