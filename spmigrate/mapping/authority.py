"""Who may act, in which capacity, on which evidence: four eyes, training, delegation. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from spmigrate.errors import SpmigrateError
from spmigrate.mapping.rulebook import Rulebook
from spmigrate.mapping.signoff import Evidence, same_record
from spmigrate.registers.people import Person
from spmigrate.store.mappings import SheetRecord
from spmigrate.store.signoffs import Act, SignoffEntry
from spmigrate.words import day, folded

_APPROVING = (Act.SIGNED, Act.COUNTERSIGNED, Act.RECONFIRMED, Act.ACCEPTED)
"""Acts on a digest that was approved; a lock day, or a lock, names none."""


class Capacity(StrEnum):
    """In which capacity somebody acts on a sheet."""

    OWNER = "owner"
    DEPUTY = "deputy"
    GOVERNANCE = "information governance"
    LEAD = "migration lead"
    TOOL = "tool"

    @property
    def side(self) -> "Capacity":
        """Whose eyes these are: a deputy looks with the owner's."""
        return Capacity.OWNER if self is Capacity.DEPUTY else self


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who may act: the role as it was given, the id on the register of people, and the capacity."""

    role: str
    person: str
    capacity: Capacity


class Refused(SpmigrateError):
    """An act that a rule of the protocol forbids; `rule` names it. Refusals are kept in the ledger."""

    def __init__(self, message: str, *, rule: str, hint: str) -> None:
        super().__init__(f"{message} ({rule})", hint=hint)
        self.rule = rule


def owner(record: SheetRecord, role: str, rules: Rulebook, today: date) -> Signer:
    """The owner of a sheet, or a deputy whose delegation runs. Raises Refused."""
    person = rules.people.person(role, on=today)
    holder = rules.people.person(record.owner, on=today)
    if _same(role, person, record.owner, holder):
        return _ready(role, person, Capacity.OWNER, rules.policy.owner_modules, rules, today)
    deputy = record.deputy and _same(role, person, record.deputy, rules.people.person(record.deputy, on=today))
    if deputy and (record.deputy_until or "") < today.isoformat():
        raise Refused(
            f"{record.deputy} was deputy for {record.id} until {record.deputy_until}",
            rule="delegation ends on its day",
            hint=f"ask {record.owner} to sign, or issue again with a new --deputy-until",
        )
    if deputy or (person and holder and person.deputises(holder.id, today)):
        return _ready(role, person, Capacity.DEPUTY, rules.policy.owner_modules, rules, today)
    raise Refused(
        f"{role} may not sign {record.id}: its owner is {record.owner}",
        rule="the owner signs, or a recorded deputy",
        hint=f"--signer '{record.owner}', or record a deputy when you issue the sheet again",
    )


def governance(role: str, rules: Rulebook, today: date) -> Signer:
    """Somebody whom the policy lets countersign. Raises Refused."""
    policy = rules.policy
    return _named(role, Capacity.GOVERNANCE, policy.countersigned_by, policy.countersign_modules, rules, today)


def lead(role: str, rules: Rulebook, today: date) -> Signer:
    """Somebody whom the policy lets lock. Raises Refused."""
    return _named(role, Capacity.LEAD, rules.policy.locked_by, rules.policy.lock_modules, rules, today)


def anyone(record: SheetRecord, role: str, rules: Rulebook, today: date) -> Signer:
    """Owner, deputy, information governance or lead, whichever this role is: for what only stops. Raises Refused.

    Nobody needs training to stop something.
    """
    person = rules.people.person(role, on=today)
    capacities = (
        (Capacity.OWNER, (record.owner,)),
        (Capacity.DEPUTY, (record.deputy,) if record.deputy else ()),
        (Capacity.GOVERNANCE, rules.policy.countersigned_by),
        (Capacity.LEAD, rules.policy.locked_by),
    )
    for capacity, roles in capacities:
        if any(_same(role, person, each, rules.people.person(each, on=today)) for each in roles):
            return Signer(role, person.id if person else folded(role), capacity)
    holder = rules.people.person(record.owner, on=today)
    if person and holder and person.deputises(holder.id, today):
        return Signer(role, person.id, Capacity.DEPUTY)
    raise Refused(
        f"{role} has no part in {record.id}",
        rule="owner, information governance or migration lead",
        hint=f"--signer '{record.owner}', or a role that policy.yaml names",
    )


def check_four_eyes(signer: Signer, entries: Iterable[SignoffEntry], *, last_editor: str | None = None) -> None:
    """Raise Refused when this person acted on the sheet in another capacity, or countersigns what they typed."""
    for each in entries:
        if each.person != signer.person or each.role == Capacity.TOOL:
            continue
        if Capacity(each.role).side is not signer.capacity.side:
            raise Refused(
                f"{signer.role} acted on {each.sheet_id} as {each.role} on {each.at[:10]}",
                rule="four eyes: nobody is two of owner, information governance and migration lead on one sheet",
                hint=f"let somebody else act as {signer.capacity}",
            )
    if signer.capacity is Capacity.GOVERNANCE and last_editor == signer.person:
        raise Refused(
            f"{signer.role} was the last to edit the workbook",
            rule="four eyes: who edited a sheet last does not countersign it",
            hint="let another officer of information governance countersign",
        )


def check_evidence(evidence: Evidence, signer: Signer, rules: Rulebook, today: date) -> None:
    """Raise Refused when the evidence is none, is too weak for the policy, or is witnessed by the signer."""
    if not evidence.reference.strip():
        raise Refused(
            "the evidence has no reference",
            rule="a name alone is no evidence",
            hint="give the id of the approval record or the e-mail",
        )
    if evidence.witness is not None:
        witness = rules.people.person(evidence.witness, on=today)
        if folded(evidence.witness) == folded(signer.role) or (witness and witness.id == signer.person):
            raise Refused(
                "the witness must hold another role than the signer",
                rule="an e-mail needs a second pair of eyes",
                hint="name who else saw the e-mail",
            )
    if evidence.level > rules.policy.lowest_evidence:
        raise Refused(
            f"this is evidence of level {evidence.level}, and policy.yaml asks for {rules.policy.lowest_evidence}",
            rule="lowest evidence",
            hint="bring an approval record: --approval-record REF",
        )


def check_age(record: SheetRecord, role: str, evidence: Evidence, rules: Rulebook, today: date) -> None:
    """Raise Refused when the signer agreed on another day than today, and might not sign then, or too long ago."""
    if not evidence.at:
        return
    agreed = date.fromisoformat(evidence.at[:10])
    owner(record, role, rules, agreed)
    if today > agreed + timedelta(days=rules.policy.expires_days):
        raise Refused(
            f"{role} agreed on {day(agreed)}, more than {rules.policy.expires_days} days ago",
            rule="what was agreed long ago is agreed again",
            hint="have the owner agree again",
        )


def check_not_used(evidence: Evidence, digest: str, entries: Iterable[SignoffEntry]) -> None:
    """Raise Refused when these rows were signed on this evidence before: they were taken back since."""
    used = [each for each in entries if each.kind == Act.SIGNED and each.evidence == str(evidence)]
    if any(each.digest == digest for each in used):
        raise Refused(
            f"{evidence.reference} signed these rows before, and that was taken back",
            rule="evidence proves one signature",
            hint="have the owner agree again",
        )


def check_bound(evidence: Evidence, digest: str, used: Iterable[SignoffEntry]) -> None:
    """Raise Refused when this record approved something else: `used` are the acts of all sheets on such evidence.

    Who agreed, agreed to one digest, and a digest names its sheet and rows. Nobody can tell what else a record says.
    """
    for each in used:
        approved = each.policy.get("account") or each.digest
        if each.kind in _APPROVING and approved != digest and same_record(each.evidence, str(evidence)):
            raise Refused(
                f"{evidence.reference} approved the digest {approved[:12]}… of {each.sheet_id} on {each.at[:10]}",
                rule="a record approves one digest",
                hint=f"have the digest {digest[:12]} approved in a record of its own",
            )


def _named(
    role: str, capacity: Capacity, roles: Sequence[str], modules: Sequence[str], rules: Rulebook, today: date
) -> Signer:
    person = rules.people.person(role, on=today)
    if not any(_same(role, person, each, rules.people.person(each, on=today)) for each in roles):
        raise Refused(
            f"{role} may not act as {capacity}", rule=f"policy.yaml names {', '.join(roles)}",
            hint=f"--signer '{roles[0]}'",
        )  # fmt: skip
    return _ready(role, person, capacity, modules, rules, today)


def _ready(
    role: str, person: Person | None, capacity: Capacity, modules: Sequence[str], rules: Rulebook, today: date
) -> Signer:
    """The signer, in post and trained. Raises Refused with where to book."""
    if person is None:
        raise Refused(
            f"'{role}' is not in people.yaml, so nobody knows what they have learnt",
            rule="who signs is on the register of people",
            hint="add the role with: spmigrate people import FILE",
        )
    if not person.in_post(today):
        raise Refused(
            f"{role} is not in post on {day(today)}",
            rule="only who holds a role acts in it",
            hint="let the present holder act, or correct people.yaml",
        )
    lacking = rules.training.lacking(person, modules, today)
    if lacking:
        what = "; ".join(f"{each.module} {each.title}: {each.reason}" for each in lacking)
        places = ", ".join(dict.fromkeys(each.booking for each in lacking))
        raise Refused(
            f"{role} needs training first: {what}", rule="training before signing", hint=f"book it at {places}"
        )
    return Signer(role, person.id, capacity)


def _same(role: str, person: Person | None, wanted: str, holder: Person | None) -> bool:
    """Whether two ways of naming a role mean one person."""
    if person is not None and holder is not None:
        return person.id == holder.id
    return folded(role) == folded(wanted)
