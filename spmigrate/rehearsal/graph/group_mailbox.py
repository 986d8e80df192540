"""What a Microsoft 365 group's mailbox says of it: answered for one group alone, and set in a request of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import GROUP
from spmigrate.rehearsal.graph.objects import bad
from spmigrate.rehearsal.storage import Entity

_SET = ("allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients")
# Source: Microsoft, "Update group": an application alone may not set these.
_OF_PEOPLE = frozenset({"allowExternalSenders", "autoSubscribeNewMembers", "isSubscribedByMail"})
_USUAL: dict[str, Any] = {**dict.fromkeys(_SET, False), "isSubscribedByMail": False, "unseenCount": 0}
_LOWER = {name.lower(): name for name in _USUAL}
GROUP_ALONE = replace(
    GROUP,
    properties={**GROUP.properties, **_LOWER},
    unlistable=GROUP.unlistable - set(_LOWER),
    known=GROUP.known | set(_LOWER),
)
"""A group that is asked for by its id."""


def selects_mailbox(call: Call) -> bool:
    """Whether `$select` names something that the mailbox says."""
    return any(each.strip().lower() in _LOWER for each in call.query.get("$select", "").split(","))


def show_mailbox(group: Entity) -> dict[str, Any]:
    """What the mailbox says; a group of another kind has none (reported in microsoft-graph-docs issue 13552)."""
    if "Unified" not in group.props.get("groupTypes", ()):
        message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise GraphError(404, "MailboxNotEnabledForRESTAPI", message)
    return {**_USUAL, **group.props.get("_mailbox", {})}


def patch_mailbox(call: Call, group: Entity, body: Mapping[str, Any]) -> bool:
    """Set what a body says of the mailbox; False when it says nothing of that."""
    given = {_LOWER[name.lower()]: value for name, value in body.items() if name.lower() in _LOWER}
    if not given:
        return False
    if len(given) < sum(name[:1] != "@" for name in body):
        # Microsoft, "Update group": these go into a request of their own; the words of the refusal are ours.
        raise bad("Exchange properties can't be changed together with other properties.", "BadRequest")
    kept = show_mailbox(group)
    for name, value in given.items():
        if name == "unseenCount" or not isinstance(value, bool):
            raise bad(f"Invalid value specified for property '{name}' of resource 'Group'.")
    if call.request.caller.app_only and _OF_PEOPLE & set(given):
        raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    call.tenant.store.update(group, {"_mailbox": {**kept, **given}}, at=call.tenant.clock.iso())
    return True
