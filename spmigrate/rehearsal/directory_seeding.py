"""What every tenant's directory has from its first day: Microsoft's service principals, the administrator's role."""

from __future__ import annotations

from spmigrate.rehearsal.directory import ADMINISTRATOR, GLOBAL_ADMINISTRATOR
from spmigrate.rehearsal.graph.roles import activate_role
from spmigrate.rehearsal.microsoft_programs import MANAGEMENT_ID
from spmigrate.rehearsal.permissions import API_IDS
from spmigrate.rehearsal.tenant import Tenant

# Client ids as Microsoft publishes them ("Verify first-party Microsoft applications in sign-in reports").
_MICROSOFT = {
    API_IDS["graph"]: "Microsoft Graph",
    API_IDS["sharepoint"]: "Office 365 SharePoint Online",
    "00000002-0000-0000-c000-000000000000": "Windows Azure Active Directory",
    "00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
    "00000004-0000-0ff1-ce00-000000000000": "Skype for Business Online",
    "c5393580-f805-4401-95e8-94b7a6ef2fc2": "Office 365 Management APIs",
    MANAGEMENT_ID: "Windows Azure Service Management API",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe": "Microsoft Teams Services",
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264": "Microsoft Teams",
    "08e18876-6177-487e-b8b5-cf950c1e598c": "SharePoint Online Web Client Extensibility",
}


def add_directory(tenant: Tenant) -> None:
    """Add what is there before anybody does anything, and the principals of applications that have none."""
    for client, name in _MICROSOFT.items():
        if tenant.directory.principal(client) is None:
            tenant.directory.add_principal(client, props={"displayName": name})
    add_principals(tenant)
    admin = tenant.directory.user(f"{ADMINISTRATOR}@{tenant.names.domain}")
    if admin is not None:
        tenant.directory.add_person(activate_role(tenant, GLOBAL_ADMINISTRATOR), "member", admin)


def add_principals(tenant: Tenant) -> None:
    """Let every application of the tenant into it."""
    for app in tenant.store.every("app"):
        if tenant.directory.principal(app.guid) is None:
            props = {"tags": ["WindowsAzureActiveDirectoryIntegratedApp"]}
            tenant.directory.add_principal(app.guid, props=props)
