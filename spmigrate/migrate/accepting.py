"""What an owner is asked to accept of a wave, sheet by sheet, and that somebody answers for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.migrate import cutover
from spmigrate.model import Accounting, Outcome
from spmigrate.store import acceptance, row_identity, wave_steps, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_steps import ExceptionItem
from spmigrate.store.waves import Wave
from spmigrate.words import plural, size


@dataclass(frozen=True, slots=True)
class SheetAccount:
    """The account of one sheet of a wave: what its owner reads, approves by its digest, and accepts."""

    sheet_id: str
    rows: tuple[str, ...]
    accounting: Accounting
    verified: dict[str, int]
    exceptions: tuple[ExceptionItem, ...]
    accepted: bool
    figures: dict[str, Any]
    statement: str

    @property
    def digest(self) -> str:
        """SHA-256 over the figures and every exception with its waiver: another account has another digest."""
        return row_identity.sha256(self.figures)

    @property
    def unwaived(self) -> list[ExceptionItem]:
        """The exceptions that nobody answers for."""
        return [each for each in self.exceptions if not each.waived_by]


def accounts(ledger: Ledger, wave: Wave) -> list[SheetAccount]:
    """The account of every sheet of a wave."""
    sheets = wave_steps.sheets(ledger, wave)
    accepted = cutover.accepted_sheets(ledger, wave, sheets)
    exceptions = wave_steps.exceptions(ledger, wave)
    return [
        _account(ledger, wave, sheet, [each for each in exceptions if each.sheet_id == sheet], sheet in accepted)
        for sheet in sheets
    ]


def choose(found: Sequence[SheetAccount], sheet_id: str | None) -> SheetAccount:
    """The account of this sheet, or of the only one. Raises UsageProblem."""
    known = ", ".join(each.sheet_id for each in found)
    if sheet_id is None and len(found) != 1:
        raise UsageProblem("the wave has several sheets, each with its owner", hint=f"--sheet ID, one of: {known}")
    for each in found:
        if sheet_id in (None, each.sheet_id):
            return each
    raise UsageProblem(f"the wave has no sheet {sheet_id}", hint=f"its sheets: {known}")


def check(account: SheetAccount, *, name: str) -> None:
    """Raise SpmigrateError while the account does not balance, or an exception in it is not waived by anybody."""
    if not account.accounting.balances:
        raise SpmigrateError(f"the account of {account.sheet_id} does not balance: it cannot be accepted")
    if account.unwaived:
        first = account.unwaived[0]
        raise SpmigrateError(
            f"{plural(len(account.unwaived), 'file')} of {account.sheet_id} failed or did not pass, and nobody answers"
            f" for them: {first.path} ({first.code})",
            hint=f"mend them, or waive each: spmigrate wave waive {name} --item {first.transfer_id} --signer ROLE",
        )


def finish(ledger: Ledger, wave: Wave) -> bool:
    """Close a wave when the owner of every sheet has accepted it; whether that is so."""
    sheets = wave_steps.sheets(ledger, wave)
    done = len(cutover.accepted_sheets(ledger, wave, sheets)) == len(sheets)
    if done:
        waves.set_state(ledger, wave, "accepted")
    return done


def _account(
    ledger: Ledger, wave: Wave, sheet: str, exceptions: Sequence[ExceptionItem], accepted: bool
) -> SheetAccount:
    accounting = acceptance.accounting(ledger, wave, sheet)
    rows = tuple(acceptance.rows(ledger, wave, sheet))
    verified = acceptance.verdicts(ledger, wave, sheet)
    figures = {
        "wave": wave.name, "tenant": wave.tenant, "round": wave.round, "sheet": sheet, "rows": list(rows),
        **accounting.as_json(), "verified": verified,
        "exceptions": [[each.path, each.code, each.waived_by, each.waived_why] for each in exceptions],
    }  # fmt: skip
    return SheetAccount(
        sheet, rows, accounting, verified, tuple(exceptions), accepted, figures,
        _statement(wave, sheet, accounting, exceptions),
    )  # fmt: skip


def _statement(wave: Wave, sheet: str, accounting: Accounting, exceptions: Sequence[ExceptionItem]) -> str:
    parts = [f"{accounting.of(each).items:,} {each}" for each in Outcome]
    told = f" {plural(len(exceptions), 'exception')}, each waived by name." if exceptions else " No exceptions."
    source = plural(accounting.source.items, "source file")
    return (
        f"Accepted: wave {wave.name}, round {wave.round}, sheet {sheet}. {source}"
        f" ({size(accounting.source.bytes)}) = {' + '.join(parts)}.{told} Nothing at the source will be deleted."
    )
