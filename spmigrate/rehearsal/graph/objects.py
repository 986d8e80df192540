"""Objects of the directory as Graph shows them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

from spmigrate.rehearsal.directory import application_id, service_principal_id
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import APPLICATION, GROUP, SERVICE_PRINCIPAL, USER
from spmigrate.rehearsal.graph.querying import cut
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.permissions import API_IDS, API_NAMES, PERMISSIONS, Permission
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
# The tenant in which Microsoft's own applications are registered.
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
# What an application is given to sign in with; Graph never shows it.
_SECRET = frozenset({"roles", "scopes", "secrets", "certificates", "redirectUris"})
_WEB: Content = {
    "homePageUrl": None,
    "logoutUrl": None,
    "redirectUris": [],
    "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
    "redirectUriSettings": [],
}
_API: Content = {
    "acceptMappedClaims": None,
    "knownClientApplications": [],
    "requestedAccessTokenVersion": None,
    "oauth2PermissionScopes": [],
    "preAuthorizedApplications": [],
}
_INFO = dict.fromkeys(("logoUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"))


def missing(identity: str) -> GraphError:
    """The directory has nothing of this name."""
    message = f"Resource '{identity}' does not exist or one of its queried reference-property objects are not present."
    return GraphError(404, "Request_ResourceNotFound", message)


def holder(call: Call, kind: str) -> Entity:
    """The `user` or `group` that the path names; a 404 when there is none."""
    directory, name = call.tenant.directory, call.parts["id"]
    found = directory.user(name) if kind == "user" else directory.group(name)
    if found is None:
        raise missing(name)
    return found


def bad(message: str, code: str = "Request_BadRequest") -> GraphError:
    """The directory can't take this."""
    return GraphError(400, code, message)


def stored(entity: Entity) -> Content:
    """What was said about something, without what is kept beside it."""
    return {name: value for name, value in entity.props.items() if name[0] != "_"}


def empty(of: Type, names: Iterable[str]) -> Content:
    """Properties without a value."""
    return {name: of.absent(name.lower()) for name in names}


_USER_UNSAID: Content = dict.fromkeys(USER.usual)


def show_user(call: Call, user: Entity) -> Content:
    """A user with everything that can be selected."""
    member = user.props.get("userType", "Member") != "Guest"
    domain, mail = call.tenant.names.domain, user.props.get("mail")
    identity = {"signInType": "userPrincipalName", "issuer": domain, "issuerAssignedId": user.name}
    content = {
        **_USER_UNSAID,
        "businessPhones": [],
        "accountEnabled": True,
        "userType": "Member",
        "createdDateTime": user.created,
        "creationType": None,
        "externalUserState": None,
        "externalUserStateChangeDateTime": None,
        "identities": [identity] if member else [],
        "mailNickname": user.name.partition("@")[0],
        "proxyAddresses": [f"SMTP:{mail}"] if mail else [],
        "usageLocation": "GB" if member else None,
        "assignedLicenses": licences_of(call, user),
        "securityIdentifier": security_identifier(user.guid),
        "lastPasswordChangeDateTime": user.created,
        "signInSessionsValidFromDateTime": user.created,
        **stored(user),
        "userPrincipalName": user.name,
        "id": user.guid,
        "deletedDateTime": user.deleted,
    }
    content.pop("sponsors", None)
    return content


def licences_of(call: Call, user: Entity) -> list[Content]:
    """The licences of a person: all of the tenant's for its members, until somebody says otherwise."""
    own = user.props.get("assignedLicenses")
    if own is not None:
        return list(own)
    if user.props.get("userType", "Member") == "Guest":
        return []
    store = call.tenant.store
    names = store.remembered(("licences",), lambda: store.read_value("licences") or {})
    return [{"disabledPlans": [], "skuId": sku_id(name)} for name in names]


