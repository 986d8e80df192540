"""The site itself: what it is, who has access, how far it is shared, how it looks and belongs to others."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from spmigrate.formats.yaml import Form, YesNo
from spmigrate.provision.language.words import Asset, Audiences, Entry, Names, Owner, Text, Words

SiteType = Literal["Communication site", "Team site without group", "Team site with Microsoft 365 group"]
"""What SharePoint makes a site from."""

GROUP_SITE: SiteType = "Team site with Microsoft 365 group"
"""The type whose Owners and Members are those of a Microsoft 365 group."""

Days = Annotated[int, Field(ge=1, le=730)]
"""A number of days (SharePoint takes at most 730)."""
GuestDays = Annotated[int, Field(ge=30, le=730)]
"""Days of a guest's access. Source: Set-SPOSite, ExternalUserExpirationInDays."""

Gigabytes = Annotated[int, Field(ge=1, le=25_600)]
"""A size in GB (SharePoint gives a site at most 25 TB)."""

Language = Literal["English", "Welsh"]
Devices = Literal["Full access", "Web only", "Blocked"]
Privacy = Literal["Private", "Public"]
Design = Literal["Blank", "Topic", "Showcase"]
LockState = Literal["Unlocked", "No additions", "Read only", "No access"]


class SiteSection(Words):
    """The site itself."""

    type: SiteType | None = None
    """Communication site, Team site without group, or Team site with Microsoft 365 group; it cannot be changed after
    the site is made."""
    title: Text | None = None
    """The name at the top of every page."""
    description: str | None = None
    """What the site is for, in a sentence."""
    privacy: Privacy | None = None
    """Of a site with a Microsoft 365 group: Private, unless Public is said."""
    design: Design | None = None
    """What a new Communication site begins with: Blank, Topic or Showcase; Blank leaves nothing to tidy up."""
    other_languages: tuple[Language, ...] = ()
    """Languages besides the organisation's in which people may see menus and settings: English or Welsh. A language
    that was switched on stays."""
    sensitivity_label: Text | None = None
    """The sensitivity label of the site: one of the organisation's."""
    restrict_access_to: Names = ()
    """Only whoever is in one of these groups of Entra, ten at most, opens the site, whatever its permissions and links
    say: `group:` and its name. On a site with a Microsoft 365 group: Members, those of that group."""
    unmanaged_devices: Devices | None = None
    """What people may do on devices that the organisation does not manage: Full access, Web only (nothing can be
    downloaded, printed or synchronised) or Blocked. The tenant's own setting is the upper limit."""
    comments_on_pages: YesNo | None = None
    """Whether people may comment on the pages of the site."""
    storage_limit: Gigabytes | None = None
    """The most that the site may hold, in GB; only tenants that manage storage by hand keep it."""
    storage_warning: Gigabytes | None = None
    """How much, in GB, its administrators are warned at."""
    lock: LockState | None = None
    """Unlocked; No additions (nothing new, deleting is possible); Read only; or No access."""


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
    links_to_people_expire_after: GuestDays | None = None
    """After how many days guests lose the access that links gave them (30 to 730), unless an owner extends it."""
    anyone_links_expire_after: Days | None = None
    """After how many days a link for anyone stops working (at most 730)."""


class SiteGroup(Entry):
    """A group of the site besides Owners, Members and Visitors."""

    name: Annotated[
        Text, Form(r"""[^"/\\\[\]:|<>+=;,?*'@]+""", "a group's name; leave out \" / \\ [ ] : | < > + = ; , ? * ' @")
    ]
    """What people see on the permissions page."""
    description: str = ""
    """What it is for."""
    level: Text = "Read"
    """What it may do on the site: Full Control, Design, Edit, Contribute, Read, or a level of the organisation's."""
    people: Names = ()
    """Who is in it: role ids, `group:` and an Entra group, or questions in braces."""


class Access(Words):
    """Who may let others in."""

    members_can_share: YesNo | None = None
    """Whether members may share files and folders."""
    members_can_invite: YesNo | None = None
    """Whether members may add people to the site's members."""
    requests_go_to: Text | None = None
    """Who is asked by people without access: Owners, Nobody (they cannot ask), a role id or an address."""


