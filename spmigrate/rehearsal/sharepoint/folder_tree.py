"""Addresses and the tree of folders: from an address to what is there."""

from __future__ import annotations

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import folders
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


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


def find_list(scope: Scope, address: str) -> tuple[Entity, str] | None:
    """The list of the web that holds an address, and the rest of the address below its root folder."""
    if not address.lower().startswith(scope.web_path.lower() + "/"):
        return None
    parts = address[len(scope.web_path) + 1 :].split("/")
    for count in (1, 2, 3):
        row = scope.store.find("list", scope.web.id, "/".join(parts[:count]))
        if row is not None:
            return row, "/".join(parts[count:])
    return None


def find_item(scope: Scope, address: str) -> tuple[Entity, Item] | None:
    """The list and item at a server-relative address."""
    found = find_list(scope, absolute(scope, address, scope.web_path))
    if found is None:
        return None
    root = scope.content.root(found[0].id)
    item = scope.content.resolve(root, found[1]) if root else None
    return None if item is None else (found[0], item)


def find_folder(scope: Scope, address: str) -> folders.Folder | None:
    """The folder at a server-relative address; the web's own root folder included."""
    wanted = absolute(scope, address, scope.web_path)
    if wanted.rstrip("/").lower() == scope.web_path.lower():
        return folders.Folder(scope, None, None)
    found = find_item(scope, wanted)
    if found is None or not found[1].folder:
        return None
    return folders.Folder(scope, found[0], found[1])


def move(scope: Scope, item: Item, target: str, *, overwrite: bool = False) -> Item:
    """Rename or move an item within its library to an address."""
    address = absolute(scope, target, "")
    above, _, leaf = address.rpartition("/")
    parent = find_folder(scope, above)
    if parent is None:
        raise file_not_found()
    if parent.holder().list != item.list:
        raise bad_argument("The rehearsal tenant moves items within one library; copy between libraries.")
    conflict = Conflict.REPLACE if overwrite else Conflict.FAIL
    return scope.content.move(item, by=scope.claims.login, parent=parent.holder(), name=leaf, conflict=conflict)
