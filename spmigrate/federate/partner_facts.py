"""Facts about partners: what the register says was agreed, and what the tenant does."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from spmigrate.federate import cross_tenant
from spmigrate.federate.cross_tenant import DIRECT_CONNECT, Settings
from spmigrate.federate.partners import FILE, Partner, PartnerRegister
from spmigrate.model import Coverage, Fact, FactSheet, FactValue
from spmigrate.tenant import policies
from spmigrate.tenant.directory import Account
from spmigrate.tenant.reading import Reading, Untold, ask
from spmigrate.tenant.session import Tenant

PARTNER = "partner"
TENANT = "tenant"
_POLICY = "Graph Policy.Read.All"

Configured = Mapping[str, Settings]
"""Cross-tenant settings by tenant id."""


@dataclass(frozen=True, slots=True)
class PartnerReadings:
    """Everything that was asked about partners. `owners` are the sign-in names of the people on the register."""

    default: Reading[dict[str, Any]]
    configured: Reading[Configured]
    accounts: Reading[Mapping[str, Account]]
    owners: Mapping[str, str]


def collect_default(tenant: Tenant, *, at: str) -> Reading[dict[str, Any]]:
    """What holds for tenants without settings of their own: one request."""
    source = "policies/crossTenantAccessPolicy/default"
    return ask(lambda: policies.read_cross_tenant_default(tenant), source=source, needs=_POLICY, at=at)


def collect(
    tenant: Tenant,
    register: PartnerRegister,
    accounts: Reading[Mapping[str, Account]],
    owners: Mapping[str, str],
    *,
    default: Reading[dict[str, Any]],
) -> FactSheet:
    """The facts about every partner, registered or configured: one request beside accounts and defaults."""
    configured = ask(
        lambda: {str(each["tenantId"]).lower(): each for each in policies.list_cross_tenant_partners(tenant)},
        source="policies/crossTenantAccessPolicy/partners",
        needs=_POLICY,
        at=default.at,
    )
    return describe(register, PartnerReadings(default, configured, accounts, owners))


def describe_default(name: str, default: Reading[dict[str, Any]]) -> FactSheet:
    """What holds for tenants without settings of their own, as facts about our tenant."""

    def direct(it: Settings) -> str:
        return cross_tenant.widest(cross_tenant.resolve(it, {}, block) for block in DIRECT_CONNECT.values())

    def trust(it: Settings) -> tuple[str, ...]:
        return tuple(sorted(cross_tenant.trusted(cross_tenant.resolve(it, {}, "inboundTrust"))))

    facts = (
        default.fact(TENANT, name, "direct connect by default", direct),
        default.fact(TENANT, name, "trust given by default", trust),
    )
    return FactSheet(facts, {TENANT: Coverage(1)})


def describe(register: PartnerRegister, readings: PartnerReadings) -> FactSheet:
    """The facts about every partner of the register, and about every configured tenant that is not on it."""
    configured = readings.configured
    known = register.by_tenant()
    strangers = [tenant for tenant in configured.value or {} if tenant not in known]
    facts = [fact for partner in register.partners for fact in _registered(partner, readings)]
    for tenant in strangers:
        facts += _stranger(tenant, readings)
    return FactSheet(tuple(facts), {PARTNER: Coverage(len(register.partners) + len(strangers), configured.trouble)})


def _registered(partner: Partner, readings: PartnerReadings) -> Iterator[Fact]:
    def fact(name: str, value: FactValue) -> Fact:
        return Fact(PARTNER, partner.id, name, value, FILE, readings.configured.at)

    agreement, assessment = partner.agreement, partner.risk_assessment
    yield fact("name", partner.name)
    yield fact("on the register", True)
    yield fact("state", partner.state)
    yield fact("category", partner.category)
    yield fact("agreement expires", _day(agreement.expires if agreement else None))
    yield fact("review by", _day(partner.review_by))
    yield fact("risk assessment", assessment.status)
    yield fact("risk assessment expires", _day(assessment.expires))
    yield fact("direct connect inbound agreed", partner.permits.channel.width(inbound=True))
    yield fact("direct connect outbound agreed", partner.permits.channel.width(inbound=False))
    yield fact("needs settings", partner.needs_settings)
    yield from _people(partner, readings)
    yield from _configuration(partner.id, partner.tenant.id, partner.trust.agreed(), readings)


def _stranger(tenant: str, readings: PartnerReadings) -> Iterator[Fact]:
    for name, value in (("name", tenant), ("on the register", False), ("state", None), ("category", None)):
        yield Fact(PARTNER, tenant, name, value, FILE, readings.configured.at)
    yield from _configuration(tenant, tenant, frozenset(), readings)


def _people(partner: Partner, readings: PartnerReadings) -> Iterator[Fact]:
    def in_post(accounts: Mapping[str, Account]) -> bool:
        account = accounts.get(readings.owners.get(partner.owner, "").lower())
        return account is not None and account.enabled

    def guests(accounts: Mapping[str, Account]) -> int:
        domains = Counter(account.domain for account in accounts.values() if account.external)
        return sum(domains[domain] for domain in partner.domains)

    yield readings.accounts.fact(PARTNER, partner.id, "owner in post", in_post)
    yield readings.accounts.fact(PARTNER, partner.id, "guests here", guests)


def _configuration(
    subject: str, tenant: str | None, agreed: frozenset[str], readings: PartnerReadings
) -> Iterator[Fact]:
    default, configured = readings.default, readings.configured

    def resolved(block: str, found: Configured) -> Settings:
        partner = found.get(tenant or "", {})
        if partner.get(block) is None and default.value is None:
            raise Untold(str(default.trouble))
        return cross_tenant.resolve(partner, default.value or {}, block)

    def openness(block: str, found: Configured) -> str:
        return cross_tenant.openness(resolved(block, found))

    def trust(found: Configured) -> frozenset[str]:
        return cross_tenant.trusted(resolved("inboundTrust", found))

    def fact(name: str, look: Callable[[Configured], FactValue]) -> Fact:
        return configured.fact(PARTNER, subject, name, look)

    yield fact("configured", lambda found: tenant in found)
    for name, block in DIRECT_CONNECT.items():
        yield fact(name, partial(openness, block))
    yield fact("trust beyond agreement", lambda found: tuple(sorted(trust(found) - agreed)))
    yield fact("trust missing", lambda found: tuple(sorted(agreed - trust(found))))


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
