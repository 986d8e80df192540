"""Folders of libraries with permissions of their own: closed, opened for exactly those who may, and looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.tenant import accounts, files
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import permission_levels, principals
from spmigrate.tenant.site.copies import literal
from spmigrate.tenant.site.libraries import repr_text
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.site_groups import HANDED_OUT
from spmigrate.tenant.site.writing import SiteWriter

MOST_BELOW = 100_000
"""Files and folders below one whose inheritance can be broken or restored; above, the service answers 429 for ever.
Source: Microsoft, "SharePoint Online migration API: permissions guidance"."""

_SID = "sid:"

Given = tuple[int, int]
"""The number of a principal on its site, and the number of a permission level there."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Who sees a folder: `own` is whether it has permissions of its own."""

    own: bool
    given: frozenset[Given]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a library: its internal name, and what a new file comes with in it."""

    name: str
    default: str


def resolve(tenant: Tenant, site: str, grants: Iterable[tuple[str, str]]) -> list[Given]:
    """The numbers of these people, groups and levels on a site. They are made known to it, and given nothing yet.

    Raises NotFound for somebody whom the directory does not know, Refused for a level that the site does not have.
    """
    writer = SiteWriter(tenant, site)
    levels: dict[str, int] = {}
    found: dict[Given, None] = {}
    for who, level in grants:
        if level not in levels:
            levels[level] = permission_levels.need(writer, level)
        found[principals.number_of(writer, _word(tenant, who)), levels[level]] = None
    return list(found)


def make(tenant: Tenant, library: Library, path: str) -> str:
    """The id of a folder of a library, made with those around it when it is not there. Raises TenantError."""
    found = library.root_id
    for name in path.split("/") if path else ():
        found = files.ensure_folder(tenant, library, found, name)
    return found


def close(tenant: Tenant, library: Library, path: str) -> None:
    """Stop a folder from inheriting: nobody but the app sees it. Raises Refused where it holds too much already."""
    folder = _folder(tenant, library, path)
    about = tenant.rest("GET", f"{folder}/ListItemAllFields?$select=HasUniqueRoleAssignments")
    if about["HasUniqueRoleAssignments"]:
        return
    count = int(tenant.rest("GET", f"{folder}?$select=ItemCount")["ItemCount"])
    if count > MOST_BELOW:
        raise Refused(
            f"{path} holds {count:,} items, and permissions of its own can be set up to {MOST_BELOW:,}",
            hint="let its owner choose an empty folder as the new home",
        )
    # What lies below with permissions of its own keeps them: clearing them could show it to more people.
    call = "breakroleinheritance(copyRoleAssignments=false,clearSubscopes=false)"
    tenant.rest("POST", f"{folder}/ListItemAllFields/{call}", repeatable=True)


def give(tenant: Tenant, library: Library, path: str, given: Sequence[Given]) -> None:
    """Let exactly these see a folder that is closed, and read it back. Raises Conflict when it did not stay so."""
    folder = f"{_folder(tenant, library, path)}/ListItemAllFields/roleassignments"
    wanted, present = frozenset(given), _assigned(tenant, folder)
    for who, level in sorted(wanted - present):
        tenant.rest("POST", f"{folder}/addroleassignment(principalid={who},roledefid={level})", repeatable=True)
    for who, level in sorted(present - wanted):
        tenant.rest("POST", f"{folder}/removeroleassignment(principalid={who},roledefid={level})", repeatable=True)
    if _assigned(tenant, folder) != wanted:
        raise Conflict(f"{path}: SharePoint did not keep who may see it", hint="run the same command again")


def look(tenant: Tenant, library: Library, path: str) -> Sight:
    """Who sees a folder now. Raises NotFound, and TenantError."""
    folder = f"{_folder(tenant, library, path)}/ListItemAllFields"
    about = tenant.rest("GET", f"{folder}?$select=HasUniqueRoleAssignments")
    if not about["HasUniqueRoleAssignments"]:
        return Sight(own=False, given=frozenset())
    return Sight(own=True, given=_assigned(tenant, f"{folder}/roleassignments"))


def fields(tenant: Tenant, library: Library) -> dict[str, Field]:
    """The columns of a library by the words for them, folded. Raises TenantError."""
    writer = SiteWriter(tenant, library.site)
    found = writer.rest(
        "GET", f"{list_path(writer, library.name)}/fields?$select=Title,InternalName,DefaultValue,Hidden"
    )
    return {
        str(each["Title"]).casefold(): Field(str(each["InternalName"]), str(each["DefaultValue"] or ""))
        for each in found["value"]
        if not each["Hidden"]
    }


def put_label(tenant: Tenant, library: Library, folder_id: str, label: str) -> None:
    """Put a retention label on a folder: what is filed there gets it. Raises TenantError, Refused when it is not
    published to the site."""
    if label_of(tenant, library, folder_id) != label:
        path = f"/v1.0/drives/{library.drive_id}/items/{folder_id}/retentionLabel"
        tenant.graph("PATCH", path, {"name": label}, repeatable=True)


def label_of(tenant: Tenant, library: Library, item_id: str) -> str:
    """The retention label of a file or folder, empty without one. Raises TenantError."""
    found: Any = tenant.graph("GET", f"/v1.0/drives/{library.drive_id}/items/{item_id}/retentionLabel")
    return str((found or {}).get("name") or "")


def library_label(tenant: Tenant, library: Library) -> str:
    """The retention label of everything that is filed in a library, empty without one. Raises TenantError."""
    writer = SiteWriter(tenant, library.site)
    url = repr_text(f"{writer.url}/{library.name}")
    name = "SP.CompliancePolicy.SPPolicyStoreProxy.GetListComplianceTag"
    found: Any = writer.rest("GET", f"{name}(listUrl=@a1)?@a1={quote(url, safe='')}")
    return "" if not found or found.get("odata.null") else str(found.get("TagName") or "")


def _word(tenant: Tenant, who: str) -> str:
    """Somebody as `principals` names them; a SID is looked up in the directory, among people first."""
    if not who.startswith(_SID):
        return who
    sid = who.removeprefix(_SID)
    person = accounts.people_by_sid(tenant, [sid]).get(sid)
    if person is not None:
        return person.casefold()
    group = accounts.groups_by_sid(tenant, [sid]).get(sid)
    if group is not None:
        return principals.GROUP + group
    raise NotFound(
        f"the directory knows nobody with the SID {sid}", hint="say who it is in the user map, or decide in access.yaml"
    )


def _assigned(tenant: Tenant, assignments: str) -> frozenset[Given]:
    """Who has which level, but what SharePoint hands out by itself to show the way to something below."""
    select = "$select=PrincipalId,RoleDefinitionBindings/Id,RoleDefinitionBindings/RoleTypeKind"
    found = tenant.rest("GET", f"{assignments}?{select}&$expand=RoleDefinitionBindings")["value"]
    return frozenset(
        (int(each["PrincipalId"]), int(bound["Id"]))
        for each in found
        for bound in each["RoleDefinitionBindings"]
        if bound["RoleTypeKind"] not in HANDED_OUT
    )


def _folder(tenant: Tenant, library: Library, path: str) -> str:
    whole = "/".join(filter(None, (f"{library.site}/{library.name}", path)))
    site = f"{tenant.settings.sharepoint}{library.site}"
    return f"{site}/_api/web/GetFolderByServerRelativePath(DecodedUrl='{literal(whole)}')"
