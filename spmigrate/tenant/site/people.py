"""People: who has which role in a site, and whether they exist in the directory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import ROLES, Attributes, Kind, Part, inside
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_GROUPS = {role: f"Associated{role.removesuffix('s')}Group" for role in ROLES}
QUESTIONS = (
    Question(
        "people", Service.SITE,
        f"web?$select={','.join(f'{group}/Users/LoginName' for group in _GROUPS.values())}"
        f"&$expand={','.join(f'{group}/Users' for group in _GROUPS.values())}",
        kinds=frozenset({Kind.PERSON}),
    ),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """Who is in the three groups; groups that SharePoint has not made yet are empty."""
    for role, name in _GROUPS.items():
        group = answers.get("people", {}).get(name) or {}
        for user in group.get("Users") or ():
            login = str(user["LoginName"]).rsplit("|", 1)[-1]
            label = f"{login.split('@')[0]} in {role}"
            yield Part(Kind.PERSON, inside(role, login.casefold()), label, {"role": role, "login": login})


def put(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Give somebody a role. Raises TenantError."""
    login = f"i:0#.f|membership|{after['login']}"
    site.rest("POST", "web/ensureuser", {"logonName": login}, repeatable=True)
    group = _GROUPS[str(after["role"])]
    site.rest("POST", f"web/{group}/users", {"LoginName": login}, repeatable=True)


def is_known(tenant: Tenant, login: str) -> bool:
    """Whether somebody signs in with this name. Raises AccessDenied when the app may not read users."""
    try:
        tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")
    except NotFound:
        return False
    return True
