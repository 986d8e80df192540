"""Facts about guests: who they are, who answers for them, and which partner they belong to.

A guest is everybody who signs in with an account of another organisation, be the account of type guest or member.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from spmigrate.federate.partners import FILE, Partner, PartnerRegister
from spmigrate.model import Coverage, Fact, FactSheet, FactValue
from spmigrate.tenant import directory
from spmigrate.tenant.directory import Account
from spmigrate.tenant.reading import Reading, Untold, ask
from spmigrate.tenant.session import Tenant

GUEST = "guest"
_INVITATIONS = {"PendingAcceptance": "pending", "Accepted": "accepted"}
_USERS = "Graph User.Read.All"
_SIGN_INS = "Graph AuditLog.Read.All (and Entra ID P1 in the tenant)"

Sponsors = Mapping[str, tuple[str, ...]]
SignIns = Mapping[str, str | None]


def collect(
    tenant: Tenant, register: PartnerRegister, accounts: Reading[Mapping[str, Account]], *, at: str
) -> FactSheet:
    """The facts about every guest: two requests for every page of people, beside the accounts."""
    sponsors = ask(lambda: directory.list_sponsors(tenant), source="Graph users/sponsors", needs=_USERS, at=at)
    sign_ins = ask(lambda: directory.list_sign_ins(tenant), source="Graph signInActivity", needs=_SIGN_INS, at=at)
    return describe(register, accounts, sponsors, doubt(sign_ins))


def describe(
    register: PartnerRegister,
    accounts: Reading[Mapping[str, Account]],
    sponsors: Reading[Sponsors],
    sign_ins: Reading[SignIns],
) -> FactSheet:
    """The facts about every guest; without accounts no guest can be seen."""
    known = accounts.value or {}
    by_id = {account.id: account for account in known.values()}
    guests = [account for account in known.values() if account.external]
    names = name_subjects(guests)
    facts = tuple(
        fact
        for guest in guests
        for fact in (
            *_person(names[guest.id], guest, accounts),
            *_standing(names[guest.id], guest, by_id, sponsors, sign_ins),
            *_partnership(names[guest.id], guest, register, accounts.at),
        )
    )
    return FactSheet(facts, {GUEST: Coverage(len(guests), accounts.trouble)})


def doubt(sign_ins: Reading[SignIns]) -> Reading[SignIns]:
    """Sign-ins, unless nobody at all has one: that is what a tenant without the licence answers."""
    if sign_ins.value and not any(sign_ins.value.values()):
        why = f"nobody has any sign-in recorded; the tenant needs Entra ID P1, the app {_SIGN_INS}"
        return Reading(sign_ins.source, sign_ins.at, trouble=why)
    return sign_ins


def name_subjects(guests: Iterable[Account]) -> dict[str, str]:
    """How each guest is called in results, by id: the mail address, or the sign-in name where that is not enough."""
    listed = list(guests)
    mails = Counter(guest.mail.lower() for guest in listed)
    return {guest.id: guest.mail if guest.mail and mails[guest.mail.lower()] == 1 else guest.upn for guest in listed}


def _person(subject: str, guest: Account, accounts: Reading[Mapping[str, Account]]) -> Iterator[Fact]:
    def fact(name: str, value: FactValue) -> Fact:
        return Fact(GUEST, subject, name, value, accounts.source, accounts.at)

    yield fact("enabled", guest.enabled)
    yield fact("domain", guest.domain)
    yield accounts.fact(GUEST, subject, "invitation", lambda _: _invitation(guest))
    yield fact("invited on", guest.created)


def _invitation(guest: Account) -> str:
    if guest.invitation not in _INVITATIONS:
        raise Untold(f"externalUserState is {guest.invitation!r}, so nobody knows whether the invitation was taken up")
    return _INVITATIONS[guest.invitation]


def _standing(
    subject: str, guest: Account, people: Mapping[str, Account], sponsors: Reading[Sponsors], sign_ins: Reading[SignIns]
) -> Iterator[Fact]:
    def working(found: Sponsors) -> int:
        if guest.id not in found:
            raise Untold("the guest is not in the answer")
        each = (people.get(sponsor) for sponsor in found[guest.id])
        return sum(1 for sponsor in each if sponsor is not None and sponsor.enabled and not sponsor.external)

    def last(found: SignIns) -> str | None:
        if guest.id not in found:
            raise Untold("the guest is not in the answer")
        return found[guest.id] or guest.created

    yield sponsors.fact(GUEST, subject, "working sponsors", working)
    yield sign_ins.fact(GUEST, subject, "last sign-in", last)


def _partnership(subject: str, guest: Account, register: PartnerRegister, at: str) -> Iterator[Fact]:
    partner: Partner | None = register.of_domain(guest.domain) if guest.domain else None

    def fact(name: str, value: FactValue) -> Fact:
        return Fact(GUEST, subject, name, value, FILE, at)

    yield fact("partner", f"{partner.id} {partner.name}" if partner else None)
    yield fact("partner state", partner.state if partner else None)
    yield fact("guests permitted", partner.permits.guest.open if partner else False)
