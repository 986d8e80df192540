"""``SPSiteManager`` and ``GroupSiteManager``: making sites and asking how far they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from spmigrate.rehearsal import group_sites, sites
from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, file_not_found, unknown_property
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint import hubs
from spmigrate.rehearsal.sharepoint.access import Level, require_site_administrator
from spmigrate.rehearsal.sharepoint.group_calls import GroupCalls, GroupOptions
from spmigrate.rehearsal.sharepoint.group_questions import GroupQuestions
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, as_guid, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, whole
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity

NOT_FOUND, PROVISIONING, READY, ERROR, TAKEN = 0, 1, 2, 3, 4
_TEMPLATES = ("STS#3", "SITEPAGEPUBLISHING#0", "GROUP#0", "STS#0", "TEAMCHANNEL#0", "TEAMCHANNEL#1")
# What a creation request may say: SP.Portal's own type, with what PnP and CLI for Microsoft 365 send.
_REQUEST = frozenset({
    "Title", "Url", "Owner", "Lcid", "WebTemplate", "Classification", "Description", "HubSiteId", "SensitivityLabel",
    "SensitivityLabel2", "ShareByEmailEnabled", "SiteDesignId", "TimeZoneId", "WebTemplateExtensionId",
    "PreferredDataLocation", "RelatedGroupId",
})  # fmt: skip
# Source: the retention of deleted sites.
_KEPT = timedelta(days=93)
_BAD_LEAF = re.compile(r'[~#%&*{}\\:<>?/+|"]|^[_.]|\.\.|\.$')
# Languages that a site can have; en-GB (2057) is a regional setting, not one of them.
LANGUAGES = frozenset({
    1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032, 1033, 1035, 1036, 1037, 1038, 1040, 1041, 1042, 1043, 1044,
    1045, 1046, 1048, 1049, 1050, 1051, 1053, 1054, 1055, 1057, 1058, 1060, 1061, 1062, 1063, 1066, 1068, 1069,
    1071, 1081, 1086, 1087, 1106, 1110, 1164, 2052, 2070, 2074, 2108, 3082, 5146, 9242, 10266,
})  # fmt: skip


class SiteManager(Resource):
    """``SPSiteManager``."""

    type = "Microsoft.SharePoint.Portal.SPSiteManager"
    feed = "SPSiteManager"

    @property
    def path(self) -> str:
        return "SPSiteManager"

    @action("Create", Level.VISIT)
    def create(self, call: Call) -> Complex:
        """Make a site; the answer tells the status, never an error, as in the service."""
        given = call.record("request")
        for name in given:
            if name not in _REQUEST and name != "__metadata" and "odata." not in name:
                raise unknown_property(name, "Microsoft.SharePoint.Portal.SPSiteCreationRequest")
        return create_site(self.scope, given)

    @function("Status", Level.READ)
    def status(self, call: Call) -> Complex:
        """How far a site is."""
        return answer(*site_status(self.scope, call.text("url", 0)))

    @action("Delete", Level.VISIT)
    def delete_site(self, call: Call) -> None:
        """Recycle a site by id."""
        guid = as_guid(call.value("siteId", 0))
        row = self.scope.store.get("site", guid) if guid else None
        if row is None:
            raise file_not_found()
        require_site_administrator(self.scope, row)
        recycle_site(self.scope, row)

    @function("SiteUrl", Level.READ)
    def site_url(self, call: Call) -> str:
        """A site's address by id."""
        guid = as_guid(call.value("siteId", 0))
        row = self.scope.store.get("site", guid) if guid else None
        return f"https://{row.name}" if row else ""


