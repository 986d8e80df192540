"""What a site script does inside a list, and with columns and content types of the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.content_types import ContentType, ContentTypes
from spmigrate.rehearsal.sharepoint.fields import Field, Fields, read_field_xml
from spmigrate.rehearsal.sharepoint.model import Call
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.views import Views

Given = Mapping[str, Any]
_VIEW_SCOPES = {"": 0, "recursive": 1, "recursiveall": 2, "filesonly": 3}


def make_list(scope: Scope, given: Given) -> str:
    """``createSPList``: make the list when it is missing, and do what is asked for inside it."""
    title = str(given["listName"])
    row = lists.find_by_title(scope, title) or lists.add_list(scope, title, int(given["templateType"]))
    for each in given.get("subactions") or []:
        verb = str(each.get("verb"))
        run = _IN_LIST.get(verb)
        if run is None:
            raise bad_argument(f"The subaction '{verb}' is not valid.")
        row = scope.store.by_id(row.id) or row
        run(lists.List(scope, row), dict(each))
    return title


def _describe(target: lists.List, given: Given) -> None:
    target.save({"Description": str(given["description"])})


def _entitle(target: lists.List, given: Given) -> None:
    target.save({"Title": str(given["title"])})


def _add_field(target: lists.List, given: Given) -> None:
    _add_xml(target.fields(), _field_xml(given), given)
    if given.get("addToDefaultView"):
        target.default_view().add_column(_internal_name(given))


def _delete_field(target: lists.List, given: Given) -> None:
    found = target.fields().find(str(given.get("internalName") or given["displayName"]))
    if found is not None:
        found.delete()


def _add_field_xml(target: lists.List, given: Given) -> None:
    field = _add_xml(target.fields(), str(given["schemaXml"]), given)
    if given.get("addToDefaultView"):
        target.default_view().add_column(field.name)


def _add_lookup(target: lists.List, given: Given) -> None:
    xml = str(given["schemaXml"])
    title = str(given["targetListName"])
    found = lists.find_by_title(target.scope, title)
    if found is None:
        raise bad_argument(f"The list '{title}' does not exist.")
    field = _add_xml(target.fields(), xml.replace("/>", f' List="{{{found.guid}}}" />', 1), given)
    if given.get("addToDefaultView"):
        target.default_view().add_column(field.name)


def _add_site_column(target: lists.List, given: Given) -> None:
    name = str(given["internalName"])
    source = Fields(target.scope, target.scope.web, "Web").find(name)
    if source is None:
        raise bad_argument(f"The site column '{name}' does not exist.")
    _add_xml(target.fields(), source.schema(), given)
    if given.get("addToDefaultView"):
        target.default_view().add_column(source.name)


def _add_view(target: lists.List, given: Given) -> None:
    views = Views(target.scope, target.entity)
    title = str(given["name"])
    if any(str(each.stored().get("Title")) == title for each in views.all()):
        return
    fields = [str(each) for each in given.get("viewFields") or []]
    parameters = {
        "Title": title,
        "RowLimit": whole(given.get("rowLimitCount") or 30, "rowLimitCount"),
        "Paged": bool(given.get("isPaged", True)),
        "SetAsDefaultView": bool(given.get("makeDefault")),
        "Query": str(given.get("query") or ""),
        "ViewFields": fields or None,
    }
    kept = {name: value for name, value in parameters.items() if value is not None}
    view = views.add(Call(Segment("add"), body={"parameters": kept}))
    scope = _VIEW_SCOPES.get(str(given.get("scope") or "").lower(), 0)
    if scope:
        view.save({"Scope": scope})
    if given.get("formatterJSON"):
        view.save({"CustomFormatter": _text(given["formatterJSON"])})


def _remove_view(target: lists.List, given: Given) -> None:
    for each in Views(target.scope, target.entity).all():
        if str(each.stored().get("Title")) == str(given["name"]):
            each.delete()


def _add_content_type(target: lists.List, given: Given) -> None:
    source = _site_type(target.scope, str(given.get("name") or ""), str(given.get("id") or ""))
    target.save({"ContentTypesEnabled": True})
    if all(each.stored().get("Name") != source.stored().get("Name") for each in target.content_types().all()):
        target.content_types().bind(source)


def _remove_content_type(target: lists.List, given: Given) -> None:
    for each in target.content_types().all():
        if str(each.stored().get("Name")) == str(given["name"]):
            each.delete()


def _format_field(target: lists.List, given: Given) -> None:
    name = str(given.get("fieldDisplayName") or given.get("internalName") or "")
    found = target.fields().find(name)
    if found is None:
        raise bad_argument(f"The column '{name}' does not exist.")
    found.save({"CustomFormatter": _text(given["formatterJSON"])})


def _customise_field(target: lists.List, given: Given) -> None:
    found = target.fields().find(str(given["internalName"]))
    if found is None:
        raise bad_argument(f"The column '{given['internalName']}' does not exist.")
    found.save({"ClientSideComponentId": str(given["clientSideComponentId"]),
                "ClientSideComponentProperties": str(given.get("clientSideComponentProperties") or "")})  # fmt: skip


def _customise_commands(target: lists.List, given: Given) -> None:
    title = str(given.get("title") or "")
    props = {
        "Title": title, "Location": str(given["location"]), "Scope": 4,
        "ClientSideComponentId": str(given["clientSideComponentId"]),
        "ClientSideComponentProperties": str(given.get("clientSideComponentProperties") or ""),
    }  # fmt: skip
    target.scope.store.insert("customaction", title, at=target.scope.now, parent=target.entity.id, props=props)


_IN_LIST: dict[str, Callable[[lists.List, Given], None]] = {
    "setDescription": _describe,
    "setTitle": _entitle,
    "addSPField": _add_field,
    "deleteSPField": _delete_field,
    "addSPFieldXml": _add_field_xml,
    "addSPLookupFieldXml": _add_lookup,
    "addSiteColumn": _add_site_column,
    "addSPView": _add_view,
    "removeSPView": _remove_view,
    "addContentType": _add_content_type,
    "removeContentType": _remove_content_type,
    "setSPFieldCustomFormatter": _format_field,
    "associateFieldCustomizer": _customise_field,
    "associateListViewCommandSet": _customise_commands,
}


def make_site_column(scope: Scope, given: Given) -> str:
    """``createSiteColumn``: a column of the web from its name and type."""
    return _add_xml(Fields(scope, scope.web, "Web"), _field_xml(given), given).name


def make_site_column_xml(scope: Scope, given: Given) -> str:
    """``createSiteColumnXml``: a column of the web from its XML."""
    return _add_xml(Fields(scope, scope.web, "Web"), str(given["schemaXml"]), given).name


def make_content_type(scope: Scope, given: Given) -> str:
    """``createContentType``: a content type of the web with columns."""
    types = ContentTypes(scope, scope.web, "Web")
    name = str(given["name"])
    found = next((each for each in types.all() if str(each.stored().get("Name")) == name), None)
    if found is None:
        parent = _site_type(scope, str(given.get("parentName") or ""), str(given.get("parentId") or ""))
        body: dict[str, Any] = {"Name": name, "Description": str(given.get("description") or ""),
                                "Group": str(given.get("group") or "Custom Content Types")}  # fmt: skip
        if given.get("id"):
            body["Id"] = {"StringValue": str(given["id"])}
        else:
            body["ParentContentTypeId"] = {"StringValue": parent.id}
        found = types.create(Call(Segment("contenttypes"), body=body))
    for each in given.get("subactions") or []:
        _change_columns(scope, found, dict(each))
    return name


def _change_columns(scope: Scope, target: ContentType, given: Given) -> None:
    name = str(given["internalName"])
    links = target.links()
    if given.get("verb") == "removeSiteColumn":
        target.keep_links([each for each in links if each["name"] != name])
        return
    if given.get("verb") != "addSiteColumn":
        raise bad_argument(f"The subaction '{given.get('verb')}' is not valid.")
    field = Fields(scope, scope.web, "Web").find(name)
    if field is None:
        raise bad_argument(f"The site column '{name}' does not exist.")
    if any(each["name"] == field.name for each in links):
        return
    target.field_links().add(Call(Segment("add"), body={"parameters": {"FieldInternalName": field.name}}))


def add_types_from_hub(scope: Scope, given: Given) -> str:
    """``addContentTypesFromHub``: content types of the gallery, which here are those of the tenant's root site."""
    wanted = [str(each) for each in given["ids"]]
    for identity in wanted:
        _site_type(scope, "", identity)
    return ", ".join(wanted)


