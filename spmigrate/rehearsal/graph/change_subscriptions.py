"""``subscriptions``: who is told of changes, until when.

Only an address on this machine can confirm that it wants to be told; every other one is refused as by a service that
cannot reach it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.graph import drives
from spmigrate.rehearsal.graph.access import require_drive
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.drive_places import find_way
from spmigrate.rehearsal.graph.drives import default_drive, open_drive
from spmigrate.rehearsal.graph.groups import READ_GROUPS
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.people import READ_USERS
from spmigrate.rehearsal.graph.querying import answer_list, answer_made, answer_one
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.site_opening import need_list, open_site
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response, split_address
from spmigrate.rehearsal.notifications import OF_GRAPH
from spmigrate.rehearsal.sharepoint.webhook_handshake import confirms, is_near
from spmigrate.rehearsal.site_grants import claims_at
from spmigrate.rehearsal.storage import Entity

_NEEDED = ("changeType", "notificationUrl", "resource", "expirationDateTime")
_SUBSCRIPTION = define_type(
    "subscription",
    "applicationId changeType clientState creatorId encryptionCertificate encryptionCertificateId expirationDateTime"
    " includeResourceData latestSupportedTlsVersion lifecycleNotificationUrl notificationQueryOptions notificationUrl"
    " notificationUrlAppId resource",
)
_FIXED = frozenset({"id", "applicationId", "creatorId"})
# Source: Microsoft's page on the resource `subscription`, "Subscription lifetime", in minutes.
_LIFE_OF_FILES, _LIFE_OF_DIRECTORY = 42_300, 41_760
_LONGEST_STATE = 128
# The words of microsoftgraph/microsoft-graph-docs, issue 2231.
_UNREADABLE = "Could not process subscription creation payload. Are all property names spelled and camelCased properly?"
_CHANGES = frozenset({"created", "updated", "deleted"})
_DRIVE = re.compile(r"(?:drives/(?P<drive>[^/]+)|(?:me|users/[^/]+|groups/[^/]+)/drive)/root/?", re.IGNORECASE)
_LIST = re.compile(r"sites/(?P<site>[^/:]+(?::/[^:]+:)?)/lists/(?P<list>[^/]+)/?", re.IGNORECASE)
_SITE_DRIVE = re.compile(r"sites/(?P<site>[^/:]+(?::/[^:]+:)?)/drive/root/?", re.IGNORECASE)
_DIRECTORY = re.compile(r"(?P<set>users|groups)(?:/(?P<id>[^/]+))?/?", re.IGNORECASE)
# What the service tells of besides (its page "Change notifications") and a rehearsal has not.
_OTHERS = re.compile(
    r"(?:me|users|groups|teams|chats|communications|security|admin|print|education|identityprotection|solutions|"
    r"appcatalogs|directory|places|copilot)(?:/.*)?|(?:sites|drives?)/.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a subscription is to: the entity below which it is kept, what kind of thing is told of, for how long."""

    owner: int
    kind: str
    minutes: int


def _list(call: Call) -> Response:
    return answer_list(call, [_show(each) for each in _own(call)], context="subscriptions", of=_SUBSCRIPTION)


def _own(call: Call) -> list[Entity]:
    """The caller's: those of the application, for a person those that they made with it."""
    caller, now = call.request.caller, call.tenant.clock.now()
    kept = [each for each in call.tenant.store.every(OF_GRAPH) if each.props["applicationId"] == caller.app_id]
    living = [each for each in kept if read_time(each.props["expirationDateTime"]) > now]
    return [each for each in living if caller.app_only or each.props["creatorId"] == caller.object_id]


def _show(kept: Entity) -> dict[str, Any]:
    shown = {name: kept.props.get(name) for name in _SUBSCRIPTION.properties.values()}
    return {**shown, "id": kept.guid}


def _find(call: Call) -> Entity:
    found = next((each for each in _own(call) if each.guid == call.parts["id"].lower()), None)
    if found is None:
        raise GraphError(404, "ResourceNotFound", "The object was not found.")
    return found


