"""Which part of Graph answers a path."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.graph import (
    batch,
    beta,
    change_subscriptions,
    directory,
    drive_host,
    drive_places,
    drive_routes,
    policies,
    search,
    service_document,
    site_following,
    sites,
    term_store,
)
from spmigrate.rehearsal.graph.call import BETA, UNCHECKED_SELECT, VERSION, Call, GraphError, error_response
from spmigrate.rehearsal.graph.refusals import translate
from spmigrate.rehearsal.graph.routes import Table, plain_keys
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.tenant import Tenant

_VERSION = re.compile(r"/+(v1\.0|beta)(?=/|$)", re.IGNORECASE)
_DRIVE = re.compile(r"drives/(?P<drive>[^/]+)(?:/(?P<rest>.*))?", re.IGNORECASE | re.DOTALL)
_SITE_BY_PATH = re.compile(r"sites/(?P<site>[^/:,]+:/[^:]*?)/?(?::/?(?P<rest>.*))?$", re.IGNORECASE)
_SITE = re.compile(r"sites/(?P<site>[^/:]+)(?:::?$|::/|/|$)(?P<rest>.*)", re.IGNORECASE)
_GROUP_SITE = re.compile(r"groups/(?P<group>[^/]+)/sites/(?P<site>[^/]+)(?:/(?P<rest>.*))?", re.IGNORECASE)
# An address of Graph in an annotation; within a value the quotation mark before it would be escaped.
_ANNOTATED = re.compile(rb'(@odata\.(?:context|id|nextLink|deltaLink)":")https://graph\.microsoft\.com/v1\.0/')
_BARE = frozenset({"select", "expand", "filter", "orderby", "top", "count", "skip", "skiptoken"})
_TABLE = Table(
    (
        *directory.ROUTES,
        *policies.ROUTES,
        *search.ROUTES,
        *site_following.ROUTES,
        *change_subscriptions.ROUTES,
        *beta.ROUTES,
    )
)

# Which of the service's machines answered; support asks for it.
_DIAGNOSTIC = (
    '{"ServerInfo":{"DataCenter":"UK South","Slice":"E","Ring":"5","ScaleUnit":"003","RoleInstance":"LN2PEPF0000A1B2"}}'
)


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a call to Graph whose token has been checked."""
    if request.method == "HEAD":
        # As HTTP has it (RFC 9110, section 9.3.2): what GET answers, without the body, which is cut off on the way out.
        request = replace(request, method="GET")
    request_id = str(uuid.uuid4())
    try:
        if request.method == "GET":
            response = _route(request, tenant)
        else:
            with tenant.store.transaction():
                response = _route(request, tenant)
    except Refusal as refusal:
        response = error_response(translate(refusal), request_id=request_id, at=tenant.clock.iso())
    except RecursionError:
        # Brackets within brackets deeper than anybody means it.
        deep = GraphError(400, "BadRequest", "Recursion depth exceeded allowed limit.")
        response = error_response(deep, request_id=request_id, at=tenant.clock.iso())
    except GraphError as error:
        response = error_response(error, request_id=request_id, at=tenant.clock.iso())
    client = request.headers.get("client-request-id", request_id)
    marks = {"request-id": request_id, "client-request-id": client, "x-ms-ags-diagnostic": _DIAGNOSTIC}
    if response.headers.get("content-type", "").startswith("application/json"):
        marks["odata-version"] = "4.0"
    if response.status == 201 and request.method == "POST" and "location" not in response.headers:
        made = json.loads(response.body).get("id")
        marks |= {"location": f"https://{request.host}{request.path.rstrip('/')}/{made}"} if made else {}
    return replace(response, headers={**response.headers, **marks})


def _route(request: Request, tenant: Tenant) -> Response:
    path = re.sub("/{2,}", "/", unquote(request.path))
    query = {_option(name): value for name, value in parse_qsl(request.query, keep_blank_values=True)}
    if re.search(r"(^|&)select=", request.query, re.IGNORECASE):
        query[UNCHECKED_SELECT] = ""
    call = Call(request, tenant, {}, query)
    if request.host != tenant.names.graph:
        return drive_host.in_words_of_host(dispatch(call, drive_host.find_way(call, path)))
    version = _VERSION.match(path)
    if version is None:
        raise GraphError(400, "BadRequest", "Invalid version.")
    rest = path[version.end() :].strip("/")
    if rest.lower() == "$batch" and request.method == "POST":
        return batch.answer_batch(call, handle)
    return _in_words_of_beta(_answer_beta(call, rest)) if call.is_beta else dispatch(call, rest)


def _answer_beta(call: Call, rest: str) -> Response:
    """The beta version: what it alone has, and the rest as in v1.0."""
    if re.match(r"termstores?(/|$)", rest, re.IGNORECASE):
        return term_store.answer_term_store(call, rest)
    found = _TABLE.find(call.request.method, plain_keys(_own_way(call, rest)), beta=True)
    if found is not None:
        return found[0].reply(replace(call, parts=found[1]))
    return dispatch(call, rest)


def _in_words_of_beta(response: Response) -> Response:
    """An answer whose annotations name beta's metadata."""
    headers = {
        name: value.replace(f"{VERSION}/", f"{BETA}/") if name in ("location", "operation-location") else value
        for name, value in response.headers.items()
    }
    body = (
        _ANNOTATED.sub(rb"\1" + BETA.encode() + b"/", response.body) if b"@odata." in response.body else response.body
    )
    return Response(response.status, headers, body, response.file)


def _option(name: str) -> str:
    """A query option in lower case; Graph takes its own without the dollar sign too."""
    lower = name.lower()
    return f"${lower}" if lower in _BARE else lower


def dispatch(call: Call, rest: str) -> Response:
    """Answer by the decoded path after the version."""
    drive = _DRIVE.fullmatch(rest)
    if drive is not None:
        return drive_routes.answer_drive(call, drive["drive"], drive["rest"] or "", dispatch)
    way = drive_places.find_way(call, rest)
    if way is not None:
        return way if isinstance(way, Response) else dispatch(call, way)
    of_group = _GROUP_SITE.fullmatch(rest)
    if of_group is not None:
        root = drive_places.group_site(call, of_group["group"]).guid
        name = root if of_group["site"].lower() == "root" else of_group["site"]
        return dispatch(call, f"sites/{name}/{of_group['rest'] or ''}".rstrip("/"))
    site = _SITE_BY_PATH.fullmatch(rest) or _SITE.fullmatch(rest)
    if site is not None:
        return sites.answer_site(replace(call, parts={"site": site["site"]}), site["rest"] or "", dispatch)
    if rest.lower() == "sites":
        return sites.answer_sites(call)
    found = _TABLE.find(call.request.method, plain_keys(_own_way(call, rest)))
    if found is not None:
        route, parts = found
        return route.reply(replace(call, parts=parts))
    if not rest and call.request.method == "GET":
        return service_document.answer(call)
    first = re.split(r"[/(]", rest)[0]
    if service_document.is_segment(first, beta=call.is_beta):
        raise GraphError(501, "notImplemented", f"{call.request.method} {call.request.path} is not rehearsed.")
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{first}'.")


def _own_way(call: Call, rest: str) -> str:
    """A path through `me` as one through the user who calls; `myorganization/` says nothing."""
    bare = rest[len("myorganization/") :] if rest.lower().startswith("myorganization/") else rest
    head, slash, tail = bare.partition("/")
    if head.lower() != "me":
        return bare
    if call.request.caller.app_only:
        raise GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    return f"users/{call.request.caller.object_id or call.request.caller.user}{slash}{tail}"
