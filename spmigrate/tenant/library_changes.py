"""What a library holds, page by page, and from then on what has changed in it: its log of changes (delta)."""

from dataclasses import dataclass
from http import HTTPStatus

from spmigrate.errors import NotFound, Unavailable
from spmigrate.tenant.files import Library, Stored, stored
from spmigrate.tenant.session import Tenant

_FIRST = (
    "/v1.0/drives/{drive}/root/delta"
    "?$select=id,name,size,eTag,file,folder,root,fileSystemInfo,parentReference,deleted&$top=1000"
)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Items of a page, where the reading goes on, and whether it is at its end for now."""

    items: tuple[Stored, ...]
    link: str
    last: bool


class ReadingLost(Exception):
    """The service does not know any more where a reading of changes was: it has to begin anew."""


def read_page(tenant: Tenant, library: Library, link: str) -> ChangePage:
    """The page at a link, the first one of all where there is none. Raises ReadingLost, TenantError.

    An id can come again in a later page; the last one counts.
    """
    try:
        answer = tenant.graph("GET", link or _FIRST.format(drive=library.drive_id))
    except NotFound as error:
        if link and error.status == HTTPStatus.GONE:
            raise ReadingLost from None
        raise
    following = answer.get("@odata.nextLink", "")
    link = following or answer.get("@odata.deltaLink", "")
    if not link:
        raise Unavailable("a library's changes do not say where they go on")
    return ChangePage(tuple(stored(each) for each in answer.get("value", ())), link, not following)
