"""The register of partners: with whom the council shares, by which mechanism, under which agreement."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml

FILE = "partners.yaml"

_Text = Annotated[str, Field(min_length=1)]
_Guid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
_Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


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


class Permits(yaml.Document):
    """The five mechanisms, each a switch of its own."""

    chat: Permit
    guest: Permit
    channel: Permit
    link: Permit
    calendar: Permit


class PartnerTenant(yaml.Document):
    """The tenant behind a partner's domains; `id` once it has been verified."""

    kind: TenantKind
    id: _Guid | None = None


class Agreement(yaml.Document):
    """The information sharing agreement, and its last day."""

    reference: _Text
    expires: yaml.Day | None = None


class Assessment(yaml.Document):
    """The risk assessment; an approved one names its approver and its last day."""

    status: AssessmentStatus
    approved_by: str | None = None
    expires: yaml.Day | None = None

    @model_validator(mode="after")
    def _approved_is_complete(self) -> Self:
        if self.status is AssessmentStatus.APPROVED and not (self.approved_by and self.expires):
            raise ValueError("an approved assessment needs 'approved by' and 'expires'")
        return self


class Trust(yaml.Document):
    """Which claims of the partner's tenant it was agreed to believe."""

    mfa: yaml.YesNo = False
    compliant_device: yaml.YesNo = False
    hybrid_joined_device: yaml.YesNo = False

    def agreed(self) -> frozenset[str]:
        """The agreed claims, in the words of the facts."""
        return frozenset(name.replace("_", " ") for name, agreed in self if agreed)


class Partner(yaml.Document):
    """An organisation that the council shares with, and what was agreed."""

    id: Annotated[str, Field(pattern=r"^P[0-9]{2,4}$")]
    name: _Text
    type: _Text
    domains: tuple[_Domain, ...]
    tenant: PartnerTenant
    state: State
    category: Category
    owner: _Text
    permits: Permits
    highest_marking: _Text
    agreement: Agreement | None = None
    risk_assessment: Assessment
    needs_settings: yaml.YesNo = False
    trust: Trust = Trust()
    review_by: yaml.Day | None = None
    note: str | None = None


class PartnerRegister(yaml.Document):
    """partners.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    partners: list[Partner]

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
            problems.append(Problem(where, f"'{approver}' may not approve assessments", "see the register of people"))
    return problems
