"""``$metadata``: the entity types of the interface as an EDMX document, written from what the classes declare."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from xml.sax.saxutils import quoteattr

from spmigrate.rehearsal.sharepoint.model import Resource
from spmigrate.rehearsal.sharepoint.root import Root

_EDM = "http://schemas.microsoft.com/ado/2009/11/edm"
_EDMX = "http://schemas.microsoft.com/ado/2007/06/edmx"
_SERVICES = "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"
# What identifies an entity, by the first of these that it has.
_KEYS = ("Id", "ID", "UniqueId", "StringId", "ServerRelativeUrl", "Name")


@cache
def schema_document() -> bytes:
    """The document; it is the same for every site."""
    schemas: dict[str, list[str]] = defaultdict(list)
    functions: dict[str, str] = {}
    for each in sorted(set(_kinds(Resource)), key=lambda kind: (kind.type, kind.__name__)):
        namespace, _, name = each.type.rpartition(".")
        if not namespace or not (each.declared or each.members):
            continue
        text = _entity(each, name)
        if not any(other.startswith(f'<EntityType Name="{name}"') for other in schemas[namespace]):
            schemas[namespace].append(text)
            functions |= {f"{each.type}/{member.name}": _function(member.name, each.type, member.kind)
                          for member in each.members.values() if member.kind in ("function", "action")}  # fmt: skip
    functions |= {
        member.name: f"<FunctionImport Name={quoteattr(member.name.replace('.', '_'))} />"
        for member in Root.members.values()
        if member.kind in ("function", "action")
    }
    container = f'<EntityContainer Name="ApiData" m:IsDefaultEntityContainer="true">{"".join(functions.values())}'
    schemas["SP"].append(container + "</EntityContainer>")
    written = "".join(
        f'<Schema Namespace="{namespace}" xmlns="{_EDM}">{"".join(types)}</Schema>'
        for namespace, types in sorted(schemas.items())
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="{_EDMX}">'
        f'<edmx:DataServices m:DataServiceVersion="3.0" m:MaxDataServiceVersion="3.0" xmlns:m="{_SERVICES}">'
        f"{written}</edmx:DataServices></edmx:Edmx>"
    ).encode()


def _kinds(base: type[Resource]) -> list[type[Resource]]:
    found = [base] if base.type else []
    for each in base.__subclasses__():
        found += _kinds(each)
    return found


def _entity(kind: type[Resource], name: str) -> str:
    properties = list(kind.declared.values())
    names = {each.name for each in properties}
    key = next((each for each in _KEYS if each in names), properties[0].name if properties else "")
    keys = f'<Key><PropertyRef Name="{key}" /></Key>' if key else ""
    written = "".join(
        f'<Property Name="{each.name}" Type={quoteattr(each.type)} Nullable="{str(each.name != key).lower()}" />'
        for each in {each.name: each for each in properties}.values()
    )
    return f'<EntityType Name="{name}">{keys}{written}</EntityType>'


def _function(name: str, owner: str, kind: str) -> str:
    effect = ' m:IsSideEffecting="false"' if kind == "function" else ""
    this = f'<Parameter Name="this" Type="{owner}" />'
    return f'<FunctionImport Name={quoteattr(name)} IsBindable="true"{effect}>{this}</FunctionImport>'
