"""What hangs on a list besides items, columns and views: forms, rights management, version policies, relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.builtin import derived_guid
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.model import Call, OwnedCollection, Resource, action, function
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    GUID,
    INT,
    PATH,
    TEXT,
    group,
    table,
)
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Forms of a list: (type, page).
_FORMS = ((4, "DispForm.aspx"), (6, "EditForm.aspx"), (8, "NewForm.aspx"))


class ListPart(Resource):
    """Something that one list has once."""

    step = ""
    write_level = Level.MANAGE

    def __init__(self, scope: Scope, owner: Entity, owner_path: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path

    @property
    def path(self) -> str:
        return f"{self.owner_path}/{self.step}"

    @property
    def _key(self) -> str:
        return f"_{self.step}"

    def stored(self) -> Mapping[str, Any]:
        owner = self.scope.store.by_id(self.owner.id) or self.owner
        kept: Mapping[str, Any] = owner.props.get(self._key) or {}
        return kept

    def save(self, patch: Mapping[str, Any]) -> None:
        self.scope.store.update(self.owner, {self._key: {**self.stored(), **patch}}, at=self.scope.now)


class RightsManagement(ListPart):
    """Information rights management of a library."""

    type = "SP.InformationRightsManagementSettings"
    feed = "InformationRightsManagementSettings"
    step = "InformationRightsManagementSettings"
    declared = table(
        group(BOOLEAN, False, "AllowPrint AllowScript AllowWriteCopy DisableDocumentBrowserView "
              "EnableDocumentAccessExpire EnableDocumentBrowserPublishingView EnableGroupProtection "
              "EnableLicenseCacheExpire", writable=True),
        group(INT, 90, "DocumentAccessExpireDays", writable=True),
        group(INT, 30, "LicenseCacheExpireDays", writable=True),
        group(DATE, "0001-01-01T00:00:00Z", "DocumentLibraryProtectionExpireDate", writable=True),
        group(TEXT, "", "GroupName PolicyDescription PolicyTitle TemplateId", writable=True),
    )  # fmt: skip

    @action("Reset")
    def reset(self, _call: Call) -> None:
        """Back to what a new library has."""
        self.scope.store.update(self.owner, {self._key: {}}, at=self.scope.now)


class VersionPolicies(ListPart):
    """How long a library keeps its versions."""

    type = "SP.VersionPolicyManager"
    feed = "VersionPolicies"
    step = "VersionPolicies"
    declared = table(group(INT, 0, "DefaultExpireAfterDays DefaultTrimMode", writable=True))

    @action("SetNoExpiration")
    def set_no_expiration(self, _call: Call) -> None:
        """Versions do not expire."""
        self.save({"DefaultTrimMode": 0, "DefaultExpireAfterDays": 0})

    @action("SetExpireAfter")
    def set_expire_after(self, call: Call) -> None:
        """Versions expire after a number of days."""
        self.save({"DefaultTrimMode": 1, "DefaultExpireAfterDays": call.number("days", 0)})

    @action("SetAutoExpiration")
    def set_auto_expiration(self, _call: Call) -> None:
        """The service decides."""
        self.save({"DefaultTrimMode": 2, "DefaultExpireAfterDays": 30})


class Form(Resource):
    """A page that shows, changes or makes an item."""

    type = "SP.Form"
    feed = "Forms"
    declared = table(
        group(INT, 4, "FormType"),
        group(GUID, "", "Id"),
        group(PATH, None, "ResourcePath"),
        group(TEXT, "", "ServerRelativeUrl"),
    )

    def __init__(self, scope: Scope, owner: Entity, owner_path: str, kind: int, page: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path
        self.kind = kind
        self.page = page

    @property
    def id(self) -> str:
        """Its id."""
        return derived_guid(self.owner.guid, self.page)

    @property
    def path(self) -> str:
        return f"{self.owner_path}/Forms(guid'{self.id}')"

    def stored(self) -> Mapping[str, Any]:
        address = form_address(self.scope, self.owner, self.page)
        return {"Id": self.id, "FormType": self.kind, "ServerRelativeUrl": address,
                "ResourcePath": {"DecodedUrl": address}}  # fmt: skip


class Forms(OwnedCollection):
    """The pages of a list."""

    feed = "Forms"
    element = Form

    def all(self) -> list[Form]:
        return [Form(self.scope, self.owner, self.owner_path, kind, page) for kind, page in _FORMS]

    def by_key(self, key: object) -> Form | None:
        return next((each for each in self.all() if each.id == str(key).strip("{}").lower()), None)

    @function("GetById")
    def get_by_id(self, call: Call) -> Form | None:
        """A form by id."""
        return self.by_key(call.value("formId", 0))


class RelatedField(Resource):
    """A lookup column elsewhere that leads to this list."""

    type = "SP.RelatedField"
    feed = "RelatedFields"
    declared = table(
        group(GUID, None, "FieldId ListId WebId"),
        group(INT, 0, "RelationshipDeleteBehavior"),
    )

    def __init__(self, scope: Scope, owner: Entity, field: Defined) -> None:
        super().__init__(scope)
        self.owner = owner
        self.field = field

    @property
    def path(self) -> str:
        return f"Web/Lists(guid'{self.owner.guid}')/GetRelatedFields"

    def stored(self) -> Mapping[str, Any]:
        return {"FieldId": self.field.key, "ListId": self.owner.guid, "WebId": self.scope.web.guid,
                "RelationshipDeleteBehavior": self.field.props.get("RelationshipDeleteBehavior", 0)}  # fmt: skip


class RelatedFields(OwnedCollection):
    """The lookup columns of the web's lists that lead to a list."""

    feed = "RelatedFields"
    element = RelatedField

    def all(self) -> list[RelatedField]:
        found = []
        for listing in self.scope.store.children(self.scope.web.id, "list"):
            names = (self.owner.guid, "self") if listing.id == self.owner.id else (self.owner.guid,)
            found += [
                RelatedField(self.scope, listing, field)
                for field in defined_fields(self.scope, listing)
                if str(field.props.get("LookupList", "")).strip("{}").lower() in names
            ]
        return found


class CheckedOutFile(Resource):
    """A file that nobody but its author sees: it was never checked in."""

    type = "SP.CheckedOutFile"
    feed = "CheckedOutFiles"
    declared = table(group(INT, 0, "CheckedOutById"), group(TEXT, "", "ServerRelativePath"))


class CheckedOutFiles(OwnedCollection):
    """The files of a library without a version that was checked in. There are none: whatever is uploaded here counts as
    checked in, and a check-out keeps what was there before."""

    feed = "CheckedOutFiles"
    element = CheckedOutFile

    def all(self) -> list[CheckedOutFile]:
        return []


def form_address(scope: Scope, owner: Entity, page: str) -> str:
    """The server-relative address of one of a list's pages."""
    folder = "/Forms" if owner.props.get("BaseType") == 1 else ""
    return f"{scope.web_path}/{owner.name}{folder}/{page}"