class GroupSiteManager(GroupCalls, GroupQuestions, Resource):
    """``GroupSiteManager``: sites of Microsoft 365 groups."""

    type = "Microsoft.SharePoint.Portal.GroupSiteManager"
    feed = "GroupSiteManager"

    @property
    def path(self) -> str:
        return "GroupSiteManager"

    @action("CreateGroupEx", Level.READ)
    def create_group(self, call: Call) -> Complex:
        """Make a group with its site; refused for applications without a user, as in the service."""
        if self.scope.claims.app_only:
            raise ODataError(
                400,
                "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
                "The remote server returned an error: (403) Forbidden.",
            )
        alias, title = call.text("alias"), call.text("displayName")
        directory = self.scope.tenant.directory
        options = GroupOptions.read(call)
        if address_state(self.scope, f"{self.scope.tenant.names.sharepoint}/sites/{alias}") != "free":
            return _group_answer(TAKEN, ZERO_GUID, "")
        visibility = "Public" if call.flag("isPublic", default=True) else "Private"
        props = {"groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False, "mailNickname": alias,
                 "visibility": visibility, **options.texts}  # fmt: skip
        group = directory.add_group(title, props=props)
        for login in dict.fromkeys((self.scope.claims.user, *options.owners)):
            user = directory.user(login)
            if user is not None:
                directory.add_person(group, "owner", user)
                directory.add_person(group, "member", user)
        site = group_sites.create_group_site(self.scope.tenant, group, owner=self.scope.claims.user, lcid=options.lcid)
        if options.hub and hubs.find_hub(self.scope, options.hub) is not None:
            hubs.join(scope_of_site(self.scope, site), options.hub)
        return self._group_state(site, group.guid)

    def _group_state(self, site: Entity, group: str) -> Complex:
        ready = group_sites.is_ready(self.scope.tenant, site)
        return _group_answer(READY if ready else PROVISIONING, group, f"https://{site.name}" if ready else None)

    @action("Create", Level.READ)
    def create_group_site(self, call: Call) -> Complex:
        """Make the site of a group that has none yet; every group here gets one with it, so this says how far it is."""
        return self.get_site_status(call)

    @function("GetSiteStatus", Level.READ)
    def get_site_status(self, call: Call) -> Complex:
        """How far a group's site is."""
        guid = as_guid(call.value("groupId", 0))
        for row in self.scope.store.every("site"):
            if guid and row.props.get("GroupId") == guid:
                return self._group_state(row, guid)
        return _group_answer(NOT_FOUND, ZERO_GUID, None)

    @function("GetValidSiteUrlFromAlias", Level.READ)
    def valid_url(self, call: Call) -> str:
        """The address that a new site with an alias would get; a digit is added while it is taken."""
        alias = re.sub(r"[^A-Za-z0-9_-]", "", call.text("alias"))
        managed = call.text("managedPath", default="sites") or "sites"
        base = f"{self.scope.tenant.names.sharepoint}/{managed}/{alias}"
        address, number = base, 1
        while address_state(self.scope, address) != "free":
            address, number = f"{base}{number}", number + 1
        return f"https://{address}"

    @function("CanUserCreateGroup", Level.READ)
    def can_create(self, _call: Call) -> bool:
        """Whether the caller may make groups."""
        return not self.scope.claims.app_only

    @action("Delete", Level.VISIT)
    def delete_site(self, call: Call) -> None:
        """Recycle a group with its site."""
        row = find_site(self.scope, call.text("siteUrl", 0))
        require_site_administrator(self.scope, row)
        recycle_site(self.scope, row)
        group = self.scope.tenant.directory.group(str(row.props.get("GroupId") or ""))
        if group is not None:
            self.scope.store.recycle(group, at=self.scope.now)


def create_site(scope: Scope, given: Mapping[str, Any], *, templates: Collection[str] = ()) -> Complex:
    """Make a site from a creation request, of one of the usual templates or of some more; refuses bad arguments."""
    address = read_address(scope, str(given.get("Url") or ""))
    template = str(given.get("WebTemplate") or "STS#3")
    title = str(given.get("Title") or "").strip()
    lcid = whole(given.get("Lcid") or 1033, "Lcid")
    if template not in (*_TEMPLATES, *templates) or template == "GROUP#0":
        raise bad_argument(
            f"File or arguments not valid for site template '{template}'.\r\nParameter name: WebTemplate"
        )
    if not title:
        raise bad_argument("Value cannot be null.\r\nParameter name: Title")
    if lcid not in LANGUAGES:
        raise bad_argument(f"The language {lcid} is not supported.\r\nParameter name: Lcid")
    state = address_state(scope, address)
    if state != "free":
        return answer(TAKEN if state == "taken" else ERROR, None)
    owner = str(given.get("Owner") or scope.claims.user)
    if not owner:
        raise bad_argument("An owner is needed when an application creates a site.\r\nParameter name: Owner")
    if scope.tenant.directory.user_by_login(owner) is None:
        return answer(ERROR, None)
    site = sites.create_site(scope.tenant, _new_site(scope, given, address, owner, template))
    hub = as_guid(given.get("HubSiteId") or "")
    if hub and hub != ZERO_GUID and hubs.find_hub(scope, hub) is not None:
        hubs.join(scope_of_site(scope, site), hub)
    return answer(*_progress(scope, site))


