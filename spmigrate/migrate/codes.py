"""Why an item has the outcome that it has, where the scan did not already say so."""

from spmigrate.migrate.code import Code
from spmigrate.migrate.job_codes import JOB_CODES

__all__ = ["CODES", "Code"]

OWNER_ARCHIVE = Code("OWNER-ARCHIVE", "The owner leaves this as a read-only archive.", "Nothing: it stays where it is.")
OWNER_NOT_OURS = Code(
    "OWNER-NOT-OURS", "The owner says that this belongs to somebody else.", "Find its owner and issue a sheet to them."
)
OWNER_SYSTEM = Code(
    "OWNER-SYSTEM",
    "The owner says that this belongs in a business system.",
    "Hand it to the owner of that system, who decides what is loaded.",
)
_AFRESH = "Then scan again, and plan another wave of its sheet: spmigrate wave plan NAME --sheet ID"
_RETRY = "Then: spmigrate wave retry WAVE"

RELEASED = Code(
    "RELEASED",
    "Its row was signed anew, or is no longer signed, and was taken out of the wave before this file moved.",
    "Get the row signed, then plan another wave with it.",
)
RELEASED_IN_HAND = Code(
    "RELEASED-IN-HAND",
    "Its row was taken out of the wave while this file was on its way, so a copy may have arrived.",
    "Look for it in the row's old home. Get the row signed, then plan another wave with it.",
)
CANCELLED = Code(
    "CANCELLED",
    "Its wave was cancelled before this file moved.",
    "Plan another wave with its row.",
)
CANCELLED_IN_HAND = Code(
    "CANCELLED-IN-HAND",
    "Its wave was cancelled while this file was on its way, so a copy may have arrived.",
    "Plan another wave with its row: it looks first at what has arrived.",
)
MOVED_ALREADY = Code("MOVED-ALREADY", "An earlier wave has copied this file.", "Nothing: it is where that wave put it.")
ALTERED_SINCE = Code(
    "ALTERED-SINCE-MOVED",
    "An earlier wave has copied this file, and it was edited at the source since.",
    "Ask its owner which of the two counts, and carry the edit over by hand: nothing is ever overwritten.",
)
TARGET_TAKEN = Code(
    "TARGET-TAKEN",
    "Another file or folder has this name at the destination already.",
    f"Nothing was overwritten. If both are needed, rename this one at the source. {_AFRESH}. If nobody needs the other"
    f" one, remove it at the destination. {_RETRY}",
    again=True,
)
TARGET_LOCKED = Code(
    "TARGET-LOCKED",
    "The destination, or what has this name there, is locked.",
    f"Unlock the site or the file, or ask who has it open. {_RETRY}",
    again=True,
)
TARGET_EDITED = Code(
    "TARGET-EDITED",
    "The copy at the destination was edited, renamed or removed since it was made, so it was left as it is.",
    "Ask its owner which of the two counts, and carry the other's changes over by hand: nothing is ever overwritten.",
)
STAMP_REFUSED = Code(
    "STAMP-REFUSED",
    "The content arrived, and the service refuses its author, editor or columns.",
    f"Correct the user map or the column that the reason names. {_RETRY}",
    again=True,
)
ARRIVED_EARLIER = Code(
    "ARRIVED-EARLIER",
    "An interrupted attempt left a copy at the destination, and the original is gone or altered since.",
    "Look at that copy, which could not be compared with its original any more, and ask the owner which of them counts."
    f" If it is the original, remove the copy. {_RETRY}",
    again=True,
)
PATH_LONG = Code(
    "TARGET-PATH-LONG",
    "The path at the destination would be longer than 400 characters.",
    f"Shorten folder names at the source, or let the owner choose a home with a shorter address. {_AFRESH}",
)
NAME_LONG = Code(
    "TARGET-NAME-LONG",
    "A file or folder name is longer than 255 characters.",
    f"Shorten the name at the source. {_AFRESH}",
)
NAME_UNREADABLE = Code(
    "TARGET-NAME-UNREADABLE",
    "The name is not valid text, so SharePoint cannot take it.",
    f"Rename it at the source. {_AFRESH}",
)
SOURCE_UNREADABLE = Code(
    "SOURCE-UNREADABLE",
    "The file could not be read.",
    f"Give the migration account read access, or ask why the storage fails. {_RETRY}",
    again=True,
)
SOURCE_OFFLINE = Code(
    "SOURCE-OFFLINE",
    "An archive has taken the file's content away since the scan; opening it would fetch it, so it was not opened.",
    f"Have the archive system bring it back to the share. {_RETRY}",
    again=True,
)
SOURCE_LOCKED = Code(
    "SOURCE-LOCKED",
    "Another program holds the file, and lets nobody read it.",
    f"Close the program that holds it: the file server lists open files. {_RETRY}",
    again=True,
)
SOURCE_CHANGED = Code(
    "SOURCE-CHANGED",
    "The file changed while it was read, twice.",
    f"Close the program that writes it. {_RETRY}",
    again=True,
)
SOURCE_EDITED = Code(
    "SOURCE-EDITED",
    "The file was edited in its old site since the scan, and only what was scanned is copied.",
    "Scan the site again, and let the next round take it: spmigrate wave delta WAVE",
)
COPY_FAILED = Code(
    "COPY-FAILED",
    "SharePoint's own copy job did not bring the file to its new home.",
    f"The reason stands beside it, in the service's own words. {_RETRY}",
    again=True,
)
SOURCE_VANISHED = Code(
    "SOURCE-VANISHED", "The file was there when the share was scanned and is gone now.", "Ask its owner if it matters."
)
HASH_DIFFERS = Code(
    "HASH-DIFFERS",
    "What the service stored is not what was sent.",
    f"Look at the file at the destination and remove it there. {_RETRY}",
    again=True,
)
SERVICE_UNAVAILABLE = Code(
    "SERVICE-UNAVAILABLE",
    "The service did not take the file, however often it was offered.",
    f"Look at Microsoft's service health. {_RETRY}",
    again=True,
)
NEVER_SERVED = Code(
    "NEVER-SERVED",
    "The service asked to wait each time this was offered, and took other files meanwhile: waiting would not help.",
    "Look which limit it meets: permissions, for example, cannot be broken in a library or folder of more than 100,000"
    f" items. {_RETRY}",
    again=True,
)
REFUSED = Code(
    "TARGET-REFUSED",
    "The service refuses this file.",
    f"The reason stands beside it, in the service's own words. When it is removed: {_RETRY.removeprefix('Then: ')}",
    again=True,
)

