"""Built-in definitions with a site's own rows laid over them: what is altered is copied on write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# The property that marks a built-in definition as removed in one place.
GONE = "_Gone"


@dataclass(frozen=True, slots=True)
class Defined:
    """One definition in one place: its key, its properties, its own row if it has one, whether built in."""

    key: str
    name: str
    props: Mapping[str, Any]
    row: Entity | None = None
    builtin: bool = False


def lay_over(scope: Scope, kind: str, parent: Entity, builtins: Iterable[Defined]) -> list[Defined]:
    """Built-in definitions and own rows of a kind below a parent; removed ones are left out."""
    rows = {row.guid: row for row in scope.store.children(parent.id, kind)}
    merged: list[Defined] = []
    for each in builtins:
        row = rows.pop(each.key, None)
        if row is None:
            merged.append(each)
        elif not row.props.get(GONE):
            merged.append(replace(each, props={**each.props, **row.props}, row=row))
    merged += [Defined(row.guid, row.name, row.props, row) for row in rows.values() if not row.props.get(GONE)]
    return merged


def alter(scope: Scope, kind: str, parent: Entity, defined: Defined, patch: Mapping[str, Any]) -> Defined:
    """Change a definition in this place alone."""
    if defined.row is None:
        row = scope.store.insert(
            kind, defined.name, at=scope.now, parent=parent.id, guid=defined.key, props=dict(patch)
        )
    else:
        row = scope.store.update(defined.row, patch, at=scope.now)
    return replace(defined, props={**defined.props, **patch}, row=row)


def remove(scope: Scope, kind: str, parent: Entity, defined: Defined) -> None:
    """Remove a definition from this place."""
    if defined.builtin:
        alter(scope, kind, parent, defined, {GONE: True})
    elif defined.row is not None:
        scope.store.delete(defined.row)
