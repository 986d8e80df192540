"""Application permissions that the rehearsal's APIs know, by API."""

from __future__ import annotations

import uuid

_GRAPH = (
    "Application.Read.All AuditLog.Read.All CrossTenantInformation.ReadBasic.All Directory.Read.All"
    " Directory.ReadWrite.All Domain.Read.All Files.Read.All Files.ReadWrite.All Group.Read.All Group.ReadWrite.All"
    " GroupMember.Read.All Organization.Read.All Policy.Read.All Policy.ReadWrite.Authorization"
    " Policy.ReadWrite.CrossTenantAccess Reports.Read.All RoleManagement.Read.Directory"
    " SharePointTenantSettings.Read.All SharePointTenantSettings.ReadWrite.All Sites.FullControl.All"
    " Sites.Manage.All Sites.Read.All Sites.ReadWrite.All Sites.Selected TermStore.ReadWrite.All User.Invite.All"
    " User.Read.All User.ReadWrite.All"
)
_SHAREPOINT = (
    "Sites.FullControl.All Sites.Manage.All Sites.Read.All Sites.ReadWrite.All Sites.Selected TermStore.Read.All"
    " TermStore.ReadWrite.All User.Read.All User.ReadWrite.All"
)
API_ROLES: dict[str, tuple[str, ...]] = {"graph": tuple(_GRAPH.split()), "sharepoint": tuple(_SHAREPOINT.split())}
_WELL_KNOWN = {
    "graph/Sites.FullControl.All": "a82116e5-55eb-4c41-a434-62fe8a61c773",
    "graph/Sites.Read.All": "332a536c-c7ef-4017-ab91-336970924f0d",
    "graph/Sites.ReadWrite.All": "9492366f-7969-46a4-8d15-ed1a20078fff",
    "graph/Files.ReadWrite.All": "75359482-378d-4052-8f01-80520e7db3cd",
    "graph/Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "graph/User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "graph/Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "graph/Policy.Read.All": "246dd0d5-5bd0-4def-940b-0421030a5b68",
    "graph/AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
    "sharepoint/Sites.FullControl.All": "678536fe-1083-478a-9c59-b99265e6b0d3",
}


def role_id(api: str, role: str) -> str:
    """The id of an application permission: Microsoft's where it is widely published, else one of our own."""
    name = f"{api}/{role}"
    return _WELL_KNOWN.get(name) or str(uuid.uuid5(uuid.NAMESPACE_OID, f"role/{name}"))