HOME_REFUSED = Code(
    "HOME-REFUSED",
    "The row's folder at its new home could not be set as it was signed, so nothing was put there.",
    f"The reason stands beside it: somebody whom the directory does not know, a label that is not published. {_RETRY}",
    again=True,
)

CODES: dict[str, Code] = {
    each.code: each
    for each in (
        OWNER_ARCHIVE, OWNER_NOT_OURS, OWNER_SYSTEM, RELEASED, RELEASED_IN_HAND, CANCELLED, CANCELLED_IN_HAND,
        MOVED_ALREADY, ALTERED_SINCE, TARGET_TAKEN, TARGET_LOCKED, TARGET_EDITED, STAMP_REFUSED, ARRIVED_EARLIER,
        PATH_LONG, NAME_LONG, NAME_UNREADABLE, SOURCE_UNREADABLE, SOURCE_OFFLINE, SOURCE_LOCKED, SOURCE_CHANGED,
        SOURCE_EDITED, SOURCE_VANISHED, COPY_FAILED, HASH_DIFFERS, SERVICE_UNAVAILABLE, NEVER_SERVED, REFUSED,
        *JOB_CODES, HOME_REFUSED,
    )
}  # fmt: skip
"""Every outcome code of the mover. Codes of the scan's findings appear as outcomes too."""
