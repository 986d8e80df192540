"""The people picker: principals as JSON text, in the form that SharePoint's own pages read."""

from __future__ import annotations

import json
from typing import Any

from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, Result, function
from spmigrate.rehearsal.sharepoint.principal_search import (
    ALL,
    SITE_GROUPS,
    USERS,
    Found,
    find_one,
    search,
)
from spmigrate.rehearsal.sharepoint.properties import INT, group, table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope

_CLIENT = "SP.UI.ApplicationPages.ClientPeoplePickerWebServiceInterface"
_PICKER = "SP.UI.ApplicationPages.PeoplePickerWebServiceInterface"
_KINDS = {"user": 1, "dl": 2, "secgroup": 4, "spgroup": 8}
_MOST = 30


def picker_entity(found: Found) -> dict[str, Any]:
    """A principal as the picker writes it."""
    kind = {USERS: "User", SITE_GROUPS: "SPGroup"}.get(found.kind, "FormsRole")
    provider = "" if found.kind == SITE_GROUPS else "Tenant"
    if found.login.startswith("c:0o.c"):
        kind, provider = "FormsRole", "FederatedDirectoryClaimProvider"
    return {
        "Key": found.login,
        "DisplayText": found.title,
        "IsResolved": True,
        "Description": found.description,
        "EntityType": kind,
        "EntityData": found.details,
        "MultipleMatches": [],
        "ProviderName": provider,
        "ProviderDisplayName": provider,
    }


def _unresolved(text: str, matches: list[Found]) -> dict[str, Any]:
    return {
        "Key": text,
        "DisplayText": text,
        "IsResolved": False,
        "Description": "Multiple entries matched, please click to resolve." if matches else "No exact match was found.",
        "EntityType": "",
        "EntityData": {},
        "MultipleMatches": [picker_entity(each) for each in matches],
        "ProviderName": "",
        "ProviderDisplayName": "",
    }


class EntityInformation(Resource):
    """How many people a picked group holds."""

    type = "SP.UI.ApplicationPages.PickerEntityInformation"
    feed = "PickerEntityInformation"
    declared = table(
        group(INT, 0, "TotalMemberCount"),
        group("SP.UI.ApplicationPages.PickerEntityInformationRequest", None, "Entity"),
    )

    def __init__(self, scope: Scope, request: dict[str, Any], count: int) -> None:
        super().__init__(scope)
        self.values = {"TotalMemberCount": count, "Entity": request}

    @property
    def path(self) -> str:
        return f"{_CLIENT}.GetPickerEntityInformation"

    def stored(self) -> dict[str, Any]:
        return self.values


class PeoplePickerCalls(Node):
    """The picker's static methods, at the root."""

    @function(f"{_CLIENT}.ClientPeoplePickerResolveUser")
    def resolve_user(self, call: Call) -> Result:
        """The principal that a text names, as JSON text; what it may be when it names several."""
        given = call.record("queryParams")
        text, kinds = str(given.get("QueryString") or ""), _kinds(given)
        found = find_one(self.scope, text, kinds)
        answer = picker_entity(found) if found else _unresolved(text, search(self.scope, text, kinds, _MOST))
        return Result("ClientPeoplePickerResolveUser", _text(answer))

    @function(f"{_CLIENT}.ClientPeoplePickerSearchUser")
    def search_user(self, call: Call) -> Result:
        """The principals that a text partly names, as JSON text."""
        given = call.record("queryParams")
        limit = whole(given.get("MaximumEntitySuggestions") or 1, "MaximumEntitySuggestions")
        inside = whole(given.get("SharePointGroupID"), "SharePointGroupID")
        found = search(self.scope, str(given.get("QueryString") or ""), _kinds(given), limit, group=inside)
        return Result("ClientPeoplePickerSearchUser", _text([picker_entity(each) for each in found]))

    @function(f"{_CLIENT}.GetSearchResultsByHierarchy")
    def by_hierarchy(self, call: Call) -> Result:
        """Principals by their provider: the directory is the only one."""
        kinds = _named_kinds(call.text("entityTypes", default=""))
        found = [picker_entity(each) for each in search(self.scope, "", kinds, _MOST)]
        tree = {"ProviderId": call.text("providerID", default="") or "Tenant", "Children": [], "Entities": found}
        return Result("GetSearchResultsByHierarchy", _text([tree]))

    @function(f"{_CLIENT}.GetPickerEntityInformation")
    def entity_information(self, call: Call) -> EntityInformation:
        """How many people a group holds."""
        given = call.record("entityInformationRequest")
        key = str(given.get("Key") or given.get("EmailAddress") or "")
        number = str(given.get("GroupId") or "")
        rows = self.scope.store.children(self.scope.site.id, "sitegroup")
        row = next((each for each in rows if number in (str(each.props["Id"]),) or each.name == key), None)
        if row is not None:
            return EntityInformation(self.scope, given, len(row.props.get("_Users", [])))
        directory = self.scope.tenant.directory
        found = directory.group(key.rpartition("|")[2].removesuffix("_o"))
        return EntityInformation(self.scope, given, len(directory.people(found, "member")) if found else 0)

    @function(f"{_PICKER}.GetSearchResults")
    def search_results(self, call: Call) -> Result:
        """The principals that a text partly names, as JSON text."""
        kinds = _named_kinds(call.text("entityTypes", default=""))
        found = search(self.scope, call.text("searchPattern", default=""), kinds, _MOST)
        return Result("GetSearchResults", _text([picker_entity(each) for each in found]))


def _kinds(given: dict[str, Any]) -> int:
    return whole(given.get("PrincipalType") or ALL, "PrincipalType")


def _named_kinds(text: str) -> int:
    names = [each.strip().lower() for each in text.replace(";", ",").split(",") if each.strip()]
    return sum(_KINDS.get(each, 0) for each in dict.fromkeys(names)) or ALL


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
