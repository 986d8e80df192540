"""The surroundings of one request: tenant, caller, site and web."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.content import Content
from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.odata.errors import site_missing
from spmigrate.rehearsal.site_grants import claims_at
from spmigrate.rehearsal.storage import Entity, Store
from spmigrate.rehearsal.tenant import Tenant

# Addresses under these first segments are site collections of their own.
MANAGED_PATHS = frozenset({"sites", "teams", "personal", "portals"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a request works: every resource carries it."""

    tenant: Tenant
    claims: Claims
    host: str
    site: Entity
    web: Entity

    @property
    def store(self) -> Store:
        """The tenant's database."""
        return self.tenant.store

    @property
    def clock(self) -> Clock:
        """The tenant's clock."""
        return self.tenant.clock

    @property
    def content(self) -> Content:
        """What libraries and lists hold."""
        return self.tenant.content

    @property
    def now(self) -> str:
        """Now, as it is stored."""
        return self.tenant.clock.iso()

    @property
    def web_path(self) -> str:
        """The web's server-relative address without a trailing slash; empty for a root web."""
        return self.web.name.rstrip("/")

    @property
    def web_url(self) -> str:
        """The web's absolute address."""
        return f"https://{self.host}{self.web_path}"

    @property
    def site_url(self) -> str:
        """The site collection's absolute address."""
        return f"https://{self.site.name}"

    @property
    def base(self) -> str:
        """What entity addresses are relative to."""
        return f"{self.web_url}/_api/"

    @property
    def admin(self) -> bool:
        """True on the tenant's admin host."""
        return self.host == self.tenant.names.admin

    def refreshed(self) -> Scope:
        """The same surroundings with site and web as they are stored now."""
        return replace(
            self,
            site=self.store.by_id(self.site.id) or self.site,
            web=self.store.by_id(self.web.id) or self.web,
        )


def open_scope(tenant: Tenant, claims: Claims, host: str, path: str) -> Scope:
    """The surroundings at a decoded server-relative address; refuses (404) where there is no site.

    ``path`` may go on below the web (``/sites/x/Shared Documents``): the nearest web above it answers.
    """
    parts = [part for part in path.split("/") if part]
    managed = bool(parts) and parts[0].lower() in MANAGED_PATHS
    if managed and len(parts) == 1:
        raise site_missing()
    site_path = f"/{parts[0]}/{parts[1]}" if managed else ""
    site = tenant.store.find("site", 0, host + site_path)
    if site is None:
        raise site_missing()
    for count in range(len(parts), len(site_path.split("/")) - 2, -1):
        web = tenant.store.find("web", site.id, "/" + "/".join(parts[:count]))
        if web is not None:
            return Scope(tenant, claims_at(tenant.store, claims, site), host, site, web)
    raise site_missing()


def scope_of_site(scope: Scope, site: Entity) -> Scope:
    """The surroundings of another site's root web."""
    host, slash, path = site.name.partition("/")
    web = scope.store.find("web", site.id, slash + path or "/")
    if web is None:
        raise site_missing()
    claims = claims_at(scope.store, scope.claims, site)
    return replace(scope, claims=claims, host=host, site=site, web=web)
