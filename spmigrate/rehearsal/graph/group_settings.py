"""Settings of groups: templates, what the tenant or one group has set, and what follows from it."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import bad, missing
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

UNIFIED = "62375ab9-6b52-47ed-826b-58e47e0e304b"
UNIFIED_GUEST = "08d542b9-071f-4e16-94b0-74abb372e3d9"
_READ = ("Directory.Read.All", "Group.Read.All")
_WRITE = ("Directory.ReadWrite.All",)
SETTING = define_type("groupSetting", "displayName templateId values", lists="values", directory=True)
TEMPLATE = define_type(
    "groupSettingTemplate", "deletedDateTime description displayName values", lists="values", directory=True
)
_BOOLEAN, _TEXT, _GUID = "System.Boolean", "System.String", "System.Guid"
_Values = tuple[tuple[str, str, str], ...]
# Microsoft's templates: id, name, description, and name, type and default of each value.
_TEMPLATES: tuple[tuple[str, str, str, _Values], ...] = (
    (UNIFIED, "Group.Unified", "\n        Setting templates define the different settings that can be used for the"
     " associated ObjectSettings. This template defines settings that can be used for Unified Groups.\n      ", (
        ("NewUnifiedGroupWritebackDefault", _BOOLEAN, "true"),
        ("EnableMIPLabels", _BOOLEAN, "false"),
        ("CustomBlockedWordsList", _TEXT, ""),
        ("EnableMSStandardBlockedWords", _BOOLEAN, "false"),
        ("ClassificationDescriptions", _TEXT, ""),
        ("DefaultClassification", _TEXT, ""),
        ("PrefixSuffixNamingRequirement", _TEXT, ""),
        ("AllowGuestsToBeGroupOwner", _BOOLEAN, "false"),
        ("AllowGuestsToAccessGroups", _BOOLEAN, "true"),
        ("GuestUsageGuidelinesUrl", _TEXT, ""),
        ("GroupCreationAllowedGroupId", _GUID, ""),
        ("AllowToAddGuests", _BOOLEAN, "true"),
        ("UsageGuidelinesUrl", _TEXT, ""),
        ("ClassificationList", _TEXT, ""),
        ("EnableGroupCreation", _BOOLEAN, "true"),
    )),
    (UNIFIED_GUEST, "Group.Unified.Guest", "Settings for a specific Unified Group", (
        ("AllowToAddGuests", _BOOLEAN, "true"),
    )),
    ("80661d51-be2f-4d46-9713-98a2fcaec5bc", "Prohibited Names Settings", "Settings for prohibited names", (
        ("CustomBlockedSubStringsList", _TEXT, ""),
        ("CustomBlockedWholeWordsList", _TEXT, ""),
    )),
    ("aad3907d-1d1a-448b-b3ef-7bf7f63db63b", "Prohibited Names Restricted Settings",
     "Settings for restricted prohibited names", (
        ("CustomAllowedSubStringsList", _TEXT, ""),
        ("CustomAllowedWholeWordsList", _TEXT, ""),
        ("DoNotValidateAgainstTrademark", _BOOLEAN, "false"),
    )),
    ("898f1161-d651-43d1-805c-3b0b388a9fc2", "Custom Policy Settings", "Settings for custom policies", (
        ("CustomConditionalAccessPolicyUrl", _TEXT, ""),
    )),
    ("5cf42378-d67d-4f36-ba46-e8b86229381d", "Password Rule Settings", "Settings for passwords", (
        ("BannedPasswordCheckOnPremisesMode", _TEXT, "Audit"),
        ("EnableBannedPasswordCheckOnPremises", _BOOLEAN, "true"),
        ("EnableBannedPasswordCheck", _BOOLEAN, "true"),
        ("LockoutDurationInSeconds", "System.Int32", "60"),
        ("LockoutThreshold", "System.Int32", "10"),
        ("BannedPasswordList", _TEXT, ""),
    )),
    ("dffd5d46-495d-40a9-8e21-954ff55e198a", "Consent Policy Settings", "Settings for consent", (
        ("EnableGroupSpecificConsent", _BOOLEAN, "true"),
        ("BlockUserConsentForRiskyApps", _BOOLEAN, "true"),
        ("EnableAdminConsentRequests", _BOOLEAN, "false"),
        ("ConstrainGroupSpecificConsentToMembersOfGroupId", _GUID, ""),
    )),
    ("4bc7f740-180e-4586-adb6-38b2e9024e6b", "Application", "Settings for managing tenant-wide application", (
        ("EnableAccessCheckForPrivilegedApplicationUpdates", _BOOLEAN, "false"),
    )),
)  # fmt: skip


def _show_template(template: tuple[str, str, str, _Values]) -> dict[str, Any]:
    identity, name, description, values = template
    shown = [{"name": each, "type": kind, "defaultValue": usual, "description": each} for each, kind, usual in values]
    content = {"id": identity, "deletedDateTime": None, "displayName": name, "description": description}
    return {**content, "values": shown}


def _list_templates(call: Call) -> Response:
    return answer_list(
        call, [_show_template(each) for each in _TEMPLATES], context="groupSettingTemplates", of=TEMPLATE
    )


def _template(identity: object) -> tuple[str, str, str, _Values]:
    found = next((each for each in _TEMPLATES if each[0] == str(identity).lower()), None)
    if found is None:
        raise missing(str(identity))
    return found


def _get_template(call: Call) -> Response:
    return answer_one(call, _show_template(_template(call.parts["id"])), context="groupSettingTemplates", of=TEMPLATE)


def _holder(call: Call) -> int:
    identity = call.parts.get("id") if call.request.path.lower().split("/")[2:3] == ["groups"] else None
    if identity is None:
        return 0
    group = call.tenant.directory.group(identity)
    if group is None:
        raise missing(identity)
    return group.id


def _show(setting: Entity) -> dict[str, Any]:
    return {"id": setting.guid, **setting.props}


def _list(call: Call) -> Response:
    found = call.tenant.store.children(_holder(call), "groupsetting")
    return answer_list(call, [_show(each) for each in found], context="settings", of=SETTING)


def _find(call: Call) -> Entity:
    found = call.tenant.store.get("groupsetting", call.parts["setting"])
    if found is None or found.parent != _holder(call):
        raise missing(call.parts["setting"])
    return found


def _get(call: Call) -> Response:
    return answer_one(call, _show(_find(call)), context="settings", of=SETTING)


def _values(given: object, values: _Values, now: dict[str, str]) -> list[dict[str, str]]:
    """The values of a setting: what is given over what it was, all of the template's names."""
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise bad("Invalid value specified for property 'values' of resource 'GroupSetting'.")
    names = {name: kind for name, kind, _ in values}
    for each in given:
        name, value = str(each.get("name")), each.get("value")
        if name not in names:
            raise bad(f"The setting '{name}' is not in the template.")
        if names[name] == _BOOLEAN and str(value).lower() not in ("true", "false"):
            raise bad(f"Invalid value specified for setting '{name}'.")
        now[name] = "" if value is None else str(value)
    return [{"name": name, "value": now[name]} for name, _, _ in values]


