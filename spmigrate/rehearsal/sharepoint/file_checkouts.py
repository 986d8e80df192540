"""Check-out, check-in, drafts and approval of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.versioning import MAJOR, TAKEN, as_taken, checked_out, next_major, rules_of, taken

MINOR_CHECK_IN, MAJOR_CHECK_IN, OVERWRITE_CHECK_IN = 0, 1, 2
# Source: the reference of SPFile.CheckIn: a comment may have 1,023 characters.
MAX_COMMENT = 1023
PUBLISHED, DRAFT, CHECKED_OUT = 1, 2, 255
APPROVED, DENIED, PENDING, DRAFTED = 0, 1, 2, 3
_STATUS = "_ModerationStatus"


class CheckOuts(Resource):
    """The part of a file that is about who works on it and who may see it."""

    item: Item
    owner: Entity
    address: str

    @action("CheckOut")
    def check_out(self, _call: Call) -> None:
        """Take the file for oneself."""
        holder = self.item.fields.get("CheckoutUser")
        self.scope.content.refuse_if_locked(replace(self.item, fields={}) if holder else self.item, self._me)
        if holder:
            raise self._held_by(str(holder))
        self._keep({"CheckoutUser": self._me, TAKEN: taken(self.item)})

    @action("CheckIn")
    def check_in(self, call: Call) -> None:
        """Give the file back: as a draft (0), as a major version (1), or over the present one (2)."""
        comment = _comment(call)
        kind = call.number("checkInType", 1, default=MAJOR_CHECK_IN)
        if kind not in (MINOR_CHECK_IN, MAJOR_CHECK_IN, OVERWRITE_CHECK_IN):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: checkInType")
        self._refuse_unless_mine()
        rules = rules_of(self.owner.props)
        if kind == MINOR_CHECK_IN and not rules.drafts:
            raise _refused("You can only check in a minor version in a minor version enabled list.")
        number = self.item.version
        if kind != OVERWRITE_CHECK_IN and rules.kept:
            self._remember(as_taken(self.item) if checked_out(self.item) else self.item)
            number = next_major(number) if kind == MAJOR_CHECK_IN else number + 1
        status = self._status_after(number) if kind != OVERWRITE_CHECK_IN else {}
        self._keep({"_CheckInComment": comment, **status}, number=number, release=True)

    @action("UndoCheckOut")
    def undo_check_out(self, _call: Call) -> None:
        """Give the file back as it was when it was taken."""
        self._refuse_unless_mine()
        before = as_taken(self.item) if checked_out(self.item) else self.item
        kept = {name: value for name, value in before.fields.items() if name not in (TAKEN, "CheckoutUser")}
        self.item = self.scope.content.implant(replace(before, fields=kept))

    @action("Publish")
    def publish(self, call: Call) -> None:
        """Make the draft a major version."""
        comment = _comment(call)
        self._refuse_without_drafts()
        self._refuse_checked_out()
        if self.item.version % MAJOR == 0:
            raise _refused("The file is already published.")
        self._remember(self.item)
        number = next_major(self.item.version)
        self._keep({"_CheckInComment": comment, **self._status_after(number)}, number=number)

    @action("Unpublish")
    def unpublish(self, call: Call) -> None:
        """Make the major version a draft again."""
        comment = _comment(call)
        self._refuse_without_drafts()
        self._refuse_checked_out()
        if self.item.version % MAJOR:
            raise _refused("The file is not published.")
        earlier = [each.number for each in self.scope.content.versions(self.item) if each.number < self.item.version]
        number = max([self.item.version - MAJOR, *earlier]) + 1
        self._keep({"_CheckInComment": comment, _STATUS: DRAFTED}, number=number)

    @action("Approve")
    def approve(self, call: Call) -> None:
        """Approve what was submitted."""
        self._decide(APPROVED, _comment(call))

    @action("Deny")
    def deny(self, call: Call) -> None:
        """Refuse what was submitted."""
        self._decide(DENIED, _comment(call))

    @property
    def _me(self) -> str:
        return self.scope.claims.login

    def _decide(self, status: int, comment: str) -> None:
        if not self.owner.props.get("EnableModeration"):
            raise _refused("Content approval is not enabled for this list.")
        self._refuse_checked_out()
        self._keep({_STATUS: status, "_ModerationComments": comment})

    def _status_after(self, number: int) -> dict[str, int]:
        if not self.owner.props.get("EnableModeration"):
            return {}
        return {_STATUS: PENDING if number % MAJOR == 0 else DRAFTED}

    def _refuse_without_drafts(self) -> None:
        if not self.owner.props.get("EnableMinorVersions"):
            raise _refused("You can only publish, unpublish documents in a minor version enabled list.")

    def _refuse_checked_out(self) -> None:
        holder = self.item.fields.get("CheckoutUser")
        if holder:
            raise self._held_by(str(holder))

    def _refuse_unless_mine(self) -> None:
        holder = self.item.fields.get("CheckoutUser")
        if not holder:
            raise ODataError(
                400,
                "-2147024738, Microsoft.SharePoint.SPFileCheckOutException",
                f'The file "{self.address}" is not checked out.',
            )
        if holder != self._me:
            raise self._held_by(str(holder))

    def _held_by(self, login: str) -> ODataError:
        return ODataError(
            423,
            "-2130575306, Microsoft.SharePoint.SPFileCheckOutException",
            f'The file "https://{self.scope.host}{self.address}" is checked out for editing by {login}.',
        )

    def _remember(self, before: Item) -> None:
        version = Version(
            self.item.id, self.item.version, before.size, before.hash, before.blob, before.modified, before.editor,
            {name: value for name, value in before.fields.items() if name != "CheckoutUser"},
        )  # fmt: skip
        self.item = self.scope.content.implant(self.item, [version])

    def _keep(self, fields: Mapping[str, Any], *, number: int | None = None, release: bool = False) -> None:
        """Keep fields without a version of their own; `number` is the version that this makes of the file."""
        kept = {**self.item.fields, **fields}
        if release:
            kept = {name: value for name, value in kept.items() if name not in (TAKEN, "CheckoutUser")}
        changed = replace(self.item, fields=kept, version=self.item.version if number is None else number)
        self.item = self.scope.content.implant(changed)


def _comment(call: Call) -> str:
    comment = call.text("comment", 0, default="")
    if len(comment) > MAX_COMMENT:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: comment")
    return comment


def _refused(message: str) -> ODataError:
    # The number is the general one: no recording of these refusals was found.
    return ODataError(400, f"-2147467259, {SP_EXCEPTION}", message)
