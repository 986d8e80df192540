"""Permissions that the rehearsal's APIs know: application permissions and delegated scopes, with Microsoft's ids.

Source of ids and titles: Microsoft's permissions references of Graph and SharePoint.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

# Name, id as an application permission, id as a delegated scope ("-" where there is none), title.
_GRAPH = """
AccessReview.Read.All d07a8cc0-3d51-4b77-b3b0-32704d1f69fa ebfcd32b-babb-40f4-a14b-42706e83bd28 Read all access reviews
AdministrativeUnit.Read.All 134fd756-38ce-4afd-ba33-e9623dbe66c2 3361d15d-be43-4de6-b441-3c746d05163d Read all administrative units
AdministrativeUnit.ReadWrite.All 5eb59dd3-1da2-4329-8733-9dabdc435916 7b8a2d34-6b3f-4542-a343-54651608ad81 Read and write all administrative units
AppCatalog.Read.All e12dae10-5a57-4817-b79d-dfbec5348930 88e58d74-d3df-44f3-ad47-e89edf4472e4 Read all app catalogs
AppCatalog.ReadWrite.All dc149144-f292-421e-b185-5953f2e98d7f 1ca167d5-1655-44a1-8adf-1414072e1ef9 Read and write to all app catalogs
Application.Read.All 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 c79f8feb-a9db-4090-85f9-90d820caa0eb Read all applications
Application.ReadWrite.All 1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9 bdfbf15f-ee85-4955-8675-146e8e5296b5 Read and write all applications
Application.ReadWrite.OwnedBy 18a4783c-866b-4cc7-a460-3d5e5662c884 - Manage apps that this app creates or owns
AppRoleAssignment.ReadWrite.All 06b708a9-e830-4db3-a914-8e69da51d44f 84bccea3-f856-4a8a-967b-dbe0a3d53a64 Manage app permission grants and app role assignments
AuditLog.Read.All b0afded3-3588-46d8-8b3d-9842eff778da e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20 Read all audit log data
BrowserSiteLists.Read.All c5ee1f21-fc7f-4937-9af0-c91648ff9597 fb9be2b7-a7fc-4182-aec1-eda4597c43d5 Read all browser site lists for your organization
Calendars.Read 798ee544-9d2d-430c-a058-570e29e34338 465a38f9-76ea-45b9-9f34-9e8b0d4b0b42 Read calendars in all mailboxes
Channel.Create f3a65bd4-b703-46df-8f7e-0174fea562aa 101147cf-4178-4455-9d58-02b5c164e759 Create channels
Channel.Delete.All 6a118a39-1227-45d4-af0c-ea7b40d210bc cc83893a-e232-4723-b5af-bd0b01bcfe65 Delete channels
Channel.ReadBasic.All 59a6b24b-4225-4393-8165-ebaec5f55d7a 9d8982ae-4365-4f57-95e9-d6032a4c0b87 Read the names and descriptions of all channels
ChannelMember.Read.All 3b55498e-47ec-484f-8136-9013221c06a9 2eadaff8-0bce-4198-a6b9-2cfc35a30075 Read the members of all channels
ChannelMember.ReadWrite.All 35930dcf-aceb-4bd1-b99a-8ffed403c974 0c3e411a-ce45-4cd1-8f30-f99a3efa7b11 Add and remove members from all channels
ChannelMessage.Read.All 7b2449af-6ccd-4f4d-9f78-e550c193f0d1 767156cb-16ae-4d10-8f8b-41b657c8c8c8 Read all channel messages
ChannelMessage.Send - ebf0f66e-9fb1-49e4-a278-222f76911cf4 Send channel messages
ChannelSettings.Read.All c97b873f-f59f-49aa-8a0e-52b32d762124 233e0cf1-dd62-48bc-b65b-b38fe87fcf8e Read the names, descriptions, and settings of all channels
ChannelSettings.ReadWrite.All 243cded2-bd16-4fd6-a953-ff8177894c3d d649fb7c-72b4-4eec-b2b4-b15acf79e378 Read and write the names, descriptions, and settings of all channels
Chat.Create d9c48af6-9ad9-47ad-82c3-63757137b9af 38826093-1258-4dea-98f0-00003be2b8d0 Create chats
Chat.Read - f501c180-9344-439a-bca0-6cbf209fd270 Read user chat messages
Chat.Read.All 6b7d71aa-70aa-4810-a8d9-5d9fb2830017 - Read all chat messages
Chat.ReadWrite - 9ff7295e-131b-4d94-90e1-69fde507ac11 Read and write user chat messages
ConsentRequest.Read.All 1260ad83-98fb-4785-abbb-d6cc1806fd41 f3bfad56-966e-4590-a536-82ecf548ac1e Read all consent requests
Contacts.Read 089fe4d0-434a-44c5-8827-41ba8a0b17f5 ff74d97f-43af-4b68-9f2a-b77ee6968c5d Read contacts in all mailboxes
CrossTenantInformation.ReadBasic.All cac88765-0581-4025-9725-5ebc13f729ee 81594d25-e88e-49cf-ac8c-fecbff49f994 Read cross-tenant basic information
CustomSecAttributeAssignment.ReadWrite.All de89b5e4-5b8f-48eb-8925-29c2b33bd8bd ca46335e-8453-47cd-a001-8459884efeae Read and write custom security attribute assignments
CustomSecAttributeDefinition.Read.All b185aa14-d8d2-42c1-a685-0f5596613624 ce026878-a0ff-4745-a728-d4fedd086c07 Read custom security attribute definitions
CustomSecAttributeDefinition.ReadWrite.All 12338004-21f4-4896-bf5e-b75dfaf1016d 8b0160d4-5743-482b-bb27-efc0a485ca4a Read and write custom security attribute definitions
DelegatedPermissionGrant.ReadWrite.All 8e8e4742-1d95-4f68-9d56-6ee75648c72a 41ce6ca6-6826-4807-84f1-1c82854f7ee5 Manage all delegated permission grants
Device.Read.All 7438b122-aefc-4978-80ed-43db9fcc7715 951183d1-1a61-466f-a6d1-1fde911bfd95 Read all devices
DeviceLocalCredential.Read.All 884b599e-4d48-43a5-ba94-15c414d00588 280b3b69-0437-44b1-bc20-3b2fca1ee3e9 Read device local credential passwords
Directory.AccessAsUser.All - 0e263e50-5827-48a4-b97c-d940288653c7 Access directory as the signed in user
Directory.Read.All 7ab1d382-f21e-4acd-a863-ba3e13f7da61 06da0dbc-49e2-44d2-8312-53f166ab848a Read directory data
Directory.ReadWrite.All 19dbc75e-c2e2-444c-a770-ec69d8559fc7 c5366453-9fb0-48a5-a156-24f0c49a4b84 Read and write directory data
Domain.Read.All dbb9058a-0e50-45d7-ae91-66909b5d4664 2f9ee017-59c1-4f1d-9472-bd5529a7b311 Read domains
Domain.ReadWrite.All 7e05723c-0bb0-42da-be95-ae9f08a6e53c 0b5d694c-a244-4bde-86e6-eb5cd07730fe Read and write domains
email - 64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0 View users' email address
EntitlementManagement.Read.All c74fd47d-ed3c-45c3-9a9e-b8676de685d2 5449aa12-1393-4ea2-a7c7-d0e06c1a56b2 Read all entitlement management resources
Files.Read - 10465720-29dd-4523-a11a-6a75c743c9d9 Read user files
Files.Read.All 01d4889c-1287-42c6-ac1f-5d1e02578ef6 df85f4d6-205c-4ac5-a5ea-6bf408dba283 Read files in all site collections
Files.ReadWrite - 5c28f0bf-8a70-41f1-8ab2-9032436ddb65 Have full access to user files
Files.ReadWrite.All 75359482-378d-4052-8f01-80520e7db3cd 863451e7-0667-486c-a5d6-d135439485f0 Read and write files in all site collections
Group.Create bf7b1a76-6e77-406b-b258-bf5c7720e98f - Create groups
Group.Read.All 5b567255-7703-4780-807c-7be8301ae99b 5f8c59db-677d-491f-a6b8-5f174b11ec1d Read all groups
Group.ReadWrite.All 62a82d76-70ea-41e2-9197-370581804d09 4e46008b-f24c-477d-8fff-7bb4ec7aafe0 Read and write all groups
GroupMember.Read.All 98830695-27a2-44f7-8c18-0c3ebc9698f6 bc024368-1153-4739-b217-4326f2e966d0 Read all group memberships
GroupMember.ReadWrite.All dbaae8cf-10b5-4b86-a4a1-f871c94c6695 f81125ac-d3b7-4573-a3b2-7099cc39df9e Read and write all group memberships
IdentityProvider.Read.All e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0 43781733-b5a7-4d1b-98f4-e8edff23e1a9 Read identity providers
IdentityRiskyUser.Read.All dc5007c0-2d7d-4c42-879c-2dab87571379 d04bb851-cb7c-4146-97c7-ca3e71baf56c Read all identity risky user information
IdentityUserFlow.Read.All 1b0c317f-dd31-4305-9932-259a8b6e8099 2903d63d-4611-4d43-99ce-a33f3f52e343 Read all identity user flows
InformationProtectionPolicy.Read - 4ad84827-5578-4e18-ad7a-86530b12f884 Read user sensitivity labels and label policies
InformationProtectionPolicy.Read.All 19da66cb-0fb0-4390-b071-ebc76a349482 - Read all published labels and label policies for an organization
LicenseAssignment.ReadWrite.All 5facf0c1-8979-4e95-abcf-ff3d079771c0 f55016cc-149c-447e-8f21-7cf3ec1d6350 Manage all license assignments
Mail.Read 810c84a8-4a9e-49e6-bf7d-12d183f40d01 570282fd-fa5c-430d-a7fd-fc8dc98a9dca Read mail in all mailboxes
Mail.ReadWrite e2a3a72e-5f79-4c64-b1b1-878b674786c9 024d486e-b451-40bb-833d-3e66d98c5c73 Read and write mail in all mailboxes
Mail.Send b633e1c5-b582-4048-a93e-9f11b44c7e96 e383f46e-2787-4529-855e-0e479a3ffac0 Send mail as any user
MailboxSettings.Read 40f97065-369a-49f4-947c-6a255697ae91 87f447af-9fa4-4c32-9dfa-4a57a73d18ce Read all user mailbox settings
Member.Read.Hidden 658aa5d8-239f-45c4-aa12-864f4fc7e490 f6a3db3e-f7e8-4ed2-a414-557c8c9830be Read all hidden memberships
MultiTenantOrganization.Read.All 4f994bc0-31bb-44bb-b480-7a7c1be8c02e 526aa72a-5878-49fe-bf4e-357973af9b06 Read all multi-tenant organization details and tenants
MultiTenantOrganization.ReadWrite.All 920def01-ca61-4d2d-b3df-105b46046a70 77af1528-84f3-4023-8d90-d219cd433108 Read and write all multi-tenant organization details and tenants
offline_access - 7427e0e9-2fba-42fe-b0c0-848c9e6a8182 Maintain access to data you have given it access to
openid - 37f7f235-527c-4136-accd-4a02d197296e Sign users in
OrgSettings-Microsoft365Install.Read.All 6cdf1fb1-b46f-424f-9493-07247caa22e2 8cbdb9f6-9c2e-451a-814d-ec606e5d0212 Read Microsoft 365 apps installation settings
OrgSettings-Microsoft365Install.ReadWrite.All 83f7232f-763c-47b2-a097-e35d2cbe1da5 1ff35e91-19eb-42d8-aa2d-cc9891127ae5 Read and write Microsoft 365 apps installation settings
Organization.Read.All 498476ce-e0fe-48b0-b801-37ba7e2685c6 4908d5b9-3fb2-4b1e-9336-1888b7937185 Read organization information
Organization.ReadWrite.All 292d869f-3427-49a8-9dab-8c70152b74e9 46ca0847-7e6b-426e-9775-ea810a948356 Read and write organization information
OrgContact.Read.All e1a88a34-94c4-4418-be12-c87b00e26bea 08432d1b-5911-483c-86df-7980af5cdee0 Read organizational contacts
People.Read - ba47897c-39ec-4d83-8086-ee8256fa737d Read users' relevant people lists
PeopleSettings.Read.All ef02f2e7-e22d-4c77-8614-8f765683b86e ec762c5f-388b-4b16-8693-ac1efbc611bc Read all tenant-wide people settings
PeopleSettings.ReadWrite.All b6890674-9dd5-4e42-bb15-5af07f541ae1 e67e6727-c080-415e-b521-e3f35d5248e9 Read and write all tenant-wide people settings
Policy.Read.All 246dd0d5-5bd0-4def-940b-0421030a5b68 572fea84-0151-49b2-9301-11cb16974376 Read your organization's policies
Policy.Read.ConditionalAccess 37730810-e9ba-4e46-b07e-8ca78d182097 633e0fce-8c58-4cfb-9495-12bbd5a24f7c Read your organization's conditional access policies
Policy.Read.PermissionGrant 9e640839-a198-48fb-8b9a-013fd6f6cbcd 414de6ea-2d92-462f-b120-6e2a809a6d01 Read consent and permission grant policies
Policy.ReadWrite.AuthenticationFlows 25f85f3c-f66c-4205-8cd5-de92dd7f0cec edb72de9-4252-4d03-a925-451deef99db7 Read and write authentication flow policies
Policy.ReadWrite.AuthenticationMethod 29c18626-4985-4dcd-85c0-193eef327366 7e823077-d88e-468f-a337-e18f1f0e6c7c Read and write all authentication method policies
Policy.ReadWrite.Authorization fb221be6-99f2-473f-bd32-01c6a0e9ca3b edd3c878-b384-41fd-95ad-e7407dd775be Read and write your organization's authorization policy
Policy.ReadWrite.ConditionalAccess 01c0a623-fc9b-48e9-b794-0756f8e8f067 ad902697-1014-4ef5-81ef-2b4301988e8c Read and write your organization's conditional access policies
Policy.ReadWrite.ConsentRequest 999f8c63-0a38-4f1b-91fd-ed1947bdd1a9 4d135e65-66b8-41a8-9f8b-081452c91774 Read and write your organization's consent request policy
Policy.ReadWrite.CrossTenantAccess 338163d7-f101-4c92-94ba-ca46fe52447c 014b43d0-6ed4-4fc6-84dc-4b6f7bae7d85 Read and write your organization's cross tenant access policies
Policy.ReadWrite.ExternalIdentities 03cc4f92-788e-4ede-b93f-199424d144a5 b5219784-1215-45b5-b3f1-88fe1081f9c0 Read and write your organization's external identities policy
Policy.ReadWrite.PermissionGrant a402ca1c-2696-4531-972d-6e5ee4aa11ea 2672f8bb-fd5e-42e0-85e1-ec764dd2614e Manage consent and permission grant policies
Policy.ReadWrite.SecurityDefaults 1c6e93a6-28e2-4cbb-9f64-1a46a821124d 0b2a744c-2abf-4f1e-ad7e-17a087e2be99 Read and write your organization's security defaults policy
profile - 14dad69e-099b-42c9-810b-d002981feec1 View users' basic profile
RecordsManagement.Read.All ac3a2b8e-03a3-4da9-9ce0-cbe28bf1accd 07f995eb-fc67-4522-ad66-2b8ca8ea3efd Read Records Management configuration, labels and policies
Reports.Read.All 230c1aed-a721-4c5d-9cb4-a90514e508ef 02e97553-ed7b-43d0-ab3c-f8bace0d040c Read all usage reports
ReportSettings.Read.All ee353f83-55ef-4b78-82da-555bfa2b4b95 84fac5f4-33a9-4100-aa38-a20c6d29e5e7 Read all admin report settings
ReportSettings.ReadWrite.All 2a60023f-3219-47ad-baa4-40e17cd02a1d b955410e-7715-4a88-a940-dfd551018df3 Read and write all admin report settings
RoleAssignmentSchedule.ReadWrite.Directory dd199f4a-f148-40a4-a2ec-f0069cc799ec 8c026be3-8e26-4774-9372-8d5d6f21daff Read, update, and delete all active role assignments for your company's directory
RoleEligibilitySchedule.Read.Directory ff278e11-4a33-4d0c-83d2-d01dc58929a5 eb0788c2-6d4e-4658-8c9e-c0fb8053f03d Read all eligible role assignments for your company's directory
RoleManagement.Read.All c7fbd983-d9aa-4fa7-84b8-17382c103bc4 48fec646-b2ba-4019-8681-8eb31435aded Read role management data for all RBAC providers
RoleManagement.Read.Directory 483bed4a-2ad3-4361-a73b-c83ccdbdc53c 741c54c3-0c1e-44a1-818b-3f97ab4e8c83 Read all directory RBAC settings
RoleManagement.ReadWrite.Directory 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8 d01b97e9-cbc0-49fe-810a-750afd5527a3 Read and write all directory RBAC settings
SecurityAlert.Read.All 472e4a4d-bb4a-4026-98d1-0b0d74cb74a5 bc257fb8-46b4-4b15-8713-01e91bfbe4ea Read all security alerts
SecurityEvents.Read.All bf394140-e372-4bf9-a898-299cfc7564e5 64733abd-851e-478a-bffb-e47a14b18235 Read your organization's security events
SecurityIncident.Read.All 45cc0394-e837-488b-a098-1918f48d186c b9abcc4f-94fc-4457-9141-d20ce80ec952 Read all security incidents
ServiceHealth.Read.All 79c261e0-fe76-4144-aad5-bdc68fbe4037 55896846-df78-47a7-aa94-8d3d4442ca7f Read service health
ServiceMessage.Read.All 1b620472-6534-4fe6-9df2-4680e8aa28ec eda39fa6-f8cf-4c3c-a909-432c683e4c9b Read service messages
SharePointTenantSettings.Read.All 83d4163d-a2d8-4d3b-9695-4ae3ca98f888 2ef70e10-5bfd-4ede-a5f6-67720500b258 Read SharePoint and OneDrive tenant settings
SharePointTenantSettings.ReadWrite.All 19b94e34-907c-4f43-bde9-38b1909ed408 aa07f155-3612-49b8-a147-6c590df35536 Read and change SharePoint and OneDrive tenant settings
Sites.Create.All 80819dd8-2b3b-4551-a1ad-2700fc44f533 - Create site collections
Sites.FullControl.All a82116e5-55eb-4c41-a434-62fe8a61c773 5a54b8b3-347c-476d-8f8e-42d5c7424d29 Have full control of all site collections
Sites.Manage.All 0c0bf378-bf22-4481-8f81-9e89a9b4960a 65e50fdc-43b7-4915-933e-e8138f11f40a Create, edit, and delete items and lists in all site collections
Sites.Read.All 332a536c-c7ef-4017-ab91-336970924f0d 205e70e5-aba6-4c52-a976-6d2d46c48043 Read items in all site collections
Sites.ReadWrite.All 9492366f-7969-46a4-8d15-ed1a20078fff 89fe6a52-be36-487e-b7d8-d061c450a026 Read and write items in all site collections
Sites.Selected 883ea226-0bf2-4a8f-9f9d-92c9162a727d f89c84ef-20d0-4b54-87e9-02e856d66d53 Access selected site collections
Team.Create 23fc2474-f741-46ce-8465-674744c5c361 7825d5d6-6049-4ce7-bdf6-3b8d53f4bcd0 Create teams
Team.ReadBasic.All 2280dda6-0bfd-44ee-a2f4-cb867cfc4c1e 485be79e-c497-4b35-9400-0e3fa7f2a5d4 Get a list of all teams
TeamMember.Read.All 660b7406-55f1-41ca-a0ed-0b035e182f3e 2497278c-d82d-46a2-b1ce-39d4cdde5570 Read the members of all teams
TeamMember.ReadWrite.All 0121dc95-1b9f-4aed-8bac-58c5ac466691 4a06efd2-f825-4e34-813e-82a57b03d1ee Add and remove members from all teams
TeamsAppInstallation.ReadForTeam.All 1f615aea-6bf9-4b05-84bd-46388e138537 - Read installed Teams apps for all teams
TeamsAppInstallation.ReadWriteForTeam.All 5dad17ba-f6cc-4954-a5a2-a0dcc95154f0 - Manage Teams apps for all teams
TeamsAppInstallation.ReadWriteForTeam - 2e25a044-2580-450d-8859-42eeb6e996c0 Manage installed Teams apps in teams
TeamSettings.Read.All 242607bd-1d2c-432c-82eb-bdb27baa23ab 48638b3c-ad68-4383-8ac4-e6880ee6ca57 Read all teams' settings
TeamSettings.ReadWrite.All bdd80a03-d9bc-451d-b7c4-ce7c63fe3c8f 39d65650-9d3e-4223-80db-a335590d027e Read and change all teams' settings
TeamsTab.Read.All 46890524-499a-4bb2-ad64-1476b4f3e1cf 59dacb05-e88d-4c13-a684-59f1afc8cc98 Read tabs in Microsoft Teams
TeamsTab.ReadWrite.All a96d855f-016b-47d7-b51c-1218a98d791c b98bfd41-87c6-45cc-b104-e2de4f0dafb9 Read and write tabs in Microsoft Teams
TermStore.Read.All ea047cc2-df29-4f3e-83a3-205de61501ca 297f747b-0005-475b-8fef-c890f5152b38 Read all term store data
TermStore.ReadWrite.All f12eb8d6-28e3-46e6-b2c0-b7e4dc69fc95 6c37c71d-f50f-4bff-8fd3-8a41da390140 Read and write all term store data
ThreatAssessment.Read.All f8f035bb-2cce-47fb-8bf5-7baf3ecbee48 - Read threat assessment requests
User.EnableDisableAccount.All 3011c876-62b7-4ada-afa2-506cbbecc68c f92e74e7-2563-467f-9dd0-902688cb5863 Enable and disable user accounts
User.Invite.All 09850681-111b-4a89-9bed-3f2cae46d706 63dd7cd9-b489-4adf-a28c-ac38b9a0f962 Invite guest users to the organization
User.Read - e1fe6dd8-ba31-4d61-89e7-88639da4683d Sign in and read user profile
User.Read.All df021288-bdef-4463-88db-98f22de89214 a154be20-db9c-4678-8ab7-66f6cc099a59 Read all users' full profiles
User.ReadBasic.All 97235f07-e226-4f63-ace3-39588e11d3a1 b340eb25-3456-403f-be2f-af7a0d370277 Read all users' basic profiles
User.ReadWrite - b4e74841-8e56-480b-be8b-910348b18b4c Read and write access to user profile
User.ReadWrite.All 741f803b-c850-494e-b5df-cde7c675a1ca 204e0828-b5ca-4ad8-b9f3-f32a958e7cc4 Read and write all users' full profiles
UserAuthenticationMethod.Read - 1f6b61c5-2f65-4135-9c9f-31c0f8d32b52 Read user authentication methods
UserAuthenticationMethod.Read.All 38d9df27-64da-44fd-b7c5-a6fbac20248f aec28ec7-4d02-4e8c-b864-50163aea77eb Read all users' authentication methods
"""  # noqa: E501 - a table reads best with one permission a line
_SHAREPOINT = """
AllSites.FullControl - 56680e0d-d2a3-4ae1-80d8-3c4f2100e3d0 Have full control of all site collections
AllSites.Manage - b3f70a70-8a4b-4f95-9573-d71c496a53f4 Read and write items and lists in all site collections
AllSites.Read - 4e0d77b0-96ba-4398-af14-3baa780278f4 Read items in all site collections
AllSites.Write - 640ddd16-e5b7-4d71-9690-3f4022699ee7 Read and write items in all site collections
MyFiles.Read - dd2c8d78-58e1-46d7-82dd-34d411282686 Read user files
MyFiles.Write - 2cfdc887-d7b4-4798-9b33-3d98d6b95dd2 Read and write user files
Sites.FullControl.All 678536fe-1083-478a-9c59-b99265e6b0d3 - Have full control of all site collections
Sites.Manage.All 9bff6588-13f2-4c48-bbf2-ddab62256b36 - Read and write items and lists in all site collections
Sites.Read.All d13f72ca-a275-4b96-b789-48ebcc4da984 - Read items in all site collections
Sites.ReadWrite.All fbcd29d2-fcca-4405-aded-518d457caae4 - Read and write items in all site collections
Sites.Search.All - 1002502a-9a71-4426-8551-69ab83452fab Run search queries as a user
Sites.Selected 20d37865-089c-4dee-8c41-6967602d4ac8 - Access selected site collections
TermStore.Read.All 2a8d57a5-4090-4a41-bf1c-3c621d2ccad3 a468ea40-458c-4cc2-80c4-51781af71e41 Read managed metadata
TermStore.ReadWrite.All c8e3537c-ec53-43b9-bed3-b2bd3617ae97 59a198b5-0420-45a8-ae59-6da1cb640505 Read and write managed metadata
User.Read.All df021288-bdef-4463-88db-98f22de89214 0cea5a30-f6f8-42b5-87a0-84cc26822e02 Read user profiles
User.ReadWrite.All 741f803b-c850-494e-b5df-cde7c675a1ca 82866913-39a9-4be7-8091-f4fa781088ae Read and write user profiles
"""  # noqa: E501 - as above


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission of an API; an id is empty where Microsoft has it not in that form."""

    name: str
    role: str
    scope: str
    title: str


