"""What can be done with a list item besides reading and changing its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.rehearsal.odata.errors import field_missing, wrong_method
from spmigrate.rehearsal.odata.render import Bag
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.attachments import Attachments
from spmigrate.rehearsal.sharepoint.changes import Changes, changes_of
from spmigrate.rehearsal.sharepoint.comments import Comments, LikedBy
from spmigrate.rehearsal.sharepoint.form_values import apply_form_values, fetched_values
from spmigrate.rehearsal.sharepoint.item_versions import encoded
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues

if TYPE_CHECKING:
    from collections.abc import Callable

    from spmigrate.rehearsal.content import Item
    from spmigrate.rehearsal.sharepoint.item_values import ItemReader
    from spmigrate.rehearsal.storage import Entity

# What Office on the web opens; source: its list of supported file types.
_OFFICE = frozenset({
    "doc", "docm", "docx", "dot", "dotx", "odt", "xls", "xlsb", "xlsm", "xlsx", "ods", "ppt", "pptm", "pptx", "pps",
    "ppsx", "odp", "one", "onetoc2", "vsdx", "vsdm",
})  # fmt: skip
_WOPI_ACTIONS = {0: "view", 1: "edit", 2: "mobileView", 3: "interactivepreview"}


class FieldTexts(PropertyValues):
    """The columns of an item as texts."""

    type = "SP.FieldStringValues"


class ItemCalls(Resource):
    """The methods and links of a list item."""

    addresses = frozenset({"comments"})
    owner: Entity
    item: Item

    @property
    def reader(self) -> ItemReader:
        """What reads the columns; the item itself makes it."""
        raise AttributeError("reader")

    def write(self, _patch: Mapping[str, Any], *, keep_version: bool, quietly: bool = False) -> None:  # noqa: ARG002
        """Keep columns by internal name; the item itself knows how."""
        raise wrong_method("MERGE", self.path)

    @link("AttachmentFiles")
    def attachments(self) -> Attachments:
        """What is attached."""
        return Attachments(self)

    @link("FieldValuesAsText")
    def values_as_text(self) -> Resource:
        """Every value as text."""
        return self._values("FieldValuesAsText", self.reader.text)

    @link("FieldValuesAsHtml")
    def values_as_html(self) -> Resource:
        """Every value as HTML."""
        return self._values("FieldValuesAsHtml", self.reader.html)

    @link("FieldValuesForEdit")
    def values_for_edit(self) -> Resource:
        """Every value as a form takes it back."""
        return self._values("FieldValuesForEdit", self.reader.edit)

    def _values(self, name: str, read: Callable[[Item, str], str]) -> Resource:
        values = {encoded(each): read(self.item, each) for each in self.reader.columns.by_name}
        return FieldTexts(self.scope, f"{self.path}/{name}", values)

    @link("LikedByInformation")
    def liked_by(self) -> LikedBy:
        """Who likes it."""
        return LikedBy(self)

    @link("GetDlpPolicyTip")
    def dlp_policy_tip(self) -> None:
        """The tip of a data loss prevention policy: no policy matches anything here."""

    @link("Comments")
    def comments(self) -> Comments:
        """The comments."""
        return Comments(self)

    @function("GetComments")
    def get_comments(self, _call: Call) -> Comments:
        """The comments."""
        return self.comments()

    @action("Like")
    def like(self, _call: Call) -> None:
        """The caller likes the item."""
        self._set_like(liked=True)

    @action("Unlike")
    def unlike(self, _call: Call) -> None:
        """The caller likes the item no longer."""
        self._set_like(liked=False)

    def _set_like(self, *, liked: bool) -> None:
        login = self.scope.claims.login
        kept = [each for each in self.item.fields.get("_LikedBy", []) if each != login]
        self.item = self.scope.content.mark(self.item, {"_LikedBy": [*kept, login] if liked else kept})

    @action("SetCommentsDisabled", Level.WRITE)
    def set_comments_disabled(self, call: Call) -> None:
        """Let nobody comment, or everybody again."""
        self.item = self.scope.content.mark(self.item, {"_CommentsDisabled": call.flag("value", 0)})

    @function("GetWOPIFrameUrl")
    def wopi_frame_url(self, call: Call) -> str:
        """Where Office on the web shows the file; empty for what it does not open."""
        number = call.number("action", 0, default=0)
        if self.item.name.rpartition(".")[2].lower() not in _OFFICE or not self.item.file:
            return ""
        name, source = quote(self.item.name), quote(f"{{{self.item.guid.upper()}}}")
        shown = _WOPI_ACTIONS.get(number, "default")
        return f"{self.scope.web_url}/_layouts/15/WopiFrame.aspx?sourcedoc={source}&file={name}&action={shown}"

    @action("SystemUpdate")
    def system_update(self, _call: Call) -> None:
        """Keep what was set without a new version (nothing is pending over REST)."""

    @action("UpdateOverwriteVersion")
    def update_overwrite_version(self, _call: Call) -> None:
        """Keep what was set in the current version (nothing is pending over REST)."""

    @action("ParseAndSetFieldValue")
    def parse_and_set(self, call: Call) -> None:
        """Set a column from text, as a form does; it is kept when Update follows, which over REST it cannot."""
        name = call.text("fieldName", 0)
        if name not in self.reader.columns.by_name:
            raise field_missing(name)

    @function("GetChanges")
    def get_changes(self, call: Call) -> Changes:
        """What happened to the item."""
        return changes_of(self.scope, call, listing=self.owner, item=self.item)

    @action("ValidateUpdateListItem")
    def validate_update_list_item(self, call: Call) -> object:
        """Set columns as a form does; each gets its own result, and one that fails cancels all."""
        return self.apply_form(call)

    @action("ValidateUpdateFetchListItem")
    def validate_update_fetch_list_item(self, call: Call) -> object:
        """The same; the results are followed by the item as it is now."""
        results = self.apply_form(call)
        return Bag(results.type, (*results.values, *fetched_values(self)))

    def apply_form(self, call: Call) -> Bag:
        """Set columns from the form values of a call."""
        values = call.records("formValues", 0)
        quiet = call.flag("bNewDocumentUpdate", 1, default=False)
        utc = call.flag("datesInUTC", default=False)
        outcome = apply_form_values(self, values, utc=utc)
        if outcome.patch is not None:
            self.write(outcome.patch, keep_version=quiet)
        return outcome.results
