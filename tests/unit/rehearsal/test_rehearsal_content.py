"""Libraries' content: names, conflicts, versions, moves, the recycle bin and the log of changes."""

from pathlib import Path

import pytest

from spmigrate.rehearsal.content import Conflict, Content, Item, Refusal, Times
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import make_library

ALICE = "i:0#.f|membership|alice@contoso.onmicrosoft.com"
BOB = "i:0#.f|membership|bob@contoso.onmicrosoft.com"


@pytest.fixture
def tenant(tmp_path: Path):
    opened = open_tenant(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def content(tenant: Tenant) -> Content:
    return tenant.content


@pytest.fixture
def root(tenant: Tenant) -> Item:
    at = tenant.clock.iso()
    site = tenant.store.insert("site", "contoso.sharepoint.com/sites/x", at=at)
    web = tenant.store.insert("web", "/sites/x", parent=site.id, at=at)
    library = tenant.store.insert("list", "Shared Documents", parent=web.id, at=at)
    return tenant.content.create_root(library.id, name="Shared Documents", by=ALICE)


def add(content: Content, parent: Item, name: str, text: bytes = b"text", **options: object) -> Item:
    return content.add_file(parent, name, content.blobs.put(text), by=ALICE, **options)


def test_names_differ_by_more_than_case(content: Content, root: Item) -> None:
    add(content, root, "Größe.txt")
    with pytest.raises(Refusal, match="already exists"):
        add(content, root, "GRÖSSE.txt".replace("SS", "ß"))


def test_replacing_makes_a_version_and_keeps_the_identity(content: Content, root: Item) -> None:
    first = add(content, root, "a.txt", b"one")
    second = add(content, root, "A.TXT", b"two", conflict=Conflict.REPLACE)
    assert (second.guid, second.version_label) == (first.guid, "2.0")
    assert content.blobs.read(content.versions(second)[0].blob) == b"one"


def test_renaming_takes_the_next_free_number(content: Content, root: Item) -> None:
    names = [add(content, root, "a.txt", conflict=Conflict.RENAME).name for _ in range(3)]
    assert names == ["a.txt", "a 1.txt", "a 2.txt"]


@pytest.mark.parametrize("name", ["a:b", "a?", " a", "a.", "CON", "~$x.docx", "x_vti_y", "x" * 256, "a\x07"])
def test_forbidden_names_are_refused(content: Content, root: Item, name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        add(content, root, name)
    assert refusal.value.code == "invalidName"


def test_path_of_400_characters_fits_and_one_more_does_not(content: Content, root: Item) -> None:
    folder = content.add_folder(root, "f" * 250, by=ALICE)
    room = 400 - len("sites/x/Shared Documents/") - 251
    add(content, folder, "n" * room)
    with pytest.raises(Refusal) as refusal:
        add(content, folder, "m" * (room + 1))
    assert refusal.value.code == "pathTooLong"


def test_forms_is_refused_at_the_root_only(content: Content, root: Item) -> None:
    folder = content.add_folder(root, "A", by=ALICE)
    content.add_folder(folder, "Forms", by=ALICE)
    with pytest.raises(Refusal):
        content.add_folder(root, "Forms", by=ALICE)


def test_folder_cannot_move_into_itself(content: Content, root: Item) -> None:
    outer = content.add_folder(root, "A", by=ALICE)
    inner = content.add_folder(outer, "B", by=ALICE)
    with pytest.raises(Refusal) as refusal:
        content.move(outer, by=ALICE, parent=inner)
    assert refusal.value.code == "cannotMoveIntoItself"


def test_recycled_folder_comes_back_with_everything_in_it(content: Content, root: Item) -> None:
    folder = content.add_folder(root, "A", by=ALICE)
    add(content, folder, "x.txt")
    content.recycle(folder)
    assert content.resolve(root, "A/x.txt") is None
    content.restore(folder)
    assert content.resolve(root, "a/X.TXT") is not None


def test_changes_replay_to_the_same_tree(content: Content, root: Item) -> None:
    keep = add(content, root, "keep.txt")
    gone = add(content, root, "gone.txt")
    mark = content.last_change
    content.purge(gone)
    content.move(keep, by=ALICE, name="kept.txt")
    seen = [(each.name, each.bin != 0) for each in content.changes(root.list, after=mark, limit=10)]
    assert seen == [("gone.txt", True), ("kept.txt", False)]


def test_dates_given_by_the_client_are_kept(content: Content, root: Item) -> None:
    item = add(content, root, "old.txt", times=Times("2001-01-01T00:00:00Z", "2002-02-02T00:00:00Z"))
    assert (item.created, item.modified) == ("2001-01-01T00:00:00Z", "2002-02-02T00:00:00Z")


def test_correcting_without_a_new_version(content: Content, root: Item) -> None:
    item = content.write(add(content, root, "a.txt"), by=BOB, author=BOB, keep_version=True)
    assert (item.author, item.version_label, content.versions(item)) == (BOB, "1.0", [])


def test_locked_file_is_refused_to_others_until_the_lock_ends(tenant: Tenant, root: Item) -> None:
    content = tenant.content
    item = content.lock(add(content, root, "a.txt"), by=ALICE, until="2999-01-01T00:00:00Z")
    content.write(item, by=ALICE)
    with pytest.raises(Refusal, match="locked"):
        content.move(item, by=BOB, name="b.txt")


def test_large_blob_lies_in_a_file_and_reads_by_range(tmp_path: Path, content: Content) -> None:
    bytes_ = bytes(range(256)) * 400
    blob = content.blobs.put(bytes_)
    assert content.blobs.file(blob.address) is not None
    assert content.blobs.read(blob.address, 300, 10) == bytes_[300:310]


def test_state_survives_without_closing(tmp_path: Path) -> None:
    first = open_tenant(tmp_path / "state")
    with first.store.transaction():
        first.store.insert("site", "contoso.sharepoint.com", at=first.clock.iso())
    second = open_tenant(tmp_path / "state")
    assert second.store.find("site", 0, "CONTOSO.sharepoint.com") is not None
    first.store.close()
    second.store.close()


def test_refused_request_leaves_no_trace(tenant: Tenant) -> None:
    with pytest.raises(RuntimeError), tenant.store.transaction():
        tenant.store.insert("site", "a", at=tenant.clock.iso())
        raise RuntimeError
    assert tenant.store.every("site") == []


def test_every_library_may_have_a_root_of_the_same_name(content: Content, root: Item) -> None:
    other = content.create_root(root.list + 1, name=root.name, by=ALICE)
    assert content.root(root.list + 1) == other


def test_folders_of_a_tenant_that_was_cleared_are_not_remembered(tenant: Tenant) -> None:
    old = tenant.content.add_folder(make_library(tenant), "Old", by=ALICE)
    assert tenant.content.path(add(tenant.content, old, "a.txt")) == "Old/a.txt"
    with tenant.store.transaction():
        tenant.store.clear()
    new = tenant.content.add_folder(make_library(tenant), "New", by=ALICE)
    assert new.id == old.id
    assert tenant.content.path(add(tenant.content, new, "a.txt")) == "New/a.txt"


def test_a_file_has_at_most_511_drafts(tenant: Tenant, content: Content, root: Item) -> None:
    listing = tenant.store.by_id(root.list)
    assert listing
    tenant.store.update(listing, {"EnableMinorVersions": True}, at=tenant.clock.iso())
    draft = add(content, root, "draft.docx")
    for _ in range(510):
        draft = content.write(draft, by=ALICE, fields={"Title": "x"})
    assert draft.version_label == "0.511"
    with pytest.raises(Refusal, match="511"):
        content.write(draft, by=ALICE, fields={"Title": "y"})
