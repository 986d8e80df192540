"""App packages (``.sppkg``): what their manifest says."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

_MANIFEST = "AppManifest.xml"
# A manifest is a few kilobytes; more than this is no manifest.
_LARGEST = 1024 * 1024
_BROKEN = (
    "Invalid SharePoint App package. Error: Part URI is not valid per rules defined in the Open Packaging "
    "Conventions specification."
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package as its manifest describes it; `error` says what is wrong with it."""

    product: str = ""
    title: str = ""
    version: str = "0.0.0.0"  # noqa: S104 - the version of an app, no address
    summary: str = ""
    client_side: bool = False
    skips_feature: bool = False
    tenant_wide: bool = False
    permissions: str = ""
    teams: bool = False
    error: str = ""


def read_package(content: bytes) -> Package:
    """What a package says of itself; one that is none says so in `error`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            manifest = next((each for each in names if each.rpartition("/")[2].lower() == _MANIFEST.lower()), None)
            if manifest is None or archive.getinfo(manifest).file_size > _LARGEST:
                return Package(error=_BROKEN)
            root = ElementTree.fromstring(archive.read(manifest))  # noqa: S314 - no entities are resolved
    except (zipfile.BadZipFile, ElementTree.ParseError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return Package(error=_BROKEN)
    product = root.get("ProductID", "").strip("{}").lower()
    if not product or not root.get("Name"):
        return Package(error=_BROKEN)
    texts = {each.tag.rpartition("}")[2]: (each.text or "") for each in root.iter()}
    asked = [each for each in root.iter() if each.tag.endswith("}WebApiPermissionRequest")]
    return Package(
        product=product,
        title=str(texts.get("Title") or root.get("Name")),
        version=root.get("Version", "1.0.0.0"),
        summary=texts.get("ShortDescription", ""),
        client_side=root.get("IsClientSideSolution", "").lower() == "true",
        skips_feature=root.get("SkipFeatureDeployment", "").lower() == "true",
        tenant_wide=any(each.lower().endswith("clientsideinstance.xml") for each in names),
        permissions="; ".join(f"{each.get('ResourceId', '')}, {each.get('Scope', '')}" for each in asked),
        teams=any("teamsmanifest" in each.lower() or each.lower().startswith("teams/") for each in names),
    )
