"""Content types of the tenant's gallery: which are published to a site, and pulling one into it.

The gallery hands them over when it likes: minutes as a rule, and known for arriving half.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from spmigrate.errors import NotFound, Refused, Unavailable
from spmigrate.tenant.contents import Kind, name_key
from spmigrate.tenant.site.content_type_ids import content_type_ids
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter


def _published(answers: Answers) -> Mapping[str, str]:
    keys = answers.keys(Kind.CONTENT_TYPE)
    if keys is not None and not any(answers.says(Kind.CONTENT_TYPE, key, "source") for key in keys):
        return {}
    return {"all": f"sites/{answers.site_id}/contentTypes/getCompatibleHubContentTypes?$select=id"}


PUBLISHED = Question(
    "published content types", Service.GRAPH, _published, round=2, kinds=frozenset({Kind.CONTENT_TYPE}), optional=True
)
PAUSES = (1.0, 2.0, 5.0, 10.0, 15.0, 15.0, 15.0, 30.0, 30.0, 60.0)
"""Seconds between looks for a content type that was asked for: three minutes in all."""


def published_ids(answers: Answers) -> frozenset[str]:
    """The ids of what the gallery publishes, in lower case; none where the app may not ask."""
    given = answers.get("published content types", {}).get("all", {"value": ()})["value"]
    return frozenset(str(each["id"]).casefold() for each in given)


def pull(site: "SiteWriter", name: str, wanted: Collection[str]) -> None:
    """Copy a content type from the gallery and wait until it is there with all of the `wanted` columns.

    Raises NotFound when none of the name is published, Unavailable when it does not arrive, Refused when it arrives
    without some of its columns.
    """
    path = f"/v1.0/sites/{site.site_id}/contentTypes"
    offered = site.tenant.graph_pages(f"{path}/getCompatibleHubContentTypes?$select=id,name")
    found = next((each for each in offered if name_key(each["name"]) == name_key(name)), None)
    if found is None:
        hint = "publish it in the content type gallery of the SharePoint admin centre"
        raise NotFound(f"the gallery publishes no content type '{name}'", hint=hint)
    site.tenant.graph("POST", f"{path}/addCopyFromContentTypeHub", {"contentTypeId": found["id"]}, repeatable=True)
    missing = _missing(site, name, wanted)
    for pause in PAUSES:
        if missing == set():
            return
        site.sleep(pause)
        missing = _missing(site, name, wanted)
    if missing is None:
        raise Unavailable(f"'{name}' has not come from the gallery yet", hint="run the same command again later")
    if missing:
        hint = "publish it again in the content type gallery, then run the same command again"
        raise Refused(f"'{name}' came from the gallery without {', '.join(sorted(missing))}", hint=hint)


def _missing(site: "SiteWriter", name: str, wanted: Collection[str]) -> set[str] | None:
    """The columns that the site's copy lacks; None while there is no copy."""
    found = content_type_ids(site).get(name_key(name))
    if found is None:
        return None
    links = site.rest("GET", f"web/contenttypes('{found}')/FieldLinks?$select=Name")["value"]
    return set(wanted) - {str(link["Name"]) for link in links}
