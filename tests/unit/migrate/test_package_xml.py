"""The eight files of a package, held against the rules of Microsoft's manifest documentation."""

import re
import uuid
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.package.contents import Archive, Contents, Document, Home, PackedFolder
from spmigrate.migrate.package.documents import documents
from spmigrate.migrate.package.xml import NotXml, escape, is_writable, moment
from spmigrate.migrate.stamp import Granted, Principal, Stamp
from spmigrate.store.package_identities import Identity

EIGHT = {
    "ExportSettings.xml": ("ExportSettings", "exportsettings"), "LookupListMap.xml": ("LookupLists", "lookuplistmap"),
    "Manifest.xml": ("SPObjects", "manifest"), "Requirements.xml": ("Requirements", "requirements"),
    "RootObjectMap.xml": ("RootObjects", "rootobjectmap"), "SystemData.xml": ("SystemData", "systemdata"),
    "UserGroup.xml": ("UserGroupMap", "usergroupmap"), "ViewFormsList.xml": ("ViewFormsList", "viewformlist"),
}  # fmt: skip
AWKWARD = (
    "O'Brien & sons <draft> #1 50%.txt",
    'a "quoted" name.txt',
    "🚧 naïve £ €.txt",
    "100%25.txt",
    "tab\tname.txt",
)
HOME = Home(
    site_url="https://contoso.sharepoint.com/sites/a", web="/sites/a", web_id=str(uuid.uuid4()),
    list_id=str(uuid.uuid4()), root_id=str(uuid.uuid4()), title="Documents & more", leaf="Shared Documents",
)  # fmt: skip
STAMP = Stamp(None, None, created_ns=1_300_000_000 * 10**9, modified_ns=1_400_000_001 * 10**9 + 999_999_999)


def identity(number: int = 0) -> Identity:
    return Identity(str(uuid.uuid4()), number)


def package(*names: str, stamp: Stamp = STAMP, archives: tuple[Archive, ...] = ()) -> Contents:
    """Files of these names in the folder `Plans/Deep`."""
    outer = PackedFolder("Plans", identity(), HOME.root_id, made=False)
    inner = PackedFolder("Plans/Deep", identity(7), outer.identity.file_id)
    found = []
    for number, name in enumerate(names, start=20):
        given_id = identity(number)
        found.append(Document(f"Plans/Deep/{name}", given_id, inner.identity.file_id, given_id.file_id, stamp))
    return Contents(HOME, [outer, inner], found, archives)


def read(contents: Contents, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(documents(contents)[name])


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def objects(contents: Contents) -> list[tuple[ElementTree.Element, ElementTree.Element]]:
    """Every SPObject with what is in it."""
    return [(each, next(iter(each))) for each in read(contents, "Manifest.xml")]


def of_kind(contents: Contents, kind: str) -> list[ElementTree.Element]:
    return [inner for outer, inner in objects(contents) if outer.get("ObjectType") == kind]


def test_all_eight_files_are_written_with_their_roots_and_schemas() -> None:
    found = documents(package("a.txt"))
    assert set(found) == set(EIGHT)
    for name, (root, schema) in EIGHT.items():
        assert ElementTree.fromstring(found[name]).tag == f"{{urn:deployment-{schema}-schema}}{root}"


def test_export_settings_say_where_the_content_comes_from() -> None:
    settings = read(package("a.txt"), "ExportSettings.xml")
    assert (settings.get("SourceType"), settings.get("IncludeSecurity")) == ("FileShare", "None")
    assert settings.get("SiteUrl") == HOME.site_url
    exported = settings[0][0]
    assert (exported.get("Id"), exported.get("Type"), exported.get("ParentId")) == (HOME.list_id, "List", HOME.web_id)


def test_system_data_names_the_manifest_and_the_version() -> None:
    parts = {local(each): each for each in read(package("a.txt"), "SystemData.xml")}
    assert parts["SchemaVersion"].get("Version") == "15.0.0.0"
    assert [each.get("Name") for each in parts["ManifestFiles"]] == ["Manifest.xml"]
    assert {each.get("Type") for each in parts["SystemObjects"]} == {"Web", "List", "Folder"}


def test_root_object_is_the_library() -> None:
    (found,) = read(package("a.txt"), "RootObjectMap.xml")
    assert (found.get("Id"), found.get("ParentId")) == (HOME.list_id, HOME.web_id)
    assert (found.get("WebUrl"), found.get("Url")) == ("/sites/a", "/sites/a/Shared Documents")


def test_parents_stand_before_what_lies_in_them() -> None:
    seen = {HOME.web_id, HOME.list_id}
    for outer, inner in objects(package(*AWKWARD[:2])):
        parent = inner.get("ParentFolderId") or inner.get("ParentId") or HOME.web_id
        assert parent in seen, ElementTree.tostring(inner)
        seen.add(outer.get("Id") or "")
    kinds = [outer.get("ObjectType") for outer, _ in objects(package("a.txt"))]
    assert kinds == ["SPFolder", "SPDocumentLibrary", "SPFolder", "SPFolder", "SPListItem", "SPFile", "SPListItem"]


def test_each_file_has_its_list_item_and_each_new_folder_its_own() -> None:
    contents = package("a.txt", "b.txt")
    items = of_kind(contents, "SPListItem")
    assert [each.get("DocType") for each in items] == ["Folder", "File", "File"]
    files = {each.get("Id"): each for each in of_kind(contents, "SPFile")}
    for each in items[1:]:
        file = files[each.get("DocId")]
        assert (each.get("IntId"), each.get("FileUrl")) == (file.get("ListItemIntId"), file.get("Url"))
        assert each.get("ParentListId") == file.get("ListId") == HOME.list_id
        assert (each.get("DirName"), each.get("ModerationStatus")) == (
            "sites/a/Shared Documents/Plans/Deep",
            "Approved",
        )
    every = [outer.get("Id") for outer, _ in objects(contents)]
    assert len(every) == len(set(every))


def test_awkward_names_are_read_again_as_they_are() -> None:
    contents = package(*AWKWARD)
    assert [each.get("Name") for each in of_kind(contents, "SPFile")] == list(AWKWARD)
    assert [each.get("Url") for each in of_kind(contents, "SPFile")] == [
        f"Shared Documents/Plans/Deep/{name}" for name in AWKWARD
    ]


@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\x0b", "￾", "\ud83d"])
def test_characters_that_xml_cannot_hold_are_refused(bad: str) -> None:
    assert not is_writable(f"a{bad}.txt")
    with pytest.raises(NotXml):
        documents(package(f"a{bad}.txt"))


@given(st.text())
def test_every_text_that_can_be_written_is_read_again(text: str) -> None:
    if is_writable(text):
        assert ElementTree.fromstring(f'<a b="{escape(text)}"/>').get("b") == text


def test_dates_are_date_times_in_utc() -> None:
    (file,) = of_kind(package("a.txt"), "SPFile")
    assert (file.get("TimeCreated"), file.get("TimeLastModified")) == ("2011-03-13T07:06:40Z", "2014-05-13T16:53:21Z")


@given(st.integers(-62_000_000_000 * 10**9, 250_000_000_000 * 10**9))
def test_every_date_has_the_form_of_the_schema(nanoseconds: int) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment(nanoseconds))


