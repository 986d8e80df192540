"""Answers in SharePoint's four JSON dialects: verbose, full, minimal and no metadata.

What is rendered is a tree of plain values: ``Entity``, ``Feed``, ``Complex``, ``Bag`` (a collection of
values) and scalars. The tree says what an answer holds; this module alone knows how each dialect writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

from spmigrate.rehearsal.odata.errors import ODataError


class Dialect(Enum):
    """A form of answers and the content type that announces it; Atom's says more (`odata.atom`)."""

    VERBOSE = "application/json;odata=verbose;charset=utf-8"
    FULL = "application/json;odata=fullmetadata;streaming=true;charset=utf-8"
    MINIMAL = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8"
    NONE = "application/json;odata=nometadata;streaming=true;charset=utf-8"
    ATOM = "application/atom+xml;charset=utf-8"


_WITH_METADATA = frozenset({Dialect.MINIMAL, Dialect.FULL})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: type, address below ``_api/``, properties by name, links not followed; ``base`` is its web's own
    ``https://host/web/_api/`` when that may be another one than the request's."""

    type: str
    path: str
    values: Mapping[str, object]
    links: tuple[str, ...] = ()
    etag: str | None = None
    feed: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A collection of entities; ``next`` is the absolute address of the next page."""

    feed: str
    entities: tuple[Entity, ...]
    next: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Complex:
    """A value with named parts, such as ``SP.BasePermissions``."""

    type: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bag:
    """A collection of values (``Collection(Edm.String)``)."""

    type: str
    values: tuple[object, ...] = ()


def choose_dialect(accept: str) -> Dialect:
    """The dialect that an Accept header asks for; plain JSON means minimal metadata, and whoever does not name JSON
    gets Atom, as from the service."""
    text = accept.lower().replace(" ", "")
    if "odata=verbose" in text:
        return Dialect.VERBOSE
    if "odata=nometadata" in text or "odata.metadata=none" in text:
        return Dialect.NONE
    if "odata=fullmetadata" in text or "odata.metadata=full" in text:
        return Dialect.FULL
    return Dialect.MINIMAL if "json" in text else Dialect.ATOM


def render_result(result: object, dialect: Dialect, *, base: str, name: str = "") -> dict[str, object]:
    """The JSON body of an answer; ``base`` is ``https://host/web/_api/``, ``name`` the method called."""
    if dialect is Dialect.VERBOSE:
        return {"d": _verbose_root(result, base, name)}
    body = _light_root(result, dialect, base)
    if dialect in _WITH_METADATA:
        return {"odata.metadata": f"{base}$metadata#{_context(result)}", **body}
    return body


def render_error(error: ODataError, dialect: Dialect) -> dict[str, object]:
    """The JSON body of a refusal."""
    inner = {"code": error.code, "message": {"lang": "en-US", "value": error.message}}
    return {"error" if dialect is Dialect.VERBOSE else "odata.error": inner}


def render_date(value: datetime) -> str:
    """A moment as SharePoint writes it: UTC, whole seconds."""
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _verbose_root(result: object, base: str, name: str) -> object:
    if isinstance(result, Entity):
        return _verbose_entity(result, base)
    if isinstance(result, Feed):
        return _verbose_feed(result, base)
    return {name: _verbose_value(result, base)}


def _verbose_feed(feed: Feed, base: str) -> dict[str, object]:
    body: dict[str, object] = {"results": [_verbose_entity(entity, base) for entity in feed.entities]}
    if feed.count is not None:
        body["__count"] = str(feed.count)
    if feed.next:
        body["__next"] = feed.next
    return body


def _verbose_entity(entity: Entity, base: str) -> dict[str, object]:
    uri = (entity.base or base) + entity.path
    metadata: dict[str, object] = {"id": uri, "uri": uri}
    if entity.etag is not None:
        metadata["etag"] = entity.etag
    metadata["type"] = entity.type
    body: dict[str, object] = {"__metadata": metadata}
    for link in entity.links:
        body[link] = {"__deferred": {"uri": f"{uri}/{link}"}}
    for key, value in entity.values.items():
        body[key] = _verbose_value(value, base)
    return body


