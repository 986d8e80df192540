"""PnP provisioning files (2015-03 to 2022-09) and packages as our vocabulary and templates."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import xml
from spmigrate.provision.carried import files, lists, menus, settings, terms
from spmigrate.provision.carried.draft import Draft, Entry, put, spoken
from spmigrate.provision.carried.fields import content_types, site_column
from spmigrate.provision.carried.node import Node

_NAMESPACE = "http://schemas.dev.office.com/PnP/"
_LARGEST = 20 * 1024 * 1024
"""Bytes of XML that are read at most: the largest templates that people export are a few megabytes."""

SITE_TYPES: Mapping[str, str] = {
    "CommunicationSite": "Communication site",
    "TeamSite": "Team site with Microsoft 365 group",
    "TeamSiteNoGroup": "Team site without group",
    "SITEPAGEPUBLISHING#0": "Communication site",
    "GROUP#0": "Team site with Microsoft 365 group",
    "STS#3": "Team site without group",
    "STS#0": "Team site without group",
}
"""Our words for the types of sites, by the names of the schema and by their web templates."""

_SECTIONS: Mapping[str, Callable[[Entry, Node, Draft], None]] = {
    "TermGroups": terms.term_groups,
    "WebSettings": settings.web_settings,
    "RegionalSettings": settings.regional_settings,
    "SupportedUILanguages": settings.languages,
    "Security": settings.security,
    "Features": settings.features,
    "ClientSidePages": settings.pages,
    "Header": settings.header,
    "Theme": settings.theme,
    "Navigation": menus.navigation,
    "Footer": menus.footer,
    "Files": files.files,
}
"""What is carried over after columns, content types and lists, in the order of work."""


def read(data: bytes, name: str, folder: Path | None = None) -> Draft:
    """A provisioning file, or a .pnp package that holds one. Raises InputError when it is neither.

    The files that it names come from the package, or from the `folder` that it lies in.
    """
    roots = _unpacked(data, name) if data[:2] == b"PK" else [xml.parse(_within(data, name), name)]
    if not is_pnp(roots[0]):
        raise InputError(f"{name} is not read", [Problem(name, "it is no PnP provisioning file")])
    draft = Draft()
    if data[:2] == b"PK":
        draft.open = files.Package(data).read
    elif folder is not None:
        draft.open = files.beside(folder)
    for root in roots:
        node = _node(root, root.name)
        node.understood("Author", "Generator", "ImagePreviewUrl")
        draft.roots.append(node)
        _root(draft, node)
    return draft


def is_pnp(root: xml.Element) -> bool:
    """Whether this is a provisioning file."""
    return root.namespace.startswith(_NAMESPACE)


def _within(data: bytes, name: str) -> bytes:
    if len(data) > _LARGEST:
        raise InputError(f"{name} is not read", [Problem(name, f"it is larger than {_LARGEST // 2**20} MB")])
    return data


def _unpacked(data: bytes, name: str) -> list[xml.Element]:
    """The provisioning files in a package: those parts whose root says so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            inside = [each for each in package.infolist() if each.filename.casefold().endswith(".xml")]
            if sum(each.file_size for each in inside) > _LARGEST:
                raise InputError(f"{name} is not read", [Problem(name, "what it holds is too large")])
            roots = [xml.parse(package.read(each), f"{name}/{each.filename}") for each in inside]
    except files.BROKEN as error:
        raise InputError(f"{name} is not read", [Problem(name, f"it is no whole package: {error}")]) from None
    found = [root for root in roots if is_pnp(root)]
    if not found:
        raise InputError(f"{name} is not read", [Problem(name, "it holds no PnP provisioning file")])
    return found


def _node(element: xml.Element, place: str) -> Node:
    names = (
        element.attributes.get(key) for key in ("Title", "Name", "DisplayName", "PageName", "Key", "ID", "FieldName")
    )
    called = next((name for name in names if name), "")
    shown = f'{place} "{called}"' if called and place != element.name else place
    return Node(
        element.name, shown, element.line, element.attributes,
        [_node(child, f"{shown.split(' ')[0]}/{child.name}") for child in element.children], element.text,
        element.attributes.get("type", "").rpartition(":")[2],
    )  # fmt: skip


