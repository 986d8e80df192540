"""The token endpoint: each grant, from its proof to the tokens that it gives."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import unquote_plus

from spmigrate.rehearsal.assertion import check_assertion
from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.directory import service_principal_id
from spmigrate.rehearsal.microsoft_programs import find_program
from spmigrate.rehearsal.permissions import API_IDS
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.sign_in_addresses import is_of_server
from spmigrate.rehearsal.sign_in_codes import Codes
from spmigrate.rehearsal.sign_in_conditions import BROWSER, BY_PAGE, NATIVE, PASSWORD, SigningIn, require_admission
from spmigrate.rehearsal.sign_in_errors import SignInProblem, refuse
from spmigrate.rehearsal.sign_in_scopes import Resource, consented, read_resource
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import LIFE, TokenProblem, Tokens, split

GRAPH_ID, SHAREPOINT_ID = API_IDS["graph"], API_IDS["sharepoint"]
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_REFRESH_LIFE = 90 * 86_400
_ACS_LIFE = 86_400
# What a refresh need not say again.
_ASKED = ("scope", "resource")
_ON_BEHALF = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Grants:
    """Turns proofs into tokens."""

    def __init__(self, tenant: Tenant, tokens: Tokens, codes: Codes) -> None:
        self._tenant = tenant
        self._tokens = tokens
        self._codes = codes
        self._by_name = {
            "client_credentials": self._for_app,
            "password": self._for_password,
            "refresh_token": self._for_refresh,
            "authorization_code": self._for_code,
            "device_code": self._for_device,
            "urn:ietf:params:oauth:grant-type:device_code": self._for_device,
            _ON_BEHALF: self._on_behalf,
        }

    def answer(self, form: Mapping[str, str]) -> dict[str, object]:
        """The token endpoint's answer to a form; `SignInProblem` when it is refused."""
        app = self.app(form)
        if not form.get("grant_type"):
            _lack("grant_type")
        grant = self._by_name.get(form["grant_type"])
        if grant is None:
            name = form.get("grant_type", "")
            raise SignInProblem(
                400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{name}'."
            )
        return grant(app, form)

    def app(self, form: Mapping[str, str]) -> Entity:
        """The application that asks."""
        client_id = form.get("client_id", "").split("@")[0]
        if not client_id:
            _lack("client_id")
        app = self._tenant.directory.app(client_id) or find_program(client_id)
        if app is None:
            raise SignInProblem(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory 'Contoso'. This can happen"
                " if the application has not been installed by the administrator of the tenant or consented to by any"
                " user in the tenant. You may have sent your authentication request to the wrong tenant.",
            )
        principal = self._tenant.directory.principal(app.guid)
        if principal is not None and principal.props.get("accountEnabled") is False:
            refuse(400, "unauthorized_client", 7000112, f"Application '{app.guid}'({app.name}) is disabled.")
        return app

    def person(self, name: str, password: str) -> Entity:
        """The user who signs in with a name and a password."""
        user = self._tenant.directory.user(name)
        if user is None:
            self._unknown_person()
        if password != (user.props.get("_password") or self._tenant.store.read_value("password")):
            refuse(400, "invalid_grant", 50126, "Error validating credentials due to invalid username or password.")
        return self._enabled(user)

    def for_acs(self, form: Mapping[str, str]) -> dict[str, object]:
        """A token of the old access control service, for an application with a secret.

        Microsoft turned the service off in April 2026 and lets a tenant turn it off before; older programs still sign
        in by it. Here the tenant's setting alone decides (SPO.Tenant's `DisableCustomAppAuthentication`).
        """
        app = self.app(form)
        if form.get("client_secret") not in app.props.get("secrets", []):
            refuse(401, "invalid_client", 7000215, "Invalid client secret is provided.")
        if read_settings(self._tenant.store).get("DisableCustomAppAuthentication", True):
            refuse(401, "invalid_client", 7000229, "Tokens of the access control service are turned off here.")
        names, resource = self._tenant.names, form.get("resource", "")
        place = resource.partition("/")[2].partition("@")[0].lower()
        if place not in (names.sharepoint, names.admin, names.personal):
            refuse(400, "invalid_resource", 50001, f"The resource principal named {resource} was not found.")
        issuer = f"00000001-0000-0000-c000-000000000000@{names.tenant_id}"
        audience, person = f"{SHAREPOINT_ID}/{place}@{names.tenant_id}", service_principal_id(app.guid)
        claims = {
            "aud": audience, "iss": issuer, "identityprovider": issuer, "nameid": f"{app.guid}@{names.tenant_id}",
            "oid": person, "sub": person, "appid": app.guid, "app_displayname": app.props.get("displayName", ""),
            "roles": app.props.get("roles", {}).get("sharepoint", []), "trustedfordelegation": "false",
        }  # fmt: skip
        now = int(self._tenant.clock.seconds())
        return {
            "token_type": "Bearer",
            "expires_in": str(_ACS_LIFE - 1),
            "not_before": str(now),
            "expires_on": str(now + _ACS_LIFE),
            "resource": audience,
            "access_token": self._tokens.sign(claims, life=_ACS_LIFE),
        }

    def _for_app(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        by_certificate = self._prove(app, form)
        resource = read_resource(form, self._tenant, app_only=True)
        claims = self._claims(app, resource, by_certificate=by_certificate)
        claims |= {"idtyp": "app", "oid": service_principal_id(app.guid), "sub": service_principal_id(app.guid)}
        roles = app.props.get("roles", {}).get(resource.api, [])
        if roles:
            claims["roles"] = roles
        return self._answer(self._tokens.sign(claims))

    def _prove(self, app: Entity, form: Mapping[str, str]) -> bool:
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
        self._require_current(app, secret)
        if secret not in app.props.get("secrets", []):
            raise SignInProblem(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
                f" value, not the client secret ID, for a secret added to app '{app.guid}'.",
            )
        return False

    def _require_current(self, app: Entity, secret: str) -> None:
        principal = self._tenant.directory.principal(app.guid)
        kept = [*app.props.get("_passwords", []), *(principal.props.get("_passwords", []) if principal else [])]
        found = next((each for each in kept if each["secretText"] == secret), None)
        if found is not None and read_time(found["endDateTime"]) < self._tenant.clock.now():
            refuse(401, "invalid_client", 7000222,
                   f"The provided client secret keys for app '{app.guid}' are expired. Visit the Azure portal to create"
                   " new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials"
                   " for added security: https://aka.ms/certCreds.")  # fmt: skip

    def _prove_if_given(self, app: Entity, form: Mapping[str, str]) -> None:
        if form.get("client_secret") is not None or form.get("client_assertion"):
            self._prove(app, form)

    def _for_password(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        self._prove_if_given(app, form)
        for name in ("username", "password"):
            if not form.get(name):
                _lack(name)
        return self._for_user(app, self.person(form.get("username", ""), form.get("password", "")), form)

    def _for_refresh(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        self._prove_if_given(app, form)
        try:
            claims = self._tokens.check(form.get("refresh_token", ""))
            body = split(form.get("refresh_token", ""))[1]
        except TokenProblem:
            refuse(400, "invalid_grant", 700082, "The refresh token has expired or is malformed.")
        user = self._tenant.directory.user(claims.user)
        if user is None or body.get("use") != "refresh" or claims.app_id != app.guid:
            refuse(400, "invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
        asked = form if form.get("scope") or form.get("resource") else {**form, **body.get("asked", {})}
        return self._for_user(app, self._enabled(user), asked, proofs=_proofs(body))

    def _for_code(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        self._prove_if_given(app, form)
        given = self._codes.redeem_code(form, app.guid)
        if is_of_server(str(given["redirect"]), app):
            self._prove(app, form)
        scope = form.get("scope") or given["scope"]
        return self._for_user(app, self._known(given["user"]), {**form, "scope": scope}, nonce=given["nonce"],
                              client=BROWSER, proofs=BY_PAGE)  # fmt: skip

    def _for_device(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        user, scope = self._codes.redeem_device_code(form.get("device_code", form.get("code", "")), app.guid)
        asked = {**form, "scope": form.get("scope") or scope}
        return self._for_user(app, self._known(user), asked, proofs=BY_PAGE)

    def _on_behalf(self, app: Entity, form: Mapping[str, str]) -> dict[str, object]:
        """For an application that a person's program called with a token, and that now calls another API for them."""
        self._prove(app, form)
        if form.get("requested_token_use") != "on_behalf_of":
            refuse(400, "invalid_request", 900144,
                   "The request body must contain the following parameter: 'requested_token_use'.")  # fmt: skip
        try:
            claims = self._tokens.check(form.get("assertion", ""))
        except TokenProblem as problem:
            refuse(400, "invalid_grant", 500133, f"Assertion is not within its valid time range, or not a token:"
                                                 f" {problem.message}")  # fmt: skip
        if claims.audience.removeprefix("api://").lower() != app.guid.lower():
            refuse(400, "invalid_grant", 500131,
                   "Assertion audience does not match the Client app presenting the assertion. The audience in the"
                   f" assertion was '{claims.audience}' and the expected audience is '{app.guid}' or one of the"
                   f" Application Uris of this application with App ID '{app.guid}'.")  # fmt: skip
        user = self._tenant.directory.user(claims.user) if claims.user else None
        if user is None:
            refuse(400, "invalid_grant", 7000114,
                   f"Application '{claims.app_id}' is not allowed to make application on-behalf-of calls.")  # fmt: skip
        proofs = _proofs(split(form["assertion"])[1])
        return self._for_user(app, self._enabled(user), form, proofs=proofs)

    def _known(self, guid: str) -> Entity:
        user = self._tenant.store.get("user", guid)
        if user is None:
            self._unknown_person()
        return self._enabled(user)

    def _unknown_person(self) -> NoReturn:
        refuse(400, "invalid_grant", 50034,
               "The user account {EmailHidden} does not exist in the"
               f" {self._tenant.names.tenant_id} directory. To sign into this application, the account must be added to"
               " the directory.")  # fmt: skip

    def _enabled(self, user: Entity) -> Entity:
        if not user.props.get("accountEnabled", True):
            refuse(400, "invalid_grant", 50057, "The user account is disabled.")
        return user

    def admit(
        self, app: Entity, user: Entity, form: Mapping[str, str], *, client: str, proofs: tuple[str, ...]
    ) -> None:
        """Refuse a person to whom an application or a policy of the tenant is closed."""
        resource = read_resource(form, self._tenant, app_only=False)
        principal = self._tenant.directory.principal(app.guid)
        if principal is not None and principal.props.get("appRoleAssignmentRequired"):
            self._require_assignment(app, principal, user)
        by_device = form.get("grant_type", "").endswith("device_code")
        require_admission(self._tenant, SigningIn(user, resource.client_id, client, proofs, by_device))

    def _require_assignment(self, app: Entity, principal: Entity, user: Entity) -> None:
        directory, store = self._tenant.directory, self._tenant.store
        holders = {user.guid, *(each.guid for each in directory.holders_deep(user.guid, "group"))}
        given = (each.props for each in store.every("approleassignment"))
        if not any(each["resourceId"] == principal.guid and each["principalId"] in holders for each in given):
            refuse(400, "invalid_grant", 50105,
                   f"Your administrator has configured the application {app.props.get('displayName', '')}"
                   f" ('{app.guid}') to block users unless they are specifically granted ('assigned') access to the"
                   f" application. The signed in user '{user.name}' is blocked because they are not a direct member of"
                   " a group with access, nor had access directly assigned by an administrator.")  # fmt: skip

    def _for_user(
        self,
        app: Entity,
        user: Entity,
        form: Mapping[str, str],
        *,
        nonce: str = "",
        client: str = NATIVE,
        proofs: tuple[str, ...] = (PASSWORD,),
    ) -> dict[str, object]:
        self.admit(app, user, form, client=client, proofs=proofs)
        resource = read_resource(form, self._tenant, app_only=False)
        scopes = consented(form, app, resource)
        person = {"upn": user.name, "oid": user.guid, "sub": user.guid, "name": user.props.get("displayName", "")}
        claims = {**self._claims(app, resource, by_certificate=False), **person, "idtyp": "user", "scp": scopes}
        claims["amr"] = list(proofs)
        refresh = {"use": "refresh", "appid": app.guid, "upn": user.name, "oid": user.guid, "aud": "refresh",
                   "amr": list(proofs), "asked": {name: form[name] for name in _ASKED if form.get(name)}}  # fmt: skip
        identity = {
            **person,
            "aud": app.guid,
            "iss": f"https://login.microsoftonline.com/{self._tenant.names.tenant_id}/v2.0",
            "preferred_username": user.name,
            "ver": "2.0",
            **({"nonce": nonce} if nonce else {}),
        }
        about = json.dumps({"uid": user.guid, "utid": self._tenant.names.tenant_id}).encode()
        return {
            **self._answer(self._tokens.sign(claims)),
            "scope": " ".join(f"{resource.audience}/{scope}" for scope in scopes.split()),
            "refresh_token": self._tokens.sign(refresh, life=_REFRESH_LIFE),
            "id_token": self._tokens.sign(identity),
            "client_info": base64.urlsafe_b64encode(about).rstrip(b"=").decode(),
        }

    def _claims(self, app: Entity, resource: Resource, *, by_certificate: bool) -> dict[str, object]:
        return {
            "aud": resource.audience,
            "appid": app.guid,
            "app_displayname": app.props.get("displayName", ""),
            "appidacr": "2" if by_certificate else "1",
            "idp": self._tokens.issuer,
        }

    def _answer(self, token: str) -> dict[str, object]:
        return {"token_type": "Bearer", "expires_in": LIFE - 1, "ext_expires_in": LIFE - 1, "access_token": token}


def _lack(name: str) -> NoReturn:
    refuse(400, "invalid_request", 900144, f"The request body must contain the following parameter: '{name}'.")


def _proofs(body: Mapping[str, object]) -> tuple[str, ...]:
    """How a token's owner signed in."""
    given = body.get("amr")
    return tuple(str(each) for each in given) if isinstance(given, list) else (PASSWORD,)


def with_basic(form: Mapping[str, str], header: str) -> dict[str, str]:
    """A form with the name and secret of an HTTP Basic header, where that is how they came."""
    if not header.lower().startswith("basic "):
        return dict(form)
    try:
        name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
    except ValueError:
        return dict(form)
    return {**form, "client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
