"""Ad-hoc site scripts: actions that run on one site, each with its own result."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import hubs, lists, script_list_verbs
from spmigrate.rehearsal.sharepoint.features import Features
from spmigrate.rehearsal.sharepoint.menus import footer_links
from spmigrate.rehearsal.sharepoint.model import Call, Node, action
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, TOP_BAR, Nodes, add_node
from spmigrate.rehearsal.sharepoint.people import SiteGroups, ensure_user
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.tenant_sites import SiteProperties
from spmigrate.rehearsal.sharepoint.tenant_themes import find_theme
from spmigrate.rehearsal.sharepoint.time_zones import find_zone
from spmigrate.rehearsal.sharepoint.web_look import put_theme

_RESULT = "Microsoft.SharePoint.Utilities.WebTemplateExtensions.SiteScriptActionResult"
UTILITY = "Microsoft.SharePoint.Utilities.WebTemplateExtensions.SiteScriptUtility"
# Sources: the limits of site scripts run at once (30 actions).
MAX_ACTIONS = 30
_SHARING = {
    "Disabled": 0,
    "ExternalUserSharingOnly": 1,
    "ExternalUserAndGuestSharing": 2,
    "ExistingExternalUserSharingOnly": 3,
}
FAILED, DONE, NOTHING = 1, 0, 2
# What a verb answers that found everything as it should be.
NOOP = "\x00"
Given = Mapping[str, Any]


class ScriptCalls(Node):
    """``SiteScriptUtility``: running a script without registering it."""

    @action(f"{UTILITY}.ExecuteTemplateScript")
    def execute_template_script(self, call: Call) -> Bag:
        """Run a script; HTTP 200 even when an action failed: each result has its own code."""
        actions = parse_script(call.text("script", 0))
        if len(actions) > MAX_ACTIONS:
            raise bad_argument("The script has too many actions.\r\nParameter name: script")
        results = tuple(run_action(self.scope, each) for each in actions)
        return Bag(f"Collection({_RESULT})", results)

    @action(f"{UTILITY}.ExecuteSiteScriptAction")
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
    except Refusal as refusal:
        return _result(verb, 1, FAILED, refusal.message)
    except (KeyError, ValueError, TypeError):
        return _result(verb, 1, FAILED, "The action's values are missing or not valid.")
    if target == NOOP:
        return _result(verb, 0, NOTHING, None)
    return _result(verb, 0, DONE, None, target)


def _result(verb: str, code: int, outcome: int, text: str | None, target: str = "") -> Complex:
    values = {
        "ErrorCode": code, "Outcome": outcome, "OutcomeText": text, "Target": target or None, "TargetId": None,
        "Title": verb, "Verb": verb,
    }  # fmt: skip
    return Complex(_RESULT, values)


def parse_script(text: str) -> list[dict[str, Any]]:
    """The actions of a script from its JSON; refuses what is no script."""
    actions = _parse(text).get("actions")
    if not isinstance(actions, list) or not actions or not all(isinstance(each, dict) for each in actions):
        raise bad_argument("The script has no actions.\r\nParameter name: script")
    return [dict(each) for each in actions]


def _parse(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise bad_argument("The script is not valid JSON.\r\nParameter name: script")
    return parsed


def _regional(scope: Scope, given: Given) -> str:
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


def _sharing(scope: Scope, given: Given) -> str:
    SiteProperties(scope, scope.site).save({"SharingCapability": _SHARING[str(given["capability"])]})
    return "External sharing"


def _join_hub(scope: Scope, given: Given) -> str:
    hubs.join(scope, str(given["hubSiteId"]))
    return str(given["hubSiteId"])


def _theme(scope: Scope, given: Given) -> str:
    name, own = str(given.get("themeName") or "Custom"), given.get("themeJson")
    theme = json.loads(own) if isinstance(own, str) else own or find_theme(scope, name)
    put_theme(scope, name, dict(theme.get("palette") or {}))
    return name


def _menu(scope: Scope, given: Given) -> int:
    component = str(given.get("navComponent") or "QuickLaunch")
    if component == "Footer":
        return footer_links(scope)
    return TOP_BAR if component == "Hub" else QUICK_LAUNCH


def _parent_node(scope: Scope, given: Given) -> int:
    """The menu itself, or the link in it that is named as the parent."""
    wanted, root = given.get("parentDisplayName"), _menu(scope, given)
    if not wanted:
        return root
    for each in Nodes(scope, root).all():
        if each.entity.props.get("Title") == wanted:
            return int(each.entity.name)
    raise bad_argument(f"The parent link '{wanted}' does not exist.")


def _nav_link(scope: Scope, given: Given) -> str:
    parent, title = _parent_node(scope, given), str(given["displayName"])
    url = str(given["url"])
    if given.get("isWebRelative"):
        url = f"{scope.web_path}/{url.lstrip('/')}"
    siblings = Nodes(scope, parent).all()
    if any(each.entity.props.get("Title") == title and each.entity.props.get("Url") == url for each in siblings):
        return NOOP
    add_node(scope, {"Title": title, "Url": url, "IsExternal": url.startswith("http"), "_Parent": parent,
                     "_Order": len(siblings)})  # fmt: skip
    return title


def _remove_nav_link(scope: Scope, given: Given) -> str:
    gone = NOOP
    for each in Nodes(scope, _parent_node(scope, given)).all():
        if each.entity.props.get("Title") == given["displayName"]:
            each.delete()
            gone = str(given["displayName"])
    return gone


# The groups of every site by the names that site scripts have for them.
_ASSOCIATED = {"owners": "_OwnerGroup", "members": "_MemberGroup", "visitors": "_VisitorGroup"}


def _principal(scope: Scope, given: Given) -> str:
    row = ensure_user(scope, str(given["principal"]))
    wanted = str(given["group"]).casefold()
    web = scope.store.by_id(scope.web.id) or scope.web
    associated = web.props.get(_ASSOCIATED.get(wanted, ""), 0)
    for each in SiteGroups(scope).rows():
        if each.props["Id"] == associated or each.name.casefold() == wanted:
            members = each.props.get("_Users", [])
            scope.store.update(each, {"_Users": sorted({*members, row.props["Id"]})}, at=scope.now)
            return each.name
    raise KeyError("group")


def _brand(scope: Scope, given: Given) -> str:
    """Header, footer and menu."""
    words = {"Compact": 2, "Standard": 1, "Minimal": 3, "Extended": 4, "None": 0, "Neutral": 1, "Soft": 2, "Strong": 3}
    patch: dict[str, Any] = {}
    for name, target in _BRANDING.items():
        if name in given:
            value = given[name]
            patch[target] = words.get(value, value) if isinstance(value, str) else value
    if "navigationLayout" in given:
        patch["MegaMenuEnabled"] = given["navigationLayout"] == "Megamenu"
    scope.store.update(scope.web, patch, at=scope.now)
    return "Branding"


_BRANDING = {
    "headerLayout": "HeaderLayout", "headerBackground": "HeaderEmphasis", "showSiteNavigation": "QuickLaunchEnabled",
    "showFooter": "FooterEnabled", "footerBackground": "FooterEmphasis", "siteLogoUrl": "SiteLogoUrl",
}  # fmt: skip


def _logo(scope: Scope, given: Given) -> str:
    """Communication sites alone have a logo of their own."""
    template = str(scope.site.props.get("Template", ""))
    if not template.startswith("SITEPAGEPUBLISHING"):
        raise bad_argument("The logo can be set on communication sites only.")
    scope.store.update(scope.web, {"SiteLogoUrl": str(given["url"])}, at=scope.now)
    return str(given["url"])


def _feature(scope: Scope, given: Given) -> str:
    owner = scope.site if str(given.get("scope", "Web")).lower() == "site" else scope.web
    features = Features(scope, owner, "Site" if owner.kind == "site" else "Web")
    if str(given["featureId"]).lower() in features.active():
        return NOOP
    features.activate(str(given["featureId"]))
    return str(given["featureId"])


def _solution(scope: Scope, given: Given) -> str:
    identity = str(given["id"]).lower()
    if scope.store.find("corporateapp", 0, identity) is None:
        raise bad_argument(f"The solution '{identity}' is not in the app catalog.")
    scope.store.insert("installedapp", identity, at=scope.now, parent=scope.web.id)
    return identity


def _extension(scope: Scope, given: Given) -> str:
    at_site = str(given.get("scope", "Web")).lower() == "site"
    owner = scope.site if at_site else scope.web
    props: dict[str, Any] = {
        "Title": str(given["title"]), "Location": str(given["location"]), "Scope": 2 if at_site else 3,
        "ClientSideComponentId": str(given["clientSideComponentId"]),
        "ClientSideComponentProperties": str(given.get("clientSideComponentProperties") or ""),
    }  # fmt: skip
    scope.store.insert("customaction", props["Title"], at=scope.now, parent=owner.id, props=props)
    return str(props["Title"])


def _flow(scope: Scope, given: Given) -> str:
    """The flow gets a message; where it goes is not rehearsed, that it was sent is kept."""
    sent = list(scope.store.read_value("sitescript.flows") or [])
    kept: dict[str, Any] = {
        "name": str(given.get("name") or ""), "url": str(given["url"]), "parameters": given.get("parameters"),
        "web": scope.web_url, "at": scope.now,
    }  # fmt: skip
    scope.store.write_value("sitescript.flows", [*sent, kept])
    return str(kept["name"])


def _approvals(scope: Scope, given: Given) -> str:
    title = str(given.get("listName") or "Documents")
    row = lists.find_by_title(scope, title)
    if row is None:
        raise bad_argument(f"The list '{title}' does not exist.")
    scope.store.update(row, {"_Approvals": True}, at=scope.now)
    return title


_VERBS: dict[str, Callable[[Scope, Given], str]] = {
    "createSPList": script_list_verbs.make_list,
    "createSiteColumn": script_list_verbs.make_site_column,
    "createSiteColumnXml": script_list_verbs.make_site_column_xml,
    "createContentType": script_list_verbs.make_content_type,
    "addContentTypesFromHub": script_list_verbs.add_types_from_hub,
    "addNavLink": _nav_link,
    "removeNavLink": _remove_nav_link,
    "applyTheme": _theme,
    "setSiteBranding": _brand,
    "setSiteLogo": _logo,
    "joinHubSite": _join_hub,
    "setRegionalSettings": _regional,
    "addPrincipalToSPGroup": _principal,
    "setSiteExternalSharingCapability": _sharing,
    "activateSPFeature": _feature,
    "installSolution": _solution,
    "associateExtension": _extension,
    "triggerFlow": _flow,
    "enableApprovals": _approvals,
}
