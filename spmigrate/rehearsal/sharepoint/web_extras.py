"""The part of a web that extensions and small services use: custom actions, icons, languages."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import bad_argument, invalid_operation
from spmigrate.rehearsal.sharepoint.alerts import Alerts
from spmigrate.rehearsal.sharepoint.changes import Changes, changes_of
from spmigrate.rehearsal.sharepoint.event_receivers import EventReceivers
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.time_zones import LANGUAGES
from spmigrate.rehearsal.sharepoint.user_custom_actions import UserCustomActions
from spmigrate.rehearsal.storage import Entity

_PICTURES = frozenset({"gif", "jpg", "png", "bmp"})
_KNOWN_ICONS = frozenset({
    "doc", "docx", "dot", "dotx", "xls", "xlsx", "xlt", "xltx", "ppt", "pptx", "pot", "potx", "pdf", "txt", "zip",
    "htm", "html", "xml", "one", "vsd", "vsdx", "msg", "csv", "js", "css", "rtf", "mpp", *_PICTURES,
})  # fmt: skip
_OFFICE = frozenset({"docx", "dotx", "xlsx", "xltx", "pptx", "potx", "one", "vsdx", "pdf"})


class WebExtras(Resource):
    """What extensions and small services use."""

    entity: Entity

    @link("Alerts")
    def alerts(self) -> Alerts:
        """Mails about changes."""
        return Alerts(self.scope)

    @link("EventReceivers")
    def event_receivers(self) -> EventReceivers:
        """What is told of the web's events."""
        return EventReceivers(self.scope, self.entity, self.path)

    @link("UserCustomActions")
    def user_custom_actions(self) -> UserCustomActions:
        """The custom actions."""
        return UserCustomActions(self.scope, self.entity, self.path)

    @function("GetChanges")
    def get_changes(self, call: Call) -> Changes:
        """What happened in the web."""
        return changes_of(self.scope, call)

    @function("MapToIcon")
    def map_to_icon(self, call: Call) -> str:
        """The name of the icon for a file name (size 0 is 16 pixels, 1 is 32, 2 is 256)."""
        kind = call.text("fileName", 0).rpartition(".")[2].lower()
        prefix = {0: "ic", 1: "lg_ic", 2: "256_ic"}.get(call.number("size", 2, default=0))
        if prefix is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: size")
        if kind not in _KNOWN_ICONS:
            return f"{prefix}gen.gif"
        return f"{prefix}{kind}.{'png' if kind in _OFFICE else 'gif'}"

    @action("AddSupportedUILanguage")
    def add_language(self, call: Call) -> None:
        """Let people see the web in one more language."""
        lcid = call.number("lcid", 0)
        if all(each[0] != lcid for each in LANGUAGES):
            raise bad_argument("Specified argument was out of the range of valid values.\r\nParameter name: lcid")
        kept = list(self.entity.props.get("SupportedUILanguageIds", []))
        self.save({"SupportedUILanguageIds": [*kept, *({lcid} - set(kept))], "IsMultilingual": True})

    @action("RemoveSupportedUILanguage")
    def remove_language(self, call: Call) -> None:
        """Take a language away; the web's own one stays."""
        lcid = call.number("lcid", 0)
        if lcid == self.entity.props.get("Language", 1033):
            raise invalid_operation("The default language of the site can't be removed.")
        kept = list(self.entity.props.get("SupportedUILanguageIds", []))
        self.save({"SupportedUILanguageIds": [each for each in kept if each != lcid]})

    @action("ApplyWebTemplate")
    def apply_template(self, _call: Call) -> None:
        """A web gets its template when it is made."""
        raise invalid_operation("A template has already been applied to this site.")
