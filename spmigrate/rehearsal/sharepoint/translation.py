"""What the content of libraries refuses, in SharePoint's words."""

from __future__ import annotations

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.odata.errors import ODataError, access_denied, duplicate_file, file_not_found


def translate(refusal: Refusal) -> ODataError:
    """SharePoint's refusal for one of the content's."""
    texts = {
        "nameAlreadyExists": duplicate_file(refusal.name or refusal.message),
        "siteLocked": access_denied(),
        "quotaLimitReached": ODataError(
            507,
            "-2147024784, Microsoft.SharePoint.SPException",
            "Your changes could not be saved because this SharePoint Web site has exceeded the storage quota limit. "
            "You must save your work to another location. Contact your administrator to change the quota limits for "
            "the Web site.",
        ),
        "itemNotFound": file_not_found(),
        "resourceLocked": ODataError(423, "-2147018894, Microsoft.SharePoint.SPFileLockException", refusal.message),
        "pathTooLong": ODataError(
            400,
            "-2147024690, System.IO.PathTooLongException",
            "The specified file or folder name is too long. The URL path for all files and folders must be "
            "400 characters or less (and no more than 400 characters for any single file or folder name in "
            "the URL). Please type a shorter file or folder name.",
        ),
    }
    default = ODataError(400, "-2130575245, Microsoft.SharePoint.SPException", refusal.message)
    return texts.get(refusal.code, default)
