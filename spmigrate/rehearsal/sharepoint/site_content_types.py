"""The built-in content types of a site: identity, name, group, and the columns that each links besides its own kind.

Source of the identities: the table of built-in content types of SharePoint's object model (SPBuiltInContentTypeId).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_CONTENT_TYPES = """
0x|System|_Hidden|
0x01|Item|List Content Types|Title
0x0101|Document|Document Content Types|FileLeafRef Title
0x010101|Form|Document Content Types|FileLeafRef Title
0x010100734778F2B7DF462491FC91844AE431CF|List View Style|Document Content Types|FileLeafRef Title
0x010102|Picture|Document Content Types|FileLeafRef Title Comments Keywords ImageCreateDate ImageWidth ImageHeight
0x010104|Unknown Document Type|Special Content Types|FileLeafRef
0x010105|Master Page|Document Content Types|FileLeafRef Title
0x010108|Wiki Page|Document Content Types|FileLeafRef WikiField
0x010109|Basic Page|Document Content Types|FileLeafRef
0x01010901|Web Part Page|Document Content Types|FileLeafRef
0x01010A|Link to a Document|Document Content Types|FileLeafRef Title URL
0x01010B|Dublin Core Columns|Document Content Types|FileLeafRef Title _Author Subject _DCDateCreated \
_DCDateModified _Contributor _Coverage _Format _Identifier Language _Publisher _Relation _RightsManagement _Source \
_Status
0x0101009D1CB255DA76424F860D91F20E6C4118|Site Page|Document Content Types|FileLeafRef Title CanvasContent1
0x0102|Event|List Content Types|Title Location StartDate EndDate Comments fAllDayEvent fRecurrence Category
0x0102004F51EFDEA49C49668EF9C6744C8CF87D|Reservations|List Content Types|Title Location StartDate EndDate Comments
0x01020072BB2A38F0DB49C3A96CF4FA85529956|Schedule and Reservations|List Content Types|Title Location StartDate \
EndDate Comments
0x0102007DBDC1392EAF4EBBBF99E41D8922B264|Schedule|List Content Types|Title Location StartDate EndDate Comments
0x0103|Issue|List Content Types|Title AssignedTo IssueStatus Priority Comments Category RelatedIssues V3Comments \
TaskDueDate
0x0104|Announcement|List Content Types|Title Body Expires
0x0105|Link|List Content Types|URL Comments
0x0106|Contact|List Content Types|Title FirstName FullName EMail Company JobTitle WorkPhone HomePhone \
CellPhone WorkFax WorkAddress WorkCity WorkState WorkZip WorkCountry WebPage Comments
0x0107|Message|List Content Types|Title Body
0x0108|Task|List Content Types|Title Predecessors AssignedTo TaskStatus Priority TaskDueDate PercentComplete Body
0x0110|Post|List Content Types|Title Body
0x0111|Comment|List Content Types|Title Body
0x0116|East Asia Contact|List Content Types|Title LastNamePhonetic FirstName FirstNamePhonetic FullName EMail \
Company CompanyPhonetic JobTitle WorkPhone HomePhone CellPhone WorkFax WorkAddress WebPage Comments
0x01000F389E14C9CE4CE486270B9D4713A5D6|Circulation|Group Work Content Types|Title Body
0x010018F21907ED4E401CB4F14422ABC65304|New Word|Group Work Content Types|Title
0x01004C9F4486FBF54864A7B0A33D02AD19B1|Resource|Group Work Content Types|Title
0x01007CE30DD1206047728BAFD1C39A850120|Official Notice|Group Work Content Types|Title
0x0100807FBAC5EB8A4653B8D24775195B5463|Phone Call Memo|Group Work Content Types|Title
0x01009BE2AB5291BF4C1A986910BD278E4F18|Holiday|Group Work Content Types|Title Category
0x0100A2CA87FF01B442AD93F37CD7DD0943EB|What's New Notification|Group Work Content Types|Title
0x0100C30DDA8EDB2E434EA22D793D9EE42058|Timecard|Group Work Content Types|Title
0x0100CA13F2F8D61541B180952DFB25E3E8E4|Resource Group|Group Work Content Types|Title
0x0100FBEEE6F0C500489B99CDA6BB16C398F7|Users|Group Work Content Types|Title
0x0120|Folder|Folder Content Types|FileLeafRef Title
0x012001|RootOfList|_Hidden|FileLeafRef
0x012002|Discussion|Folder Content Types|FileLeafRef Title Body
0x012004|Summary Task|Folder Content Types|FileLeafRef Title
0x0120D520|Document Set|Document Set Content Types|FileLeafRef Title Comments
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A built-in content type."""

    id: str
    name: str
    group: str
    columns: tuple[str, ...]

    @property
    def list_columns(self) -> tuple[str, ...]:
        """The columns in a list: a calendar calls the start date, which it shows by the same id, EventDate."""
        if not self.id.startswith("0x0102"):
            return self.columns
        return tuple("EventDate" if each == "StartDate" else each for each in self.columns)


@cache
def content_types() -> tuple[Kind, ...]:
    """Every built-in content type."""
    found = []
    for line in _CONTENT_TYPES.strip().splitlines():
        identity, name, group, names = line.split("|")
        found.append(Kind(identity, name, group, ("ContentType", *names.split())))
    return tuple(found)


def content_type(identity: str) -> Kind | None:
    """A built-in content type by id."""
    return next((each for each in content_types() if each.id.lower() == identity.lower()), None)
