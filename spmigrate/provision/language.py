"""The words of `site_templates/`: the organisation's vocabulary, templates, and one small file a site.

Everything here is what an owner sees on screen; identifiers that SharePoint needs are made in `identity`. A docstring
below a field is its explanation in the JSON Schema.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag, model_validator

from spmigrate.formats.yaml import Document, YesNo

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Address = Annotated[str, StringConstraints(pattern=r"^/sites/[A-Za-z0-9][A-Za-z0-9_-]*$")]
"""Where a site lives below the tenant: `/sites/t-a3w9c`."""

LibraryAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]*[A-Za-z0-9]$", max_length=80)]
"""The last part of a library's address; letters, digits, spaces, `-` and `_`."""


Answer = Annotated[
    Annotated[Text, Tag("text")] | Annotated[tuple[Text, ...], Tag("list")],
    Discriminator(lambda given: "list" if isinstance(given, list | tuple) else "text"),
]
"""One answer, or a list: told apart first, so that a mistake is told once."""

LINK_TARGET = re.compile(r"home page|library/.+|/sites/\S+|https://\S+")
"""Where a link may lead."""


class Words(Document):
    """Base of every part of the language."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class ColumnType(StrEnum):
    """The types of a column, as the "add a column" menu names them."""

    TEXT = "Text"
    NOTE = "Note"
    CHOICE = "Choice"
    DATE = "Date"
    NUMBER = "Number"
    YES_NO = "Yes or no"


class SiteKind(StrEnum):
    """What a site is for in the organisation."""

    DIRECTORATE = "Directorate"
    FUNCTION = "Function"
    TEAM = "Team"
    PARTNERSHIP = "Partnership"
    PROGRAMME = "Programme"


class SiteColumn(Words):
    """A column that every site shares."""

    name: Text
    """What people see at the head of the column."""
    type: ColumnType
    """Text, Note, Choice, Date, Number or Yes or no."""
    description: str = ""
    """The line of help below the column's name in forms."""
    choices: tuple[Text, ...] = ()
    """The choices of a Choice column, in order."""
    required: YesNo = False
    """Whether a document cannot be saved without it."""

    @model_validator(mode="after")
    def _choices_belong_to_choice(self) -> Self:
        if (self.type is ColumnType.CHOICE) != bool(self.choices):
            raise ValueError(
                "a Choice column needs 'choices'" if not self.choices else "only a Choice column has 'choices'"
            )
        return self


class ContentType(Words):
    """A kind of document, with the columns that it carries."""

    name: Text
    """What people see in the New menu."""
    based_on: Text = "Document"
    """Document, Item, or another content type of this file."""
    description: str = ""
    """The line of help in the New menu."""
    columns: tuple[Text, ...] = ()
    """Site columns of this file, in addition to those of the content type it is based on."""


class Naming(Words):
    """What addresses and titles must look like."""

    longest_address: Annotated[int, Field(ge=10, le=100)] = 40
    """The most characters of a site's address, so that room is left for folders (SharePoint allows 400 in all)."""
    never_use: tuple[Text, ...] = ()
    """Words that no title may contain."""
    address_letters: dict[SiteKind, Annotated[str, StringConstraints(pattern=r"^[a-z]$")]] = Field(default_factory=dict)
    """The letter that the address of each kind of site begins with, followed by `-`."""


class Organisation(Words):
    """`organisation.yaml`: the vocabulary that every template shares."""

    organisation: Text
    """The organisation's name."""
    version: Annotated[int, Field(ge=1)]
    """Raised whenever this file changes."""
    people_domain: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+\.[a-z]+$")]
    """The domain behind every role id: `service.desk` signs in as `service.desk@` this domain."""
    language: Literal["English", "Welsh"] = "English"
    """English or Welsh, the language of menus; it cannot be changed after a site is made."""
    region: Literal["United Kingdom"] = "United Kingdom"
    """United Kingdom: day before month, London time, weeks from Monday, 24 hours."""
    naming: Naming = Naming()
    """What addresses and titles must look like."""
    site_columns: tuple[SiteColumn, ...] = ()
    """The columns that templates may name."""
    content_types: tuple[ContentType, ...] = ()
    """The content types that templates may name."""


