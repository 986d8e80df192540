"""Who may let others into a site, and who is asked by people without access."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

OWNERS, NOBODY = "Owners", "Nobody"
QUESTIONS = (
    Question(
        "access", Service.SITE,
        "web?$select=MembersCanShare,RequestAccessEmail,UseAccessRequestDefault,"
        "AssociatedMemberGroup/AllowMembersEditMembership&$expand=AssociatedMemberGroup",
        kinds=frozenset({Kind.ACCESS}),
    ),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """How people come into the site."""
    found = answers.get("access")
    if found:
        asked = OWNERS if found["UseAccessRequestDefault"] else str(found["RequestAccessEmail"] or "") or NOBODY
        yield Part(Kind.ACCESS, "", "", {
            "members can share": bool(found["MembersCanShare"]), "requests go to": asked,
            "members can invite": bool((found["AssociatedMemberGroup"] or {}).get("AllowMembersEditMembership")),
        })  # fmt: skip


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Change what is given. Raises TenantError."""
    if "members can share" in after:
        site.rest("MERGE", "web", {"MembersCanShare": after["members can share"]})
    if "members can invite" in after:
        site.rest("MERGE", "web/AssociatedMemberGroup", {"AllowMembersEditMembership": after["members can invite"]})
    if "requests go to" in after:
        asked = str(after["requests go to"])
        default = {"useAccessRequestDefault": asked == OWNERS}
        site.rest("POST", "web/SetUseAccessRequestDefaultAndUpdate", default, repeatable=True)
        if asked != OWNERS:
            site.rest("MERGE", "web", {"RequestAccessEmail": "" if asked == NOBODY else asked})
