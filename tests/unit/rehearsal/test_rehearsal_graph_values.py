"""What Graph does not take as a value: nothing of it is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.policy_defaults import authorisation_policy, cross_tenant_default
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import read, request

CROSS = "policies/crossTenantAccessPolicy"
PARTNER = "5f3c1c7e-2a0b-4d1e-9a55-0b9c2f4d7a10"


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    opened.directory.add_user("alice@contoso.onmicrosoft.com", props={"displayName": "Alice"})
    at = opened.clock.iso()
    opened.store.insert("policy", "crossTenantDefault", at=at, props=cross_tenant_default())
    opened.store.insert("policy", "authorizationPolicy", at=at, props=authorisation_policy())
    yield opened
    opened.store.close()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "users/alice", {"nope": 1}),
        ("PATCH", "users/alice", {"accountEnabled": "maybe"}),
        ("PATCH", "users/alice", {"displayName": 5}),
        ("PATCH", "users/alice", {"userType": "Visitor"}),
        ("PATCH", "users/alice", {"otherMails": "a@b.example"}),
        ("POST", "users", {"displayName": "B", "userPrincipalName": "b@contoso.onmicrosoft.com", "nope": 1}),
        ("POST", "users", {"displayName": "B", "userPrincipalName": "b@elsewhere.example"}),
        ("POST", "groups", {"displayName": "G", "mailNickname": "g", "mailEnabled": "no"}),
        ("PATCH", "policies/authorizationPolicy", {"allowInvitesFrom": "bogus"}),
        ("PATCH", "policies/authorizationPolicy", {"guestUserRoleId": "bogus"}),
        ("POST", f"{CROSS}/partners", {"tenantId": "nope"}),
        ("POST", f"{CROSS}/partners", {"tenantId": PARTNER, "inboundTrust": {"isMfaAccepted": "yes"}}),
        ("PATCH", f"{CROSS}/default", {"b2bCollaborationInbound": {"usersAndGroups": {"accessType": "bogus"}}}),
    ],
)
def test_wrong_value_is_refused_and_changes_nothing(tenant: Tenant, method: str, path: str, body: object) -> None:
    before = list(tenant.store.db.execute("SELECT kind, name, props FROM entity"))
    answer = graph.handle(request(method, path, body), tenant)
    assert answer.status == 400, read(answer)
    assert list(tenant.store.db.execute("SELECT kind, name, props FROM entity")) == before


def test_right_values_are_taken(tenant: Tenant) -> None:
    alice = {"accountEnabled": False, "department": None, "otherMails": ["a@b.example"]}
    partner = {"tenantId": PARTNER, "inboundTrust": {"isMfaAccepted": True}}
    assert graph.handle(request("PATCH", "users/alice", alice), tenant).status == 204
    assert graph.handle(request("POST", f"{CROSS}/partners", partner), tenant).status == 201
