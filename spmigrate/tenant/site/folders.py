"""Folders that a library begins with."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part, inside
from spmigrate.tenant.site import lists
from spmigrate.tenant.site.copies import literal
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_DEPTH = 3
"""How deep is looked where everything is to be told; folders that somebody wants to know of are asked for by path."""

_SERVICES_OWN = "forms"
_KINDS = frozenset({Kind.FOLDER})


def _tree(answers: Answers) -> Mapping[str, str]:
    path = "RootFolder/Folders?$select=Name,Folders/Name,Folders/Folders/Name&$expand=Folders/Folders"
    return lists.of_lists(path, lists.holds(Kind.FOLDER))(answers) if answers.only is None else {}


def _by_path(answers: Answers) -> Mapping[str, str]:
    ask = "web/GetFolderByServerRelativePath(DecodedUrl='{}')?$select=Exists,ServerRelativeUrl"
    keys = answers.keys(Kind.FOLDER) or ()
    return {key: ask.format(literal(f"{answers.address}/{key}")) for key in sorted(keys)}


FOLDERS = Question("folders", Service.SITE, _tree, round=2, kinds=_KINDS, optional=True)
NAMED = Question("named folders", Service.SITE, _by_path, kinds=_KINDS, optional=True)
QUESTIONS = (lists.LISTS, FOLDERS, NAMED)


def parts(answers: Answers) -> Iterator[Part]:
    """The folders that somebody wants to know of; of every library, three levels deep, where all is to be told."""
    found = answers.get("folders", {})
    for key, each in lists.ours(answers):
        for path in _paths(found.get(str(each["Id"]).lower(), {"value": []})["value"], "", _DEPTH):
            if path.casefold() != _SERVICES_OWN:
                place = inside(key, path.casefold())
                yield Part(Kind.FOLDER, place, f"{each['Title']}/{path}", {"library": key, "path": path})
    for key, named in answers.get("named folders", {}).items():
        if named["Exists"]:
            library = _library(key)
            path = str(named["ServerRelativeUrl"])[len(f"{answers.address}/{library}/") :]
            yield Part(Kind.FOLDER, key, f"{library}/{path}", {"library": library, "path": path})


def _library(key: str) -> str:
    """The key of the library or list in which a folder lies."""
    return "/".join(key.split("/")[: 2 if key.startswith("lists/") else 1])


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Make a folder with those that it lies in; one that is there is adopted. Raises TenantError."""
    library, path = str(after["library"]), str(after["path"])
    whole = f"{site.address}/{library}"
    for name in path.split("/"):
        whole = f"{whole}/{name}"
        site.rest("POST", f"web/Folders/AddUsingPath(DecodedUrl='{literal(whole)}',overwrite=true)", repeatable=True)


def remove(site: "SiteWriter", key: str) -> None:
    """Send a folder to the recycle bin. Raises Conflict when it holds anything."""
    path = f"web/GetFolderByServerRelativePath(DecodedUrl='{literal(f'{site.address}/{key}')}')"
    try:
        found = site.rest("GET", f"{path}?$select=ItemCount,Folders/Name&$expand=Folders")
    except NotFound:
        return
    held = max(int(found["ItemCount"]), len(found["Folders"]))
    if held:
        raise Conflict(f"it holds {held} items", hint="move them first; nothing was removed")
    site.rest("POST", f"{path}/recycle()")


def _paths(folders: list[Any], above: str, depth: int) -> Iterator[str]:
    for each in folders:
        path = f"{above}{each['Name']}"
        yield path
        if depth > 1:
            below = each.get("Folders") or []
            yield from _paths(below if isinstance(below, list) else below.get("value", []), f"{path}/", depth - 1)