def _site_type(scope: Scope, name: str, identity: str) -> ContentType:
    for each in ContentTypes(scope, scope.web, "Web").all():
        if (name and each.stored().get("Name") == name) or (identity and each.id.lower() == identity.lower()):
            return each
    if not name and not identity:
        return _site_type(scope, "Item", "")
    raise bad_argument(f"The content type '{name or identity}' does not exist.")


def _add_xml(fields: Fields, xml: str, given: Given) -> Field:
    parsed = read_field_xml(xml)
    found = fields.find(parsed["name"])
    if found is not None:
        return found
    made = fields.add(parsed)
    if given.get("enforceUnique"):
        made.save({"EnforceUniqueValues": True, "Indexed": True})
    return made


def _field_xml(given: Given) -> str:
    name = _internal_name(given)
    attributes = {
        "Type": str(given["fieldType"]), "Name": name, "StaticName": name, "DisplayName": str(given["displayName"]),
        "Required": str(bool(given.get("isRequired"))).upper(),
    }  # fmt: skip
    if given.get("group"):
        attributes["Group"] = str(given["group"])
    if given.get("id"):
        attributes["ID"] = f"{{{str(given['id']).strip('{}')}}}"
    return f"<Field {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())} />"


def _internal_name(given: Given) -> str:
    name = str(given.get("internalName") or given["displayName"])
    return name if given.get("internalName") else name.replace(" ", "_x0020_")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
