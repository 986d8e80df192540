"""What list data says of the list itself: the columns of a view, and the context of its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spmigrate.rehearsal.sharepoint.field_types import FIELD_KINDS, entity_type, type_display_name
from spmigrate.rehearsal.sharepoint.item_columns import kind_of
from spmigrate.rehearsal.sharepoint.item_values import ItemReader
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.views import View


def list_schema(reader: ItemReader, view: View, columns: Iterable[str]) -> dict[str, Any]:
    """``ListSchema``: the columns that are shown, and facts about list and reader."""
    scope, owner = reader.scope, reader.owner
    regional = scope.web.props.get("_Regional", {})
    shown = [reader.columns.by_name[name] for name in columns if name in reader.columns.by_name]
    return {
        "Field": [field_schema(each) for each in shown],
        "LCID": str(regional.get("LocaleId", 1033)),
        "Userid": str(ensure_user(scope, scope.claims.login).props["Id"]),
        "PagePath": str(view.stored().get("ServerRelativeUrl", "")),
        "ShowWebPart": "",
        "View": f"{{{view.defined.key.upper()}}}",
        "RootFolderParam": "",
        "FieldSortParam": "",
        "HttpVDir": scope.web_url,
        "IsDocLib": "1" if owner.props.get("BaseType") == 1 else "",
        "UIVersion": "15",
        "NoListItem": "There are no items to show in this view.",
        "NoListItemHowTo": "",
        "DefaultItemOpen": "1",
        "Direction": "none",
        "EffectivePresenceEnabled": "1",
        "PresenceAlt": "No presence information",
        "UserDispUrl": f"{scope.web_url}/_layouts/15/listform.aspx?PageType=4&ListId={{{owner.guid.upper()}}}",
        "SelectedID": "-1",
        "SiteTitle": str(scope.web.props.get("Title", "")),
        "ListRight_AddListItems": "1",
        "ListTitle": str(owner.props.get("Title", "")),
        "ParentHierarchyDisplayName": "",
    }


def field_schema(defined: Defined) -> dict[str, Any]:
    """One column as list data describes it."""
    props = defined.props
    kind = kind_of(props)
    made: dict[str, Any] = {
        "Name": defined.name,
        "FieldType": kind,
        "RealFieldName": defined.name,
        "DisplayName": str(props.get("Title", defined.name)),
        "ID": defined.key,
        "StaticName": str(props.get("StaticName", defined.name)),
        "Type": kind,
        "AllowGridEditing": "FALSE" if props.get("ReadOnlyField") else "TRUE",
        "Filterable": "FALSE" if kind == "Note" else "TRUE",
        "Sortable": "FALSE" if kind in ("Note", "MultiChoice", "LookupMulti", "UserMulti") else "TRUE",
        "ClientSideComponentId": "00000000-0000-0000-0000-000000000000",
        "Hidden": "TRUE" if props.get("Hidden") else "FALSE",
        "ReadOnly": "TRUE" if props.get("ReadOnlyField") else "FALSE",
        "Required": "TRUE" if props.get("Required") else "FALSE",
        "role": {"Counter": "Counter", "Number": "Number", "DateTime": "DateTime"}.get(kind, "Text"),
        "ariaLabel": str(props.get("Title", defined.name)),
    }
    if "Choices" in props:
        made["Choices"] = list(props["Choices"])
    return made


def form_field(defined: Defined) -> dict[str, Any]:
    """One column as forms describe it."""
    props = defined.props
    kind = kind_of(props)
    return {
        "Id": defined.key,
        "Title": str(props.get("Title", defined.name)),
        "Hidden": bool(props.get("Hidden")),
        "IMEMode": None,
        "Name": defined.name,
        "Required": bool(props.get("Required")),
        "Direction": "none",
        "FieldType": kind,
        "Type": kind,
        "TypeDisplayName": type_display_name(kind),
        "FieldTypeKind": FIELD_KINDS.get(kind, 0),
        "EntityType": entity_type(kind),
        "Description": str(props.get("Description", "")),
        "ReadOnlyField": bool(props.get("ReadOnlyField")),
        "IsAutoHyperLink": False,
        **({"MaxLength": int(props.get("MaxLength") or 255)} if kind == "Text" else {}),
        **({"Choices": list(props["Choices"]), "MultiChoices": list(props["Choices"])} if "Choices" in props else {}),
    }


def context_info(reader: ItemReader, view: View) -> dict[str, Any]:
    """What ``ContextInfo`` adds beside the data."""
    scope, owner = reader.scope, reader.owner
    library = owner.props.get("BaseType") == 1
    address = f"{scope.web_path}/{owner.name}"
    forms = f"{address}/Forms" if library else address
    user = ensure_user(scope, scope.claims.login)
    return {
        "ListTemplateType": int(owner.props.get("BaseTemplate", 100)),
        "listBaseType": int(owner.props.get("BaseType", 0)),
        "listName": f"{{{owner.guid.upper()}}}",
        "listTemplate": str(owner.props.get("BaseTemplate", 100)),
        "listUrlDir": address,
        "listUrl": address,
        "ListTitle": str(owner.props.get("Title", "")),
        "view": f"{{{view.defined.key.upper()}}}",
        "viewTitle": str(view.stored().get("Title", "")),
        "BaseViewID": "1",
        "NewWOPIDocumentEnabled": False,
        "WOPIDocumentsEnabled": library,
        "AllowGridMode": True,
        "AllowCreateFolder": bool(owner.props.get("EnableFolderCreation", library)),
        "ContentTypesEnabled": bool(owner.props.get("ContentTypesEnabled")),
        "EnableMinorVersions": bool(owner.props.get("EnableMinorVersions")),
        "EnableAttachments": "false" if library else "true",
        "ExternalDataList": False,
        "isForceCheckout": bool(owner.props.get("ForceCheckout")),
        "isModerated": bool(owner.props.get("EnableModeration")),
        "isPortalTemplate": None,
        "isWebEditorPreview": 0,
        "isXslView": True,
        "IsAppWeb": False,
        "recursive": None,
        "displayFormUrl": f"{forms}/DispForm.aspx",
        "editFormUrl": f"{forms}/EditForm.aspx",
        "newFormUrl": f"{forms}/{'Upload' if library else 'NewForm'}.aspx",
        "HttpPath": f"{scope.web_url}/_vti_bin/owssvr.dll?CS=65001",
        "HttpRoot": scope.web_url,
        "imagesPath": "/_layouts/15/images/",
        "LastSelectableRowIdx": None,
        "ModerationStatus": 0,
        "noGroupCollapse": False,
        "overrideScope": None,
        "PortalUrl": None,
        "PreviewEnabled": True,
        "RegionalSettingsTimeZoneBias": None,
        "rootFolderForDisplay": None,
        "RowFocusTimerID": None,
        "serverUrl": None,
        "SiteTitle": str(scope.web.props.get("Title", "")),
        "StateInitDone": False,
        "TableCbxFocusHandler": None,
        "TableMouseOverHandler": None,
        "TotalListItems": scope.content.count_items(owner.id),
        "wpq": "",
        "WriteSecurity": int(owner.props.get("WriteSecurity", 1)),
        "CurrentUserId": int(user.props["Id"]),
        "CurrentUserIsSiteAdmin": bool(user.props.get("IsSiteAdmin")),
        "SitePages": [],
    }
