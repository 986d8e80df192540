"""Writing property bags, which only the client object model can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import access_denied
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.sharepoint.files import File
from spmigrate.rehearsal.sharepoint.folders import Folder
from spmigrate.rehearsal.sharepoint.model import Resource
from spmigrate.rehearsal.sharepoint.property_bag import BAG, put
from spmigrate.rehearsal.sharepoint.scope import Scope

# What a tenant may allow although custom script is denied (``DenyAddAndCustomizePages`` 2).
_ALLOWANCE = "AllowWebPropertyBagUpdateWhenDenyAddAndCustomizePagesIsEnabled"
_DENIED = 2


def keep_bag(owner: Resource, patch: Mapping[str, Any]) -> None:
    """Keep values in the bag of a web, folder or file; None takes a name away."""
    item = owner.item if isinstance(owner, File | Folder) else None
    if item is None:
        _refuse_without_script(owner.scope)
        return put(owner.scope, patch)
    bag = {**item.fields.get(BAG, {}), **patch}
    kept = {name: value for name, value in bag.items() if value is not None}
    owner.scope.content.write(item, by=owner.scope.claims.login, fields={BAG: kept}, keep_version=True)
    return None


def unescape(name: str) -> str:
    """A bag's real name from the one that REST writes."""
    return name.replace("_x0020_", " ").replace("_x005f_", "_")


def _refuse_without_script(scope: Scope) -> None:
    denied = int(scope.site.props.get("DenyAddAndCustomizePages", _DENIED)) == _DENIED
    if denied and not read_settings(scope.store).get(_ALLOWANCE):
        raise access_denied()
