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

RIGHTS: Mapping[str, tuple[str, int]] = {
    "Manage Lists": ("ManageLists", 12),
    "Override List Behaviors": ("CancelCheckout", 9),
    "Add Items": ("AddListItems", 2),
    "Edit Items": ("EditListItems", 3),
    "Delete Items": ("DeleteListItems", 4),
    "View Items": ("ViewListItems", 1),
    "Approve Items": ("ApproveItems", 5),
    "Open Items": ("OpenItems", 6),
    "View Versions": ("ViewVersions", 7),
    "Delete Versions": ("DeleteVersions", 8),
    "Create Alerts": ("CreateAlerts", 40),
    "View Application Pages": ("ViewFormPages", 13),
    "Manage Permissions": ("ManagePermissions", 26),
    "View Web Analytics Data": ("ViewUsageData", 22),
    "Create Subsites": ("ManageSubwebs", 24),
    "Manage Web Site": ("ManageWeb", 31),
    "Add and Customize Pages": ("AddAndCustomizePages", 19),
    "Apply Themes and Borders": ("ApplyThemeAndBorder", 20),
    "Apply Style Sheets": ("ApplyStyleSheets", 21),
    "Create Groups": ("CreateGroups", 25),
    "Browse Directories": ("BrowseDirectories", 27),
    "Use Self-Service Site Creation": ("CreateSSCSite", 23),
    "View Pages": ("ViewPages", 18),
    "Enumerate Permissions": ("EnumeratePermissions", 63),
    "Browse User Information": ("BrowseUserInfo", 28),
    "Manage Alerts": ("ManageAlerts", 39),
    "Use Remote Interfaces": ("UseRemoteAPIs", 38),
    "Use Client Integration Features": ("UseClientIntegration", 37),
    "Open": ("Open", 17),
    "Edit Personal User Information": ("EditMyUserInfo", 41),
    "Manage Personal Views": ("ManagePersonalViews", 10),
    "Add/Remove Personal Web Parts": ("AddDelPrivateWebParts", 29),
    "Update Personal Web Parts": ("UpdatePersonalWebParts", 30),
}
"""Name and number of SP.PermissionKind by the words that the permissions page of an English site shows, in its order.

SharePoint has no British English: the words are its own, so that people find them again.
"""

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
    return tuple(word for word, (_, number) in RIGHTS.items() if bits >> (number - 1) & 1)


def mask_of(words: Iterable[str]) -> dict[str, str]:
    """The mask of these rights, as SharePoint wants it: two numbers, as text. Raises Refused for unknown words."""
    known = {name_key(word): number for word, (_, number) in RIGHTS.items()}
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
