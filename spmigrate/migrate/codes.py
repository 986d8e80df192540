"""Why an item has the outcome that it has, where the scan did not already say so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """An outcome code: what it means, and what to do about it."""

    code: str
    title: str
    remedy: str


OWNER_ARCHIVE = Code("OWNER-ARCHIVE", "The owner leaves this as a read-only archive.", "Nothing: it stays where it is.")
OWNER_NOT_OURS = Code(
    "OWNER-NOT-OURS", "The owner says that this belongs to somebody else.", "Find its owner and issue a sheet to them."
)
OWNER_SYSTEM = Code(
    "OWNER-SYSTEM",
    "The owner says that this belongs in a business system.",
    "Hand it to the owner of that system, who decides what is loaded.",
)
TARGET_TAKEN = Code(
    "TARGET-TAKEN",
    "Another file or folder has this name at the destination already.",
    "Rename one of the two at the source, or give the row another destination; nothing was overwritten.",
)
PATH_LONG = Code(
    "TARGET-PATH-LONG",
    "The path at the destination would be longer than 400 characters.",
    "Shorten folder names, or choose a destination with a shorter address.",
)
NAME_LONG = Code(
    "TARGET-NAME-LONG",
    "A file or folder name is longer than 255 characters.",
    "Shorten the name at the source.",
)
NAME_UNREADABLE = Code(
    "TARGET-NAME-UNREADABLE",
    "The name is not valid text, so SharePoint cannot take it.",
    "Rename it at the source, or decide 'Move and tidy' after a new scan.",
)
SOURCE_UNREADABLE = Code(
    "SOURCE-UNREADABLE",
    "The file could not be read.",
    "Give the migration account read access, or ask why the storage fails.",
)
SOURCE_CHANGED = Code(
    "SOURCE-CHANGED",
    "The file changed while it was read, twice.",
    "Close the program that writes it, then move it in a later round.",
)
SOURCE_VANISHED = Code(
    "SOURCE-VANISHED", "The file was there when the share was scanned and is gone now.", "Ask its owner if it matters."
)
HASH_DIFFERS = Code(
    "HASH-DIFFERS",
    "What the service stored is not what was sent.",
    "Look at the file at the destination, remove it there, then move the original again.",
)
SERVICE_UNAVAILABLE = Code(
    "SERVICE-UNAVAILABLE",
    "The service did not take the file, however often it was offered.",
    "Look at Microsoft's service health, then move it in a later round.",
)
REFUSED = Code(
    "TARGET-REFUSED",
    "The service refuses this file for good.",
    "The reason stands beside it, in the service's own words.",
)

CODES: dict[str, Code] = {
    each.code: each
    for each in (
        OWNER_ARCHIVE, OWNER_NOT_OURS, OWNER_SYSTEM, TARGET_TAKEN, PATH_LONG, NAME_LONG,
        NAME_UNREADABLE, SOURCE_UNREADABLE, SOURCE_CHANGED, SOURCE_VANISHED, HASH_DIFFERS, SERVICE_UNAVAILABLE,
        REFUSED,
    )
}  # fmt: skip
"""Every outcome code of the mover. Codes of the scan's findings appear as outcomes too."""
