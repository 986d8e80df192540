"""Entra sign-in: discovery documents and the token endpoint."""

from __future__ import annotations

import base64
import json
import re
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_plus

from spmigrate.rehearsal.assertion import check_assertion
from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.sign_in_errors import SignInProblem, problem_response, refuse
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import LIFE, TokenProblem, Tokens, split

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
SHAREPOINT_ID = "00000003-0000-0ff1-ce00-000000000000"
_SHARED = ("common", "organizations")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_REFRESH_LIFE = 90 * 86_400
_OWN_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})


@dataclass(frozen=True, slots=True)
class _Resource:
    audience: str
    api: str


class SignIn:
    """Answers for the sign-in hosts."""

    def __init__(self, tenant: Tenant, tokens: Tokens) -> None:
        self._tenant = tenant
        self._tokens = tokens

    def handle(self, request: Request) -> Response:
        """Answer a request to a sign-in host."""
        path = re.sub("/+", "/", unquote(request.path))
        segments = path.strip("/").split("/")
        try:
            return self._route(request, segments)
        except SignInProblem as problem:
            return problem_response(problem, self._tenant.clock)

    def _route(self, request: Request, segments: list[str]) -> Response:
        rest = "/".join(segments[1:]).lower()
        if rest == "discovery/instance":
            return self._instance()
        if rest.startswith("userrealm/"):
            return self._realm(segments[-1])
        self._check_tenant(segments[0])
        if request.method == "GET" and rest.endswith(".well-known/openid-configuration"):
            return json_response(200, self._configuration(request.host, segments[0], v2="v2.0/" in rest))
        if rest in ("discovery/v2.0/keys", "discovery/keys"):
            return json_response(200, self._tokens.keys())
        if request.method == "POST" and rest in ("oauth2/v2.0/token", "oauth2/token"):
            return self._token(request)
        return json_response(
            501, {"error": "not_implemented", "error_description": f"{request.method} {request.path} is not rehearsed."}
        )

    def _check_tenant(self, name: str) -> None:
        names = self._tenant.names
        if name.lower() not in (names.tenant_id, names.domain, names.domain.split(".")[0] + ".com", *_SHARED):
            raise SignInProblem(
                400,
                "invalid_request",
                90002,
                f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into"
                " the correct cloud. Check with your subscription administrator, this may happen if there are no"
                " active subscriptions for the tenant.",
            )

    def _configuration(self, host: str, name: str, *, v2: bool) -> dict[str, object]:
        tenant_id = self._tenant.names.tenant_id
        place = name if name.lower() in _SHARED else tenant_id
        base = f"https://{host}/{place}"
        oauth = f"{base}/oauth2/v2.0" if v2 else f"{base}/oauth2"
        issuer = f"https://login.microsoftonline.com/{tenant_id}/v2.0" if v2 else self._tokens.issuer
        return {
            "token_endpoint": f"{oauth}/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{base}/discovery/v2.0/keys" if v2 else f"{base}/discovery/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": issuer,
            "request_uri_parameter_supported": False,
            "authorization_endpoint": f"{oauth}/authorize",
            "device_authorization_endpoint": f"{oauth}/devicecode",
            "end_session_endpoint": f"{oauth}/logout",
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }

    def _instance(self) -> Response:
        names = list(self._tenant.names.sign_in)
        network = names[0]
        content = {
            "tenant_discovery_endpoint": f"https://{network}/{self._tenant.names.tenant_id}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": network, "preferred_cache": names[1], "aliases": names}],
        }
        return json_response(200, content)

    def _realm(self, upn: str) -> Response:
        known = upn.lower().endswith("@" + self._tenant.names.domain)
        content = {"ver": "1.0", "account_type": "Managed" if known else "Unknown", "domain_name": upn.split("@")[-1]}
        return json_response(200, {**content, "cloud_instance_name": "microsoftonline.com"})

    def _token(self, request: Request) -> Response:
        form = dict(parse_qsl(request.body.read().decode("utf-8", "replace"), keep_blank_values=True))
        basic = request.headers.get("authorization", "")
        if basic.lower().startswith("basic "):
            form = {**form, **_basic(basic[6:])}
        app = self._app(form)
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            return self._for_app(app, form)
        if grant == "password":
            return self._for_password(app, form)
        if grant == "refresh_token":
            return self._for_refresh(app, form)
        if grant in ("device_code", "urn:ietf:params:oauth:grant-type:device_code", "authorization_code"):
            return json_response(
                501, {"error": "not_implemented", "error_description": f"The grant {grant} is not rehearsed."}
            )
        raise SignInProblem(
            400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'."
        )

    def _app(self, form: dict[str, str]) -> Entity:
        client_id = form.get("client_id", "").split("@")[0]
        if not client_id:
            raise SignInProblem(
                400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'."
            )
        app = self._tenant.directory.app(client_id)
        if app is None:
            raise SignInProblem(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory 'Contoso'. This can happen"
                " if the application has not been installed by the administrator of the tenant or consented to by any"
                " user in the tenant.",
            )
        return app

    def _for_app(self, app: Entity, form: dict[str, str]) -> Response:
        by_certificate = self._prove(app, form)
        resource = self._resource(form)
        claims = self._claims(app, resource, by_certificate=by_certificate)
        claims |= {"idtyp": "app", "oid": service_principal_id(app.guid), "sub": service_principal_id(app.guid)}
        roles = app.props.get("roles", {}).get(resource.api, [])
        if roles:
            claims["roles"] = roles
        return json_response(200, self._answer(self._tokens.sign(claims)))

    def _prove(self, app: Entity, form: dict[str, str]) -> bool:
        """Check the application's own proof; True for a certificate, False for a secret."""
        assertion = form.get("client_assertion")
        if assertion:
            if form.get("client_assertion_type") != _ASSERTION_TYPE:
                refuse(400, "invalid_request", 900144, "The parameter 'client_assertion_type' is missing or wrong.")
            check_assertion(assertion, app, self._tenant)
            return True
        secret = form.get("client_secret")
        if secret is None:
            raise SignInProblem(
                401,
                "invalid_client",
                7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            )
        if secret not in app.props.get("secrets", []):
            raise SignInProblem(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
                f" value, not the client secret ID, for a secret added to app '{app.guid}'.",
            )
        return False

    def _for_password(self, app: Entity, form: dict[str, str]) -> Response:
        if form.get("client_secret") is not None or form.get("client_assertion"):
            self._prove(app, form)
        user = self._tenant.directory.user(form.get("username", ""))
        if user is None:
            refuse(400, "invalid_grant", 50034, "The user account does not exist in the directory.")
        if form.get("password") != self._tenant.store.read_value("password"):
            refuse(400, "invalid_grant", 50126, "Error validating credentials due to invalid username or password.")
        return self._for_user(app, user, form)

    def _for_refresh(self, app: Entity, form: dict[str, str]) -> Response:
        try:
            claims = self._tokens.check(form.get("refresh_token", ""))
            use = split(form.get("refresh_token", ""))[1].get("use")
        except TokenProblem:
            refuse(400, "invalid_grant", 700082, "The refresh token has expired or is malformed.")
        user = self._tenant.directory.user(claims.user)
        if user is None or use != "refresh" or claims.app_id != app.guid:
            refuse(400, "invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
        return self._for_user(app, user, form)

    def _for_user(self, app: Entity, user: Entity, form: dict[str, str]) -> Response:
        if not user.props.get("accountEnabled", True):
            refuse(400, "invalid_grant", 50057, "The user account is disabled.")
        resource = self._resource(form)
        scopes = " ".join(app.props.get("scopes", {}).get(resource.api, []))
        person = {"upn": user.name, "oid": user.guid, "sub": user.guid, "name": user.props.get("displayName", "")}
        claims = {**self._claims(app, resource, by_certificate=False), **person, "idtyp": "user", "scp": scopes}
        answer = self._answer(self._tokens.sign(claims))
        refresh = {"use": "refresh", "appid": app.guid, "upn": user.name, "oid": user.guid, "aud": "refresh"}
        identity = {**person, "aud": app.guid, "preferred_username": user.name, "ver": "2.0"}
        about = json.dumps({"uid": user.guid, "utid": self._tenant.names.tenant_id}).encode()
        return json_response(
            200,
            {
                **answer,
                "scope": " ".join(f"{resource.audience}/{scope}" for scope in scopes.split()),
                "refresh_token": self._tokens.sign(refresh, life=_REFRESH_LIFE),
                "id_token": self._tokens.sign(identity),
                "client_info": base64.urlsafe_b64encode(about).rstrip(b"=").decode(),
            },
        )

    def _claims(self, app: Entity, resource: _Resource, *, by_certificate: bool) -> dict[str, object]:
        return {
            "aud": resource.audience,
            "appid": app.guid,
            "app_displayname": app.props.get("displayName", ""),
            "appidacr": "2" if by_certificate else "1",
            "idp": self._tokens.issuer,
        }

    def _answer(self, token: str) -> dict[str, object]:
        return {"token_type": "Bearer", "expires_in": LIFE - 1, "ext_expires_in": LIFE - 1, "access_token": token}

    def _resource(self, form: dict[str, str]) -> _Resource:
        wanted = [scope for scope in form.get("scope", "").split() if scope not in _OWN_SCOPES]
        name = form.get("resource") or (wanted[0] if wanted else "")
        if not name:
            refuse(400, "invalid_request", 90014, "The required field 'scope' is missing from the credential.")
        if "resource" not in form:
            name = name.rpartition("/")[0]
        bare = name.rstrip("/")
        names = self._tenant.names
        if bare.lower() in ("", f"https://{names.graph}", GRAPH_ID):
            return _Resource(f"https://{names.graph}", "graph")
        host = bare.removeprefix("https://").lower()
        if host in (names.sharepoint, names.admin, names.personal):
            return _Resource(f"https://{host}", "sharepoint")
        if host == SHAREPOINT_ID:
            return _Resource(SHAREPOINT_ID, "sharepoint")
        raise SignInProblem(
            400,
            "invalid_resource",
            500011,
            f"The resource principal named {bare} was not found in the tenant named Contoso.",
        )


def service_principal_id(app_id: str) -> str:
    """The object id of an application's service principal."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"servicePrincipal/{app_id}"))


def _basic(text: str) -> dict[str, str]:
    try:
        name, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
