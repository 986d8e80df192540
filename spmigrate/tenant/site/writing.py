"""Writing one part of a site. Every write can be repeated: what is there already is adopted, never doubled."""

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from spmigrate.tenant.contents import Attributes, Kind
from spmigrate.tenant.csom import WebIds
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import (
    access,
    columns,
    content_types,
    creation,
    default_values,
    features,
    folders,
    group,
    hubs,
    libraries,
    look,
    navigation,
    pages,
    people,
    permission_levels,
    region,
    rights,
    seeded_files,
    sharing,
    site_groups,
    team,
    views,
    web,
)
from spmigrate.tenant.site.question import NO_ID

VERBOSE = {"Content-Type": "application/json;odata=verbose"}
"""Bodies that name their types, which SharePoint demands where it cannot guess them."""

_NOTHING: Mapping[str, bytes] = MappingProxyType({})


class SiteWriter:
    """Writes the parts of one site. One for each site and thread."""

    def __init__(
        self,
        tenant: Tenant,
        address: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        materials: Mapping[str, bytes] = _NOTHING,
    ) -> None:
        """Write to the site at `address`; `sleep` is used while SharePoint makes it.

        `materials` are what attributes name by a digest: the sections of pages, pictures and files.
        """
        self.tenant = tenant
        self.address = address
        self.url = tenant.settings.sharepoint + address
        self.sleep = sleep
        self.materials = materials

    def put(self, kind: Kind, key: str, after: Attributes) -> None:
        """Make the part exist with these attributes; attributes that are left out stay. Raises TenantError."""
        PUT[kind](self, key, after)

    def create(self, after: Attributes) -> None:
        """Make the site itself and wait until it can be written to. Raises TenantError."""
        creation.create(self.tenant, self.address, after, sleep=self.sleep)

    def remove(self, kind: Kind, key: str) -> None:
        """Take a part away: a library goes to the recycle bin, a link disappears. Raises TenantError."""
        REMOVE[kind](self, key)

    def rest(self, method: str, path: str, body: object | None = None, *, repeatable: bool = False) -> Any:
        """Call the site's REST at a path below `/_api/`. Raises TenantError."""
        return self.tenant.rest(method, f"{self.url}/_api/{path}", body, repeatable=repeatable)

    def typed(self, method: str, path: str, body: Mapping[str, object]) -> Any:
        """Call the site's REST with a body that names its types. Raises TenantError."""
        return self.tenant.rest(method, f"{self.url}/_api/{path}", body, headers=VERBOSE)

    def delete(self, path: str) -> None:
        """Delete what is at a path below `/_api/`. Raises TenantError."""
        self.tenant.rest("DELETE", f"{self.url}/_api/{path}", headers={"If-Match": "*"})

    def admin(self, method: str, path: str, body: object | None = None, *, repeatable: bool = False) -> Any:
        """Call the admin centre's REST at a path below `/_api/`. Raises TenantError."""
        return self.tenant.rest(method, f"{self.tenant.settings.admin}/_api/{path}", body, repeatable=repeatable)

    @property
    def site_id(self) -> str:
        """The id of the site collection. Raises TenantError."""
        return self.ids.site

    @cached_property
    def ids(self) -> WebIds:
        """The ids by which the client object model names what is in the site. Raises TenantError."""
        web_id = self.rest("GET", "web?$select=Id")["Id"]
        return WebIds(site=str(self._collection["Id"]), web=str(web_id))

    @property
    def group_id(self) -> str:
        """The id of the site's Microsoft 365 group; empty for a site without one. Raises TenantError."""
        found = str(self._collection.get("GroupId") or NO_ID).strip("{}")
        return "" if found == NO_ID else found

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The site columns by internal name in lower case. Delete this when one was made. Raises TenantError."""
        found = self.rest("GET", "web/fields?$select=Id,InternalName,TypeAsString,DefaultValue")["value"]
        return {str(each["InternalName"]).casefold(): each for each in found}

    @cached_property
    def _collection(self) -> Any:
        return self.rest("GET", "site?$select=Id,GroupId")


Put = Callable[[SiteWriter, str, Attributes], None]
Remove = Callable[[SiteWriter, str], None]

PUT: Mapping[Kind, Put] = {
    Kind.SITE: web.put,
    Kind.REGION: region.put,
    Kind.GROUP: group.put,
    Kind.FEATURE: features.put,
    Kind.PERMISSION_LEVEL: permission_levels.put,
    Kind.SITE_GROUP: site_groups.put,
    Kind.PERSON: people.put,
    Kind.ACCESS: access.put,
    Kind.COLUMN: columns.put,
    Kind.CONTENT_TYPE: content_types.put,
    Kind.LIBRARY: libraries.put,
    Kind.LIST: libraries.put_list,
    Kind.VIEW: views.put,
    Kind.DEFAULT_VALUE: default_values.put,
    Kind.FOLDER: folders.put,
    Kind.FILE: seeded_files.put,
    Kind.ACCESS_RIGHT: rights.put,
    Kind.PAGE: pages.put,
    Kind.LOOK: look.put,
    Kind.LINK: navigation.put,
    Kind.HUB: hubs.put,
    Kind.HUB_MEMBERSHIP: hubs.put_membership,
    Kind.SHARING: sharing.put,
    Kind.LABEL: sharing.put_label,
    Kind.STORAGE: sharing.put_storage,
    Kind.TEAM: team.put,
    Kind.CHANNEL: team.put_channel,
    Kind.LOCK: sharing.put_lock,
}
"""How the parts of each kind are written."""

REMOVE: Mapping[Kind, Remove] = {
    Kind.FEATURE: features.remove,
    Kind.PERMISSION_LEVEL: permission_levels.remove,
    Kind.SITE_GROUP: site_groups.remove,
    Kind.PERSON: people.remove,
    Kind.LIBRARY: libraries.remove,
    Kind.LIST: libraries.remove,
    Kind.VIEW: views.remove,
    Kind.DEFAULT_VALUE: default_values.remove,
    Kind.FOLDER: folders.remove,
    Kind.ACCESS_RIGHT: rights.remove,
    Kind.PAGE: pages.remove,
    Kind.LINK: navigation.remove,
    Kind.HUB_MEMBERSHIP: hubs.remove_membership,
}
"""How the parts of each kind are taken away; those of other kinds never are."""
