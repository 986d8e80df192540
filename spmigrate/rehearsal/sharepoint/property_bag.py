"""Property bags of webs and folders: what the service keeps there itself, and what clients have put in.

Over REST a bag is read-only in effect: a MERGE is answered as if it had worked and nothing is kept. CSOM writes by
`put`. The names of a bag are written with ``_`` as ``_x005f_`` and a blank as ``_x0020_``, as everywhere in REST.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

BAG = "_Bag"


def of_web(scope: Scope, path: str) -> PropertyValues:
    """The property bag of a web."""
    return _bag(scope, path, web_values(scope))


def web_values(scope: Scope) -> dict[str, Any]:
    """What a web's bag holds, by its real names."""
    web = scope.store.by_id(scope.web.id) or scope.web
    own = {
        "vti_associatemembergroup": str(web.props.get("_MemberGroup") or ""),
        "vti_associateownergroup": str(web.props.get("_OwnerGroup") or ""),
        "vti_associatevisitorgroup": str(web.props.get("_VisitorGroup") or ""),
        "vti_associategroups": ";".join(
            str(web.props[name]) for name in ("_OwnerGroup", "_VisitorGroup", "_MemberGroup") if web.props.get(name)
        ),
        "vti_approvallevels": "Approved Rejected Pending\\ Review",
        "vti_categories": "Travel Expense\\ Report Business Competition Goals/Objectives Ideas Miscellaneous Waiting "
        "VIP In\\ Process Planning Schedule",
        "vti_defaultlanguage": "en-us",
        "vti_extenderversion": "16.0.0.26601",
        "vti_mastercssfilecache": "corev15app.css",
        "SharePointHomeCacheReadRate": "0.1",
        "DesignPreviewLayoutUrl": "",
        "DesignPreviewThemedCssFolderUrl": "",
        "profileschemaversion": "4",
        "vti_createdassociategroups": ";".join(
            str(web.props[name]) for name in ("_OwnerGroup", "_VisitorGroup", "_MemberGroup") if web.props.get(name)
        ),
    }
    return {**own, **web.props.get(BAG, {})}


def put(scope: Scope, patch: Mapping[str, Any]) -> None:
    """Keep values in the web's bag; a value of None takes a name away."""
    web = scope.store.by_id(scope.web.id) or scope.web
    bag = {**web.props.get(BAG, {}), **patch}
    kept = {name: value for name, value in bag.items() if value is not None}
    scope.store.update(web, {BAG: kept}, at=scope.now)


def of_folder(scope: Scope, path: str, owner: Entity | None, item: Item | None) -> PropertyValues:
    """The property bag of a folder; that of a list's root folder says what list it is."""
    values: dict[str, Any] = {"vti_isexecutable": "false", "vti_candeleteversion": "true", "vti_isbrowsable": "true"}
    if item is None:
        return _bag(scope, path, {**values, "vti_level": 1, "vti_isscriptable": "false"})
    values |= {
        "vti_rtag": f"rt:{item.guid.upper()}@{item.etag:011}",
        "vti_etag": f'"{{{item.guid.upper()}}},{item.etag}"',
        "vti_level": 1,
        "vti_timecreated": item.created,
        "vti_timelastmodified": item.modified,
        "vti_dirlateststamp": item.modified,
        "vti_isscriptable": "false",
        "vti_hassubdirs": "true" if any(each.folder for each in scope.content.children(item, limit=50)) else "false",
    }
    if owner is not None and owner.kind == "list":
        values |= {"vti_listname": f"{{{owner.guid.upper()}}}"}
        if item.parent == 0:
            title = str(owner.props.get("Title", ""))
            values |= {"vti_listtitle": title, "vti_listbasetype": owner.props.get("BaseType", 0),
                       "vti_listservertemplate": owner.props.get("BaseTemplate", 100),
                       "vti_listenableversioning": str(bool(owner.props.get("EnableVersioning"))).lower(),
                       "vti_listenableminorversions": str(bool(owner.props.get("EnableMinorVersions"))).lower(),
                       "vti_listenablemoderation": str(bool(owner.props.get("EnableModeration"))).lower(),
                       "vti_listrequirecheckout": str(bool(owner.props.get("ForceCheckout"))).lower()}  # fmt: skip
    return _bag(scope, path, {**values, **item.fields.get(BAG, {})})


def of_file(scope: Scope, path: str, item: Item) -> PropertyValues:
    """The property bag of a file."""
    values: dict[str, Any] = {
        "vti_rtag": f"rt:{item.guid.upper()}@{item.etag:011}",
        "vti_etag": f'"{{{item.guid.upper()}}},{item.etag}"',
        "vti_docstoretype": 0,
        "vti_docstoreversion": item.etag,
        "vti_filesize": item.size,
        "vti_level": 1 if item.version % 512 == 0 else 2,
        "vti_timecreated": item.created,
        "vti_timelastmodified": item.modified,
        "vti_author": item.author,
        "vti_modifiedby": item.editor,
        "vti_title": str(item.fields.get("Title") or ""),
        "vti_sourcecontrolversion": f"V{item.version_label}",
        "ContentTypeId": str(item.fields.get("ContentTypeId") or "0x0101"),
    }
    return _bag(scope, path, {**values, **item.fields.get(BAG, {})})


def _bag(scope: Scope, path: str, values: Mapping[str, Any]) -> PropertyValues:
    return PropertyValues(scope, path, {escape(name): value for name, value in values.items()})


def escape(name: str) -> str:
    """A bag's name as REST writes it."""
    return name.replace("_", "_x005f_").replace(" ", "_x0020_")
