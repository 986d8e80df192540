"""Ad-hoc site scripts: actions that run on one site, each with its own result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import hubs, lists
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.fields import Fields, read_field_xml
from spmigrate.rehearsal.sharepoint.model import Call, Node, action
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, TOP_BAR, Nodes, add_node
from spmigrate.rehearsal.sharepoint.people import SiteGroups, ensure_user
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.tenant_sites import SiteProperties
from spmigrate.rehearsal.sharepoint.time_zones import find_zone

_RESULT = "Microsoft.SharePoint.Utilities.WebTemplateExtensions.SiteScriptActionResult"
_UTILITY = "Microsoft.SharePoint.Utilities.WebTemplateExtensions.SiteScriptUtility"
# Sources: the limits of site scripts run at once (30 actions).
MAX_ACTIONS = 30
_SHARING = {
    "Disabled": 0,
    "ExternalUserSharingOnly": 1,
    "ExternalUserAndGuestSharing": 2,
    "ExistingExternalUserSharingOnly": 3,
}
FAILED, DONE, NOTHING = 1, 0, 2


class ScriptCalls(Node):
    """``SiteScriptUtility``: running a script without registering it."""

    @action(f"{_UTILITY}.ExecuteTemplateScript")
    def execute_template_script(self, call: Call) -> Bag:
        """Run a script; HTTP 200 even when an action failed: each result has its own code."""
        script = _parse(call.text("script", 0))
        actions = script.get("actions")
        if not isinstance(actions, list) or len(actions) > MAX_ACTIONS:
            raise bad_argument("The script has no actions, or too many.\r\nParameter name: script")
        results = tuple(run_action(self.scope, dict(each)) for each in actions)
        return Bag(f"Collection({_RESULT})", results)

    @action(f"{_UTILITY}.ExecuteSiteScriptAction")
    def execute_action(self, call: Call) -> Complex:
        """Run one action."""
        return run_action(self.scope, _parse(call.text("actionDefinition", 0)))


def run_action(scope: Scope, given: Mapping[str, Any]) -> Complex:
    """Run one action and say how it went; a failure is a result, not a refusal."""
    verb = str(given.get("verb", ""))
    run = _VERBS.get(verb)
    if run is None:
        return _result(verb, 1, FAILED, f"The action '{verb}' is not available here.")
    try:
        with scope.store.transaction():
            target = run(scope.refreshed(), given)
    except ODataError as error:
        return _result(verb, 1, FAILED, error.message)
    except (KeyError, ValueError, TypeError):
        return _result(verb, 1, FAILED, "The action's values are missing or not valid.")
    return _result(verb, 0, DONE, None, target)


def _result(verb: str, code: int, outcome: int, text: str | None, target: str = "") -> Complex:
    values = {
        "ErrorCode": code, "Outcome": outcome, "OutcomeText": text, "Target": target or None, "TargetId": None,
        "Title": verb, "Verb": verb,
    }  # fmt: skip
    return Complex(_RESULT, values)


def _parse(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise bad_argument("The script is not valid JSON.\r\nParameter name: script")
    return parsed


def _regional(scope: Scope, given: Mapping[str, Any]) -> str:
    patch: dict[str, Any] = {}
    if "timeZone" in given:
        number = int(given["timeZone"])
        if find_zone(number) is None:
            raise ValueError(number)
        patch["TimeZone"] = number
    if "locale" in given:
        patch["LocaleId"] = int(given["locale"])
    if "sortOrder" in given:
        patch["Collation"] = int(given["sortOrder"])
    if "hourFormat" in given:
        patch["Time24"] = str(given["hourFormat"]).startswith("24")
    settings = RegionalSettings(scope)
    settings.save(patch)
    return "Regional settings"


def _sharing(scope: Scope, given: Mapping[str, Any]) -> str:
    SiteProperties(scope, scope.site).save({"SharingCapability": _SHARING[str(given["capability"])]})
    return "External sharing"


def _join_hub(scope: Scope, given: Mapping[str, Any]) -> str:
    hubs.join(scope, str(given["hubSiteId"]))
    return str(given["hubSiteId"])


def _theme(scope: Scope, given: Mapping[str, Any]) -> str:
    themes = {str(each.get("name")) for each in scope.store.read_value("spo.themes") or []}
    name = str(given["themeName"])
    if name not in themes:
        raise bad_argument(f"The theme '{name}' does not exist.")
    scope.store.update(scope.web, {"_Theme": name}, at=scope.now)
    return name


def _nav_link(scope: Scope, given: Mapping[str, Any]) -> str:
    parent = TOP_BAR if str(given.get("navComponent", "QuickLaunch")) == "Hub" else QUICK_LAUNCH
    title, url = str(given["displayName"]), str(given["url"])
    if given.get("isWebRelative"):
        url = f"{scope.web_path}/{url.lstrip('/')}"
    siblings = Nodes(scope, parent).all()
    if any(each.entity.props.get("Title") == title and each.entity.props.get("Url") == url for each in siblings):
        return title
    add_node(scope, {"Title": title, "Url": url, "IsExternal": url.startswith("http"), "_Parent": parent,
                     "_Order": len(siblings)})  # fmt: skip
    return title


def _remove_nav_link(scope: Scope, given: Mapping[str, Any]) -> str:
    parent = TOP_BAR if str(given.get("navComponent", "QuickLaunch")) == "Hub" else QUICK_LAUNCH
    for each in Nodes(scope, parent).all():
        if each.entity.props.get("Title") == given["displayName"]:
            each.delete()
    return str(given["displayName"])


def _principal(scope: Scope, given: Mapping[str, Any]) -> str:
    row = ensure_user(scope, str(given["principal"]))
    for each in SiteGroups(scope).rows():
        if each.name.casefold() == str(given["group"]).casefold():
            members = each.props.get("_Users", [])
            scope.store.update(each, {"_Users": sorted({*members, row.props["Id"]})}, at=scope.now)
            return each.name
    raise KeyError("group")


def _list(scope: Scope, given: Mapping[str, Any]) -> str:
    title = str(given["listName"])
    row = lists.find_by_title(scope, title) or lists.add_list(scope, title, int(given["templateType"]))
    for each in given.get("subactions") or []:
        _list_part(scope, lists.List(scope, row), dict(each))
    return title


def _list_part(scope: Scope, target: lists.List, given: Mapping[str, Any]) -> None:
    verb = given.get("verb")
    if verb == "setDescription":
        target.save({"Description": str(given["description"])})
    elif verb == "setTitle":
        target.save({"Title": str(given["title"])})
    elif verb == "addSPFieldXml":
        parsed = read_field_xml(str(given["schemaXml"]))
        if target.fields().find(parsed["name"]) is None:
            target.fields().add(parsed)
    elif verb == "addContentType":
        name = str(given.get("name", ""))
        source = next(
            each for each in ContentTypes(scope, scope.web, "Web").all() if each.defined.props.get("Name") == name
        )
        target.content_types().bind(source)
    else:
        raise ValueError(verb)


def _site_column(scope: Scope, given: Mapping[str, Any]) -> str:
    fields = Fields(scope, scope.web, "Web")
    parsed = read_field_xml(str(given["schemaXml"]))
    if fields.find(parsed["name"]) is None:
        fields.add(parsed)
    return str(parsed["name"])


_VERBS = {
    "setRegionalSettings": _regional,
    "setSiteExternalSharingCapability": _sharing,
    "joinHubSite": _join_hub,
    "applyTheme": _theme,
    "addNavLink": _nav_link,
    "removeNavLink": _remove_nav_link,
    "addPrincipalToSPGroup": _principal,
    "createSPList": _list,
    "createSiteColumnXml": _site_column,
}
