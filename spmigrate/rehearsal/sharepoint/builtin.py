"""What every SharePoint site has from the start: columns, content types, list templates, permission levels.

These are shared definitions, not rows: a site that alters one keeps its own copy (``overlay``).
Column lines read: internal name, type, flags, title, id. Flags: h hidden, r read-only, s sealed,
b from the base type, l on lists alone, d on document libraries alone, p in page libraries alone, e in calendars alone.
The columns that people see on the site's columns page are in ``site_columns``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from spmigrate.rehearsal.sharepoint.site_columns import grouped_columns
from spmigrate.rehearsal.sharepoint.site_content_types import content_type

_COLUMNS = """
ID Counter rblx ID 1d22ea11-1e32-424e-89ab-9fedbadb6ce1
ContentTypeId ContentTypeId hrsbx Content Type ID 03e45e84-1992-4d42-9116-26f756012634
ContentType Computed rbx Content Type c042a256-787d-4a6f-8a8a-cf6ab767f12d
Title Text bx Title fa564e0f-0c70-4ab9-b863-0177e6ddd247
Modified DateTime rbx Modified 28cf69c5-fa48-462a-b5cd-27b6f9d2bd5f
Created DateTime rbx Created 8c06beca-0777-48f7-91c7-6da68bc07b69
Author User rbx Created By 1df5e554-ec7e-46a6-901d-d85a3881cb18
Editor User rbx Modified By d31655d1-1d5b-4511-95a1-7a09e9b75bf2
_HasCopyDestinations Boolean hrsbx Has Copy Destinations 26d0756c-986a-48a7-af35-bf18ab85ff4a
_CopySource Text hrsbx Copy Source 6b4e226d-3d88-4a36-808d-a129bf52bccf
owshiddenversion Integer hrsblx owshiddenversion d4e44a66-ee3a-4d02-88c9-4ec5ff3f4cd5
WorkflowVersion Integer hrsblx Workflow Version f1e020bc-ba26-443f-bf2f-b68715017bbc
_UIVersion Integer hrsblx UI Version 7841bf41-43d0-4434-9f50-a673baef7631
_UIVersionString Text rblx Version dce8262a-3ae9-45aa-aab4-83bd75fb738a
Attachments Attachments blx Attachments 67df98f4-9dec-48ff-a553-29bece9c5bf4
_ModerationStatus ModStat hrblx Approval Status fdc3b2ed-5bf2-4835-a4bc-b885f3396a61
_ModerationComments Note hrsblx Approver Comments 34ad21eb-75bd-4544-8c73-0e08330291fe
Edit Computed rbx Edit 503f1caa-358e-4918-9094-4a2cdc4bc034
LinkTitleNoMenu Computed rbx Title bc91a437-52e7-49e1-8c4e-4698904b2b6d
LinkTitle Computed rbx Title 82642ec8-ef9b-478f-acf9-31f7d45fbc31
LinkTitle2 Computed hrbx Title 5f190d91-3dbc-4489-9878-3c092caf35b6
SelectTitle Computed hrbx Select b1f7969b-ea65-42e1-8b54-b588292635f2
InstanceID Integer hrblx Instance ID 50a54da4-1528-4e67-954a-e2d24f1e9efb
Order Number hblx Order ca4addac-796f-4b23-b093-d2a3f65c0774
GUID Guid hrblx GUID ae069f25-3ac2-4256-b9c3-15dbc15da0e0
WorkflowInstanceID Guid hrblx Workflow Instance ID de8beacf-5505-47cd-80a6-aa44e7ffe2f4
FileRef Lookup hrblx URL Path 94f89715-e097-4e8b-ba79-ea02aa8b7adb
FileDirRef Lookup hrblx Path 56605df6-8fa1-47e4-a04c-5b384d59609f
Last_x0020_Modified Lookup hrblx Modified 173f76c8-aebd-446a-9bc9-769a2bd2c18f
Created_x0020_Date Lookup hrblx Created 998b5cff-4a35-47a7-92f3-3914aa6aa4a2
FSObjType Lookup hrsblx Item Type 30bb605f-5bae-48fe-b4e3-1f81d9772af9
SortBehavior Lookup hrsblx Sort Type 423874f8-c300-4bfb-b7a1-42e2159e3b19
PermMask Computed hrbx Effective Permissions Mask ba3c27ee-4791-4867-8821-ff99000bac98
FileLeafRef File hbx Name 8553196d-ec8d-4564-9861-3dbe931050c8
UniqueId Lookup hrsblx Unique Id 4b7403de-8d94-43e8-9f0f-137a3e298126
SyncClientId Lookup hrblx Client Id 6d2c4fde-3605-428e-a236-ce5f3dc2b4d4
ProgId Lookup hrblx ProgId c5c4b81c-f1d9-4b43-a6a2-090df32ebb68
ScopeId Lookup hrblx ScopeId dddd2420-b270-4735-93b5-92b713d0944d
File_x0020_Type Text hrbx File Type 39360f11-34cf-4356-9945-25c44e68dade
HTML_x0020_File_x0020_Type Computed hrbx HTML File Type 4ef1b78f-fdba-48dc-b8ab-3fa06a0c9804
_EditMenuTableStart Computed hrbx Edit Menu Table Start 3c6303be-e21f-4366-80d7-d6d0a3b22c7a
_EditMenuTableEnd Computed hrbx Edit Menu Table End 2ea78cef-1bf9-4019-960a-02c41636cb47
LinkFilenameNoMenu Computed hrbx Name 9d30f126-ba48-446b-b8f9-83745f322ebe
LinkFilename Computed hrbx Name 5cc6dc79-3710-4374-b433-61cb4a686c12
LinkFilename2 Computed hrbx Name 224ba411-da77-4050-b0eb-62d422f13d3e
DocIcon Computed rbx Type 081c6e4c-5c14-4f20-b23e-1a71ceb6a67c
ServerUrl Computed hrbx Server Relative URL 105f76ce-724a-4bba-aece-f81f2fce58f5
EncodedAbsUrl Computed hrbx Encoded Absolute URL 7177cfc7-f399-4d4d-905d-37dd51bc90bf
BaseName Computed hrbx File Name 7615464b-559e-4302-b8e2-8f440b913101
MetaInfo Lookup hrblx Property Bag 687c7f94-686a-42d3-9b67-2782eac4b4f8
_Level Integer hrsblx Level 43bdd51b-3c5b-4e78-90a8-fb2087f71e70
_IsCurrentVersion Boolean hrsblx Is Current Version c101c3e7-122d-4d4d-bc34-58e94a38c816
ItemChildCount Lookup rblx Item Child Count b824e17e-a1b3-426e-aecf-f0184d900485
FolderChildCount Lookup rblx Folder Child Count 960ff01f-2b6d-4f1b-9c3f-e19ad8927341
_ComplianceFlags Lookup rblx Label setting ccc1037f-f65e-434a-868e-8c98af31fe29
_ComplianceTag Lookup rblx Retention label d4b6480a-4bed-4094-9a52-30181ea38f1d
_ComplianceTagWrittenTime Lookup rblx Retention label Applied 92be610e-ddbb-49f4-b3b1-5c2bc768df8f
_ComplianceTagUserId Lookup rblx Label applied by 418d7676-2d6f-42cf-a16a-e43d2971252a
AppAuthor Lookup rblx App Created By 6bfaba20-36bf-44b5-a1b2-eb6346d49716
AppEditor Lookup rblx App Modified By e08400f3-c779-4ed2-a18c-ab7f34caa318
FileSizeDisplay Computed rdx File Size 78a07ba4-bda8-4357-9e0f-580d64487583
File_x0020_Size Lookup hrdx File Size 8fca95c0-9b7d-456f-8dae-b41ee2728b85
CheckoutUser User rdx Checked Out To 3881510a-4e4a-4ee8-b102-8ee8e2d0dd4b
VirusStatus Lookup hrdx Virus Status 4a389cb9-54dd-4287-a71a-90ff362028bc
TemplateUrl Text hdx Template Link 4b1bf6c6-4f39-45ac-acd5-16fe7a214e5e
xd_ProgID Text hdx HTML File Link cd1ecb9f-dd4e-4f29-ab9e-e9ff40048d64
xd_Signature Boolean hrdx Is Signed fbf29b2d-cae5-49aa-8e0a-29955b540122
SelectFilename Computed hrdx Select 5f47e085-2150-41dc-b661-442f3027f552
WikiField Note px Authoring Canvas Content c33527b4-d920-4587-b791-45024d00068a
CanvasContent1 Note hpx Authoring Canvas Content 4966388e-6e12-4bc6-8990-5b5b66153eae
LayoutWebpartsContent Note hpx Layout Webparts Content 261075db-0525-4fb8-a6ea-772014186599
BannerImageUrl URL px Banner Image URL 5baf6db5-9d25-4738-b15e-db5789298e82
PageLayoutType Text hpx Page Layout Type 8822dfab-a757-540e-aee5-cc183e3c5968
ClientSideApplicationId Text hpx Client Side Application Id 0cfdf8c7-4576-5ce9-8dcd-5c81d2051bcc
FirstPublishedDate DateTime px First Published Date 242cc301-180a-5920-a8e0-f2182dcec848
PromotedState Number hpx Promoted State f5ad16a2-85be-46b2-b5f0-2bb8b4a5074a
Comments Note + Comments 9da97a8a-1da5-4a77-98d3-4bc10456e700
Keywords Note + Keywords b66e9b50-a28e-469b-b1a0-af0e45486874
_Author Text + Author 246d0907-637c-46b7-9aa0-0bb914daa832
_Category Text + Category 0fc9cace-c5c2-465d-ae88-b67f2964ca93
_Comments Note + Comments 52578fc3-1f01-4f4d-b016-94ccbcf428cf
_DCDateCreated DateTime + Date Created 9f8b4ee0-84b7-42c6-a094-5cbde2115eb9
_Status Choice + Status 1dab9b48-2d1a-47b3-878c-8e84f0d211ba
StartDate DateTime + Start Date 64cd368d-2f95-4bfc-a1f9-8d4324ecb007
TaskDueDate DateTime + Due Date cd21b4c2-6841-4f9e-a23a-738a65f99889
AssignedTo User + Assigned To 53101f38-dd2e-458c-b245-0c236cc13d1a
TaskStatus Choice + Task Status c15b34c3-ce7d-490a-b133-3f4de8801b76
Priority Choice + Priority a8eb573e-9e11-481a-a8c9-1104a54b2fbd
Predecessors LookupMulti + Predecessors c3a92d97-2b77-4a25-9698-3ab54874bc6f
PercentComplete Number + % Complete d2311440-1ed6-46ea-b46d-daa643dc3886
Body Note + Body 7662cd2c-f069-4dba-9e35-082cf976e170
Location Text + Location 288f5f32-8462-4175-8f09-dd7ba29359a9
URL URL + URL c29e077d-f466-4d8e-8bbe-72b66c5f205c
Company Text + Company 038d1503-4629-40f6-adaf-b47d1ab2d4fe
EMail Text + E-Mail fce16b4c-fe53-4793-aaab-b4892e736d15
WorkPhone Text + Business Phone fd630629-c165-4513-b43c-fdb16b86a14d
OtherAddressCountry Text + Other Address Country/Region 3c0e9e00-8fcc-479f-9d8d-3447cda34c5b
FirstName Text + First Name 4a722dd4-d406-4356-93f9-2550b8f50dd0
FullName Text + Full Name 475c2610-c157-4b91-9e2d-6855031b3538
JobTitle Text + Job Title c4e0f350-52cc-4ede-904c-dd71a3d11f7d
CellPhone Text + Mobile Number 2a464df1-44c1-4851-949d-fcd270f0ccf2
HomePhone Text + Home Phone 2ab923eb-9880-4b47-9965-ebf93ae15487
WorkFax Text + Fax Number 9d1cacc8-f452-4bc1-a751-050595ad96e1
WorkAddress Note + Address fc2e188e-ba91-48c9-9dd3-16431afddd50
WorkCity Text + City 6ca7bd7f-b490-402e-af1b-2813cf087b1e
WorkState Text + State/Province ceac61d3-dda9-468b-b276-f4a6bb93f14f
WorkZip Text + ZIP/Postal Code 9a631556-3dac-49db-8d2f-fb033b0fdc24
WorkCountry Text + Country/Region 3f3a5c85-9d5a-4663-b925-8b68a678ea3a
WebPage URL + Web Page a71affd2-dcc7-4529-81bc-2fe593154a5f
EventDate DateTime e Start Time 64cd368d-2f95-4bfc-a1f9-8d4324ecb007
EndDate DateTime + End Time 2684f9f2-54be-429f-ba06-76754fc056bf
fAllDayEvent Boolean + All Day Event 7d95d1f4-f5fd-4a70-90cd-b35abc9b5bc8
fRecurrence Boolean + Recurrence f2e63656-135e-4f1c-8fc2-ccbe74071901
Category Text + Category 6df9bd52-550e-4a30-bc31-a4366832a87d
Expires DateTime + Expires 6a09e75b-8d17-4698-94a8-371eda1af1ac
TaxKeyword TaxonomyFieldTypeMulti + Enterprise Keywords 23f27201-bee3-471e-b2e7-b64fd8b7ca38
TaxCatchAll LookupMulti h+ Taxonomy Catch All Column f3b0adf9-c1a2-4b02-920d-943fba4b3611
TaxCatchAllLabel LookupMulti hr+ Taxonomy Catch All Column1 8f6b6dd8-9357-4019-8172-966fcd502ed2
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A built-in column."""

    name: str
    type: str
    flags: str
    title: str
    id: str

    @property
    def group(self) -> str:
        """The column group that the site's columns page shows it under."""
        shown = grouped_columns().get(self.name)
        return shown[0] if shown else "_Hidden"


