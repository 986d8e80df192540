"""Entra sign-in: which page, document or token answers a request to a sign-in host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from spmigrate.rehearsal.browser_sessions import sharepoint_application
from spmigrate.rehearsal.discovery import SHARED, access_control, configuration, instances, realm
from spmigrate.rehearsal.grants import GRAPH_ID, SHAREPOINT_ID, Grants, with_basic
from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.sign_in_addresses import is_local, is_own_address
from spmigrate.rehearsal.sign_in_codes import DEVICE_SECONDS, POLL_SECONDS, Asked, Codes
from spmigrate.rehearsal.sign_in_conditions import BROWSER, BY_PAGE
from spmigrate.rehearsal.sign_in_errors import SignInProblem, problem_response
from spmigrate.rehearsal.sign_in_first_version import in_first_version
from spmigrate.rehearsal.sign_in_invitations import answer_invitation
from spmigrate.rehearsal.sign_in_pages import device_page, message_page, sign_in_page, way_back
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.tokens import TokenProblem, Tokens, split

__all__ = ["GRAPH_ID", "SHAREPOINT_ID", "SignIn"]

_DEVICE_HOST = "login.microsoft.com"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# What a person is told at the page itself; other refusals go back to the application.
_TOLD_AT_THE_PAGE = frozenset({50105, 53000, 53001, 53002, 53003, 53009})
_SESSION = "ESTSAUTH"
_SESSION_SECONDS = 86_400
# Bytes; an assertion has a few thousand.
_LARGEST_FORM = 1024 * 1024


class SignIn:
    """Answers for the sign-in hosts."""

    def __init__(self, tenant: Tenant, tokens: Tokens) -> None:
        self._tenant = tenant
        self._tokens = tokens
        self._codes = Codes(tenant)
        self._grants = Grants(tenant, tokens, self._codes)

    def handle(self, request: Request) -> Response:
        """Answer a request to a sign-in host."""
        path = re.sub("/+", "/", unquote(request.path)).strip("/")
        try:
            return self._route(request, path)
        except SignInProblem as problem:
            return problem_response(problem, self._tenant.clock)

    def _route(self, request: Request, path: str) -> Response:
        place, _, tail = path.partition("/")
        rest = tail.lower()
        if rest == "discovery/instance":
            return json_response(200, instances(self._tenant.names))
        if rest.startswith("userrealm/"):
            return json_response(200, realm(self._tenant.names, path.rpartition("/")[2]))
        if path.lower() == "metadata/json/1":
            return json_response(200, access_control(self._tenant.names, request.parameters().get("realm", "")))
        if path.lower() in ("device", "common/oauth2/deviceauth"):
            return self._device(request)
        if path.lower() == "redeem":
            return answer_invitation(request, self._tenant)
        self._check_tenant(place, discovering=rest.endswith("openid-configuration"))
        if request.method == "GET" and rest.endswith(".well-known/openid-configuration"):
            found = configuration(self._tenant.names, request.host, place, v2="v2.0/" in rest)
            return json_response(200, found)
        if rest in ("discovery/v2.0/keys", "discovery/keys"):
            return json_response(200, self._tokens.keys())
        if rest in ("oauth2/v2.0/authorize", "oauth2/authorize"):
            return self._authorize(request)
        if rest in ("oauth2/v2.0/logout", "oauth2/logout"):
            return self._sign_out(request)
        if rest == "oauth2/nativeclient":
            return message_page("Signed in", "You can close this window.")
        if request.method == "POST":
            answer = self._post(place.lower(), rest, request)
            if answer is not None:
                return answer
        said = {"error": "not_implemented", "error_description": f"{request.method} {request.path} is not rehearsed."}
        return json_response(501, said)

    def _post(self, place: str, rest: str, request: Request) -> Response | None:
        form = with_basic(_form(request), request.headers.get("authorization", ""))
        if rest in ("oauth2/v2.0/token", "oauth2/token"):
            _require_place(place, form.get("grant_type", ""), second_version="v2.0" in rest)
            answer = self._grants.answer(form)
            if rest == "oauth2/token":
                answer = in_first_version(answer, form, now=self._tenant.clock.seconds())
            return json_response(200, answer, headers={"cache-control": "no-store"})
        if rest in ("oauth2/v2.0/devicecode", "oauth2/devicecode"):
            return self._give_device_code(form)
        if rest == "tokens/oauth/2":
            return json_response(200, self._grants.for_acs(form))
        return None

    def _check_tenant(self, name: str, *, discovering: bool) -> None:
        names, lower = self._tenant.names, name.lower()
        if lower in (names.tenant_id, names.domain, names.domain.split(".")[0] + ".com", *SHARED):
            return
        word = "invalid_tenant" if discovering else "invalid_request"
        if "." not in name and not _GUID.fullmatch(name):
            raise SignInProblem(
                400,
                word,
                900023,
                f"Specified tenant identifier '{name}' is neither a valid DNS name, nor a valid external domain.",
            )
        raise SignInProblem(
            400,
            word,
            90002,
            f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into"
            " the correct cloud. Check with your subscription administrator, this may happen if there are no"
            " active subscriptions for the tenant.",
        )

    def _give_device_code(self, form: Mapping[str, str]) -> Response:
        app = self._grants.app(form)
        scope = form.get("scope") or f"{form.get('resource', '')}/.default"
        address = f"https://{_DEVICE_HOST}/device"
        with self._tenant.store.transaction():
            codes = self._codes.give_device_code(app.guid, scope)
        message = (
            f"To sign in, use a web browser to open the page {address} and enter the code {codes['user_code']}"
            " to authenticate."
        )
        more = {"verification_uri": address, "verification_url": address, "expires_in": DEVICE_SECONDS}
        return json_response(200, {**codes, **more, "interval": POLL_SECONDS, "message": message})

    def _device(self, request: Request) -> Response:
        """The page where a person types the code that an application shows."""
        if request.method != "POST":
            return device_page(self._users(), code=request.parameters().get("otc", ""))
        form = _form(request)
        typed = form.get("otc", "")
        waiting = self._codes.waiting_device(typed)
        if waiting is None:
            return device_page(self._users(), problem="That code didn't work. Check the code and try again.")
        try:
            user = self._grants.person(form.get("login", ""), form.get("passwd", ""))
        except SignInProblem as problem:
            return device_page(self._users(), code=typed, problem=problem.text)
        self._codes.approve_device(waiting, user)
        return message_page("You have signed in", "You may now close this window.")

    def _authorize(self, request: Request) -> Response:
        """The page where a person signs in to an application, and the way back to it with a code."""
        given = {**request.parameters(), **(_form(request) if request.method == "POST" else {})}
        try:
            by_sharepoint = given.get("client_id") == SHAREPOINT_ID
            app = sharepoint_application(self._tenant.names) if by_sharepoint else self._grants.app(given)
            asked = _asked(given, app)
        except SignInProblem as problem:
            return message_page("Sign in", f"AADSTS{problem.number}: {problem.text}", status=400)
        back = {"state": given["state"]} if "state" in given else {}
        mode = given.get("response_mode", "query")
        if "code" not in given.get("response_type", "").split():
            text = "AADSTS700051: response_type is not enabled for the application."
            return way_back(asked.redirect_uri, mode, {"error": "unsupported_response_type",
                                                       "error_description": text, **back})  # fmt: skip
        user, problem_text = self._who(request, given)
        if user is None and given.get("prompt") == "none":
            text = "AADSTS50058: A silent sign-in request was sent but no user is signed in."
            return way_back(asked.redirect_uri, mode, {"error": "login_required", "error_description": text, **back})
        if user is None:
            name = str(app.props.get("displayName", app.guid))
            return sign_in_page(self._users(), app=name, hint=given.get("login_hint", ""), problem=problem_text)
        try:
            if asked.scope or given.get("resource"):
                self._grants.admit(app, user, {**given, "scope": asked.scope}, client=BROWSER, proofs=BY_PAGE)
        except SignInProblem as problem:
            text = f"AADSTS{problem.number}: {problem.text}"
            if problem.number in _TOLD_AT_THE_PAGE:
                return message_page("You cannot access this right now", text, status=400)
            return way_back(asked.redirect_uri, mode, {"error": problem.error, "error_description": text, **back})
        with self._tenant.store.transaction():
            code = self._codes.give_code(asked, user)
        session = self._tokens.sign({"use": "session", "oid": user.guid}, life=_SESSION_SECONDS)
        answer = way_back(asked.redirect_uri, mode, {"code": code, **back, "session_state": user.guid})
        return _with_cookie(answer, f"{_SESSION}={session}; path=/; secure; HttpOnly; SameSite=None")

    def _who(self, request: Request, given: Mapping[str, str]) -> tuple[Entity | None, str]:
        """The person who signs in now, or has signed in before; else None and what went wrong."""
        if "login" in given and request.method == "POST":
            try:
                return self._grants.person(given["login"], given.get("passwd", "")), ""
            except SignInProblem as problem:
                return None, problem.text
        if given.get("prompt") in ("login", "select_account"):
            return None, ""
        cookies = dict(pair.strip().partition("=")[::2] for pair in request.headers.get("cookie", "").split(";"))
        try:
            self._tokens.check(cookies.get(_SESSION, ""))
            body = split(cookies[_SESSION])[1]
        except TokenProblem:
            return None, ""
        user = self._tenant.store.get("user", str(body.get("oid"))) if body.get("use") == "session" else None
        return (user, "") if user is not None and user.props.get("accountEnabled", True) else (None, "")

    def _sign_out(self, request: Request) -> Response:
        target = request.parameters().get("post_logout_redirect_uri", "")
        page = message_page("Signed out", "You have signed out of your account.")
        answer = Response(302, {"location": target}) if is_local(target) else page
        return _with_cookie(answer, f"{_SESSION}=; path=/; secure; HttpOnly; Max-Age=0")

    def _users(self) -> list[str]:
        users = self._tenant.directory.users()
        return [each.name for each in users if each.props.get("userType") == "Member"]


def _require_place(place: str, grant: str, *, second_version: bool) -> None:
    """Refuse a grant at an address that says no tenant."""
    if grant == "client_credentials" and place in SHARED:
        raise SignInProblem(
            400,
            "invalid_request",
            50059,
            "No tenant-identifying information found in either the request or implied by any provided credentials.",
        )
    if grant == "password" and second_version and place in ("common", "consumers"):
        raise SignInProblem(
            400,
            "invalid_request",
            9001023,
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or"
            " tenant-specific endpoint.",
        )


def _form(request: Request) -> dict[str, str]:
    if request.body.size > _LARGEST_FORM:
        raise SignInProblem(413, "invalid_request", 90019, "The request is too large.")
    return dict(parse_qsl(request.body.read().decode("utf-8", "replace"), keep_blank_values=True))


def _asked(given: Mapping[str, str], app: Entity) -> Asked:
    """What is asked for, once the reply address is known to be the application's."""
    redirect = given.get("redirect_uri", "")
    if not is_own_address(redirect, app):
        raise SignInProblem(
            400,
            "invalid_request",
            50011,
            f"The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for"
            f" the application '{app.guid}'.",
        )
    method = given.get("code_challenge_method", "plain")
    if method not in ("plain", "S256"):
        raise SignInProblem(400, "invalid_request", 501491, f"Invalid code_challenge_method '{method}'.")
    return Asked(app.guid, redirect, given.get("scope", ""), given.get("nonce", ""),
                 given.get("code_challenge", ""), method)  # fmt: skip


def _with_cookie(response: Response, cookie: str) -> Response:
    return replace(response, headers={**response.headers, "set-cookie": cookie})
