"""``_ObjectIdentity_``: the text by which a later request, or another process, names the same object again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote

from spmigrate.rehearsal.csom import taxonomy
from spmigrate.rehearsal.odata.errors import ODataError, file_not_found, item_missing, list_id_missing
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.content_types import ContentType, ContentTypes
from spmigrate.rehearsal.sharepoint.field_links import FieldLink
from spmigrate.rehearsal.sharepoint.fields import Field, Fields
from spmigrate.rehearsal.sharepoint.files import File, as_resource
from spmigrate.rehearsal.sharepoint.folders import Folder
from spmigrate.rehearsal.sharepoint.items import Items, ListItem
from spmigrate.rehearsal.sharepoint.lists import List
from spmigrate.rehearsal.sharepoint.model import Resource
from spmigrate.rehearsal.sharepoint.people import SiteGroup, User, principal
from spmigrate.rehearsal.sharepoint.people import as_resource as person
from spmigrate.rehearsal.sharepoint.root import Root
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.site import Site
from spmigrate.rehearsal.sharepoint.tenant_admin import TenantAdmin
from spmigrate.rehearsal.sharepoint.tenant_odds import subscription_id
from spmigrate.rehearsal.sharepoint.tenant_operations import SpoOperation
from spmigrate.rehearsal.sharepoint.tenant_sites import DeletedSite, SiteProperties
from spmigrate.rehearsal.sharepoint.views import View
from spmigrate.rehearsal.sharepoint.webs import Web

# The service's own keys of the three families of identities.
_OBJECTS = "740c6a0b-85e2-48a0-a494-e0f1759d4aa7"
_TENANT = "908bed80-a04a-4433-b4a0-883d9847d110"
_TERMS = "fec14c62-7c3b-481b-851b-c80d7802b224"
_STEP = re.compile(r":?([a-z]+):((?:\{[^}]*\})|[^:]*)")


def write_identity(node: Resource, trace: str) -> str | None:
    """The identity of an object; None for those that have none."""
    steps = taxonomy.write_steps(node)
    if steps is not None:
        return f"{trace}|{_TERMS}:{steps}"
    below = _tenant_steps(node)
    if below is not None:
        return "\n".join([f"{trace}|{_TENANT}:{subscription_id(node.scope)}", *below])
    path = next((write(node) for kind, write in _WRITERS.items() if type(node) is kind or isinstance(node, kind)), None)
    return None if path is None else f"{trace}|{_OBJECTS}:site:{node.scope.site.guid}{path}"


def read_identity(root: Root, identity: str) -> Resource:
    """The object that an identity names; refuses one that is none, or whose object is gone."""
    family, _, rest = identity.partition("|")[2].partition(":")
    if family == _TERMS:
        return taxonomy.read_steps(root.scope, rest)
    if family == _TENANT:
        return _read_tenant(root, rest.split("\n")[1:])
    # The key between the first two marks varies in what clients make up; the steps do not.
    found: Resource | None = None
    scope = root.scope
    for name, value in _STEP.findall(rest):
        found = _read_step(scope, found, name, value.strip("{}"))
        scope = found.scope
    if found is None:
        raise not_an_identity()
    return found


def not_an_identity() -> ODataError:
    """A text that names no object."""
    return ODataError(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException", "Invalid object identity.")


def _tenant_steps(node: Resource) -> list[str] | None:
    if isinstance(node, TenantAdmin):
        return ["Tenant"]
    if isinstance(node, DeletedSite):
        return ["DeletedSiteProperties", _address(f"https://{node.entity.name}")]
    if isinstance(node, SiteProperties):
        return ["SiteProperties", _address(f"https://{node.entity.name}")]
    if isinstance(node, SpoOperation):
        return ["SpoOperation", node.name, str(node.ticks), _address(node.url), node.target]
    return None


def _address(url: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), quote(url, safe=""))


def _read_tenant(root: Root, steps: list[str]) -> Resource:
    tenant = root.tenant()
    match steps:
        case ["Tenant"]:
            return tenant
        case ["SiteProperties", url]:
            return SiteProperties(root.scope, site_manager.find_site(root.scope, unquote(url)))
        case ["DeletedSiteProperties", url]:
            return DeletedSite(root.scope, site_manager.find_site(root.scope, unquote(url), deleted=True))
        case ["SpoOperation", name, ticks, url, target] if ticks.isascii() and ticks.isdecimal() and len(ticks) < 20:
            return SpoOperation(root.scope, name, unquote(url), target, ticks=int(ticks))
    raise not_an_identity()


_WRITERS: dict[type[Resource], Callable[..., str]] = {
    Web: lambda node: _web(node.scope),
    Site: lambda _node: "",
    List: lambda node: f"{_web(node.scope)}:list:{node.entity.guid}",
    View: lambda node: f"{_web(node.scope)}:list:{node.owner.guid}:view:{node.defined.key}",
    ListItem: lambda node: f"{_web(node.scope)}:list:{node.owner.guid}:item:{node.item.list_item},1",
    Folder: lambda node: f"{_web(node.scope)}:folder:{node.item.guid if node.item else node.scope.web.guid}",
    File: lambda node: f"{_web(node.scope)}:file:{node.item.guid}",
    ContentType: lambda node: f"{_owner(node)}:contenttype:{node.id}",
    FieldLink: lambda node: f"{_owner(node.owner)}:contenttype:{node.owner.id}:fl:{node.field.defined.key}",
    Field: lambda node: f"{_owner(node)}:field:{node.defined.key}",
    User: lambda node: f":u:{node.id}",
    SiteGroup: lambda node: f":g:{node.id}",
}


def _web(scope: Scope) -> str:
    return f":web:{scope.web.guid}"


def _owner(node: ContentType | Field) -> str:
    return _web(node.scope) + (f":list:{node.owner.guid}" if node.owner.kind == "list" else "")


def _read_step(scope: Scope, above: Resource | None, name: str, value: str) -> Resource:
    if above is None:
        row = scope.store.get("site", value) if name == "site" else None
        if row is None:
            raise not_an_identity()
        return Site(scope if row.id == scope.site.id else scope_of_site(scope, row), row)
    if isinstance(above, Site):
        return _read_below_site(scope, name, value)
    if isinstance(above, Web):
        return _read_below_web(scope, above, name, value)
    if isinstance(above, List):
        return _read_below_list(above, name, value)
    if isinstance(above, ContentType) and name == "fl":
        link = above.field_links().by_key(value)
        if link is not None:
            return link
    raise not_an_identity()


def _read_below_site(scope: Scope, name: str, value: str) -> Resource:
    if name in ("u", "g"):
        row = principal(scope, int(value)) if value.isascii() and value.isdecimal() else None
        if row is not None:
            return person(scope, row)
    row = scope.store.get("web", value, parent=scope.site.id) if name == "web" else None
    if row is None:
        raise not_an_identity()
    return Web(replace(scope, web=row), row)


def _read_below_web(scope: Scope, web: Web, name: str, value: str) -> Resource:
    if name == "list":
        row = scope.store.get("list", value, parent=web.entity.id)
        if row is None:
            raise list_id_missing()
        return List(scope, row)
    if name in ("folder", "file"):
        if value == web.entity.guid:
            return web.root_folder()
        item = scope.content.by_guid(value, site=scope.site.id)
        owner = scope.store.by_id(item.list) if item else None
        if item is None or owner is None or owner.parent != web.entity.id or owner.deleted:
            raise file_not_found()
        return as_resource(scope, owner, item)
    return _read_definition(web.content_types(), web.fields(), name, value)


def _read_below_list(owner: List, name: str, value: str) -> Resource:
    if name == "item":
        number = value.partition(",")[0]
        if not (number.isascii() and number.isdecimal()):
            raise item_missing()
        return Items(owner.scope, owner.entity).by_key(number)
    if name == "view":
        return owner.views().by_key(value)
    return _read_definition(owner.content_types(), owner.fields(), name, value)


def _read_definition(types: ContentTypes, fields: Fields, name: str, value: str) -> Resource:
    if name == "field":
        return fields.by_key(value)
    found = types.find(value) if name == "contenttype" else None
    if found is None:
        raise not_an_identity()
    return found
