"""From a list or a web to the site script that would make it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, Nodes
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings, time_zone_id
from spmigrate.rehearsal.sharepoint.scope import Scope

_SCHEMA = "https://developer.microsoft.com/json-schemas/sp/site-design-script-actions.schema.json"
_SHARING = ("Disabled", "ExternalUserSharingOnly", "ExternalUserAndGuestSharing", "ExistingExternalUserSharingOnly")


def as_text(actions: list[dict[str, Any]]) -> str:
    """A script as JSON text."""
    return json.dumps({"$schema": _SCHEMA, "actions": actions}, indent=2)


def of_list(target: lists.List) -> dict[str, Any]:
    """The action that makes a list with its own columns and views."""
    props = target.entity.props
    steps: list[dict[str, Any]] = [{"verb": "setDescription", "description": str(props.get("Description") or "")}]
    steps += [
        {"verb": "addSPFieldXml", "schemaXml": field.schema()}
        for field in target.fields().all()
        if not field.defined.builtin
    ]
    for view in target.views().all():
        stored = view.stored()
        steps.append(
            {
                "verb": "addSPView", "name": str(stored.get("Title") or "All Items"), "viewFields": view.columns,
                "query": str(stored.get("ViewQuery") or ""), "rowLimitCount": int(stored.get("RowLimit") or 30),
                "isPaged": True, "makeDefault": bool(stored.get("DefaultView")),
            }
        )  # fmt: skip
    return {"verb": "createSPList", "listName": str(props.get("Title", "")),
            "templateType": props.get("BaseTemplate", 100), "subactions": steps}  # fmt: skip


def of_web(scope: Scope, wanted: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The script that makes a web, as far as was asked, and what was asked and isn't there."""
    actions: list[dict[str, Any]] = []
    warnings: list[str] = []
    for address in wanted.get("IncludedLists") or []:
        row = scope.store.find("list", scope.web.id, str(address).strip("/"))
        if row is None:
            warnings.append(f"The list '{address}' was not found.")
        else:
            actions.append(of_list(lists.List(scope, row)))
    if wanted.get("IncludeRegionalSettings"):
        settings = RegionalSettings(scope).stored()
        actions.append(
            {
                "verb": "setRegionalSettings", "timeZone": time_zone_id(scope),
                "locale": settings.get("LocaleId", 1033), "sortOrder": settings.get("Collation", 25),
                "hourFormat": "24" if settings.get("Time24") else "12",
            }
        )  # fmt: skip
    if wanted.get("IncludeTheme"):
        actions.append({"verb": "applyTheme", "themeName": str(scope.web.props.get("_Theme") or "")})
    if wanted.get("IncludeSiteExternalSharingCapability"):
        capability = _SHARING[int(scope.site.props.get("SharingCapability", 0))]
        actions.append({"verb": "setSiteExternalSharingCapability", "capability": capability})
    if wanted.get("IncludeLinksToExportedItems"):
        for node in Nodes(scope, QUICK_LAUNCH).all():
            props = node.entity.props
            actions.append({"verb": "addNavLink", "displayName": props["Title"], "url": props["Url"],
                            "isWebRelative": False})  # fmt: skip
    return as_text(actions), warnings
