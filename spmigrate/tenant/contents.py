"""What a site holds, as values: the same shape for the site that is wanted and for the site that is there.

Nothing here talks to a tenant. A site is a set of parts; a part is matched by its kind and key, and compared by its
attributes, which carry the words that an owner sees on screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int | bool | tuple[str, ...] | None
Attributes = Mapping[str, Value]


class Kind(StrEnum):
    """The kinds of parts, in the order in which they are written (sharing moves forward when it tightens)."""

    TERM_SET = "term set"
    """Of the tenant, not of a site."""
    THEME = "theme"
    """Of the tenant, not of a site."""
    SITE = "site"
    REGION = "regional settings"
    GROUP = "Microsoft 365 group"
    FEATURE = "feature"
    PERMISSION_LEVEL = "permission level"
    SITE_GROUP = "site group"
    PERSON = "person"
    ACCESS = "access requests"
    COLUMN = "column"
    CONTENT_TYPE = "content type"
    LIBRARY = "library"
    LIST = "list"
    VIEW = "view"
    DEFAULT_VALUE = "default value"
    FOLDER = "folder"
    FILE = "file"
    ACCESS_RIGHT = "permission"
    PAGE = "page"
    LOOK = "look"
    LINK = "link"
    HUB = "hub"
    HUB_MEMBERSHIP = "member of hub"
    SHARING = "sharing"
    LABEL = "sensitivity label"
    STORAGE = "storage"
    TEAM = "team"
    CHANNEL = "channel"
    LOCK = "lock"

    @classmethod
    def _missing_(cls, value: object) -> "Kind | None":
        """The kind of an older name: journals keep the words of the day on which they were written."""
        return cls.LINK if value == "quick launch link" else None

    @property
    def order(self) -> int:
        """Its place among the kinds."""
        return list(Kind).index(self)


SHARING_LEVELS: Mapping[str, int] = {
    "Only people in the organisation": 0,
    "Existing guests": 3,
    "New and existing guests": 1,
    "Anyone with the link": 2,
}
"""SharingCapability of SiteProperties by the words of the admin centre, from the tightest to the most open."""

LINK_TYPES: Mapping[str, int] = {
    "Tenant default": 0,
    "Specific people": 1,
    "People in the organisation": 2,
    "Anyone": 3,
}
"""DefaultSharingLinkType of SiteProperties."""

LINK_PERMISSIONS: Mapping[str, int] = {"Tenant default": 0, "View": 1, "Edit": 2}
"""DefaultLinkPermission of SiteProperties."""

DEVICES: Mapping[str, int] = {"Full access": 0, "Web only": 1, "Blocked": 2, "Authentication context": 3}
"""ConditionalAccessPolicy of SiteProperties: what people may do on devices that nobody manages."""

SITE_TYPES: Mapping[str, str] = {
    "Communication site": "SITEPAGEPUBLISHING#0",
    "Team site without group": "STS#3",
    "Team site with Microsoft 365 group": "GROUP#0",
}
"""WebTemplate of a new site."""

LANGUAGES: Mapping[str, int] = {"English": 1033, "Welsh": 1106}
"""Languages that a site can be made in. There is no en-GB site language: British English is a regional setting."""

LOCALES: Mapping[str, int] = {"United Kingdom": 2057, "United States": 1033}
"""LocaleId of regional settings: how dates and numbers are written."""

TIME_ZONES: Mapping[str, int] = {"London": 2, "Pacific": 13}
"""SharePoint's own time zone numbers; a tenant without a default makes sites in the Pacific one."""

