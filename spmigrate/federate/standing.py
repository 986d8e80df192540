"""Whether a partner may be shared with on a day, by the register alone: no tenant is asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from spmigrate.federate.partners import AssessmentStatus, Category, Partner, State, read
from spmigrate.model import PartnerStanding
from spmigrate.words import day

_SHARED_WITH = (State.PILOT, State.LIVE)
_ASSESSED = (AssessmentStatus.APPROVED, AssessmentStatus.NOT_NEEDED)


def standing(partner: Partner, on: date) -> PartnerStanding:
    """Whether folders may be shared with `partner` on this day, and why not."""
    reasons = list(_reasons(partner, on))
    return PartnerStanding(partner.id, partner.name, not reasons, "; ".join(reasons))


def standings(folder: Path, on: date) -> tuple[PartnerStanding, ...]:
    """Every partner of the register in `folder`. Raises InputError when it cannot be read."""
    return tuple(standing(partner, on) for partner in read(folder, people=None).partners)


def _reasons(partner: Partner, on: date) -> Iterator[str]:
    if partner.state not in _SHARED_WITH:
        yield f"the partnership is {partner.state}"
    if partner.category is Category.NOT_PERMITTED:
        yield "sharing with it is not permitted"
    if not (partner.permits.guest.open or partner.permits.channel.open or partner.permits.link.open):
        yield "neither accounts nor channels nor links are permitted for it"
    agreement, assessment = partner.agreement, partner.risk_assessment
    if agreement is not None and agreement.expires is not None and agreement.expires < on:
        yield f"its agreement ran out on {day(agreement.expires)}"
    if assessment.status not in _ASSESSED:
        yield f"its risk assessment is {assessment.status}"
    elif assessment.expires is not None and assessment.expires < on:
        yield f"its risk assessment ran out on {day(assessment.expires)}"
