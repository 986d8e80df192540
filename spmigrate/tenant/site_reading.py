"""What SharePoint's answers about a site mean, as parts. Pure: JSON in, values out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import fromstring

from spmigrate.tenant.contents import (
    COLUMN_TYPES,
    DAYS,
    LANGUAGES,
    LINK_PERMISSIONS,
    LINK_TYPES,
    LOCALES,
    ROLES,
    ROOT_CONTENT_TYPES,
    SHARING_LEVELS,
    SITE_TYPES,
    TIME_ZONES,
    Kind,
    Part,
    inside,
    library_key,
    name_key,
    word_for,
)
from spmigrate.tenant.link_address import plain_address

Json = Mapping[str, Any]
FOLDER_CONTENT_TYPE = "Folder"
LIBRARIES_ONLY = "$filter=BaseTemplate eq 101 and Hidden eq false"
"""What leaves document libraries alone in a question about lists."""

_DERIVED = len("00") + 32
"""How much longer the id of a copy, or of a content type of ours, is than the id of what it derives from."""


def site_part(web: Json) -> Part:
    """The site itself, from its web with the time zone expanded."""
    zone = web["RegionalSettings"]["TimeZone"]["Id"]
    return Part(Kind.SITE, "", "", {
        "type": word_for(SITE_TYPES, web["WebTemplateConfiguration"]),
        "language": word_for(LANGUAGES, web["Language"]),
        "time zone": word_for(TIME_ZONES, zone), "title": web["Title"], "description": web["Description"] or "",
    })  # fmt: skip


def region_part(web: Json) -> Part:
    """How the site writes dates and times."""
    settings = web["RegionalSettings"]
    return Part(Kind.REGION, "", "", {
        "dates and numbers": word_for(LOCALES, settings["LocaleId"]),
        "week starts": DAYS[settings["FirstDayOfWeek"] % len(DAYS)], "24-hour clock": settings["Time24"],
    })  # fmt: skip


def people_parts(web: Json) -> Iterator[Part]:
    """Who is in the three groups; groups that SharePoint has not made yet are empty."""
    for role in ROLES:
        group = web.get(f"Associated{role.removesuffix('s')}Group") or {}
        for user in group.get("Users") or ():
            login = str(user["LoginName"]).rsplit("|", 1)[-1]
            name = f"{login.split('@')[0]} in {role}"
            yield Part(Kind.PERSON, inside(role, login.casefold()), name, {"role": role, "login": login})


def hub_parts(site: Json, hubs: Mapping[str, str]) -> Iterator[Part]:
    """Whether the site is a hub, or joined to one; `hubs` are the addresses of hubs by id."""
    if site["IsHubSite"]:
        yield Part(Kind.HUB, "", "")
    elif site["HubSiteId"] and site["HubSiteId"].strip("{}0-"):
        hub = str(site["HubSiteId"])
        yield Part(Kind.HUB_MEMBERSHIP, "", "", {"hub": hubs.get(hub.casefold(), hub)})


def column_parts(fields: Iterable[Json]) -> Iterator[Part]:
    """Site columns."""
    for field in fields:
        # Selecting Choices is refused for a collection that holds other types of columns too.
        found = fromstring(field["SchemaXml"]).findall("CHOICES/CHOICE")  # noqa: S314 - SharePoint's own answer
        choices = {"choices": tuple(choice.text or "" for choice in found)} if found else {}
        yield Part(Kind.COLUMN, field["InternalName"], field["Title"], {
            "id": field["Id"], "type": word_for(COLUMN_TYPES, field["TypeAsString"]), "title": field["Title"],
            "description": field["Description"] or "", "required": field["Required"], **choices,
        })  # fmt: skip


def content_type_parts(content_types: Iterable[Json], lists: Iterable[Json] = ()) -> Iterator[Part]:
    """Content types of a site with the lists that may hold copies of them.

    A column counts when all the copies have it too: one that the site alone has is still to be handed on.
    """
    kept, holders = list(content_types), list(lists)
    names = {str(each["StringId"]).casefold(): str(each["Name"]) for each in kept}
    names |= {identity.casefold(): name for name, identity in ROOT_CONTENT_TYPES.items()}
    for each in kept:
        links = tuple(link["Name"] for link in each["FieldLinks"])
        yield Part(Kind.CONTENT_TYPE, name_key(each["Name"]), each["Name"], {
            "id": each["StringId"], "name": each["Name"], "parent": _parent(str(each["StringId"]), names),
            "description": each["Description"] or "", "columns": columns_of_copies(each["StringId"], holders, links),
        })  # fmt: skip


def columns_of_copies(content_type: str, lists: Iterable[Json], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns that every list's copy of the content type has; all of them when there is no copy."""
    for each in lists:
        for copy in each["ContentTypes"]:
            if str(copy["StringId"])[:-_DERIVED].casefold() == content_type.casefold():
                links = {link["Name"] for link in copy["FieldLinks"]}
                columns = tuple(name for name in columns if name in links)
    return columns


def _parent(identity: str, names: Mapping[str, str]) -> str:
    """The name of the closest content type that an id derives from; empty when the site has none."""
    whole = identity.casefold()
    return next((names[whole[:end]] for end in range(len(whole) - 1, 0, -1) if whole[:end] in names), "")


def library_parts(lists: Iterable[Json], site: str) -> Iterator[Part]:
    """Document libraries below the site's address, with the columns of the view that opens first."""
    for each in lists:
        address = str(each["RootFolder"]["ServerRelativeUrl"])[len(site) + 1 :]
        types = each["ContentTypes"] if each["ContentTypesEnabled"] else ()
        yield Part(Kind.LIBRARY, library_key(address), each["Title"], {
            "address": address, "title": each["Title"], "items": each["ItemCount"],
            "versions kept": each["MajorVersionLimit"] if each["EnableVersioning"] else 0,
            "content types": tuple(kind["Name"] for kind in types if kind["Name"] != FOLDER_CONTENT_TYPE),
            "columns shown": tuple(each["DefaultView"]["ViewFields"]["Items"]) if each["DefaultView"] else (),
        })  # fmt: skip


def link_parts(nodes: Iterable[Json], sharepoint: str) -> Iterator[Part]:
    """The links of the quick launch; the first of two with one title counts."""
    seen: set[str] = set()
    for node in nodes:
        key = name_key(node["Title"])
        if key not in seen:
            seen.add(key)
            address = plain_address(node["Url"] or "", sharepoint)
            yield Part(Kind.LINK, key, node["Title"], {"title": node["Title"], "address": address})


def sharing_part(properties: Json) -> Part:
    """How far the site may be shared, from its SiteProperties."""
    return Part(Kind.SHARING, "", "", {
        "external sharing": word_for(SHARING_LEVELS, properties["SharingCapability"]),
        "default link": word_for(LINK_TYPES, properties["DefaultSharingLinkType"]),
        "default link permission": word_for(LINK_PERMISSIONS, properties["DefaultLinkPermission"]),
    })  # fmt: skip
