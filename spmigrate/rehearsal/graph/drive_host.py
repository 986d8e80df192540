"""The drive API on the SharePoint hosts themselves: `https://contoso.sharepoint.com/sites/x/_api/v2.0/drive/root`.

It is Graph's, under another address and with SharePoint's tokens; a path begins at the web before `_api`.
"""

from __future__ import annotations

import re

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.scope import open_scope

_ADDRESS = re.compile(r"(?P<web>.*?)/_api/v2\.[01](?:/(?P<rest>.*))?", re.IGNORECASE)
_MARK = re.compile(r"/_api/v2\.[01](?=/|$)", re.IGNORECASE)
# What begins at the web; the rest begins at the tenant, as in Graph.
_OF_WEB = frozenset({"drive", "lists", "termstore", "columns", "contenttypes", "permissions", "pages"})


def is_drive_api(request: Request) -> bool:
    """True for an address of the drive API on a SharePoint host."""
    return bool(_MARK.search(request.path))


def find_way(call: Call, path: str) -> str:
    """Where a decoded path on a SharePoint host leads in Graph's terms."""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        raise GraphError(400, "BadRequest", "Invalid version.")
    rest = (found["rest"] or "").strip("/")
    head = re.split(r"[/:(]", rest)[0].lower()
    if rest and head not in _OF_WEB and rest.lower() != "drives" and head not in ("root", "items"):
        return rest
    try:
        scope = open_scope(call.tenant, call.request.caller, call.request.host, found["web"])
    except ODataError:
        raise GraphError(404, "itemNotFound", "Requested site could not be found") from None
    base = f"sites/{site_id(scope.site, scope.web)}"
    if head in ("root", "items"):
        return f"{base}/drive/{rest}"
    return f"{base}/{rest}".rstrip("/")


def in_words_of_host(response: Response) -> Response:
    """An answer with the names that annotations have here."""
    if b"@microsoft.graph.downloadUrl" not in response.body:
        return response
    body = response.body.replace(b'"@microsoft.graph.downloadUrl"', b'"@content.downloadUrl"')
    return Response(response.status, response.headers, body, response.file)
