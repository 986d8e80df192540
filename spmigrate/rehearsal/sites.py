"""Making sites: what a new site collection has from its first minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN, Claims
from spmigrate.rehearsal.one_drive import PERSONAL_LIBRARY, PERSONAL_TEMPLATE
from spmigrate.rehearsal.rights import M365_GROUP, everybody_inside
from spmigrate.rehearsal.sharepoint import lists
from spmigrate.rehearsal.sharepoint.builtin import derived_guid
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, add_node
from spmigrate.rehearsal.sharepoint.page_content import home_fields
from spmigrate.rehearsal.sharepoint.people import add_group, ensure_user
from spmigrate.rehearsal.sharepoint.roles import EDIT, FULL_CONTROL, READ
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.securables import assign
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_SYSTEM = Claims(app_id="", app_name="SharePoint App", object_id="", audience="")
_HOME = b'<%@ Page language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WebPartPage" %>\r\n'
# Lists of a new site: (title, address, template, hidden).
_LISTS = (
    ("Documents", "Shared Documents", 101, False),
    ("Site Pages", "SitePages", 119, False),
    ("Site Assets", "SiteAssets", 101, False),
    ("Style Library", "Style Library", 101, False),
    ("Form Templates", "FormServerTemplates", 101, False),
    ("User Information List", "_catalogs/users", 112, True),
)
# Those of them that a web below another one has too.
_WEB_LISTS = frozenset({"Shared Documents", "SitePages", "SiteAssets"})
# Lists of an app catalog: title, address, template, and the columns (name and type) that programs ask for.
_CATALOG_LISTS = (
    ("Apps for SharePoint", "AppCatalog", 330, "AppProductID Text AppVersion Text IsValidAppPackage Boolean"),
    ("Component Manifests", "Lists/ComponentManifests", 100,
     "ClientComponentId Text ClientComponentManifest Note SolutionId Text"),
    ("Tenant Wide Extensions", "Lists/TenantWideExtensions", 100,
     "TenantWideExtensionComponentId Text TenantWideExtensionComponentProperties Note "
     "TenantWideExtensionWebTemplate Text TenantWideExtensionListTemplate Number TenantWideExtensionLocation Text "
     "TenantWideExtensionSequence Number TenantWideExtensionHostProperties Note TenantWideExtensionDisabled Boolean"),
)  # fmt: skip
# Sharing of a new site by template; source: the defaults recorded for each kind of site.
_SHARING = {"GROUP#0": 1, "SITEPAGEPUBLISHING#0": 0, "STS#3": 0}
# The links at the side of a new web by template, after Home: title, and address below the web. The recycle bin stands
# below them in the menu alone (``menus``). Group status pages lead to the conversations and the notebook of a group.
_PAGES = ("Pages", "SitePages/Forms/ByAuthor.aspx")
_CONTENTS = ("Site contents", "_layouts/15/viewlsts.aspx")
_DOCUMENTS = ("Documents", "{documents}/Forms/AllItems.aspx")
_NOTEBOOK = ("Notebook", "_layouts/15/groupstatus.aspx?Target=NOTEBOOK")
_CONVERSATIONS = ("Conversations", "_layouts/15/groupstatus.aspx?Target=CONVERSATIONS")
_LINKS = {
    "GROUP#0": (_CONVERSATIONS, _DOCUMENTS, _NOTEBOOK, _PAGES, _CONTENTS),
    "STS#3": (
        _DOCUMENTS,
        ("Notebook", "_layouts/15/OneNote.aspx?id={web}/SiteAssets/{title} Notebook"),
        _PAGES,
        _CONTENTS,
    ),
}
_OTHER_LINKS = (_DOCUMENTS, _PAGES, _CONTENTS)
# What a communication site shows around its pages; source: its recorded default properties.
_LOOKS: Mapping[str, Mapping[str, Any]] = {"SITEPAGEPUBLISHING#0": {"FooterEnabled": True, "MegaMenuEnabled": True}}


@dataclass(frozen=True, slots=True)
class NewSite:
    """What a site is made from. `address` is host and path: `contoso.sharepoint.com/sites/x`."""

    address: str
    title: str
    owner: str
    template: str = "STS#3"
    description: str = ""
    lcid: int = 1033
    locale: int = 1033
    time_zone: int = 13
    guid: str | None = None
    props: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewWeb:
    """What a web below another one is made from. `address` is server-relative: `/sites/x/minutes`."""

    address: str
    title: str
    template: str = "STS#3"
    description: str = ""
    language: int = 1033
    inherits: bool = True


def create_web(scope: Scope, new: NewWeb) -> Entity:
    """Make a web below that of `scope`; with permissions of its own its maker alone may do anything there."""
    above = scope.store.by_id(scope.web.id) or scope.web
    props = {
        "Title": new.title,
        "Description": new.description,
        "Language": new.language,
        "SupportedUILanguageIds": [new.language],
        "_Regional": dict(above.props.get("_Regional", {})),
        "_Template": new.template,
        "_Unique": not new.inherits,
    }
    if new.inherits:
        names = ("_OwnerGroup", "_MemberGroup", "_VisitorGroup")
        props |= {name: above.props[name] for name in names if name in above.props}
    web = scope.store.insert("web", new.address, at=scope.now, parent=scope.site.id, props=props)
    inner = replace(scope, web=web)
    if not new.inherits:
        maker = ensure_user(inner, scope.claims.login)
        assign(inner, web, int(maker.props["Id"]), FULL_CONTROL)
    _add_lists(inner, root=False)
    _add_links(inner)
    return scope.store.by_id(web.id) or web


def create_site(tenant: Tenant, new: NewSite) -> Entity:
    """Make a site collection with its root web and all that a new one has; answers the site.

    `owner` is a UPN or claims login that the directory knows (an unknown one is refused, as in the service).
    """
    host, slash, path = new.address.strip("/").partition("/")
    now = tenant.clock.iso()
    props = {
        "Title": new.title,
        "Template": new.template,
        "Lcid": new.lcid,
        "SharingCapability": _SHARING.get(new.template, 0),
        "_LastPrincipal": 2,
        **new.props,
    }
    site = tenant.store.insert("site", new.address.strip("/"), at=now, guid=new.guid, props=props)
    web_props = {
        "Title": new.title,
        "Description": new.description,
        "Language": new.lcid,
        "SupportedUILanguageIds": [new.lcid],
        "_Regional": {"LocaleId": new.locale, "TimeZone": new.time_zone},
        **_LOOKS.get(new.template, {}),
    }
    web = tenant.store.insert("web", slash + path or "/", at=now, parent=site.id, props=web_props)
    scope = Scope(tenant, _SYSTEM, host, site, web)
    _add_people(scope, new)
    _add_lists(scope)
    _add_links(scope)
    if new.template.startswith("APPCATALOG"):
        add_catalog(scope)
    return tenant.store.by_id(site.id) or site


def _add_people(scope: Scope, new: NewSite) -> None:
    owner = ensure_user(scope, new.owner)
    scope.store.update(owner, {"IsSiteAdmin": True}, at=scope.now)
    scope.store.update(scope.site, {"Owner": owner.name}, at=scope.now)
    if new.template.startswith(PERSONAL_TEMPLATE):
        return  # a OneDrive is its owner's alone
    names = (("Owners", FULL_CONTROL), ("Visitors", READ), ("Members", EDIT))
    groups: dict[str, int] = {}
    for name, role in names:
        description = f"Use this group to grant people {_purpose(name)} permissions to the SharePoint site: {new.title}"
        title = _free_title(scope, f"{_clean(new.title)} {name}")
        row = add_group(scope, title, {"Description": description, "_Owner": groups.get("Owners", 0) or None})
        groups[name] = int(row.props["Id"])
        if name == "Owners":
            users = [owner.props["Id"]]
            scope.store.update(row, {"_Owner": groups[name], "_Users": users}, at=scope.now)
        assign(scope, scope.web, groups[name], role)
    _add_claims(scope, new, groups)
    associated = {
        "_OwnerGroup": groups["Owners"],
        "_MemberGroup": groups["Members"],
        "_VisitorGroup": groups["Visitors"],
    }
    scope.store.update(scope.web, associated, at=scope.now)


def _add_claims(scope: Scope, new: NewSite, groups: Mapping[str, int]) -> None:
    """Let the owners and members of a site's group in, everybody inside where the group is public, and everybody to
    the host of the OneDrives."""
    inside = everybody_inside(scope.tenant)
    group = scope.tenant.directory.group(str(new.props.get("GroupId") or ""))
    if group is not None:
        owners = _join(scope, groups["Owners"], f"{M365_GROUP}{group.guid}_o")
        scope.store.update(owners, {"IsSiteAdmin": True}, at=scope.now)
        _join(scope, groups["Members"], f"{M365_GROUP}{group.guid}")
        if group.props.get("visibility") == "Public":
            _join(scope, groups["Members"], inside)
    if new.template == "SPSMSITEHOST#0":
        _join(scope, groups["Visitors"], inside)


def _join(scope: Scope, number: int, claim: str) -> Entity:
    row = ensure_user(scope, claim)
    for group in scope.store.children(scope.site.id, "sitegroup"):
        if group.props["Id"] == number:
            members = [*group.props.get("_Users", []), row.props["Id"]]
            scope.store.update(group, {"_Users": members}, at=scope.now)
    return row


def _purpose(name: str) -> str:
    return {"Owners": "full control", "Visitors": "read", "Members": "contribute"}[name]


def _clean(title: str) -> str:
    return "".join(each for each in title if each not in "\"/\\[]:|<>+=;,?*'@").strip() or "Site"


def _free_title(scope: Scope, title: str) -> str:
    number, name = 1, title
    while scope.store.find("sitegroup", scope.site.id, name) is not None:
        name, number = f"{title} {number}", number + 1
    return name


def _add_lists(scope: Scope, *, root: bool = True) -> None:
    personal = str(scope.site.props.get("Template", "")).startswith(PERSONAL_TEMPLATE)
    for title, usual, template, hidden in _LISTS:
        if not root and usual not in _WEB_LISTS:
            continue
        props: dict[str, Any] = {"Hidden": hidden}
        address = PERSONAL_LIBRARY if personal and usual == "Shared Documents" else usual
        if usual == "Shared Documents":
            props["OnQuickLaunch"] = True
        if hidden or address == "Style Library":
            props["NoCrawl"] = True
        if address == "SitePages":
            props |= {"EnableMinorVersions": True, "EnableVersioning": True}
        row = lists.add_list(scope, title, template, address=address, props=props)
        if address == "SitePages":
            _add_home(scope, row)


def add_catalog(scope: Scope) -> None:
    """Give a web the lists of an app catalog, as far as it lacks them; a site's own catalog has packages alone."""
    tenants = str(scope.site.props.get("Template", "")).startswith("APPCATALOG")
    for title, address, template, columns in _CATALOG_LISTS if tenants else _CATALOG_LISTS[:1]:
        if scope.store.find("list", scope.web.id, address) is not None:
            continue
        row = lists.add_list(scope, title, template, address=address)
        words = columns.split()
        for name, kind in zip(words[::2], words[1::2], strict=True):
            # The service's own ids of these columns are not published: programs name them.
            props = {"TypeAsString": kind, "Title": name}
            scope.store.insert(
                "field", name, at=scope.now, parent=row.id, guid=derived_guid(row.guid, name), props=props
            )


def _add_home(scope: Scope, pages: Entity) -> None:
    folder = scope.content.root(pages.id)
    assert folder is not None
    blob = scope.content.blobs.put(_HOME)
    made = scope.content.add_file(folder, "Home.aspx", blob, by=SHAREPOINT_APP_LOGIN, fields=home_fields())
    scope.content.implant(replace(made, version=512))


def _documents(scope: Scope) -> str:
    return PERSONAL_LIBRARY if scope.store.find("list", scope.web.id, PERSONAL_LIBRARY) else "Shared Documents"


def _add_links(scope: Scope) -> None:
    template = str(scope.web.props.get("_Template") or scope.site.props.get("Template", ""))
    names = {"documents": _documents(scope), "web": scope.web_path, "title": scope.web.props.get("Title", "")}
    links = ((title, f"{scope.web_path}/{url.format(**names)}") for title, url in _LINKS.get(template, _OTHER_LINKS))
    for order, (title, url) in enumerate((("Home", scope.web_path or "/"), *links)):
        props = {"Title": title, "Url": url, "IsExternal": False, "_Parent": QUICK_LAUNCH, "_Order": order}
        add_node(scope, props)