def _create(call: Call) -> Response:
    given = _read(call)
    for name in _NEEDED:
        if not given.get(name):
            raise bad(f"{name} is a required property for subscription creation.", "InvalidRequest")
    subject = _subject(call, given["resource"].strip("/"))
    changes = [each.strip().lower() for each in given["changeType"].split(",")]
    # Lists and drives tell of nothing but that something was updated (microsoftgraph/msgraph-sdk-dotnet, issue 725).
    allowed = _CHANGES if subject.kind in ("user", "group") else {"updated"}
    if not set(changes) <= allowed:
        raise bad(f"Invalid 'changeType' attribute: '{given['changeType']}'.", "InvalidRequest")
    if given.get("includeResourceData"):
        raise bad(f"'includeResourceData' is not supported for '{given['resource']}'.", "InvalidRequest")
    end = _read_end(call, given["expirationDateTime"], subject.minutes)
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        if given.get(name):
            _confirm(name, given[name])
    caller = call.request.caller
    props = {
        "latestSupportedTlsVersion": "v1_2",
        **given,
        "expirationDateTime": end,
        "applicationId": caller.app_id,
        "creatorId": caller.object_id,
        "_of": subject.kind,
        "_minutes": subject.minutes,
    }
    made = call.tenant.store.insert(
        OF_GRAPH, given["notificationUrl"], at=call.tenant.clock.iso(), parent=subject.owner, props=props
    )
    return answer_made(call, _show(made), context="subscriptions", of=_SUBSCRIPTION)


def _read(call: Call) -> dict[str, Any]:
    """The properties of the body; refuses what the type has not, and what is no text where the type has text."""
    given: dict[str, Any] = {}
    for name, value in call.body().items():
        if "@odata" in name:
            continue
        if name not in _SUBSCRIPTION.properties.values() or name in _FIXED or not _fits(name, value):
            raise bad(_UNREADABLE, "InvalidRequest")
        if value is not None:
            given[name] = value
    if len(given.get("clientState", "")) > _LONGEST_STATE:
        raise bad(f"clientState can have at most {_LONGEST_STATE} characters.", "InvalidRequest")
    return given


def _fits(name: str, value: object) -> bool:
    return value is None or isinstance(value, bool if name == "includeResourceData" else str)


def _subject(call: Call, resource: str) -> _Subject:
    for pattern, find in _SUBJECTS:
        found = pattern.fullmatch(resource)
        if found is not None:
            return find(call, resource, found)
    if _OTHERS.fullmatch(resource):
        raise GraphError(501, "notImplemented", f"A subscription to {resource} is not rehearsed.")
    raise _refused("BadRequest", f"Resource not found for the segment '{resource.partition('/')[0]}'.")


def _of_drive(call: Call, resource: str, found: re.Match[str]) -> _Subject:
    call.require(*drives.READ)
    way = f"drives/{found['drive']}" if found["drive"] else find_way(call, resource)
    drive = open_drive(call.tenant, str(way).split("/")[1])
    claims = claims_at(call.tenant.store, call.request.caller, drive.site)
    require_drive(replace(call, request=replace(call.request, claims=claims)), drive)
    return _Subject(drive.listing.id, "drive", _LIFE_OF_FILES)


def _of_site_drive(call: Call, _resource: str, found: re.Match[str]) -> _Subject:
    call.require(*drives.READ)
    scope = open_site(call, found["site"].rstrip(":"))
    return _Subject(default_drive(call.tenant, scope.site, scope.web).listing.id, "drive", _LIFE_OF_FILES)


def _of_list(call: Call, _resource: str, found: re.Match[str]) -> _Subject:
    call.require("Sites.Read.All")
    scope = open_site(call, found["site"].rstrip(":"))
    return _Subject(need_list(scope, found["list"]).id, "list", _LIFE_OF_FILES)


