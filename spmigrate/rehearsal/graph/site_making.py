"""`POST sites` of Graph's beta version: a site, and the operation that makes it.

Source: Microsoft, "Create site" and "site: getOperationStatus".
"""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal import group_sites
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.groups import make_group
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.site_opening import root_web
from spmigrate.rehearsal.graph.site_routes import bad_argument, not_found, translate_refusal
from spmigrate.rehearsal.graph.site_types import OPERATION, SITE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.scope import open_scope
from spmigrate.rehearsal.sharepoint.site_manager import TAKEN, create_site
from spmigrate.rehearsal.storage import Entity

_CREATE = ("Sites.Create.All", "Sites.FullControl.All")
_TEMPLATES = {"sitepagepublishing": "SITEPAGEPUBLISHING#0", "sts": "STS#3"}
# Languages of a site by their names, as far as a council has use for them.
_LOCALES = {"en-us": 1033, "cy-gb": 1106, "fr-fr": 1036, "de-de": 1031, "es-es": 3082, "pl-pl": 1045, "it-it": 1040}
_GIVEN = frozenset({"name", "weburl", "locale", "sharebyemailenabled", "description", "template",
                    "owneridentitytoresolve", "displayname"})  # fmt: skip


def _add_site(call: Call) -> Response:
    body = _read(call)
    if str(body.get("template")).lower() == "group":
        return _begun(call, _add_group(call, body))
    given = {
        "Title": body.get("name") or body.get("displayname") or "",
        "Url": body.get("weburl") or "",
        "WebTemplate": _template(body.get("template")),
        "Lcid": _language(body.get("locale")),
        "Description": body.get("description") or "",
        "ShareByEmailEnabled": body.get("sharebyemailenabled") is True,
        "Owner": _owner(call, body.get("owneridentitytoresolve")),
    }
    tenant = call.tenant
    scope = open_scope(tenant, call.request.caller, tenant.names.sharepoint, "")
    try:
        made = create_site(scope, given).values
    except ODataError as error:
        raise translate_refusal(error) from None
    if made["SiteStatus"] == TAKEN:
        raise GraphError(409, "nameAlreadyExists", "The specified site URL already exists.")
    site = tenant.store.find("site", 0, str(given["Url"]).removeprefix("https://").rstrip("/"))
    if site is None:
        raise bad_argument("The site cannot be created with this URL or owner.")
    return _begun(call, site)


def _add_group(call: Call, body: dict[str, Any]) -> Entity:
    """A Microsoft 365 group and with it the site, whose address says the group's nickname."""
    tenant, url = call.tenant, str(body.get("weburl") or "")
    nickname = url.removeprefix(f"https://{tenant.names.sharepoint}/sites/").strip("/")
    if not nickname or nickname == url.strip("/") or "/" in nickname:
        raise bad_argument("The site cannot be created with this URL or owner.")
    if tenant.store.find("site", 0, f"{tenant.names.sharepoint}/sites/{nickname}") is not None:
        raise GraphError(409, "nameAlreadyExists", "The specified site URL already exists.")
    props = {
        "displayName": body.get("name") or body.get("displayname") or "", "description": body.get("description") or "",
        "mailNickname": nickname, "groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False,
        "visibility": "Private",
    }  # fmt: skip
    owner = tenant.directory.user(_owner(call, body.get("owneridentitytoresolve")))
    address = [f"https://graph.microsoft.com/v1.0/users/{owner.guid}"] if owner else []
    group = make_group(call, props, {"owner": address} if address else {})
    site = group_sites.find_group_site(tenant, group)
    if site is None:
        raise not_found()
    return site


def _begun(call: Call, site: Entity) -> Response:
    tenant = call.tenant
    operation = tenant.store.insert("siteoperation", site.guid, at=tenant.clock.iso(), props={"site": site.guid})
    place = f"{call.base}/sites/getOperationStatus(operationId='{operation.guid}')"
    return Response(202, {"location": place})


def _read(call: Call) -> dict[str, Any]:
    body = {name.lower(): value for name, value in call.body().items() if "@odata." not in name}
    (SITE.beta or SITE).require_selection(",".join(body))
    fixed = [name for name in body if name not in _GIVEN]
    if fixed:
        raise bad_argument(f"The property '{fixed[0]}' cannot be set.")
    texts = ("name", "weburl", "locale", "description", "template", "displayname")
    if any(not isinstance(body.get(name) or "", str) for name in texts):
        raise bad_argument()
    return body


def _template(given: str | None) -> str:
    found = _TEMPLATES.get((given or "sts").lower())
    if found is None:
        raise bad_argument(f"The site template '{given}' is not supported.")
    return found


def _language(given: str | None) -> int:
    found = _LOCALES.get((given or "en-US").lower())
    if found is None:
        raise bad_argument(f"The locale '{given}' is not supported.")
    return found


def _owner(call: Call, given: object) -> str:
    """Who is named as the owner by address, id or alias; the caller otherwise."""
    if given is None:
        return call.request.caller.user
    named = [str(each) for each in given.values() if each] if isinstance(given, dict) else []
    found = next((person for each in named if (person := call.tenant.directory.user(each))), None)
    if found is None:
        raise bad_argument("The identity of the owner could not be resolved.")
    return found.name


def _get_operation(call: Call) -> Response:
    found = call.tenant.store.get("siteoperation", call.parts["operation"])
    site = call.tenant.store.get("site", str(found.props["site"])) if found is not None else None
    if found is None or site is None:
        raise not_found()
    return entity(_show(call, found, site), context="sites/getOperationStatus", call=call, of=OPERATION)


def _show(call: Call, operation: Entity, site: Entity) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": operation.guid, "createdDateTime": operation.created, "status": "inProgress"}
    web = root_web(call, site)
    if web is None or not group_sites.is_ready(call.tenant, site):
        return shown
    name = site_id(site, web)
    place = f"{call.base}/sites/{name}"
    return {**shown, "status": "succeeded", "resourceId": name, "resourceLocation": place}


ROUTES: tuple[Route, ...] = (
    route("POST sites", _CREATE, _add_site, beta=True, standing="anyone"),
    route("GET sites/getOperationStatus(operationId='{operation}')", _CREATE, _get_operation, beta=True),
)