@cache
def sku_id(name: str) -> str:
    """The id of a licence: Microsoft's where it is well known, else one of our own."""
    known = {
        "SPE_E3": "05e9a617-0261-4cee-bb44-138d3ef5d965",
        "SPE_E5": "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        "ENTERPRISEPACK": "6fd2c87f-b296-42f0-b197-1e91e994b900",
        "AAD_PREMIUM": "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
        "AAD_PREMIUM_P2": "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
        "SPE_F1": "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    }
    return known.get(name) or str(uuid.uuid5(uuid.NAMESPACE_OID, f"sku/{name}"))


def security_identifier(guid: str) -> str:
    """The identifier that Windows would use: the object id's bytes as four numbers."""
    raw = bytes.fromhex(guid.replace("-", ""))
    numbers = (
        int.from_bytes(raw[0:4], "big"),
        int.from_bytes(raw[6:8] + raw[4:6], "big"),
        int.from_bytes(raw[8:12], "little"),
        int.from_bytes(raw[12:16], "little"),
    )
    return f"S-1-12-1-{numbers[0]}-{numbers[1]}-{numbers[2]}-{numbers[3]}"


def show_group(call: Call, group: Entity) -> Content:
    """A group with everything that can be selected."""
    unified = "Unified" in group.props.get("groupTypes", ())
    nickname = group.props.get("mailNickname")
    mail = group.props.get("mail") or (f"{nickname}@{call.tenant.names.domain}" if unified and nickname else None)
    return {
        **empty(GROUP, GROUP.usual),
        "createdDateTime": group.created,
        "renewedDateTime": group.created,
        "visibility": "Public" if unified else None,
        "securityIdentifier": security_identifier(group.guid),
        "proxyAddresses": [f"SMTP:{mail}"] if mail and group.props.get("mailEnabled") else [],
        **stored(group),
        "mail": mail,
        "displayName": group.name,
        "id": group.guid,
        "deletedDateTime": group.deleted,
    }


def show_app(call: Call, app: Entity) -> Content:
    """An application's registration."""
    return {
        **empty(APPLICATION, [each for each in APPLICATION.properties.values() if each != "logo"]),
        "createdDateTime": app.created,
        "publisherDomain": call.tenant.names.domain,
        "signInAudience": "AzureADMyOrg",
        "web": _WEB,
        "api": _API,
        "spa": {"redirectUris": []},
        "publicClient": {"redirectUris": list(app.props.get("redirectUris", []))},
        "info": _INFO,
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
        **{name: value for name, value in stored(app).items() if name not in _SECRET},
        "passwordCredentials": [show_secret(each) for each in app.props.get("_passwords", [])],
        "keyCredentials": list(app.props.get("_keys", [])),
        "displayName": app.name,
        "appId": app.guid,
        "id": application_id(app.guid),
        "deletedDateTime": app.deleted,
    }


def show_secret(kept: Content) -> Content:
    """A password of an application, without the password."""
    return {name: value for name, value in kept.items() if name != "secretText"} | {"secretText": None}


def show_principal(call: Call, principal: Entity) -> Content:
    """A service principal: what an application is in this tenant."""
    app = call.tenant.directory.app(principal.name)
    shown = show_app(call, app) if app is not None else {}
    api = next((name for name, client in API_IDS.items() if client == principal.name), "")
    known = PERMISSIONS.get(api, ())
    names = list(dict.fromkeys([principal.name, *shown.get("identifierUris", []), *API_NAMES.get(api, ())]))
    return {
        **empty(SERVICE_PRINCIPAL, [each for each in SERVICE_PRINCIPAL.properties.values() if each not in _LATER]),
        "accountEnabled": True,
        "createdDateTime": principal.created,
        "appOwnerOrganizationId": call.tenant.names.tenant_id if app is not None else MICROSOFT,
        "appRoleAssignmentRequired": False,
        "servicePrincipalType": "Application",
        "signInAudience": shown.get("signInAudience", "AzureADMultipleOrgs"),
        "servicePrincipalNames": names,
        "replyUrls": (shown.get("web") or {}).get("redirectUris", []),
        "info": _INFO,
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
        "appRoles": [show_app_role(each) for each in known if each.role] or shown.get("appRoles", []),
        "oauth2PermissionScopes": [show_scope(each) for each in known if each.scope]
        or (shown.get("api") or {}).get("oauth2PermissionScopes", []),
        "displayName": shown.get("displayName"),
        "appDisplayName": shown.get("displayName") or principal.props.get("displayName"),
        "appDescription": shown.get("description"),
        **stored(principal),
        "passwordCredentials": [show_secret(each) for each in principal.props.get("_passwords", [])],
        "appId": principal.name,
        "id": service_principal_id(principal.name),
        "deletedDateTime": principal.deleted,
    }


_LATER = frozenset({"customSecurityAttributes"})


def show_app_role(role: Permission) -> Content:
    """An application permission."""
    return {
        "allowedMemberTypes": ["Application"],
        "description": role.title,
        "displayName": role.title,
        "id": role.role,
        "isEnabled": True,
        "origin": "Application",
        "value": role.name,
    }


def show_scope(scope: Permission) -> Content:
    """A delegated permission."""
    return {
        "adminConsentDescription": scope.title,
        "adminConsentDisplayName": scope.title,
        "id": scope.scope,
        "isEnabled": True,
        "type": "Admin" if scope.name.endswith(".All") else "User",
        "userConsentDescription": scope.title,
        "userConsentDisplayName": scope.title,
        "value": scope.name,
    }


def show_plain(_call: Call, entity: Entity) -> Content:
    """Something that is shown just as it was said."""
    return {"id": entity.guid, "deletedDateTime": entity.deleted, **stored(entity)}


_SHOWN = {
    "user": ("user", show_user, USER),
    "group": ("group", show_group, GROUP),
    "app": ("application", show_app, APPLICATION),
    "principal": ("servicePrincipal", show_principal, SERVICE_PRINCIPAL),
    "unit": ("administrativeUnit", show_plain, None),
    "directoryrole": ("directoryRole", show_plain, None),
}


def show_object(call: Call, entity: Entity) -> Content:
    """Anything in the directory, with its type: whole when something is selected, else what its kind shows usually."""
    name, show, of = _SHOWN[entity.kind]
    content = {"@odata.type": f"#microsoft.graph.{name}", **show(call, entity)}
    return content if "$select" in call.query or "$filter" in call.query else cut(content, set(), of)


def type_name(entity: Entity) -> str:
    """Graph's name for the type of something in the directory."""
    return _SHOWN[entity.kind][0]


def show_all(call: Call, entities: Iterable[Entity]) -> list[Content]:
    """Several things in the directory."""
    return [show_object(call, each) for each in entities]
