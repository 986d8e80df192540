"""The register of partners: with whom the council shares, by which mechanism, under which agreement."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml

FILE = "partners.yaml"

_Text = Annotated[str, Field(min_length=1)]
_Guid = Annotated[
    str,
    yaml.Form(
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "a tenant id such as 0a1d5f30-7c0e-4d3f-9a11-000000000001, in small letters",
    ),
]


def _plain(domain: str) -> str:
    """Refuse what people add to a domain, saying what to write instead."""
    if "*" in domain:
        raise ValueError(f"'{domain}' is not a domain: write it without *, and each subdomain as a domain of its own")
    if "@" in domain:
        raise ValueError(f"'{domain}' is not a domain: write only what follows the @")
    return domain


_Domain = Annotated[
    str,
    AfterValidator(_plain),
    yaml.Form(r"[a-z0-9-]+(\.[a-z0-9-]+)+", "a domain such as uni-f.example, in small letters"),
]


class State(StrEnum):
    """Where a partnership stands."""

    PROPOSED = "proposed"
    ASSESSING = "assessing"
    PILOT = "pilot"
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Category(StrEnum):
    """How much assurance a partner needs."""

    PILOT = "pilot"
    STANDARD = "standard"
    COMPLEX = "complex"
    NOT_PERMITTED = "not permitted"


class TenantKind(StrEnum):
    """What sort of tenant is behind a partner's domains."""

    OWN = "own"
    OWN_RESTRICTED = "own restricted"
    OWN_MULTI_BRAND = "own multi-brand"
    OWN_OVERSEAS = "own overseas affiliates"
    SHARED_NATIONAL = "shared national"
    MIXED = "mixed"
    NONE = "none"


class Permit(StrEnum):
    """What the register says about one mechanism."""

    ALLOW = "allow"
    DENY = "deny"
    PILOT = "pilot"
    NAMED_ONLY = "named only"
    TIME_LIMITED = "time limited"
    INBOUND_ONLY = "inbound only"
    AFTER_AGREEMENT = "after agreement"
    PER_SCHOOL = "per school"
    EXCEPTION = "exception"

    @property
    def open(self) -> bool:
        """Whether somebody may use the mechanism today without asking for an exception."""
        return self not in (Permit.DENY, Permit.AFTER_AGREEMENT, Permit.EXCEPTION)

    def width(self, *, inbound: bool) -> str:
        """How far the mechanism may be open in one direction: `blocked`, `limited` or `open`."""
        if not self.open or (self is Permit.INBOUND_ONLY and not inbound):
            return "blocked"
        return "open" if self in (Permit.ALLOW, Permit.INBOUND_ONLY) else "limited"


class AssessmentStatus(StrEnum):
    """Where a risk assessment stands."""

    NOT_NEEDED = "not needed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class Permits(yaml.Described):
    """The five mechanisms, each a switch of its own."""

    chat: Permit
    """Teams external access."""
    guest: Permit
    """Accounts in our tenant."""
    channel: Permit
    """Shared channels, which need no account."""
    link: Permit
    """Links for named people."""
    calendar: Permit
    """Free and busy times."""


class PartnerTenant(yaml.Described):
    """The tenant behind a partner's domains; `id` once it has been verified."""

    kind: TenantKind
    """What sort of tenant it is."""
    id: _Guid | None = None
    """Its id, once that has been verified; without it no settings of the tenant can be compared."""


class Agreement(yaml.Described):
    """The information sharing agreement, and its last day."""

    reference: _Text
    """Where it can be found."""
    expires: yaml.Day | None = None
    """Its last day."""


class Assessment(yaml.Described):
    """The risk assessment; an approved one names its approver and its last day."""

    status: AssessmentStatus
    """Where it stands."""
    approved_by: str | None = None
    """Who approved it, not the partner's owner: an id of people.yaml; required when approved."""
    expires: yaml.Day | None = None
    """Its last day; required when approved."""

    @model_validator(mode="after")
    def _approved_is_complete(self) -> Self:
        if self.status is AssessmentStatus.APPROVED and not (self.approved_by and self.expires):
            raise ValueError("an approved assessment needs 'approved by' and 'expires'")
        return self


class Trust(yaml.Described):
    """Which claims of the partner's tenant it was agreed to believe."""

    mfa: yaml.YesNo = False
    """That somebody signed in with more than a password."""
    compliant_device: yaml.YesNo = False
    """That the device meets the partner's conditions."""
    hybrid_joined_device: yaml.YesNo = False
    """That the device belongs to the partner."""

    def agreed(self) -> frozenset[str]:
        """The agreed claims, in the words of the facts."""
        return frozenset(name.replace("_", " ") for name, agreed in self if agreed)


