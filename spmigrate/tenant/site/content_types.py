"""Content types: their ids say what they derive from, and the libraries' copies follow only when they are told to.

They are made through the client object model: over REST the service may ignore a given id and make a child of Item.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from spmigrate.errors import AccessDenied, Conflict, Refused
from spmigrate.tenant import csom
from spmigrate.tenant.contents import (
    DOCUMENT_TEMPLATE,
    ROOT_CONTENT_TYPES,
    Attributes,
    Kind,
    Part,
    Value,
    name_key,
)
from spmigrate.tenant.site import copies, folders, hub_content_types
from spmigrate.tenant.site.content_type_ids import content_type_id, content_type_ids
from spmigrate.tenant.site.lists import LISTS
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter


def _links(answers: Answers) -> Mapping[str, str]:
    return {
        str(each["StringId"]): f"web/contenttypes('{each['StringId']}')/FieldLinks?$select=Name,Required,Hidden"
        for each in answers.values("content types")
        if answers.about(Kind.CONTENT_TYPE, name_key(each["Name"])) and not _is_root(each)
    }


QUESTIONS = (
    Question(
        "content types", Service.SITE, "web/contenttypes?$select=StringId,Name,Description,Group,DocumentTemplateUrl",
        kinds=frozenset({Kind.CONTENT_TYPE}),
    ),
    # For each of them by itself: a site has dozens of content types that nobody asks about.
    Question("content type columns", Service.SITE, _links, round=2, kinds=frozenset({Kind.CONTENT_TYPE})),
    LISTS,
    hub_content_types.PUBLISHED,
)  # fmt: skip
_COPIES = (
    "$select=ContentTypes/StringId,ContentTypes/FieldLinks/Name&$expand=ContentTypes/FieldLinks&$filter=Hidden eq false"
)
_FLAGS: Mapping[str, str] = {"required columns": "Required", "hidden columns": "Hidden"}
_SERVICES_OWN = frozenset({
    "ContentType", "SelectFilename", "FileLeafRef", "Title", "Created", "Modified", "Author", "Editor",
    "Created_x0020_By", "Modified_x0020_By", "Attachments", "Order", "DocumentSetDescription", "HTML_x0020_File_Type",
    "FolderChildCount", "ItemChildCount",
})  # fmt: skip
"""Columns of Document, Item and Document Set, whose flags are SharePoint's own."""

_DERIVED = len("00") + 32
"""How much longer the id of a copy, or of a content type of ours, is than the id of what it derives from."""


