"""Guests: invited, led to accept, and invited once more."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.signin import SignIn
from spmigrate.rehearsal.tokens import Tokens
from tests.unit.rehearsal.directory_calls import Directory, open_directory

INVITED = {"invitedUserEmailAddress": "partner@police.example", "inviteRedirectUrl": "https://contoso.sharepoint.com/"}


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path)
    yield opened
    opened.tenant.store.close()


@pytest.fixture
def sign_in(directory: Directory, tmp_path: Path) -> SignIn:
    tenant = directory.tenant
    key = ensure_identity(tmp_path, tenant.names).certificates.token_key
    return SignIn(tenant, Tokens(key, tenant.clock, tenant_id=tenant.names.tenant_id))


def follow(sign_in: SignIn, address: str, method: str = "GET") -> Response:
    parts = urlsplit(address)
    return sign_in.handle(Request(method, parts.netloc, parts.path, parts.query))


def state(directory: Directory, guest: str) -> str:
    found = directory.get(f"users/{guest}?$select=externalUserState,externalUserStateChangeDateTime")
    assert found["externalUserStateChangeDateTime"]
    return str(found["externalUserState"])


def test_guest_accepts_at_the_address_of_the_invitation(directory: Directory, sign_in: SignIn) -> None:
    made = directory.ask("POST", "invitations", INVITED)[1]
    guest = made["invitedUser"]["id"]
    assert (made["status"], state(directory, guest)) == ("PendingAcceptance", "PendingAcceptance")
    assert follow(sign_in, made["inviteRedeemUrl"]).status == 200
    assert state(directory, guest) == "PendingAcceptance"
    answer = follow(sign_in, made["inviteRedeemUrl"], "POST")
    assert (answer.status, answer.headers["location"]) == (302, INVITED["inviteRedirectUrl"])
    assert state(directory, guest) == "Accepted"


def test_invitation_that_is_reset_is_accepted_again(directory: Directory, sign_in: SignIn) -> None:
    first = directory.ask("POST", "invitations", INVITED)[1]
    follow(sign_in, first["inviteRedeemUrl"], "POST")
    guest = first["invitedUser"]["id"]
    again = directory.ask("POST", "invitations", INVITED)[1]
    assert (again["invitedUser"]["id"], again["status"]) == (guest, "Accepted")
    reset = {**INVITED, "resetRedemption": True, "invitedUser": {"id": guest}}
    assert directory.ask("POST", "invitations", reset)[1]["status"] == "PendingAcceptance"
    assert state(directory, guest) == "PendingAcceptance"


@pytest.mark.parametrize("change", ["tenant", "user", ""])
def test_address_of_no_invitation_is_refused(directory: Directory, sign_in: SignIn, change: str) -> None:
    address = directory.ask("POST", "invitations", INVITED)[1]["inviteRedeemUrl"]
    wrong = address.replace(f"{change}%3d", f"{change}%3d0") if change else address.partition("?")[0]
    assert follow(sign_in, wrong, "POST").status == 400


def test_address_that_is_no_page_is_never_led_to(directory: Directory, sign_in: SignIn) -> None:
    made = directory.ask("POST", "invitations", {**INVITED, "inviteRedirectUrl": "javascript:alert(1)"})[1]
    answer = follow(sign_in, made["inviteRedeemUrl"], "POST")
    assert (answer.status, "location" in answer.headers) == (200, False)
