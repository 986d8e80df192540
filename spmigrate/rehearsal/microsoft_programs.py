"""Microsoft's own programs, which people of every tenant sign in to without anybody having registered them.

They stand in no tenant's list of applications. Source of the client id and the scopes: tokens of Azure CLI, as
published with questions about it; azure-identity signs people in under the same id where it is given no other.
"""

from __future__ import annotations

from spmigrate.rehearsal.storage import Entity

MANAGEMENT_ID = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
"""The client id of Azure's management API."""
_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
_GRAPH_SCOPES = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Group.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
)


def find_program(client_id: str) -> Entity | None:
    """One of Microsoft's programs, in the form of an application."""
    if client_id.lower() != _AZURE_CLI:
        return None
    scopes = {"graph": list(_GRAPH_SCOPES), MANAGEMENT_ID: ["user_impersonation"]}
    props = {"displayName": "Microsoft Azure CLI", "roles": {}, "scopes": scopes, "secrets": [], "certificates": []}
    return Entity(0, "app", _AZURE_CLI, 0, "Microsoft Azure CLI", props, 1, "", "", None)
