"""Graph's directory as a whole: the organisation, its domains, and the table of what answers what."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph import (
    applications,
    audit,
    conditional_access,
    deleted_items,
    empty_sets,
    groups,
    identity_governance,
    identity_policies,
    insights,
    invitations,
    mail,
    people,
    permission_grants,
    planner,
    policy_sets,
    reports,
    role_schedules,
    roles,
    sensitivity_labels,
    service_principals,
    teams,
    tenancy,
)
from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError
from spmigrate.rehearsal.graph.directory_types import (
    APPLICATION,
    CONTACT,
    DEVICE,
    DIRECTORY_OBJECT,
    DOMAIN,
    GROUP,
    ORGANIZATION,
    SERVICE_PRINCIPAL,
)
from spmigrate.rehearsal.graph.memberships import membership_questions
from spmigrate.rehearsal.graph.objects import (
    bad,
    missing,
    show_app,
    show_group,
    show_object,
    show_principal,
    type_name,
)
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import nothing
from spmigrate.rehearsal.graph.single_property import property_routes
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.graph.values import read_properties
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

_READ_ORGANISATION = ("Organization.Read.All", "Directory.Read.All", "User.Read", "Directory.AccessAsUser.All")
_WRITE_ORGANISATION = ("Organization.ReadWrite.All",)
_READ_DOMAINS = ("Domain.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All")
_FIND_TENANT = ("CrossTenantInformation.ReadBasic.All",)
_READ_OBJECTS = ("Directory.Read.All", "User.Read.All", "Group.Read.All", "Application.Read.All",
                 "Directory.AccessAsUser.All")  # fmt: skip
NAME = "Contoso County Council"
_BRANDING = define_type("organizationalBranding", "backgroundColor signInPageText usernameHintText")
_CONTRACT = define_type("contract", "contractType customerId defaultDomainName deletedDateTime displayName")
_MULTI_TENANT = define_type(
    "multiTenantOrganization", "createdDateTime description displayName state", "joinRequest tenants"
)


def _organisation(call: Call) -> dict[str, Any]:
    names = call.tenant.names
    domain = {"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": True, "isInitial": True,
              "name": names.domain, "type": "Managed"}  # fmt: skip
    usual = {name: ORGANIZATION.absent(name.lower()) for name in ORGANIZATION.properties.values()}
    return {
        **usual,
        "displayName": NAME,
        "countryLetterCode": "GB",
        "preferredLanguage": "en",
        "tenantType": "AAD",
        "createdDateTime": "2020-01-06T09:00:00Z",
        "technicalNotificationMails": [f"admin@{names.domain}"],
        **(call.tenant.store.read_value("organization") or {}),
        "verifiedDomains": [domain],
        "id": names.tenant_id,
    }


def _list_organisation(call: Call) -> Response:
    return answer_list(call, [_organisation(call)], context="organization", of=ORGANIZATION)


def _require_own(call: Call) -> None:
    if call.parts["id"].lower() != call.tenant.names.tenant_id:
        raise missing(call.parts["id"])


def _get_organisation(call: Call) -> Response:
    _require_own(call)
    return answer_one(call, _organisation(call), context="organization", of=ORGANIZATION)


def _patch_organisation(call: Call) -> Response:
    _require_own(call)
    fixed = frozenset({"displayName", "countryLetterCode", "country", "mobileDeviceManagementAuthority"})
    patch = read_properties(call.body(), ORGANIZATION, fixed=fixed)
    call.tenant.store.write_value("organization", {**(call.tenant.store.read_value("organization") or {}), **patch})
    return Response(204)


def _no_branding(call: Call) -> Response:
    _require_own(call)
    raise missing("organizationalBranding")


def _domains(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "id": call.tenant.names.domain,
            "authenticationType": "Managed",
            "availabilityStatus": None,
            "isAdminManaged": True,
            "isDefault": True,
            "isInitial": True,
            "isRoot": True,
            "isVerified": True,
            "manufacturer": None,
            "model": None,
            "passwordNotificationWindowInDays": None,
            "passwordValidityPeriodInDays": 2_147_483_647,
            "state": None,
            "supportedServices": ["Email", "OfficeCommunicationsOnline"],
        }
    ]


def _list_domains(call: Call) -> Response:
    return answer_list(call, _domains(call), context="domains", of=DOMAIN)


def _domain(call: Call) -> dict[str, Any]:
    found = next((each for each in _domains(call) if each["id"] == call.parts["id"].lower()), None)
    if found is None:
        raise missing(call.parts["id"])
    return found


def _get_domain(call: Call) -> Response:
    return answer_one(call, _domain(call), context="domains", of=DOMAIN)


def _domain_names(call: Call) -> Response:
    _domain(call)
    found = [
        *call.tenant.directory.users(),
        *(each for each in call.tenant.directory.groups() if each.props.get("mail")),
    ]
    shown = [show_object(call, each) for each in found]
    return answer_list(call, shown, context="directoryObjects", of=DIRECTORY_OBJECT)


def _find_tenant(call: Call) -> Response:
    names = call.tenant.names
    known = dict(call.tenant.store.read_value("tenants") or {})
    known[names.domain] = {"tenantId": names.tenant_id, "displayName": NAME}
    if "domain" in call.parts:
        wanted = call.parts["domain"].lower()
        found, domain = known.get(wanted), wanted
    else:
        wanted = call.parts["tenant"].lower()
        domain, found = next(((k, v) for k, v in known.items() if v["tenantId"] == wanted), (wanted, None))
    if found is None:
        raise GraphError(404, "Directory_ObjectNotFound", f"Unable to find tenant information for domain {wanted}.")
    shown = {"federationBrandName": None, "defaultDomainName": domain, **found}
    context = {"@odata.context": f"{VERSION}/$metadata#microsoft.graph.tenantInformation"}
    return json_response(200, {**context, **shown})


def _multi_tenant(call: Call) -> Response:
    shown = {"id": call.tenant.names.tenant_id, "createdDateTime": None, "displayName": None, "description": None,
             "state": "inactive"}  # fmt: skip
    return answer_one(call, shown, context="tenantRelationships/multiTenantOrganization", of=_MULTI_TENANT)


def _find_object(call: Call) -> Entity:
    found = call.tenant.directory.find(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def _get_object(call: Call) -> Response:
    return answer_one(call, show_object(call, _find_object(call)), context="directoryObjects", of=DIRECTORY_OBJECT)


def _delete_object(call: Call) -> Response:
    call.tenant.store.recycle(_find_object(call), at=call.tenant.clock.iso())
    return Response(204)


def _get_by_ids(call: Call) -> Response:
    body = call.body()
    wanted, kinds = body.get("ids"), body.get("types") or ["directoryObject"]
    # Source: Microsoft, "directoryObject: getByIds": at most a thousand.
    if not isinstance(wanted, list) or not wanted or len(wanted) > 1000 or not isinstance(kinds, list):
        raise bad("Invalid value specified for parameter 'ids'.")
    found = [call.tenant.directory.find(str(each)) for each in wanted]
    names = {str(each).lower() for each in kinds}
    kept = [e for e in found if e is not None and (type_name(e).lower() in names or "directoryobject" in names)]
    shown = [show_object(call, each) for each in kept]
    return json_response(200, {"@odata.context": f"{VERSION}/$metadata#directoryObjects", "value": shown})


ROUTES: tuple[Route, ...] = (
    *people.ROUTES,
    *groups.ROUTES,
    *invitations.ROUTES,
    *applications.ROUTES,
    *service_principals.ROUTES,
    *permission_grants.ROUTES,
    *roles.ROUTES,
    *role_schedules.ROUTES,
    *identity_governance.ROUTES,
    *identity_policies.ROUTES,
    *sensitivity_labels.ROUTES,
    *empty_sets.ROUTES,
    *mail.ROUTES,
    *planner.ROUTES,
    *deleted_items.ROUTES,
    *conditional_access.ROUTES,
    *policy_sets.ROUTES,
    *tenancy.ROUTES,
    *teams.ROUTES,
    *audit.ROUTES,
    *reports.ROUTES,
    *insights.ROUTES,
    route("GET organization", _READ_ORGANISATION, _list_organisation),
    route("GET organization/{id}", _READ_ORGANISATION, _get_organisation),
    route("PATCH organization/{id}", _WRITE_ORGANISATION, _patch_organisation),
    route("GET organization/{id}/branding", _READ_ORGANISATION, _no_branding),
    route("GET domains", _READ_DOMAINS, _list_domains),
    route("GET domains/{id}", _READ_DOMAINS, _get_domain),
    route("GET domains/{id}/domainNameReferences", _READ_DOMAINS, _domain_names),
    *nothing("devices", DEVICE, ("Device.Read.All", "Directory.Read.All")),
    *nothing("contacts", CONTACT, ("OrgContact.Read.All", "Directory.Read.All")),
    *nothing("contracts", _CONTRACT, ("Directory.Read.All",)),
    route(
        "GET tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')", _FIND_TENANT, _find_tenant
    ),
    route("GET tenantRelationships/findTenantInformationByTenantId(tenantId='{tenant}')", _FIND_TENANT, _find_tenant),
    route("GET tenantRelationships/multiTenantOrganization", ("MultiTenantOrganization.Read.All",), _multi_tenant),
    *nothing(
        "tenantRelationships/multiTenantOrganization/tenants",
        define_type("multiTenantOrganizationMember", "displayName role state tenantId"),
        ("MultiTenantOrganization.Read.All",),
    ),
    route("GET directoryObjects/{id}", _READ_OBJECTS, _get_object),
    route("DELETE directoryObjects/{id}", ("Directory.ReadWrite.All",), _delete_object),
    *membership_questions("directoryObjects/{id}", _READ_OBJECTS, _find_object),
    route("POST directoryObjects/getByIds", _READ_OBJECTS, _get_by_ids, standing="anyone"),
    *people.PROPERTIES,
    *property_routes("groups", GROUP, groups.READ_GROUPS, lambda call: show_group(call, groups.find_group(call))),
    *property_routes(
        "applications",
        APPLICATION,
        applications.READ_APPS,
        lambda call: show_app(call, applications.find_app(call)),
    ),
    *property_routes(
        "servicePrincipals",
        SERVICE_PRINCIPAL,
        applications.READ_APPS,
        lambda call: show_principal(call, service_principals.find_principal(call)),
    ),
)
