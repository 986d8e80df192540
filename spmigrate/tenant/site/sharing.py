"""What the admin centre sets for a site: sharing and its links, who may open it at all and on which devices, the
sensitivity label, storage, and the lock.

What is written here is read back: SharePoint ignores a storage limit while the tenant manages storage by itself, and a
label that is not published.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant.contents import (
    DEVICES,
    LINK_PERMISSIONS,
    LINK_TYPES,
    SHARING_LEVELS,
    Attributes,
    Kind,
    Part,
    Value,
    word_for,
)
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.lookups import sensitivity_labels
from spmigrate.tenant.site.principals import GROUP, claim_of
from spmigrate.tenant.site.question import NO_ID, Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

LOCKS: Mapping[str, str] = {
    "Unlocked": "Unlock",
    "No additions": "NoAdditions",
    "Read only": "ReadOnly",
    "No access": "NoAccess",
}
"""LockState of SiteProperties."""

CLOSED = "No access"
"""The state of a site in which it tells nothing of itself, not even to administrators."""

MEMBERS = "Members"
"""Whom a site with a Microsoft 365 group is restricted to: that group."""

_RESTRICTED = "restrict access to"


def _restricting(answers: Answers) -> Mapping[str, str]:
    """The groups to which access is restricted, by id."""
    properties = answers.get("site properties") or {}
    if not properties.get("RestrictedAccessControl") or not answers.says(Kind.SHARING, "", _RESTRICTED):
        return {}
    ids = (_plain(each) for each in properties.get("RestrictedAccessControlGroups") or ())
    return {each: f"groups/{each}?$select=id,displayName" for each in ids}


QUESTIONS = (
    Question(
        "site properties", Service.ADMIN, "SPO.Tenant/sites('{site_id}')", round=2,
        kinds=frozenset({Kind.SHARING, Kind.STORAGE, Kind.LOCK}),
    ),
    Question(
        "restricting groups", Service.GRAPH, _restricting, round=3, kinds=frozenset({Kind.SHARING}), optional=True
    ),
    Question(
        "site label", Service.SITE, "site?$select=SensitivityLabelInfo", kinds=frozenset({Kind.LABEL}), optional=True
    ),
)  # fmt: skip

_WORDS: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "external sharing": ("SharingCapability", SHARING_LEVELS),
    "default link": ("DefaultSharingLinkType", LINK_TYPES),
    "default link permission": ("DefaultLinkPermission", LINK_PERMISSIONS),
    "unmanaged devices": ("ConditionalAccessPolicy", DEVICES),
}
_DAYS: Mapping[str, tuple[str, str]] = {
    "links to people expire after": ("ExternalUserExpirationInDays", "OverrideTenantExternalUserExpirationPolicy"),
    "anyone links expire after": ("AnonymousLinkExpirationInDays", "OverrideTenantAnonymousLinkExpirationPolicy"),
}  # fmt: skip
"""A number of days, and whether it holds rather than the tenant's; 0 days leave it to the tenant.

A link to named people lasts as long as a guest's access does: that of the organisation's own people has no end.
"""

_SIZES: Mapping[str, str] = {"limit": "StorageMaximumLevel", "warning": "StorageWarningLevel"}
_MEGABYTES = 1024
_PAUSES = (1.0, 5.0, 15.0, 15.0)
"""Seconds until a change may show: the service's own jobs say to look again after 15."""


