"""A person's session with SharePoint in a browser: sign-in at Entra, the way back, and the cookies that follow.

SharePoint is an application of Entra like any other: it sends the browser to sign in, is given a code at
`_forms/default.aspx`, and from then on knows the person by the cookie `FedAuth`. The service's second cookie, `rtFa`,
which spares other hosts of the tenant a new sign-in, is not given: each host asks Entra anew. What is changed by cookie
needs a form digest (`form_digest.py`).
"""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, quote, urlencode

from spmigrate.rehearsal.grants import SHAREPOINT_ID
from spmigrate.rehearsal.http import Claims, Request, Response
from spmigrate.rehearsal.sign_in_codes import Codes
from spmigrate.rehearsal.sign_in_errors import SignInProblem
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Names, Tenant
from spmigrate.rehearsal.tokens import TokenProblem, Tokens, decode, encode

_REPLY = "/_forms/default.aspx"
_COOKIE = "FedAuth"
# Source: "Session timeouts for Microsoft 365": a SharePoint session lasts five days where the person stays signed in.
_SECONDS = 5 * 86_400
# A person in a browser may do all that their own rights allow.
_SCOPES = frozenset({"AllSites.FullControl", "TermStore.ReadWrite.All", "User.ReadWrite.All", "MyFiles.Write"})
_LARGEST_FORM = 64 * 1024


def sharepoint_application(names: Names) -> Entity:
    """SharePoint itself, as Entra knows it: every tenant has it, and no directory lists it among its applications."""
    replies = [f"https://{host}{_REPLY}" for host in (names.sharepoint, names.admin, names.personal)]
    props = {"displayName": "Office 365 SharePoint Online", "redirectUris": replies}
    return Entity(0, "app", SHAREPOINT_ID, 0, "Office 365 SharePoint Online", props, 1, "", "", None)


def sign_in_address(request: Request, *, sign_in: str) -> str:
    """Where a browser signs in to come back to the `Source` that it asked for."""
    asked = {
        "client_id": SHAREPOINT_ID,
        "response_mode": "form_post",
        "response_type": "code id_token",
        "resource": SHAREPOINT_ID,
        "scope": "openid",
        "nonce": secrets.token_hex(32).upper(),
        "redirect_uri": f"https://{request.host}{_REPLY}",
        "state": encode(request.parameters().get("Source", "/").encode()),
    }
    return f"https://{sign_in}/common/oauth2/authorize?{urlencode(asked, quote_via=quote)}"


def is_reply(request: Request) -> bool:
    """True for the form with which a browser comes back from signing in."""
    return request.method == "POST" and request.path.lower() == _REPLY


class BrowserSessions:
    """Begins sessions and knows whose they are."""

    def __init__(self, tenant: Tenant, tokens: Tokens) -> None:
        self._tenant = tenant
        self._tokens = tokens
        self._codes = Codes(tenant)

    def begin(self, request: Request) -> Response:
        """A browser that comes back with a code: its cookies, and the way to what it asked for."""
        if request.body.size > _LARGEST_FORM:
            return Response(413)
        form = dict(parse_qsl(request.body.read().decode("utf-8", "replace")))
        reply = {"code": form.get("code", ""), "redirect_uri": f"https://{request.host}{_REPLY}"}
        try:
            given = self._codes.redeem_code(reply, SHAREPOINT_ID)
        except SignInProblem as problem:
            return Response(403, {"content-type": "text/plain; charset=utf-8"}, problem.text.encode())
        user = self._tenant.store.get("user", str(given["user"]))
        if user is None:
            return Response(403, {"content-type": "text/plain; charset=utf-8"}, b"403 FORBIDDEN")
        person = {"aud": _audience(request.host), "oid": user.guid, "upn": user.name, "appid": SHAREPOINT_ID}
        session = self._tokens.sign(person, life=_SECONDS)
        return Response(302, {
            "location": f"https://{request.host}{_read_source(form.get('state', ''))}",
            "set-cookie": f"{_COOKIE}={session}; path=/; secure; HttpOnly; SameSite=None",
        })  # fmt: skip

    def claims(self, request: Request) -> Claims | None:
        """Who a request's cookie speaks for; None without a cookie, or one that has ended or is another host's."""
        cookies = dict(pair.strip().partition("=")[::2] for pair in request.headers.get("cookie", "").split(";"))
        if _COOKIE not in cookies:
            return None
        try:
            found = self._tokens.check(cookies[_COOKIE])
        except TokenProblem:
            return None
        user = self._tenant.directory.user(found.user)
        if found.audience != _audience(request.host) or user is None or not user.props.get("accountEnabled", True):
            return None
        name = "Office 365 SharePoint Online"
        return Claims(
            SHAREPOINT_ID, name, found.object_id, found.audience, scopes=_SCOPES, user=found.user, by_cookie=True
        )


def _audience(host: str) -> str:
    """What a cookie is for: no token for the interface is a cookie, and no cookie a token."""
    return f"cookie:{host}"


def _read_source(state: str) -> str:
    """The path that was asked for at first; none that leads to another host."""
    try:
        source = decode(state).decode()
    except ValueError:
        return "/"
    plain = source.startswith("/") and not source.startswith(("//", "/\\")) and source.isprintable()
    return quote(source, safe="/?&=%:;+,@!$'()*~#") if plain else "/"
