"""Azure Resource Manager, as far as signing in asks it: which tenants and which subscriptions there are.

The tenant has no subscription, as a council's Microsoft 365 tenant need not have one.
"""

from __future__ import annotations

from http import HTTPStatus

from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.microsoft_programs import MANAGEMENT_ID
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import TokenProblem, Tokens

AUDIENCES = ("https://management.core.windows.net", "https://management.azure.com")
"""The names by which tokens for Azure's management API are asked for."""


def handle(request: Request, tenant: Tenant, tokens: Tokens) -> Response:
    """Answer a request to `management.azure.com`."""
    refused = _check(request, tokens)
    if refused is not None:
        return refused
    parts = request.path.strip("/").lower().split("/")
    if "api-version" not in request.parameters():
        return _refuse(
            HTTPStatus.BAD_REQUEST,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if parts == ["subscriptions"] and request.method == "GET":
        return json_response(200, {"value": [], "count": {"type": "Total", "value": 0}})
    if parts == ["tenants"] and request.method == "GET":
        return json_response(200, {"value": [_show_tenant(tenant)]})
    if parts[0] == "subscriptions" and len(parts) > 1:
        text = f"The subscription '{parts[1]}' could not be found."
        return _refuse(HTTPStatus.NOT_FOUND, "SubscriptionNotFound", text)
    return _refuse(HTTPStatus.NOT_IMPLEMENTED, "NotImplemented", f"{request.method} {request.path} is not rehearsed.")


def _check(request: Request, tokens: Tokens) -> Response | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        text = "Authentication failed. The 'Authorization' header is missing."
        return _refuse(HTTPStatus.UNAUTHORIZED, "AuthenticationFailed", text)
    try:
        audience = tokens.check(token.strip()).audience
    except TokenProblem as problem:
        return _refuse(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", problem.message)
    if audience.rstrip("/") in (*AUDIENCES, MANAGEMENT_ID):
        return None
    allowed = ",".join(f"'{each}/','{each}'" for each in AUDIENCES)
    return _refuse(
        HTTPStatus.UNAUTHORIZED,
        "InvalidAuthenticationTokenAudience",
        f"The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with"
        f" one of the allowed audiences {allowed}.",
    )


def _show_tenant(tenant: Tenant) -> dict[str, object]:
    names = tenant.names
    return {
        "id": f"/tenants/{names.tenant_id}",
        "tenantId": names.tenant_id,
        "countryCode": "GB",
        "displayName": "Contoso",
        "domains": [names.domain],
        "tenantCategory": "Home",
        "defaultDomain": names.domain,
        "tenantType": "AAD",
    }


def _refuse(status: HTTPStatus, code: str, message: str) -> Response:
    return json_response(status, {"error": {"code": code, "message": message}})
