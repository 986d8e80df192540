"""Policies and settings of which a tenant has exactly one: read and changed, never made or removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.graph.values import require_values
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.policy_defaults import merge_block

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Single:
    """One policy at a path, kept under a name; `usual` is what a new tenant's says, `fixed` what nobody changes.

    `method` changes it, and answers nothing, or with `shown` the policy as it is then.
    """

    path: str
    name: str
    of: Type
    read: tuple[str, ...]
    write: tuple[str, ...]
    usual: Callable[[], Content]
    fixed: frozenset[str] = frozenset({"id"})
    method: str = "PATCH"
    shown: bool = False

    def routes(self) -> list[Route]:
        """The routes of the policy."""
        return [
            route(f"GET {self.path}", self.read, self._get, standing="" if self.read else "anyone"),
            route(f"{self.method} {self.path}", self.write, self._change),
        ]

    def value(self, call: Call) -> Content:
        """What the policy says."""
        found = call.tenant.store.find("policy", 0, self.name)
        return {**self.usual(), **(found.props if found is not None else {})}

    def _get(self, call: Call) -> Response:
        return answer_one(call, self.value(call), context=self.path, of=self.of)

    def _change(self, call: Call) -> Response:
        now = self.value(call)
        patch = self._read(call.body(), now)
        merged = {name: merge_block(now.get(name), value) for name, value in patch.items()}
        store, at = call.tenant.store, call.tenant.clock.iso()
        found = store.find("policy", 0, self.name)
        if found is None:
            store.insert("policy", self.name, at=at, props=merged)
        else:
            store.update(found, merged, at=at)
        return self._get(call) if self.shown else Response(204)

    def _read(self, body: Mapping[str, Any], now: Content) -> Content:
        patch: Content = {}
        for given, value in body.items():
            if given.startswith("@"):
                continue
            name = self.of.properties.get(given.lower())
            if name in self.fixed and value == now.get(name):
                continue  # said again, as a policy that is put whole says it
            if name is None or name in self.fixed:
                raise bad(f"Invalid property '{given}'.", "BadRequest")
            kept = now.get(name)
            if value is not None and kept is not None and type(kept) is not type(value):
                raise bad(f"Invalid value specified for property '{name}'.", "BadRequest")
            patch[name] = value
        require_values(patch)
        return patch
