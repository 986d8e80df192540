"""`templates/*.yaml` and `sites/*.yaml`: the wanted state of a kind of site, and of one site."""

from typing import Annotated

from pydantic import Field

from spmigrate.formats.yaml import Day
from spmigrate.provision.language.lists import Library, List
from spmigrate.provision.language.navigation import Menu
from spmigrate.provision.language.parameters import Answer, Parameter
from spmigrate.provision.language.site import Hub, Look, Page, Permissions, SeedFile, Sharing, SiteSection, Team
from spmigrate.provision.language.words import Address, Names, SiteKind, Text, Words

Removed = tuple[Text, ...]
"""Names of what is removed; what belongs to a library or list is written `Documents/Old view`."""


class Remove(Words):
    """What templates above this one declare and this one does not want. What belongs to something else is written with
    its name in front: `Documents/Old view`."""

    libraries: Removed = ()
    """Libraries by name. One that exists goes to the recycle bin when it is empty, and stays otherwise."""
    lists: Removed = ()
    """Lists by name. One that exists goes to the recycle bin when it is empty, and stays otherwise."""
    views: Removed = ()
    """Views, as `Documents/Old view`; they are taken away."""
    folders: Removed = ()
    """Folders, as `Documents/2026`; one that exists goes to the recycle bin when it is empty, and stays otherwise."""
    files: Removed = ()
    """Files that libraries begin with, as `Documents/2026/terms.docx`; one that was put stays."""
    default_values: Removed = ()
    """Default values, as `Documents/Marking`; they are taken away."""
    permissions: Removed = ()
    """What a library or list gives to somebody, as `Documents/Members`; it is taken away."""
    columns_shown: Removed = ()
    """Columns of the view that opens first, as `Documents/Marking`; one that is shown stays."""
    quick_launch: Removed = ()
    """Links by title, those below others as `Policies/Leave`; they are taken away."""
    hub_navigation: Removed = ()
    """Links of the hub by title, those below others as `Policies/Leave`; they are taken away."""
    footer: Removed = ()
    """Links of the footer by title; they are taken away."""
    features: Removed = ()
    """Features by name; they are switched off."""
    groups: Removed = ()
    """Groups of the site by name; they are taken away."""
    people: Removed = ()
    """People, as `Members/service.desk`; they lose this access."""
    pages: Removed = ()
    """Pages by file; they go to the recycle bin."""
    channels: Removed = ()
    """Channels that the team need not have; one that exists stays."""
    site_columns: Removed = ()
    """Site columns that the site need not have; one that exists stays."""
    content_types: Removed = ()
    """Content types that the site, or `Documents/Council document` a library, need not have; one that exists stays."""


class Sections(Words):
    """What a template says about sites, and what a site's override may say otherwise."""

    site: SiteSection = SiteSection()
    """The site itself."""
    sharing: Sharing = Sharing()
    """How far it may be shared."""
    permissions: Permissions = Permissions()
    """Who is in its groups."""
    features: Names = ()
    """What is switched on, by name."""
    site_columns: Names = ()
    """Site columns beside those that its content types bring."""
    content_types: Names = ()
    """Content types beside those that its libraries bring."""
    libraries: tuple[Library, ...] = ()
    """Its libraries."""
    lists: tuple[List, ...] = ()
    """Its lists."""
    quick_launch: Menu = Menu()
    """Its links."""
    hub_navigation: Menu = Menu()
    """Of a hub: the links across all of its sites."""
    footer: Menu = Menu()
    """The links at the foot of its pages."""
    look: Look = Look()
    """What it looks like."""
    pages: tuple[Page, ...] = ()
    """Its pages."""
    files: tuple[SeedFile, ...] = ()
    """Files that its libraries begin with."""
    hub: Hub = Hub()
    """How it belongs to other sites."""
    team: Team = Team()
    """Its team in Microsoft Teams."""
    remove: Remove = Remove()
    """What inherited parts it does without."""


class Decision(Words):
    """Where a template was agreed."""

    id: Text
    """The reference of the decision, as its minutes have it."""
    forum: Text
    """Who decided: a workshop or a board."""
    date: Day
    """When."""


class Template(Sections):
    """`templates/*.yaml`: the wanted state of a kind of site."""

    template: Text
    """Its name, as site files write it."""
    version: Annotated[int, Field(ge=1)]
    """Raised whenever the template changes."""
    purpose: str = ""
    """When to use it, in a sentence."""
    decision: Decision | None = None
    """Where this version was agreed."""
    extends: Text | None = None
    """The template that this one adds to."""
    kind: SiteKind | None = None
    """Directorate, Function, Team, Partnership or Programme; only templates with a kind make sites."""
    parameters: tuple[Parameter, ...] = ()
    """The questions that a site's file answers."""


class Override(Sections):
    """A reviewed exception for one site. It merges with the template as a template below it would."""

    because: Text
    """Why this site differs, and who agreed; every plan shows it."""
    until: Day | None = None
    """The last day that it holds."""


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
    marking: str = ""
    """How its documents must be handled."""
    portfolio: str = ""
    """The cabinet portfolio that answers for it now."""
    successor_area: str = ""
    """The council that it goes to when the councils of the county are reorganised."""
    review_date: Day | None = None
    """When its owners are asked whether it is still needed."""
    answers: dict[str, Answer] = Field(default_factory=dict)
    """One answer for each question of the template."""
    override: tuple[Override, ...] = ()
    """Reviewed exceptions; each says why, and better until when."""
