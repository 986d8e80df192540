"""`spmigrate wave waive`, `accept`, `redirect`, `rollback`: how a wave ends, with its owners or at the source."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_rules, sites, tenants, view, wave_cutover
from spmigrate.cli import proof as proofs
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode, UsageProblem
from spmigrate.model import Outcome

if TYPE_CHECKING:
    from spmigrate.migrate.accepting import SheetAccount
    from spmigrate.migrate.rolling_back import Undoing
    from spmigrate.store.wave_steps import ExceptionItem
    from spmigrate.store.waves import Wave

_NAMED = 20
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("name")
@click.option("--item", "items", multiple=True, metavar="ITEM", help="Its number, or its path; may be repeated.")
@click.option("--signer", metavar="ROLE", help="Who answers for it: owner, deputy, information governance or lead.")
@click.option("--reason", metavar="TEXT", help="Why it may stay as it is, in a sentence that everybody may read.")
@view.json_option
@view.pass_session
def waive(
    session: view.Session, name: str, items: tuple[str, ...], signer: str | None, reason: str | None, json_: bool
) -> ExitCode:
    """List the files of the wave NAME that failed or did not pass, or record who answers for some of them.

    Each file is waived by itself, with the failure that it has now: another failure of it needs another waiver. Without
    --item they are listed. Exit codes: 0 somebody answers for every one; 3 some have no waiver.
    """
    from spmigrate.mapping import authority
    from spmigrate.store import mappings, wave_steps, waves

    chosen = waves.get(session.ledger, name)
    found = wave_steps.exceptions(session.ledger, chosen)
    if items:
        if not signer or not reason:
            raise UsageProblem("a waiver needs a name and a reason", hint="--signer ROLE --reason TEXT")
        rules = mapping_rules.rulebook(session)
        records = {each.id: each for each in mappings.sheets(session.ledger)}
        picked = [_pick(found, item) for item in dict.fromkeys(items)]
        with session.ledger.run_lock(f"wave waive {name}"), session.ledger.transaction():
            for each in picked:
                who = authority.anyone(records[each.sheet_id], signer, rules, wave_cutover.today())
                wave_steps.waive(session.ledger, chosen, [each], wave_cutover.as_who(who), reason=reason)
        found = wave_steps.exceptions(session.ledger, chosen)
    if json_:
        view.document({"wave": name, "exceptions": [_exception_as_json(each) for each in found]})
    else:
        view.table(
            ("item", "sheet", "path", "code", "answered for by", "why"),
            [
                (each.transfer_id, each.sheet_id, each.path, each.code, each.waived_by or "nobody",
                 each.waived_why or each.reason)
                for each in found
            ],
        )  # fmt: skip
    return ExitCode.FINDINGS if any(not each.waived_by for each in found) else ExitCode.DONE


@click.command()
@click.argument("name")
@click.option("--sheet", metavar="ID", help="The sheet whose owner accepts, where the wave has several.")
@click.option("--digest", metavar="D", help="The digest that the owner approved, as this command shows it.")
@proofs.options
@view.json_option
@view.pass_session
def accept(
    session: view.Session, name: str, sheet: str | None, digest: str | None, proof: proofs.Proof, json_: bool
) -> ExitCode:
    """Show what the owners of the wave NAME are asked to accept, or record that one of them accepts it.

    It is refused while a step before it is open, while a file failed or did not pass and nobody answers for it, and
    when the account is not the one with the digest that was approved. When every owner has accepted, the wave takes no
    more rounds.

    Exit codes: 0 every owner has accepted; 1 refused; 3 files without a waiver; 4 owners have still to accept.
    """
    from spmigrate.mapping import accepting as act
    from spmigrate.migrate import accepting, cutover
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    found = accepting.accounts(session.ledger, chosen)
    if digest:
        rules = mapping_rules.rulebook(session)
        one = accepting.choose(found, sheet)
        cutover.check("acceptance", wave_cutover.gather(session, chosen), name=name)
        accepting.check(one, name=name)
        evidence = proof.evidence(session, rules)
        account = act.Account(name, one.sheet_id, one.rows, one.digest, one.statement, one.figures)
        with session.ledger.run_lock(f"wave accept {name}"):
            entry = act.accept(
                act.Bench(session.ledger, rules), account, signer=proof.role, evidence=evidence, agreed=digest
            )
            accepting.finish(session.ledger, chosen)
        found = accepting.accounts(session.ledger, chosen)
        view.note(f"keep this where nobody here can change it: {entry.entry}")
    elif proof != proofs.NO_PROOF:
        raise UsageProblem("what is accepted is not said", hint="--digest D, as this command shows it without options")
    _show_accounts(chosen, found, json_=json_)
    if any(each.unwaived for each in found):
        return ExitCode.FINDINGS
    return ExitCode.DONE if all(each.accepted for each in found) else ExitCode.PENDING


@click.command()
@click.argument("name")
@click.option("--to", "folder", type=_FOLDER, required=True, metavar="FOLDER", help="Where to write.")
@click.option(
    "--at-source", is_flag=True, help="Also put the notice and the shortcut into the old folders, beside what is there."
)
@sites.yes_option
@view.json_option
@view.pass_session
def redirect(session: view.Session, name: str, folder: Path, at_source: bool, yes: bool, json_: bool) -> ExitCode:
    """Write what people need who look at the old folders of the wave NAME: a notice, shortcuts, a list and a page.

    A folder below FOLDER for each source: a read-only notice, a .url for each moved folder, a CSV with the old and the
    new place of every file, and a page. The source itself is not written to, but with --at-source: then the notice and
    the shortcut are put there, where nothing has their names; nothing is overwritten or deleted. Exit codes: 0 written;
    1 the wave is not verified yet.
    """
    from spmigrate.migrate import cutover, redirecting
    from spmigrate.report import document, page
    from spmigrate.store import wave_steps, waves

    chosen = waves.get(session.ledger, name)
    cutover.check("redirect", wave_cutover.gather(session, chosen), name=name)
    tenant, made = _sharepoint(session), datetime.now(UTC)
    olds = redirecting.plan(session.ledger, chosen, tenant=tenant)
    written: list[Path] = []
    left: list[Path] = []
    for old in olds:
        place = folder / redirecting.folder_name(old)
        done = redirecting.write(session.ledger, chosen, old, place, tenant=tenant, on=made)
        page.write(place / redirecting.PAGE, document.build(redirecting.page(chosen, old, lines=done.lines), made=made))
        written += [*done.files, place / redirecting.PAGE]
    if at_source:
        view.confirm(f"Put notices into {words.plural(sum(len(old.homes) for old in olds), 'old folder')}?", yes=yes)
        for old in olds:
            put = redirecting.put_at_source(old, on=made)
            written, left = written + put.files, left + put.left
    with session.ledger.run_lock(f"wave redirect {name}"):
        wave_steps.record(session.ledger, chosen, "redirect", "done", tool(), note=str(folder.resolve()))
    if json_:
        view.document({"wave": name, "written": [str(each) for each in written], "left": [str(each) for each in left]})
    else:
        for each in written:
            view.line(f"written: {each}")
        for each in left:
            view.line(f"left as it is: {each}")
        view.note(f"next: spmigrate wave steps {name}")
    return ExitCode.DONE


@click.command()
@click.argument("name")
@click.option("--apply", "apply_", is_flag=True, help="Do it, after it was confirmed.")
@click.option("--export", "folder", type=_FOLDER, metavar="FOLDER", help="Where what changed since is written to.")
@proofs.options
@sites.yes_option
@view.json_option
@view.pass_session
def rollback(
    session: view.Session, name: str, apply_: bool, folder: Path | None, proof: proofs.Proof, yes: bool, json_: bool
) -> ExitCode:
    """Show how the wave NAME is rolled back, or do it with --apply: the source counts again, the copies are recycled.

    What was changed or made in the new home since is exported to a folder first. Then what this wave put there goes to
    the recycle bin, as far as nobody touched it since; so do folders that the wave made and that are empty then. All
    else stays. Nothing is deleted at the source. Until 20 working days after the redirect this can be done; stopped, it
    goes on when it is run again.

    Exit codes: 0 done; 1 it cannot be rolled back; 3 done, and some copies stay; 4 this is the plan.
    """
    from spmigrate.migrate import consent, rolling_back
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    consent.check_tenant(chosen, of_waves.tenant_name(session))
    rules = mapping_rules.rulebook(session)
    last = rolling_back.check(
        session.ledger, chosen, working_days=rules.calendar.working_days_after, today=wave_cutover.today()
    )
    with session.ledger.run_lock(f"wave rollback {name}"), tenants.connect(session) as tenant:
        found = rolling_back.plan(session.ledger, chosen, tenant)
        if not apply_:
            _show_rollback(chosen, found, json_=json_, done=False)
            until = f"until {words.day(last)}" if last else "until 20 working days after the redirect"
            view.note(f"this can be done {until}: spmigrate wave rollback {name} --apply --export FOLDER --signer ROLE")
            return ExitCode.PENDING
        if folder is None:
            raise UsageProblem("where what changed since is exported to is not said", hint="--export FOLDER")
        who = wave_cutover.lead(session, rules, proof)
        if not json_:
            _show_rollback(chosen, found, json_=False, done=False)
        view.confirm(f"Roll wave '{name}' back?", yes=yes)
        if session.shared_ledger:
            rolling_back.check_at_rest(session.ledger, chosen)
        done = rolling_back.apply(
            session.ledger, chosen, tenant, who=who, folder=folder, on=datetime.now(UTC), said=view.note
        )
    _show_rollback(chosen, done, json_=json_, done=True)
    if not json_:
        view.note(f"what has to be done at the source: {folder / rolling_back.REOPEN}")
    return ExitCode.FINDINGS if done.kept else ExitCode.DONE


def tool() -> Any:
    """The program itself, where nobody acts."""
    from spmigrate.migrate.freezing import TOOL

    return TOOL


def _sharepoint(session: view.Session) -> str:
    from spmigrate import config

    return config.tenant(session.settings).sharepoint


def _pick(found: "list[ExceptionItem]", item: str) -> "ExceptionItem":
    for each in found:
        if item in (str(each.transfer_id), each.path):
            return each
    raise UsageProblem(
        f"'{item}' is no file of the wave that failed or did not pass", hint="spmigrate wave waive NAME lists them"
    )


def _exception_as_json(each: "ExceptionItem") -> dict[str, Any]:
    return {
        "item": each.transfer_id, "path": each.path, "sheet": each.sheet_id, "code": each.code, "reason": each.reason,
        "bytes": each.size, "waived_by": each.waived_by, "waived_why": each.waived_why,
    }  # fmt: skip


def _show_accounts(chosen: "Wave", found: "list[SheetAccount]", *, json_: bool) -> None:
    if json_:
        view.document({
            "wave": chosen.name, "state": chosen.state,
            "sheets": [
                {"sheet": each.sheet_id, "rows": list(each.rows), **each.accounting.as_json(),
                 "verified": each.verified, "accepted": each.accepted, "digest": each.digest,
                 "statement": each.statement, "exceptions": [_exception_as_json(one) for one in each.exceptions]}
                for each in found
            ],
        })  # fmt: skip
        return
    for each in found:
        view.line(each.statement)
        named = [f"{each.accounting.of(outcome).items:,} {outcome}" for outcome in Outcome]
        view.line(f"  {each.sheet_id}: {', '.join(named)}; {'accepted' if each.accepted else 'not accepted yet'}")
        for one in each.exceptions[:_NAMED]:
            answer = f"answered for by {one.waived_by}: {one.waived_why}" if one.waived_by else "NOBODY ANSWERS FOR IT"
            view.line(f"  {one.transfer_id} {one.path}: {one.code}; {answer}")
        if len(each.exceptions) > _NAMED:
            view.line(f"  and {words.plural(len(each.exceptions) - _NAMED, 'more file')}")
        view.line(f"  digest {each.digest}")
        if not each.accepted and not each.unwaived:
            view.note(
                f"next: spmigrate wave accept {chosen.name} --sheet {each.sheet_id} --digest {each.digest[:12]}"
                " --signer ROLE --approval-record REF"
            )


def _show_rollback(chosen: "Wave", found: "Undoing", *, json_: bool, done: bool) -> None:
    from spmigrate.migrate import rolling_back

    if json_:
        view.document({
            "wave": chosen.name, "done": done, "recycle": of_waves.amount(found.remove),
            "stay": [{"path": path, "why": why} for path, why in found.kept], "export": found.export,
            "missing": found.missing, "folders": found.folders,
        })  # fmt: skip
        return
    view.line(f"{'Done' if done else 'Plan'} for wave {chosen.name}: {rolling_back.summary(found)}.")
    view.line(f"  - {words.plural(found.remove.items, 'copy', 'copies')} ({words.size(found.remove.bytes)})")
    for path, why in found.kept[:_NAMED]:
        view.line(f"  = {path}: {why}")
    for path in found.export[:_NAMED]:
        view.line(f"  > {path}")
    for count in (len(found.kept), len(found.export)):
        if count > _NAMED:
            view.line(f"    and {count - _NAMED:,} more")
