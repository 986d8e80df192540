"""The site of a Microsoft 365 group: made with the group, named like it, gone with it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from spmigrate.rehearsal import sites
from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.directory import ADMINISTRATOR
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9_.-]")
# How long a site takes where the recorded delays are kept.
_READY_AFTER, _COMPLETE_AFTER = timedelta(seconds=12), timedelta(seconds=90)


def create_group_site(tenant: Tenant, group: Entity, *, owner: str = "", lcid: int = 1033) -> Entity:
    """Make the site of a group at `/sites/` and its nickname; a number is added while that is taken.

    `owner` is a UPN; a group without an owner leaves its site to the tenant's administrator.
    """
    nickname = _NOT_IN_ADDRESSES.sub("", str(group.props.get("mailNickname") or group.name)) or group.guid
    props: dict[str, Any] = {"GroupId": group.guid, "Classification": str(group.props.get("classification") or "")}
    new = sites.NewSite(
        address=_free_address(tenant, f"{tenant.names.sharepoint}/sites/{nickname}"),
        title=group.name,
        owner=owner or f"{ADMINISTRATOR}@{tenant.names.domain}",
        template="GROUP#0",
        description=str(group.props.get("description") or ""),
        lcid=lcid,
        props={**props, **creation_delays(tenant)},
    )
    return sites.create_site(tenant, new)


def create_channel_site(tenant: Tenant, group: Entity, channel: Entity, *, owner: str) -> Entity:
    """Make the site of a private or shared channel, beside the team's."""
    team = find_group_site(tenant, group)
    base = team.name if team is not None else f"{tenant.names.sharepoint}/sites/{group.props.get('mailNickname')}"
    kind = "TEAMCHANNEL#0" if channel.props["membershipType"] == "private" else "TEAMCHANNEL#1"
    leaf = _NOT_IN_ADDRESSES.sub("", channel.props["displayName"])
    props: dict[str, Any] = {
        "RelatedGroupId": group.guid,
        "_ChannelGroup": group.guid,
        "TeamsChannelType": 1 if channel.props["membershipType"] == "private" else 2,
    }
    new = sites.NewSite(
        address=_free_address(tenant, f"{base}-{leaf}"),
        title=f"{group.name}-{channel.props['displayName']}",
        owner=owner,
        template=kind,
        props=props,
    )
    return sites.create_site(tenant, new)


def find_group_site(tenant: Tenant, group: Entity, *, deleted: bool = False) -> Entity | None:
    """The site of a group."""
    rows = tenant.store.every("site", deleted=deleted)
    return next((each for each in rows if each.props.get("GroupId") == group.guid), None)


def is_ready(tenant: Tenant, site: Entity) -> bool:
    """Whether a site has been made; for some seconds after the request it is not there yet."""
    due = site.props.get("_ReadyAt")
    return due is None or tenant.clock.now() >= read_time(due)


def rename_group_site(tenant: Tenant, group: Entity, title: str) -> None:
    """A group's new name is its site's title too."""
    site = find_group_site(tenant, group)
    if site is None:
        return
    tenant.store.update(site, {"Title": title}, at=tenant.clock.iso())
    web = tenant.store.find("web", site.id, "/" + site.name.partition("/")[2])
    if web is not None:
        tenant.store.update(web, {"Title": title}, at=tenant.clock.iso())


def recycle_group_sites(tenant: Tenant, group: Entity) -> None:
    """A deleted group takes its site and its channels' sites with it; they stay in the bin when it is gone for ever."""
    for site in _sites_of(tenant, group, deleted=False):
        tenant.store.recycle(site, at=tenant.clock.iso())


def restore_group_sites(tenant: Tenant, group: Entity) -> None:
    """A restored group brings its sites back."""
    for site in _sites_of(tenant, group, deleted=True):
        tenant.store.restore(site)


def _sites_of(tenant: Tenant, group: Entity, *, deleted: bool) -> list[Entity]:
    rows = tenant.store.every("site", deleted=deleted)
    return [each for each in rows if group.guid in (each.props.get("GroupId"), each.props.get("_ChannelGroup"))]


def _free_address(tenant: Tenant, wanted: str) -> str:
    taken = {each.name.casefold() for each in tenant.store.every("site", deleted=True)}
    address, number = wanted, 1
    while tenant.store.find("site", 0, address) is not None or address.casefold() in taken:
        address, number = f"{wanted}{number}", number + 1
    return address


def is_replicated(tenant: Tenant, group: Entity) -> bool:
    """Whether Teams knows a group yet: at once, or as long after it was made as its site takes."""
    return not tenant.delays.sites or tenant.clock.now() >= read_time(group.created) + _COMPLETE_AFTER


def creation_delays(tenant: Tenant) -> dict[str, str]:
    """When a new site is there, and when all is in it; nothing while sites are made at once."""
    if not tenant.delays.sites:
        return {}
    now = tenant.clock.now()
    moments = {"_ReadyAt": now + _READY_AFTER, "_CompleteAt": now + _COMPLETE_AFTER}
    return {name: moment.strftime("%Y-%m-%dT%H:%M:%SZ") for name, moment in moments.items()}
