"""SharePoint's single rights as bits, and the permission levels that every site has from the start.

A mask is one number of 64 bits; SharePoint writes it as two texts, `High` and `Low`. The bit of a right is its
number in `SP.PermissionKind` less one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntFlag
from typing import Any

FULL_MASK = 0x7FFF_FFFF_FFFF_FFFF
_FULL_KIND = 65
_LOW = 0xFFFF_FFFF
# The number of the permission level that SharePoint itself hands out above something that was shared singly.
LIMITED_ACCESS = 1073741825


class Right(IntFlag):
    """The rights that are asked for here (SP.PermissionKind has more)."""

    VIEW_ITEMS = 0x1
    ADD_ITEMS = 0x2
    EDIT_ITEMS = 0x4
    DELETE_ITEMS = 0x8
    OPEN_ITEMS = 0x20
    DELETE_VERSIONS = 0x80
    MANAGE_LISTS = 0x800
    OPEN = 0x1_0000
    CUSTOMIZE_PAGES = 0x4_0000
    MANAGE_SUBWEBS = 0x80_0000
    CREATE_GROUPS = 0x100_0000
    MANAGE_PERMISSIONS = 0x200_0000
    BROWSE_USERS = 0x800_0000
    MANAGE_WEB = 0x4000_0000
    USE_REMOTE_APIS = 0x20_0000_0000
    EDIT_OWN_PROFILE = 0x100_0000_0000
    ENUMERATE_PERMISSIONS = 0x4000_0000_0000_0000


# (id, name, description, order, kind, high, low): as recorded on a new site.
LEVELS = (
    (1073741829, "Full Control", "Has full control.", 1, 5, "2147483647", "4294967295"),
    (1073741828, "Design", "Can view, add, update, delete, approve, and customize.", 32, 4, "432", "1012866047"),
    (1073741830, "Edit", "Can add, edit and delete lists; can view, add, update and delete list items and "
     "documents.", 48, 6, "432", "1011030767"),
    (1073741827, "Contribute", "Can view, add, update, and delete list items and documents.", 64, 3, "432",
     "1011028719"),
    (1073741826, "Read", "Can view pages and list items and download documents.", 128, 2, "176", "138612833"),
    (1073741832, "Restricted View", "Can view pages, list items, and documents. Documents can be viewed in the "
     "browser but not downloaded.", 144, 8, "65584", "134418433"),
    (LIMITED_ACCESS, "Limited Access", "Can view specific lists, document libraries, list items, folders, or "
     "documents when given permissions.", 160, 1, "48", "134287360"),
    (1073741833, "Web-Only Limited Access", "Web-Only Limited Access permission level.", 176, 9, "560",
     "134221824"),
)  # fmt: skip


def join_mask(high: object, low: object) -> int:
    """The mask in SharePoint's two numbers; a ValueError when they are none."""
    return (int(str(high)) & 0x7FFF_FFFF) << 32 | int(str(low)) & _LOW


def read_mask(content: Mapping[str, Any]) -> int:
    """The mask in an SP.BasePermissions."""
    return join_mask(content.get("High") or 0, content.get("Low") or 0)


def show_mask(mask: int) -> dict[str, str]:
    """A mask as SharePoint shows it."""
    return {"High": str(mask >> 32), "Low": str(mask & _LOW)}


def mask_of_kind(kind: int) -> int:
    """The mask of one SP.PermissionKind; 0 asks for nothing, 65 for everything."""
    if kind <= 0:
        return 0
    return FULL_MASK if kind >= _FULL_KIND else 1 << (kind - 1)


MASKS = {number: join_mask(high, low) for number, *_, high, low in LEVELS}
READ_MASK, CONTRIBUTE_MASK, DESIGN_MASK = (MASKS[number] for number in (1073741826, 1073741827, 1073741828))
LIMITED_MASK, RESTRICTED_MASK = MASKS[LIMITED_ACCESS], MASKS[1073741832]


def add_up(numbers: frozenset[int], assignments: Iterable[tuple[int, Iterable[int]]], masks: Mapping[int, int]) -> int:
    """What somebody may do who is known by these principal numbers: all that any of them was given.

    `assignments` are (principal, permission levels), `masks` the site's permission levels; an unknown one gives
    nothing.
    """
    mask = 0
    for principal, levels in assignments:
        if principal in numbers:
            for level in levels:
                mask |= masks.get(level, 0)
    return mask