def _verbose_value(value: object, base: str) -> object:
    if isinstance(value, Entity):
        return _verbose_entity(value, base)
    if isinstance(value, Feed):
        return _verbose_feed(value, base)
    if isinstance(value, Complex):
        parts = {key: _verbose_value(part, base) for key, part in value.values.items()}
        return {"__metadata": {"type": value.type}, **parts}
    if isinstance(value, Bag):
        results = [_verbose_value(part, base) for part in value.values]
        return {"__metadata": {"type": value.type}, "results": results}
    return _scalar(value)


def _light_root(result: object, dialect: Dialect, base: str) -> dict[str, object]:
    if isinstance(result, Entity):
        return _light_entity(result, dialect, base)
    if isinstance(result, Feed):
        return _light_feed(result, dialect, base)
    if isinstance(result, Complex):
        return {key: _light_value(part, dialect, base) for key, part in result.values.items()}
    if result is None:
        return {"odata.null": True}
    return {"value": _light_value(result, dialect, base)}


def _light_feed(feed: Feed, dialect: Dialect, base: str) -> dict[str, object]:
    body: dict[str, object] = {}
    if feed.count is not None:
        body["odata.count"] = str(feed.count)
    body["value"] = [_light_entity(entity, dialect, base) for entity in feed.entities]
    if feed.next:
        body["odata.nextLink"] = feed.next
    return body


def _light_entity(entity: Entity, dialect: Dialect, base: str) -> dict[str, object]:
    body: dict[str, object] = {}
    if dialect in _WITH_METADATA:
        uri = (entity.base or base) + entity.path
        body.update({"odata.type": entity.type, "odata.id": uri})
        if entity.etag is not None:
            body["odata.etag"] = entity.etag
        body["odata.editLink"] = entity.path if entity.base in ("", base) else uri
    if dialect is Dialect.FULL:
        body.update({f"{link}@odata.navigationLinkUrl": f"{entity.path}/{link}" for link in entity.links})
    for key, value in entity.values.items():
        if dialect in _WITH_METADATA and isinstance(value, Entity | Feed):
            body[f"{key}@odata.navigationLinkUrl"] = f"{entity.path}/{key}"
        kind = _said_type(value) if dialect is Dialect.FULL else ""
        if kind:
            body[f"{key}@odata.type"] = kind
        body[key] = _light_value(value, dialect, base)
    return body


def _light_value(value: object, dialect: Dialect, base: str) -> object:
    if isinstance(value, Entity):
        return _light_entity(value, dialect, base)
    if isinstance(value, Feed):
        return [_light_entity(entity, dialect, base) for entity in value.entities]
    if isinstance(value, Complex):
        said = {"odata.type": value.type} if dialect is Dialect.FULL else {}
        return {**said, **{key: _light_value(part, dialect, base) for key, part in value.values.items()}}
    if isinstance(value, Bag):
        return [_light_value(part, dialect, base) for part in value.values]
    return _scalar(value)


def _said_type(value: object) -> str:
    """The type of a value that JSON alone does not tell."""
    if isinstance(value, Bag):
        return value.type
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return "Edm.DateTime"
    return "Edm.Guid" if isinstance(value, UUID) or (isinstance(value, str) and _GUID.fullmatch(value)) else ""


def _context(result: object) -> str:
    if isinstance(result, Entity):
        return f"SP.ApiData.{result.feed or result.type.rsplit('.', 1)[-1] + 's'}/@Element"
    if isinstance(result, Feed):
        return f"SP.ApiData.{result.feed}"
    if isinstance(result, Complex | Bag):
        return result.type
    return {bool: "Edm.Boolean", int: "Edm.Int32", str: "Edm.String", UUID: "Edm.Guid"}.get(type(result), "Edm.Null")


def _scalar(value: object) -> object:
    if isinstance(value, datetime):
        return render_date(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _scalar(part) for key, part in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [_scalar(part) for part in value]
