"""The path behind ``/_api``: segments with arguments in every form that clients send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

from spmigrate.rehearsal.odata.errors import invalid_query
from spmigrate.rehearsal.odata.literals import Alias, Value, parse_literal, read_literal

_NAME = re.compile(r"[^/('\"\s][^/(]*")
_NAMED = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=\s*")
_API = re.compile(r"/_api(?=/|$|\()", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a path: ``name``, ``name('x')`` or ``name(a='x',b=1)``.

    ``called`` tells whether there were parentheses; names of ``named`` are lower case.
    """

    name: str
    positional: tuple[Value, ...] = ()
    named: Mapping[str, Value] = field(default_factory=dict)
    called: bool = False

    @property
    def key(self) -> str:
        """The name in lower case: SharePoint matches names without regard to case."""
        return self.name.lower()


def split_web(path: str) -> tuple[str, str] | None:
    """Cut a decoded URL path into the web's address ("" = root) and what follows ``/_api``."""
    found = _API.search(path)
    if found is None:
        return None
    return re.sub("/{2,}", "/", path[: found.start()]).rstrip("/"), path[found.end() :].lstrip("/")


def parse_query(text: str) -> dict[str, str]:
    """The query string; names in lower case, first value wins, ``+`` is a space."""
    options: dict[str, str] = {}
    for pair in text.lstrip("?").split("&"):
        name, _, value = pair.partition("=")
        if name:
            options.setdefault(unquote_plus(name).strip().lower(), unquote_plus(value))
    return options


def decode_path(raw: str) -> str:
    """Percent-decoding of a raw path, as the web server does before OData sees it."""
    return unquote(raw)


def parse_path(path: str, query: Mapping[str, str] | None = None) -> tuple[Segment, ...]:
    """The segments of a decoded path; aliases (``@a1``) are looked up in ``query``."""
    options = query or {}
    segments: list[Segment] = []
    at = 0
    while at < len(path):
        if path[at] == "/":
            at += 1
            continue
        segment, at = _read_segment(path, at, options)
        segments.append(segment)
    return tuple(segments)


def _read_segment(path: str, start: int, options: Mapping[str, str]) -> tuple[Segment, int]:
    name = _NAME.match(path, start)
    if name is None:
        raise invalid_query(f'The expression "{path}" is not valid.')
    # CLI for Microsoft 365 lists site scripts with a stray quote at the end, which the service passes over.
    text = name.group().strip().removesuffix("'")
    if path[name.end() : name.end() + 1] != "(":
        return Segment(text), name.end()
    positional, named, end = _read_arguments(path, name.end() + 1, options)
    if path[end:] == "')":
        # The same client removes custom actions with a second end of the arguments behind the first.
        end = len(path)
    if path[end : end + 1] not in ("", "/"):
        raise invalid_query(f'The expression "{path}" is not valid.')
    return Segment(text, positional, named, called=True), end


def _read_arguments(
    path: str, start: int, options: Mapping[str, str]
) -> tuple[tuple[Value, ...], dict[str, Value], int]:
    positional: list[Value] = []
    named: dict[str, Value] = {}
    at = start
    while True:
        at = _skip_spaces(path, at)
        if path[at : at + 1] == ")":
            return tuple(positional), named, at + 1
        name = _NAMED.match(path, at)
        value, at = _read_value(path, name.end() if name else at, options)
        if name:
            named[name.group(1).lower()] = value
        else:
            positional.append(value)
        at = _skip_spaces(path, at)
        if path[at : at + 1] == ",":
            at += 1
        elif path[at : at + 1] != ")":
            raise invalid_query(f'The expression "{path}" is not valid.')


def _read_value(path: str, start: int, options: Mapping[str, str]) -> tuple[Value, int]:
    found = read_literal(path, start)
    if found is None:
        bare = re.compile(r"[^,)]*").match(path, start)
        end = bare.end() if bare else start
        text = path[start:end].strip()
        if not text:
            raise invalid_query(f'The expression "{path}" is not valid.')
        return text, end
    value, end = found
    if isinstance(value, Alias):
        if value.name not in options:
            raise invalid_query(f"The parameter alias '{value.name}' has no value in the query string.")
        return parse_literal(options[value.name]), end
    return value, end


def _skip_spaces(path: str, at: int) -> int:
    while path[at : at + 1] == " ":
        at += 1
    return at
