"""Sites of a seed: made as SharePoint makes them, then altered through SharePoint's own interface."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal import sharepoint
from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.content import Conflict, Times
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.http import Body, Claims, Request
from spmigrate.rehearsal.seed import FileSeed, LibrarySeed, SiteSeed
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_ROLES = {"owners": "AssociatedOwnerGroup", "members": "AssociatedMemberGroup", "visitors": "AssociatedVisitorGroup"}
_JSON = "application/json;odata=nometadata"


def seed_site(tenant: Tenant, seed: SiteSeed) -> None:
    """Make a site that is missing and give it what the seed says."""
    door = _Door(tenant, seed)
    site = tenant.store.find("site", 0, f"{tenant.names.sharepoint}{seed.url}".rstrip("/"))
    if site is None:
        address = f"{tenant.names.sharepoint}{seed.url}".rstrip("/")
        new = NewSite(address, seed.title, door.login(seed.owner), seed.template, seed.description, time_zone=2)
        site = create_site(tenant, new)
    door.add_people()
    for library in seed.libraries:
        _fill(tenant, door, site, library)
    if seed.properties:
        door.merge_site(site, seed.properties)
    if seed.hub is True:
        door.post("site/RegisterHubSite", {})
    elif isinstance(seed.hub, str):
        hub = tenant.store.find("site", 0, f"{tenant.names.sharepoint}{seed.hub}".rstrip("/"))
        if hub is None:
            raise RehearsalError(f"site {seed.url}: there is no hub {seed.hub}", "put the hub into the seed")
        door.post(f"site/JoinHubSite('{hub.guid}')", {})


def add_system_sites(tenant: Tenant) -> None:
    """The sites behind the admin host and the personal host, and the content type hub, which every tenant has."""
    owner = f"admin@{tenant.directory.domain}"
    create_site(tenant, NewSite(tenant.names.admin, "SharePoint admin center", owner, "TENANTADMIN#0"))
    create_site(tenant, NewSite(tenant.names.personal, "OneDrive", owner, "SPSMSITEHOST#0"))
    create_site(tenant, NewSite(tenant.names.content_type_hub, "Team Site", owner, "STS#0"))


class _Door:
    """Calls SharePoint's interface for one site, as the administrator's application would."""

    def __init__(self, tenant: Tenant, seed: SiteSeed) -> None:
        self._tenant = tenant
        self._seed = seed
        rights = frozenset({"Sites.FullControl.All", "User.ReadWrite.All"})
        self._claims = Claims("seed", "Seed", "", "", roles=rights, by_certificate=True)

    def login(self, upn: str) -> str:
        """The claims login name of a user of the directory; claims such as `Everyone` stay as they are."""
        if "|" in upn or upn.lower().startswith("everyone"):
            return upn
        user = self._tenant.directory.user(upn)
        if user is None:
            raise RehearsalError(f"site {self._seed.url}: there is no user {upn}", "add the user to the seed")
        return f"i:0#.f|membership|{user.name}"

    def post(self, call: str, content: dict[str, Any]) -> Any:
        """POST to the site's own interface."""
        base = self._seed.url.rstrip("/")
        return self._send(self._tenant.names.sharepoint, f"{quote(base)}/_api/{call}", content, {})

    def merge_site(self, site: Entity, properties: dict[str, Any]) -> None:
        """Alter the site's properties on the admin host."""
        path = f"/_api/SPO.Tenant/sites('{site.guid}')"
        self._send(self._tenant.names.admin, path, properties, {"x-http-method": "MERGE", "if-match": "*"})

    def add_people(self) -> None:
        """Put the seed's people into the site's groups."""
        for role, group in _ROLES.items():
            for upn in getattr(self._seed, role):
                self.post(f"web/{group}/users", {"LoginName": self.login(upn)})
        for upn in self._seed.admins:
            user = self.post("web/ensureUser", {"logonName": self.login(upn)})
            path = f"{quote(self._seed.url.rstrip('/'))}/_api/web/getUserById({user['Id']})"
            merge = {"x-http-method": "MERGE", "if-match": "*"}
            self._send(self._tenant.names.sharepoint, path, {"IsSiteAdmin": True}, merge)

    def _send(self, host: str, path: str, content: dict[str, Any], headers: dict[str, str]) -> Any:
        body = json.dumps(content).encode()
        request = Request(
            method="POST",
            host=host,
            path=path,
            headers={"accept": _JSON, "content-type": _JSON, **headers},
            body=Body(len(body), body),
            claims=self._claims,
        )
        response = sharepoint.handle(request, self._tenant)
        if response.status >= 400:
            detail = response.body.decode("utf-8", "replace")
            raise RehearsalError(f"site {self._seed.url}: {path} was refused with {response.status}: {detail}")
        return json.loads(response.body) if response.body else None


def _fill(tenant: Tenant, door: _Door, site: Entity, seed: LibrarySeed) -> None:
    """Make a library that is missing, and put the files into it."""
    library = _find_library(tenant, site, seed.name)
    if library is None:
        door.post("web/lists", {"BaseTemplate": 101, "Title": seed.name, **seed.properties})
        library = _find_library(tenant, site, seed.name)
    if library is None:
        raise RehearsalError(f"the library {seed.name} was not made")
    for file in seed.files:
        _add_file(tenant, library, file)


def _find_library(tenant: Tenant, site: Entity, title: str) -> Entity | None:
    for web in tenant.store.children(site.id, "web"):
        for each in tenant.store.children(web.id, "list"):
            if str(each.props.get("Title", "")).lower() == title.lower():
                return each
    return None


def _add_file(tenant: Tenant, library: Entity, seed: FileSeed) -> None:
    root = tenant.content.root(library.id)
    if root is None:
        raise RehearsalError(f"the library {library.name} has no folder")
    by = "i:0#.f|membership|admin@" + tenant.directory.domain
    content = seed.text.encode() if seed.text else random.Random(seed.path).randbytes(seed.size)  # noqa: S311 - filling
    blob = tenant.content.blobs.put(content)
    times = Times(None, normal_time(seed.modified) if seed.modified else None)
    held, parent = None, root
    for number in range(seed.count or 1):
        path = (
            seed.path.replace("{thousand}", str(number // 1000)).replace("{n}", str(number))
            if seed.count
            else seed.path
        )
        folder, _, name = path.strip("/").rpartition("/")
        if folder != held:
            held, parent = folder, root
            for each in filter(None, folder.split("/")):
                parent = tenant.content.add_folder(parent, each, by=by, conflict=Conflict.REPLACE)
        tenant.content.add_file(parent, name, blob, by=by, times=times, conflict=Conflict.REPLACE)
