"""Files that a library begins with: put once, and never written again, whatever became of them."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.site import copies, folders
from spmigrate.tenant.site.copies import file_at
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_CHECKED_OUT_NOT = 2
"""CheckOutType of a file that nobody has checked out."""

_MAJOR = 1
"""CheckinType of a version that readers see."""


def _by_path(answers: Answers) -> Mapping[str, str]:
    keys = answers.keys(Kind.FILE) or ()
    return {key: f"{file_at(f'{answers.address}/{key}')}?$select=Exists" for key in sorted(keys)}


QUESTIONS = (
    Question("seeded files", Service.SITE, _by_path, kinds=frozenset({Kind.FILE}), optional=True),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """Those that somebody asks about and that are there. What people filed is theirs: nothing else is told."""
    for key, found in answers.get("seeded files", {}).items():
        if found["Exists"]:
            yield Part(Kind.FILE, key, key)


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Put a file into its library; one that is there stays as it is. Raises TenantError, Refused."""
    library, path, source = str(after["library"]), PurePosixPath(str(after["path"])), str(after["from"])
    address = f"{site.address}/{library}/{path}"
    if not copies.is_there(site, address):
        content = copies.material(site, source)
        if str(path.parent) != ".":
            folders.put(site, "", {"library": library, "path": str(path.parent)})
        copies.upload(site, address, content, overwrite=False)
    _show(site, address)


def _show(site: "SiteWriter", address: str) -> None:
    """Let readers see it, in a library whose files are checked out or begin as drafts."""
    file = file_at(address)
    found = site.rest("GET", f"{file}?$select=CheckOutType,MajorVersion,MinorVersion")
    if found["MajorVersion"]:
        return
    if found["CheckOutType"] != _CHECKED_OUT_NOT:
        site.rest("POST", f"{file}/CheckIn(comment='',checkintype={_MAJOR})")
    elif found["MinorVersion"]:
        site.rest("POST", f"{file}/Publish(comment='')")
