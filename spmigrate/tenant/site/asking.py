"""Sending the questions of a round: one request for all of a site's, one for Graph's, one each to the admin centre.

A part of a batch that the service puts off, for being busy, is asked again by itself: such a request is paced and
repeated like any other.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from spmigrate.errors import TenantError, Unavailable
from spmigrate.tenant import csom, translate
from spmigrate.tenant.sender import Request
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import batch
from spmigrate.tenant.site.question import Service
from spmigrate.tenant.translate import Answer

Fetch = Callable[[str], Any]
_BETA = "beta/"
_NEXT = ("odata.nextLink", "@odata.nextLink")


def send(tenant: Tenant, service: Service, site: str, paths: Sequence[str]) -> list[Any]:
    """The answers in the order of the paths; a refusal is given as the TenantError that it means, not raised.

    `site` is its address in full. Raises TenantError when a batch as a whole is refused.
    """
    if service is Service.ADMIN:
        return [_admin(tenant, path) for path in paths]
    if service is Service.HUB:
        return [_refusal_or(partial(csom.read_hub, tenant, path)) for path in paths]
    if service is Service.GRAPH:
        return list(_graph(tenant, paths))
    return list(_site(tenant, site, paths))


def _admin(tenant: Tenant, path: str) -> Any:
    return _refusal_or(lambda: tenant.rest("GET", f"{tenant.settings.admin}/_api/{path}"))


def _site(tenant: Tenant, site: str, paths: Sequence[str]) -> Iterator[Any]:
    url = f"{site}/_api/$batch"
    what = translate.name_request("POST", url)
    headers = {"Accept": "multipart/mixed", "Content-Type": batch.CONTENT_TYPE}
    for start in range(0, len(paths), batch.SITE_LIMIT):
        urls = [f"{site}/_api/{path}" for path in paths[start : start + batch.SITE_LIMIT]]
        response = tenant.exchange(Request("POST", url, headers, batch.write_site_batch(urls), repeatable=True))
        error = translate.failure(Answer.of(response), what)
        if error is not None:
            raise error
        try:
            parts = batch.read_site_batch(response.headers.get("Content-Type", ""), response.content, len(urls))
        except ValueError as reason:
            raise Unavailable(f"{what}: the answer cannot be read: {reason}") from None
        for each, part in zip(urls, parts, strict=True):
            yield _open(part, each, lambda address: tenant.rest("GET", address))


def _graph(tenant: Tenant, paths: Sequence[str]) -> Iterator[Any]:
    """Of the released version; what only the one under development knows, with `beta/` before it, by itself."""
    released = iter(_graph_batches(tenant, [path for path in paths if not path.startswith(_BETA)]))
    for path in paths:
        yield _beta(tenant, path) if path.startswith(_BETA) else next(released)


def _beta(tenant: Tenant, path: str) -> Any:
    return _refusal_or(lambda: {"value": list(tenant.graph_pages(f"/{path}"))})


def _graph_batches(tenant: Tenant, paths: Sequence[str]) -> Iterator[Any]:
    for start in range(0, len(paths), batch.GRAPH_LIMIT):
        some = [f"/{path}" for path in paths[start : start + batch.GRAPH_LIMIT]]
        body = batch.write_graph_batch(some)
        try:
            parts = batch.read_graph_batch(tenant.graph("POST", "/v1.0/$batch", body, repeatable=True), len(some))
        except ValueError as reason:
            raise Unavailable(f"POST graph.microsoft.com/v1.0/$batch: the answer cannot be read: {reason}") from None
        for path, part in zip(some, parts, strict=True):
            yield _open(part, f"/v1.0{path}", lambda address: tenant.graph("GET", address))


def _open(part: Answer, url: str, fetch: Fetch) -> Any:
    """What a part says: its JSON with all further pages, or the error that it means."""
    error = translate.failure(part, translate.name_request("GET", url))
    if error is not None and not error.transient:
        return error
    if error is not None:
        return _refusal_or(lambda: _whole(fetch(url), fetch))
    try:
        value = json.loads(part.body) if part.body else None
    except ValueError:
        return Unavailable(f"{translate.name_request('GET', url)}: the answer is not JSON")
    return _refusal_or(lambda: _whole(value, fetch))


def _whole(value: Any, fetch: Fetch) -> Any:
    """A collection with the pages that follow its first."""
    if not isinstance(value, Mapping) or not isinstance(value.get("value"), list):
        return value
    elements, page = list(value["value"]), value
    while following := next((page[name] for name in _NEXT if page.get(name)), None):
        page = fetch(str(following))
        elements += page["value"]
    return {**value, "value": elements}


def _refusal_or(query: Callable[[], Any]) -> Any:
    """What a query gives, or the refusal that it meets. Raises what is fatal, or lost for want of an answer."""
    try:
        return query()
    except TenantError as error:
        if error.fatal or error.transient:
            raise
        return error
