"""The tenant's term store: which terms of a term set are there, and adding those that are missing.

Groups, sets and terms are known by their names. Nothing is ever renamed, moved or taken away: documents may carry it.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.tenant.contents import name_key
from spmigrate.tenant.session import Tenant

BELOW = " > "
"""What stands between a term and the one that it lies below: SharePoint takes no > in a name."""

Terms = Mapping[str, tuple[str, ...]]
"""By `Group/Set`, the terms in it, each below those that it lies in: `Highways > Bridges`."""

_STORE = "/v1.0/sites/root/termStore"


def present(tenant: Tenant, wanted: Terms) -> Terms:
    """What of these is there; a term set that is missing is left out. Raises TenantError.

    Needs Graph `TermStore.Read.All`.
    """
    groups = _groups(tenant) if wanted else {}
    found: dict[str, tuple[str, ...]] = {}
    for path, terms in wanted.items():
        group, _, name = path.partition("/")
        sets = _sets(tenant, groups[_key(group)]) if _key(group) in groups else {}
        if _key(name) in sets:
            known: dict[str, str] = {}
            root = f"{_STORE}/sets/{quote(sets[_key(name)])}"
            found[path] = tuple(each for each in terms if _term(tenant, root, each, known))
    return found


def ensure(tenant: Tenant, path: str, terms: Iterable[str]) -> None:
    """Make a term set, its group and these terms, as far as they are missing. Raises TenantError.

    Needs Graph `TermStore.ReadWrite.All`. Graph chooses the ids.
    """
    language = str(tenant.graph("GET", f"{_STORE}?$select=defaultLanguageTag")["defaultLanguageTag"])
    group, _, name = path.partition("/")
    groups = _groups(tenant)
    if _key(group) not in groups:
        groups[_key(group)] = _id(tenant.graph("POST", f"{_STORE}/groups", {"displayName": group}))
    above = groups[_key(group)]
    sets = _sets(tenant, above)
    if _key(name) not in sets:
        names = [{"languageTag": language, "name": name}]
        made = tenant.graph("POST", f"{_STORE}/sets", {"parentGroup": {"id": above}, "localizedNames": names})
        sets[_key(name)] = _id(made)
    root = f"{_STORE}/sets/{quote(sets[_key(name)])}"
    known: dict[str, str] = {}
    for term in terms:
        if _term(tenant, root, term, known):
            continue
        upper, _, own = term.rpartition(BELOW)
        labels = [{"languageTag": language, "name": own, "isDefault": True}]
        made = tenant.graph("POST", _children(root, _term(tenant, root, upper, known)), {"labels": labels})
        known[_key(term)] = _id(made)


def _groups(tenant: Tenant) -> dict[str, str]:
    found = tenant.graph_pages(f"{_STORE}/groups?$select=id,displayName")
    return {_key(str(each["displayName"])): _id(each) for each in found}


def _sets(tenant: Tenant, group: str) -> dict[str, str]:
    found = tenant.graph_pages(f"{_STORE}/groups/{quote(group)}/sets")
    return {_key(str(name["name"])): _id(each) for each in found for name in each["localizedNames"]}


def _term(tenant: Tenant, root: str, term: str, known: dict[str, str]) -> str:
    """The id of a term, empty when it is missing. `known` remembers the ids of all that was listed, and of what lists
    were read."""
    if not term or _key(term) in known:
        return known.get(_key(term), "")
    upper, _, _ = term.rpartition(BELOW)
    above = _term(tenant, root, upper, known)
    listed = f"{_key(upper)}{BELOW}"
    if (upper and not above) or listed in known:
        return ""
    known[listed] = ""
    for each in tenant.graph_pages(_children(root, above)):
        for label in each["labels"]:
            name = f"{upper}{BELOW}{label['name']}" if upper else str(label["name"])
            known[_key(name)] = _id(each)
    return known.get(_key(term), "")


def _children(root: str, term: str) -> str:
    return f"{root}/terms/{quote(term)}/children" if term else f"{root}/children"


def _key(name: str) -> str:
    """What a name is matched by: SharePoint keeps a wide & in place of the usual one."""
    return name_key(name.replace("\uff06", "&"))


def _id(entity: Any) -> str:
    return str(entity["id"])
