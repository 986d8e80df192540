"""How the client object model writes values: ``/Guid(…)/``, ``/Date(…)/``, and objects with their type."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, LONG, MASK, Property

# A moment that is written as milliseconds since 1970, as the term store does; everything else has its parts.
MOMENT = "Edm.DateTimeOffset"
# A mapping that is written as it is, without a type.
DICTIONARY = "System.Collections.Generic.Dictionary"
_ESCAPED = {"/": "\\u002f", "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
_SPECIAL = re.compile("[/<>&']")
_MARKED = re.compile(r'"\\u002f(Date|Guid|Base64Binary)\(([^")]*)\)\\u002f"')
# The suffixes of names in open bags, when a request asks for them.
_SUFFIXES = {bool: "$  Boolean", int: "$  Int32", float: "$  Double"}


def write_json(answer: object) -> bytes:
    """The array of an answer, with the service's escapes."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    escaped = _SPECIAL.sub(lambda found: _ESCAPED[found.group()], text)
    return _MARKED.sub(r'"\\/\1(\2)\\/"', escaped).encode()


def write_property(declared: Property, value: object) -> object:
    """The value of a declared property as ``Resource.read`` gives it."""
    return _write(value, declared.type)


def write_value(value: object) -> object:
    """A value whose type is not declared: what a method returned."""
    return _write(value, "")


def write_open(values: Mapping[str, object], *, suffixes: bool) -> dict[str, object]:
    """The values of an open bag; the type of a number or a flag follows its name when it was asked for."""
    return {
        f"{name}{_SUFFIXES.get(type(value), '')}" if suffixes else name: _write(value, "")
        for name, value in values.items()
    }


def guid(value: object) -> str:
    """A GUID."""
    return f"/Guid({str(value).lower().strip('{}')})/"


def moment(text: str) -> str:
    """A stored moment by its parts, the month counted from 0; text that is no moment is left as it is."""
    found = _parse(text)
    if found is None:
        return text
    parts = (found.year, found.month - 1, found.day, found.hour, found.minute, found.second, found.microsecond // 1000)
    return f"/Date({','.join(map(str, parts))})/"


def _write(value: object, edm: str) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Complex):
        return _write_complex(value.type, value.values)
    if isinstance(value, Bag):
        if value.type.endswith("Collection"):
            return {"_ObjectType_": value.type, "_Child_Items_": [_write(each, "") for each in value.values]}
        inner = value.type.removeprefix("Collection(").removesuffix(")")
        return [_write(each, inner) for each in value.values]
    if isinstance(value, Mapping):
        return {str(name): _write(part, "") for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_write(each, "") for each in value]
    return _write_scalar(value, edm)


def _write_scalar(value: object, edm: str) -> object:
    if edm == GUID:
        return guid(value)
    if edm == DATE:
        return moment(str(value))
    if edm == MOMENT:
        found = _parse(str(value))
        return f"/Date({int(found.timestamp() * 1000)})/" if found else value
    if edm == LONG:
        return int(str(value))
    return value if isinstance(value, int | float) else str(value)


def _write_complex(kind: str, values: Mapping[str, object]) -> dict[str, object]:
    if kind == DICTIONARY:
        return {name: _write(part, "") for name, part in values.items()}
    if kind == MASK:
        return {"_ObjectType_": kind, **{name: int(str(part)) for name, part in values.items()}}
    types = _PARTS.get(kind, {})
    return {"_ObjectType_": kind, **{name: _write(part, types.get(name, "")) for name, part in values.items()}}


def _parse(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


# The parts of structured values that are neither text nor number.
_PARTS: dict[str, dict[str, str]] = {
    "SP.SensitivityLabelInfo": {"Id": GUID},
    "Microsoft.SharePoint.Administration.OrgAssets": {"SiteId": GUID, "WebId": GUID},
    "Microsoft.SharePoint.Administration.OrgAssetsLibrary": {"ListId": GUID, "UniqueId": GUID},
}
