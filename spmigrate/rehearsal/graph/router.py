"""Which part of Graph answers a path."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.graph import batch, directory, drive_host, drive_places, drive_routes, policies, sites
from spmigrate.rehearsal.graph.call import Call, GraphError, error_response
from spmigrate.rehearsal.graph.refusals import translate
from spmigrate.rehearsal.graph.routes import Route
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.tenant import Tenant

_VERSION = re.compile(r"/+(v1\.0|beta)(?=/|$)", re.IGNORECASE)
_DRIVE = re.compile(r"drives/(?P<drive>[^/]+)(?:/(?P<rest>.*))?", re.IGNORECASE | re.DOTALL)
_SITE_BY_PATH = re.compile(r"sites/(?P<site>[^/:,]+:/[^:]*?)/?(?::/?(?P<rest>.*))?$", re.IGNORECASE)
_SITE = re.compile(r"sites/(?P<site>[^/:]+)(?:/(?P<rest>.*))?$", re.IGNORECASE)
_BARE = frozenset({"select", "expand", "filter", "orderby", "top", "count", "skip", "skiptoken"})
_ROUTES: tuple[Route, ...] = (*directory.ROUTES, *policies.ROUTES)
# What Graph has at its root. A path below one of these that is not answered is a gap of ours (501); anything else
# is a wrong path, which Graph itself refuses (400).
_SEGMENTS = frozenset(
    "admin agreements applications applicationTemplates auditLogs branding communications connections contacts"
    " contracts deviceManagement devices directory directoryObjects directoryRoles directoryRoleTemplates"
    " domains drive drives education external groupLifecyclePolicies groups groupSettings identity"
    " identityGovernance invitations me oauth2PermissionGrants organization permissionGrants places planner"
    " policies privacy reports roleManagement search security servicePrincipals shares sites solutions storage"
    " subscribedSkus subscriptions teams teamsTemplates teamwork tenantRelationships users".lower().split()
)


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a call to Graph whose token has been checked."""
    request_id = str(uuid.uuid4())
    try:
        if request.method == "GET":
            response = _route(request, tenant)
        else:
            with tenant.store.transaction():
                response = _route(request, tenant)
    except Refusal as refusal:
        response = error_response(translate(refusal), request_id=request_id, at=tenant.clock.iso())
    except GraphError as error:
        response = error_response(error, request_id=request_id, at=tenant.clock.iso())
    client = request.headers.get("client-request-id", request_id)
    return replace(response, headers={**response.headers, "request-id": request_id, "client-request-id": client})


def _route(request: Request, tenant: Tenant) -> Response:
    path = re.sub("/{2,}", "/", unquote(request.path))
    query = {_option(name): value for name, value in parse_qsl(request.query, keep_blank_values=True)}
    call = Call(request, tenant, {}, query)
    if request.host != tenant.names.graph:
        return drive_host.in_words_of_host(dispatch(call, drive_host.find_way(call, path)))
    version = _VERSION.match(path)
    if version is None:
        raise GraphError(400, "BadRequest", "Invalid version.")
    if version[1].lower() == "beta":
        raise GraphError(501, "notImplemented", f"{request.method} {request.path} is not rehearsed: v1.0 alone is.")
    rest = path[version.end() :].strip("/")
    if rest.lower() == "$batch" and request.method == "POST":
        return batch.answer_batch(call, handle)
    return dispatch(call, rest)


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
    site = _SITE_BY_PATH.fullmatch(rest) or _SITE.fullmatch(rest)
    if site is not None:
        return sites.answer_site(replace(call, parts={"site": site["site"]}), site["rest"] or "", dispatch)
    if rest.lower() == "sites":
        return sites.answer_sites(call)
    for route in _ROUTES:
        found = route.match(call.request.method, rest)
        if found is not None:
            if route.permissions:
                call.require(*route.permissions)
            return route.answer(replace(call, parts=found))
    first = re.split(r"[/(]", rest)[0]
    if first.lower() in _SEGMENTS:
        raise GraphError(501, "notImplemented", f"{call.request.method} {call.request.path} is not rehearsed.")
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{first}'.")
