"""For whom links are shown: groups of Entra, by name. Everybody else does not see the link; it protects nothing.

SharePoint shows a link to all while the web's own switch is off, so its audiences count as none then.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import Kind, Value, name_key
from spmigrate.tenant.site.lookups import group_ids
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

FOR = "for"
"""The attribute of a link: `group:` and a name, for each of its audiences."""

PREFIX = "group:"
_SWITCH = "NavAudienceTargetingEnabled"
_MENUS = ("quick launch", "hub navigation")
_KINDS = frozenset({Kind.LINK})


def _switch(answers: Answers) -> Mapping[str, str]:
    return {"": f"web?$select={_SWITCH}"} if _matters(answers) else {}


def _groups(answers: Answers) -> Mapping[str, str]:
    ids = {each.lower() for menu in _MENUS for node in _every(answers.values(menu)) for each in _ids(node)}
    return {each: f"groups/{each}?$select=id,displayName" for each in sorted(ids)} if _matters(answers) else {}


QUESTIONS = (
    Question("audience switch", Service.SITE, _switch, kinds=_KINDS),
    Question("audiences", Service.GRAPH, _groups, round=2, kinds=_KINDS, optional=True),
)


def told(answers: Answers, node: Json) -> dict[str, Value]:
    """The audiences of a link, a group that is gone by its id; nothing where nobody asked."""
    switch = answers.get("audience switch")
    if not switch:
        return {}
    names = {key: str(each["displayName"]) for key, each in answers.get("audiences", {}).items()}
    shown = _ids(node) if switch[_SWITCH] else []
    return {FOR: tuple(f"{PREFIX}{names.get(each.lower(), each)}" for each in shown)}


def put(site: "SiteWriter", node: str, wanted: Value) -> None:
    """Show the link at this path to these groups alone, to everybody when there is none. Raises NotFound for a group
    that Entra does not have, TenantError."""
    names = [each.removeprefix(PREFIX).strip() for each in wanted] if isinstance(wanted, tuple) else []
    ids = [_id(site, name) for name in names]
    site.rest("MERGE", node, {"AudienceIds": ids})
    if ids:
        site.rest("MERGE", "web", {_SWITCH: True})


def _id(site: "SiteWriter", name: str) -> str:
    found = {name_key(each): identity for each, identity in group_ids(site.tenant, name).items()}
    if name_key(name) not in found:
        raise NotFound(f"Microsoft Entra has no group called '{name}'", hint="make it there, or correct the name")
    return found[name_key(name)]


def _matters(answers: Answers) -> bool:
    if answers.only is None:
        return True
    return any(kind is Kind.LINK and FOR in part.attributes for (kind, _), part in answers.only.items())


def _ids(node: Json) -> list[str]:
    return [str(each) for each in node.get("AudienceIds") or ()]


def _every(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        yield from _every(list(node.get("Children") or ()))
