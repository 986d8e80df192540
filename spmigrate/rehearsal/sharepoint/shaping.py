"""From resources to the answer: ``$select``, ``$expand``, ``$filter``, ``$orderby`` and paging, for every class."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote, urlencode

from spmigrate.rehearsal.odata.errors import unknown_selection
from spmigrate.rehearsal.odata.filters import matches, paths_of, sort_key
from spmigrate.rehearsal.odata.options import Options, Shape
from spmigrate.rehearsal.odata.render import Bag, Complex, Entity, Feed
from spmigrate.rehearsal.sharepoint.access import trim
from spmigrate.rehearsal.sharepoint.model import Collection, Resource
from spmigrate.rehearsal.sharepoint.properties import Property


def shape_result(value: object, options: Options, *, address: str = "") -> object:
    """A walker's result as a tree for the renderer."""
    if isinstance(value, Resource):
        _refuse_unknown(value, options.shape)
        return shape_entity(value, options.shape)
    if isinstance(value, Collection):
        return shape_feed(value, options, address=address)
    return value


def shape_entity(resource: Resource, shape: Shape) -> Entity:
    """One entity with the chosen properties and the expanded links; what is chosen has been judged before."""
    values: dict[str, object] = {}
    for name in sorted(shape.expanded):
        member = resource.step_to(name)
        if member is not None and member.kind == "link":
            values[member.name] = _expand(member.run(resource), shape.inner(name))
    for declared in _chosen(resource, shape):
        if declared.name not in values:
            values[declared.name] = resource.read(declared)
    return Entity(
        type=resource.entity_type,
        path=resource.path,
        values=values,
        links=_deferred(resource, shape),
        etag=resource.etag,
        feed=resource.feed,
        base=resource.scope.base,
    )


def shape_feed(collection: Collection, options: Options, *, address: str = "") -> Feed:
    """A collection: filtered, ordered, cut to a page, with the address of the next one."""
    _refuse_unknown(collection, options.shape)
    _refuse_paths(collection, options)
    ready = collection.page(options)
    if ready is not None:
        link = next_page(address, {"$skiptoken": ready[1]}) if ready[1] else None
        page = trim(ready[0], collection.scope.claims)
        return Feed(collection.feed, tuple(shape_entity(each, options.shape) for each in page), next=link)
    members = trim(list(collection.all()), collection.scope.claims)
    if options.filter is not None:
        expression = options.filter
        members = [each for each in members if matches(expression, partial(read_path, each))]
    for name, descending in reversed(options.orderby):
        members.sort(key=partial(_key_at, name), reverse=descending)
    count = len(members)
    start = options.start
    page = members[start : start + options.top] if options.top is not None else members[start:]
    following = None
    if options.top and start + options.top < count:
        following = next_page(address, {"$skiptoken": f"Paged=TRUE&p_Skip={start + options.top}"})
    return Feed(
        collection.feed,
        tuple(shape_entity(each, options.shape) for each in page),
        next=following,
        count=count if options.count else None,
    )


def next_page(address: str, changes: Mapping[str, str]) -> str:
    """An absolute address with some query options replaced, ``$skip`` dropped."""
    base, _, query = address.partition("?")
    kept = [
        pair
        for pair in query.split("&")
        if pair and pair.partition("=")[0].lower().replace("%24", "$") not in {*changes, "$skip"}
    ]
    return f"{base}?{'&'.join([urlencode(changes, quote_via=quote, safe='$'), *kept])}"


def read_path(resource: Resource, path: str) -> object:
    """The value at a property path, for filters and ordering; refuses an unknown name."""
    head, _, rest = path.partition("/")
    declared = resource.table().get(head.lower())
    if declared is not None:
        value = resource.read(declared)
        if isinstance(value, Complex):
            return value.values.get(rest) if rest else None
        return list(value.values) if isinstance(value, Bag) else value
    member = resource.step_to(head.lower())
    if member is None or member.kind != "link":
        raise unknown_selection(head)
    target = member.run(resource)
    if isinstance(target, list) and rest:
        return [read_path(each, rest) for each in target]
    return read_path(target, rest) if isinstance(target, Resource) and rest else None


def _key_at(path: str, resource: Resource) -> tuple[int, float | str]:
    return sort_key(read_path(resource, path))


def _expand(target: object, shape: Shape) -> object:
    if isinstance(target, Resource):
        _refuse_unknown(target, shape)
        return shape_entity(target, shape)
    if isinstance(target, list):
        return Feed("", tuple(shape_entity(each, shape) for each in target))
    if isinstance(target, Collection):
        _refuse_unknown(target, shape)
        shown = trim(list(target.all()), target.scope.claims)
        return Feed(target.feed, tuple(shape_entity(each, shape) for each in shown))
    return target


def _chosen(resource: Resource, shape: Shape) -> list[Property]:
    table = resource.table()
    if not shape.select:
        # $expand=ListItemAllFields/ClientSideApplicationId: what is expanded to its end and is a property is shown too.
        return [each for name, each in table.items() if not each.on_select or name.lower() in shape.expanded]
    named = [each for name, each in table.items() if name.lower() in shape.select]
    if shape.everything:
        return [each for each in table.values() if not each.on_select or each in named]
    return named


def _deferred(resource: Resource, shape: Shape) -> tuple[str, ...]:
    links = [
        member for name, member in resource.members.items() if member.kind == "link" and name not in resource.addresses
    ]
    wanted = shape.select if shape.select and not shape.everything else None
    return tuple(
        member.name
        for member in sorted(links, key=lambda each: each.name)
        if member.name.lower() not in shape.expanded and (wanted is None or member.name.lower() in wanted)
    )


def _refuse_unknown(target: Resource | Collection, shape: Shape) -> None:
    for name in (*shape.select, *shape.expanded):
        # Annotations such as odata.id are passed over: PnPjs asks for folders' items so. So is a path behind which
        # nothing was opened: sppull asks folders for Folder/TimeCreated beside Folders, in all its versions.
        unopened = name in shape.nested and name not in shape.expanded
        if not name.startswith("odata.") and not unopened and not target.has(name):
            raise unknown_selection(shape.spelling(name))
    target.judge(shape)


def _refuse_paths(collection: Collection, options: Options) -> None:
    paths = {name for name, _ in options.orderby}
    if options.filter is not None:
        paths |= paths_of(options.filter)
    for path in paths:
        head = path.partition("/")[0]
        if not collection.has(head.lower()):
            raise unknown_selection(head)
