"""Where an invitation leads: a guest accepts it, and is sent on to what they were invited to."""

from __future__ import annotations

from urllib.parse import parse_qs

from spmigrate.rehearsal.http import Request, Response, split_address
from spmigrate.rehearsal.sign_in_pages import consent_page, message_page
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant


def answer_invitation(request: Request, tenant: Tenant) -> Response:
    """`redeem?rd=…`: what the guest agrees to, and with their answer (POST) their acceptance."""
    guest = _guest(request, tenant)
    if guest is None:
        return message_page("Invitation", "This invitation is not one of this tenant's, or has been taken back.",
                            status=400)  # fmt: skip
    if request.method != "POST":
        return consent_page("Review permissions", "The organisation may read your name, e-mail address and photo, and"
                                                  " collect and log what you do there.")  # fmt: skip
    with tenant.store.transaction():
        accept(tenant, guest)
    target = str(guest.props.get("_invitedTo", ""))
    if split_address(target).scheme in ("https", "http"):
        return Response(302, {"location": target, "cache-control": "no-store"})
    return message_page("Invitation accepted", "You may now use what you were invited to.")


def accept(tenant: Tenant, guest: Entity) -> None:
    """A guest has accepted; once is enough."""
    if guest.props.get("externalUserState") == "PendingAcceptance":
        now = tenant.clock.iso()
        patch = {"externalUserState": "Accepted", "externalUserStateChangeDateTime": now}
        tenant.store.update(guest, patch, at=now)


def _guest(request: Request, tenant: Tenant) -> Entity | None:
    inner = parse_qs(split_address(request.parameters().get("rd", "")).query)
    if inner.get("tenant") != [tenant.names.tenant_id]:
        return None
    found = tenant.store.get("user", inner.get("user", [""])[0])
    return found if found is not None and found.props.get("creationType") == "Invitation" else None
