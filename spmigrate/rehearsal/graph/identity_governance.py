"""Access reviews and entitlement management: who still needs what they have, and what outsiders may ask for."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set, nothing
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_READ_REVIEWS = ("AccessReview.Read.All",)
_WRITE_REVIEWS = ("AccessReview.ReadWrite.All",)
_READ = ("EntitlementManagement.Read.All",)
_WRITE = ("EntitlementManagement.ReadWrite.All",)
_REVIEWS = "identityGovernance/accessReviews"
_ENTITLEMENTS = "identityGovernance/entitlementManagement"
_DEFINITION = define_type(
    "accessReviewScheduleDefinition",
    "additionalNotificationRecipients createdBy createdDateTime descriptionForAdmins descriptionForReviewers"
    " displayName fallbackReviewers instanceEnumerationScope lastModifiedDateTime reviewers scope settings"
    " stageSettings status",
    "instances",
    expandable="instances",
    lists="additionalNotificationRecipients fallbackReviewers reviewers stageSettings",
)
_INSTANCE = define_type(
    "accessReviewInstance", "endDateTime errors fallbackReviewers reviewers scope startDateTime status",
    "contactedReviewers decisions stages",
)  # fmt: skip
_HISTORY = define_type(
    "accessReviewHistoryDefinition",
    "createdBy createdDateTime decisions displayName reviewHistoryPeriodEndDateTime reviewHistoryPeriodStartDateTime"
    " scheduleSettings scopes status",
    "instances",
)
# What a review's settings say when nobody says otherwise; source: Microsoft, accessReviewScheduleSettings.
_SETTINGS: Content = {
    "mailNotificationsEnabled": False,
    "reminderNotificationsEnabled": False,
    "justificationRequiredOnApproval": False,
    "defaultDecisionEnabled": False,
    "defaultDecision": "None",
    "instanceDurationInDays": 0,
    "autoApplyDecisionsEnabled": False,
    "recommendationsEnabled": False,
    "recommendationLookBackDuration": None,
    "decisionHistoriesForReviewersEnabled": False,
    "recurrence": None,
    "applyActions": [],
    "recommendationInsightSettings": [],
}
_DECISIONS = ("None", "Approve", "Deny", "Recommendation")


def _check_review(call: Call, props: Content, found: Entity | None) -> Content:
    settings = props.get("settings")
    if settings is not None:
        if settings.get("defaultDecision", "None") not in _DECISIONS:
            raise bad("Invalid value specified for property 'defaultDecision'.", "BadRequest")
        props["settings"] = {**(found.props["settings"] if found is not None else _SETTINGS), **settings}
    now = call.tenant.clock.iso()
    if found is not None:
        return {**props, "lastModifiedDateTime": now}
    caller = call.request.caller
    maker = {"id": caller.object_id, "displayName": caller.app_name, "userPrincipalName": caller.user, "type": None}
    made = {"createdDateTime": now, "lastModifiedDateTime": now, "createdBy": maker, "status": "NotStarted"}
    return {"settings": dict(_SETTINGS), **props, **made}


class _Reviews(Set):
    """Definitions of access reviews, which are replaced by PUT."""

    def routes(self) -> list[Route]:
        """The routes of the set."""
        kept = [each for each in super().routes() if each.method != "PATCH"]
        return [*kept, route(f"PUT {self.path}/{{id}}", self.write, self._patch)]

    def _list(self, call: Call) -> Response:
        # Source: Microsoft, "List definitions": a hundred are a page, and the most.
        shown = [self.show(each) for each in call.tenant.store.every(self.kind)]
        none: dict[str, Any] = {"instances": lambda _content: []}
        return answer_list(call, shown, context=self.path, of=self.of, most=100, relations=none)

    def instances(self, call: Call) -> Response:
        """The runs of a review: none has begun, as nobody here decides."""
        self.find(call)
        return answer_list(call, [], context=f"{self.path}/instances", of=_INSTANCE)


_PEOPLE = "additionalNotificationRecipients fallbackReviewers reviewers stageSettings"
_SCHEDULED = _Reviews(
    f"{_REVIEWS}/definitions", "accessreview", _DEFINITION, _READ_REVIEWS, _WRITE_REVIEWS,
    needed=("displayName", "scope"),
    usual={"descriptionForAdmins": None, "descriptionForReviewers": None, "instanceEnumerationScope": None,
           **{name: [] for name in _PEOPLE.split()}},
    fixed=frozenset({"status", "createdBy", "lastModifiedDateTime"}), check=_check_review,
)  # fmt: skip
_CATALOG = define_type(
    "accessPackageCatalog",
    "catalogType createdDateTime description displayName isExternallyVisible modifiedDateTime state",
    "accessPackages customWorkflowExtensions resourceRoles resourceScopes resources",
)
_PACKAGE = define_type(
    "accessPackage", "createdDateTime description displayName isHidden modifiedDateTime",
    "accessPackagesIncompatibleWith assignmentPolicies catalog incompatibleAccessPackages incompatibleGroups"
    " resourceRoleScopes",
    expandable="assignmentPolicies catalog resourceRoleScopes",
)  # fmt: skip
_ASSIGNMENT = define_type(
    "accessPackageAssignment", "customExtensionCalloutInstances expiredDateTime schedule state status",
    "accessPackage assignmentPolicy target",
    expandable="accessPackage assignmentPolicy target",
)  # fmt: skip
_POLICY = define_type(
    "accessPackageAssignmentPolicy",
    "allowedTargetScope automaticRequestSettings createdDateTime description displayName expiration modifiedDateTime"
    " notificationSettings requestApprovalSettings requestorSettings reviewSettings specificAllowedTargets",
    "accessPackage catalog customExtensionStageSettings questions",
    expandable="accessPackage catalog questions",
)
_ORGANISATION = define_type(
    "connectedOrganization", "createdDateTime description displayName identitySources modifiedDateTime state",
    "externalSponsors internalSponsors",
    expandable="externalSponsors internalSponsors",
    lists="identitySources",
)  # fmt: skip
_GENERAL = "General"


def _dated(call: Call, props: Content, found: Entity | None) -> Content:
    now = call.tenant.clock.iso()
    return {**({"createdDateTime": now} if found is None else {}), **props, "modifiedDateTime": now}


def _check_organisation(call: Call, props: Content, found: Entity | None) -> Content:
    if props.get("state", "configured") not in ("configured", "proposed"):
        raise bad("Invalid value specified for property 'state'.", "BadRequest")
    sources = props.get("identitySources")
    if sources is not None and not all(isinstance(each, dict) and each.get("@odata.type") for each in sources):
        raise bad("Invalid value specified for property 'identitySources'.", "BadRequest")
    return _dated(call, props, found)


class _Organisations(Set):
    """Connected organisations with their sponsors, of whom there are none."""

    def _list(self, call: Call) -> Response:
        relations: dict[str, Any] = dict.fromkeys(self.of.expandable, lambda _content: [])
        relations = {name.lower(): find for name, find in relations.items()}
        shown = [self.show(each) for each in call.tenant.store.every(self.kind)]
        return answer_list(call, shown, context=self.path, of=self.of, relations=relations)


class _Catalogs(Set):
    """Catalogues of access packages: the one that every tenant has, and its own."""

    def _list(self, call: Call) -> Response:
        return answer_list(call, self._every(call), context=self.path, of=self.of)

    def _every(self, call: Call) -> list[Content]:
        general = {
            "id": call.tenant.names.tenant_id, "displayName": _GENERAL, "description": "Built-in catalog.",
            "catalogType": "serviceDefault", "state": "published", "isExternallyVisible": True,
            "createdDateTime": "2020-01-06T09:00:00Z", "modifiedDateTime": "2020-01-06T09:00:00Z",
        }  # fmt: skip
        return [general, *(self.show(each) for each in call.tenant.store.every(self.kind))]


def _sponsors(call: Call) -> Response:
    if call.tenant.store.get("connectedorganisation", call.parts["id"]) is None:
        raise missing(call.parts["id"])
    return answer_list(call, [], context="directoryObjects", of=define_type("directoryObject", "deletedDateTime"))


_ORGANISATIONS = _Organisations(
    f"{_ENTITLEMENTS}/connectedOrganizations", "connectedorganisation", _ORGANISATION, _READ, _WRITE,
    needed=("displayName",), usual={"description": None, "identitySources": [], "state": "configured"},
    fixed=frozenset({"modifiedDateTime"}), check=_check_organisation,
)  # fmt: skip
_CATALOGUES = _Catalogs(
    f"{_ENTITLEMENTS}/catalogs", "packagecatalogue", _CATALOG, _READ, _WRITE, needed=("displayName",),
    usual={"description": None, "catalogType": "userManaged", "state": "published", "isExternallyVisible": False},
    fixed=frozenset({"catalogType", "modifiedDateTime"}), check=_dated,
)  # fmt: skip
_ONE = f"{_ENTITLEMENTS}/connectedOrganizations/{{id}}"
ROUTES: tuple[Route, ...] = (
    *_SCHEDULED.routes(),
    route(f"GET {_REVIEWS}/definitions/{{id}}/instances", _READ_REVIEWS, _SCHEDULED.instances),
    *nothing(f"{_REVIEWS}/historyDefinitions", _HISTORY, _READ_REVIEWS),
    *_CATALOGUES.routes(),
    *_ORGANISATIONS.routes(),
    route(f"GET {_ONE}/{{side:internalSponsors|externalSponsors}}", _READ, _sponsors),
    *nothing(f"{_ENTITLEMENTS}/accessPackages", _PACKAGE, _READ),
    *nothing(f"{_ENTITLEMENTS}/assignments", _ASSIGNMENT, _READ),
    *nothing(f"{_ENTITLEMENTS}/assignmentPolicies", _POLICY, _READ),
)
