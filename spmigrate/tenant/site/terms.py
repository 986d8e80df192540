"""Term sets, named by their group and their own name: `Corporate/Business functions`."""

from typing import Any
from urllib.parse import quote

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import name_key
from spmigrate.tenant.session import Tenant

_STORE = "/v1.0/sites/root/termStore"


def find(tenant: Tenant, path: str) -> tuple[str, str]:
    """The ids of the term store and of the term set. Raises NotFound; needs Graph `TermStore.Read.All`."""
    group_name, _, set_name = path.partition("/")
    store = str(tenant.graph("GET", f"{_STORE}?$select=id")["id"])
    for group in tenant.graph_pages(f"{_STORE}/groups?$select=id,displayName"):
        if name_key(group["displayName"]) == name_key(group_name):
            for each in tenant.graph_pages(f"{_STORE}/groups/{quote(str(group['id']))}/sets"):
                if name_key(set_name) in {name_key(name["name"]) for name in each["localizedNames"]}:
                    return store, str(each["id"])
    raise NotFound(f"the tenant has no term set '{path}'", hint="make it in the term store, or name another one")


def path_of(term_set: Any) -> str:
    """Group and name of a term set as Graph gives it with its `parentGroup`."""
    names = [str(name["name"]) for name in term_set["localizedNames"]]
    group = (term_set.get("parentGroup") or {}).get("displayName", "")
    return f"{group}/{names[0]}" if names else str(term_set["id"])
