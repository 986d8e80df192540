"""Permission levels, in the words of the permissions page.

Source of words and numbers: SP.PermissionKind, whose number less one is a bit of a mask of 64.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from spmigrate.errors import Refused
from spmigrate.tenant.contents import Attributes, Kind, Part, name_key
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

RIGHTS: Mapping[str, int] = {
    "Manage Lists": 12, "Override List Behaviors": 9, "Add Items": 2, "Edit Items": 3, "Delete Items": 4,
    "View Items": 1, "Approve Items": 5, "Open Items": 6, "View Versions": 7, "Delete Versions": 8,
    "Create Alerts": 40, "View Application Pages": 13, "Manage Permissions": 26, "View Web Analytics Data": 22,
    "Create Subsites": 24, "Manage Web Site": 31, "Add and Customize Pages": 19, "Apply Themes and Borders": 20,
    "Apply Style Sheets": 21, "Create Groups": 25, "Browse Directories": 27, "Use Self-Service Site Creation": 23,
    "View Pages": 18, "Enumerate Permissions": 63, "Browse User Information": 28, "Manage Alerts": 39,
    "Use Remote Interfaces": 38, "Use Client Integration Features": 37, "Open": 17,
    "Edit Personal User Information": 41, "Manage Personal Views": 10, "Add/Remove Personal Web Parts": 29,
    "Update Personal Web Parts": 30,
}  # fmt: skip
"""SP.PermissionKind by the words of the permissions page, in its order."""

_LOW = 0xFFFF_FFFF
QUESTIONS = (
    Question(
        "permission levels", Service.SITE,
        "web/roledefinitions?$select=Id,Name,Description,Hidden,RoleTypeKind,BasePermissions",
        kinds=frozenset({Kind.PERMISSION_LEVEL}),
    ),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """The permission levels, but those that SharePoint hands out by itself."""
    for each in answers.values("permission levels"):
        if not each["Hidden"]:
            yield Part(Kind.PERMISSION_LEVEL, name_key(each["Name"]), each["Name"], {
                "name": each["Name"], "description": each["Description"] or "",
                "allows": words_of(each["BasePermissions"]),
            })  # fmt: skip


def words_of(mask: Json) -> tuple[str, ...]:
    """What a mask allows, in the order of the permissions page."""
    bits = int(mask["High"]) << 32 | int(mask["Low"])
    return tuple(word for word, number in RIGHTS.items() if bits >> (number - 1) & 1)


def mask_of(words: Iterable[str]) -> dict[str, str]:
    """The mask of these rights, as SharePoint wants it: two numbers, as text. Raises Refused for unknown words."""
    known = {name_key(word): number for word, number in RIGHTS.items()}
    given = list(words)
    strange = [word for word in given if name_key(word) not in known]
    if strange:
        hint = "use the words of the permissions page, such as View Items"
        raise Refused(f"there is no right called {', '.join(strange)}", hint=hint)
    bits = 0
    for word in given:
        bits |= 1 << (known[name_key(word)] - 1)
    return {"High": str(bits >> 32), "Low": str(bits & _LOW)}


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a permission level, or change what is given of one that is there. Raises TenantError."""
    body: dict[str, Any] = {"__metadata": {"type": "SP.RoleDefinition"}}
    if "description" in after:
        body["Description"] = after["description"]
    allows = after.get("allows")
    if isinstance(allows, tuple):
        mask = mask_of(allows)
        body["BasePermissions"] = {"__metadata": {"type": "SP.BasePermissions"}, **mask}
    found = find(site, key)
    if found is None:
        site.typed("POST", "web/roledefinitions", body | {"Name": after["name"], "Order": 200})
    elif len(body) > 1:
        site.typed("MERGE", f"web/roledefinitions({found})", body)


def remove(site: "SiteWriter", key: str) -> None:
    """Take a permission level away, and with it what it gave. Raises TenantError."""
    found = find(site, key)
    if found is not None:
        site.delete(f"web/roledefinitions({found})")


def find(site: "SiteWriter", name: str) -> int | None:
    """The number of a permission level; None when the site has none of this name."""
    levels = site.rest("GET", "web/roledefinitions?$select=Id,Name")["value"]
    return next((int(each["Id"]) for each in levels if name_key(each["Name"]) == name_key(name)), None)


def need(site: "SiteWriter", name: str) -> int:
    """The number of a permission level. Raises Refused when the site has none of this name."""
    found = find(site, name)
    if found is None:
        hint = "see the permission levels of the site, or declare one under 'permission levels'"
        raise Refused(f"{site.address} has no permission level '{name}'", hint=hint)
    return found
