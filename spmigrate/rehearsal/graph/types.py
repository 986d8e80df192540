"""Graph's types by the names of their properties and relations: what a query may name, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spmigrate.rehearsal.graph.call import GraphError
from spmigrate.rehearsal.policy_defaults import sharepoint_settings


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its properties and relations by lower-case name, and how its queries differ.

    `expandable` are the relations that the rehearsal can expand; `unlistable` properties come from another service,
    which is not rehearsed; `lists` are properties of many values. A `directory` type answers a property without a
    value as null or [], and wants ConsistencyLevel and $count for some operators (Microsoft: "Advanced query
    capabilities on Microsoft Entra ID objects"). `usual` are the properties that are answered without `$select`, all
    when it is empty; those of `unsaid` also when they have no value. `beta` is the type as Graph's beta version has it,
    None where there is no difference.
    """

    name: str
    properties: dict[str, str]
    relations: frozenset[str] = frozenset()
    expandable: frozenset[str] = frozenset()
    unlistable: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    directory: bool = False
    known: frozenset[str] = frozenset()
    usual: tuple[str, ...] = ()
    unsaid: Mapping[str, object] = field(default_factory=dict)
    beta: Type | None = None

    def require_selection(self, text: str) -> None:
        """Refuse a `$select` that names what the type does not have."""
        for name in _names(text):
            if name in self.unlistable:
                raise GraphError(501, "NotImplemented", "This operation target is not yet supported.")
            if name not in self.known and name != "*" and "@" not in name and not name.startswith("content."):
                raise self._unknown(name, "Parsing OData Select and Expand failed")

    def require_expansion(self, text: str) -> None:
        """Refuse an `$expand` of what the type does not have (400), or of what is not rehearsed (501)."""
        for name in _names(_without_brackets(text)):
            if name in self.expandable:
                continue
            if name in self.relations:
                raise GraphError(501, "notImplemented", f"$expand={name} is not rehearsed.")
            raise self._unknown(name, "Parsing OData Select and Expand failed")

    def require_paths(self, paths: set[str], doing: str) -> None:
        """Refuse a filter or an order by what the type does not have; `doing` begins the message."""
        for path in sorted(paths):
            head = path.partition("/")[0]
            if head.lower() not in self.known:
                raise self._unknown(head, doing)

    def absent(self, name: str) -> object:
        """What a property without a value is answered as."""
        return [] if name in self.lists else None

    def _unknown(self, name: str, doing: str) -> GraphError:
        message = f"{doing}: Could not find a property named '{name}' on type 'microsoft.graph.{self.name}'."
        return GraphError(400, "BadRequest", message)


def _names(text: str) -> list[str]:
    return [name.strip().partition("/")[0].lower() for name in text.split(",") if name.strip()]


def _without_brackets(text: str) -> str:
    """An `$expand` without what is asked of the expanded things: `sponsors($select=id),manager`."""
    depth, kept = 0, []
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth == 0 and char != ")":
            kept.append(char)
    return "".join(kept)


def _type(
    name: str,
    properties: str,
    relations: str = "",
    *,
    expandable: str = "",
    unlistable: str = "",
    lists: str = "",
    directory: bool = False,
    usual: str = "",
) -> Type:
    by_lower = {each.lower(): each for each in f"id {properties}".split()}
    related = frozenset(relations.lower().split())
    return Type(
        name,
        by_lower,
        related,
        frozenset(expandable.lower().split()),
        frozenset(unlistable.lower().split()),
        frozenset(lists.lower().split()),
        directory,
        related.union(by_lower),
        tuple(usual.split()),
    )


def with_beta(of: Type, more: str, *, selected: str | None = None) -> Type:
    """A type with the properties that it has in the beta version besides.

    With `selected` the beta version answers every property without being asked, but for these.
    """
    extra = {each.lower(): each for each in more.split()}
    names = of.properties | extra
    other = replace(of, properties=names, known=of.known.union(extra))
    if selected is not None:
        usual = tuple(each for each in names.values() if each not in selected.split())
        other = replace(other, usual=usual, unsaid={each: of.absent(each.lower()) for each in usual})
    return replace(of, beta=other)


define_type = _type  # types of an area of its own stand in a file of their own

# The names of Graph v1.0's metadata.
_BASE_ITEM = (
    "createdBy createdDateTime description eTag lastModifiedBy lastModifiedDateTime name parentReference webUrl"
)
DRIVE = _type(
    "drive",
    f"{_BASE_ITEM} driveType owner quota sharePointIds system",
    "bundles createdByUser following items lastModifiedByUser list root special",
)
DRIVE_ITEM = _type(
    "driveItem",
    f"{_BASE_ITEM} audio bundle cTag content deleted file fileSystemInfo folder image location malware package"
    " pendingOperations photo publication remoteItem root searchResult shared sharepointIds size specialFolder video"
    " webDavUrl",
    "analytics children createdByUser lastModifiedByUser listItem permissions retentionLabel subscriptions thumbnails"
    " versions workbook",
    expandable="children listItem permissions retentionLabel thumbnails versions",
)
DRIVE_ITEM_VERSION = _type("driveItemVersion", "content lastModifiedBy lastModifiedDateTime publication size")
_BLOCKS = (
    "automaticUserConsentSettings b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound"
    " b2bDirectConnectOutbound inboundTrust tenantRestrictions m365CollaborationInbound m365CollaborationOutbound"
    " appServiceConnectInbound m365Capabilities"
)
CROSS_TENANT_POLICY = _type(
    "crossTenantAccessPolicy", "allowedCloudEndpoints deletedDateTime description displayName definition",
    "default partners templates",
)  # fmt: skip
CROSS_TENANT_DEFAULT = _type(
    "crossTenantAccessPolicyConfigurationDefault",
    f"{_BLOCKS} invitationRedemptionIdentityProviderConfiguration isServiceDefault",
)
CROSS_TENANT_PARTNER = with_beta(
    _type(
        "crossTenantAccessPolicyConfigurationPartner",
        f"{_BLOCKS} isInMultiTenantOrganization isServiceProvider serviceProviderConstraints tenantId",
        "identitySynchronization",
        expandable="identitySynchronization",
    ),
    "blockServiceProviderOutboundAccess",
)
SYNCHRONISATION = with_beta(
    _type("crossTenantIdentitySyncPolicyPartner", "displayName tenantId userSyncInbound"), "groupSyncInbound"
)
AUTHORIZATION = with_beta(_type(
    "authorizationPolicy",
    "allowEmailVerifiedUsersToJoinOrganization allowInvitesFrom allowUserConsentForRiskyApps"
    " allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR blockMsolPowerShell defaultUserRolePermissions"
    " deletedDateTime description displayName guestUserRoleId",
), "enabledPreviewFeatures permissionGrantPolicyIdsAssignedToDefaultUserRole")  # fmt: skip
SHAREPOINT_SETTINGS = _type("sharepointSettings", " ".join(sharepoint_settings()))
