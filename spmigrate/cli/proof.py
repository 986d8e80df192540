"""Who acts, and what proves it: the options that every act of the protocol takes."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from spmigrate.cli import mapping_library, view
from spmigrate.errors import UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.mapping.signoff import Evidence

_C = TypeVar("_C", bound=Callable[..., Any])
_KINDS = "--sign-in, --device-code, --approval-record REF, or --email-ref REF with --witness ROLE"


@dataclass(frozen=True, slots=True)
class Proof:
    """Who acts, and what they say proves it."""

    signer: str | None
    approval_record: str | None
    email_ref: str | None
    witness: str | None
    sign_in: bool
    device_code: bool

    @property
    def role(self) -> str:
        """The role that acts. Raises UsageProblem when nobody is named."""
        if not self.signer:
            raise UsageProblem("who acts is not said", hint="--signer ROLE")
        return self.signer

    def evidence(self, session: view.Session, rules: "Rulebook") -> "Evidence":
        """What the options prove. Raises UsageProblem when that is nothing, too little or two things."""
        from spmigrate.mapping.signoff import Evidence

        if sum(map(bool, (self.approval_record, self.email_ref, self.sign_in or self.device_code))) != 1:
            raise UsageProblem("give the evidence, and one alone", hint=_KINDS)
        if bool(self.email_ref) != bool(self.witness):
            raise UsageProblem(
                "an e-mail alone proves nothing: it needs a witness", hint="give both: --email-ref REF --witness ROLE"
            )
        if self.sign_in or self.device_code:
            return mapping_library.signed_in(session, rules, self.role, by_code=self.device_code)
        return Evidence(self.approval_record or self.email_ref or "", self.witness)


NO_PROOF = Proof(None, None, None, None, sign_in=False, device_code=False)


def options(command: _C) -> _C:
    """The options that say who acts and what proves it, gathered in one value."""

    @functools.wraps(command)
    def gathered(*args: Any, **given: Any) -> Any:
        proof = Proof(**{field.name: given.pop(field.name) for field in fields(Proof)})
        return command(*args, proof=proof, **given)

    found: Any = gathered
    for option in reversed((
        click.option("--signer", metavar="ROLE", help="The role that acts: its text or id."),
        click.option("--sign-in", is_flag=True, help="The signer signs in in a browser now (evidence level 2)."),
        click.option("--device-code", is_flag=True, help="The same with a code, on any device (level 2)."),
        click.option("--approval-record", metavar="REF", help="The record in the approval tool (evidence level 3)."),
        click.option("--email-ref", metavar="REF", help="The e-mail in which the signer agreed, with --witness (4)."),
        click.option("--witness", metavar="ROLE", help="Another role that has seen that e-mail."),
    )):  # fmt: skip
        found = option(found)
    return cast("_C", found)