def parts(answers: Answers) -> Iterator[Part]:
    """Content types of the site.

    A column counts when all the copies in lists have it too: one that the site alone has is still to be handed on.
    """
    kept, holders = answers.values("content types"), answers.values("lists")
    names = {str(each["StringId"]).casefold(): str(each["Name"]) for each in kept}
    names |= {identity.casefold(): name for name, identity in ROOT_CONTENT_TYPES.items()}
    found = answers.get("content type columns", {})
    published = hub_content_types.published_ids(answers)
    for each in kept:
        identity = str(each["StringId"])
        given = found.get(identity, {"value": ()})["value"]
        links = tuple(link["Name"] for link in given)
        flagged = {
            word: tuple(link["Name"] for link in given if link.get(flag) and _is_ours(link))
            for word, flag in _FLAGS.items()
        }
        yield Part(Kind.CONTENT_TYPE, name_key(each["Name"]), each["Name"], {
            "id": identity, "name": each["Name"], "group": each.get("Group") or "", "parent": _parent(identity, names),
            "description": each["Description"] or "", "columns": columns_of_copies(identity, holders, links), **flagged,
            "source": "hub" if identity.casefold() in published else "site",
            DOCUMENT_TEMPLATE: unquote(str(each.get("DocumentTemplateUrl") or "").rpartition("/")[2]),
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


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a content type with its derived id, or change one of this name; link the columns that it lacks.

    Raises TenantError; Refused when libraries do not take the columns on.
    """
    ids = content_type_ids(site)
    present = key in ids
    if not present and after.get("source") == "hub":
        # Its columns and their flags are the gallery's: nobody changes them in a site.
        hub_content_types.pull(site, str(after["name"]), _texts(after.get("columns")))
        return
    if not present and "id" in after:
        ids[key] = _create(site, after)
    found = content_type_id(ids, key)
    if "description" in after and present:
        body = {"__metadata": {"type": "SP.ContentType"}, "Description": after["description"]}
        site.typed("MERGE", f"web/contenttypes('{found}')", body)
    template = str(after.get(DOCUMENT_TEMPLATE) or "")
    if DOCUMENT_TEMPLATE in after:
        _begin_with(site, found, template)
    wanted = _texts(after.get("columns"))
    if wanted:
        _link_columns(site, found, wanted)
    flags = {flag: set(_texts(after[word])) for word, flag in _FLAGS.items() if word in after}
    if flags:
        _set_flags(site, found, flags)
    elif (wanted or DOCUMENT_TEMPLATE in after) and present:
        site.rest("POST", f"web/contenttypes('{found}')/Update", {"updateChildren": True}, repeatable=True)
    if wanted and present:
        _see_copies(site, found, wanted)


def _create(site: "SiteWriter", after: Attributes) -> str:
    """Make it and read it back. Raises Refused when SharePoint made something else."""
    wanted = str(after["id"])
    new = csom.NewContentType(
        wanted, str(after["name"]), str(after.get("description", "")), str(after.get("group", ""))
    )
    try:
        csom.run(site.tenant, site.url, csom.create_content_type(site.ids, new))
    except Conflict:
        # The answer to a first sending may have been lost; any other conflict is one.
        if name_key(new.name) not in content_type_ids(site):
            raise
    made = content_type_id(content_type_ids(site), new.name)
    parent = wanted[:-_DERIVED]
    if not made.casefold().startswith(parent.casefold()):
        # Such a content type would have the wrong columns for good.
        site.delete(f"web/contenttypes('{made}')")
        raise Refused(
            f"SharePoint made '{after['name']}' from another parent than {parent}",
            hint="make the content type in the site's settings, then plan again",
        )
    return made


def _begin_with(site: "SiteWriter", content_type: str, template: str) -> None:
    """Let new documents begin as this file; with nothing in them when it has no name. Raises Refused."""
    path = f"web/contenttypes('{content_type}')"
    told = _lay(site, str(site.rest("GET", f"{path}?$select=Name")["Name"]), template) if template else ""
    site.typed("MERGE", path, {"__metadata": {"type": "SP.ContentType"}, "DocumentTemplate": told})
    shown = str(site.rest("GET", f"{path}?$select=DocumentTemplateUrl")["DocumentTemplateUrl"] or "")
    if unquote(shown.rpartition("/")[2]) != template:
        hint = "set it in the site's settings: Site content types, Advanced settings"
        raise Refused(f"SharePoint did not take the document template {template}", hint=hint)


def _lay(site: "SiteWriter", name: str, template: str) -> str:
    """Put a document template where its content type finds it; what the content type has to call it.

    Its own folder takes no files in a site that does not allow custom script, as new sites do not. There the file goes
    where logos are. Source: Microsoft's page on what custom script is needed for.
    """
    own, shared = f"{site.address}/_cts/{name}/{template}", f"{site.address}/SiteAssets/{template}"
    if template not in site.materials:
        for address, told in ((own, template), (shared, shared)):
            if copies.is_there(site, address):
                return told
    content = copies.material(site, template)
    try:
        folders.put(site, "", {"library": "_cts", "path": name})
        copies.upload(site, own, content, overwrite=True)
    except AccessDenied:
        site.rest("POST", "web/lists/EnsureSiteAssetsLibrary", repeatable=True)
        copies.upload(site, shared, content, overwrite=True)
        return shared
    return template


def _link_columns(site: "SiteWriter", content_type: str, wanted: tuple[str, ...]) -> None:
    path = f"web/contenttypes('{content_type}')/FieldLinks"
    present = {link["Name"] for link in site.rest("GET", f"{path}?$select=Name")["value"]}
    for name in wanted:
        if name not in present:
            site.rest("POST", path, {"FieldInternalName": name}, repeatable=True)


def _set_flags(site: "SiteWriter", content_type: str, flags: Mapping[str, set[str]]) -> None:
    """Make exactly these columns required or hidden, here and in the copies. Raises Refused when they are not after."""
    path = f"web/contenttypes('{content_type}')/FieldLinks?$select=Id,Name,Required,Hidden"
    links = [link for link in site.rest("GET", path)["value"] if _is_ours(link)]
    changes = {
        str(link["Id"]): {flag: link["Name"] in names for flag, names in flags.items()}
        for link in links
        if any((link["Name"] in names) != bool(link[flag]) for flag, names in flags.items())
    }
    # Without a change too, since the copies may still lack one.
    csom.run(site.tenant, site.url, csom.flag_columns(site.ids, content_type, changes))
    for link in site.rest("GET", path)["value"] if changes else ():
        for flag, names in flags.items():
            if _is_ours(link) and (link["Name"] in names) != bool(link[flag]):
                raise Refused(
                    f"SharePoint did not take that the column {link['Name']} is{_not(link, names)} {flag.lower()}",
                    hint="see whether the content type is read-only or sealed in the site's settings",
                )


def _is_root(each: Json) -> bool:
    return str(each["StringId"]).casefold() in {identity.casefold() for identity in ROOT_CONTENT_TYPES.values()}


def _is_ours(link: Json) -> bool:
    return link["Name"] not in _SERVICES_OWN


def _not(link: Any, names: set[str]) -> str:
    return "" if link["Name"] in names else " not"


def _see_copies(site: "SiteWriter", content_type: str, wanted: tuple[str, ...]) -> None:
    """Raises Refused when the libraries' copies did not take on the columns."""
    lists = site.rest("GET", f"web/lists?{_COPIES}")["value"]
    left = [name for name in wanted if name not in columns_of_copies(content_type, lists, wanted)]
    if left:
        raise Refused(
            f"the libraries did not take on the columns {', '.join(left)}",
            hint="look for a content type that is sealed or read-only in the settings of the site's libraries",
        )


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
