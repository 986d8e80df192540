"""Copying and moving trees: what arrives, what stays, what is left behind."""

from pathlib import Path

import pytest

from spmigrate.rehearsal.content import Conflict, Item, Refusal, Times
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from spmigrate.rehearsal.transplant import (
    Manner,
    advance,
    begin,
    finish,
    read_progress,
    transplant,
    write_progress,
)
from tests.unit.rehearsal.builders import ALICE, make_library

BOB = "i:0#.f|membership|bob@contoso.onmicrosoft.com"
LONG_AGO = Times("2015-03-04T05:06:07Z", "2016-03-04T05:06:07Z")


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return open_tenant(tmp_path / "state")


def add(tenant: Tenant, folder: Item, name: str, text: str = "x") -> Item:
    return tenant.content.add_file(folder, name, tenant.content.blobs.put(text.encode()), by=ALICE, times=LONG_AGO)


def second_library(tenant: Tenant, root: Item) -> Item:
    listing = tenant.store.by_id(root.list)
    assert listing
    made = tenant.store.insert("list", "Other", parent=listing.parent, at=tenant.clock.iso())
    return tenant.content.create_root(made.id, name="Other", by=ALICE)


def names(tenant: Tenant, folder: Item) -> dict[str, Item]:
    return {each.name: each for each in tenant.content.children(folder)}


def make_tree(tenant: Tenant, root: Item) -> Item:
    top = tenant.content.add_folder(root, "Roads", by=ALICE, times=LONG_AGO)
    deep = tenant.content.add_folder(top, "A1", by=ALICE, times=LONG_AGO)
    add(tenant, top, "plan.txt", "one")
    tenant.content.write(names(tenant, top)["plan.txt"], by=BOB, blob=tenant.content.blobs.put(b"two"))
    add(tenant, deep, "survey.txt")
    return top


def test_move_to_another_library_keeps_identity_people_dates_and_versions(tenant: Tenant) -> None:
    root = make_library(tenant)
    top, other = make_tree(tenant, root), second_library(tenant, root)
    before = {each.name: each for each in [top, *tenant.content.children(top)]}
    began = tenant.content.last_change

    moved = transplant(tenant, top, other, manner=Manner(BOB, move=True))

    arrived = {each.name: each for each in [tenant.content.item(moved.id), *tenant.content.children(moved)] if each}
    assert {name: each.guid for name, each in arrived.items()} == {name: each.guid for name, each in before.items()}
    plan = arrived["plan.txt"]
    assert (plan.author, plan.editor, plan.created, plan.version) == (ALICE, BOB, LONG_AGO.created, 1024)
    assert [each.number for each in tenant.content.versions(plan)] == [512]
    assert names(tenant, arrived["A1"])["survey.txt"].modified == LONG_AGO.modified
    assert names(tenant, root) == {}
    gone = tenant.content.changes(root.list, after=began, limit=100)
    assert {each.guid for each in gone if each.bin} >= {each.guid for each in before.values()}


def test_copy_has_one_version_and_an_identity_of_its_own(tenant: Tenant) -> None:
    root = make_library(tenant)
    top = make_tree(tenant, root)

    copied = transplant(tenant, top, root, name="Copy", manner=Manner(BOB))

    plan, source = names(tenant, copied)["plan.txt"], names(tenant, top)["plan.txt"]
    assert plan.guid != source.guid
    assert (plan.blob, plan.version, plan.author, tenant.content.versions(plan)) == (source.blob, 512, BOB, [])
    assert set(names(tenant, root)) == {"Roads", "Copy"}


def test_copy_with_versions_and_people(tenant: Tenant) -> None:
    root = make_library(tenant)
    plan = names(tenant, make_tree(tenant, root))["plan.txt"]

    copied = transplant(tenant, plan, root, manner=Manner(BOB, versions=True, author=True, editor=True))

    assert (copied.author, copied.created, copied.modified) == (ALICE, LONG_AGO.created, plan.modified)
    assert [each.number for each in tenant.content.versions(copied)] == [512]


def test_move_to_another_site_leaves_the_source_in_its_recycle_bin(tenant: Tenant) -> None:
    root, elsewhere = make_library(tenant), make_library(tenant, path="/sites/y")
    top = make_tree(tenant, root)

    moved = transplant(tenant, top, elsewhere, manner=Manner(BOB, move=True))

    assert [each.guid for each in tenant.content.recycled(root.list)] == [top.guid]
    assert moved.guid != top.guid
    assert tenant.content.total_size(moved) == 4
    tenant.content.restore(top)
    assert tenant.content.by_guid(top.guid) is not None


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [(Conflict.RENAME, {"a.txt": b"old", "a1.txt": b"new"}), (Conflict.REPLACE, {"a.txt": b"new"})],
)
def test_a_taken_name(tenant: Tenant, conflict: Conflict, expected: dict[str, bytes]) -> None:
    root = make_library(tenant)
    other = second_library(tenant, root)
    add(tenant, other, "a.txt", "old")
    source = add(tenant, root, "a.txt", "new")

    with pytest.raises(Refusal, match="already exists"):
        transplant(tenant, source, other, manner=Manner(BOB))
    transplant(tenant, source, other, manner=Manner(BOB, conflict=conflict))

    read = tenant.content.blobs.read
    assert {each.name: read(each.blob) for each in tenant.content.children(other)} == expected


def test_a_file_that_is_replaced_gets_a_version_or_begins_again(tenant: Tenant) -> None:
    root = make_library(tenant)
    other = second_library(tenant, root)
    before, source = add(tenant, other, "a.txt", "old"), add(tenant, root, "a.txt", "new")

    written = transplant(tenant, source, other, manner=Manner(BOB, conflict=Conflict.REPLACE))
    assert (written.guid, written.version, len(tenant.content.versions(written))) == (before.guid, 1024, 1)

    written = transplant(tenant, source, other, manner=Manner(BOB, conflict=Conflict.REPLACE, anew=True))
    assert (written.guid, written.version, tenant.content.versions(written)) == (before.guid, 512, [])


def test_a_moved_folder_merges_into_one_of_its_name(tenant: Tenant) -> None:
    root = make_library(tenant)
    other = second_library(tenant, root)
    here = tenant.content.add_folder(other, "Roads", by=ALICE)
    add(tenant, here, "kept.txt")

    moved = transplant(tenant, make_tree(tenant, root), other, manner=Manner(BOB, move=True, conflict=Conflict.REPLACE))

    assert moved.guid == here.guid
    assert set(names(tenant, moved)) == {"A1", "kept.txt", "plan.txt"}


def test_no_folder_goes_into_itself(tenant: Tenant) -> None:
    root = make_library(tenant)
    top = make_tree(tenant, root)
    with pytest.raises(Refusal, match="into itself"):
        transplant(tenant, top, names(tenant, top)["A1"], manner=Manner(BOB))


def test_a_job_goes_on_where_it_stood(tenant: Tenant) -> None:
    root = make_library(tenant)
    top, other = make_tree(tenant, root), second_library(tenant, root)
    manner = Manner(BOB, move=True)

    progress, rounds = begin(tenant, top, other, manner=manner), 0
    while progress.frames:
        kept = write_progress(progress)
        progress, rounds = advance(tenant, read_progress(tenant, kept), manner=manner, limit=1), rounds + 1
    finish(tenant, top, progress.made, manner=manner)

    assert rounds > 3
    assert (progress.files, progress.folders, progress.size) == (2, 2, 4)
    assert names(tenant, root) == {}
    assert tenant.content.total_size(progress.made) == 4
