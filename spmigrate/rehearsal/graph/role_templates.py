"""Microsoft's built-in directory roles: id of the template, name, description. Source: Microsoft, "Microsoft Entra
built-in roles"."""

from __future__ import annotations

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
_TEMPLATES = """
62e90394-69f5-4237-9190-012177145e10|Global Administrator|Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities.
10dae51f-b6af-4016-8d66-8c2a99b929b3|Guest User|Default role for guest users. Can read a limited set of directory information.
2af84b1e-32c8-42b7-82bc-daa82404023b|Restricted Guest User|Restricted role for guest users. Can read a limited set of directory information.
a0b1b346-4d3e-4e8b-98f8-753987be4970|User|Default role for member users. Can read all and write a limited set of directory information.
95e79109-95c0-4d8e-aee3-d01accf2d47b|Guest Inviter|Can invite guest users independent of the 'members can invite guests' setting.
fe930be7-5e62-47db-91af-98c3a49a38b1|User Administrator|Can manage all aspects of users and groups, including resetting passwords for limited admins.
729827e3-9c14-49f7-bb1b-9608f156bbb8|Helpdesk Administrator|Can reset passwords for non-administrators and Helpdesk Administrators.
f023fd81-a637-4b56-95fd-791ac0226033|Service Support Administrator|Can read service health information and manage support tickets.
b0f54661-2d74-4c50-afa3-1ec803f12efe|Billing Administrator|Can perform common billing related tasks like updating payment information.
f28a1f50-f6e7-4571-818b-6a12f2af6b6c|SharePoint Administrator|Can manage all aspects of the SharePoint service.
29232cdf-9323-42fd-ade2-1d097af3e4de|Exchange Administrator|Can manage all aspects of the Exchange product.
69091246-20e8-4a56-aa4d-066075b2a7a8|Teams Administrator|Can manage the Microsoft Teams service.
baf37b3a-610e-45da-9e62-d9d1e5e8914b|Teams Communications Administrator|Can manage calling and meetings features within the Microsoft Teams service.
9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3|Application Administrator|Can create and manage all aspects of app registrations and enterprise apps.
158c047a-c907-4556-b7ef-446551a6b5f7|Cloud Application Administrator|Can create and manage all aspects of app registrations and enterprise apps except App Proxy.
cf1c38e5-3621-4004-a7cb-879624dced7c|Application Developer|Can create application registrations independent of the 'Users can register applications' setting.
194ae4cb-b126-40b2-bd5b-6091b380977d|Security Administrator|Can read security information and reports, and manage configuration in Microsoft Entra ID and Office 365.
5d6b6bb7-de71-4623-b4af-96380a352509|Security Reader|Can read security information and reports in Microsoft Entra ID and Office 365.
5f2222b1-57c3-48ba-8ad5-d4759f1fde6f|Security Operator|Creates and manages security events.
f2ef992c-3afb-46b9-b7cf-a126ee74c451|Global Reader|Can read everything that a Global Administrator can, but not update anything.
4a5d8f65-41da-4de4-8968-e035b65339cf|Reports Reader|Can read sign-in and audit reports.
b1be1c3e-b65d-4f19-8427-f6fa0d97feb9|Conditional Access Administrator|Can manage Conditional Access capabilities.
e8611ab8-c189-46e8-94e1-60213ab1f814|Privileged Role Administrator|Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management.
7be44c8a-adaf-4e2a-84d6-ab2649e08a13|Privileged Authentication Administrator|Can access to view, set and reset authentication method information for any user (admin or non-admin).
c4e39bd9-1100-46d3-8c65-fb160da0071f|Authentication Administrator|Can access to view, set and reset authentication method information for any non-admin user.
0526716b-113d-4c15-b2c8-68e3c22b9f80|Authentication Policy Administrator|Can create and manage the authentication methods policy, tenant-wide MFA settings, password protection policy, and verifiable credentials.
966707d0-3269-4727-9be2-8c3a10f19b9d|Password Administrator|Can reset passwords for non-administrators and Password Administrators.
88d8e3e3-8f55-4a1e-953a-9b9898b8876b|Directory Readers|Can read basic directory information. Commonly used to grant directory read access to applications and guests.
9360feb5-f418-4baa-8175-e2a00bac4301|Directory Writers|Can read and write basic directory information. For granting access to applications, not intended for users.
d29b2b05-8046-44ba-8758-1e26182fcf32|Directory Synchronization Accounts|Only used by Microsoft Entra Connect service.
fdd7a751-b60b-444a-984c-02652fe8fa1c|Groups Administrator|Members of this role can create/manage groups, create/manage groups settings like naming and expiration policies, and view groups activity and audit reports.
4d6ac14f-3453-41d0-bef9-a3e0c569773a|License Administrator|Can manage product licenses on users and groups.
17315797-102d-40b4-93e0-432062caca18|Compliance Administrator|Can read and manage compliance configuration and reports in Microsoft Entra ID and Microsoft 365.
e6d1a23a-da11-4be4-9570-befc86d067a7|Compliance Data Administrator|Creates and manages compliance content.
9c6df0f2-1e7c-4dc3-b195-66dfbd24aa8f|Attack Payload Author|Can create attack payloads that an administrator can initiate later.
c430b396-e693-46cc-96f3-db01bf8bb62a|Attack Simulation Administrator|Can create and manage all aspects of attack simulation campaigns.
58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d|Attribute Assignment Administrator|Assign custom security attribute keys and values to supported Microsoft Entra objects.
8424c6f0-a189-499e-bbd0-26c1753c96d4|Attribute Definition Administrator|Define and manage the definition of custom security attributes.
790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b|Message Center Reader|Can read messages and updates for their organization in Office 365 Message Center only.
a9ea8996-122f-4c74-9520-8edcd192826c|Fabric Administrator|Can manage all aspects of the Fabric and Power BI products.
11648597-926c-4cf3-9c36-bcebb0ba8dcc|Power Platform Administrator|Can create and manage all aspects of Microsoft Dynamics 365, Power Apps and Power Automate.
3a2c62db-5318-420d-8d74-23affee5d9d5|Intune Administrator|Can manage all aspects of the Intune product.
be2f45a1-457d-42af-a067-6ec1fa63bc45|External Identity Provider Administrator|Can configure identity providers for use in direct federation.
8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2|Hybrid Identity Administrator|Can manage Active Directory to Microsoft Entra cloud provisioning, Microsoft Entra Connect, and federation settings.
45d8d3c5-c802-45c6-b32a-1d70b5e1e86e|Identity Governance Administrator|Manage access using Microsoft Entra ID for identity governance scenarios.
31392ffb-586c-42d1-9346-e59415a2cc4e|Exchange Recipient Administrator|Can create or update Exchange Online recipients within the Exchange Online organization.
e3973bdf-4987-49ae-837a-ba8e231c7286|Azure DevOps Administrator|Can manage Azure DevOps policies and settings.
8329153b-31d0-4727-b945-745eb3bc5f31|Domain Name Administrator|Can manage domain names in cloud and on-premises.
b5a8dcf3-09d5-43a9-a639-8e29ef291470|Knowledge Administrator|Can configure knowledge, learning, and other intelligent features.
"""  # noqa: E501 - a table reads best with one role a line
TEMPLATES: dict[str, tuple[str, str]] = {
    identity: (name, description)
    for identity, name, description in (line.split("|") for line in _TEMPLATES.strip().splitlines())
}
# Roles that are no administrator's: nobody is assigned to them.
DEFAULT_ROLES = frozenset({
    "10dae51f-b6af-4016-8d66-8c2a99b929b3", "2af84b1e-32c8-42b7-82bc-daa82404023b",
    "a0b1b346-4d3e-4e8b-98f8-753987be4970",
})  # fmt: skip
