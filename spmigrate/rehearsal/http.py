"""One request and one response, in the form that every area of the tenant works with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

import orjson

SHAREPOINT_APP_LOGIN = "i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint"
_MARK = b"\xef\xbb\xbf"
_IMPLIED_BY = {
    "Read": ("ReadWrite", "Manage", "FullControl"),
    "ReadWrite": ("Manage", "FullControl"),
    "Manage": ("FullControl",),
}


@dataclass(frozen=True, slots=True)
class Claims:
    """Who calls, by a token that has been checked: signature, expiry and audience.

    `by_certificate` also holds for a token of the old access control service, which SharePoint takes as readily.
    """

    app_id: str
    app_name: str
    object_id: str
    audience: str
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    user: str = ""
    by_certificate: bool = False
    # By a browser's cookie, not by a token.
    by_cookie: bool = False
    # What the application was granted on the site that it asks for, and nowhere else (Sites.Selected).
    granted: frozenset[str] = frozenset()

    @property
    def app_only(self) -> bool:
        """True when no user stands behind the token."""
        return not self.user

    @property
    def login(self) -> str:
        """The caller as SharePoint writes a person: the claims login name."""
        return f"i:0#.f|membership|{self.user}" if self.user else SHAREPOINT_APP_LOGIN

    def permits(self, *permissions: str) -> bool:
        """True when any of the permissions is held, in itself or by a wider one (`Sites.FullControl.All`
        holds `Sites.Read.All`)."""
        held = self.roles if self.app_only else self.scopes
        held = held | self.granted if self.granted else held
        return any(not held.isdisjoint(_widen(permission)) for permission in permissions)


def _widen(permission: str) -> list[str]:
    parts = permission.split(".")
    if len(parts) < 2:
        return [permission]
    wider = _IMPLIED_BY.get(parts[1], ())
    names = [permission, *(".".join([parts[0], verb, *parts[2:]]) for verb in wider)]
    if parts[0] == "Sites":
        # A user's token names SharePoint's rights the other way round: AllSites.Read.
        names += [f"AllSites.{verb}" for verb in (parts[1], *wider)]
    return names


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: small ones in memory, large ones in a temporary file that the area may take over."""

    size: int = 0
    small: bytes = b""
    file: Path | None = None

    def read(self) -> bytes:
        """The whole body."""
        return self.small if self.file is None else self.file.read_bytes()


@dataclass(frozen=True, slots=True)
class Request:
    """A request: `path` and `query` are raw, header names are lower case."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = Body()
    claims: Claims | None = None
    # Charges a call inside a batch; gives the refusal when there is no room for it.
    meter: Callable[[Request], Response | None] | None = None

    def json(self) -> object:
        """The body as JSON, None when there is none; a ValueError when it is not JSON, and for what is JSON but can
        be neither stored nor sent: half a surrogate pair, a thousand brackets inside one another."""
        return read_json(self.body.read())

    def parameters(self) -> dict[str, str]:
        """The decoded query string; the last of repeated names counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def caller(self) -> Claims:
        """The claims of a request whose token has been checked."""
        if self.claims is None:
            raise ValueError("the request was not authenticated")
        return self.claims


@dataclass(frozen=True, slots=True)
class FileRange:
    """Part of a file on disk, sent without reading it into memory."""

    path: Path
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Response:
    """A response: bytes, or a range of a file."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: FileRange | None = None


def split_address(text: str) -> SplitResult:
    """The parts of an address that somebody sent, all of them empty when it is none (`http://[`)."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def read_json(content: bytes) -> object:
    """The value of a JSON text, None for an empty one; a ValueError when it is none."""
    bare = content.removeprefix(_MARK)
    return orjson.loads(bare) if bare.strip() else None


def encode_json(content: object) -> bytes:
    """JSON without blanks, in UTF-8 (orjson takes a tenth of the time that Python's own does)."""
    try:
        return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        # Whole numbers beyond 64 bits are JSON too.
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(
    status: int, content: object, *, headers: Mapping[str, str] | None = None, kind: str = "application/json"
) -> Response:
    """A response that carries JSON."""
    return Response(status, {"content-type": kind, **(headers or {})}, encode_json(content))
