"""From addresses to folders, and moving and copying to an address."""

from __future__ import annotations

from spmigrate.rehearsal.content import Conflict, Item, Refusal
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import folders
from spmigrate.rehearsal.sharepoint.folder_tree import (
    absolute,
    below_web,
    find_item,
    find_list,
    find_web_root,
    scope_at,
    virtual_folders,
)
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.transplant import Manner, transplant


def find_folder(scope: Scope, address: str) -> folders.Folder | None:
    """The folder at a server-relative address; the web's own root folder and those of ``ROOT_FOLDERS`` included."""
    wanted = absolute(scope, address, scope.web_path)
    below = below_web(scope, wanted)
    if below == "":
        return web_folder(scope)
    found = find_item(scope, wanted)
    if found is not None:
        return folders.Folder(scope, found[0], found[1]) if found[1].folder else None
    if below and below.lower() in virtual_folders(scope):
        return folders.Folder(scope, None, None, f"{scope.web_path}/{virtual_folders(scope)[below.lower()]}")
    holder = find_list(scope, wanted)
    if holder is not None and holder[0].props.get("BaseType") == 1 and holder[1].lower() == "forms":
        return folders.Folder(scope, None, None, f"{scope.web_path}/{holder[0].name}/Forms")
    return None


def web_folder(scope: Scope) -> folders.Folder:
    """The web's own root folder."""
    row = find_web_root(scope)
    root = scope.content.root(row.id) if row else None
    return folders.Folder(scope, row, root, scope.web_path)


def target_of(scope: Scope, url: str) -> tuple[folders.Folder, str]:
    """The folder and the name that a destination address says; refuses when the folder is not there."""
    there = scope_at(scope, absolute(scope, url, scope.web_path) if "://" not in url else url)
    address = absolute(there, url, there.web_path)
    above, _, leaf = address.rpartition("/")
    parent = find_folder(there, above)
    if parent is None:
        raise file_not_found()
    return parent, leaf


def move(scope: Scope, item: Item, target: str, *, overwrite: bool = False) -> Item:
    """Rename or move an item to an address of the same site collection."""
    parent, leaf = target_of(scope, target)
    if parent.scope.site.id != scope.site.id:
        raise bad_argument("Value does not fall within the expected range.")
    conflict = Conflict.REPLACE if overwrite else Conflict.FAIL
    manner = Manner(by=scope.claims.login, move=True, conflict=conflict)
    return transplant(scope.tenant, item, parent.holder(), name=leaf, manner=manner)


def copy(scope: Scope, item: Item, target: str, *, overwrite: bool = False) -> Item:
    """Copy an item to an address of the same site collection."""
    parent, leaf = target_of(scope, target)
    if parent.scope.site.id != scope.site.id:
        raise bad_argument("Value does not fall within the expected range.")
    holder = parent.holder()
    taken = scope.content.child(holder, leaf)
    if taken is not None and taken.id == item.id:
        raise Refusal("nameAlreadyExists", leaf)
    conflict = Conflict.REPLACE if overwrite else Conflict.FAIL
    return transplant(scope.tenant, item, holder, name=leaf, manner=Manner(by=scope.claims.login, conflict=conflict))
