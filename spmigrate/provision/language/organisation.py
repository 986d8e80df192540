"""`organisation.yaml`: the columns, content types, labels, groups and units that every template may name."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from spmigrate.formats.yaml import Form, YesNo
from spmigrate.provision.language.words import Asset, SiteKind, Text, Words


class ColumnType(StrEnum):
    """The types of a column, as the "add a column" menu names them."""

    TEXT = "Text"
    NOTE = "Note"
    CHOICE = "Choice"
    MULTIPLE_CHOICE = "Multiple choice"
    DATE = "Date"
    NUMBER = "Number"
    CURRENCY = "Currency"
    YES_NO = "Yes or no"
    PERSON = "Person"
    LINK = "Link"
    MANAGED_METADATA = "Managed metadata"
    LOOKUP = "Lookup"


WITH_CHOICES = frozenset({ColumnType.CHOICE, ColumnType.MULTIPLE_CHOICE})
"""Columns whose values are chosen from a list of their own."""

WITH_DEFAULT = frozenset({
    ColumnType.TEXT, ColumnType.NOTE, ColumnType.CHOICE, ColumnType.MULTIPLE_CHOICE, ColumnType.DATE,
    ColumnType.NUMBER, ColumnType.CURRENCY, ColumnType.YES_NO,
})  # fmt: skip
"""Columns that a new document can come with a value for."""

WITH_UNIQUE_VALUES = frozenset({
    ColumnType.TEXT, ColumnType.CHOICE, ColumnType.DATE, ColumnType.NUMBER, ColumnType.CURRENCY, ColumnType.PERSON,
    ColumnType.LOOKUP,
})  # fmt: skip
"""Columns that SharePoint can keep free of duplicates."""

WITH_INDEX = WITH_UNIQUE_VALUES | {ColumnType.YES_NO, ColumnType.MANAGED_METADATA}
"""Columns that SharePoint can index."""

TermSet = Annotated[Text, Form(r"[^/]+/[^/]+", "a term set; write its group, a slash and its name")]
"""A term set by its group and name: `Corporate/Business functions`."""

TermName = Annotated[Text, Form(r'[^;"<>|\t]{1,255}', 'a term: leave out ; " < > | and write 255 letters at most')]
"""What a term is called (SharePoint refuses the characters, and what is longer)."""

UnitCode = Annotated[str, Form(r"[A-Z][A-Z0-9]{1,9}", "a unit's code; write it like: HWT")]
"""A unit's code: two to ten capital letters and digits."""


def json_text(text: str) -> str:
    """`text` when it is a JSON object. Raises ValueError with what is wrong with it."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(f"the formatting is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("the formatting is not a JSON object")
    return text


class LooksUp(Words):
    """What a Lookup column takes its values from."""

    list: Text
    """The library or list, by the name that templates give it."""
    shows: Text = "Title"
    """The column of that list whose values are shown: Title, Name, or a site column."""


class SiteColumn(Words):
    """A column that every site shares."""

    name: Text
    """What people see at the head of the column."""
    type: ColumnType
    """Text, Note, Choice, Multiple choice, Date, Number, Currency, Yes or no, Person, Link, Managed metadata or
    Lookup."""
    description: str = ""
    """The line of help below the column's name in forms."""
    choices: tuple[Text, ...] = ()
    """The choices of a Choice or Multiple choice column, in order."""
    required: YesNo = False
    """Whether a document cannot be saved without it."""
    indexed: YesNo = False
    """Whether libraries of more than 5,000 documents can be filtered by it."""
    unique_values: YesNo = False
    """Whether no two documents of a library may have the same value; such a column is indexed."""
    default: str | int | float | None = None
    """The value that a new document comes with; `today` for a date, yes or no for Yes or no."""
    term_set: TermSet | None = None
    """The term set of a Managed metadata column: its group, a slash and its name."""
    looks_up: LooksUp | None = None
    """What a Lookup column takes its values from."""
    formatting: str | None = None
    """How the column is drawn in views: SharePoint's column formatting, as JSON."""

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        wrong = _unfit(self)
        if wrong:
            raise ValueError(wrong)
        if self.formatting is not None:
            json_text(self.formatting)
        return self


def _unfit(column: SiteColumn) -> str | None:
    """What does not fit the column's type."""
    kind = column.type
    article = "an" if kind[0] in "AEIOU" else "a"
    needs = (
        ("choices", kind in WITH_CHOICES, bool(column.choices), "Choice or Multiple choice"),
        ("term set", kind is ColumnType.MANAGED_METADATA, column.term_set is not None, "Managed metadata"),
        ("looks up", kind is ColumnType.LOOKUP, column.looks_up is not None, "Lookup"),
    )
    for key, wanted, given, types in needs:
        if wanted and not given:
            return f"{article} {kind} column needs '{key}'"
        if given and not wanted:
            return f"only a {types} column has '{key}'"
    for key, kinds, given in (
        ("default", WITH_DEFAULT, column.default is not None),
        ("unique values", WITH_UNIQUE_VALUES, column.unique_values),
        ("indexed", WITH_INDEX, column.indexed),
    ):
        if given and kind not in kinds:
            return f"{article} {kind} column cannot have '{key}'"
    return None


class ColumnUse(Words):
    """A site column in a content type, written out because the content type asks more of it."""

    column: Text
    """The site column's name."""
    required: YesNo | None = None
    """Whether a document of this content type cannot be saved without it."""
    hidden: YesNo | None = None
    """Whether forms leave it out; a column that people need not see can still be filled by a flow."""


def _form(given: object) -> str:
    return "entry" if isinstance(given, dict | Words) else "text"


