"""Search for people, and in mailboxes, in which the rehearsal has nothing."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.storage import Entity

# What each type is searched with; both are permissions of people alone (Microsoft, "searchEntity: query").
PERMISSIONS = {"person": "People.Read", "message": "Mail.Read", "event": "Calendars.Read"}
_NAMES = ("displayName", "givenName", "surname", "mail", "jobTitle", "department")


def answer(call: Call, types: list[str], text: str, *, page: tuple[int, int]) -> dict[str, Any] | None:
    """What a search for people, messages or events finds; None when it is for something else."""
    wanted = {each.lower() for each in types}
    if not wanted & set(PERMISSIONS):
        return None
    if len(wanted) > 1 and wanted != {"message", "event"}:
        # Microsoft, "Known limitations": people and mail are searched for alone.
        raise GraphError(400, "BadRequest", "SearchRequest Invalid (the entity types can't be combined)")
    if call.request.caller.app_only:
        # As quoted in msgraph-sdk-dotnet issue 2324.
        message = (
            "Application permission is only supported for the following entity types: site, list, listitem, drive and"
            " driveitem."
        )
        raise GraphError(403, "Forbidden", message)
    call.require(*(PERMISSIONS[each] for each in sorted(wanted)))
    found = _people(call, text) if wanted == {"person"} else []
    start, size = page
    hits = [
        {"hitId": user.guid, "rank": rank, "summary": "", "resource": _show(user)}
        for rank, user in enumerate(found[start : start + size], start + 1)
    ]
    container: dict[str, Any] = {"total": len(found), "moreResultsAvailable": start + size < len(found)}
    return {"searchTerms": text.split(), "hitsContainers": [{"hits": hits, **container} if hits else container]}


def _people(call: Call, text: str) -> list[Entity]:
    words = text.casefold().replace('"', "").split()
    return [user for user in call.tenant.directory.users() if _fits(user, words)]


def _fits(user: Entity, words: list[str]) -> bool:
    known = " ".join(str(user.props.get(name) or "") for name in _NAMES).casefold().replace(".", " ").split()
    known += [user.name.casefold()]
    return bool(words) and all(any(each.startswith(word) for each in known) for word in words)


def _show(user: Entity) -> dict[str, Any]:
    props = user.props
    kind = {"class": "Person", "subclass": "Guest" if props.get("userType") == "Guest" else "OrganizationUser"}
    mail = props.get("mail")
    return {
        "@odata.type": "#microsoft.graph.person",
        "id": user.guid,
        "displayName": props.get("displayName"),
        "givenName": props.get("givenName"),
        "surname": props.get("surname"),
        "jobTitle": props.get("jobTitle"),
        "department": props.get("department"),
        "officeLocation": props.get("officeLocation"),
        "companyName": props.get("companyName"),
        "userPrincipalName": user.name,
        "scoredEmailAddresses": [{"address": mail, "relevanceScore": 1.0}] if mail else [],
        "phones": [{"type": "business", "number": each} for each in props.get("businessPhones") or []],
        "personType": kind,
    }