class Parameter(Words):
    """A question that each site's file answers."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z ]*[a-z]$")]
    """What the answer is called; used as `{name}` in texts of the template."""
    ask: Text
    """The question in plain words."""
    answer: Literal["Text", "People", "Site"] = "Text"
    """Text; People (a list of role ids); or Site (the address of another site)."""
    example: str = ""
    """A sample answer."""
    optional: YesNo = False
    """Whether the question may stay unanswered; the answer is then empty."""


class SiteSection(Words):
    """The site itself."""

    type: Literal["Communication site", "Team site without group"] | None = None
    """Communication site, or Team site without group; it cannot be changed after the site is made."""
    title: Text | None = None
    """The name at the top of every page."""
    description: str | None = None
    """What the site is for, in a sentence."""


class Sharing(Words):
    """How far the site may be shared, whatever its owners choose."""

    external_sharing: (
        Literal["Only people in the organisation", "Existing guests", "New and existing guests", "Anyone with the link"]
        | None
    ) = None
    """From the tightest: Only people in the organisation, Existing guests, New and existing guests, Anyone with
    the link. The tenant's own setting is the upper limit."""
    default_link: Literal["Tenant default", "Specific people", "People in the organisation", "Anyone"] | None = None
    """Who a link is for unless the sender chooses: Tenant default, Specific people, People in the organisation,
    Anyone."""
    default_link_permission: Literal["Tenant default", "View", "Edit"] | None = None
    """What a link allows unless the sender chooses: Tenant default, View, Edit."""


class Permissions(Words):
    """Who is in the site's three groups, by role id. People who were added by hand stay."""

    owners: tuple[Text, ...] = ()
    """Two at least: people leave."""
    members: tuple[Text, ...] = ()
    """They edit."""
    visitors: tuple[Text, ...] = ()
    """They read. Nobody, unless named."""


class Versions(Words):
    """How many versions of a document are kept."""

    major: Annotated[int, Field(ge=1, le=50_000)]
    """The number of versions (SharePoint keeps at most 50,000)."""


class Library(Words):
    """A document library."""

    name: Text
    """What people see."""
    address: LibraryAddress | None = None
    """The last part of its address; made from the name when left out. It cannot change later."""
    versions: Versions | None = None
    """How many versions are kept."""
    content_types: tuple[Text, ...] = ()
    """What can be made or filed here, besides plain documents."""
    columns_shown: tuple[Text, ...] = ()
    """Columns of the view that opens first, in order: site columns, Type, Name, Title, Modified, Modified by, Created,
    Created by, File size. Columns that owners added stay."""


class Link(Words):
    """One link of the quick launch."""

    title: Text
    """What people see."""
    to: Annotated[str, StringConstraints(pattern=rf"^({LINK_TARGET.pattern}|\{{.+\}})$")]
    """`home page`, `library/` and a library's name, the address of a site, or a web address."""


class QuickLaunch(Words):
    """The links beside or above every page."""

    mode: Literal["ensure"] = "ensure"
    """ensure: missing links are added, and owners' own links stay."""
    links: tuple[Link, ...] = ()
    """The links, in order."""


class Hub(Words):
    """How the site belongs to others."""

    is_a_hub: YesNo | None = None
    """Whether other sites may join this one."""
    member_of: Text | None = None
    """The address of the hub that this site joins, or a `{parameter}`."""


class Remove(Words):
    """What templates above this one declare and this one does not want."""

    libraries: tuple[Text, ...] = ()
    """Libraries by name. One that exists goes to the recycle bin when it is empty, and stays otherwise."""
    quick_launch: tuple[Text, ...] = ()
    """Links by title; they are taken away."""
    site_columns: tuple[Text, ...] = ()
    """Site columns that the site need not have; one that exists stays."""
    content_types: tuple[Text, ...] = ()
    """Content types that the site need not have; one that exists stays."""


class Template(Words):
    """`templates/*.yaml`: the wanted state of a kind of site."""

    template: Text
    """Its name, as site files write it."""
    version: Annotated[int, Field(ge=1)]
    """Raised whenever the template changes."""
    purpose: str = ""
    """When to use it, in a sentence."""
    extends: Text | None = None
    """The template that this one adds to."""
    kind: SiteKind | None = None
    """Directorate, Function, Team, Partnership or Programme; only templates with a kind make sites."""
    parameters: tuple[Parameter, ...] = ()
    """The questions that a site's file answers."""
    site: SiteSection = SiteSection()
    """The site itself."""
    sharing: Sharing = Sharing()
    """How far it may be shared."""
    permissions: Permissions = Permissions()
    """Who is in its groups."""
    site_columns: tuple[Text, ...] = ()
    """Site columns beside those that its content types bring."""
    content_types: tuple[Text, ...] = ()
    """Content types beside those that its libraries bring."""
    libraries: tuple[Library, ...] = ()
    """Its libraries."""
    quick_launch: QuickLaunch = QuickLaunch()
    """Its links."""
    hub: Hub = Hub()
    """How it belongs to other sites."""
    remove: Remove = Remove()
    """What inherited parts it does without."""


class SiteFile(Words):
    """`sites/*.yaml`: one site, as answers to its template's questions."""

    address: Address
    """Where it lives: a letter and a stable code, or a subject; never a department's name."""
    template: Text
    """The template's name."""
    unit: str = ""
    """The organisational unit that it belongs to now."""
    business_class: str = ""
    """What its records are about, from the classification scheme."""
    answers: dict[str, Answer] = Field(default_factory=dict)
    """One answer for each question of the template."""


PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A parameter's place in a text of a template."""
