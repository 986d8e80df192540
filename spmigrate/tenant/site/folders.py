"""Folders that a library begins with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, inside
from spmigrate.tenant.site import lists
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_DEPTH = 3
"""How deep is looked: templates with deeper folders are refused by lint."""

_SERVICES_OWN = "forms"
FOLDERS = Question(
    "folders", Service.SITE,
    lists.of_lists(
        "RootFolder/Folders?$select=Name,Folders/Name,Folders/Folders/Name&$expand=Folders/Folders",
        lists.holds(Kind.FOLDER),
    ),
    round=2, kinds=frozenset({Kind.FOLDER}), optional=True,
)  # fmt: skip
QUESTIONS = (lists.LISTS, FOLDERS)


def parts(answers: Answers) -> Iterator[Part]:
    """The folders of every library, three levels deep."""
    found = answers.get("folders", {})
    for key, each in lists.ours(answers):
        for path in _paths(found.get(str(each["Id"]).lower(), {"value": []})["value"], "", _DEPTH):
            if path.casefold() != _SERVICES_OWN:
                place = inside(key, path.casefold())
                yield Part(Kind.FOLDER, place, f"{each['Title']}/{path}", {"library": key, "path": path})


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Make a folder with those that it lies in; one that is there is adopted. Raises TenantError."""
    library, path = str(after["library"]), str(after["path"])
    whole = f"{site.address}/{library}"
    for name in path.split("/"):
        whole = f"{whole}/{name}"
        decoded = quote(whole.replace("'", "''"))
        site.rest("POST", f"web/Folders/AddUsingPath(DecodedUrl='{decoded}',overwrite=true)", repeatable=True)


def remove(site: "SiteWriter", key: str) -> None:
    """Send a folder to the recycle bin. Raises Conflict when it holds anything."""
    decoded = quote(f"{site.address}/{key}".replace("'", "''"))
    path = f"web/GetFolderByServerRelativePath(DecodedUrl='{decoded}')"
    try:
        found = site.rest("GET", f"{path}?$select=ItemCount,Exists")
    except NotFound:
        return
    if found["ItemCount"]:
        raise Conflict(f"it holds {found['ItemCount']} items", hint="move them first; nothing was removed")
    site.rest("POST", f"{path}/recycle()")


def _paths(folders: list[Any], above: str, depth: int) -> Iterator[str]:
    for each in folders:
        path = f"{above}{each['Name']}"
        yield path
        if depth > 1:
            below = each.get("Folders") or []
            yield from _paths(below if isinstance(below, list) else below.get("value", []), f"{path}/", depth - 1)