class Term(Words):
    """A term with others below it."""

    name: TermName
    """What people choose."""
    terms: "Terms" = ()
    """The terms below it: names, or `name` with `terms`."""


Terms = tuple[Annotated[Annotated[TermName, Tag("text")] | Annotated[Term, Tag("entry")], Discriminator(_form)], ...]
"""Terms, each with those below it."""


class FilledTermSet(Words):
    """A term set with terms that it has at least."""

    name: TermSet
    """Its group, a slash and its name."""
    terms: Terms = ()
    """The terms that it has at least: names, or `name` with the `terms` below it. What is missing is added before the
    first site is made; nothing is ever taken away."""


class ContentType(Words):
    """A kind of document, with the columns that it carries."""

    name: Text
    """What people see in the New menu."""
    based_on: Text = "Document"
    """Document, Item, Document Set (a folder with columns of its own, for a case or a meeting), or another content
    type of this file."""
    description: str = ""
    """The line of help in the New menu."""
    columns: tuple[
        Annotated[Annotated[Text, Tag("text")] | Annotated[ColumnUse, Tag("entry")], Discriminator(_form)], ...
    ] = ()
    """Site columns of this file, in addition to those of the content type it is based on: a name, or `column` with
    `required` and `hidden`."""
    document_template: Asset | None = None
    """What a new document of this kind begins as: a file in this folder, such as `assets/letter.docx`."""
    from_hub: YesNo = False
    """Whether it comes from the tenant's content type gallery; it must be published there under this name."""


def column_of(use: str | ColumnUse) -> str:
    """The site column that a content type names."""
    return use if isinstance(use, str) else use.column


def term_set_of(entry: str | FilledTermSet) -> str:
    """Group and name of a term set."""
    return entry if isinstance(entry, str) else entry.name


def terms_of(terms: Terms, above: str = "") -> Iterator[str]:
    """All of these terms, each after the one that it lies below, as `Highways > Bridges`."""
    for each in terms:
        name = f"{above}{each if isinstance(each, str) else each.name}"
        yield name
        if not isinstance(each, str):
            yield from terms_of(each.terms, f"{name} > ")


class Naming(Words):
    """What addresses and titles must look like."""

    longest_address: Annotated[int, Field(ge=10, le=100)] = 40
    """The most characters of a site's address, so that room is left for folders (SharePoint allows 400 in all)."""
    never_use: tuple[Text, ...] = ()
    """Words that no title may contain."""
    address_letters: dict[SiteKind, Annotated[str, StringConstraints(pattern=r"^[a-z]$")]] = Field(default_factory=dict)
    """The letter that the address of each kind of site begins with, followed by `-`."""


class Theme(Words):
    """A set of colours."""

    name: Text
    """What people see under "Change the look"."""
    palette: dict[Text, Annotated[str, Form(r"#[0-9a-fA-F]{6}", "a colour; write it like: #005ea5")]] = Field(
        default_factory=dict
    )
    """Colours by SharePoint's own names (`themePrimary`, `neutralDark` ...). A theme that the tenant lacks is added
    before the first site that has it; one that is there stays as it is. None for a theme that must be there."""


class PermissionLevel(Words):
    """A permission level besides Full Control, Design, Edit, Contribute and Read."""

    name: Text
    """What people see on the permissions page."""
    description: str = ""
    """What it is for."""
    allows: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What it allows, in the words of the permissions page, such as View items."""


class Unit(Words):
    """A unit of the organisation as it is now. Addresses never name one; titles, hubs and units do change."""

    code: UnitCode
    """Its code; short, and kept when its name changes."""
    name: Text
    """Its name."""
    kind: Text
    """Its tier: one of `tier labels`."""
    part_of: UnitCode | None = None
    """The code of the unit that it belongs to."""
    hub: Annotated[str, StringConstraints(pattern=r"^/sites/[A-Za-z0-9][A-Za-z0-9_-]*$")] | None = None
    """The address of the hub that its sites join."""
    group: Annotated[str, StringConstraints(pattern=r"^group:.+$")] | None = None
    """The group of Entra that holds everybody of the unit, as `group:` and its name: content that the whole function
    should see is opened to it."""


class Champion(Words):
    """Who may ask for sites, and where."""

    role: Text
    """The role id of the champion."""
    branch: UnitCode
    """The code of a unit: sites of it, and of all below it."""
    templates: tuple[Text, ...] = ()
    """The templates that this champion may use."""


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
    term_sets: tuple[
        Annotated[Annotated[TermSet, Tag("text")] | Annotated[FilledTermSet, Tag("entry")], Discriminator(_form)], ...
    ] = ()
    """The term sets that columns may use: a name, for one that must exist in the tenant, or `name` with `terms`, for
    one that is made and completed."""
    retention_labels: tuple[Text, ...] = ()
    """The retention labels that libraries may have; they must be published."""
    sensitivity_labels: tuple[Text, ...] = ()
    """The sensitivity labels that sites and libraries may have; they must be published."""
    themes: tuple[Theme, ...] = ()
    """The themes that sites may have."""
    permission_levels: tuple[PermissionLevel, ...] = ()
    """The permission levels that groups may have, besides SharePoint's own."""
    groups: tuple[Text, ...] = ()
    """The groups of Microsoft Entra that may be given access, as `group:` and the name; they must exist."""
    tier_labels: tuple[Text, ...] = ()
    """What the tiers of the organisation are called, from the top."""
    units: tuple[Unit, ...] = ()
    """The units of the organisation."""
    champions: tuple[Champion, ...] = ()
    """Who may ask for sites, and where."""
