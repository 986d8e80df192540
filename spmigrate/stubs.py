"""Files whose content lies in an archive and would be fetched by whoever opens them: known without opening them."""

import os

ELSEWHERE = 0x1000 | 0x40000 | 0x400000
"""Attributes of Windows: offline, and the two that recall when a file is opened or read."""
_MOUNTED = "user.cifs.dosattrib"
"""Where Linux shows the attributes of a file on a mounted Windows share."""


def mounted(path: bytes) -> int:
    """The attributes of Windows that a file has on its server, as a mount tells them; 0 where nobody does."""
    try:
        return int.from_bytes(os.getxattr(path, _MOUNTED, follow_symlinks=False), "little")
    except (AttributeError, OSError):
        return 0


def is_stub(path: bytes, found: os.stat_result) -> bool:
    """Whether a file, of which this is known, has its content elsewhere. One that takes room here has not."""
    told: int = getattr(found, "st_file_attributes", 0)
    if not told and found.st_size and not getattr(found, "st_blocks", 1):
        told = mounted(path)
    return bool(told & ELSEWHERE)