DAYS: tuple[str, ...] = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""FirstDayOfWeek of regional settings."""

ROLES: tuple[str, ...] = ("Owners", "Members", "Visitors")
"""The three groups that every site has."""

ADMINISTRATORS = "Administrators"
"""The role of those who administer the site collection."""

BUILT_IN_COLUMNS: Mapping[str, str] = {
    "Type": "DocIcon",
    "Name": "LinkFilename",
    "Title": "Title",
    "Modified": "Modified",
    "Modified by": "Editor",
    "Created": "Created",
    "Created by": "Author",
    "File size": "FileSizeDisplay",
}
"""Columns that every library has, and the field that a view shows for each."""

DOCUMENT_TEMPLATE = "document template"
"""The attribute of a content type that names the file that a new document begins as."""

DOCUMENT_SET = "Document Set"
"""The content type of a folder with columns of its own. A feature of the site brings it."""

ROOT_CONTENT_TYPES: Mapping[str, str] = {"Document": "0x0101", "Item": "0x01", DOCUMENT_SET: "0x0120D520"}
"""Content types of SharePoint's own that others are based on, with their ids, which no language of a site changes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a site. `key` is what it is matched by, `label` what people call it."""

    kind: Kind
    key: str
    label: str
    attributes: Attributes = field(default_factory=dict)

    @property
    def place(self) -> tuple[Kind, str]:
        """What it is matched by among all parts."""
        return self.kind, self.key

    @property
    def subject(self) -> str:
        """Kind and label: `column "Review date"`."""
        return f'{self.kind} "{self.label}"' if self.label else str(self.kind)


@dataclass(frozen=True, slots=True)
class SiteContents:
    """A site by its address below the tenant (`/sites/t-a3w9c`), with its parts.

    A site that SharePoint is still furnishing is not `ready`: nothing may be written to it yet.
    """

    address: str
    parts: Mapping[tuple[Kind, str], Part]
    url: str = ""
    site_id: str = ""
    ready: bool = True

    @classmethod
    def of(
        cls, address: str, parts: Iterable[Part], *, url: str = "", site_id: str = "", ready: bool = True
    ) -> "SiteContents":
        """A site made of these parts; the last of two parts at one place holds."""
        return cls(address, {part.place: part for part in parts}, url, site_id, ready)

    @property
    def host(self) -> str:
        """The tenant's own host, such as `https://contoso.sharepoint.com`; empty for a site that is not there."""
        return self.url[: -len(self.address)] if self.url.casefold().endswith(self.address.casefold()) else ""

    def get(self, kind: Kind, key: str = "") -> Part | None:
        """The part at this place, None when there is none."""
        return self.parts.get((kind, key))


COLUMN_TYPES: Mapping[str, str] = {
    "Text": "Text",
    "Note": "Note",
    "Choice": "Choice",
    "Multiple choice": "MultiChoice",
    "Date": "DateTime",
    "Number": "Number",
    "Currency": "Currency",
    "Yes or no": "Boolean",
    "Person": "User",
    "Link": "URL",
    "Managed metadata": "TaxonomyFieldType",
    "Lookup": "Lookup",
}
"""TypeAsString of a column, by the words of the "add a column" menu."""


def word_for(words: Mapping[str, object], value: object) -> str:
    """The word for a value of SharePoint; the value itself when there is none."""
    return next((word for word, each in words.items() if each == value), str(value))


def library_key(address: str) -> str:
    """What a library is matched by: its address, which SharePoint compares without case."""
    return address.casefold()


def name_key(name: str) -> str:
    """What things known by a name are matched by."""
    return " ".join(name.split()).casefold()


def inside(outer: str, inner: str) -> str:
    """The key of a part that belongs to another part."""
    return f"{outer}/{inner}"


def arrange(actual: Value, wanted: Value) -> tuple[str, ...]:
    """The columns of a view with the wanted ones in order, and every column that an owner added kept.

    A view that shows the wanted columns in the wanted order is left as it is, whatever stands between them. Otherwise
    the missing ones are added and columns are moved, from the left, until it does and no longer: whoever is stopped
    half-way and asks again arrives at the same view.
    """
    ours = _texts(wanted)
    first = next((n for n, column in enumerate(_texts(actual)) if column in ours), len(_texts(actual)))
    shown = list(complete(actual, wanted))
    for index, column in enumerate(ours, first):
        if _in_order(shown, ours):
            break
        shown.remove(column)
        shown.insert(index, column)
    return tuple(shown)


def _in_order(shown: Iterable[str], wanted: tuple[str, ...]) -> bool:
    rest = iter(shown)
    return all(column in rest for column in wanted)


def complete(actual: Value, wanted: Value) -> tuple[str, ...]:
    """What is there and what is missing: nothing that an owner added goes away."""
    present = _texts(actual)
    return (*present, *(each for each in _texts(wanted) if each not in present))


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
