"""The Microsoft 365 group of a site: who can see that it exists and what is in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from spmigrate.errors import Refused
from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "group", Service.GRAPH, "groups/{group_id}?$select=id,displayName,mailNickname,visibility", round=2,
        kinds=frozenset({Kind.GROUP}), optional=True,
    ),
)  # fmt: skip
_PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds until the directory's copies agree, which Microsoft promises no time for."""


def parts(answers: Answers) -> Iterator[Part]:
    """The group of a site that has one."""
    group = answers.get("group")
    if group:
        found = {"alias": group["mailNickname"], "privacy": str(group.get("visibility") or "Public")}
        yield Part(Kind.GROUP, "", "", found)


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Make the group private or public; its alias is for good. Raises Refused when it does not take it, TenantError."""
    if "privacy" not in after:
        return
    path = f"/v1.0/groups/{quote(require_group(site))}"
    site.tenant.graph("PATCH", path, {"visibility": after["privacy"]}, repeatable=True)
    for pause in (*_PAUSES, None):
        if site.tenant.graph("GET", f"{path}?$select=visibility").get("visibility") == after["privacy"]:
            return
        if pause is not None:
            site.sleep(pause)
    raise Refused(
        f"the group did not become {str(after['privacy']).lower()}",
        hint="a sensitivity label may decide the privacy: look at the label's settings in Microsoft Purview",
    )


def require_group(site: "SiteWriter") -> str:
    """The id of the site's group. Raises Refused for a site without one, TenantError."""
    if not site.group_id:
        raise Refused(
            f"{site.address} has no Microsoft 365 group",
            hint="only a site of the type 'Team site with Microsoft 365 group' has one",
        )
    return site.group_id
