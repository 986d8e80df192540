"""Sharing links as SharePoint groups: each link to a file or folder has a group of its own, ``SharingLinks.…``, which
holds who has used it and stands among the role assignments of what it leads to.

The groups are written down when the permissions of the thing are looked at, and go with their links.
"""

from __future__ import annotations

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint.people import add_group, ensure_user
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_CONTRIBUTE, _READ = 1073741827, 1073741826
_KINDS = {"anonymous": "Anonymous", "organization": "Organization"}
_DESCRIPTION = "This group is for sharing link to item '{}'"


def link_groups(scope: Scope, item: Item) -> list[tuple[int, int]]:
    """The numbers of the groups of an item's links, each with its permission level."""
    prefix = f"SharingLinks.{item.guid}."
    present = {row.name: row for row in scope.store.children(scope.site.id, "sitegroup") if row.name.startswith(prefix)}
    found = []
    for link in sharing.links(scope.tenant, item) if item.fields.get(sharing.MARK) else []:
        writes = str(link.props["type"]) in sharing.WRITING
        kind = _KINDS.get(str(link.props["scope"]))
        name = f"{prefix}{kind + ('Edit' if writes else 'View') if kind else 'Flexible'}.{link.guid}"
        row = present.pop(name, None)
        row = _with_users(scope, row or add_group(scope, name, {"Description": _DESCRIPTION.format(item.guid)}), link)
        found.append((int(row.props["Id"]), _CONTRIBUTE if writes else _READ))
    for row in present.values():
        scope.store.delete(row)
    return found


def _with_users(scope: Scope, group: Entity, link: Entity) -> Entity:
    """A link's group with the people who have used it; whom the directory does not know yet is left out."""
    logins = [each.name for each in scope.store.children(link.id, sharing.USE)]
    known = [each for each in logins if scope.tenant.directory.user_by_login(each) is not None]
    users = [ensure_user(scope, each).props["Id"] for each in known]
    if group.props.get("_Users", []) == users:
        return group
    return scope.store.update(group, {"_Users": users}, at=scope.now)
