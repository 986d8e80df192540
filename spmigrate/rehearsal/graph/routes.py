"""A line of Graph's table of contents, and the table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.http import Response

_VALUE = "[^/()']+"
# A type under the alias of its namespace, as the generated clients write it: `members/graph.user`.
_ALIASED = re.compile(r"/graph\.(?=\w+(?:/|$))")
_UNNAMED = re.compile(r"(?<=\w)\('((?:[^']|'')*)'\)(?=/|$)")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # When it is first asked for: all of them together would be a quarter of the start.
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, who may call it (any of the permissions), and what answers.

    `own` are permissions of a user's token that are enough for what is the user's own; `beta` is what Graph has in
    its beta version alone. A user's token is worth no more than the user: `standing` is "" where reading is free and
    writing is for administrators and a group's owners, "anyone" where both are free, "admin" where neither is.
    """

    method: str
    pattern: str
    permissions: tuple[str, ...]
    answer: Callable[[Call], Response]
    own: tuple[str, ...] = ()
    beta: bool = False
    standing: str = ""
    first: str = ""

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The values in the path, None when this is another call."""
        found = _compiled(self.pattern).fullmatch(path) if method == self.method else None
        return (
            None if found is None else {name: value for name, value in found.groupdict().items() if value is not None}
        )

    def reply(self, call: Call) -> Response:
        """The answer to a caller who may ask."""
        caller = call.request.caller
        own = self._is_own(call)
        if self.permissions and not own and not caller.permits(*self.permissions):
            raise denied()
        if not caller.app_only and not own and not self._may(call):
            raise denied()
        return self.answer(call)

    def _may(self, call: Call) -> bool:
        if self.standing == "anyone" or (self.standing == "" and self.method == "GET"):
            return True
        directory, caller = call.tenant.directory, call.request.caller
        if directory.is_administrator(caller.user):
            return True
        group = directory.group(call.parts.get("id", "")) if self.first in ("groups", "teams") else None
        return group is not None and any(each.guid == caller.object_id for each in directory.people(group, "owner"))

    def _is_own(self, call: Call) -> bool:
        caller = call.request.caller
        if not self.own or caller.app_only or not caller.permits(*self.own):
            return False
        named = call.parts.get("id", "").lower()
        return named in ("", caller.object_id.lower(), caller.user.lower())


class Table:
    """Routes, found by method and the path's first segment."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, str, bool], list[Route]] = defaultdict(list)
        for each in routes:
            self._routes[each.method, each.first, each.beta].append(each)

    def find(self, method: str, path: str, *, beta: bool = False) -> tuple[Route, dict[str, str]] | None:
        """The route of a call with the values in its path: with `beta` of what the beta version alone has."""
        first = re.split(r"[/(]", path, maxsplit=1)[0].lower()
        for each in self._routes.get((method, first, beta), ()):
            found = each.match(method, path)
            if found is not None:
                return each, found
        return None


def denied() -> GraphError:
    """The directory's refusal of a caller who may not."""
    return GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def plain_keys(path: str) -> str:
    """A path with its keys as segments: `users('x')/memberOf` as `users/x/memberOf`; `delta()` without brackets."""
    bare = _UNNAMED.sub(lambda found: "/" + found[1].replace("''", "'"), path)
    return _ALIASED.sub("/microsoft.graph.", bare).removesuffix("()")


def route(
    line: str,
    permissions: tuple[str, ...],
    answer: Callable[[Call], Response],
    *,
    own: tuple[str, ...] = (),
    beta: bool = False,
    standing: str = "",
) -> Route:
    """A route from a line such as `GET groups/{id}/{role:owners|members}`."""
    method, _, path = line.partition(" ")
    pieces = re.split(r"\{(\w+)(?::([\w|]+))?\}", path)
    pattern = re.escape(pieces[0])
    for name, choice, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        pattern += f"(?P<{name}>{choice or _VALUE}){re.escape(text)}"
    first = re.split(r"[/(]", path, maxsplit=1)[0].lower()
    return Route(method, pattern, permissions, answer, own, beta, standing, first)


def as_beta(routes: Iterable[Route], line: str, other: str) -> list[Route]:
    """The routes at and below `line` once more under the name that the beta version has for it."""
    begin = re.escape(line)
    return [
        replace(each, pattern=re.escape(other) + each.pattern.removeprefix(begin), beta=True, first=other.lower())
        for each in routes
        if each.pattern.startswith(begin)
    ]


def also_by_key(routes: Iterable[Route], line: str, key: str) -> list[Route]:
    """The routes that begin with `line/{id}` once more for an alternate key: `servicePrincipals(appId='x')/…`."""
    begin = re.escape(f"{line}/") + f"(?P<id>{_VALUE})"
    other = re.escape(f"{line}({key}=") + f"'(?P<{key}>[^']+)'" + re.escape(")")
    return [
        replace(each, pattern=other + each.pattern.removeprefix(begin))
        for each in routes
        if each.pattern.startswith(begin)
    ]
