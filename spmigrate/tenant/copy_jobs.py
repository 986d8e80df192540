"""Copy jobs: SharePoint copies files from one of its sites to another by itself, with their versions and people.

Source: Microsoft's "Microsoft 365 Copy and Move API (CreateCopyJobs)".
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from spmigrate.errors import NotFound, Unavailable
from spmigrate.tenant import folders
from spmigrate.tenant.folders import Home
from spmigrate.tenant.session import Tenant

MOST_FILES = 1000
"""Addresses in one call."""
_FIELDS = "$select=id,name,eTag,size,file,fileSystemInfo"
_FAIL = 0


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """A folder of the site that files come from: its site's address, its library's drive, its path below that."""

    site_url: str
    drive_id: str
    library: str
    path: str

    def address(self, name: str) -> str:
        """The absolute address of a file in it."""
        parts = [self.library, *([self.path] if self.path else []), name]
        return f"{self.site_url.rstrip('/')}/{quote('/'.join(parts))}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it is at its source now; `modified_ns` are nanoseconds since 1970, `quickxor` may be missing."""

    name: str
    etag: str
    size: int
    modified_ns: int
    quickxor: str | None


@dataclass(frozen=True, slots=True)
class CopyJob:
    """A job that was made, and what has to be shown to ask after it, which is a secret."""

    id: str
    info: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a job is; `error` is the code and the words of what went wrong, as far as it has told."""

    ended: bool
    error: tuple[str, str] | None = None


def find_home(tenant: Tenant, root: str, path: str = "") -> Home:
    """The site of the folder `path` below the address of a source: a site, a library or a folder. Raises NotFound.

    Both are as people read them: nothing in them is percent-encoded.
    """
    host = "{0.scheme}://{0.netloc}".format(urlsplit(root))
    whole = "/".join(filter(None, (root[len(host) :].strip("/"), path)))
    return folders.find_site(tenant, f"{host}/{quote(whole)}")


def find_folder(tenant: Tenant, root: str, path: str) -> SourceFolder:
    """That folder itself, in its library. Raises NotFound and TenantError."""
    home = find_home(tenant, root, path)
    library, *inside = home.rest or ("",)
    drive = next((each for each in folders.drives(tenant, home.id) if each.name.casefold() == library.casefold()), None)
    if drive is None:
        raise NotFound(f"{home.url} has no library '{library}'", status=404)
    return SourceFolder(home.url, drive.id, drive.name, "/".join(inside))


def files_in(tenant: Tenant, folder: SourceFolder) -> Iterator[SourceFile]:
    """The files of a folder as they are now. Raises TenantError."""
    place = f"root:/{quote(folder.path)}:" if folder.path else "root"
    for each in tenant.graph_pages(f"/v1.0/drives/{folder.drive_id}/{place}/children?$top=1000&{_FIELDS}"):
        if "file" in each:
            modified = each.get("fileSystemInfo", {}).get("lastModifiedDateTime")
            yield SourceFile(
                name=str(each["name"]), etag=str(each["eTag"]), size=int(each.get("size", 0)),
                modified_ns=folders.nanoseconds(modified),
                quickxor=each["file"].get("hashes", {}).get("quickXorHash"),
            )  # fmt: skip


def create(tenant: Tenant, site_url: str, files: Sequence[tuple[str, str, str]], *, destination: str) -> list[CopyJob]:
    """A job for each file, given by address, eTag and new name; `destination` is the address of a folder.

    A file moves with its versions and stays where it is, only while its eTag is the one told, and takes nobody's name.
    Sent once: after Unavailable the jobs may have been made. Raises TenantError.
    """
    assert len(files) <= MOST_FILES, len(files)
    options = {
        "IsMoveMode": True, "MoveButKeepSource": True, "NameConflictBehavior": _FAIL, "AllowSchemaMismatch": True,
        "ClientEtags": [etag for _, etag, _ in files], "CustomizedItemName": [name for _, _, name in files],
    }  # fmt: skip
    body = {"exportObjectUris": [url for url, _, _ in files], "destinationUri": destination, "options": options}
    answer = tenant.rest("POST", f"{site_url.rstrip('/')}/_api/site/CreateCopyJobs", body)
    try:
        jobs = [CopyJob(str(each["JobId"]), dict(each)) for each in answer["value"]]
    except (KeyError, TypeError):
        raise Unavailable("CreateCopyJobs: the answer does not say which jobs were made") from None
    if len(jobs) != len(files):
        raise Unavailable(f"CreateCopyJobs: {len(files)} files made {len(jobs)} jobs")
    return jobs


def ask(tenant: Tenant, site_url: str, info: dict[str, Any]) -> Standing:
    """How far a job is. What it reports is told once: whoever asks has to keep it. Raises TenantError."""
    shown = {name: info[name] for name in ("JobId", "JobQueueUri", "EncryptionKey") if name in info}
    url = f"{site_url.rstrip('/')}/_api/site/GetCopyJobProgress"
    answer = tenant.rest("POST", url, {"copyJobInfo": shown}, repeatable=True)
    events = [json.loads(line) for line in answer.get("Logs") or ()]
    errors = [each for each in events if each.get("Event") in ("JobError", "JobFatalError")]
    error = (str(errors[0].get("ErrorCode", "")), str(errors[0].get("Message", ""))) if errors else None
    return Standing(ended=int(answer.get("JobState", 0)) == 0, error=error)
