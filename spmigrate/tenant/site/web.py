"""The site itself: its title and description, and what every reading begins with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spmigrate.tenant.contents import LANGUAGES, SITE_TYPES, Attributes, Kind, Part, word_for
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

WEB = Question(
    "web", Service.SITE,
    "web?$select=Id,Title,Description,Url,Language,WebTemplateConfiguration,IsProvisioningComplete,"
    "AssociatedOwnerGroup/Id&$expand=AssociatedOwnerGroup",
)  # fmt: skip
COLLECTION = Question("site", Service.SITE, "site?$select=Id,GroupId,HubSiteId,IsHubSite")
_OF_GROUP = {"title": "displayName", "description": "description"}
BASE = QUESTIONS = (WEB, COLLECTION)
"""Asked for every site, whatever is wanted of it."""


def parts(answers: Answers) -> Iterator[Part]:
    """The site itself."""
    web = answers["web"]
    yield Part(Kind.SITE, "", "", {
        "type": word_for(SITE_TYPES, web["WebTemplateConfiguration"]), "language": word_for(LANGUAGES, web["Language"]),
        "title": web["Title"], "description": web["Description"] or "",
    })  # fmt: skip


def is_ready(web: Json) -> bool:
    """Whether SharePoint has furnished the site: before that, its default lists and groups may be missing."""
    return bool(web["IsProvisioningComplete"]) and web.get("AssociatedOwnerGroup") is not None


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change title and description, those of the site's group too, which SharePoint would show again. Raises
    TenantError."""
    group = {_OF_GROUP[name]: after[name] for name in _OF_GROUP if name in after}
    if group and site.group_id:
        site.tenant.graph("PATCH", f"/v1.0/groups/{site.group_id}", group, repeatable=True)
    changes = {name.capitalize(): after[name] for name in ("title", "description") if name in after}
    if changes:
        site.rest("MERGE", "web", changes)