def _new_site(scope: Scope, given: Mapping[str, Any], address: str, owner: str, template: str) -> sites.NewSite:
    props: dict[str, Any] = {
        "Classification": str(given.get("Classification") or ""),
        "ShareByEmailEnabled": bool(given.get("ShareByEmailEnabled", False)),
    }
    label = as_guid(given.get("SensitivityLabel") or given.get("SensitivityLabel2") or "")
    if label:
        props["SensitivityLabel"] = label
    props |= group_sites.creation_delays(scope.tenant)
    return sites.NewSite(
        address=address,
        title=str(given.get("Title")),
        owner=owner,
        template=template,
        description=str(given.get("Description") or ""),
        lcid=whole(given.get("Lcid") or 1033, "Lcid"),
        time_zone=whole(given.get("TimeZoneId") or 13, "TimeZoneId"),
        props=props,
    )


def read_address(scope: Scope, url: str) -> str:
    """Host and path of a new site's address; refuses a foreign host, a wrong managed path or a bad leaf."""
    parts = split_address(url)
    segments = [part for part in parts.path.split("/") if part]
    beside = bool(parts.query or parts.fragment)
    if parts.hostname != scope.tenant.names.sharepoint or len(segments) != 2 or beside:
        raise bad_argument("The site URL is not valid.\r\nParameter name: Url")
    if segments[0].lower() not in ("sites", "teams") or _BAD_LEAF.search(segments[1]):
        raise bad_argument("The site URL is not valid.\r\nParameter name: Url")
    return f"{parts.hostname}/{segments[0]}/{segments[1]}"


# The template of what a site leaves at the address that it had: it holds the address, and browsers are sent on.
REDIRECT = "REDIRECTSITE#0"


def address_state(scope: Scope, address: str) -> str:
    """``free``, ``taken``, or ``recycled``: a deleted site keeps its address for 93 days."""
    if any(scope.store.find(kind, 0, address) is not None for kind in ("site", "redirect")):
        return "taken"
    for row in scope.store.every("site", deleted=True):
        if row.name.casefold() == address.casefold() and row.deleted is not None:
            if scope.clock.now() - read_time(row.deleted) < _KEPT:
                return "recycled"
            scope.store.delete(row)
    return "free"


def site_status(scope: Scope, url: str) -> tuple[int, Entity | None]:
    """A status and the site at an address."""
    parts = split_address(url)
    row = scope.store.find("site", 0, f"{parts.hostname or ''}{parts.path.rstrip('/')}")
    return (NOT_FOUND, None) if row is None else _progress(scope, row)


def _progress(scope: Scope, site: Entity) -> tuple[int, Entity | None]:
    return (READY, site) if group_sites.is_ready(scope.tenant, site) else (PROVISIONING, None)


def answer(status: int, site: Entity | None) -> Complex:
    """SPSiteCreationResponse."""
    return Complex(
        "Microsoft.SharePoint.Portal.SPSiteCreationResponse",
        {
            "SiteId": site.guid if site else "",
            "SiteStatus": status,
            "SiteUrl": f"https://{site.name}" if site else "",
        },
    )


def _group_answer(status: int, group: str, url: str | None) -> Complex:
    documents = f"{url}/Shared Documents" if url else None
    return Complex(
        "Microsoft.SharePoint.Portal.GroupSiteInfo",
        {"DocumentsUrl": documents, "ErrorMessage": None, "GroupId": group, "SiteStatus": status, "SiteUrl": url},
    )


def find_site(scope: Scope, url: str, *, deleted: bool = False, moved: bool = False) -> Entity:
    """The site at an absolute address, or with `moved` what a site left there; refuses when there is none."""
    parts = split_address(url)
    name = f"{parts.hostname or ''}{parts.path.rstrip('/')}"
    if deleted:
        found = [row for row in scope.store.every("site", deleted=True) if row.name.casefold() == name.casefold()]
        row = found[-1] if found else None
    else:
        row = scope.store.find("site", 0, name) or (scope.store.find("redirect", 0, name) if moved else None)
    if row is None:
        raise ODataError(
            404,
            "-1, Microsoft.Online.SharePoint.Common.SpoNoSiteException",
            f"Cannot get site {url}.",
        )
    return row


def recycle_site(scope: Scope, site: Entity) -> None:
    """Put a site into the tenant's recycle bin; a hub must be unregistered first."""
    if hubs.find_hub(scope, site.guid) is not None:
        raise ODataError(
            400,
            "-1, System.InvalidOperationException",
            "This site can't be deleted because it's a hub site. Unregister it first.",
        )
    scope.store.recycle(site, at=scope.now)
