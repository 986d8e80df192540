"""``subscriptions``: who is told of changes. No address is reached from here, so none is ever confirmed."""

from __future__ import annotations

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.graph.querying import answer_list
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.types import define_type
from spmigrate.rehearsal.http import Response

# Which permission is asked for hangs on the resource; these are those of what a rehearsal holds.
_READ = ("Sites.Read.All", "Files.Read.All", "User.Read.All", "Group.Read.All", "Directory.Read.All")
_NEEDED = ("changeType", "notificationUrl", "resource", "expirationDateTime")
_SUBSCRIPTION = define_type(
    "subscription",
    "applicationId changeType clientState creatorId encryptionCertificate encryptionCertificateId expirationDateTime"
    " includeResourceData latestSupportedTlsVersion lifecycleNotificationUrl notificationQueryOptions notificationUrl"
    " notificationUrlAppId resource",
)


def _list(call: Call) -> Response:
    return answer_list(call, [], context="subscriptions", of=_SUBSCRIPTION)


def _create(call: Call) -> Response:
    """Refuse as the service does whose request for confirmation is not answered."""
    given = call.body()
    for name in _NEEDED:
        if not given.get(name):
            raise bad(f"{name} is a required property for subscription creation.", "InvalidRequest")
    if not str(given["notificationUrl"]).lower().startswith("https://"):
        raise bad("NotificationUrl must be a valid https address.", "InvalidRequest")
    text = (
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request."
    )
    raise bad(text, "ValidationError")


def _missing(_call: Call) -> Response:
    raise GraphError(404, "ResourceNotFound", "The object was not found.")


ROUTES: tuple[Route, ...] = (
    route("GET subscriptions", _READ, _list),
    route("POST subscriptions", _READ, _create),
    route("GET subscriptions/{id}", _READ, _missing),
    route("PATCH subscriptions/{id}", _READ, _missing),
    route("DELETE subscriptions/{id}", _READ, _missing),
    route("POST subscriptions/{id}/reauthorize", _READ, _missing),
)
