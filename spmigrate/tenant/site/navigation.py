"""The quick launch: links are found by title, added when missing, and owners' own links are left alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spmigrate.tenant.contents import Attributes, Kind, Part, name_key
from spmigrate.tenant.link_address import plain_address
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "quick launch", Service.SITE, "web/navigation/quicklaunch?$select=Title,Url", kinds=frozenset({Kind.LINK})
    ),
)


def parts(answers: Answers) -> Iterator[Part]:
    """The links of the quick launch; the first of two with one title counts."""
    seen: set[str] = set()
    for node in answers.values("quick launch"):
        key = name_key(node["Title"])
        if key not in seen:
            seen.add(key)
            address = plain_address(node["Url"] or "", answers.host)
            yield Part(Kind.LINK, key, node["Title"], {"title": node["Title"], "address": address})


def put(site: "SiteWriter", title: str, after: Attributes) -> None:
    """Add a link at the end, or point the link of this title elsewhere. Raises TenantError."""
    address = plain_address(str(after["address"]), site.tenant.settings.sharepoint)
    found = _find(site, title)
    if found is None:
        body = {"Title": after["title"], "Url": address, "IsExternal": not address.startswith("/")}
        site.rest("POST", "web/navigation/quicklaunch", body)
    else:
        site.rest("MERGE", _node(found["Id"]), {"Url": address})


def remove(site: "SiteWriter", title: str) -> None:
    """Take the link of this title away, if it is there. Raises TenantError."""
    found = _find(site, title)
    if found is not None:
        site.delete(_node(found["Id"]))


def _find(site: "SiteWriter", title: str) -> Any | None:
    nodes = site.rest("GET", "web/navigation/quicklaunch?$select=Id,Title")["value"]
    return next((node for node in nodes if name_key(node["Title"]) == name_key(title)), None)


def _node(number: int) -> str:
    return f"web/navigation/GetNodeById({number})"