def _root(draft: Draft, root: Node) -> None:
    root.accept()
    for preferences in root.open("Preferences"):
        preferences.understood("Author", "Generator", "Version")
    for each in root.inside("Tenant", "Themes", "Theme"):
        settings.tenant_theme(draft, each)
    whole = root.name in ("ProvisioningTemplate", "SharePointProvisioningTemplate")
    for holder in root.open("Templates"):
        holder.understood("ID")
    nodes = [root] if whole else root.inside("Templates", "ProvisioningTemplate")
    by_id = {node.get("ID"): _template(draft, node) for node in nodes}
    root.understood("Version", "DisplayName", "Description", "ID")
    for sequence in root.open("Sequence"):
        sequence.understood("ID")
        for collection in sequence.inside("SiteCollections", "SiteCollection"):
            _site_collection(draft, collection, by_id)
    for team in root.inside("Teams", "Team"):
        _team(draft, team)
    for each in root.inside("Preferences", "Parameters", "Parameter"):
        _parameter(draft, each)
    for template in draft.templates:
        put(template, "parameters", list(draft.parameters.values()))
        _tidy(template)


def _parameter(draft: Draft, node: Node) -> None:
    """The default of a parameter that something uses."""
    entry = draft.parameters.get(spoken(node.get("Key")))
    if entry is None:
        node.leave("nothing that was carried over uses it")
        return
    put(entry, "default", node.content())
    if node.flag("Required") is False:
        entry["optional"] = True


def _template(draft: Draft, node: Node) -> Entry:
    name = draft.text(node, "DisplayName") or spoken(node.get("ID")).capitalize() or "Imported site"
    template: Entry = {"template": name, "version": 1}
    put(template, "purpose", draft.text(node, "Description"))
    node.understood("ID", "Version", "ImagePreviewUrl", "Scope", "TemplateCultureInfo")
    kind = SITE_TYPES.get(node.get("BaseSiteTemplate"))
    if node.get("BaseSiteTemplate") and not kind:
        node.leave("sites of this type are not made any more", "BaseSiteTemplate")
    template["site"] = {"type": kind} if kind else {}
    fields = [site_column(draft, each) for each in node.inside("SiteFields", "Field")]
    put(template, "site columns", [each for each in fields if each])
    content_types(draft, node.inside("ContentTypes", "ContentType"))
    put(template, "content types", list(draft.content_types.values()))
    lists.lists(draft, template, node.inside("Lists", "ListInstance"))
    for element, carry in _SECTIONS.items():
        for each in node.open(element):
            carry(template, each, draft)
    draft.templates.append(template)
    return template


def _tidy(template: Entry) -> None:
    """Without the sections that nothing was put into."""
    for key in [key for key, value in template.items() if value == {} and key != "team"]:
        del template[key]


def _site_collection(draft: Draft, node: Node, by_id: Mapping[str, Entry]) -> None:
    """A site of a sequence: what it says about the templates that it names."""
    kind = SITE_TYPES.get(node.kind)
    names = [each.get("ID") for each in node.inside("Templates", "ProvisioningTemplateReference")]
    templates = [by_id[name] for name in names if name in by_id]
    if not kind or not templates:
        node.leave("it names no template of this file" if kind else f"sites of the type {node.kind} are not made")
        return
    node.understood("type", "Url", "Alias", "Owner", "ProvisioningId", "Language", "SiteDesign")
    for template in templates:
        template["site"]["type"] = kind
        put(template["site"], "title", draft.text(node, "Title") or draft.text(node, "DisplayName"))
        put(template["site"], "description", draft.text(node, "Description"))
        if node.get("IsPublic") and node.kind == "TeamSite":
            template["site"]["privacy"] = "Public" if node.flag("IsPublic") else "Private"
        if node.flag("IsHubSite"):
            hub = template.setdefault("hub", {})
            hub["is a hub"] = True
            put(hub, "title", draft.text(node, "HubSiteTitle"))
        if node.flag("Teamify"):
            template.setdefault("team", {})
        put(template.setdefault("look", {}), "theme", draft.text(node, "Theme"))
    for name in ("IsHubSite", "Teamify", "HideTeamify"):
        node.understood(*(name,) * (node.flag(name) is False))


def _team(draft: Draft, node: Node) -> None:
    """A team: a template for a group site with its channels."""
    team: Entry = {"name": draft.text(node, "DisplayName")}
    channels = []
    for each in node.inside("Channels", "Channel"):
        channel: Entry = {"name": draft.text(each, "DisplayName")}
        put(channel, "description", draft.text(each, "Description"))
        if each.flag("Private"):
            channel["privacy"] = "Private"
        if channel["name"] and channel["name"].casefold() != "general":
            channels.append(channel)
    put(team, "channels", channels)
    visibility = node.get("Visibility")
    site: Entry = {"type": SITE_TYPES["TeamSite"]} | (
        {"privacy": visibility} if visibility in ("Private", "Public") else {}
    )
    node.understood("MailNickname", "GroupId", "CloneFrom")
    template: Entry = {"template": team["name"] or "Imported team", "version": 1, "site": site, "team": team}
    put(template, "purpose", draft.text(node, "Description"))
    draft.templates.append(template)