def parts(answers: Answers) -> Iterator[Part]:
    """Sharing, storage and lock; the label of a site that has one."""
    properties = answers.get("site properties")
    if properties:
        yield Part(Kind.SHARING, "", "", {**_sharing(properties), **_restriction(answers, properties)})
        sizes = {word: int(properties[name]) // _MEGABYTES for word, name in _SIZES.items()}
        yield Part(Kind.STORAGE, "", "", sizes)
        yield Part(Kind.LOCK, "", "", {"state": word_for(LOCKS, properties["LockState"])})
    label = (answers.get("site label") or {}).get("SensitivityLabelInfo") or {}
    if str(label.get("Id") or NO_ID) != NO_ID:
        yield Part(Kind.LABEL, "", "", {"label": label.get("DisplayName") or str(label["Id"])})


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change what is given of sharing. Raises Refused when SharePoint does not take it, NotFound for a group that is
    not there, TenantError."""
    changes: dict[str, object] = {}
    for word, value in after.items():
        if word == _RESTRICTED:
            _restrict(site, value)
        elif word in _WORDS:
            name, values = _WORDS[word]
            changes[name] = values[str(value)]
        else:
            days, override = _DAYS[word]
            changes |= {override: bool(value)} | ({days: value} if value else {})
    if changes:
        _write(site, changes, "see what the tenant allows: a site cannot be more open than its tenant")


def put_label(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Give the site a sensitivity label. Raises NotFound for one that is not published, Refused, TenantError."""
    labels = sensitivity_labels(site.tenant)
    wanted = str(after["label"])
    if wanted not in labels:
        raise NotFound(f"no sensitivity label '{wanted}' is published", hint="see the labels in Microsoft Purview")
    _write(site, {"SensitivityLabel": labels[wanted]}, "the label must be published for sites: see Microsoft Purview")


def put_storage(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Set limit and warning, in GB. Raises Refused where the tenant manages storage by itself, TenantError."""
    changes = {_SIZES[word]: int(str(value)) * _MEGABYTES for word, value in after.items()}
    hint = "storage may be managed automatically: set site storage limits to Manual in the SharePoint admin centre"
    _write(site, changes, hint)


def put_lock(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Lock the site or unlock it. Raises Refused when SharePoint does not take it, TenantError."""
    _write(site, {"LockState": LOCKS[str(after["state"])]}, "the root site of a tenant cannot be locked")


def _sharing(properties: Mapping[str, Any]) -> dict[str, str | int]:
    found: dict[str, str | int] = {word: word_for(words, properties[name]) for word, (name, words) in _WORDS.items()}
    for word, (days, override) in _DAYS.items():
        found[word] = int(properties.get(days) or 0) if properties.get(override) else 0
    return found


def _restriction(answers: Answers, properties: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Whom the site is restricted to, where somebody wants to know; a group that is gone has its id for a name."""
    if not answers.says(Kind.SHARING, "", _RESTRICTED):
        return {}
    if not properties.get("RestrictedAccessControl"):
        return {_RESTRICTED: ()}
    known = answers.get("restricting groups") or {}
    ids = [_plain(each) for each in properties.get("RestrictedAccessControlGroups") or ()]
    return {_RESTRICTED: tuple(GROUP + str((known.get(each) or {}).get("displayName") or each) for each in ids)
            or (MEMBERS,)}  # fmt: skip


def _restrict(site: "SiteWriter", who: Value) -> None:
    named = who if isinstance(who, tuple) else ()
    groups = [claim_of(site.tenant, each).rpartition("|")[2] for each in named if each != MEMBERS]
    changes: dict[str, object] = {"RestrictedAccessControl": bool(named)}
    hint = "allow it in the SharePoint admin centre first: Policies > Access control > Site-level access restriction"
    _write(site, changes | ({"RestrictedAccessControlGroups": groups} if groups else {}), hint)


def _write(site: "SiteWriter", changes: Mapping[str, object], hint: str) -> None:
    """Set properties of the site and wait until they show. Raises Refused when they do not."""
    path = f"SPO.Tenant/sites('{_site_id(site)}')"
    site.admin("MERGE", path, changes)
    left: list[str] = []
    for pause in (*_PAUSES, None):
        found = site.admin("GET", path)
        left = [name for name, value in changes.items() if not _same(found.get(name), value)]
        if not left:
            return
        if pause is not None:
            site.sleep(pause)
    raise Refused(f"{site.address}: SharePoint did not take {', '.join(left)}", hint=hint)


def _same(found: object, wanted: object) -> bool:
    """Whether a value was taken; SharePoint writes long numbers as text, and lists of ids in any order."""
    if isinstance(wanted, list):
        return isinstance(found, list) and {*map(_plain, found)} == {*map(_plain, wanted)}
    return found == wanted or _plain(found) == _plain(wanted)


def _plain(value: object) -> str:
    return str(value).strip("{}").lower()


def lock_of(tenant: Tenant, address: str) -> str:
    """The state of a site's lock, from the admin centre. Raises TenantError."""
    return word_for(LOCKS, _from_outside(tenant, address)["LockState"])


def _site_id(site: "SiteWriter") -> str:
    """The id from the admin centre: a locked site tells nothing of itself."""
    found = str(_from_outside(site.tenant, site.address)["SiteId"])
    return found.strip("{}").removeprefix("/Guid(").removesuffix(")/")


def _from_outside(tenant: Tenant, address: str) -> Mapping[str, Any]:
    body = {"url": tenant.settings.sharepoint + address, "includeDetail": False}
    url = f"{tenant.settings.admin}/_api/SPO.Tenant/GetSitePropertiesByUrl"
    found: Mapping[str, Any] = tenant.rest("POST", url, body, repeatable=True)
    return found
