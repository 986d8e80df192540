"""Reading a package of the SharePoint Migration API: the manifest files as data, and why one can't be read.

Source: "XML manifest files" (sp-dev-docs, migration-manifest.md). What fails a package as a whole raises
`PackageProblem`; what concerns one object alone is found later, when it is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse, parse

SETTINGS, SYSTEM, PEOPLE = "ExportSettings.xml", "SystemData.xml", "UserGroup.xml"
ARCHIVES = "ArchivedFiles.xml"
# The documentation calls these optional ("omission generates a warning"); the authors of office365-rest-python-client
# 3.3.0 found on a real tenant that the service fetches them by name and that a missing one fails the job with a 404.
OTHERS = ("Requirements.xml", "RootObjectMap.xml", "LookupListMap.xml", "ViewFormsList.xml")
_SOURCES = frozenset({
    "AmazonS3", "AzureStorage", "Box", "Dropbox", "Egnyte", "FileShare", "GoogleCloudStorage", "GoogleDrive",
    "MicrosoftStream", "OneDrive", "SharePointOnline", "SharePointOnPremServer", "Other",
})  # fmt: skip
_ROOTS = {
    ARCHIVES: ("ArchivedFiles", ""),
    SETTINGS: ("ExportSettings", "urn:deployment-exportsettings-schema"),
    SYSTEM: ("SystemData", "urn:deployment-systemdata-schema"),
    PEOPLE: ("UserGroupMap", "urn:deployment-usergroupmap-schema"),
    "Requirements.xml": ("Requirements", "urn:deployment-requirements-schema"),
    "RootObjectMap.xml": ("RootObjects", "urn:deployment-rootobjectmap-schema"),
    "LookupListMap.xml": ("LookupLists", "urn:deployment-lookuplistmap-schema"),
    "ViewFormsList.xml": ("ViewFormsList", "urn:deployment-viewformlist-schema"),
}
_MANIFEST = "urn:deployment-manifest-schema"
_DATE = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DATES = ("TimeCreated", "TimeLastModified")
_GUIDS = ("Id", "ParentId", "ParentWebId", "ParentFolderId", "ListId", "DocId", "ParentListId")
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
# The constrained schema of the older "SharePoint Import Migration API": what an object may be, and must say.
_KINDS = frozenset({
    "SPList", "SPDocumentLibrary", "SPListItem", "SPFolder", "SPFile", "SPContentType", "SPDocumentTemplate",
    "DeploymentUserX", "DeploymentGroupX", "DeploymentRoles", "DeploymentRoleX", "DeploymentRoleAssignments",
    "DeploymentRoleAssignmentX",
})  # fmt: skip
_LIST = ("Id", "Title", "RootFolderUrl", "ParentWebId", "BaseTemplate")
_REQUIRED = {"SPList": _LIST, "SPDocumentLibrary": _LIST}
_INTEGER = (re.compile(r"[+-]?\d{1,10}"), ("int", "Pattern"))
_TYPES = {
    "IntId": _INTEGER, "ListItemIntId": _INTEGER,
    "DocType": (re.compile("File|Folder|Unknown"), ("ListItemDocType", "Enumeration")),
    "ModerationStatus": (
        re.compile("Approved|Denied|Pending|Draft|Scheduled"), ("SPModerationStatusType", "Enumeration")
    ),
}  # fmt: skip
_SCHEMA = "System.Xml.Schema.XmlSchemaValidationException"
_XML = "System.Xml.XmlException"


class PackageProblem(Exception):
    """Why a package is refused as a whole: the number, type and text of the service's error."""

    def __init__(
        self, message: str, *, error: str = "Microsoft.SharePoint.SPException", code: int = -2147213196
    ) -> None:
        super().__init__(message)
        self.message, self.error, self.code = message, error, code


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its name without namespace, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str]
    children: tuple[Node, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self.attributes.get(name, default)

    def all(self, *path: str) -> list[Node]:
        """The elements at a path of names below this one."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.tag == name]
        return found

    def dump(self) -> list[Any]:
        """The element as JSON can hold it."""
        return [self.tag, self.attributes, [child.dump() for child in self.children]]


def load_node(content: list[Any]) -> Node:
    """The element that `Node.dump` wrote."""
    return Node(content[0], content[1], tuple(load_node(child) for child in content[2]))


@dataclass(frozen=True, slots=True)
class PackageObject:
    """One `SPObject` of a manifest: its kind (`SPFile`), its own attributes, and the element inside."""

    kind: str
    id: str
    node: Node

    def dump(self) -> list[Any]:
        """The object as JSON can hold it."""
        return [self.kind, self.id, self.node.dump()]

    @staticmethod
    def load(content: list[Any]) -> PackageObject:
        """The object that `dump` wrote."""
        return PackageObject(content[0], content[1], load_node(content[2]))

    @property
    def document(self) -> str:
        """The id of the file that a list item describes; empty for anything else."""
        return guid(self.node.get("DocId")) if self.kind == "SPListItem" else ""


@dataclass(frozen=True, slots=True)
class People:
    """Users and groups of a package by their numbers."""

    users: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Mapping[str, str]]


def guid(text: str) -> str:
    """A GUID as it is compared."""
    return text.strip().strip("{}").lower()


def read_objects(path: Path) -> Iterator[PackageObject]:
    """The objects of a manifest file, one after the other."""
    _refuse_doctype(path)
    try:
        # Document types are refused above, and expat itself stops entities that grow.
        events = iterparse(path, events=("start", "end"))  # noqa: S314
        root = next(events)[1]
        if root.tag != f"{{{_MANIFEST}}}SPObjects":
            raise PackageProblem(f"The '{_local(root.tag)}' element is not declared.", error=_SCHEMA)
        depth = 0
        for event, element in events:
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 0:
                yield _object(element)
                root.clear()
    except ParseError as problem:
        raise PackageProblem(f"There is an error in the XML document. {problem}", error=_XML) from None


def _object(element: Element) -> PackageObject:
    if _local(element.tag) != "SPObject":
        raise PackageProblem(
            f"The element 'SPObjects' has invalid child element '{_local(element.tag)}'.", error=_SCHEMA
        )
    kind = element.get("ObjectType", "")
    if not kind:
        raise PackageProblem("The required attribute 'ObjectType' is missing.", error=_SCHEMA)
    if kind not in _KINDS:
        raise _invalid("ObjectType", kind, "SPObjectType", "Enumeration")
    inner = [_node(child) for child in element]
    node = inner[0] if inner else Node("", {})
    missing = next((name for name in _REQUIRED.get(kind, ()) if name not in node.attributes), None)
    if missing is not None:
        raise PackageProblem(f"The required attribute '{missing}' is missing.", error=_SCHEMA)
    identity = guid(element.get("Id") or node.get("Id"))
    return PackageObject(kind, identity, node)


def _node(element: Element) -> Node:
    attributes = {_local(name): value for name, value in element.attrib.items()}
    for name in _DATES:
        if name in attributes and not _DATE.fullmatch(attributes[name]):
            raise PackageProblem(
                f"The '{name}' attribute is invalid - The value '{attributes[name]}' is invalid according to its "
                "datatype 'http://www.w3.org/2001/XMLSchema:dateTime'.",
                error=_SCHEMA,
            )
    for name, (pattern, kind) in _TYPES.items():
        if name in attributes and _is_object(element.tag) and not pattern.fullmatch(attributes[name]):
            raise _invalid(name, attributes[name], *kind)
    for name in _GUIDS:
        if attributes.get(name) and _is_object(element.tag) and not _GUID.fullmatch(attributes[name]):
            raise PackageProblem(
                f"The '{name}' attribute is invalid - The value '{attributes[name]}' is invalid according to its "
                "datatype 'urn:deployment-manifest-schema:Guid' - The Pattern constraint failed.",
                error=_SCHEMA,
            )
    return Node(_local(element.tag), attributes, tuple(_node(child) for child in element))


def _invalid(name: str, value: str, kind: str, constraint: str) -> PackageProblem:
    return PackageProblem(
        f"The '{name}' attribute is invalid - The value '{value}' is invalid according to its datatype "
        f"'urn:deployment-manifest-schema:{kind}' - The {constraint} constraint failed.",
        error=_SCHEMA,
    )


def _is_object(tag: str) -> bool:
    return _local(tag) in ("File", "Folder", "ListItem", "List", "DocumentLibrary")


def check_settings(path: Path) -> None:
    """Refuse a package whose `ExportSettings.xml` does not say where its content comes from."""
    root = read_document(path, SETTINGS)
    source = root.get("SourceType", "")
    if not source:
        raise PackageProblem("The required attribute 'SourceType' is missing in ExportSettings.xml.")
    if source not in _SOURCES:
        raise PackageProblem(f"The SourceType '{source}' in ExportSettings.xml is not valid.")
    if source == "Other" and not root.get("DetailedSource"):
        raise PackageProblem("The attribute 'DetailedSource' is required when SourceType is 'Other'.")


def read_manifest_names(path: Path) -> list[str]:
    """The names of the manifest files that `SystemData.xml` lists."""
    root = read_document(path, SYSTEM)
    version = next((each for each in root if _local(each.tag) == "SchemaVersion"), None)
    if version is None or version.get("Version") != "15.0.0.0":
        raise PackageProblem("The schema version of the package is not supported; it must be 15.0.0.0.")
    names = [each.get("Name", "") for part in root if _local(part.tag) == "ManifestFiles" for each in part]
    if not names or not all(names):
        raise PackageProblem("SystemData.xml does not list any manifest file.")
    return names


def read_people(path: Path) -> People:
    """The users and groups of a package."""
    root = read_document(path, PEOPLE)
    users: dict[str, dict[str, str]] = {}
    groups: dict[str, dict[str, str]] = {}
    for part in root:
        for each in part:
            target = users if _local(each.tag) == "User" else groups
            content = {_local(name): value for name, value in each.attrib.items()}
            _refuse_guid_as_system_id(content)
            # "The API now blocks and detects duplicate user entries" ("What's new in the Migration API", 2023).
            login = content.get("Login", "").lower()
            if target is users and any(login == other.get("Login", "").lower() for other in users.values()):
                raise PackageProblem(f"UserGroup.xml has duplicate entries for the user '{login}'.")
            target[content.get("Id", "")] = content
    return People(users, groups)


def _refuse_guid_as_system_id(user: Mapping[str, str]) -> None:
    """A SystemId is a SID in base64 or a PUID of 16 hexadecimal digits."""
    if _GUID.fullmatch(user.get("SystemId", "")):
        raise PackageProblem(
            "Input string was not in a correct format.", error="System.FormatException", code=-2146233033
        )


def read_document(path: Path, name: str) -> Element:
    """The root element of one of the small files."""
    _refuse_doctype(path)
    try:
        root = parse(path).getroot()  # noqa: S314 - as above
    except ParseError as problem:
        raise PackageProblem(f"There is an error in the XML document {name}. {problem}", error=_XML) from None
    wanted = _ROOTS[name]
    if root is None or root.tag != (f"{{{wanted[1]}}}{wanted[0]}" if wanted[1] else wanted[0]):
        found = "" if root is None else _local(root.tag)
        raise PackageProblem(f"The '{found}' element is not declared in {name}.", error=_SCHEMA)
    return root


def _refuse_doctype(path: Path) -> None:
    file: IO[bytes]
    with path.open("rb") as file:
        if b"<!DOCTYPE" in file.read(4096).replace(b"\0", b""):
            message = "For security reasons DTD is prohibited in this XML document."
            raise PackageProblem(message, error=_XML)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
