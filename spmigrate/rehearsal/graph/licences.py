"""Licences: what the tenant has, and who has which."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import LICENSE_DETAILS, SKU, USER
from spmigrate.rehearsal.graph.objects import bad, licences_of, missing, show_user, sku_id
from spmigrate.rehearsal.graph.querying import answer_list, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

# Licences with Entra ID P1 or P2 in them.
_PREMIUM = frozenset({
    "AAD_PREMIUM", "AAD_PREMIUM_P2", "SPE_E3", "SPE_E5", "SPE_F1", "M365_F1", "EMS", "EMSPREMIUM", "SPB",
    "Microsoft_365_E3", "Microsoft_365_E5", "M365EDU_A3_FACULTY", "M365EDU_A5_FACULTY",
})  # fmt: skip
_READ_SKUS = ("Organization.Read.All", "Directory.Read.All", "LicenseAssignment.ReadWrite.All")
_ASSIGN = ("LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All")
_READ = ("User.Read.All", "Directory.Read.All")


def _user(call: Call) -> Entity:
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        raise missing(call.parts["id"])
    return found


def _names(call: Call) -> dict[str, int]:
    return dict(call.tenant.store.read_value("licences") or {})


def require_premium(call: Call) -> None:
    """Refuse what only tenants with Entra ID P1 or P2 are told; one that says nothing of its licences has them."""
    names = _names(call)
    if names and _PREMIUM.isdisjoint(names):
        message = "Neither tenant is B2C or tenant doesn't have premium license"
        raise GraphError(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message)


def _show_skus(call: Call) -> list[dict[str, Any]]:
    used = Counter(
        each["skuId"] for user in call.tenant.directory.users() for each in licences_of(call, user) if "skuId" in each
    )
    tenant = call.tenant.names.tenant_id
    return [
        {
            "id": f"{tenant}_{sku_id(name)}",
            "accountId": tenant,
            "accountName": call.tenant.names.domain.partition(".")[0],
            "appliesTo": "User",
            "capabilityStatus": "Enabled",
            "consumedUnits": used[sku_id(name)],
            "skuId": sku_id(name),
            "skuPartNumber": name,
            "subscriptionIds": [],
            "prepaidUnits": {"enabled": count, "suspended": 0, "warning": 0, "lockedOut": 0},
            "servicePlans": [],
        }
        for name, count in _names(call).items()
    ]


def _list_skus(call: Call) -> Response:
    return answer_list(call, _show_skus(call), context="subscribedSkus", of=SKU)


def _get_sku(call: Call) -> Response:
    found = next((each for each in _show_skus(call) if each["id"] == call.parts["id"].lower()), None)
    if found is None:
        raise missing(call.parts["id"])
    return answer_one(call, found, context="subscribedSkus", of=SKU)


def _list_details(call: Call) -> Response:
    user = _user(call)
    names = {sku_id(name): name for name in _names(call)}
    shown = [
        {"id": f"{user.guid}_{each['skuId']}", "skuId": each["skuId"], "skuPartNumber": names.get(each["skuId"]),
         "servicePlans": []}
        for each in licences_of(call, user)
    ]  # fmt: skip
    return answer_list(call, shown, context=f"users('{user.guid}')/licenseDetails", of=LICENSE_DETAILS)


def _assign(call: Call) -> Response:
    user, body = _user(call), call.body()
    added, removed = body.get("addLicenses"), body.get("removeLicenses")
    if not isinstance(added, list) or not isinstance(removed, list):
        raise bad("One or more parameters of the function import 'assignLicense' are missing from the request payload.")
    known = {sku_id(name) for name in _names(call)}
    now = {each["skuId"]: each for each in licences_of(call, user)}
    for identity in removed:
        if str(identity).lower() not in now:
            raise bad("User does not have a corresponding license.")
        del now[str(identity).lower()]
    for each in added:
        identity = str(each.get("skuId", "")).lower() if isinstance(each, dict) else ""
        if not re.fullmatch(r"[0-9a-f-]{36}", identity) or identity not in known:
            raise bad(f"License {identity} does not correspond to a valid company License.")
        now[identity] = {"disabledPlans": list(each.get("disabledPlans") or []), "skuId": identity}
    if added and not show_user(call, user).get("usageLocation"):
        raise bad("License assignment cannot be done for user with invalid usage location.")
    patch: dict[str, Any] = {"assignedLicenses": list(now.values())}
    if now and not user.props.get("mail"):
        patch["mail"] = user.name
    changed = call.tenant.store.update(user, patch, at=call.tenant.clock.iso())
    return answer_one(call, show_user(call, changed), context="users", of=USER)


ROUTES: tuple[Route, ...] = (
    route("GET subscribedSkus", _READ_SKUS, _list_skus),
    route("GET subscribedSkus/{id}", _READ_SKUS, _get_sku),
    route("GET users/{id}/licenseDetails", _READ, _list_details, own=("User.Read",)),
    route("POST users/{id}/assignLicense", _ASSIGN, _assign),
)
