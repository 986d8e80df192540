"""What else a tenant has, or truly has none of: service health, settings, catalogues, governance, security."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.directory_types import USER
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set, nothing
from spmigrate.rehearsal.graph.singles import Single
from spmigrate.rehearsal.graph.types import Type, define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_HEALTH = ("ServiceHealth.Read.All",)
_SERVICES = {
    "Exchange": "Exchange Online", "SharePoint": "SharePoint Online", "OneDriveForBusiness": "OneDrive for Business",
    "microsoftteams": "Microsoft Teams", "AAD": "Microsoft Entra", "OSDPPlatform": "Microsoft 365 suite",
    "Intune": "Microsoft Intune", "yammer": "Microsoft Viva",
}  # fmt: skip
_SERVICE_HEALTH = define_type("serviceHealth", "service status", "issues")
_ISSUE = define_type(
    "serviceHealthIssue",
    "classification details endDateTime feature featureGroup impactDescription isResolved lastModifiedDateTime origin"
    " posts service startDateTime status title",
)
_MESSAGE = define_type(
    "serviceUpdateMessage",
    "actionRequiredByDateTime attachmentsArchive body category details endDateTime hasAttachments isMajorChange"
    " lastModifiedDateTime services severity startDateTime tags title viewPoint",
    "attachments",
)


def _overviews() -> list[Content]:
    return [{"id": key, "service": name, "status": "serviceOperational"} for key, name in _SERVICES.items()]


def _list_overviews(call: Call) -> Response:
    none: dict[str, Any] = {"issues": lambda _content: []}
    return answer_list(call, _overviews(), context="admin/serviceAnnouncement/healthOverviews", of=_SERVICE_HEALTH,
                       relations=none)  # fmt: skip


def _get_overview(call: Call) -> Response:
    found = next((e for e in _overviews() if call.parts["id"].lower() in (e["id"].lower(), e["service"].lower())), None)
    if found is None:
        raise missing(call.parts["id"])
    none: dict[str, Any] = {"issues": lambda _content: []}
    return answer_one(call, found, context="admin/serviceAnnouncement/healthOverviews", of=_SERVICE_HEALTH,
                      relations=none)  # fmt: skip


def _get_people(call: Call) -> Response:
    of = define_type("peopleAdminSettings", "", "itemInsights profileCardProperties pronouns")
    return answer_one(call, {"profileCardProperties": []}, context="admin/people", of=of)


_CARD = define_type("profileCardProperty", "annotations directoryPropertyName", lists="annotations")


class _Cards(Set):
    """Properties of profile cards, whose keys are their names in the directory."""

    def show(self, entity: Entity) -> Content:
        """A property, which has no other id."""
        return {name: value for name, value in super().show(entity).items() if name != "id"}

    def find(self, call: Call) -> Entity:
        """The property that the path names."""
        wanted = call.parts["id"].lower()
        for each in call.tenant.store.every(self.kind):
            if each.props["directoryPropertyName"].lower() == wanted:
                return each
        raise missing(call.parts["id"])


def _check_card(call: Call, props: Content, found: Entity | None) -> Content:
    name = props.get("directoryPropertyName", found.props["directoryPropertyName"] if found is not None else "")
    every = call.tenant.store.every("profilecard")
    if found is None and any(each.props["directoryPropertyName"].lower() == str(name).lower() for each in every):
        raise bad("A profile card property with this name exists already.", "BadRequest")
    return props


def _none(text: str, expandable: str = "") -> Type:
    name, _, properties = text.partition(" ")
    return define_type(name, properties, expandable, expandable=expandable)


_ATTRIBUTE_READ = ("CustomSecAttributeDefinition.Read.All",)
_ATTRIBUTE_WRITE = ("CustomSecAttributeDefinition.ReadWrite.All",)
_ATTRIBUTES = Set(
    "directory/customSecurityAttributeDefinitions",
    "attributedefinition",
    define_type(
        "customSecurityAttributeDefinition",
        "attributeSet description isCollection isSearchable name status type usePreDefinedValuesOnly",
        "allowedValues",
    ),
    _ATTRIBUTE_READ,
    _ATTRIBUTE_WRITE,
    needed=("attributeSet", "name", "status", "type"),
    usual={"description": None, "isCollection": False, "isSearchable": True, "usePreDefinedValuesOnly": False},
)
_ATTRIBUTE_SETS = Set(
    "directory/attributeSets",
    "attributeset",
    define_type("attributeSet", "description maxAttributesPerSet"),
    _ATTRIBUTE_READ,
    _ATTRIBUTE_WRITE,
    usual={"description": None, "maxAttributesPerSet": 500},
)
_TEMPLATE_NAMES = {
    "8adf8e6e-67b2-4cf2-a259-e3dc5476c621": ("Custom", "Microsoft Entra ID", "Integrate any other application."),
    "4c5a0b7f-1d3c-4f2a-9d0b-6a6a6e7c5b11": ("ServiceNow", "ServiceNow", "Workflows for service desks."),
    "2b1f9a70-7d0e-4c3f-8a44-0a1d6a0f9c22": ("Salesforce", "Salesforce.com", "Customers and their cases."),
}
_TEMPLATE = define_type(
    "applicationTemplate",
    "categories description displayName homePageUrl logoUrl publisher supportedProvisioningTypes"
    " supportedSingleSignOnModes",
)


def _templates() -> list[Content]:
    return [
        {"id": identity, "displayName": name, "publisher": publisher, "description": text, "homePageUrl": None,
         "logoUrl": None, "categories": ["businessMgmt"], "supportedProvisioningTypes": [],
         "supportedSingleSignOnModes": ["saml", "notSupported"]}
        for identity, (name, publisher, text) in _TEMPLATE_NAMES.items()
    ]  # fmt: skip


def _list_templates(call: Call) -> Response:
    return answer_list(call, _templates(), context="applicationTemplates", of=_TEMPLATE)


def _get_template(call: Call) -> Response:
    found = next((each for each in _templates() if each["id"] == call.parts["id"].lower()), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="applicationTemplates", of=_TEMPLATE)


def _subscriptions(call: Call) -> Response:
    of = define_type(
        "companySubscription",
        "commerceSubscriptionId createdDateTime isTrial nextLifecycleDateTime ownerId ownerTenantId ownerType"
        " serviceStatus skuId skuPartNumber status totalLicenses",
    )
    return answer_list(call, [], context="directory/subscriptions", of=of)


# The id that every account's password has among its methods of signing in.
_PASSWORD = "28c10230-6103-485e-b985-444c60001490"  # noqa: S105 - no password


def _password_method(call: Call) -> Content:
    user = call.tenant.directory.user(call.parts["id"])
    if user is None:
        raise missing(call.parts["id"])
    return {"id": _PASSWORD, "password": None, "createdDateTime": user.created}


def _methods(call: Call) -> Response:
    password = {"@odata.type": "#microsoft.graph.passwordAuthenticationMethod", **_password_method(call)}
    return answer_list(call, [password], context="authentication/methods", of=_METHOD)


def _password_methods(call: Call) -> Response:
    return answer_list(call, [_password_method(call)], context="authentication/passwordMethods", of=_METHOD)


def _one_password_method(call: Call) -> Response:
    if call.parts["method"].lower() != _PASSWORD:
        raise missing(call.parts["method"])
    return answer_one(call, _password_method(call), context="authentication/passwordMethods", of=_METHOD)


_INSTALL = ("OrgSettings-Microsoft365Install.Read.All",)
_INSTALLATION = Single(
    "admin/microsoft365Apps/installationOptions",
    "microsoft365AppsInstallation",
    define_type("m365AppsInstallationOptions", "appsForMac appsForWindows updateChannel"),
    _INSTALL,
    ("OrgSettings-Microsoft365Install.ReadWrite.All",),
    lambda: {
        "id": "",
        "updateChannel": "current",
        "appsForWindows": {
            "isMicrosoft365AppsEnabled": True,
            "isProjectEnabled": True,
            "isSkypeForBusinessEnabled": True,
            "isVisioEnabled": True,
        },
        "appsForMac": {"isMicrosoft365AppsEnabled": True, "isSkypeForBusinessEnabled": True},
    },
)


def _get_apps(call: Call) -> Response:
    of = define_type("adminMicrosoft365Apps", "", "installationOptions", expandable="installationOptions")
    relations: dict[str, Any] = {"installationoptions": lambda _content: _INSTALLATION.value(call)}
    return answer_one(call, {"id": ""}, context="admin/microsoft365Apps", of=of, relations=relations)


_METHOD = define_type("authenticationMethod", "createdDateTime password")
_SECURITY = ("SecurityIncident.Read.All", "SecurityEvents.Read.All", "SecurityAlert.Read.All")
_RISKY = ("IdentityRiskyUser.Read.All",)
_RISK = _none("riskyUser isDeleted isProcessing riskDetail riskLastUpdatedDateTime riskLevel riskState userDisplayName")
ROUTES: tuple[Route, ...] = (
    route("GET admin/serviceAnnouncement/healthOverviews", _HEALTH, _list_overviews),
    route("GET admin/serviceAnnouncement/healthOverviews/{id}", _HEALTH, _get_overview),
    *nothing("admin/serviceAnnouncement/issues", _ISSUE, _HEALTH),
    *nothing("admin/serviceAnnouncement/messages", _MESSAGE, ("ServiceMessage.Read.All",)),
    route("GET admin/people", ("PeopleSettings.Read.All",), _get_people),
    *Single(
        "admin/people/pronouns", "pronounsSettings", define_type("pronounsSettings", "isEnabledInOrganization"),
        ("PeopleSettings.Read.All",), ("PeopleSettings.ReadWrite.All",),
        lambda: {"id": "pronouns", "isEnabledInOrganization": False}, shown=True,
    ).routes(),
    *_Cards(
        "admin/people/profileCardProperties", "profilecard", _CARD, ("PeopleSettings.Read.All",),
        ("PeopleSettings.ReadWrite.All",), needed=("directoryPropertyName",), usual={"annotations": []},
        check=_check_card, answers=200,
    ).routes(),
    *Single(
        "admin/reportSettings", "reportSettings", define_type("adminReportSettings", "displayConcealedNames"),
        ("ReportSettings.Read.All",), ("ReportSettings.ReadWrite.All",),
        # Microsoft hides names in reports of every tenant until its administrator shows them.
        lambda: {"id": "", "displayConcealedNames": True},
    ).routes(),
    route("GET admin/microsoft365Apps", _INSTALL, _get_apps, standing="admin"),
    *_INSTALLATION.routes(),
    *_ATTRIBUTES.routes(),
    *_ATTRIBUTE_SETS.routes(),
    route("GET applicationTemplates", (), _list_templates),
    route("GET applicationTemplates/{id}", (), _get_template),
    route("GET directory/subscriptions", ("Organization.Read.All", "Directory.Read.All"), _subscriptions),
    *nothing("directory/deviceLocalCredentials", _none("deviceLocalCredentialInfo deviceName lastBackupDateTime"),
             ("DeviceLocalCredential.Read.All",)),
    *nothing("directory/federationConfigurations", _none("identityProviderBase displayName"), ("Domain.Read.All",)),
    *nothing("identityGovernance/appConsent/appConsentRequests",
             _none("appConsentRequest appDisplayName appId pendingScopes"), ("ConsentRequest.Read.All",)),
    *nothing("identityGovernance/termsOfUse/agreements", _none("agreement displayName"), ("Directory.Read.All",)),
    *nothing("security/incidents", _none("incident classification createdDateTime severity status"), _SECURITY),
    *nothing("security/alerts_v2", _none("alert category createdDateTime severity status title"), _SECURITY),
    *nothing("security/alerts", _none("alert category createdDateTime severity status title"), _SECURITY),
    *nothing("security/secureScores", _none("secureScore createdDateTime currentScore maxScore"), _SECURITY),
    *nothing("identityProtection/riskyUsers", _RISK, _RISKY),
    *nothing("identityProtection/riskDetections", _RISK, _RISKY),
    *nothing("informationProtection/threatAssessmentRequests",
             _none("threatAssessmentRequest category createdDateTime status"), ("ThreatAssessment.Read.All",)),
    *nothing("users/{id}/scopedRoleMemberOf", USER, ("RoleManagement.Read.Directory", "Directory.Read.All")),
    *(route(f"GET users/{{id}}/authentication/{path}", ("UserAuthenticationMethod.Read.All",), answer,
            own=("UserAuthenticationMethod.Read",))
      for path, answer in (("methods", _methods), ("passwordMethods", _password_methods),
                           ("passwordMethods/{method}", _one_password_method))),
)  # fmt: skip
