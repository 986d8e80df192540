"""How long groups live: the tenant's policy, and renewing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_values
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.sets import Set
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_READ = ("Directory.Read.All", "Group.Read.All")
_WRITE = ("Directory.ReadWrite.All",)
# Source: Microsoft, "Configure the expiration policy for Microsoft 365 groups".
_LEAST_DAYS = 30
POLICY = define_type(
    "groupLifecyclePolicy", "alternateNotificationEmails groupLifetimeInDays managedGroupTypes", directory=True
)


def _check(call: Call, props: dict[str, Any], found: Entity | None) -> dict[str, Any]:
    if found is None and call.tenant.store.every("lifecyclepolicy", limit=1):
        raise bad("A group lifecycle policy already exists for this tenant.")
    if props.get("managedGroupTypes", "None") not in ("All", "Selected", "None"):
        raise bad("Invalid value specified for property 'managedGroupTypes' of resource 'GroupLifecyclePolicy'.")
    days = props.get("groupLifetimeInDays")
    if days is not None and days < _LEAST_DAYS:
        raise bad("Invalid value specified for property 'groupLifetimeInDays' of resource 'GroupLifecyclePolicy'.")
    return props


POLICIES = Set("groupLifecyclePolicies", "lifecyclepolicy", POLICY, _READ, _WRITE, check=_check)


def expiration(call: Call, group: Entity) -> str | None:
    """When a group ends unless somebody renews it: None where no policy is for it."""
    for policy in call.tenant.store.every("lifecyclepolicy", limit=1):
        kind = policy.props.get("managedGroupTypes", "None")
        if kind == "All" or (kind == "Selected" and group.guid in policy.props.get("_groups", [])):
            begun = read_time(group.props.get("renewedDateTime", group.created))
            end = begun + timedelta(days=int(policy.props.get("groupLifetimeInDays", 180)))
            return end.strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _change(call: Call, *, add: bool) -> Response:
    policy = POLICIES.find(call)
    group = call.tenant.directory.group(str(call.body().get("groupId", "")))
    if group is None:
        raise missing(str(call.body().get("groupId")))
    if policy.props.get("managedGroupTypes") != "Selected":
        raise bad("The policy is not for selected groups.")
    now = [each for each in policy.props.get("_groups", []) if each != group.guid]
    patch = {"_groups": [*now, group.guid] if add else now}
    call.tenant.store.update(policy, patch, at=call.tenant.clock.iso())
    return answer_values("Edm.Boolean", True)


def _of_group(call: Call) -> Response:
    group = call.tenant.directory.group(call.parts["id"])
    if group is None:
        raise missing(call.parts["id"])
    found = [POLICIES.show(each) for each in call.tenant.store.every("lifecyclepolicy") if expiration(call, group)]
    return answer_list(call, found, context="groupLifecyclePolicies", of=POLICY)


ROUTES: tuple[Route, ...] = (
    *POLICIES.routes(),
    route("POST groupLifecyclePolicies/{id}/addGroup", _WRITE, lambda call: _change(call, add=True)),
    route("POST groupLifecyclePolicies/{id}/removeGroup", _WRITE, lambda call: _change(call, add=False)),
    route("GET groups/{id}/groupLifecyclePolicies", _READ, _of_group),
)
