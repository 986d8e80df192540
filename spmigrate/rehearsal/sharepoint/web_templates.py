"""What webs and lists can be made from, and the galleries of a web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.builtin import LIST_TEMPLATES
from spmigrate.rehearsal.sharepoint.galleries import CATALOGS
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity


@dataclass(frozen=True, slots=True)
class Template:
    """What a web is made from; `number` is its id among the templates."""

    name: str
    number: int
    title: str
    description: str
    category: str = "Collaboration"
    hidden: bool = False
    root_only: bool = False


TEMPLATES = (
    Template("STS#3", 1, "Team site (no Microsoft 365 group)", "A site with no connection to a Microsoft 365 Group."),
    Template("STS#0", 1, "Team site (classic experience)", "A place to work together with a group of people."),
    Template("STS#1", 1, "Blank Site", "A blank site for you to customize based on your requirements.", hidden=True),
    Template("STS#2", 1, "Document Workspace", "A site for colleagues to work together on a document.", hidden=True),
    Template("GROUP#0", 64, "Team site", "A site connected to a Microsoft 365 Group.", hidden=True, root_only=True),
    Template("SITEPAGEPUBLISHING#0", 68, "Communication site", "Publish dynamic, beautiful content to people.",
             "Publishing", hidden=True, root_only=True),
    Template("BLOG#0", 9, "Blog", "A site for a person or team to post ideas, observations, and expertise."),
    Template("PROJECTSITE#0", 6, "Project Site", "A site for managing and collaborating on a project."),
    Template("COMMUNITY#0", 62, "Community Site", "A place where community members discuss topics."),
    Template("DEV#0", 95, "Developer Site", "A site for developers to build, test and publish apps.", root_only=True),
    Template("BDR#0", 7, "Document Center", "A site to centrally manage documents.", "Enterprise"),
    Template("OFFILE#1", 14483, "Records Center", "A site designed for records management.", "Enterprise"),
    Template("EHS#1", 15, "Team Site - SharePoint Online configuration", "A team site.", "Enterprise", hidden=True),
    Template("ENTERWIKI#0", 52, "Enterprise Wiki", "A site for publishing knowledge.", "Publishing"),
    Template("SRCHCEN#0", 50, "Enterprise Search Center", "A site focused on delivering an enterprise-wide search.",
             "Enterprise"),
    Template("SRCHCENTERLITE#0", 90, "Basic Search Center", "A site focused on basic search.", "Enterprise"),
    # Its number is a guess: only the name and the title are known from lists of the service's templates.
    Template("FunSite#0", 20, "SharePoint Online Tenant Fundamental Site", "A site.", hidden=True),
    Template("TEAMCHANNEL#0", 69, "Team channel", "A site of a private channel.", hidden=True, root_only=True),
    Template("TEAMCHANNEL#1", 69, "Team channel", "A site of a shared channel.", hidden=True, root_only=True),
)  # fmt: skip
_LIST_NAMES = {
    100: ("custlist", "Custom List"), 101: ("doclib", "Document Library"), 103: ("links", "Links"),
    104: ("announce", "Announcements"), 105: ("contacts", "Contacts"), 106: ("events", "Calendar"),
    107: ("tasks", "Tasks"), 109: ("pictures", "Picture Library"), 119: ("webpagelib", "Wiki Page Library"),
    171: ("hierarchy", "Tasks"),
}  # fmt: skip


def find_template(name: str) -> Template | None:
    """A template by name; without a configuration (``STS``) the first one of that name."""
    wanted = name.upper()
    for each in TEMPLATES:
        if each.name.upper() == wanted:
            return each
    return next((each for each in TEMPLATES if each.name.partition("#")[0].upper() == wanted), None)


class WebTemplate(Resource):
    """What a web can be made from."""

    type = "SP.WebTemplate"
    feed = "WebTemplates"
    declared = table(
        group(TEXT, "", "Description DisplayCategory ImageUrl Name Title"),
        group(INT, 0, "Id"),
        group(INT, 1033, "Lcid"),
        group(BOOLEAN, False, "IsHidden IsRootWebOnly IsSubWebOnly"),
    )

    def __init__(self, scope: Scope, template: Template, lcid: int) -> None:
        super().__init__(scope)
        self.template = template
        self.lcid = lcid

    @property
    def path(self) -> str:
        return f"Web/GetAvailableWebTemplates(lcid={self.lcid},doIncludeCrossLanguage=false)/GetByName('{self.name}')"

    @property
    def name(self) -> str:
        """The name by which webs are made."""
        return self.template.name

    def stored(self) -> Mapping[str, Any]:
        each = self.template
        return {
            "Name": each.name, "Id": each.number, "Title": each.title, "Description": each.description,
            "DisplayCategory": each.category, "ImageUrl": "/_layouts/15/images/stts.png", "Lcid": self.lcid,
            "IsHidden": each.hidden, "IsRootWebOnly": each.root_only,
        }  # fmt: skip


class WebTemplateList(Collection):
    """The templates, all or those of which subsites can be made."""

    feed = "WebTemplates"
    element = WebTemplate

    def __init__(self, scope: Scope, lcid: int, *, subsites: bool) -> None:
        super().__init__(scope)
        self.lcid = lcid
        self.subsites = subsites

    def all(self) -> list[WebTemplate]:
        return [
            WebTemplate(self.scope, each, self.lcid)
            for each in TEMPLATES
            if not self.subsites or not (each.root_only or each.hidden)
        ]

    def by_key(self, key: object) -> WebTemplate:
        for each in self.all():
            if each.name.lower() == str(key).lower():
                return each
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: name")

    @function("GetByName")
    def get_by_name(self, call: Call) -> WebTemplate:
        """A template by name."""
        return self.by_key(call.text("name", 0))


class ListTemplate(Resource):
    """What a list can be made from."""

    type = "SP.ListTemplate"
    feed = "ListTemplates"
    declared = table(
        group(BOOLEAN, True, "AllowsFolderCreation"),
        group(BOOLEAN, False, "Hidden IsCustomTemplate OnQuickLaunch Unique"),
        group(INT, 0, "BaseType ListTemplateTypeKind"),
        group(GUID, ZERO_GUID, "FeatureId"),
        group(TEXT, "", "Description ImageUrl InternalName Name"),
        group(TEXT, "", "DocumentTemplate ListSchema", on_select=True),
    )

    def __init__(self, scope: Scope, number: int) -> None:
        super().__init__(scope)
        self.number = number

    @property
    def path(self) -> str:
        return f"Web/ListTemplates('{self.name}')"

    @property
    def name(self) -> str:
        """The name as people see it."""
        known = _LIST_NAMES.get(self.number)
        return known[1] if known else CATALOGS.get(self.number, (LIST_TEMPLATES[self.number].name, ""))[0]

    def stored(self) -> Mapping[str, Any]:
        template = LIST_TEMPLATES[self.number]
        known = _LIST_NAMES.get(self.number)
        return {
            "Name": self.name, "InternalName": known[0] if known else template.name, "FeatureId": template.feature,
            "BaseType": template.base, "ListTemplateTypeKind": self.number, "Hidden": known is None,
            "OnQuickLaunch": known is not None, "Unique": known is None,
            "ImageUrl": f"/_layouts/15/images/{'itdl' if template.base else 'itgen'}.png?rev=47",
        }  # fmt: skip


class ListTemplates(Collection):
    """What lists can be made from."""

    feed = "ListTemplates"
    element = ListTemplate

    def __init__(self, scope: Scope, *, custom: bool = False) -> None:
        super().__init__(scope)
        self.custom = custom

    def all(self) -> list[ListTemplate]:
        return [] if self.custom else [ListTemplate(self.scope, number) for number in LIST_TEMPLATES]

    def by_key(self, key: object) -> ListTemplate:
        for each in self.all():
            if each.name.lower() == str(key).lower():
                return each
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: name")

    @function("GetByName")
    def get_by_name(self, call: Call) -> ListTemplate:
        """A template by name."""
        return self.by_key(call.text("name", 0))


class WebTemplates(Resource):
    """The part of a web that says what can be made in it."""

    entity: Entity

    @function("GetAvailableWebTemplates")
    def available_web_templates(self, call: Call) -> WebTemplateList:
        """What subsites can be made from."""
        return WebTemplateList(self.scope, call.number("lcid", 0, default=1033), subsites=True)

    @link("ListTemplates")
    def list_templates(self) -> ListTemplates:
        """What lists can be made from."""
        return ListTemplates(self.scope)

    @function("GetCustomListTemplates")
    def custom_list_templates(self, _call: Call) -> ListTemplates:
        """What lists can be made from that people have saved: nothing, it can't be done in this tenant."""
        return ListTemplates(self.scope, custom=True)

    @function("GetCatalog")
    def get_catalog(self, call: Call) -> lists.List:
        """A gallery by kind."""
        kind = call.number("typeCatalog", 0)
        for row in self.scope.store.children(self.entity.id, "list"):
            if row.props.get("BaseTemplate") == kind:
                return lists.List(self.scope, row)
        if kind not in CATALOGS or kind not in LIST_TEMPLATES:
            raise file_not_found()
        title, address = CATALOGS[kind]
        props = {"Hidden": True, "NoCrawl": True, "IsCatalog": True, "AllowDeletion": False}
        return lists.List(self.scope, lists.add_list(self.scope, title, kind, address=address, props=props))

    @link("SiteUserInfoList")
    def site_user_info_list(self) -> lists.List:
        """The list of people that the site knows; it lies in the site's root web."""
        return lists.find_by_address(scope_of_site(self.scope, self.scope.site), "_catalogs/users")
