"""Answers as Atom XML, which is what SharePoint gives whoever does not ask for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.render import Bag, Complex, Entity, Feed, render_date

_DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"
_NAMESPACES = (
    f' xmlns="http://www.w3.org/2005/Atom" xmlns:d="{_DATA}" xmlns:m="{_DATA}/metadata"'
    ' xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'
)
_SHORT = f' xmlns:d="{_DATA}" xmlns:m="{_DATA}/metadata"'
_PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>'
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render_atom(result: object, *, base: str, name: str, at: str) -> tuple[str, str]:
    """Content type and XML of an answer; ``at`` is the moment of the answer."""
    if isinstance(result, Feed):
        return "application/atom+xml;type=feed;charset=utf-8", _PROLOGUE + _feed(result, base, at, root=True)
    if isinstance(result, Entity):
        return "application/atom+xml;type=entry;charset=utf-8", _PROLOGUE + _entry(result, base, at, root=True)
    return "application/xml;charset=utf-8", _PROLOGUE + _property(name or "value", result, attributes=_SHORT)


def render_atom_error(error: ODataError) -> str:
    """The XML of a refusal."""
    return (
        f'{_PROLOGUE}<m:error xmlns:m="{_DATA}/metadata"><m:code>{_text(error.code)}</m:code>'
        f'<m:message xml:lang="en-US">{_text(error.message)}</m:message></m:error>'
    )


def _feed(feed: Feed, base: str, at: str, *, root: bool) -> str:
    head = f"<feed xml:base={quoteattr(base)}{_NAMESPACES}>" if root else "<feed>"
    count = "" if feed.count is None else f"<m:count>{feed.count}</m:count>"
    entries = "".join(_entry(each, base, at, root=False) for each in feed.entities)
    following = f'<link rel="next" href={quoteattr(feed.next)} />' if feed.next else ""
    identity = uuid5(NAMESPACE_URL, base + feed.feed)
    return f"{head}{count}<id>{identity}</id><title /><updated>{at}</updated>{entries}{following}</feed>"


def _entry(entity: Entity, base: str, at: str, *, root: bool) -> str:
    tag = f" xml:base={quoteattr(base)}{_NAMESPACES}" if root else ""
    etag = f" m:etag={quoteattr(entity.etag)}" if entity.etag is not None else ""
    inline = {name: value for name, value in entity.values.items() if isinstance(value, Entity | Feed)}
    plain = {name: value for name, value in entity.values.items() if name not in inline}
    links = "".join(_link(entity, name, None, base, at) for name in entity.links)
    links += "".join(_link(entity, name, value, base, at) for name, value in inline.items())
    content = "".join(_property(name, value) for name, value in plain.items())
    return (
        f"<entry{tag}{etag}><id>{_text(base + entity.path)}</id>"
        f'<category term={quoteattr(entity.type)} scheme="{_DATA}/scheme" />'
        f'<link rel="edit" href={quoteattr(entity.path)} />{links}<title /><updated>{at}</updated>'
        f'<author><name /></author><content type="application/xml"><m:properties>{content}</m:properties></content>'
        "</entry>"
    )


def _link(entity: Entity, name: str, value: Entity | Feed | None, base: str, at: str) -> str:
    kind = "feed" if isinstance(value, Feed) else "entry"
    inner = ""
    if isinstance(value, Feed):
        inner = f"<m:inline>{_feed(value, base, at, root=False)}</m:inline>"
    elif isinstance(value, Entity):
        inner = f"<m:inline>{_entry(value, base, at, root=False)}</m:inline>"
    href = quoteattr(f"{entity.path}/{name}")
    return (
        f'<link rel="{_DATA}/related/{name}" type="application/atom+xml;type={kind}" title="{name}" href={href}>'
        f"{inner}</link>"
    )


def _property(name: str, value: object, *, attributes: str = "") -> str:
    if value is None:
        return f'<d:{name}{attributes} m:null="true" />'
    if isinstance(value, Complex):
        parts = "".join(_property(key, part) for key, part in value.values.items())
        return f"<d:{name}{attributes} m:type={quoteattr(value.type)}>{parts}</d:{name}>"
    if isinstance(value, Bag):
        parts = "".join(_property("element", part) for part in value.values)
        return f"<d:{name}{attributes} m:type={quoteattr(value.type)}>{parts}</d:{name}>"
    if isinstance(value, Iterable) and not isinstance(value, str):
        parts = "".join(_property("element", part) for part in value)
        return f"<d:{name}{attributes}>{parts}</d:{name}>"
    kind = _kind(value)
    typed = f' m:type="{kind}"' if kind else ""
    return f"<d:{name}{attributes}{typed}>{_text(_written(value))}</d:{name}>"


def _kind(value: object) -> str:
    """The type that is written; texts, which have none, are told from moments and ids by their form."""
    if isinstance(value, bool):
        return "Edm.Boolean"
    if isinstance(value, int):
        return "Edm.Int32"
    if isinstance(value, float):
        return "Edm.Double"
    if isinstance(value, UUID) or (isinstance(value, str) and _GUID.fullmatch(value)):
        return "Edm.Guid"
    return "Edm.DateTime" if isinstance(value, datetime) or _MOMENT.fullmatch(str(value)) else ""


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return render_date(value.astimezone(UTC))
    return str(value)


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("", value))