def _read(text: str) -> tuple[Permission, ...]:
    found = []
    for line in text.strip().splitlines():
        name, role, scope, title = line.split(" ", 3)
        found.append(Permission(name, role.strip("-"), scope.strip("-"), title))
    return tuple(found)


API_IDS = {"graph": "00000003-0000-0000-c000-000000000000", "sharepoint": "00000003-0000-0ff1-ce00-000000000000"}
"""The client ids of Microsoft's applications that stand for the APIs."""
API_NAMES = {
    "graph": ("https://graph.microsoft.com", "https://graph.microsoft.com/", "00000003-0000-0000-c000-000000000000"),
    "sharepoint": ("https://microsoft.sharepoint-df.com", "Microsoft.SharePoint"),
}
"""What else their service principals are called."""
PERMISSIONS: dict[str, tuple[Permission, ...]] = {"graph": _read(_GRAPH), "sharepoint": _read(_SHAREPOINT)}
API_ROLES: dict[str, tuple[str, ...]] = {
    api: tuple(each.name for each in known if each.role) for api, known in PERMISSIONS.items()
}
API_SCOPES: dict[str, tuple[str, ...]] = {
    api: tuple(each.name for each in known if each.scope) for api, known in PERMISSIONS.items()
}
_ROLE_IDS = {f"{api}/{each.name}": each.role for api, known in PERMISSIONS.items() for each in known if each.role}
_ROLE_NAMES = {(api, each.role): each.name for api, known in PERMISSIONS.items() for each in known if each.role}


def role_id(api: str, role: str) -> str:
    """The id of an application permission: Microsoft's, else one of our own (an app's own name for a thing)."""
    name = f"{api}/{role}"
    return _ROLE_IDS.get(name) or str(uuid.uuid5(uuid.NAMESPACE_OID, f"role/{name}"))


def role_name(api: str, identity: str) -> str | None:
    """The application permission with an id."""
    return _ROLE_NAMES.get((api, identity.lower()))
