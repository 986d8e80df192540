"""What a token is asked for: one API, and scopes that it has.

Source of numbers and texts: Microsoft, "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spmigrate.rehearsal.azure.resource_manager import AUDIENCES
from spmigrate.rehearsal.microsoft_programs import MANAGEMENT_ID
from spmigrate.rehearsal.permissions import API_IDS, API_SCOPES
from spmigrate.rehearsal.sign_in_errors import SignInProblem, refuse
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_OWN_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})
_DEFAULT = ".default"


@dataclass(frozen=True, slots=True)
class Resource:
    """An API by the audience of its tokens and by our name for it."""

    audience: str
    api: str
    client_id: str


def read_resource(form: Mapping[str, str], tenant: Tenant, *, app_only: bool) -> Resource:
    """The one API that a form asks a token for; refuses none, several, and scopes of another form."""
    if "resource" in form:
        return _find(form["resource"], tenant)
    wanted = _wanted(form)
    if not wanted:
        if form.get("scope") and not app_only:
            return _find("", tenant)
        refuse(400, "invalid_request", 90014,
               "The required field 'scope' is missing from the credential. Ensure that you have all the necessary"
               " parameters for the login request.")  # fmt: skip
    bad = next((each for each in wanted if app_only and each.rpartition("/")[2] != _DEFAULT), None)
    if bad is not None:
        refuse(400, "invalid_scope", 1002012,
               f"The provided value for scope {bad} is not valid. Client credential flows must have a scope value with"
               " /.default suffixed to the resource identifier (application ID URI).")  # fmt: skip
    _require_alike(wanted, form.get("scope", ""))
    return _find(wanted[0].rpartition("/")[0], tenant)


def consented(form: Mapping[str, str], app: Entity, resource: Resource) -> str:
    """All scopes that the application was given for an API; refuses one that it asks for and was not given."""
    given = list(app.props.get("scopes", {}).get(resource.api, []))
    known = [*API_SCOPES.get(resource.api, ()), *given]
    if resource.api == app.guid.lower():
        given += [each["value"] for each in (app.props.get("api") or {}).get("oauth2PermissionScopes", [])]
    wanted = {each.rpartition("/")[2] for each in _wanted(form)} - {_DEFAULT}
    for each in sorted(wanted - _either_case(given)):
        if resource.api in API_IDS and each not in _either_case(known):
            refuse(400, "invalid_client", 650053,
                   f"The application '{app.props.get('displayName', '')}' asked for scope '{each}' that doesn't exist"
                   f" on the resource '{resource.client_id}'. Contact the app vendor.")  # fmt: skip
        raise SignInProblem(
            400,
            "invalid_grant",
            65001,
            f"The user or administrator has not consented to use the application with ID '{app.guid}' named"
            f" '{app.props.get('displayName', '')}'. Send an interactive authorization request for this user and"
            " resource.",
            kind="consent_required",
        )
    return " ".join(given)


def _either_case(names: list[str]) -> set[str]:
    return {each for name in names for each in (name, name.lower())}


def _wanted(form: Mapping[str, str]) -> list[str]:
    return [scope for scope in form.get("scope", "").split() if scope not in _OWN_SCOPES]


def _require_alike(wanted: list[str], scope: str) -> None:
    """Scopes of one API, all of them by name or all of them at once."""
    if len({each.rpartition("/")[0].rstrip("/").lower() for each in wanted}) > 1:
        refuse(400, "invalid_request", 28000,
               "Provided value for the input parameter scope is not valid because it contains more than one resource."
               f" Scope {scope} is not valid.")  # fmt: skip
    names = {each.rpartition("/")[2] for each in wanted}
    if _DEFAULT in names and len(names) > 1:
        refuse(400, "invalid_scope", 70011,
               "The provided request must include a 'scope' input parameter. The provided value for the input parameter"
               f" 'scope' is not valid. The scope {scope} is not valid. .default scope can't be combined with"
               " resource-specific scopes.")  # fmt: skip


def _find(name: str, tenant: Tenant) -> Resource:
    bare, names = name.rstrip("/"), tenant.names
    graph, sharepoint = API_IDS["graph"], API_IDS["sharepoint"]
    if bare.lower() in ("", f"https://{names.graph}", graph):
        return Resource(f"https://{names.graph}", "graph", graph)
    host = bare.removeprefix("https://").lower()
    if host in (names.sharepoint, names.admin, names.personal):
        return Resource(f"https://{host}", "sharepoint", sharepoint)
    if host == sharepoint:
        return Resource(sharepoint, "sharepoint", sharepoint)
    if bare.lower() in (*AUDIENCES, MANAGEMENT_ID):
        return Resource(f"{bare}/" if "://" in bare else bare, MANAGEMENT_ID, MANAGEMENT_ID)
    client = bare.removeprefix("api://")
    if tenant.directory.app(client) is not None:
        return Resource(bare, client.lower(), client.lower())
    raise SignInProblem(
        400,
        "invalid_resource",
        500011,
        f"The resource principal named {bare} was not found in the tenant named Contoso. This can happen if the"
        " application has not been installed by the administrator of the tenant or consented to by any user in the"
        " tenant. You might have sent your authentication request to the wrong tenant.",
    )
