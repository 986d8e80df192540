"""The built-in columns of a site that people see, by the group that the site's columns page shows them under.

Lines read: internal name, type, id, title. Most are on the site alone until somebody adds them to a list. Source: the
service's own definitions, as they are told of by programs that read them.
"""

from __future__ import annotations

from functools import cache

_GROUPS = """
[Base Columns]
Attachments Attachments 67df98f4-9dec-48ff-a553-29bece9c5bf4 Attachments
Categories Text 9ebcd900-9d05-46c8-8f4d-e46e87328844 Categories
Completed Boolean 35363960-d998-4aad-b7e8-058dfe2c669e Completed
DocIcon Computed 081c6e4c-5c14-4f20-b23e-1a71ceb6a67c Type
Edit Computed 503f1caa-358e-4918-9094-4a2cdc4bc034 Edit
Event Integer 20a1a5b1-fddf-4420-ac68-9701490e09af Event Type
Group Integer c86a2f7f-7680-4a0b-8907-39c4f4855a35 Group Type
Item Integer 92b8e9d0-a11b-418f-bf1c-c44aaa73075d Primary Item ID
Language Choice d81529e8-384c-4ca6-9c43-c86a256e6a44 Language
LinkDiscussionTitle Computed 46045bc4-283a-4826-b3dd-7a78d790b266 Subject
LinkDiscussionTitle2 Computed b4e31c47-f962-4f9f-9132-eb555a1a026c Subject
LinkDiscussionTitleNoMenu Computed 3ac9353f-613f-42bd-98e1-530e9fd1cbf6 Subject
LinkFilename Computed 5cc6dc79-3710-4374-b433-61cb4a686c12 Name
LinkFilenameNoMenu Computed 9d30f126-ba48-446b-b8f9-83745f322ebe Name
LinkTitle Computed 82642ec8-ef9b-478f-acf9-31f7d45fbc31 Title
LinkTitleNoMenu Computed bc91a437-52e7-49e1-8c4e-4698904b2b6d Title
StartDate DateTime 64cd368d-2f95-4bfc-a1f9-8d4324ecb007 Start Date
URL URL c29e077d-f466-4d8e-8bbe-72b66c5f205c URL
URLNoMenu Computed aeaf07ee-d2fb-448b-a7a3-cf7e062d6c2a URL
URLwMenu Computed 2a9ab6d3-268a-4c1c-9897-e5f018f87e64 URL
User Integer 5928ff1f-daa1-406c-b4a9-190485a448cb User ID
V3Comments Note 6df9bd52-550e-4a30-bc31-a4366832a87e Append-Only Comments
WorkflowItemId Integer 8e234c69-02b0-42d9-8046-d5f49bf0174f Workflow Item ID
WorkflowListId Guid 1bfee788-69b7-4765-b109-d4d9c31d1ac1 Workflow List ID
WorkflowName Text e506d6ca-c2da-4164-b858-306f1c41c9ec Workflow Name
_EndDate DateTime 8a121252-85a9-443d-8217-a1b57020fadf End Date
[Content Feedback]
AverageRating AverageRating 5a14d1ab-1513-48c7-97b3-657a5ba6c742 Rating (0-5)
LikesCount Likes 6e4d832b-f610-41a8-b3e0-239608efda41 Number of Likes
RatingCount RatingCount b1996002-9167-45e5-a4df-b2c41c6723c7 Number of Ratings
[Core Contact and Calendar Columns]
Anniversary DateTime 9d76802c-13c4-484a-9872-d7f9641c4672 Anniversary
AssistantNumber Text f55de332-074e-4e71-a71a-b90abfad51ae Assistant's Phone
AssistantsName Text 2aea194d-e399-4f05-95af-94f87b1f2687 Assistant's Name
Birthday DateTime c4c7d925-bc1b-4f37-826d-ac49b4fb1bc1 Birthday
Business2Number Text 6547d03a-76d3-4d74-9d34-f51b837c0879 Business Phone 2
CallbackNumber Text 344e9657-b17f-4344-a834-ff7c056bcc5e Callback Number
CarNumber Text 92a011a9-fd1b-42e0-b6fa-afcfee1928fa Car Phone
CellPhone Text 2a464df1-44c1-4851-949d-fcd270f0ccf2 Mobile Number
ChildrensNames Text 6440b402-8ec5-4d7a-83f4-afccb556b5cc Children's Names
Company Text 038d1503-4629-40f6-adaf-b47d1ab2d4fe Company
CompanyNumber Text 27cb1283-bda2-4ae8-bcff-71725b674dbb Company Main Phone
ComputerNetworkName Text 86a78395-c8ad-429e-abff-be09417b523e Computer Network Name
CustomerID Text 81368791-7cbc-4230-981a-a7669ade9801 Custom ID Number
EMail Text fce16b4c-fe53-4793-aaab-b4892e736d15 E-Mail
Email2 Text e232d6c8-9f49-4be2-bb28-b90570bcf167 E-mail 2
Email3 Text 8bd27dbd-29a0-4ccd-bcb4-03fe70c538b1 E-mail 3
FTPSite URL d733736e-4204-4812-9565-191567b27e33 FTP Site
FirstName Text 4a722dd4-d406-4356-93f9-2550b8f50dd0 First Name
FullName Text 475c2610-c157-4b91-9e2d-6855031b3538 Full Name
Gender Choice 23550288-91b5-4e7f-81f9-1a92661c4838 Gender
GovernmentIDNumber Text da31d3c9-f9da-4c35-88d4-60aafa4c3f19 Government ID Number
Hobbies Text 203fa378-6eb8-4ed9-a4f9-221a4c1fbf46 Hobbies
Home2Number Text 8c5a385d-2fff-42da-a4c5-f6a904f2e491 Home Phone 2
HomeAddressCity Text 5aeabc56-57c6-4861-bc12-bd72c30fc6bd Home Address City
HomeAddressCountry Text 897ecfd7-4293-4782-b463-bd68440a5fed Home Address Country/Region
HomeAddressPostalCode Text c0e4b4c6-6245-4846-8561-b8c6c01fefc1 Home Address Postal Code
HomeAddressStateOrProvince Text f5b36006-69b0-418c-bd4a-f25ca7e096bb Home Address State Or Province
HomeAddressStreet Text 8c66e340-0985-4d68-af03-3050ece4862b Home Address Street
HomeFaxNumber Text c189a857-e6b0-488f-83a0-f4ee0a3ad01e Home Fax
HomePhone Text 2ab923eb-9880-4b47-9965-ebf93ae15487 Home Phone
IMAddress Text 4cbd96f7-09c6-4b5e-ad42-1cbe123de63a IM Address
ISDNNumber Text a579062a-6c1d-4ad3-9d5e-035f9f2c1882 ISDN
Initials Text 7a282f86-69d9-40ff-ae1c-c746cf21256b Initials
JobTitle Text c4e0f350-52cc-4ede-904c-dd71a3d11f7d Job Title
Location Text 288f5f32-8462-4175-8f09-dd7ba29359a9 Location
ManagersName Text ba934502-d68d-4960-a54b-51e15fef5fd3 Manager's Name
MiddleName Text 418c8d29-6f2e-44c3-8955-2cd7ec3e2151 Middle Name
Nickname Text 6b0a2cd7-a7f9-41ca-b932-f3bebb603793 Nickname
Office Text 26169ab2-4bd2-4870-b077-10f49c8a5822 Office
OrganizationalIDNumber Text 0850ae15-19dd-431f-9c2f-3aff3ae292ce Organizational ID Number
OtherAddressCity Text 90fa9a8e-aac0-4828-9cb4-78f98416affa Other Address City
OtherAddressCountry Text 3c0e9e00-8fcc-479f-9d8d-3447cda34c5b Other Address Country/Region
OtherAddressPostalCode Text 0557c3f8-60c4-4dfb-b5ba-bf3c4e4386b1 Other Address Postal Code
OtherAddressStateOrProvince Text f45883bc-8733-4b77-ab5d-43613986aa12 Other Address State Or Province
OtherAddressStreet Text dff5dfc2-e2b7-4a19-bde7-76dabc90a3d2 Other Address Street
OtherFaxNumber Text aad15eb6-d7fd-47b8-abd4-adc0fe33a6ba Other Fax
OtherNumber Text 96e02495-f428-48bc-9f13-06d98ba58c34 Other Phone
PagerNumber Text f79bf074-daf7-4c06-a314-15b287fdf4c9 Pager
PersonalWebsite URL 5aa071d9-3254-40fb-82df-5cedeff0c41e Personal Website
PrimaryNumber Text d69bcc0e-57c3-4f3b-bbc5-b090edf21f0f Primary Phone
Profession Text f0753a13-44b1-4269-82af-5c34c57b0c67 Profession
RadioNumber Text d1aede4f-1352-48d9-81e2-b10097c359c1 Radio Phone
ReferredBy Text 9b4cc5a9-1119-43e4-b2a8-412c4031f92b Referred By
SpouseName Text f590b1de-8e28-4c17-91bc-bf4096024b7e Spouse/Domestic Partner
Suffix Text d886eba3-d018-4103-a322-d5780127ef8a Suffix
TTYTDDNumber Text f54697f1-0357-4c5a-a711-0cb654bc73e4 TTY-TDD Phone
TelexNumber Text e7be7f3c-c436-481d-8865-669e5146f53c Telex
UserField1 Text 566656f5-17b3-4291-98a5-5074aadf77b3 User Field 1
UserField2 Text 182d1b9e-1718-4e11-b279-38f7ed0a20d6 User Field 2
UserField3 Text a03eb53e-f123-4af9-9355-f92bd75c00b3 User Field 3
UserField4 Text adefa4ca-14c3-4694-b531-f51b706efe9d User Field 4
WebPage URL a71affd2-dcc7-4529-81bc-2fe593154a5f Web Page
WorkAddress Note fc2e188e-ba91-48c9-9dd3-16431afddd50 Address
WorkCity Text 6ca7bd7f-b490-402e-af1b-2813cf087b1e City
WorkCountry Text 3f3a5c85-9d5a-4663-b925-8b68a678ea3a Country/Region
WorkFax Text 9d1cacc8-f452-4bc1-a751-050595ad96e1 Fax Number
WorkPhone Text fd630629-c165-4513-b43c-fdb16b86a14d Business Phone
WorkState Text ceac61d3-dda9-468b-b276-f4a6bb93f14f State/Province
WorkZip Text 9a631556-3dac-49db-8d2f-fb033b0fdc24 ZIP/Postal Code
_Photo URL 1020c8a0-837a-4f1b-baa1-e35aff6da169 Contact Photo
ol_Department Text c814b2cf-84c6-4f56-b4a4-c766938a97c5 Department
ol_EventAddress Text 493896da-0a4f-46ec-a68e-9cfd1a5fc19b Event Address
[Core Document Columns]
FileType Computed c53a03f3-f930-4ef2-b166-e0f2210c13c0 File Type
ImageCreateDate DateTime a5d2f824-bc53-422e-87fd-765939d863a5 Date Picture Taken
ImageHeight Integer 1944c034-d61b-42af-aa84-647f2e74ca70 Picture Height
ImageWidth Integer 7e68a0f9-af76-404c-9613-6f82bc6dc28c Picture Width
Keywords Note b66e9b50-a28e-469b-b1a0-af0e45486874 Keywords
Subject Text 76a81629-44d4-4ce1-8d4d-6d7ebcd885fc Subject
_Author Text 246d0907-637c-46b7-9aa0-0bb914daa832 Author
_Category Text 0fc9cace-c5c2-465d-ae88-b67f2964ca93 Category
_Comments Note 52578fc3-1f01-4f4d-b016-94ccbcf428cf Comments
_Contributor Note 370b7779-0344-4b9f-8f2d-dc1c62eae801 Contributor
_Coverage Text 3b1d59c0-26b1-4de6-abbd-3edb4e2c6eca Coverage
_DCDateCreated DateTime 9f8b4ee0-84b7-42c6-a094-5cbde2115eb9 Date Created
_DCDateModified DateTime 810dbd02-bbf5-4c67-b1ce-5ad7c5a512b2 Date Modified
_Format Text 36111fdd-2c65-41ac-b7ef-48b9b8da4526 Format
_Identifier Text 3c76805f-ad45-483a-9c85-7ac24506ce1a Resource Identifier
_LastPrinted DateTime b835f7c6-88a0-45d5-80c9-7ab4b2888b2b Last Printed
_Publisher Text 2eedd0ae-4281-4b77-99be-68f8b3ad8a7a Publisher
_Relation Note 5e75c854-6e9d-405d-b6c1-f8725bae5822 Relation
_ResourceType Text edecec70-f6e2-4c3c-a4c7-f61a515dfaa9 Resource Type
_Revision Text 16b4ab96-0ce5-4c82-a836-f3117e8996ff Revision
_RightsManagement Note ada3f0cb-6f95-4588-bb08-d97cc0623522 Rights Management
_Source Note b0a3c1db-faf1-48f0-9be1-47d2fc8cb5d6 Source
_Status Choice 1dab9b48-2d1a-47b3-878c-8e84f0d211ba Status
_Version Text 78be84b9-d70c-447b-8275-8dcd768b6f92 Version
wic_System_Copyright Text f08ab41d-9a03-49ae-9413-6cd284a15625 Copyright
[Core Task and Issue Columns]
ActualWork Number b0b3407e-1c33-40ed-a37c-2430b7a5d081 Actual Work
AssignedTo User 53101f38-dd2e-458c-b245-0c236cc13d1a Assigned To
BillingInformation Text 4f03f66b-fb1e-4ed2-ab8e-f6ed3fe14844 Billing Information
DateCompleted DateTime 24bfa3c2-e6a0-4651-80e9-3db44bf52147 Date Completed
Mileage Text 3126c2f1-063e-4892-828f-0696ec6e105f Mileage
PercentComplete Number d2311440-1ed6-46ea-b46d-daa643dc3886 % Complete
Predecessors LookupMulti c3a92d97-2b77-4a25-9698-3ab54874bc6f Predecessors
Priority Choice a8eb573e-9e11-481a-a8c9-1104a54b2fbd Priority
Role Text eeaeaaf1-4110-465b-905e-df1073a7e0e6 Role
TaskCompanies Text 3914f98e-6d99-4218-9ba3-af7370b9e7bc Related Company
TaskDueDate DateTime cd21b4c2-6841-4f9e-a23a-738a65f99889 Due Date
TaskStatus Choice c15b34c3-ce7d-490a-b133-3f4de8801b76 Task Status
TotalWork Number f3c4a259-19a2-44b8-ab3d-e9145d07d538 Total Work
[Custom Columns]
CategoryDescription Text ab065451-14d6-485a-88c3-414c908d50d3 Description
CategoryImage URL 7cc564f1-abd4-4a2f-bd9b-85dd1d071bdc Category Picture
IsFeatured Boolean 5a034ff8-d7a4-4d69-ab26-5f5a043b572d Is Featured Discussion
LastPostBy User 497e00df-75c8-4e61-ac5c-a143b6a0fddc Last Post By
LastPostDate DateTime 539458a6-152c-460f-a915-53722c6eb4a6 Last Post Date
MyEditor User 078b9dba-eb8c-4ec5-bfdd-8d220a3fcc5d Modified By
ParentFolderId Integer a9ec25bf-5a22-4658-bd19-484e52efbe1a Parent Folder Id
ParentID Lookup fd447db5-3908-4b47-8f8c-a5895ed0aa6a Parent ID
ParentItemEditor User ff90fecb-7f46-44f5-9698-db44a81b2a8b Parent Item Editor
ParentItemID Integer 7d014138-1886-41f0-834f-ba9f4e72f33b Parent Item ID
ReplyCount Integer d42630f0-0084-4b16-b876-80fe8cf88879 Replies
ShortestThreadIndexId Text 2bec4782-695f-406d-9e50-f1d39a2b8eb6 Shortest Thread-Index Id
TaskOutcome OutcomeChoice 55b29417-1042-47f0-9dff-ce8156667f96 Task Outcome
TaxCatchAll LookupMulti f3b0adf9-c1a2-4b02-920d-943fba4b3611 Taxonomy Catch All Column
TaxCatchAllLabel LookupMulti 8f6b6dd8-9357-4019-8172-966fcd502ed2 Taxonomy Catch All Column1
TaxKeywordTaxHTField Note 1390a86a-23da-45f0-8efe-ef36edadfb39 TaxKeywordTaxHTField
TopicCount Integer d2264183-83dc-4d08-a57d-974686192d7a Discussions
WSEnabled Boolean a569e161-e19e-4360-9ae1-20dfda097cb3 WSEnabled
WSPublishState Integer 40270da4-0a34-4c14-8c30-59e065a28a4d WSPublishState
[Display Template Columns]
CompatibleManagedProperties Note bab0a619-d1ec-40d7-847b-3e4408080c17 Compatible Managed Properties
CompatibleSearchDataTypes MultiChoice dcb8e2a9-42d1-495f-9fda-4bf9c706bc46 Compatible Search Data Types
CrawlerXSLFile URL 3c318a40-0d51-408d-ba71-16fa845b9fe5 Crawler XSL File
DisplayTemplateLevel Choice fa181e85-8465-42fd-bd81-4afea427d3fe Template Level
ManagedPropertyMapping Note a0dd6c22-0988-453e-b3e2-77479dc9f014 Managed Property Mappings
TargetControlType MultiChoice cab85295-b195-4ac2-8323-87c602e6ac9d Target Control Type (Search)
TemplateHidden Boolean 0a9ec8f0-0340-4e24-9b35-ca86a6ded5ab Hidden Template
[Document and Record Management Columns]
RoutingAliases Text 186175f6-e318-4e9a-b5f7-4f7c751585a0 Aliases
RoutingAutoFolderProp Text 2a647aba-7c69-482b-97b2-dc94f2fb39dc Property for Automatic Folder Creation
RoutingAutoFolderSettings Note e1fa3211-0188-4a95-a737-8775782cbac0 Auto folder configuration data
RoutingConditionProperties Note ff4470ae-85d6-49ab-a501-e5772848f6c8 Properties used in Conditions
RoutingConditions Note ff4470ae-85d6-49ab-a501-e5772848f6c7 Condition XML
RoutingContentType Text 592102d3-4bce-4640-a49e-b6f23d480b7d Submission Content Type
RoutingContentTypeInternal Text baf14289-0687-448c-b13c-c98dc4183e06 Submission Content Type (Internal)
RoutingCustomRouter Text dc7d1e4c-c725-4ffb-995b-4ff324656e91 Custom Router
RoutingEnabled Boolean 3c4e7a5b-b7d5-4779-a14a-490803e63923 Active
RoutingPriority Text d4a6af1d-c6d7-4045-8def-cefa25b9ec31 Priority
RoutingRuleDescription Text 34a72e09-3ca6-4931-b2e3-f81c40bb87bd Description
RoutingRuleExternal Boolean a2455e0a-f63c-46af-857c-dbd4199ff95f Route To External Location
RoutingRuleName Text 7ba87dae-e90b-431b-8a02-8fc26e453880 Rule Name
RoutingTargetFolder Text 7383b80f-b38d-4dde-b9e0-5319f0777069 Target Folder
RoutingTargetLibrary Text bda383b2-0bc3-4b10-936e-d7e48974e230 Target Library
RoutingTargetPath Text 10a4d7f7-ab3a-426f-b5cc-ab1eb03a94f4 Target Path
_dlc_Exempt ExemptField b0227f1a-b179-4d45-855b-a18f03706bcb Exempt from Policy
_dlc_ExpireDate DateTime acd16fdf-052f-40f7-bb7e-564c269c9fbc Expiration Date
_dlc_ExpireDateSaved DateTime 74e6ae8a-0e3e-4dcb-bbff-b5a016d74d64 Original Expiration Date
_vti_ItemDeclaredRecord DateTime f9a44731-84eb-43a4-9973-cd2953ad8646 Declared Record
_vti_ItemHoldRecordStatus Integer 3afcc5c7-c6ef-44f8-9479-3561d72f9e8e Hold and Record Status
_vti_ItemIsLocked Boolean 740931e6-d79e-44a6-a752-a06eb23c11b0 Is Locked For Edit
[Enterprise Keywords Group]
TaxKeyword TaxonomyFieldTypeMulti 23f27201-bee3-471e-b2e7-b64fd8b7ca38 Enterprise Keywords
[Extended Columns]
CompanyPhonetic Text 034aae88-6e9a-4e41-bc8a-09b6c15fcdf4 Company Phonetic
FirstNamePhonetic Text ea8f7ca9-2a0e-4a89-b8bf-c51a6af62c73 First Name Phonetic
IssueStatus Choice 3f277a5c-c7ae-4bbe-9d44-0456fb548f94 Issue Status
LastNamePhonetic Text fdc8216d-dabf-441d-8ac0-f6c626fbdc24 Last Name Phonetic
Purpose Choice 8ee23f39-e2d1-4b46-8945-42386b24829d UDC Purpose
RelatedIssues LookupMulti 875fab27-6e95-463b-a4a6-82544f1027fb Related Issues
TaskGroup User 50d8f08c-8e99-4948-97bf-2be41fa34a0d Task Group
[JavaScript Display Template Columns]
DisplayTemplateJSConfigurationUrl URL 0f2f686a-3921-432e-85fd-9c535bf671b2 Configuration Url
DisplayTemplateJSIconUrl URL 57468ccb-0c02-422c-ba0a-61a44ba41784 Icon
DisplayTemplateJSTargetContentType Text ed095cf7-534e-460b-965f-f14269e70f5a Target Content Type ID
DisplayTemplateJSTargetControlType Choice 0e49b273-3102-4b7d-b609-2e05dd1a17d9 Target Control Type
DisplayTemplateJSTargetListTemplate Text 9f927425-78e9-49c3-b03b-65e1211394e1 Target List Template ID
DisplayTemplateJSTargetScope Text df8bd7e5-b3db-4a94-afb4-7296397d829d Target Scope
DisplayTemplateJSTemplateHidden Boolean 3d0684f7-ca97-413d-9d03-d00f480059ae Hidden
DisplayTemplateJSTemplateType Choice d63173ac-b914-4f90-9cf8-4ff4352e41a3 Standalone
[Page Layout Columns]
ArticleByLine Text d3429cc9-adc4-439b-84a8-5679070f84cb Byline
HeaderStyleDefinitions HTML a932ec3f-94c1-48b1-b6dc-41aaa6eb7e54 Style Definitions
PublishingImageCaption HTML 66f500e9-7955-49ab-abb1-663621727d10 Image Caption
PublishingPageContent HTML f55c4d88-1f2e-4ad9-aaa8-819af4ee7ee8 Page Content
PublishingPageIcon Image 3894ec3f-4674-4924-a440-8872bec40cf9 Page Icon
PublishingPageImage Image 3de94b06-4120-41a5-b907-88773e493458 Page Image
PublishingRollupImage Image 543bc2cf-1f30-488e-8f25-6fe3b689d9ac Rollup Image
RedirectURL URL ac57186e-e90b-4711-a038-b6c6a62a57dc Redirect URL
SummaryLinks SummaryLinks b3525efe-59b5-4f0f-b1e4-6e26cb6ef6aa Summary Links
SummaryLinks2 SummaryLinks 27761311-936a-40ba-80cd-ca5e7a540a36 Summary Links 2
[Publishing Columns]
ArticleStartDate DateTime 71316cea-40a0-49f3-8659-f0cefdbdbd4f Article Date
Audience TargetTo 61cbb965-1e04-4273-b658-eedaa662f48d Target Audiences
PublishingContact User aea1a4dd-0f19-417d-8721-95a1d28762ab Contact
PublishingContactEmail Text c79dba91-e60b-400e-973d-c6d06f192720 Contact E-Mail Address
PublishingContactName Text 7546ad0d-6c33-4501-b470-fb3003ca14ba Contact Name
PublishingContactPicture URL dc47d55f-9bf9-494a-8d5b-e619214dd19a Contact Picture
PublishingExpirationDate PublishingScheduleEndDateFieldType a990e64f-faa3-49c1-aafa-885fda79de62 Scheduling End Date
PublishingPageLayout URL 0f800910-b30d-4c8f-b011-8189b2297094 Page Layout
PublishingStartDate PublishingScheduleStartDateFieldType 51d39414-03dc-4bd0-b777-d3e20cb350f7 Scheduling Start Date
[Reports]
ReportCategory Choice d8921da7-c09b-4a06-b644-dffebf73c736 Report Category
ReportDescription Note 2a16b911-b094-46e6-a7cd-227eea3effdb Report Description
ReportOwner User 2e8881da-0332-4ad9-a565-45b5b8b2702f Owner
ReportStatus Choice bf80df9c-32dc-4257-bcf9-08c2ee6ca1b1 Report Status
SaveToReportHistory Boolean 90884f35-d2a5-48dc-a39f-7bcbc9781cf6 Save to report history
[Status Indicators]
AutoUpdate Boolean 96226eed-ec6f-4f0e-add5-9cfe66a441a0 Auto Update
DataSource URL a9ea6e2d-bc5c-4ccc-bad8-8ddfe519710f Data Source
DetailLink URL 9730102c-9470-4515-960e-6dfb2d89a68b Detail Link
DisplayFolder Text dd83a5ed-83c5-47b7-823a-415c6ea1b8a3 Display Folder
FormattedGoal Text e9df93f4-7951-474b-8cc4-e240c2f5e600 Formatted indicator goal
FormattedValue Text 3366aae9-30a9-43f5-a2cb-1a6ee44e2ce4 Formatted indicator value
FormattedWarning Text f53d350d-854e-4962-9318-89d56d30773a Formatted indicator warning
Goal Number 6e4b3aad-350d-42fa-bd61-d1de715b45db Indicator Goal Threshold
GoalCell Text 4181b96a-3125-4f75-b823-3a4d675c6b19 Goal Cell
GoalFromWorkBook Boolean 20906227-d1c8-430c-989a-30a62e3e40b2 Goal from workbook
GoalSheet Text 69ac2b6e-f626-49b4-b0cc-c2b9580e8719 Goal Sheet
IncludeHierarchy Boolean f6df49ec-807b-4d40-a7da-a17684121f92 Include child indicators
KPI Text 291aacda-4cfb-4d59-968b-5e2ea0c9eab7 Indicator
KpiComments Note 0121cb2b-4515-44f2-9d5a-0dcb3bf556aa Indicator Comments
KpiDescription Note 249a1c1a-5a3e-4173-abad-779b01892510 Description
KpiStatus Number 3c497036-038f-41db-aec7-c9849649b135 Indicator Status
LastUpdated DateTime fd3e3a59-bf10-4c99-b678-5dd7fcc6cb28 Most recent indicator data update
LowerValuesAreBetter Boolean 56747800-d36e-4625-abe3-b1bc74a7d5f8 Lower values are better
PercentExpression Boolean d43e8a19-f4f3-4e6a-b8c1-02e972c3ed6f Percent Expression
Trend Number 11a86235-9d18-4134-b58c-fa7243f4cbba Trend
UpdateError Note e247cbb0-abb3-4759-b9f4-0128e37dd34a Update Error
Value Number f0816223-fd98-41f9-aa57-b7f7db462faa Indicator Value
ValueCell Text 3b32f47b-f1a1-45ff-b5ad-7b28b84c720a Value Cell
ValueExpression Note 93df9772-1e34-40c5-8c54-4bf3cdd56b34 Value Expression
ValueSheet Text d096d5f3-b399-462b-9a32-83f82d9237d4 Value Sheet
ViewGuid Text 2c7db8af-02b0-4177-b77f-15c942c08427 View Guid
Warning Number e84a049e-230d-4751-8d5c-8f615e968df2 Indicator Warning Threshold
WarningCell Text eeaabf1d-f6ae-4dc6-873f-7397a17c36f0 Warning Cell
WarningFromWorkBook Boolean 3c6188a0-2761-4e0a-9fc0-ee32d47e4d49 Warning from workbook
WarningSheet Text 3e223474-75ff-466b-b53f-9b641ce74b6c Warning Sheet
"""


@cache
def grouped_columns() -> dict[str, tuple[str, str, str, str]]:
    """By internal name: group, type, id, title."""
    found: dict[str, tuple[str, str, str, str]] = {}
    group = ""
    for line in _GROUPS.strip().splitlines():
        if line.startswith("["):
            group = line.strip("[]")
            continue
        name, kind, identity, title = line.split(" ", 3)
        found[name] = (group, kind, identity, title)
    return found
