"""The names and paths that SharePoint Online refuses."""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_PATH = 400
MAX_NAME = 255
_BAD_CHARACTER = re.compile(r'["*:<>?/\\|\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(\.lock|con|prn|aux|nul|com[0-9]|lpt[0-9]|desktop\.ini)", re.IGNORECASE)
_THICKET = ("_files", "_file")


def name_problem(name: str, *, folder: bool = False, at_root: bool = False) -> str | None:
    """Why the service refuses a file or folder name, None when it takes it.

    Source: Microsoft's support page "Restrictions and limitations in OneDrive and SharePoint".
    """
    lower = name.lower()
    if not name or name in (".", "..") or _BAD_CHARACTER.search(name):
        return "The name contains characters that are not allowed, or is empty."
    if len(name) > MAX_NAME:
        return f"The name is longer than {MAX_NAME} characters."
    if name != name.strip() or name.endswith("."):
        return "The name begins or ends with a space, or ends with a full stop."
    if _RESERVED.fullmatch(name) or lower.startswith("~$") or "_vti_" in lower:
        return "The name is reserved."
    if folder and (lower.endswith(_THICKET) or lower.startswith("~")):
        return "The folder name is reserved."
    if folder and at_root and lower == "forms":
        return "The folder name 'forms' is reserved at the root of a library."
    return None


def numbered(name: str, number: int, *, folder: bool) -> str:
    """The name that the service gives a copy when asked to rename: `Report 1.docx`."""
    stem, dot, extension = name.rpartition(".")
    if folder or not dot or not stem:
        return f"{name} {number}"
    return f"{stem} {number}.{extension}"


def beside(name: str, taken: Callable[[str], bool]) -> str:
    """The name that SharePoint's own interface gives what is kept beside its namesake: `Report1.docx`."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        stem, dot, extension = name, "", ""
    number = 1
    while taken(f"{stem}{number}{dot}{extension}"):
        number += 1
    return f"{stem}{number}{dot}{extension}"
