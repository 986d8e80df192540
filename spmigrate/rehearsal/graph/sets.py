"""Sets of things that are all alike: list, read, make, change and remove, declared in one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import missing
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.graph.values import read_properties, require_given
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Content = dict[str, Any]
_Permissions = tuple[str, ...]


def _as_given(_call: Call, props: Content, _found: Entity | None) -> Content:
    return props


@dataclass(frozen=True, slots=True)
class Set:
    """A set of entities of a kind at a path of Graph.

    `needed` are the properties that a new thing must have, `usual` what it has besides, `fixed` what only the service
    sets; `check` looks at what is about to be kept (with the thing as it was, None for a new one) and may refuse or
    complete it. `answers` is the status of a change: 204, or 200 with the thing.
    """

    path: str
    kind: str
    of: Type
    read: _Permissions
    write: _Permissions
    needed: tuple[str, ...] = ()
    usual: Mapping[str, Any] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    check: Callable[[Call, Content, Entity | None], Content] = _as_given
    answers: int = 204
    standing: str = ""

    def routes(self) -> list[Route]:
        """The routes of the set."""
        one, standing = f"{self.path}/{{id}}", self.standing
        return [
            route(f"GET {self.path}", self.read, self._list, standing=standing),
            route(f"GET {self.path}/$count", self.read, self._count, standing=standing),
            route(f"POST {self.path}", self.write, self._add),
            route(f"GET {one}", self.read, self._get, standing=standing),
            route(f"PATCH {one}", self.write, self._patch),
            route(f"DELETE {one}", self.write, self._delete),
        ]

    def show(self, entity: Entity) -> Content:
        """A thing as Graph shows it."""
        own = {name: value for name, value in entity.props.items() if name[0] != "_"}
        return {"id": entity.guid, **self.usual, **own}

    def find(self, call: Call) -> Entity:
        """The thing that the path names."""
        found = call.tenant.store.get(self.kind, call.parts["id"])
        if found is None:
            raise missing(call.parts["id"])
        return found

    def add(self, call: Call, body: Mapping[str, Any]) -> Entity:
        """Make a thing of a body."""
        props = read_properties(body, self.of, fixed=self.fixed)
        require_given(props, self.needed, self.of)
        kept = self.check(call, props, None)
        name = str(kept.get("displayName") or kept.get("name") or self.kind)
        return call.tenant.store.insert(self.kind, name, at=call.tenant.clock.iso(), props=kept)

    def _shown(self, call: Call) -> list[Content]:
        return [self.show(each) for each in call.tenant.store.every(self.kind)]

    def _list(self, call: Call) -> Response:
        return answer_list(call, self._shown(call), context=self.path, of=self.of)

    def _count(self, call: Call) -> Response:
        return answer_count(call, self._shown(call), of=self.of)

    def _get(self, call: Call) -> Response:
        return answer_one(call, self.show(self.find(call)), context=self.path, of=self.of)

    def _add(self, call: Call) -> Response:
        return answer_made(call, self.show(self.add(call, call.body())), context=self.path, of=self.of)

    def _patch(self, call: Call) -> Response:
        found = self.find(call)
        patch = self.check(call, read_properties(call.body(), self.of, fixed=self.fixed), found)
        name = patch.get("displayName")
        changed = call.tenant.store.update(found, patch, at=call.tenant.clock.iso(), name=str(name) if name else None)
        if self.answers == 204:
            return Response(204)
        return answer_one(call, self.show(changed), context=self.path, of=self.of)

    def _delete(self, call: Call) -> Response:
        call.tenant.store.delete(self.find(call))
        return Response(204)


def nothing(path: str, of: Type, permissions: _Permissions, *, standing: str = "") -> list[Route]:
    """Routes of a set of which the tenant truly has none, and of which none can be made here."""

    def every(call: Call) -> Response:
        # Of nothing everything can be expanded.
        return answer_list(call, [], context=path, of=of, relations=dict.fromkeys(of.expandable, lambda _: None))

    def count(call: Call) -> Response:
        return answer_count(call, [], of=of)

    def one(call: Call) -> Response:
        raise missing(call.parts["id"])

    return [
        route(f"GET {path}", permissions, every, standing=standing),
        route(f"GET {path}/$count", permissions, count, standing=standing),
        *([] if "{id}" in path else [route(f"GET {path}/{{id}}", permissions, one, standing=standing)]),
    ]
