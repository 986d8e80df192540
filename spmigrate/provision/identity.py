"""Internal names and identifiers, made from the words of the language so that they are the same on every site."""

import re
import uuid
from collections.abc import Mapping

from spmigrate.tenant.contents import ROOT_CONTENT_TYPES, name_key

_NAMESPACE = uuid.UUID("6f1c1f0e-6a63-5d0c-9d0b-0e2f4d9f6b51")
_LONGEST_INTERNAL_NAME = 32

BUILT_IN_CONTENT_TYPES: Mapping[str, str] = {name_key(name): name for name in ROOT_CONTENT_TYPES}
"""Content types of SharePoint's own that others are based on, by key."""


def internal_name(column: str) -> str:
    """The internal name of a site column: `Review date` is `CouncilReviewDate`. At most 32 characters."""
    words = re.findall(r"[A-Za-z0-9]+", column)
    name = "Council" + "".join(word[0].upper() + word[1:] for word in words)
    if len(name) <= _LONGEST_INTERNAL_NAME and words:
        return name
    tail = uuid.uuid5(_NAMESPACE, column).hex[:6]
    return name[: _LONGEST_INTERNAL_NAME - len(tail)] + tail


def column_id(internal: str) -> str:
    """The GUID of a site column, from its internal name."""
    return str(uuid.uuid5(_NAMESPACE, f"column/{internal}"))


def content_type_id(name: str, parent: str) -> str:
    """The id of a content type: its parent's, `00`, and 32 hexadecimal digits made from its name."""
    return f"{parent}00{uuid.uuid5(_NAMESPACE, f'content type/{name}').hex.upper()}"


def root_content_type(name: str) -> str | None:
    """The id of Document, Item or Document Set, None for any other name."""
    return ROOT_CONTENT_TYPES.get(BUILT_IN_CONTENT_TYPES.get(name_key(name), ""))


def library_address(name: str) -> str:
    """The address of a library that names none: its words joined, `Case files` is `CaseFiles`."""
    return "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", name))
