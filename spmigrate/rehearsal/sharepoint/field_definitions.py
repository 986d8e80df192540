"""The columns that a web or list has: the built-in ones, with its own laid over them."""

from __future__ import annotations

from functools import cache
from typing import Any

from spmigrate.rehearsal.sharepoint import overlay
from spmigrate.rehearsal.sharepoint.builtin import Column, list_columns, site_columns
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


def defined_fields(scope: Scope, owner: Entity) -> list[Defined]:
    """Every column of a web or list."""
    # Asked for with every content type, view and item: worked out once until something is written.
    return list(scope.store.remembered(("columns", owner.id), lambda: _lay_over(scope, owner)))


def _lay_over(scope: Scope, owner: Entity) -> tuple[Defined, ...]:
    if owner.kind == "web":
        builtins = site_columns()
    else:
        builtins = list_columns(owner.props.get("BaseType", 0), owner.props.get("BaseTemplate", 100))
    library = owner.props.get("BaseType") == 1
    return tuple(overlay.lay_over(scope, "field", owner, [_define(each, library=library) for each in builtins]))


@cache
def _define(column: Column, *, library: bool) -> Defined:
    # The name of a file is an ordinary, required column in a library and a hidden one elsewhere.
    flags = column.flags.replace("h", "") if library and column.name == "FileLeafRef" else column.flags
    props: dict[str, Any] = {
        "TypeAsString": column.type,
        "Title": column.title,
        "Hidden": "h" in flags,
        "ReadOnlyField": "r" in flags,
        "Sealed": "s" in flags,
        "FromBaseType": "b" in flags,
        "Group": column.group,
        "Required": library and column.name == "FileLeafRef",
    }
    if column.type == "Choice":
        props["Choices"] = {"Priority": ["(1) High", "(2) Normal", "(3) Low"]}.get(
            column.name, ["Not Started", "In Progress", "Completed"]
        )
    if column.name == "Predecessors":
        props |= {"LookupList": "Self", "LookupField": "Title", "AllowMultipleValues": True}
    return Defined(column.id, column.name, props, builtin=True)
