"""``SPOGroup``: the Microsoft 365 group behind a site, as the admin centre changes it."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action

# What may be changed.
_CHANGED = ("displayName", "description")


class SiteGroup(Resource):
    """The group behind a site."""

    type = "Microsoft.Online.SharePoint.TenantAdministration.SPOGroup"
    feed = "SPOGroup"

    @property
    def path(self) -> str:
        return "SPOGroup"

    @action("UpdateGroupPropertiesBySiteId")
    def update_by_site(self, call: Call) -> None:
        """Change the group's name or description; its site takes the name."""
        group, site = call.text("groupId", 0), call.text("siteId", 1)
        row = self.scope.store.get("group", group.lower())
        place = self.scope.store.get("site", site.lower())
        if row is None or place is None or place.props.get("GroupId") != row.guid:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: groupId")
        patch = {each: call.text(each) for each in _CHANGED if call.value(each, default=None) is not None}
        name = patch.get("displayName")
        self.scope.store.update(row, patch, at=self.scope.now, name=name)
        if name:
            # Sites of groups are made of lists and webs, which lead here.
            from spmigrate.rehearsal.group_sites import rename_group_site

            rename_group_site(self.scope.tenant, row, name)