def _of_directory(call: Call, _resource: str, found: re.Match[str]) -> _Subject:
    kind = found["set"].lower().rstrip("s")
    call.require(*(READ_USERS if kind == "user" else READ_GROUPS))
    if found["id"] is None:
        return _Subject(0, kind, _LIFE_OF_DIRECTORY)
    directory = call.tenant.directory
    thing = directory.user(found["id"]) if kind == "user" else directory.group(found["id"])
    if thing is None:
        raise _refused("NotFound", f"Resource '{found['id']}' does not exist.")
    return _Subject(thing.id, kind, _LIFE_OF_DIRECTORY)


_SUBJECTS: tuple[tuple[re.Pattern[str], Callable[[Call, str, re.Match[str]], _Subject]], ...] = (
    (_DRIVE, _of_drive),
    (_SITE_DRIVE, _of_site_drive),
    (_LIST, _of_list),
    (_DIRECTORY, _of_directory),
)


def _refused(status: str, reason: str) -> GraphError:
    """The front's refusal in the words of the service behind it."""
    return bad(f"Operation: Create; Exception: [Status Code: {status}; Reason: {reason}]", "ExtensionError")


def _read_end(call: Call, text: str, minutes: int) -> str:
    try:
        end = read_time(text)
    except ValueError:
        raise bad(_UNREADABLE, "InvalidRequest") from None
    now: datetime = call.tenant.clock.now()
    if end <= now:
        raise bad("Subscription expiration has to be in the future.", "ExtensionError")
    if end > now + timedelta(minutes=minutes):
        # The text as in microsoftgraph/microsoft-graph-docs, issue 2988.
        raise bad(f"Subscription expiration can only be {minutes} minutes in the future.", "ExtensionError")
    return text


def _confirm(name: str, url: str) -> None:
    """Refuse an address that does not send the token back. On this machine, where nobody has a certificate, it may do
    without TLS."""
    address = split_address(url)
    scheme = address.scheme.lower()
    if scheme != "https" and not (scheme == "http" and is_near(address)):
        raise bad(f"{name[0].upper()}{name[1:]} must be a valid https address.", "InvalidRequest")
    if not confirms(address, option="validationToken"):
        text = "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation"
        raise bad(f"{text} request.", "ValidationError")


def _get(call: Call) -> Response:
    return answer_one(call, _show(_find(call)), context="subscriptions", of=_SUBSCRIPTION)


def _renew(call: Call) -> Response:
    """Only the end and the address can be changed."""
    found, given = _find(call), _read(call)
    patch: dict[str, Any] = {name: given[name] for name in ("expirationDateTime", "notificationUrl") if name in given}
    if not patch or len(patch) < len(given):
        raise bad("Only expirationDateTime and notificationUrl can be updated.", "InvalidRequest")
    if "expirationDateTime" in patch:
        _read_end(call, patch["expirationDateTime"], found.props["_minutes"])
    if "notificationUrl" in patch:
        _confirm("notificationUrl", patch["notificationUrl"])
    changed = call.tenant.store.update(found, patch, at=call.tenant.clock.iso())
    return answer_one(call, _show(changed), context="subscriptions", of=_SUBSCRIPTION)


def _delete(call: Call) -> Response:
    call.tenant.store.delete(_find(call))
    return Response(204)


def _reauthorise(call: Call) -> Response:
    _find(call)
    return Response(204)


# Which permission is asked for hangs on the resource; these are those of what a rehearsal holds.
_ANY = ("Sites.Read.All", "Files.Read.All", "Files.Read", "User.Read.All", "Group.Read.All", "Directory.Read.All")
ROUTES: tuple[Route, ...] = (
    route("GET subscriptions", _ANY, _list, standing="anyone"),
    route("POST subscriptions", _ANY, _create, standing="anyone"),
    route("GET subscriptions/{id}", _ANY, _get, standing="anyone"),
    route("PATCH subscriptions/{id}", _ANY, _renew, standing="anyone"),
    route("DELETE subscriptions/{id}", _ANY, _delete, standing="anyone"),
    route("POST subscriptions/{id}/reauthorize", _ANY, _reauthorise, standing="anyone"),
)
