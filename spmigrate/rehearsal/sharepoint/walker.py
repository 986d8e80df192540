"""The one path walker: from the root of ``_api``, segment by segment, to a resource or a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.odata.errors import invalid_query, not_built, unknown_resource, wrong_method
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.access import Level, require_at, require_visible, trim, verb_of
from spmigrate.rehearsal.sharepoint.known import KNOWN
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Content, Member, Node, Raw, Resource, Result
from spmigrate.rehearsal.sharepoint.properties import plain


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for, once method tunnelling and JSON are undone."""

    method: str
    segments: tuple[Segment, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    upload: Body = field(default_factory=Body)

    @property
    def address(self) -> str:
        """The path in words, for refusals."""
        return "/".join(segment.name for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A status and what to render (a resource, a collection, a result, bytes, or nothing)."""

    status: int
    value: object = None
    etag: str | None = None


def perform(root: Node, operation: Operation) -> Outcome:
    """Walk the path and do what the method says there."""
    if not operation.segments:
        raise unknown_resource("")
    require_at(root, Level.READ)
    node: object = root
    last = operation.segments[-1].key
    for segment in operation.segments[:-1]:
        node = _step(node, Call(segment, operation.query, last=last), operation)
    return _finish(node, operation)


def _finish(node: object, operation: Operation) -> Outcome:
    last = operation.segments[-1]
    call = Call(last, operation.query, operation.body, operation.upload, operation.headers)
    member = _member(node, last)
    if member is not None and member.kind in ("function", "action"):
        return _run(node, member, call, operation)
    if last.key in ("$value", "$count"):
        return _finish_raw(node, last, operation)
    target = _step(node, call, operation)
    method = operation.method
    if isinstance(target, Node):
        require_visible(target)
    if method == "GET":
        return Outcome(200, target)
    if isinstance(target, Collection) and method == "POST":
        require_at(target, target.write_level, "create")
        return Outcome(201, target.create(call))
    if not isinstance(target, Resource):
        raise wrong_method(method, last.name)
    if method == "POST" and (last.called or not operation.body):
        return Outcome(200, target)
    return _change(target, method, operation)


def _change(target: Resource, method: str, operation: Operation) -> Outcome:
    require_at(target, target.write_level, "delete" if method == "DELETE" else "change")
    if method in ("MERGE", "PATCH", "PUT", "POST"):
        target.check_etag(operation.headers)
        target.merge(operation.body)
        return Outcome(204, etag=target.etag)
    if method == "DELETE":
        target.check_etag(operation.headers)
        target.delete()
        return Outcome(200)
    raise wrong_method(method, operation.segments[-1].name)


def _run(node: object, member: Member, call: Call, operation: Operation) -> Outcome:
    if member.kind == "action" and operation.method == "GET":
        raise wrong_method("GET", member.name)
    assert isinstance(node, Node)
    level = member.level or (node.write_level if member.kind == "action" else Level.READ)
    require_at(node, level, verb_of(member.name))
    value = member.run(node, call)
    if operation.method in ("MERGE", "PATCH", "PUT", "DELETE"):
        # The library addresses what a method returned: GetById(3) with X-HTTP-Method DELETE.
        if isinstance(value, Resource):
            return _change(value, operation.method, operation)
        if member.kind != "action":
            raise wrong_method(operation.method, member.name)
    if isinstance(value, Outcome | Raw):
        return value if isinstance(value, Outcome) else Outcome(200, value)
    if isinstance(value, Resource | Collection):
        require_visible(value)
    if isinstance(value, Resource | Collection | Result):
        return Outcome(200, value)
    # A static method answers under its own name, without that of its class.
    return Outcome(200, Result(member.name.rpartition(".")[2], value))


def _step(node: object, call: Call, operation: Operation) -> object:
    segment = call.segment
    member = _member(node, segment)
    if member is not None and isinstance(node, Node):
        if member.kind == "link":
            target = member.run(node)
            if isinstance(target, Collection) and segment.called:
                found = target.by_key(_key(segment))
                return Result(member.name, None) if found is None else found
            return Result(member.name, None) if target is None else target
        require_at(node, member.level or Level.READ)
        return member.run(node, call)
    if isinstance(node, Resource):
        declared = node.table().get(segment.key)
        if declared is not None:
            return Result(declared.name, node.read(declared))
    if isinstance(node, Result):  # A value, or nothing where there could be something: no step leads on from it.
        raise unknown_resource(segment.name)
    if segment.key in KNOWN or segment.key.rsplit(".", 1)[-1] in KNOWN:
        raise not_built(operation.method, operation.address)
    raise unknown_resource(segment.name)


def _member(node: object, segment: Segment) -> Member | None:
    return node.step_to(segment.key) if isinstance(node, Node) else None


def _key(segment: Segment) -> object:
    if segment.positional:
        return segment.positional[0]
    if segment.named:
        return next(iter(segment.named.values()))
    raise invalid_query(f'The expression "{segment.name}()" is not valid.')


def _finish_raw(node: object, last: Segment, operation: Operation) -> Outcome:
    if last.key == "$value" and isinstance(node, Content):
        if operation.method == "GET":
            require_visible(node)
            return Outcome(200, node.download(operation.headers))
        require_at(node, node.write_level)
        node.replace_content(operation.upload)
        return Outcome(204)
    if isinstance(node, Collection) and last.key == "$count" and operation.method == "GET":
        count = len(trim(node.all(), node.scope.claims))
        return Outcome(200, Raw(str(count).encode(), kind="text/plain;charset=utf-8"))
    if isinstance(node, Result) and operation.method == "GET":
        text = plain(node.value)
        return Outcome(200, Raw(("" if text is None else str(text)).encode(), kind="text/plain;charset=utf-8"))
    raise unknown_resource(last.name)
