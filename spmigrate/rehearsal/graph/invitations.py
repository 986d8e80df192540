"""Invitations: guests, and who may be invited by whom."""

from __future__ import annotations

import json
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.directory_types import INVITATION
from spmigrate.rehearsal.graph.memberships import find_reference
from spmigrate.rehearsal.graph.objects import bad, show_user
from spmigrate.rehearsal.graph.querying import answer_made
from spmigrate.rehearsal.graph.routes import Route, denied, route
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

_INVITE = ("User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All")
GUEST_INVITER = "95e79109-95c0-4d8e-aee3-d01accf2d47b"
_BRIEF = ("id", "displayName", "mail", "userPrincipalName")


def _invite(call: Call) -> Response:
    body = {name[0].lower() + name[1:]: value for name, value in call.body().items() if name}
    mail = body.get("invitedUserEmailAddress")
    if not isinstance(mail, str) or mail.count("@") != 1 or mail[0] == "@" or mail[-1] == "@":
        raise bad("The invited user email address is invalid. Please provide a valid email address.", "BadRequest")
    if not isinstance(body.get("inviteRedirectUrl"), str) or not body["inviteRedirectUrl"]:
        raise bad("The property 'inviteRedirectUrl' is required.", "BadRequest")
    if body.get("invitedUserType", "Guest") not in ("Guest", "Member"):
        raise bad("Invalid value specified for property 'invitedUserType' of resource 'Invitation'.")
    _require_inviter(call)
    _require_domain(call, mail)
    guest = _remember(call, _guest(call, mail, body), body)
    shown = _show(call, guest, mail, body)
    return answer_made(call, shown, context="invitations", of=INVITATION)


def _remember(call: Call, guest: Entity, body: dict[str, Any]) -> Entity:
    """Where the guest is led when they accept; a reset invitation must be accepted again."""
    now = call.tenant.clock.iso()
    patch: dict[str, Any] = {"_invitedTo": body["inviteRedirectUrl"]}
    if body.get("resetRedemption") is True:
        patch |= {"externalUserState": "PendingAcceptance", "externalUserStateChangeDateTime": now, "identities": []}
    return call.tenant.store.update(guest, patch, at=now)


def _guest(call: Call, mail: str, body: dict[str, Any]) -> Entity:
    directory, store, now = call.tenant.directory, call.tenant.store, call.tenant.clock.iso()
    upn = f"{mail.replace('@', '_')}#EXT#@{directory.domain}"
    found = directory.user(upn) or directory.user_by_login(mail)
    if found is not None:
        if found.props.get("userType", "Member") == "Member" and "#EXT#" not in found.name:
            message = f"The invited user already exists in the directory as object ID: {found.guid}."
            raise bad(f"{message} They can use that account to sign in to shared apps and resources.", "BadRequest")
        if body.get("resetRedemption") is True and found.props.get("externalUserState") is None:
            raise bad("The redemption of an account that was not invited cannot be reset.", "BadRequest")
        return found
    sponsors = [each.guid for each in _sponsors(call, body)]
    props = {
        "displayName": body.get("invitedUserDisplayName") or mail.partition("@")[0],
        "mail": mail,
        "otherMails": [mail],
        "mailNickname": upn.rpartition("@")[0],
        "userType": body.get("invitedUserType", "Guest"),
        "creationType": "Invitation",
        "externalUserState": "PendingAcceptance",
        "externalUserStateChangeDateTime": now,
        "identities": [],
        "sponsors": sponsors,
    }
    guest = directory.add_user(upn, props=props)
    return store.by_id(guest.id) or guest


def _sponsors(call: Call, body: dict[str, Any]) -> list[Entity]:
    """Who answers for the guest: those who are named, else the inviter."""
    given = body.get("invitedUserSponsors@odata.bind") or [
        each.get("@odata.id") or each.get("id")
        for each in body.get("invitedUserSponsors") or []
        if isinstance(each, dict)
    ]
    if given:
        return [find_reference(call, each) for each in given]
    caller = call.request.caller
    inviter = None if caller.app_only else call.tenant.directory.user(caller.user)
    return [inviter] if inviter is not None else []


def _require_inviter(call: Call) -> None:
    """Refuse who may not invite by the tenant's `allowInvitesFrom`; an application's permission is enough."""
    caller, directory = call.request.caller, call.tenant.directory
    if caller.app_only or directory.is_administrator(caller.user):
        return
    policy = call.tenant.store.find("policy", 0, "authorizationPolicy")
    allowed = policy.props.get("allowInvitesFrom", "everyone") if policy else "everyone"
    user = directory.user(caller.user)
    member = user is not None and user.props.get("userType", "Member") != "Guest"
    inviter = user is not None and GUEST_INVITER in directory.roles_of(user.guid)
    may = {
        "everyone": True,
        "adminsGuestInvitersAndAllMembers": member or inviter,
        "adminsAndGuestInviters": inviter,
    }
    if not may.get(allowed, False):
        raise denied()


def _require_domain(call: Call, mail: str) -> None:
    """Refuse a domain that the B2B policy blocks, or does not allow."""
    domain = mail.rpartition("@")[2].lower()
    if domain == call.tenant.names.domain:
        raise bad("The invited user is in a verified domain of this directory.", "BadRequest")
    policy = call.tenant.store.find("policy", 0, "b2bManagementPolicy")
    for text in policy.props.get("definition", []) if policy else []:
        rules = json.loads(text).get("B2BManagementPolicy", {}).get("InvitationsAllowedAndBlockedDomainsPolicy", {})
        blocked = [each.lower() for each in rules.get("BlockedDomains", [])]
        allowed = [each.lower() for each in rules.get("AllowedDomains", [])]
        if domain in blocked or ("AllowedDomains" in rules and domain not in allowed):
            message = (
                "The domain of the email address is not allowed. Invitation is blocked by directory federation policy."
            )
            raise GraphError(400, "BadRequest", message)


def _show(call: Call, guest: Entity, mail: str, body: dict[str, Any]) -> dict[str, Any]:
    message = body.get("invitedUserMessageInfo") or {}
    tenant = call.tenant.names.tenant_id
    link = f"https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem%2f%3ftenant%3d{tenant}"
    user = show_user(call, guest)
    return {
        "id": guest.guid,
        "inviteRedeemUrl": f"{link}%26user%3d{guest.guid}",
        "invitedUserDisplayName": guest.props.get("displayName"),
        "invitedUserEmailAddress": mail,
        "invitedUserType": guest.props.get("userType"),
        "resetRedemption": bool(body.get("resetRedemption")),
        "sendInvitationMessage": bool(body.get("sendInvitationMessage")),
        "inviteRedirectUrl": body["inviteRedirectUrl"],
        "status": guest.props.get("externalUserState") or "Completed",
        "invitedUserMessageInfo": {
            "messageLanguage": message.get("messageLanguage"),
            "customizedMessageBody": message.get("customizedMessageBody"),
            "ccRecipients": message.get("ccRecipients") or [{"emailAddress": {"name": None, "address": None}}],
        },
        "invitedUser": {name: user[name] for name in _BRIEF if name == "id"},
    }


ROUTES: tuple[Route, ...] = (route("POST invitations", _INVITE, _invite, standing="anyone"),)