class Permissions(Words):
    """Who is in the site's groups, by role id, `group:` and an Entra group, or a question. People who were added by
    hand stay."""

    owners: Names = ()
    """Two at least: people leave."""
    members: Names = ()
    """They edit."""
    visitors: Names = ()
    """They read. Nobody, unless named."""
    administrators: Names = ()
    """Site collection administrators: they see everything, whatever the site's groups say."""
    groups: tuple[SiteGroup, ...] = ()
    """More groups of the site."""
    access: Access = Access()
    """Who may let others in."""


class Look(Words):
    """What the site looks like."""

    theme: Text | None = None
    """The name of a theme: one of the organisation's. A site that joins a hub has the hub's."""
    logo: Text | None = None
    """A picture in this folder, such as `assets/crest.png`."""
    header: Literal["Standard", "Compact", "Minimal", "Extended"] | None = None
    """How tall the header is: Standard, Compact, Minimal or Extended."""
    header_emphasis: Literal["None", "Neutral", "Soft", "Strong"] | None = None
    """The header's background: None, Neutral, Soft or Strong."""
    footer: YesNo | None = None
    """Whether pages have a footer."""
    mega_menu: YesNo | None = None
    """Whether menus open with all of their levels."""
    quick_launch_shown: YesNo | None = None
    """Whether the quick launch is shown."""


class Page(Entry):
    """A page."""

    file: Annotated[Text, Form(r"[A-Za-z0-9][A-Za-z0-9_-]*\.aspx", "a page's file; write it like: About-us.aspx")]
    """Its file, such as `Home.aspx`."""
    title: Text
    """Its title."""
    sections_from: (
        Annotated[str, Form(r"pages/[A-Za-z0-9][A-Za-z0-9_-]*\.yaml", "a file such as pages/home.yaml")] | None
    ) = None
    """The file that says what is on it, such as `pages/home.yaml`."""
    home_page: YesNo | None = None
    """Whether the site opens with it."""
    for_: Audiences = ()
    """The groups of Microsoft Entra whom news and other web parts show it to first, as `group:` and a name, ten at
    most. It hides nothing: everybody who may read the site may read the page. Web parts may take no notice until an
    owner has switched audience targeting off and on once in the settings of the library Site Pages."""
    owned_by: Owner | None = "site owners"
    """site owners: what they write stays. template: it is written again when its file changes."""


class SeedFile(Entry):
    """A file that a library begins with. It is put once: what people make of it stays, and if they delete it, it stays
    away."""

    library: Text
    """The library, by name."""
    folder: Text | None = None
    """The folder in it, by path: `2026/Meetings`; the top of the library when left out."""
    from_: Asset
    """The file in this folder, such as `assets/terms.docx`; it keeps its name."""

    @property
    def path(self) -> str:
        """Where it lies in its library."""
        folders = [each.strip() for each in (self.folder or "").split("/") if each.strip()]
        return "/".join([*folders, self.from_.rpartition("/")[2]])


class Hub(Words):
    """How the site belongs to others."""

    is_a_hub: YesNo | None = None
    """Whether other sites may join this one."""
    member_of: Text | None = None
    """The address of the hub that this site joins, or a `{parameter}`."""
    title: Text | None = None
    """Of a hub: what people see in the bar across all of its sites."""
    description: str | None = None
    """Of a hub: what it brings together."""
    logo: Text | None = None
    """Of a hub: the picture in the bar, a picture in this folder; it is the site's own logo, too."""
    parent: Text | None = None
    """Of a hub: the address of the hub that it belongs to, or a `{parameter}`; three levels are the most."""
    who_may_join: Names = ()
    """Of a hub: whose sites may join, by role id, `group:` and an Entra group, or a question; anybody's when left
    out."""
    approval: YesNo | None = None
    """Of a hub: whether joining needs a yes."""


class Channel(Entry):
    """A channel of the team."""

    name: Annotated[Text, StringConstraints(max_length=50)]
    """What people see (Teams takes at most 50 characters)."""
    description: str = ""
    """What it is for."""
    privacy: Literal["Standard", "Private"] = "Standard"
    """Standard: everybody in the team. Private: those who are added. It cannot change later."""


class Team(Words):
    """A team in Microsoft Teams, for a site with a Microsoft 365 group."""

    name: Text | None = None
    """What people see in Teams."""
    channels: tuple[Channel, ...] = ()
    """Its channels besides General."""