def _add(call: Call) -> Response:
    body, holder = call.body(), _holder(call)
    if not body.get("templateId"):
        raise bad("A value is required for property 'templateId' of resource 'GroupSetting'.")
    identity, name, _, values = _template(body["templateId"])
    store = call.tenant.store
    if any(each.props["templateId"] == identity for each in store.children(holder, "groupsetting")):
        message = "A conflicting object with one or more of the specified property values is present in the directory."
        raise GraphError(400, "Request_BadRequest", message)
    usual = {each: default for each, _, default in values}
    kept = {"displayName": name, "templateId": identity, "values": _values(body.get("values") or [], values, usual)}
    made = store.insert("groupsetting", name, parent=holder, at=call.tenant.clock.iso(), props=kept)
    return answer_made(call, _show(made), context="settings", of=SETTING)


def _patch(call: Call) -> Response:
    setting, body = _find(call), call.body()
    now = {each["name"]: each["value"] for each in setting.props["values"]}
    values = _values(body.get("values") or [], _template(setting.props["templateId"])[3], now)
    call.tenant.store.update(setting, {"values": values}, at=call.tenant.clock.iso())
    return Response(204)


def _delete(call: Call) -> Response:
    call.tenant.store.delete(_find(call))
    return Response(204)


def group_rule(call: Call, group: Entity | None, name: str) -> bool:
    """What a group's own settings, else the tenant's, else the template say: `AllowToAddGuests` and the like."""
    for holder in (group.id if group is not None else 0, 0):
        for setting in call.tenant.store.children(holder, "groupsetting"):
            for each in setting.props["values"]:
                if each["name"] == name and setting.props["templateId"] in (UNIFIED, UNIFIED_GUEST):
                    return str(each["value"]).lower() == "true"
    return next(usual == "true" for each, _, usual in _TEMPLATES[0][3] if each == name)


def _routes(path: str) -> list[Route]:
    return [
        route(f"GET {path}", _READ, _list),
        route(f"POST {path}", _WRITE, _add),
        route(f"GET {path}/{{setting}}", _READ, _get),
        route(f"PATCH {path}/{{setting}}", _WRITE, _patch),
        route(f"DELETE {path}/{{setting}}", _WRITE, _delete),
    ]


ROUTES: tuple[Route, ...] = (
    route("GET groupSettingTemplates", _READ, _list_templates),
    route("GET groupSettingTemplates/{id}", _READ, _get_template),
    *_routes("groupSettings"),
    *_routes("groups/{id}/settings"),
)
