"""Document libraries, their content types, and the view that opens first.

A library's address comes from the title that it is made with, so it is made under its address and named afterwards.
Views are changed in place and only ever gain columns: a view that is deleted takes links and owners' work with it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, arrange, library_key, name_key
from spmigrate.tenant.site.content_type_ids import content_type_id, content_type_ids
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

LIBRARIES_ONLY = "$filter=BaseTemplate eq 101 and Hidden eq false"
"""What leaves document libraries alone in a question about lists."""

LISTS = Question(
    "lists", Service.SITE,
    "web/lists?$select=Id,Title,ItemCount,EnableVersioning,MajorVersionLimit,ContentTypesEnabled,"
    "RootFolder/ServerRelativeUrl,ContentTypes/Name,ContentTypes/StringId,ContentTypes/FieldLinks/Name,"
    "DefaultView/ViewFields/Items"
    f"&$expand=RootFolder,ContentTypes/FieldLinks,DefaultView/ViewFields&{LIBRARIES_ONLY}",
    kinds=frozenset({Kind.CONTENT_TYPE, Kind.LIBRARY}),
)  # fmt: skip
QUESTIONS = (LISTS,)

_DOCUMENT_LIBRARY = 101
_FOLDER = "Folder"


def parts(answers: Answers) -> Iterator[Part]:
    """Document libraries below the site's address, with the columns of the view that opens first."""
    for each in answers.values("lists"):
        address = str(each["RootFolder"]["ServerRelativeUrl"])[len(answers.address) + 1 :]
        types = each["ContentTypes"] if each["ContentTypesEnabled"] else ()
        yield Part(Kind.LIBRARY, library_key(address), each["Title"], {
            "address": address, "title": each["Title"], "items": each["ItemCount"],
            "versions kept": each["MajorVersionLimit"] if each["EnableVersioning"] else 0,
            "content types": tuple(kind["Name"] for kind in types if kind["Name"] != _FOLDER),
            "columns shown": tuple(each["DefaultView"]["ViewFields"]["Items"]) if each["DefaultView"] else (),
        })  # fmt: skip


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a library, or change the given attributes of one that is there. Raises TenantError."""
    if "address" in after:
        _ensure(site, str(after["address"]))
    library = _path(site, str(after.get("address", key)))
    _settle(site, library, after)
    wanted = after.get("content types")
    if isinstance(wanted, tuple):
        _bind(site, library, wanted)
    shown = after.get("columns shown")
    if isinstance(shown, tuple):
        _show(site, library, shown)


def remove(site: "SiteWriter", key: str) -> None:
    """Send a library to the recycle bin. Raises Conflict when it holds anything."""
    library = _path(site, key)
    items = site.rest("GET", f"{library}?$select=ItemCount")["ItemCount"]
    if items:
        raise Conflict(f"the library holds {items} items", hint="move them first; nothing was removed")
    site.rest("POST", f"{library}/recycle()")


def _path(site: "SiteWriter", address: str) -> str:
    return f"web/GetList('{quote(f'{site.address}/{address}')}')"


def _ensure(site: "SiteWriter", address: str) -> None:
    try:
        found = site.rest("GET", f"{_path(site, address)}?$select=BaseTemplate")
        if found["BaseTemplate"] != _DOCUMENT_LIBRARY:
            raise Conflict(
                f"what lives at {site.address}/{address} is no document library", hint="choose another address"
            )
    except NotFound:
        site.rest("POST", "web/lists", {"Title": address, "BaseTemplate": _DOCUMENT_LIBRARY})


def _settle(site: "SiteWriter", library: str, after: Attributes) -> None:
    changes: dict[str, Any] = {}
    if "title" in after:
        changes["Title"] = after["title"]
    if "versions kept" in after:
        changes |= {"EnableVersioning": True, "MajorVersionLimit": after["versions kept"]}
    if after.get("content types"):
        changes["ContentTypesEnabled"] = True
    if changes:
        site.rest("MERGE", library, changes)


def _bind(site: "SiteWriter", library: str, wanted: tuple[str, ...]) -> None:
    bound = site.rest("GET", f"{library}/contenttypes?$select=Name")["value"]
    present = {name_key(each["Name"]) for each in bound}
    missing = [name for name in wanted if name_key(name) not in present]
    ids = content_type_ids(site) if missing else {}
    for name in missing:
        body = {"contentTypeId": content_type_id(ids, name)}
        site.rest("POST", f"{library}/contenttypes/AddAvailableContentType", body)


def _show(site: "SiteWriter", library: str, wanted: tuple[str, ...]) -> None:
    fields = f"{library}/DefaultView/ViewFields"
    present = list(site.rest("GET", fields)["Items"])
    target = arrange(tuple(present), wanted)
    for name in wanted:
        if name not in present:
            site.rest("POST", f"{fields}/AddViewField", {"strField": name}, repeatable=True)
            present.append(name)
    for index, name in enumerate(target):
        if present[index] != name:
            site.rest("POST", f"{fields}/MoveViewFieldTo", {"field": name, "index": index}, repeatable=True)
            present.remove(name)
            present.insert(index, name)
