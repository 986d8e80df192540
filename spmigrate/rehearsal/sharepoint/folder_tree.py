"""Addresses and the tree of folders: from an address to what is there.

What lies at a web's root beside its lists (``_catalogs``, ``Lists``, folders that clients make) belongs to no list:
it hangs below an entity of kind ``webroot``, which is made when the first such thing is.
"""

from __future__ import annotations

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.storage import Entity

WEB_ROOT = "webroot"
# Folders that every web has beside those of its lists.
ROOT_FOLDERS = ("_catalogs", "_cts", "_private", "images", "Lists", "m")


def absolute(scope: Scope, name: str, base: str) -> str:
    """A server-relative address from a name, a relative or an absolute address."""
    prefix = f"https://{scope.host}"
    text = name[len(prefix) :] if name.lower().startswith(prefix) else name
    text = text.replace("//", "/").rstrip("/")
    return text if text.startswith("/") else f"{base}/{text}"


def address_of(scope: Scope, item: Item) -> str:
    """The server-relative address of an item."""
    below = scope.content.path(item)
    return f"{scope.content.list_path(item.list)}/{below}".rstrip("/")


def below_web(scope: Scope, address: str) -> str | None:
    """What follows the web in a server-relative address, None outside of the web; empty for the web itself."""
    if address.rstrip("/").lower() == scope.web_path.lower():
        return ""
    if not address.lower().startswith(scope.web_path.lower() + "/"):
        return None
    return address[len(scope.web_path) + 1 :].strip("/")


def find_list(scope: Scope, address: str) -> tuple[Entity, str] | None:
    """The list of the web that holds an address, and the rest of the address below its root folder."""
    below = below_web(scope, address)
    if not below:
        return None
    parts = below.split("/")
    for count in (1, 2, 3):
        row = scope.store.find("list", scope.web.id, "/".join(parts[:count]))
        if row is not None:
            return row, "/".join(parts[count:])
    return None


def find_item(scope: Scope, address: str) -> tuple[Entity, Item] | None:
    """The list (or web root) and the item at a server-relative address."""
    wanted = absolute(scope, address, scope.web_path)
    found = find_list(scope, wanted)
    if found is None:
        row, below = find_web_root(scope), below_web(scope, wanted)
        if row is None or not below:
            return None
        found = row, below
    item = _resolve(scope, *found)
    if item is None and hidden_forms(found[1]):
        row, below = find_web_root(scope), below_web(scope, wanted)
        if row is not None and below:
            found, item = (row, below), _resolve(scope, row, below)
    return None if item is None else (found[0], item)


def _resolve(scope: Scope, row: Entity, below: str) -> Item | None:
    root = scope.content.root(row.id)
    return scope.content.resolve(root, below) if root else None


def hidden_forms(below: str) -> bool:
    """Whether a place in a library is its folder of forms or lies in it: what is there are files but no items."""
    return below.lower() == "forms" or below.lower().startswith("forms/")


def find_web_root(scope: Scope) -> Entity | None:
    """What holds the folders and files at the web's root that belong to no list."""
    return scope.store.find(WEB_ROOT, scope.web.id, "")


def make_web_folder(scope: Scope, below: str) -> tuple[Entity, Item]:
    """The folder at a place below the web's root as something that can hold others; it is made when missing."""
    row = find_web_root(scope)
    if row is None:
        row = scope.store.insert(WEB_ROOT, "", at=scope.now, parent=scope.web.id)
        scope.content.create_root(row.id, name="", by=SHAREPOINT_APP_LOGIN)
    holder = scope.content.root(row.id)
    assert holder is not None
    for part in below.split("/"):
        if part:
            holder = scope.content.add_folder(holder, part, by=SHAREPOINT_APP_LOGIN, conflict=Conflict.REPLACE)
    return row, holder


def virtual_folders(scope: Scope) -> dict[str, str]:
    """Folders that are there because the web has them or because lists lie in them, by lower-case address."""
    found = {name.lower(): name for name in ROOT_FOLDERS}
    for row in scope.store.children(scope.web.id, "list"):
        above = row.name.rpartition("/")[0]
        while above:
            found.setdefault(above.lower(), above)
            above = above.rpartition("/")[0]
    return found


def scope_at(scope: Scope, url: str) -> Scope:
    """The surroundings of an absolute or server-relative address, which may lie in another site."""
    host, path = scope.host, url
    if "://" in url:
        host, slash, rest = url.partition("://")[2].partition("/")
        path = slash + rest
    if host.lower() not in (scope.tenant.names.sharepoint, scope.tenant.names.personal, scope.tenant.names.admin):
        raise bad_argument("Value does not fall within the expected range.")
    try:
        return open_scope(scope.tenant, scope.claims, host.lower(), path)
    except ODataError:
        raise file_not_found() from None
