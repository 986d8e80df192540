"""What can be done with a list besides reading and changing its own properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, field_missing, file_not_found, item_needs_file
from spmigrate.rehearsal.odata.render import Bag
from spmigrate.rehearsal.sharepoint import folder_tree, items, list_data, list_forms
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.changes import Changes, changes_of
from spmigrate.rehearsal.sharepoint.event_receivers import EventReceivers, WorkflowAssociations
from spmigrate.rehearsal.sharepoint.form_values import form_result, read_form
from spmigrate.rehearsal.sharepoint.item_values import lookup_list
from spmigrate.rehearsal.sharepoint.list_changes import changes_since
from spmigrate.rehearsal.sharepoint.list_parts import (
    CheckedOutFiles,
    Forms,
    RelatedFields,
    RightsManagement,
    VersionPolicies,
)
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Collection,
    Raw,
    Resource,
    action,
    as_guid,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.new_documents import DocumentCalls
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.subscriptions import Subscriptions
from spmigrate.rehearsal.sharepoint.user_custom_actions import UserCustomActions
from spmigrate.rehearsal.sharepoint.wordings import Wording

_FOLDER = 1


class FoundItems(Collection):
    """The items that a query found."""

    feed = "Items"

    def __init__(self, owner: ListCalls, found: list[items.ListItem]) -> None:
        super().__init__(owner.scope)
        self.found = found
        self.every = items.Items(owner.scope, owner.entity)

    def has(self, name: str) -> bool:
        return self.every.has(name)

    def all(self) -> list[items.ListItem]:
        return self.found


class ListCalls(DocumentCalls):
    """The methods and links of a list."""

    @function("GetItems")
    def get_items(self, call: Call) -> FoundItems:
        """The items that a CAML query finds."""
        return FoundItems(self, list_data.query_items(self.scope, self.entity, call))

    @function("RenderListDataAsStream")
    def render_list_data_as_stream(self, call: Call) -> Raw:
        """What a view shows, as JSON."""
        return list_data.render_stream(self.scope, self.entity, call)

    @function("RenderListData")
    def render_list_data(self, call: Call) -> str:
        """What a view shows, as text that holds JSON."""
        return list_data.render_data(self.scope, self.entity, call)

    @function("RenderListFormData")
    def render_list_form_data(self, call: Call) -> str:
        """An item as its form shows it."""
        return list_forms.form_data(self.scope, self.entity, call)

    @function("RenderExtendedListFormData")
    def render_extended_list_form_data(self, call: Call) -> str:
        """An item as the modern form shows it."""
        return list_forms.extended_form_data(self.scope, self.entity, call)

    @function("GetListItemChangesSinceToken")
    def get_changes_since_token(self, call: Call) -> Raw:
        """Items that changed after a point of the log, as XML."""
        return changes_since(self.scope, self.entity, call)

    @function("GetChanges")
    def get_changes(self, call: Call) -> Changes:
        """What happened in the list."""
        return changes_of(self.scope, call, listing=self.entity)

    @function("GetItemByStringId")
    def get_item_by_string_id(self, call: Call) -> items.ListItem:
        """An item by number given as text."""
        return items.Items(self.scope, self.entity).by_key(call.value("sId", 0))

    @function("GetItemByUniqueId")
    def get_item_by_unique_id(self, call: Call) -> items.ListItem:
        """An item by its unique id."""
        found = self.scope.content.by_guid(as_guid(call.value("uniqueId", 0)) or "")
        if found is None or found.list != self.entity.id:
            raise file_not_found()
        return items.ListItem(self.scope, self.entity, found)

    @function("GetItemCountByFolder")
    def item_count_by_folder(self, call: Call) -> int:
        """How many items a folder holds, those of its folders included."""
        folder = self._folder(call.text("folderServerRelativeUrl", 0, default=""))
        clause = (
            "WITH RECURSIVE below(id) AS (SELECT id FROM item WHERE parent = ? AND bin = 0 AND list_item > 0 UNION ALL"
            " SELECT item.id FROM item JOIN below ON item.parent = below.id WHERE item.bin = 0)"
            " SELECT count(*) FROM below"
        )
        return int(self.scope.store.db.execute(clause, (folder.id,)).fetchone()[0])

    @action("ReserveListItemId", Level.WRITE)
    def reserve_list_item_id(self, _call: Call) -> int:
        """A number that no other item will get."""
        return self.scope.content.reserve_number(self.entity.id)

    @function("GetLookupFieldChoices")
    def lookup_field_choices(self, call: Call) -> str:
        """What a lookup column may be set to, as text that holds JSON."""
        return self._choices(call.text("targetFieldName", 0), "")

    @function("SearchLookupFieldChoices")
    def search_lookup_field_choices(self, call: Call) -> str:
        """What a lookup column may be set to, by the beginning of its text."""
        return self._choices(call.text("targetFieldName", 0), call.text("beginsWithSearchString", 1, default=""))

    def _choices(self, name: str, start: str) -> str:
        columns = items.columns_of(self.scope, self.entity)
        column = columns.by_name.get(columns.resolve(name) or "")
        if column is None:
            raise field_missing(name)
        if not columns.refers(column.name):
            return json.dumps({"Row": []})  # What is asked for another kind of column is passed over.
        target = lookup_list(self.scope, self.entity, str(column.props.get("LookupList", "")))
        if target is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: targetFieldName")
        shown = str(column.props.get("LookupField") or "Title")
        reader = items.Items(self.scope, target).reader
        found = [
            {"Value": each.list_item, "Title": text}
            for each in self.scope.content.items(target.id, limit=5000)
            if (text := reader.text(each, shown)).casefold().startswith(start.casefold())
        ]
        return json.dumps({"Row": found}, ensure_ascii=False)

    @function("GetRelatedFields")
    def related_fields(self, _call: Call) -> RelatedFields:
        """The lookup columns that lead here."""
        return RelatedFields(self.scope, self.entity, self.path)

    @function("GetCheckedOutFiles")
    def checked_out_files(self, _call: Call) -> CheckedOutFiles:
        """The files that were never checked in."""
        return CheckedOutFiles(self.scope, self.entity, self.path)

    @action("AddItem", Level.WRITE)
    def add_item(self, call: Call) -> items.ListItem:
        """Add an item or folder without columns."""
        given = call.record("parameters")
        return self._add({}, given, str(given.get("FolderUrl") or ""), str(given.get("LeafName") or ""))

    @action("AddItemUsingPath", Level.WRITE)
    def add_item_using_path(self, call: Call) -> items.ListItem:
        """The same, by decoded addresses."""
        given = call.record("parameters")
        return self._add({}, given, _decoded(given.get("FolderPath")), _decoded(given.get("LeafName")))

    @action("AddValidateUpdateItem", Level.WRITE)
    def add_validate_update_item(self, call: Call) -> Bag:
        """Add an item with form values."""
        info = call.record("listItemCreateInfo")
        return self._add_form(call, info, str(info.get("FolderUrl") or ""), str(info.get("LeafName") or ""))

    @action("AddValidateUpdateItemUsingPath", Level.WRITE)
    def add_validate_update_item_using_path(self, call: Call) -> Bag:
        """Add an item with form values, by decoded addresses; the last result is the new item's number."""
        info = call.record("listItemCreateInfo")
        return self._add_form(call, info, _decoded(info.get("FolderPath")), _decoded(info.get("LeafName")))

    @action("BulkValidateUpdateListItems", Level.WRITE)
    def bulk_validate_update_list_items(self, call: Call) -> Bag:
        """Give several items the same form values."""
        values = call.records("formValues")
        every = items.Items(self.scope, self.entity)
        results: list[Any] = []
        for number in call.numbers("itemIds"):
            item = every.by_key(number)
            outcome = read_form(every.reader, values, number=item.item.list_item, utc=False)
            if outcome.patch is not None:
                item.write(outcome.patch, keep_version=call.flag("bNewDocumentUpdate", default=False))
            results += outcome.results.values
        return Bag("Collection(SP.ListItemFormUpdateValue)", tuple(results))

    def _add_form(self, call: Call, info: Mapping[str, Any], folder: str, leaf: str) -> Bag:
        every = items.Items(self.scope, self.entity)
        values = call.records("formValues")
        outcome = read_form(every.reader, values, number=0, utc=call.flag("datesInUTC", default=False))
        if outcome.patch is None:
            return outcome.results
        made = self._add(outcome.patch, info, folder, leaf)
        number = made.item.list_item
        results = tuple(
            form_result(str(each.get("FieldName", "")), str(each.get("FieldValue") or ""), None, number)
            for each in values
        )
        return Bag(outcome.results.type, (*results, form_result("Id", str(number), None, number)))

    def _add(self, patch: Mapping[str, Any], info: Mapping[str, Any], folder: str, leaf: str) -> items.ListItem:
        every = items.Items(self.scope, self.entity)
        parent = self._folder(folder)
        if whole(info.get("UnderlyingObjectType"), "UnderlyingObjectType") == _FOLDER:
            by = self.scope.claims.login
            made = every.wrap(self.scope.content.add_folder(parent, leaf or str(patch.get("Title") or ""), by=by))
            if patch:
                made.write({**patch}, keep_version=True)
            return made
        if self.entity.props.get("BaseType") == 1:
            raise item_needs_file()
        return every.wrap(every.add(parent, patch))

    def _folder(self, address: str) -> Item:
        if not address:
            root = self.scope.content.root(self.entity.id)
            if root is None:
                raise file_not_found()
            return root
        found = folder_tree.find_item(self.scope, address)
        if found is None or not found[1].folder or found[0].id != self.entity.id:
            raise file_not_found()
        return found[1]

    @link("Forms")
    def forms(self) -> Forms:
        """The pages that show, change and make items."""
        return Forms(self.scope, self.entity, self.path)

    @link("EventReceivers")
    def event_receivers(self) -> EventReceivers:
        """What is told of events."""
        return EventReceivers(self.scope, self.entity, self.path)

    @link("UserCustomActions")
    def user_custom_actions(self) -> UserCustomActions:
        """What somebody added."""
        return UserCustomActions(self.scope, self.entity, self.path)

    @link("Subscriptions")
    def subscriptions(self) -> Subscriptions:
        """The webhooks."""
        return Subscriptions(self.scope, self.entity, self.path)

    @link("WorkflowAssociations")
    def workflow_associations(self) -> WorkflowAssociations:
        """The workflows of old: none."""
        return WorkflowAssociations(self.scope, self.entity, self.path)

    @link("InformationRightsManagementSettings")
    def rights_management(self) -> RightsManagement:
        """The protection of downloads."""
        return RightsManagement(self.scope, self.entity, self.path)

    @link("VersionPolicies")
    def version_policies(self) -> Resource | None:
        """How long versions are kept; only libraries have that."""
        return VersionPolicies(self.scope, self.entity, self.path) if self.entity.props.get("BaseType") == 1 else None

    @link("TitleResource")
    def title_resource(self) -> Wording:
        """The title in several languages."""
        return Wording(self, "Title", "TitleResource")

    @link("DescriptionResource")
    def description_resource(self) -> Wording:
        """The description in several languages."""
        return Wording(self, "Description", "DescriptionResource")


def _decoded(path: Any) -> str:
    return str(path.get("DecodedUrl") or "") if isinstance(path, Mapping) else str(path or "")
