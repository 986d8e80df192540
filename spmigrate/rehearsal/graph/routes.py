"""A line of Graph's table of contents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.http import Response

_VALUE = "[^/()']+"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, who may call it (any of the permissions), and what answers."""

    method: str
    pattern: re.Pattern[str]
    permissions: tuple[str, ...]
    answer: Callable[[Call], Response]

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The values in the path, None when this is another call."""
        found = self.pattern.fullmatch(path) if method == self.method else None
        return (
            None if found is None else {name: value for name, value in found.groupdict().items() if value is not None}
        )


def route(line: str, permissions: tuple[str, ...], answer: Callable[[Call], Response]) -> Route:
    """A route from a line such as `GET groups/{id}/{role:owners|members}`."""
    method, _, path = line.partition(" ")
    pieces = re.split(r"\{(\w+)(?::([\w|]+))?\}", path)
    pattern = re.escape(pieces[0])
    for name, choice, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        pattern += f"(?P<{name}>{choice or _VALUE}){re.escape(text)}"
    return Route(method, re.compile(pattern, re.IGNORECASE), permissions, answer)