class Partner(yaml.Described):
    """An organisation that the council shares with, and what was agreed."""

    id: Annotated[str, yaml.Form("P[0-9]{2,4}", "an id such as P17: P and two to four digits")]
    """What findings and waivers call the partner."""
    name: _Text
    """The partner's name."""
    type: _Text
    """What sort of organisation it is."""
    domains: tuple[_Domain, ...]
    """The domains of its people's addresses: no wildcards, each subdomain by itself; [] when it has none."""
    tenant: PartnerTenant
    """The tenant behind the domains."""
    state: State
    """Where the partnership stands; guests are in order while it is pilot or live."""
    category: Category
    """How much assurance it needs."""
    owner: _Text
    """Who answers for it here: an id of people.yaml."""
    permits: Permits
    """What is permitted, mechanism by mechanism."""
    highest_marking: _Text
    """The highest marking that may be shared with it."""
    agreement: Agreement | None = None
    """The information sharing agreement."""
    risk_assessment: Assessment
    """The risk assessment."""
    needs_settings: yaml.YesNo = False
    """Whether it needs cross-tenant settings of its own."""
    trust: Trust = Trust()
    """What our tenant believes of its sign-ins."""
    review_by: yaml.Day | None = None
    """When the partnership is next reviewed; a live or pilot one without it is a finding."""
    note: str | None = None
    """Anything else worth knowing."""


class PartnerRegister(yaml.Described):
    """partners.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    partners: list[Partner]
    """An entry for each partner."""

    def by_tenant(self) -> dict[str, Partner]:
        """The partners whose tenant is known, by its id."""
        return {partner.tenant.id: partner for partner in self.partners if partner.tenant.id}

    def of_domain(self, domain: str) -> Partner | None:
        """The partner that a domain belongs to; subdomains are domains of their own."""
        wanted = domain.lower()
        return next((partner for partner in self.partners if wanted in partner.domains), None)


def read(folder: Path, *, people: frozenset[str] | None, approvers: frozenset[str] = frozenset()) -> PartnerRegister:
    """partners.yaml of `folder`. Raises InputError with every problem.

    A domain and a tenant belong to one partner, unless each of them is part of a shared national tenant. Owners must be
    among `people`, and who approved an assessment among `approvers` and not its partner's owner; without `people`,
    because their register cannot be read, that is left to a later run.
    """
    document = yaml.source(folder / FILE)
    register = yaml.validate(document, PartnerRegister)
    problems = _doubles(document, register)
    if people is not None:
        problems += _wrong_people(document, register, people, approvers)
    if problems:
        raise InputError(f"{document.name} cannot be used", problems)
    return register


def _doubles(document: yaml.Source, register: PartnerRegister) -> list[Problem]:
    ids = Counter(partner.id for partner in register.partners)
    # What a partner outside a shared national tenant holds is its alone: nobody else may have it, shared or not.
    alone = [partner for partner in register.partners if partner.tenant.kind is not TenantKind.SHARED_NATIONAL]
    own = {holding for partner in alone for holding in (*partner.domains, partner.tenant.id)}
    domains = Counter(domain for partner in register.partners for domain in partner.domains if domain in own)
    tenants = Counter(partner.tenant.id for partner in register.partners if partner.tenant.id in own)
    problems = []
    for n, partner in enumerate(register.partners):
        place: yaml.Place = ("partners", n)
        if ids[partner.id] > 1:
            problems.append(Problem(document.where((*place, "id")), f"{partner.id} stands in more than one entry"))
        if partner.tenant.id and tenants[partner.tenant.id] > 1:
            text = f"tenant {partner.tenant.id} belongs to more than one partner"
            problems.append(Problem(document.where((*place, "tenant")), text))
        problems += [
            Problem(document.where((*place, "domains", m)), f"{domain} belongs to more than one partner")
            for m, domain in enumerate(partner.domains)
            if domains[domain] > 1
        ]
    return problems


def _wrong_people(
    document: yaml.Source, register: PartnerRegister, people: frozenset[str], approvers: frozenset[str]
) -> list[Problem]:
    problems = []
    may = ", ".join(sorted(approvers)) or "nobody in people.yaml; write it under somebody's 'may'"
    for n, partner in enumerate(register.partners):
        approver = partner.risk_assessment.approved_by
        if partner.owner not in people:
            where = document.where(("partners", n, "owner"))
            problems.append(Problem(where, f"'{partner.owner}' is not on the register of people"))
        if approver is None:
            continue
        where = document.where(("partners", n, "risk assessment", "approved by"))
        if approver not in people:
            problems.append(Problem(where, f"'{approver}' is not on the register of people"))
        elif approver == partner.owner:
            problems.append(Problem(where, "the owner of a partner cannot approve its risk assessment"))
        elif approver not in approvers:
            problems.append(Problem(where, f"'{approver}' may not approve assessments", f"who may: {may}"))
    return problems
