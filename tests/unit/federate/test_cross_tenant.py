"""Cross-tenant settings: inheritance of whole blocks, and how open a block really is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spmigrate.federate import cross_tenant, partner_facts
from spmigrate.federate.partner_facts import PartnerReadings
from spmigrate.federate.partners import PartnerRegister
from spmigrate.govern import rules
from spmigrate.govern.evaluation import evaluate
from spmigrate.model import FactSheet, FactValue
from spmigrate.tenant.directory import Account
from spmigrate.tenant.reading import Reading, Untold

SHIPPED = Path(__file__).parents[3] / "governance_rules"
TENANT_ID = "0a1d5f30-7c0e-4d3f-9a11-000000000001"


def block(users: str, applications: str, *, who: str = "AllUsers", what: str = "AllApplications") -> dict[str, Any]:
    return {
        "usersAndGroups": {"accessType": users, "targets": [{"target": who, "targetType": "user"}]},
        "applications": {"accessType": applications, "targets": [{"target": what, "targetType": "application"}]},
    }


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (block("blocked", "blocked"), "blocked"),
        (block("allowed", "allowed"), "open"),
        (block("allowed", "allowed", what="Office365"), "limited"),
        (block("allowed", "allowed", who="3f0c"), "limited"),
        (block("blocked", "blocked", who="3f0c"), "limited"),
        (block("blocked", "allowed"), "limited"),
        (block("blocked", "blocked", who="3f0c", what="Office365"), "open"),
    ],
)
def test_openness_of_a_block(settings: dict[str, Any], expected: str) -> None:
    assert cross_tenant.openness(settings) == expected


@pytest.mark.parametrize(
    "broken",
    [{}, {"usersAndGroups": None}, {"usersAndGroups": {"accessType": "perhaps"}},
     *(block("blocked", "blocked") | {"usersAndGroups": {"accessType": "blocked", "targets": targets}}
       for targets in (None, ["AllUsers"], [{}]))],
)  # fmt: skip
def test_a_block_that_cannot_be_read_is_not_guessed(broken: dict[str, Any]) -> None:
    with pytest.raises(Untold):
        cross_tenant.openness(broken)


def test_a_null_block_is_inherited_whole() -> None:
    default = {"inboundTrust": trusting(mfa=True, device=True)}
    assert cross_tenant.trusted(cross_tenant.resolve({"inboundTrust": None}, default, "inboundTrust")) == {
        "mfa",
        "compliant device",
    }
    own = {"inboundTrust": trusting(mfa=None)}
    assert cross_tenant.trusted(cross_tenant.resolve(own, default, "inboundTrust")) == frozenset()


@pytest.mark.parametrize("claim", ["isMfaAccepted", "isCompliantDeviceAccepted", "isHybridAzureADJoinedDeviceAccepted"])
def test_a_claim_that_is_absent_or_malformed_is_not_guessed(claim: str) -> None:
    whole = trusting(mfa=False)
    for broken in ({name: value for name, value in whole.items() if name != claim}, {**whole, claim: "true"}):
        with pytest.raises(Untold):
            cross_tenant.trusted(broken)


def trusting(*, mfa: bool | None = False, device: bool | None = False) -> dict[str, bool | None]:
    return {
        "isMfaAccepted": mfa, "isCompliantDeviceAccepted": device, "isHybridAzureADJoinedDeviceAccepted": False,
    }  # fmt: skip


def register(**changes: Any) -> PartnerRegister:
    partner = {
        "id": "P01", "name": "District Council A", "type": "district council", "domains": ("district-a.example",),
        "tenant": {"kind": "own", "id": TENANT_ID}, "state": "live", "category": "standard", "owner": "a.person",
        "permits": dict.fromkeys(("chat", "guest", "channel", "link", "calendar"), "allow"),
        "highest marking": "OFFICIAL", "risk assessment": {"status": "not needed"}, "trust": {"mfa": True},
    }  # fmt: skip
    return PartnerRegister.model_validate({"version": 1, "partners": [{**partner, **changes}]}, strict=False)


DEFAULT = {
    "b2bDirectConnectInbound": block("blocked", "blocked"),
    "b2bDirectConnectOutbound": block("blocked", "blocked"),
    "inboundTrust": trusting(),
}


def account(upn: str, *, guest: bool = False, enabled: bool = True) -> Account:
    return Account(upn, upn, upn, guest, enabled, None, None)


def readings(
    configured: dict[str, Any] | None, *, default: dict[str, Any] | None = DEFAULT, enabled: bool = True
) -> PartnerReadings:
    people = [account("a.person@c.example", enabled=enabled), account("b@district-a.example", guest=True)]
    return PartnerReadings(
        default=Reading("default", "", default, None if default else "denied; grant Policy.Read.All"),
        configured=Reading("partners", "", configured, None if configured is not None else "denied"),
        accounts=Reading("users", "", {each.upn: each for each in people}),
        owners={"a.person": "A.Person@c.example"},
    )


def values(sheet: FactSheet, subject: str) -> dict[str, FactValue | str]:
    """The facts of a subject, unknown ones as `unknown`."""
    return {
        fact.name: "unknown" if fact.unknown is not None else fact.value
        for fact in sheet.facts
        if fact.subject == subject
    }


def test_a_configured_partner_is_compared_with_what_was_agreed() -> None:
    settings = {
        "inboundTrust": trusting(device=True),
        "b2bDirectConnectInbound": block("allowed", "allowed"),
    }
    found = values(partner_facts.describe(register(), readings({TENANT_ID: settings})), "P01")
    assert found["configured"] is True
    assert (found["direct connect inbound"], found["direct connect outbound"]) == ("open", "blocked")
    assert (found["direct connect inbound agreed"], found["direct connect outbound agreed"]) == ("open", "open")
    assert found["trust beyond agreement"] == ("compliant device",)
    assert found["trust missing"] == ("mfa",)
    assert found["guests here"] == 1
    assert found["owner in post"] is True


@pytest.mark.parametrize(
    ("channel", "inbound", "outbound", "expected"),
    [("inbound only", "allowed", "blocked", "pass"), ("inbound only", "blocked", "allowed", "fail"),
     ("pilot", "allowed", "blocked", "fail"), ("allow", "allowed", "allowed", "pass"),
     ("deny", "blocked", "blocked", "pass"), ("deny", "allowed", "blocked", "fail")],
)  # fmt: skip
def test_shared_channels_are_held_against_what_was_agreed_in_each_direction(
    channel: str, inbound: str, outbound: str, expected: str
) -> None:
    settings = {
        "inboundTrust": None, "b2bDirectConnectInbound": block(inbound, inbound),
        "b2bDirectConnectOutbound": block(outbound, outbound),
    }  # fmt: skip
    permits = {**dict.fromkeys(("chat", "guest", "link", "calendar"), "allow"), "channel": channel}
    sheet = partner_facts.describe(register(permits=permits), readings({TENANT_ID: settings}))
    (rule,) = [each for each in rules.load(SHIPPED) if each.id == "FED-08"]
    (result,) = evaluate([rule], sheet, today=date(2026, 6, 15))
    assert result.result.value == expected


def test_a_tenant_that_is_configured_and_not_registered_is_a_partner_too() -> None:
    sheet = partner_facts.describe(register(), readings({"ffff": {}}))
    assert values(sheet, "ffff")["on the register"] is False
    assert values(sheet, "P01")["configured"] is False
    assert sheet.coverage["partner"].seen == 2


def test_without_the_default_only_what_is_inherited_is_unknown() -> None:
    settings = {"inboundTrust": trusting(mfa=True)}
    found = values(partner_facts.describe(register(), readings({TENANT_ID: settings}, default=None)), "P01")
    assert found["direct connect inbound"] == "unknown"
    assert found["trust missing"] == ()


def test_without_the_list_of_partners_nothing_is_said_about_them() -> None:
    sheet = partner_facts.describe(register(), readings(None))
    found = values(sheet, "P01")
    assert [found[name] for name in ("configured", "direct connect outbound", "trust missing")] == ["unknown"] * 3
    assert sheet.coverage["partner"].gap == "denied"


def test_an_owner_who_left_is_not_in_post() -> None:
    found = values(partner_facts.describe(register(), readings({}, enabled=False)), "P01")
    assert found["owner in post"] is False


def test_the_default_is_as_wide_as_its_wider_direction() -> None:
    opened = {**DEFAULT, "b2bDirectConnectOutbound": block("allowed", "allowed")}
    found = values(partner_facts.describe_default("contoso", Reading("default", "", opened)), "contoso")
    assert found == {"direct connect by default": "open", "trust given by default": ()}
