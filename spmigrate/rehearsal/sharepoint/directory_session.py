"""``SP.Directory``: the directory's people and groups as SharePoint asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found, not_built
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.access import require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


class DirectoryUser(Resource):
    """A person."""

    type = "SP.Directory.User"
    feed = "Users"
    declared = table(
        group(TEXT, None, "AboutMe Alias CompanyName Department DisplayName Id JobTitle Mail MobilePhone MySite "
              "OfficeLocation PreferredName PrincipalName"),
        group(BOOLEAN, True, "AccountEnabled"),
    )  # fmt: skip

    def __init__(self, scope: Scope, row: Entity) -> None:
        super().__init__(scope)
        self.row = row

    @property
    def path(self) -> str:
        return f"SP.Directory.DirectorySession/User('{self.row.guid}')"

    def stored(self) -> Mapping[str, Any]:
        props = self.row.props
        host = self.scope.tenant.names.personal
        leaf = "".join(each if each.isalnum() else "_" for each in self.row.name.lower())
        return {
            "AccountEnabled": props.get("accountEnabled", True), "Alias": self.row.name.partition("@")[0],
            "CompanyName": props.get("companyName"), "Department": props.get("department"),
            "DisplayName": props.get("displayName"), "Id": self.row.guid, "JobTitle": props.get("jobTitle"),
            "Mail": props.get("mail"), "MySite": f"https://{host}/personal/{leaf}/",
            "OfficeLocation": props.get("officeLocation"), "PreferredName": props.get("displayName"),
            "PrincipalName": self.row.name,
        }  # fmt: skip


class GroupPeople(Collection):
    """The owners or members of a group."""

    feed = "Users"
    element = DirectoryUser

    def __init__(self, scope: Scope, row: Entity, role: str) -> None:
        super().__init__(scope)
        self.row = row
        self.role = role

    def all(self) -> list[DirectoryUser]:
        people = self.scope.tenant.directory.people(self.row, self.role)
        return [DirectoryUser(self.scope, each) for each in people if each.kind == "user"]

    @action("Add")
    def add(self, call: Call) -> DirectoryUser:
        """Add somebody, by id or by name."""
        require_tenant_administrator(self.scope)
        user = find_person(self.scope, call.text("objectId", 0, default="") or call.text("principalName", 1))
        self.scope.tenant.directory.add_person(self.row, self.role, user)
        return DirectoryUser(self.scope, user)

    @action("Remove")
    def remove(self, call: Call) -> None:
        """Take somebody out."""
        require_tenant_administrator(self.scope)
        user = find_person(self.scope, call.text("objectId", 0))
        self.scope.tenant.directory.remove_person(self.row, self.role, user.guid)


class DirectoryGroup(Resource):
    """A group."""

    type = "SP.Directory.Group"
    feed = "Groups"
    declared = table(
        group(TEXT, None, "Alias Classification Description DisplayName Id Mail PrincipalName SiteUrl"),
        group(BOOLEAN, False, "IsPublic"),
    )

    def __init__(self, scope: Scope, row: Entity) -> None:
        super().__init__(scope)
        self.row = row

    @property
    def path(self) -> str:
        return f"SP.Directory.DirectorySession/Group('{self.row.guid}')"

    def stored(self) -> Mapping[str, Any]:
        props = self.row.props
        return {
            "Alias": props.get("mailNickname"), "Classification": props.get("classification"),
            "Description": props.get("description"), "DisplayName": self.row.name, "Id": self.row.guid,
            "IsPublic": props.get("visibility") == "Public", "Mail": props.get("mail"),
            "PrincipalName": props.get("mail"),
        }  # fmt: skip

    @link("Owners")
    def owners(self) -> GroupPeople:
        """Who owns it."""
        return GroupPeople(self.scope, self.row, "owner")

    @link("Members")
    def people(self) -> GroupPeople:
        """Who is in it."""
        return GroupPeople(self.scope, self.row, "member")


class DirectorySession(Resource):
    """``DirectorySession``."""

    type = "SP.Directory.DirectorySession"
    feed = "DirectorySession"

    @property
    def path(self) -> str:
        return self.type

    @link("Me")
    def me(self) -> DirectoryUser:
        """The caller; an application is nobody."""
        if self.scope.claims.app_only:
            raise file_not_found()
        return DirectoryUser(self.scope, find_person(self.scope, self.scope.claims.user))

    @function("User")
    @function("GetGraphUser")
    @function("GetSharePointDataForUser")
    def user(self, call: Call) -> DirectoryUser:
        """A person by id or name."""
        segment = call.segment
        given = segment.positional[0] if segment.positional else next(iter(segment.named.values()), "")
        return DirectoryUser(self.scope, find_person(self.scope, str(given)))

    @function("Group")
    def group(self, call: Call) -> DirectoryGroup:
        """A group by id."""
        row = self.scope.tenant.directory.group(call.text("groupId", 0))
        if row is None:
            raise file_not_found()
        return DirectoryGroup(self.scope, row)

    @function("ValidateGroupName")
    def validate_group_name(self, _call: Call) -> None:
        """What the naming policy says."""
        raise not_built("POST", "SP.Directory.DirectorySession/ValidateGroupName")


class DirectoryCalls(Node):
    """The ways from the root into the directory."""

    @link("SP.Directory.DirectorySession")
    def directory_session(self) -> DirectorySession:
        """People and groups."""
        return DirectorySession(self.scope)

    @function("SP.Directory.SPHelper.CheckSiteAvailability")
    def check_site_availability(self, call: Call) -> bool:
        """Whether a site may still get an address."""
        address = call.text("siteUrl", 0).partition("://")[2].strip("/")
        return site_manager.address_state(self.scope, address) == "free"

    @function("SP.Directory.SPHelper.IsMemberOf")
    def is_member_of(self, call: Call) -> bool:
        """Whether somebody is in a group."""
        user = find_person(self.scope, call.text("principalName", 0))
        row = self.scope.tenant.directory.group(call.text("groupId", 1))
        if row is None:
            raise file_not_found()
        return any(each.guid == user.guid for each in self.scope.tenant.directory.people(row, "member"))


def find_person(scope: Scope, identity: str) -> Entity:
    """A person by id, name or claims login; refuses when there is nobody."""
    directory = scope.tenant.directory
    found = directory.user(identity.rpartition("|")[2]) if identity else None
    if found is None:
        raise bad_argument(f"The user {identity} could not be found.\r\nParameter name: principalName")
    return found
