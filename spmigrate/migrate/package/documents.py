"""The XML files of a package. All eight are always written: a missing one fails the job, although the documentation
calls four of them optional (seen on a real tenant by the authors of office365-rest-python-client 3.3.0)."""

from collections.abc import Sequence

from spmigrate.migrate.package.contents import Archive, Contents, Home
from spmigrate.migrate.package.manifest import manifest
from spmigrate.migrate.package.people import People
from spmigrate.migrate.package.xml import DECLARATION, attributes, escape

MANIFEST = "Manifest.xml"
ARCHIVES = "ArchivedFiles.xml"


def documents(contents: Contents) -> dict[str, bytes]:
    """The files by name, those of the archives too where there are any. Raises NotXml."""
    people = People.of(each.stamp for each in contents.documents)
    # The manifest numbers nobody who is not in the list of people already.
    texts = {
        "ExportSettings.xml": _export_settings(contents),
        "LookupListMap.xml": _childless("LookupLists", "lookuplistmap"),
        MANIFEST: manifest(contents, people),
        "Requirements.xml": _childless("Requirements", "requirements"),
        "RootObjectMap.xml": _root_objects(contents.home),
        "SystemData.xml": _system_data(contents.home),
        "UserGroup.xml": people.document(),
        "ViewFormsList.xml": _childless("ViewFormsList", "viewformlist"),
    }
    if contents.archives:
        texts[ARCHIVES] = _archived(contents.archives)
    return {name: text.encode() for name, text in texts.items()}


def _export_settings(contents: Contents) -> str:
    home = contents.home
    secured = any(each.stamp.grants is not None for each in contents.documents)
    given = attributes(
        xmlns="urn:deployment-exportsettings-schema", SiteUrl=home.site_url,
        IncludeSecurity="All" if secured else "None", SourceType="FileShare", IgnoreWebParts="true",
    )  # fmt: skip
    return (
        f'{DECLARATION}<ExportSettings{given}><ExportObjects><DeploymentObject Id="{home.list_id}" Type="List"'
        f' ParentId="{home.web_id}" /></ExportObjects></ExportSettings>'
    )


def _system_data(home: Home) -> str:
    # Build and version numbers are those of Microsoft's own samples, which the service does not hold to its own.
    objects = (
        f'<SystemObject Id="{home.web_id}" Type="Web" Url="{escape(home.web)}" />'
        f'<SystemObject Id="{home.list_id}" Type="List" Url="{escape(home.address)}" />'
        f'<SystemObject Id="{home.root_id}" Type="Folder" Url="{escape(home.address)}" />'
    )
    return (
        f'{DECLARATION}<SystemData xmlns="urn:deployment-systemdata-schema">'
        '<SchemaVersion Version="15.0.0.0" Build="16.0.3111.1200" DatabaseVersion="11552" SiteVersion="15" />'
        f'<ManifestFiles><ManifestFile Name="{MANIFEST}" /></ManifestFiles>'
        f"<SystemObjects>{objects}</SystemObjects><RootWebOnlyLists /></SystemData>"
    )


def _root_objects(home: Home) -> str:
    given = attributes(
        Id=home.list_id, Type="List", ParentId=home.web_id, WebUrl=home.web, Url=home.address, IsDependency="false"
    )
    return f'{DECLARATION}<RootObjects xmlns="urn:deployment-rootobjectmap-schema"><RootObject{given} /></RootObjects>'


def _archived(archives: Sequence[Archive]) -> str:
    inside = []
    for each in archives:
        members = "".join(f'<File FileValue="{name}" />' for name in each.members)
        inside.append(f"<ArchivedFile{attributes(Name=each.name, Checksum=each.checksum)}>{members}</ArchivedFile>")
    return f"{DECLARATION}<ArchivedFiles>{''.join(inside)}</ArchivedFiles>"


def _childless(root: str, schema: str) -> str:
    return f'{DECLARATION}<{root} xmlns="urn:deployment-{schema}-schema" />'
