"""Folders of libraries as they are read one at a time: what is in them, and who was given what. Memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from spmigrate.errors import NotFound
from spmigrate.tenant.session import Tenant

_FIELDS = "$select=id,name,size,file,folder,package,remoteItem,fileSystemInfo,createdDateTime,lastModifiedDateTime"
_AT_ONCE = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """A site that was found by an address: `rest` is what the address says beyond the site."""

    id: str
    url: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """A library as Graph names it: `name` is the last part of its address."""

    id: str
    name: str
    modified_ns: int
    created_ns: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A name in a folder. `kind` is folder, file or link; times are in nanoseconds since 1970; `quickxor` may miss."""

    id: str
    name: str
    kind: str
    size: int
    modified_ns: int
    created_ns: int
    quickxor: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """Something that somebody was given: `role` is owner, write or read; `inherited` when it comes from above."""

    who: str
    name: str
    kind: str
    role: str
    inherited: bool


def find_site(tenant: Tenant, url: str) -> Home:
    """The site that an address lies in: the deepest one. Raises NotFound, and TenantError."""
    split = urlsplit(url)
    parts = [part for part in unquote(split.path).split("/") if part]
    for length in range(len(parts), -1, -1):
        address = quote("/" + "/".join(parts[:length]))
        place = f"{split.netloc}:{address}" if length else split.netloc
        try:
            found = tenant.graph("GET", f"/v1.0/sites/{place}?$select=id,webUrl")
        except NotFound:
            continue
        if length or not parts or parts[0].casefold() not in ("sites", "teams"):
            return Home(str(found["id"]), str(found["webUrl"]), tuple(parts[length:]))
        break
    raise NotFound(f"there is no site at {url}", hint="copy its address from the browser", status=404)


def drives(tenant: Tenant, site_id: str) -> Iterator[Drive]:
    """The libraries of a site. Raises TenantError."""
    wanted = "$select=id,webUrl,createdDateTime,lastModifiedDateTime"
    for each in tenant.graph_pages(f"/v1.0/sites/{site_id}/drives?{wanted}"):
        name = unquote(each["webUrl"]).rstrip("/").rpartition("/")[2]
        modified = nanoseconds(each.get("lastModifiedDateTime"))
        yield Drive(str(each["id"]), name, modified, nanoseconds(each.get("createdDateTime")))


def children(tenant: Tenant, drive_id: str, path: str) -> Iterator[Listed]:
    """What is in a folder of a library, by its path below it, page after page. Raises TenantError."""
    for each in tenant.graph_pages(f"{_place(drive_id, path, '/children')}?$top={_AT_ONCE}&{_FIELDS}"):
        yield _listed(each)


def item(tenant: Tenant, drive_id: str, path: str) -> Listed:
    """One file or folder by its path, the library itself by the empty one. Raises TenantError."""
    return _listed(tenant.graph("GET", f"{_place(drive_id, path, '')}?{_FIELDS}"))


def grants(tenant: Tenant, drive_id: str, path: str) -> Iterator[Grant]:
    """Who was given what on a file or folder, its own and what it inherits. Raises TenantError."""
    for each in tenant.graph_pages(_place(drive_id, path, "/permissions")):
        role = next((role for role in ("owner", "write", "read") if role in each.get("roles", ())), "special")
        inherited = "inheritedFrom" in each
        link = each.get("link")
        if link is not None:
            scope = str(link.get("scope", ""))
            yield Grant(f"link:{scope}", f"link for {_SCOPES.get(scope, 'some people')}", "group", role, inherited)
            continue
        granted = each.get("grantedToV2") or {}
        for key, kind in (("user", "user"), ("group", "group"), ("siteGroup", "group"), ("siteUser", "user")):
            who = granted.get(key)
            if who:
                name = str(who.get("displayName") or "")
                yield Grant(str(who.get("id") or each["id"]), name, kind, role, inherited)
                break


_SCOPES = {"anonymous": "anyone", "organization": "everyone in the organisation", "users": "named people"}


def nanoseconds(moment: str | None) -> int:
    """A moment as Graph writes it, in nanoseconds since 1970; 0 for none."""
    if not moment:
        return 0
    return (datetime.fromisoformat(moment) - _EPOCH) // timedelta(microseconds=1) * 1000


def _place(drive_id: str, path: str, what: str) -> str:
    if not path:
        return f"/v1.0/drives/{drive_id}/root{what}"
    return f"/v1.0/drives/{drive_id}/root:/{quote(path)}" + (f":{what}" if what else "")


def _listed(answer: dict[str, Any]) -> Listed:
    times = answer.get("fileSystemInfo") or {}
    folder = "folder" in answer or "package" in answer or "root" in answer
    kind = "link" if "remoteItem" in answer else "folder" if folder else "file"
    return Listed(
        id=str(answer["id"]),
        name=str(answer.get("name", "")),
        kind=kind,
        size=int(answer.get("size", 0)) if kind == "file" else 0,
        modified_ns=nanoseconds(times.get("lastModifiedDateTime") or answer.get("lastModifiedDateTime")),
        created_ns=nanoseconds(times.get("createdDateTime") or answer.get("createdDateTime")),
        quickxor=answer.get("file", {}).get("hashes", {}).get("quickXorHash"),
    )
