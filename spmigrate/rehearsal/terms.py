"""The tenant's term store: groups, sets and terms, which CSOM, SharePoint REST and Graph all show.

| kind | parent | name | props |
|---|---|---|---|
| `termgroup` | none (0) | its name | `Description` `System` `Managers` `Contributors` |
| `termset` | its group | its name in the default language | `Names` {LCID: text} `Description` and what was set |
| `term` | its set, or the term above | its default label | `Labels` `Descriptions` {LCID: text} and what was set |

`Labels` is a list of `{"Value", "Language", "IsDefaultForLanguage"}`. The GUID of the row is the id everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from spmigrate.rehearsal.storage import Entity, Store

DEFAULT_LANGUAGE = 1033
STORE_NAME = "Taxonomy_1vZRlAIZ4CNKhXcEVdaj2g=="
_SPACE = UUID("5a0c4c59-73b1-4b6f-8a55-6d1a0f7e2c40")
STORE_ID = str(uuid5(_SPACE, "term store"))
KEYWORDS_ID = str(uuid5(_SPACE, "Keywords"))
# What every term store has from the start: (group, its sets).
_BUILT_IN = (
    ("People", ("Department", "Job Title", "Location")),
    ("Search Dictionaries", ("Company Exclusions", "Company Inclusions", "Query Spelling Exclusions",
                             "Query Spelling Inclusions")),
    ("System", ("Hashtags", "Keywords", "Orphaned Terms")),
)  # fmt: skip


class NameTaken(ValueError):
    """A sibling has this name already; the text is the name."""


def groups(store: Store, *, at: str) -> list[Entity]:
    """The term groups in order of name; the first call gives the store those of every tenant."""
    found = store.children(0, "termgroup")
    if not found:
        _begin(store, at)
        found = store.children(0, "termgroup")
    return sorted(found, key=lambda each: each.name.casefold())


def group(store: Store, identity: str, *, at: str) -> Entity | None:
    """A term group by id or name."""
    return _pick(groups(store, at=at), identity)


def sets(store: Store, parent: Entity) -> list[Entity]:
    """The term sets of a group in order of name."""
    return sorted(store.children(parent.id, "termset"), key=lambda each: each.name.casefold())


def term_set(store: Store, identity: str, *, at: str) -> Entity | None:
    """A term set anywhere in the store, by id."""
    groups(store, at=at)
    return store.get("termset", identity)


def terms(store: Store, parent: Entity) -> list[Entity]:
    """The terms directly below a set or a term: in the custom order when there is one, else by name."""
    found = sorted(store.children(parent.id, "term"), key=lambda each: each.name.casefold())
    order = str(parent.props.get("CustomSortOrder") or "").split(":")
    return sorted(found, key=lambda each: order.index(each.guid) if each.guid in order else len(order))


def term(store: Store, identity: str) -> Entity | None:
    """A term anywhere in the store, by id."""
    return store.get("term", identity)


def all_terms(store: Store, parent: Entity) -> list[Entity]:
    """Every term below a set or a term, each before those below it."""
    return [every for each in terms(store, parent) for every in (each, *all_terms(store, each))]


def set_of(store: Store, below: Entity) -> Entity:
    """The term set that a term lies in."""
    found = below
    while found.kind == "term":
        above = store.by_id(found.parent)
        assert above is not None
        found = above
    return found


def add_group(
    store: Store, name: str, *, at: str, guid: str | None = None, props: Mapping[str, Any] | None = None
) -> Entity:
    """Add a term group; NameTaken when its name or id is another's."""
    _refuse_taken(groups(store, at=at), name, guid)
    return store.insert("termgroup", name, at=at, guid=guid, props={"Description": "", **(props or {})})


def add_set(
    store: Store,
    parent: Entity,
    name: str,
    *,
    at: str,
    guid: str | None = None,
    language: int = DEFAULT_LANGUAGE,
    props: Mapping[str, Any] | None = None,
) -> Entity:
    """Add a term set to a group; NameTaken when its name or id is another's."""
    _refuse_taken(sets(store, parent), name, guid)
    if guid and store.get("termset", guid) is not None:
        raise NameTaken(guid)
    kept = {"Names": {str(language): name}, "Description": "", "IsAvailableForTagging": True, **(props or {})}
    return store.insert("termset", name, at=at, parent=parent.id, guid=guid, props=kept)


def add_term(
    store: Store,
    parent: Entity,
    label: str,
    *,
    at: str,
    guid: str | None = None,
    language: int = DEFAULT_LANGUAGE,
    props: Mapping[str, Any] | None = None,
) -> Entity:
    """Add a term below a set or a term; NameTaken when its label or id is another's."""
    _refuse_taken(terms(store, parent), label, guid)
    if guid and store.get("term", guid) is not None:
        raise NameTaken(guid)
    labels = [{"Value": label, "Language": language, "IsDefaultForLanguage": True}]
    kept = {"Labels": labels, "Descriptions": {}, "IsAvailableForTagging": True, **(props or {})}
    return store.insert("term", label, at=at, parent=parent.id, guid=guid, props=kept)


def path_of(store: Store, below: Entity) -> str:
    """A term's labels from the top of its set, joined as the store joins them."""
    names = [below.name]
    above = store.by_id(below.parent)
    while above is not None and above.kind == "term":
        names.insert(0, above.name)
        above = store.by_id(above.parent)
    return ";".join(names)


def _begin(store: Store, at: str) -> None:
    for name, below in _BUILT_IN:
        row = store.insert(
            "termgroup",
            name,
            at=at,
            guid=str(uuid5(_SPACE, f"group {name}")),
            props={"Description": "", "System": True},
        )
        for each in below:
            add_set(store, row, each, at=at, guid=str(uuid5(_SPACE, each)))


def _pick(rows: list[Entity], identity: str) -> Entity | None:
    wanted = identity.strip("{}").casefold()
    by_id = next((row for row in rows if row.guid == wanted), None)
    return by_id or next((row for row in rows if row.name.casefold() == identity.casefold()), None)


def _refuse_taken(siblings: list[Entity], name: str, guid: str | None) -> None:
    wanted = (guid or "").strip("{}").lower()
    for row in siblings:
        if row.name.casefold() == name.casefold() or row.guid == wanted:
            raise NameTaken(name)