def test_people_come_once_with_claims_and_are_named_by_number() -> None:
    author = Principal("Jane.Smith@council.example", name="Jane", email="jane@council.example")
    editor = Principal("gone@council.example", system_id="10037FFE8A3F1C22", former=True)
    stamp = replace(STAMP, author=author, editor=editor)
    again = replace(STAMP, author=replace(author, login="jane.smith@COUNCIL.example"), editor=None)
    contents = package("a.txt", "b.txt", stamp=stamp)
    contents = replace(contents, documents=[contents.documents[0], replace(contents.documents[1], stamp=again)])
    users = list(read(contents, "UserGroup.xml")[0])
    assert [each.get("Login") for each in users] == [
        "i:0#.f|membership|Jane.Smith@council.example", "i:0#.f|membership|gone@council.example",
    ]  # fmt: skip
    assert [(each.get("SystemId"), each.get("IsDeleted")) for each in users] == [
        ("", "false"), ("10037FFE8A3F1C22", "true"),
    ]  # fmt: skip
    files = of_kind(contents, "SPFile")
    assert [(each.get("Author"), each.get("ModifiedBy")) for each in files] == [("1", "2"), ("1", None)]


def test_a_guid_is_never_a_system_id() -> None:
    stamp = replace(STAMP, author=Principal("a@council.example", system_id=str(uuid.uuid4())))
    (user,) = read(package("a.txt", stamp=stamp), "UserGroup.xml")[0]
    assert user.get("SystemId") == ""


def test_grants_use_levels_of_our_own_numbers_with_decimal_rights() -> None:
    reader = Principal("a@council.example")
    stamp = replace(STAMP, grants=(Granted(reader, "Read"), Granted(reader, "Contribute")))
    contents = package("a.txt", stamp=stamp)
    roles = {each.get("Title"): each for each in of_kind(contents, "DeploymentRoles")[0]}
    assert roles["Read"].get("PermMask") == "756052856929"
    assert all(int(each.get("RoleId") or 0) < 1_073_741_824 for each in roles.values())
    (assignment,) = of_kind(contents, "DeploymentRoleAssignments")[0]
    assert assignment.get("ObjectId") == contents.documents[0].identity.file_id
    assert {(each.get("RoleId"), each.get("PrincipalId")) for each in assignment} == {
        (roles["Read"].get("RoleId"), "1"), (roles["Contribute"].get("RoleId"), "1"),
    }  # fmt: skip
    assert read(contents, "ExportSettings.xml").get("IncludeSecurity") == "All"


def test_a_level_that_no_site_has_by_itself_is_refused() -> None:
    stamp = replace(STAMP, grants=(Granted(Principal("a@council.example"), "Records team"),))
    with pytest.raises(ValueError, match="Records team"):
        documents(package("a.txt", stamp=stamp))


def test_columns_stand_in_the_list_item() -> None:
    contents = package("a.txt", stamp=replace(STAMP, columns={"Title": "Plan & section"}))
    (field,) = of_kind(contents, "SPListItem")[1][0]
    assert (field.get("Name"), field.get("Value")) == ("Title", "Plan & section")


def test_archives_are_listed_with_their_members_and_digest() -> None:
    archived = Archive("pack0.zip", "c2VjcmV0", ("one", "two"))
    root = read(package("a.txt", archives=(archived,)), "ArchivedFiles.xml")
    assert (root.tag, root[0].get("Name"), root[0].get("Checksum")) == ("ArchivedFiles", "pack0.zip", "c2VjcmV0")
    assert [each.get("FileValue") for each in root[0]] == ["one", "two"]


def test_a_number_of_the_service_itself_is_left_to_it() -> None:
    contents = package("a.txt")
    contents = replace(contents, documents=[replace(contents.documents[0], identity=identity(0))])
    (file,) = of_kind(contents, "SPFile")
    assert file.get("ListItemIntId") is None
