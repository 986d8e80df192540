"""A line of the table of contents below `sites/{id}`, and what its caller must be allowed to do there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.scope import Scope

_WORDS = {403: "accessDenied", 404: "itemNotFound", 409: "nameAlreadyExists", 412: "preconditionFailed",
          423: "resourceLocked", 501: "notImplemented"}  # fmt: skip
# SharePoint's number for "that name or id is taken" (lists, columns, content types, files): Graph makes a 409 of it.
_TAKEN = ("-2130575342", "-2130575183", "-2130575257", "-2130575293")
Answer = Callable[[Call, Scope], Response]


@dataclass(frozen=True, slots=True)
class SiteRoute:
    """A method and a path below a site, the level of access to the site that it needs, and what answers."""

    method: str
    pattern: re.Pattern[str]
    level: Level
    answer: Answer


def site_route(line: str, level: Level, answer: Answer) -> SiteRoute:
    """A route from a line such as `GET lists/{list}/items/{item}`; a value ends at the next slash."""
    method, _, path = line.partition(" ")
    pieces = re.split(r"\{(\w+)(?::([^}]+))?\}", path)
    pattern = re.escape(pieces[0])
    for name, choice, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        pattern += f"(?P<{name}>{choice or '[^/]+'}){re.escape(text)}"
    return SiteRoute(method, re.compile(pattern, re.IGNORECASE), level, answer)


def translate_refusal(error: ODataError) -> GraphError:
    """SharePoint's refusal as Graph tells it."""
    status = error.status
    if error.code.startswith(_TAKEN) or "duplicate field name" in error.message:
        return GraphError(409, "nameAlreadyExists", error.message)
    if status == 500:
        return GraphError(400, "invalidRequest", error.message)
    if error.plain:
        return GraphError(404, "itemNotFound", "Requested site could not be found")
    return GraphError(status, _WORDS.get(status, "invalidRequest"), error.message)


def bad_argument(message: str = "One of the provided arguments is not acceptable.") -> GraphError:
    """Something in the request that cannot be (400)."""
    return GraphError(400, "invalidRequest", message)


def not_found(message: str = "The resource could not be found.") -> GraphError:
    """What is not there (404)."""
    return GraphError(404, "itemNotFound", message)
