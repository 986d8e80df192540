"""Archives of small files in packages of the Migration API, and what the schema of a manifest asks for."""

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import pytest

from spmigrate.quickxor import quickxor
from tests.contract.migration_package import CertifiedClient, Package, Site, progress, provision
from tests.contract.test_migration_api import folder_name, read
from tests.rehearsal_fixtures import RunningTenant


@pytest.fixture
def site(rehearsal: RunningTenant) -> Iterator[Site]:
    yield Site(CertifiedClient(rehearsal), rehearsal.ready["site"])


def archived(package: Package, *, count: int = 1, compressed: bool = False, checksum: str = "") -> Package:
    """Move the content of a package into archives."""
    kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    names = list(package.content)
    told = ""
    for number in range(count):
        members = names[number::count]
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", kind) as archive:
            for name in members:
                archive.writestr(name, package.content.pop(name))
        content = file.getvalue()
        package.content[f"pack{number}.zip"] = content
        listed = "".join(f"<File FileValue={quoteattr(name)} />" for name in members)
        told += (
            f'<ArchivedFile Name="pack{number}.zip" Checksum="{checksum or quickxor(content)}">{listed}</ArchivedFile>'
        )
    whole = package.documents() | {"ArchivedFiles.xml": f"<ArchivedFiles>{told}</ArchivedFiles>".encode()}
    package.documents = lambda: whole  # type: ignore[method-assign]
    return package


def fatal(site: Site, package: Package) -> str:
    """Why a package was refused as a whole; empty when it was not."""
    events, _ = progress(site, provision(site).put(package).submit())
    return next((each["Message"] for each in events if each["Event"] == "JobFatalError"), "")


def test_files_arrive_out_of_two_archives(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top)
    for name, content in (("a.txt", b"first"), ("b.txt", b""), ("c.txt", b"third")):
        package.file(f"{top}/{name}", ("1.0", content))
    assert fatal(site, archived(package, count=2)) == ""
    assert [read(site, f"{top}/{name}.txt") for name in "abc"] == [b"first", b"", b"third"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"checksum": "AAAA"}, "checksum"),
        ({"compressed": True}, "compressed"),
        ({"count": 3}, "2 archives at most"),
    ],
)
def test_archives_that_stop_a_package(site: Site, spoil: dict[str, object], message: str) -> None:
    top = folder_name()
    package = Package(site).folder(top)
    for number in range(4):
        package.file(f"{top}/{number}.txt", ("1.0", b"x" * 500))
    assert message in fatal(site, archived(package, **spoil))  # type: ignore[arg-type]  # of several kinds


def test_a_file_of_a_hundred_kilobytes_is_too_large_for_an_archive(site: Site) -> None:
    top = folder_name()
    package = Package(site).folder(top).file(f"{top}/large.bin", ("1.0", bytes(102_400)))
    assert "100 KB" in fatal(site, archived(package))


def test_a_member_that_the_archive_does_not_have_stops_the_package(site: Site) -> None:
    top = folder_name()
    package = archived(Package(site).folder(top).file(f"{top}/a.txt", ("1.0", b"x")))
    whole = package.documents()
    whole["ArchivedFiles.xml"] = whole["ArchivedFiles.xml"].replace(
        b"</ArchivedFile>", b'<File FileValue="b" /></ArchivedFile>'
    )
    assert "does not have all files" in fatal(site, package)


def test_a_user_who_comes_twice_stops_the_package(site: Site) -> None:
    package = Package(site).folder(folder_name())
    package.user(1, "somebody@contoso.onmicrosoft.com").user(2, "Somebody@contoso.onmicrosoft.com")
    assert "duplicate entries" in fatal(site, package)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('DocType="File"', 'DocType="Document"', "ListItemDocType"),
        ('ObjectType="SPFile"', 'ObjectType="File"', "SPObjectType"),
        ('DocType="File"', 'DocType="File" IntId="first"', "IntId"),
        ('DocType="File"', 'DocType="File" ModerationStatus="Fine"', "ModerationStatus"),
    ],
)
def test_values_that_the_schema_does_not_know_stop_the_package(
    site: Site, before: str, after: str, message: str
) -> None:
    top = folder_name()
    package = Package(site).folder(top).file(f"{top}/a.txt", ("1.0", b"x"))
    package.objects = [each.replace(before, after) for each in package.objects]
    assert message in fatal(site, package)


def test_a_library_without_its_title_stops_the_package(site: Site) -> None:
    package = Package(site).folder(folder_name())
    package.objects.append(
        f'<SPObject Id="{package.list}" ObjectType="SPDocumentLibrary"><DocumentLibrary Id="{package.list}"'
        f' BaseTemplate="DocumentLibrary" ParentWebId="{package.web}" RootFolderUrl="/x" /></SPObject>'
    )
    assert "'Title' is missing" in fatal(site, package)