@dataclass(frozen=True, slots=True)
class ListTemplate:
    """What a list made from a template has: base type, folder, feature, default content type, view columns."""

    id: int
    base: int
    name: str
    feature: str
    content_type: str
    view: tuple[str, ...]
    prefix: str = "Lists/"


_TASK_VIEW = ("LinkTitle", "AssignedTo", "TaskStatus", "Priority", "TaskDueDate", "PercentComplete", "Predecessors")
_LIBRARY_VIEW = ("DocIcon", "LinkFilename", "Modified", "Editor")
LIST_TEMPLATES = {
    each.id: each
    for each in (
        ListTemplate(100, 0, "genericlist", "00bfea71-de22-43b2-a848-c05709900100", "0x01", ("LinkTitle",)),
        ListTemplate(
            101, 1, "doclib", "00bfea71-e717-4e80-aa17-d0c71b360101", "0x0101", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(103, 0, "links", "00bfea71-2062-426c-90bf-714c59600103", "0x0105", ("URL", "Comments")),
        ListTemplate(104, 0, "announcements", "00bfea71-d1ce-42de-9c63-a44004ce0104", "0x0104", ("LinkTitle",)),
        ListTemplate(102, 4, "survey", "00bfea71-eb8a-40b1-80c7-506be7590102", "0x01", ("Author", "Modified")),
        ListTemplate(
            105, 0, "contacts", "00bfea71-7e6d-4186-9ba8-c047ac750105", "0x0106",
            ("Attachments", "LinkTitle", "FirstName", "Company", "WorkPhone", "HomePhone", "EMail"),
        ),
        ListTemplate(
            106, 0, "events", "00bfea71-ec85-4903-972d-ebe475780106", "0x0102",
            ("LinkTitle", "Location", "EventDate", "EndDate", "fAllDayEvent"),
        ),
        ListTemplate(108, 0, "discuss", "00bfea71-6a49-43fa-b535-d15c05500108", "0x0107", ("LinkTitle", "Author")),
        ListTemplate(
            115, 1, "xmlform", "00bfea71-1e1d-4562-b56a-f05371bb0115", "0x010101", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(120, 0, "gridlist", "00bfea71-3a1d-41d3-a0ee-651d11570120", "0x01", ("LinkTitle",)),
        ListTemplate(
            130, 1, "datasrcs", "00bfea71-dbd7-4f72-b8cb-da7ac0440130", "0x0101", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(150, 0, "gantt", "00bfea71-513d-4ca0-96c2-6a47775c0119", "0x0108", ("LinkTitle", "TaskDueDate")),
        ListTemplate(170, 0, "promotedlinks", "192efa95-e50c-475e-87ab-361cede5dd7f", "0x01", ("LinkTitle",)),
        ListTemplate(
            851, 1, "assetlib", "4bcccd62-dcaf-46dc-a7d4-e38277ef33f4", "0x0101", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(
            1100, 5, "issue", "00bfea71-5932-4f9c-ad71-1557e5751100", "0x0103",
            ("LinkTitle", "AssignedTo", "TaskStatus", "Priority", "TaskDueDate"),
        ),
        ListTemplate(107, 0, "tasks", "00bfea71-a83e-497e-9ba0-7a5c597d0107", "0x0108", _TASK_VIEW),
        ListTemplate(
            109, 1, "pictures", "00bfea71-52d4-45b3-b544-b1c71b620109", "0x010102", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(
            119, 1, "webpagelib", "00bfea71-c796-4402-9f2f-0eb9a6e71b18",
            "0x0101009D1CB255DA76424F860D91F20E6C4118", _LIBRARY_VIEW, prefix="",
        ),
        # The galleries of a web.
        *(
            ListTemplate(number, 1, name, "00000000-0000-0000-0000-000000000000", "0x0101", _LIBRARY_VIEW, prefix="")
            for number, name in (
                (113, "wplib"), (114, "listtemplates"), (116, "mplib"), (121, "solutions"), (123, "themes"),
                (125, "appdata"), (175, "maintenancelogs"),
            )
        ),
        ListTemplate(124, 0, "design", "00000000-0000-0000-0000-000000000000", "0x01", ("LinkTitle",), prefix=""),
        ListTemplate(112, 0, "users", "00000000-0000-0000-0000-000000000000", "0x01", ("LinkTitle",), prefix=""),
        ListTemplate(
            330, 1, "corporatecatalog", "0ac11793-9c2f-4cac-8f22-33f93fac18f2", "0x0101", _LIBRARY_VIEW, prefix=""
        ),
        ListTemplate(171, 0, "tasks", "f9ce21f8-f437-4f7e-8bc6-946378c850f0", "0x0108", _TASK_VIEW),
    )
}  # fmt: skip


@cache
def columns() -> tuple[Column, ...]:
    """Every built-in column."""
    found = []
    for line in _COLUMNS.strip().splitlines():
        name, kind, flags, *words = line.split(" ")
        found.append(Column(name, kind, flags, " ".join(words[:-1]), words[-1]))
    return tuple(found)


@cache
def site_columns() -> tuple[Column, ...]:
    """The built-in columns of a web."""
    # The start of an event has the id of the start date: a calendar has the one, the site the other.
    known = [each for each in columns() if "e" not in each.flags]
    names = {each.name for each in known}
    others = [
        Column(name, kind, "r" if kind == "Computed" else "+", title, identity)
        for name, (_, kind, identity, title) in grouped_columns().items()
        if name not in names
    ]
    return (*known, *others)


@cache
def list_columns(base_type: int, template: int) -> tuple[Column, ...]:
    """The built-in columns of a list: base columns, and those of its content type."""
    kind = content_type(LIST_TEMPLATES[template].content_type if template in LIST_TEMPLATES else "0x01")
    own = set(kind.list_columns if kind else ())
    return tuple(each for each in columns() if each.name in own or _belongs(each, base_type, template))


def _belongs(column: Column, base_type: int, template: int) -> bool:
    if column.name == "Attachments":
        return base_type != 1
    if "b" in column.flags:
        return True
    return (base_type == 1 and "d" in column.flags) or (template == 119 and "p" in column.flags)


def derived_guid(owner: str, what: str) -> str:
    """A stable GUID for something built in that belongs to one list or web."""
    return str(uuid5(NAMESPACE_URL, f"{owner}/{what}"))


def list_content_type_id(parent: str, list_guid: str) -> str:
    """The id of a list's copy of a content type: parent id, ``00``, 32 hexadecimal digits."""
    return f"{parent}00{derived_guid(list_guid, parent).replace('-', '').upper()}"
