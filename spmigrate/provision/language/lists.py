"""Libraries and lists, with their views, folders, default values and permissions."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spmigrate.formats.yaml import Form, YesNo
from spmigrate.provision.language.organisation import json_text
from spmigrate.provision.language.words import Entry, LibraryAddress, Names, Text, Words

SHOWN = "site columns, Type, Name, Title, Modified, Modified by, Created, Created by, File size"
"""The columns that a view may show."""

DraftReaders = Literal["Readers", "Editors", "Approvers"]
"""Who sees drafts."""

ListType = Literal["Custom list", "Calendar", "Links", "Announcements", "Contacts", "Tasks", "Issues"]
"""What a list is made from."""

DefaultValue = str | int | float
"""A value for new documents, as people would type it."""


class Versions(Words):
    """How many versions of a document are kept."""

    major: Annotated[int, Field(ge=1, le=50_000)] | None = None
    """The number of versions (SharePoint keeps at most 50,000)."""
    drafts: Annotated[int, Field(ge=0, le=511)] | None = None
    """The number of versions whose drafts are kept (SharePoint keeps at most 511 drafts of each); 0 for no drafts."""
    drafts_seen_by: DraftReaders | None = None
    """Who sees drafts: Readers (whoever may read), Editors, or Approvers (and the author)."""


class LibraryVersions(Versions):
    """How many versions of a document are kept in a library, and for how long."""

    expire_after: Annotated[int, Field(ge=30, le=36_500)] | None = None
    """The days after which a version goes, however few there are; they never do unless something is said. SharePoint
    takes 30 days or more."""


class View(Entry):
    """A way to look at a library or list."""

    name: Text
    """What people see in the list of views."""
    columns_shown: Names = ()
    """Its columns, in order: site columns, Type, Name, Title, Modified, Modified by, Created, Created by, File size.
    Columns that owners added stay."""
    filter: Text | None = None
    """Which documents it shows: conditions joined by `and`, each a column, what is asked of it (is, is not, contains,
    begins with, is before, is after, is empty, is not empty) and a value; `today` is a date, `me` a person."""
    sort_by: Text | None = None
    """The column that it is sorted by."""
    descending: YesNo | None = None
    """Whether the newest or highest comes first."""
    group_by: Text | None = None
    """The column that it is grouped by."""
    rows: Annotated[int, Field(ge=1, le=5_000)] | None = None
    """Documents on a page (SharePoint's list view threshold is 5,000)."""
    is_default: YesNo | None = None
    """Whether it opens first."""
    formatting: str | None = None
    """How rows are drawn: SharePoint's view formatting, as JSON."""

    @model_validator(mode="after")
    def _formatting_is_json(self) -> Self:
        if self.formatting is not None:
            json_text(self.formatting)
        return self


class OwnPermissions(Words):
    """Who may do what in a library or list, when that is not what the site says."""

    inherit: YesNo = True
    """yes: as the site says. no: only what `give` says."""
    give: dict[Text, Text] = Field(default_factory=dict)
    """A permission level for each of Owners, Members, Visitors, a group of the site, `group:` and an Entra group, a
    role id, or a question in braces."""

    @model_validator(mode="after")
    def _give_needs_own(self) -> Self:
        if self.give and self.inherit:
            raise ValueError("'give' needs 'inherit: no'")
        return self


class ListSettings(Entry):
    """What libraries and lists have in common."""

    name: Text
    """What people see."""
    description: str | None = None
    """What it is for, in a sentence."""
    approval: YesNo | None = None
    """Whether somebody must approve what is filed before others see it."""
    allow_folders: YesNo | None = None
    """Whether people can make folders."""
    searchable: YesNo | None = None
    """Whether search finds what is in it."""
    content_types: Names = ()
    """What can be made or filed here, besides plain documents or items."""
    default_content_type: Text | None = None
    """The content type that the New button and an upload use: one of `content types`."""
    columns: Names = ()
    """Site columns beside those of its content types."""
    columns_shown: Names = ()
    """Columns of the view that opens first, in order: site columns, Type, Name, Title, Modified, Modified by, Created,
    Created by, File size. Columns that owners added stay."""
    views: tuple[View, ...] = ()
    """More ways to look at it."""
    folders: Names = ()
    """Folders that it begins with, by path: `2026/Meetings`."""
    default_values: dict[Text, DefaultValue] = Field(default_factory=dict)
    """The value that a new document has in a column, unless somebody changes it."""
    permissions: OwnPermissions | None = None
    """Who may do what here, when that is not what the site says."""


class Library(ListSettings):
    """A document library."""

    address: LibraryAddress | None = None
    """The last part of its address; made from the name when left out. It cannot change later."""
    check_out: YesNo | None = None
    """Whether people must check a document out before they edit it."""
    retention_label: Text | None = None
    """The retention label of what is filed here: one of the organisation's."""
    versions: LibraryVersions | Literal["automatic"] | None = None
    """How many versions are kept; or `automatic`: SharePoint thins them out as they grow old."""
    sensitivity_label: Text | None = None
    """The sensitivity label that new documents get: one of the organisation's."""


class List(ListSettings):
    """A list."""

    type: ListType | None = None
    """Custom list, Calendar, Links, Announcements, Contacts, Tasks or Issues; Custom list unless something is said. It
    cannot change later."""
    versions: Versions | None = None
    """How many versions are kept."""
    address: Annotated[LibraryAddress, Form(r"[^/]+", "the last part of an address")] | None = None
    """The last part of its address, below `Lists`; made from the name when left out. It cannot change later."""
