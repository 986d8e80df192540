"""Small tenants for tests of the rehearsal tenant, without sockets."""

from __future__ import annotations

import json
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.hashing import QuickXor
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.tenant import Tenant

ALICE = "i:0#.f|membership|alice@contoso.onmicrosoft.com"
ALL = frozenset({
    "Sites.FullControl.All", "Files.ReadWrite.All", "Directory.ReadWrite.All", "User.ReadWrite.All",
    "AuditLog.Read.All",
    "Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess", "Policy.ReadWrite.Authorization",
    "SharePointTenantSettings.ReadWrite.All", "CrossTenantInformation.ReadBasic.All", "Group.ReadWrite.All",
    "Application.Read.All", "Organization.Read.All", "User.Invite.All", "OrgSettings-Microsoft365Install.Read.All",
    "OrgSettings-Microsoft365Install.ReadWrite.All",
})  # fmt: skip


def make_library(tenant: Tenant, *, path: str = "/sites/x") -> Item:
    """A bare site with one library; returns the library's root folder."""
    at = tenant.clock.iso()
    site = tenant.store.insert("site", f"contoso.sharepoint.com{path}", at=at)
    web = tenant.store.insert("web", path, parent=site.id, at=at, props={"Title": "X"})
    props = {"BaseTemplate": 101, "Title": "Documents"}
    library = tenant.store.insert("list", "Shared Documents", parent=web.id, at=at, props=props)
    return tenant.content.create_root(library.id, name="Shared Documents", by=ALICE)


def drive_of(tenant: Tenant, root: Item) -> Drive:
    """The drive of a library."""
    listing = tenant.store.by_id(root.list)
    assert listing
    web = tenant.store.by_id(listing.parent)
    assert web
    site = tenant.store.by_id(web.parent)
    assert site
    return Drive(tenant, site, web, listing, root)


def request(method: str, path: str, content: object = None, *, roles: frozenset[str] = ALL, **headers: str) -> Request:
    """A call to Graph by an application; `path` follows the version and may carry a query."""
    raw, _, query = path.partition("?")
    body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
    claims = Claims("app-id", "App", "oid", "https://graph.microsoft.com", roles=roles, by_certificate=True)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, "graph.microsoft.com", f"/v1.0/{raw}", query, names, Body(len(body), body), claims)


def read(response: Response) -> Any:
    """The JSON in a response."""
    return json.loads(response.body)


def quick_xor_hash(content: bytes) -> str:
    """The QuickXorHash of bytes, base64."""
    running = QuickXor()
    running.update(content)
    return running.digest()
