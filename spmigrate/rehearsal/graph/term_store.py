"""The term store in Graph: groups, sets, terms and the relations between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal import terms
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.drive_host import is_drive_api
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_routes import bad_argument, not_found
from spmigrate.rehearsal.graph.site_types import RELATION, TERM, TERM_GROUP, TERM_SET, TERM_STORE
from spmigrate.rehearsal.graph.term_view import (
    is_wide,
    read_descriptions,
    read_labels,
    read_names,
    read_properties,
    show_group,
    show_relation,
    show_set,
    show_store,
    show_term,
    widen_group,
    widen_set,
    widen_term,
)
from spmigrate.rehearsal.graph.values import is_guid
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

READ, WRITE = ("TermStore.Read.All",), ("TermStore.ReadWrite.All",)
_ARGUMENT = re.compile(r"(\w+)='((?:[^']|'')*)'")
_DEFAULT = str(terms.DEFAULT_LANGUAGE)


def answer_term_store(call: Call, rest: str) -> Response:
    """`termStore` and all below it; `rest` follows it."""
    method = "GET" if call.request.method == "HEAD" else call.request.method
    path = re.sub(r"^termstores/[^/]+|^termstores?", "", rest.strip("/"), flags=re.IGNORECASE).strip("/")
    # On the SharePoint hosts groups and sets have a second name.
    path = re.sub(r"(?<![^/])term(groups|sets)(?=/|$)", r"\1", path, flags=re.IGNORECASE)
    for known, pattern, answer in _ROUTES:
        found = pattern.fullmatch(path) if known == method else None
        if found is None:
            continue
        call.require(*(READ if method == "GET" else WRITE))
        parts = {name: value for name, value in found.groupdict().items() if value is not None}
        try:
            return answer(replace(call, parts={**call.parts, **parts}))
        except terms.NameTaken as taken:
            message = f"There is already an item with the name or id '{taken}' here."
            raise GraphError(409, "nameAlreadyExists", message) from None
    if any(pattern.fullmatch(path) for _, pattern, _ in _ROUTES):
        raise GraphError(405, "methodNotAllowed", f"The method {method} is not supported here.")
    raise not_found("API not found")


def _now(call: Call) -> str:
    return call.tenant.clock.iso()


def _group(call: Call) -> Entity:
    found = terms.group(call.tenant.store, call.parts["group"], at=_now(call))
    if found is None:
        raise not_found("Item not found")
    return found


def _set(call: Call) -> Entity:
    found = terms.term_set(call.tenant.store, call.parts["set"], at=_now(call))
    if found is None or ("group" in call.parts and found.parent != _group(call).id):
        raise not_found("Item not found")
    return found


def _term(call: Call) -> Entity:
    found = terms.term(call.tenant.store, call.parts["term"])
    if found is None or terms.set_of(call.tenant.store, found).id != _set(call).id:
        raise not_found("Item not found")
    return found


def _get_store(call: Call) -> Response:
    shown = show_store(_now(call))
    if is_drive_api(call.request):
        # SharePoint's own address of the store tells its name besides.
        shown |= {"name": terms.STORE_NAME, "description": ""}
    if "groups" in read_expand(call.query.get("$expand", "")):
        shown["groups"] = [show_group(each) for each in terms.groups(call.tenant.store, at=_now(call))]
    return entity(shown, context="termStore", call=call, of=TERM_STORE)


def _list_stores(call: Call) -> Response:
    return answer_all(call, [show_store(_now(call))], context="termStores", of=TERM_STORE)


def _list_groups(call: Call) -> Response:
    shown = [_expanded_group(call, each) for each in terms.groups(call.tenant.store, at=_now(call))]
    return answer_all(call, shown, context="termStore/groups", of=TERM_GROUP)


def _expanded_group(call: Call, group: Entity) -> dict[str, Any]:
    shown = show_group(group) | (widen_group(group) if is_wide(call) else {})
    if "sets" in read_expand(call.query.get("$expand", "")):
        shown["sets"] = [show_set(each) for each in terms.sets(call.tenant.store, group)]
    return shown


def _get_group(call: Call) -> Response:
    return entity(_expanded_group(call, _group(call)), context="termStore/groups", call=call, of=TERM_GROUP)


def _add_group(call: Call) -> Response:
    body = call.body()
    name = str(body.get("displayName") or "").strip()
    if not name:
        raise bad_argument()
    kept = {"Description": str(body.get("description") or "")}
    made = terms.add_group(call.tenant.store, name, at=_now(call), guid=_own_id(body), props=kept)
    return entity(show_group(made), context="termStore/groups", status=201)


def _change_group(call: Call) -> Response:
    group, body = _group(call), call.body()
    name = str(body["displayName"]).strip() if body.get("displayName") else None
    patch = {"Description": str(body["description"])} if "description" in body else {}
    changed = call.tenant.store.update(group, patch, at=_now(call), name=name)
    return entity(show_group(changed), context="termStore/groups")


def _delete_group(call: Call) -> Response:
    group = _group(call)
    if group.props.get("System"):
        raise GraphError(403, "accessDenied", "A system group can't be deleted.")
    if terms.sets(call.tenant.store, group):
        raise bad_argument("A group that holds term sets can't be deleted.")
    call.tenant.store.delete(group)
    return Response(204)


def _list_sets(call: Call) -> Response:
    shown = [_expanded_set(call, each) for each in terms.sets(call.tenant.store, _group(call))]
    return answer_all(call, shown, context="termStore/sets", of=TERM_SET)


def _expanded_set(call: Call, term_set: Entity) -> dict[str, Any]:
    store, shown = call.tenant.store, show_set(term_set)
    shown |= widen_set(store, term_set) if is_wide(call) else {}
    wanted = read_expand(call.query.get("$expand", ""))
    above = store.by_id(term_set.parent)
    related: dict[str, Callable[[], object]] = {
        "children": lambda: [show_term(each) for each in terms.terms(store, term_set)],
        "terms": lambda: [show_term(each) for each in terms.all_terms(store, term_set)],
        "parentGroup": lambda: show_group(above) if above else None,
        "relations": lambda: _relations_of(call, term_set),
    }
    return shown | {name: make() for name, make in related.items() if name.lower() in wanted}


def _get_set(call: Call) -> Response:
    return entity(_expanded_set(call, _set(call)), context="termStore/sets", call=call, of=TERM_SET)


def _add_set(call: Call) -> Response:
    body = call.body()
    if "group" not in call.parts:
        above = body.get("parentGroup")
        if not isinstance(above, dict) or not above.get("id"):
            raise bad_argument()
        call = replace(call, parts={**call.parts, "group": str(above["id"])})
    names = read_names(body)
    language, name = next(iter(names.items()))
    kept = {"Names": names, "Description": str(body.get("description") or ""), **read_properties(body)}
    made = terms.add_set(
        call.tenant.store, _group(call), names.get(_DEFAULT, name), at=_now(call), guid=_own_id(body),
        language=int(language), props=kept,
    )  # fmt: skip
    return entity(show_set(made), context="termStore/sets", status=201)


def _change_set(call: Call) -> Response:
    term_set, body = _set(call), call.body()
    patch: dict[str, Any] = read_properties(body)
    name = None
    if "localizedNames" in body:
        names = read_names(body)
        patch["Names"] = {**term_set.props.get("Names", {}), **names}
        name = patch["Names"].get(_DEFAULT) or next(iter(names.values()))
    if "description" in body:
        patch["Description"] = str(body["description"] or "")
    changed = call.tenant.store.update(term_set, patch, at=_now(call), name=name)
    return entity(show_set(changed), context="termStore/sets")


def _delete_set(call: Call) -> Response:
    call.tenant.store.delete(_set(call))
    return Response(204)


def _parent_group(call: Call) -> Response:
    above = call.tenant.store.by_id(_set(call).parent)
    assert above is not None
    return entity(show_group(above), context="termStore/groups", call=call, of=TERM_GROUP)


def _list_children(call: Call) -> Response:
    above = _term(call) if "term" in call.parts else _set(call)
    shown = [_expanded_term(call, each) for each in terms.terms(call.tenant.store, above)]
    return answer_all(call, shown, context="Collection(microsoft.graph.termStore.term)", of=TERM)


def _list_terms(call: Call) -> Response:
    shown = [_expanded_term(call, each) for each in terms.all_terms(call.tenant.store, _set(call))]
    return answer_all(call, shown, context="Collection(microsoft.graph.termStore.term)", of=TERM)


def _expanded_term(call: Call, term: Entity) -> dict[str, Any]:
    store, shown = call.tenant.store, show_term(term)
    shown |= widen_term(store, term) if is_wide(call) else {}
    wanted = read_expand(call.query.get("$expand", ""))
    related: dict[str, Callable[[], object]] = {
        "children": lambda: [show_term(each) for each in terms.terms(store, term)],
        "set": lambda: show_set(terms.set_of(store, term)),
        "relations": lambda: _relations_of(call, term),
    }
    return shown | {name: make() for name, make in related.items() if name.lower() in wanted}


def _get_term(call: Call) -> Response:
    shown = _expanded_term(call, _term(call))
    return entity(shown, context="microsoft.graph.termStore.term", call=call, of=TERM)


def _add_term(call: Call) -> Response:
    body = call.body()
    above = _term(call) if "term" in call.parts else _set(call)
    labels = read_labels(body)
    first = next((each for each in labels if each["IsDefaultForLanguage"]), labels[0])
    kept = {"Labels": labels, **read_descriptions(body), **read_properties(body)}
    made = terms.add_term(
        call.tenant.store, above, first["Value"], at=_now(call), guid=_own_id(body), language=first["Language"],
        props=kept,
    )  # fmt: skip
    return entity(show_term(made), context="microsoft.graph.termStore.term", status=201)


def _change_term(call: Call) -> Response:
    term, body = _term(call), call.body()
    patch: dict[str, Any] = {**read_descriptions(body), **read_properties(body)}
    name = None
    if "labels" in body:
        patch["Labels"] = read_labels(body)
        name = next(each["Value"] for each in patch["Labels"] if each["IsDefaultForLanguage"])
    changed = call.tenant.store.update(term, patch, at=_now(call), name=name)
    return entity(show_term(changed), context="microsoft.graph.termStore.term")


def _delete_term(call: Call) -> Response:
    call.tenant.store.delete(_term(call))
    return Response(204)


def _get_term_set(call: Call) -> Response:
    shown = show_set(terms.set_of(call.tenant.store, _term(call)))
    return entity(shown, context="termStore/sets", call=call, of=TERM_SET)


def _relations_of(call: Call, owner: Entity) -> list[dict[str, Any]]:
    return [show_relation(call.tenant.store, each) for each in call.tenant.store.children(owner.id, "termrelation")]


def _list_relations(call: Call) -> Response:
    owner = _term(call) if "term" in call.parts else _set(call)
    shown = _relations_of(call, owner)
    return answer_all(call, shown, context="Collection(microsoft.graph.termStore.relation)", of=RELATION)


def _add_relation(call: Call) -> Response:
    body, store = call.body(), call.tenant.store
    owner = _term(call) if "term" in call.parts else _set(call)
    kind = str(body.get("relationship") or "")
    ends = {key: str((body.get(key) or {}).get("id") or "") for key in ("set", "fromTerm", "toTerm")}
    if kind not in ("pin", "reuse"):
        raise bad_argument()
    into, source = store.get("termset", ends["set"]), store.get("term", ends["fromTerm"] or call.parts.get("term", ""))
    if into is None or source is None:
        raise not_found("Item not found")
    kept = {"relationship": kind, **ends, "fromTerm": source.guid}
    made = store.insert("termrelation", kind, at=_now(call), parent=owner.id, props=kept)
    shown = show_relation(store, made)
    return entity(shown, context="microsoft.graph.termStore.relation", status=201)


def _list_all_sets(call: Call) -> Response:
    if not is_wide(call):
        # Graph lists sets by group; the service says of the whole store that it has no such call.
        raise not_found("API not found")
    store = call.tenant.store
    every = [each for group in terms.groups(store, at=_now(call)) for each in terms.sets(store, group)]
    return answer_all(call, [_expanded_set(call, each) for each in every], context="termStore/sets", of=TERM_SET)


def _own_id(body: dict[str, Any]) -> str | None:
    """The id that a new group, set or term is to have, where the caller says it."""
    found = body.get("id")
    if found is not None and not is_guid(str(found).strip("{}")):
        raise bad_argument()
    return found


def _search_term(call: Call) -> Response:
    """`searchTerm(label='…',setId='…')`, on the SharePoint hosts: terms by label."""
    given = {
        name.lower(): value.replace("''", "'") for name, value in _ARGUMENT.findall(call.parts.get("arguments", ""))
    }
    label, store = given.get("label", "").casefold(), call.tenant.store
    exact = given.get("stringmatchoption", "StartsWith").lower() == "exactmatch"
    if not label:
        raise bad_argument()
    sets = [each for group in terms.groups(store, at=_now(call)) for each in terms.sets(store, group)]
    every = [
        term for each in sets if given.get("setid", each.guid) == each.guid for term in terms.all_terms(store, each)
    ]
    named = [term for term in every if any(_fits(each["Value"], label, exact=exact) for each in term.props["Labels"])]
    shown = [_expanded_term(call, each) for each in named]
    return answer_all(call, shown, context="Collection(microsoft.graph.termStore.term)", of=TERM)


def _fits(label: str, wanted: str, *, exact: bool) -> bool:
    return label.casefold() == wanted if exact else label.casefold().startswith(wanted)


Answer = Callable[[Call], Response]
_ONE_SET = r"(?:groups/(?P<group>[^/]+)/)?sets/(?P<set>[^/]+)"
_ONE_TERM = rf"{_ONE_SET}/(?:terms|children)/(?:[^/]+/children/)*(?P<term>[^/]+)"
_LINES: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "", _get_store),
    ("GET", "groups", _list_groups),
    ("POST", "groups", _add_group),
    ("GET", "groups/(?P<group>[^/]+)", _get_group),
    ("PATCH", "groups/(?P<group>[^/]+)", _change_group),
    ("DELETE", "groups/(?P<group>[^/]+)", _delete_group),
    ("GET", "groups/(?P<group>[^/]+)/sets", _list_sets),
    ("POST", "(?:groups/(?P<group>[^/]+)/)?sets", _add_set),
    ("GET", "sets", _list_all_sets),
    ("GET", r"searchTerm(?P<arguments>\(.*\))", _search_term),
    ("GET", _ONE_SET, _get_set),
    ("PATCH", _ONE_SET, _change_set),
    ("DELETE", _ONE_SET, _delete_set),
    ("GET", f"{_ONE_SET}/parentGroup", _parent_group),
    ("GET", f"{_ONE_SET}/terms", _list_terms),
    ("GET", f"{_ONE_SET}/children", _list_children),
    ("POST", f"{_ONE_SET}/children", _add_term),
    ("GET", f"{_ONE_SET}/relations", _list_relations),
    ("POST", f"{_ONE_SET}/relations", _add_relation),
    ("GET", _ONE_TERM, _get_term),
    ("PATCH", _ONE_TERM, _change_term),
    ("DELETE", _ONE_TERM, _delete_term),
    ("GET", f"{_ONE_TERM}/children", _list_children),
    ("POST", f"{_ONE_TERM}/children", _add_term),
    ("GET", f"{_ONE_TERM}/relations", _list_relations),
    ("POST", f"{_ONE_TERM}/relations", _add_relation),
    ("GET", f"{_ONE_TERM}/set", _get_term_set),
)
_ROUTES = tuple((method, re.compile(pattern, re.IGNORECASE), answer) for method, pattern, answer in _LINES)
