"""`spmigrate wave steps`, `record`, `go` and `freeze`: the protocol of a cutover, from the go to the frozen source."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_rules, view, wave_rounds
from spmigrate.cli import proof as proofs
from spmigrate.errors import ExitCode, SpmigrateError, UsageProblem

if TYPE_CHECKING:
    from spmigrate.mapping.authority import Signer
    from spmigrate.mapping.rulebook import Rulebook
    from spmigrate.mapping.signoff import Evidence
    from spmigrate.migrate.freezing import Look
    from spmigrate.migrate.steps import Facts
    from spmigrate.store.wave_steps import Who
    from spmigrate.store.waves import Wave

_NAMED = 20


@click.command()
@click.argument("name")
@view.json_option
@view.pass_session
def steps(session: view.Session, name: str, json_: bool) -> ExitCode:
    """Show the steps of the wave NAME: which are done, at which it is, and what is missing before the next.

    Exit codes: 0 every step is done; 4 steps are open.
    """
    from spmigrate.migrate import steps as table
    from spmigrate.store import rounds, wave_steps, waves

    chosen = waves.get(session.ledger, name)
    facts = gather(session, chosen)
    events = wave_steps.events(session.ledger, chosen)
    present = table.present(facts)
    if json_:
        view.document({
            "wave": name, "state": chosen.state, "present": None if present is None else present.key,
            "steps": [_step_as_json(step, facts) for step in table.STEPS],
            "record": [
                {"at": each.at, "step": each.step, "event": each.event, "signer": each.signer, "role": each.role,
                 "evidence": each.evidence, "note": each.note}
                for each in events
            ],
            "rounds": wave_rounds.trend_as_json(rounds.of_wave(session.ledger, chosen)),
        })  # fmt: skip
    else:
        _show_steps(facts)
        for each in events:
            by = f" by {each.signer} ({each.role})" if each.signer else ""
            told = f": {each.note}" if each.note else ""
            view.line(f"{words.moment(each.at)}  {each.step}: {each.event}{by}{told}")
        view.line()
        wave_rounds.show_trend(rounds.of_wave(session.ledger, chosen))
        if present is not None:
            view.note(f"wave {name} is at step {present.number}, {present.title.lower()}: until {present.ends}")
    return ExitCode.DONE if present is None else ExitCode.PENDING


@click.command()
@click.argument("name")
@click.argument("step", metavar="STEP")
@proofs.options
@click.option("--note", metavar="TEXT", required=True, help="What was done, or why the step is not needed.")
@click.option("--not-needed", is_flag=True, help="This wave does without the step.")
@view.json_option
@view.pass_session
def record(
    session: view.Session, name: str, step: str, proof: proofs.Proof, note: str, not_needed: bool, json_: bool
) -> ExitCode:
    """Record that a STEP of the wave NAME was done by people, or is not needed; the migration lead does.

    STEP is one that the program cannot see: report, rehearsal, hypercare or decommission; with --not-needed also
    sheets, remediation, provision and deltas. Exit codes: 0 recorded; 1 steps before it are open.
    """
    from spmigrate.migrate import cutover
    from spmigrate.migrate import steps as table
    from spmigrate.store import wave_steps, waves

    may = (*table.SAID, *table.DISPENSABLE) if not_needed else table.SAID
    if step not in may:
        raise UsageProblem(f"'{step}' is no step that can be recorded so", hint=f"there are: {', '.join(may)}")
    rules = mapping_rules.rulebook(session)
    chosen = waves.get(session.ledger, name)
    who = lead(session, rules, proof)
    with session.ledger.run_lock(f"wave record {name}"):
        if not not_needed:
            cutover.check(step, gather(session, chosen), name=name)
        done = wave_steps.record(
            session.ledger, chosen, step, "not needed" if not_needed else "done", who, note=note
        )  # fmt: skip
    _told(chosen, step, done.event, who, json_=json_)
    return ExitCode.DONE


@click.command()
@click.argument("name")
@proofs.options
@click.option("--no", "no", is_flag=True, help="It is a no-go: nothing is frozen before somebody says go.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the cutover; by default in two days.")
@click.option("--note", metavar="TEXT", default="", help="What else was said.")
@view.json_option
@view.pass_session
def go(
    session: view.Session, name: str, proof: proofs.Proof, no: bool, on: datetime | None, note: str, json_: bool
) -> ExitCode:
    """Record the migration lead's decision whether the wave NAME is cut over: go, or with --no no-go.

    A go is refused while a step before it is open, and for a day on which the freeze calendar lets nothing of the
    rows' units be cut over. Exit codes: 0 recorded; 1 something is missing.
    """
    from spmigrate.migrate import cutover
    from spmigrate.store import wave_steps, waves

    rules = mapping_rules.rulebook(session)
    chosen = waves.get(session.ledger, name)
    who = lead(session, rules, proof)
    day = on.date() if on else rules.calendar.working_days_after(today(), 2)
    with session.ledger.run_lock(f"wave go {name}"):
        if not no:
            cutover.check("go", gather(session, chosen), name=name)
            _check_calendar(session, rules, chosen, day)
        told = f"cutover on {words.day(day)}. {note}".strip() if not no else note
        done = wave_steps.record(session.ledger, chosen, "go", "no-go" if no else "go", who, note=told)
    _told(chosen, "go", done.event, who, json_=json_)
    return ExitCode.DONE


@click.command()
@click.argument("name")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    required=True,
    help="When the source was made read-only, in UTC.",
)
@click.option(
    "--open-files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What the file server lists as open: CSV of Get-SmbOpenFile, or JSON of smbstatus.",
)
@click.option("--read-only-by", metavar="TEXT", help="Who made the share read-only and how, where its lists say not.")
@view.json_option
@view.pass_session
def freeze(
    session: view.Session, name: str, since: datetime, open_files: Path | None, read_only_by: str | None, json_: bool
) -> ExitCode:
    """Look whether the source of the wave NAME is read-only and quiet: scan it again, and read its access lists.

    Nothing is written there, not even to try. Clean means: no file or folder was written after --since, no Office
    owner file (~$) lies there, the server lists nothing of it as open, and nobody but administrators may change it, by
    the access lists that the scan read or by the word of who set it. The result is recorded.

    Exit codes: 0 clean; 1 nobody said go; 3 not clean; 5 nobody can tell whether it is read-only.
    """
    from spmigrate.migrate import cutover, freezing
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    cutover.check("freeze", gather(session, chosen), name=name)
    listed = freezing.open_files(open_files) if open_files else None
    moment = since.replace(tzinfo=UTC)
    if moment > datetime.now(UTC):
        raise UsageProblem("--since has not come yet", hint="give the moment at which writing was stopped, in UTC")
    wave_rounds.scan_again(session, chosen)
    with session.ledger.run_lock(f"wave freeze {name}"):
        look = freezing.look(session.ledger, chosen, since=moment, listed=listed, read_only_by=read_only_by or "")
        freezing.record(session.ledger, chosen, look)
    _show_freeze(chosen, look, json_=json_)
    if look.is_clean:
        return ExitCode.DONE
    return ExitCode.FINDINGS if look.is_refuted else ExitCode.INCOMPLETE


def gather(session: view.Session, chosen: "Wave") -> "Facts":
    """Where a wave stands in the protocol, by the rules of the working folder."""
    from spmigrate.migrate import cutover

    rules = mapping_rules.rulebook(session)
    return cutover.gather(
        session.ledger, chosen, gate=mapping_rules.gatekeeper(session),
        working_days=rules.calendar.working_days_after, today=today(),
    )  # fmt: skip


def lead(session: view.Session, rules: "Rulebook", proof: proofs.Proof) -> "Who":
    """The migration lead with the evidence of their act. Raises Refused when it is another role, or proves nothing."""
    from spmigrate.mapping import authority

    signer = authority.lead(proof.role, rules, today())
    evidence = proof.evidence(session, rules)
    authority.check_evidence(evidence, signer, rules, today())
    return as_who(signer, evidence)


def as_who(signer: "Signer", evidence: "Evidence | None" = None) -> "Who":
    """A signer in the words of the mover."""
    from spmigrate.store.wave_steps import Who

    if evidence is None:
        return Who(signer.role, str(signer.capacity), signer.person)
    return Who(signer.role, str(signer.capacity), signer.person, str(evidence), evidence.level)


def _check_calendar(session: view.Session, rules: "Rulebook", chosen: "Wave", day: date) -> None:
    from spmigrate.store import mappings, wave_steps

    for sheet in wave_steps.sheets(session.ledger, chosen):
        record = next(each for each in mappings.sheets(session.ledger) if each.id == sheet)
        holder = rules.owner(record.owner, day)
        unit = rules.unit_of(holder) if holder is not None else ()
        frozen = rules.calendar.frozen(day, units=tuple(unit or ()))
        if frozen:
            raise SpmigrateError(
                f"nothing of {sheet} is cut over on {words.day(day)}: {'; '.join(frozen)}",
                hint="choose another day with --on",
            )


def today() -> date:
    """The present day, in UTC as the ledger has it."""
    return datetime.now(UTC).date()


def _told(chosen: "Wave", step: str, event: str, who: "Who", *, json_: bool) -> None:
    if json_:
        view.document({"wave": chosen.name, "step": step, "event": event, "signer": who.signer, "role": who.role,
                       "evidence": who.evidence})  # fmt: skip
    else:
        view.line(f"wave {chosen.name}, {step}: {event}, by {who.signer} ({who.role})")
        view.note(f"next: spmigrate wave steps {chosen.name}")


def _step_as_json(step: Any, facts: "Facts") -> dict[str, Any]:
    from spmigrate.migrate import steps as table

    missing = table.open_ends(step.key, facts)
    return {"number": step.number, "step": step.key, "title": step.title, "when": step.when, "ends": step.ends,
            "done": not missing, "missing": missing, "recorded": facts.said.get(step.key)}  # fmt: skip


def _show_steps(facts: "Facts") -> None:
    from spmigrate.migrate import steps as table

    rows = []
    for step in table.STEPS:
        missing = table.open_ends(step.key, facts)
        said = facts.said.get(step.key)
        done = "open" if missing else "not needed" if said == "not needed" else "done"
        rows.append((step.number, step.key, step.when, done, "; ".join(missing) or step.ends))
    view.table(("step", "key", "when", "", "what is missing, or what ended it"), rows)


def _show_freeze(chosen: "Wave", look: "Look", *, json_: bool) -> None:
    if json_:
        view.document({
            "wave": chosen.name, "clean": look.is_clean, "since": look.since, "read_only": look.read_only,
            "why": look.why, "written": [{"path": path, "at": at} for path, at in look.written],
            "differences": look.differences, "owner_files": list(look.owner_files),
            "left_over": list(look.left_over),
            "open": [{"path": path, "by": by} for path, by in look.open],
            "unseen": look.unseen,
        })  # fmt: skip
        return
    view.line(f"wave {chosen.name}: the source is {'frozen' if look.is_clean else 'NOT shown to be frozen'}")
    view.line(f"read-only: {look.read_only}; {look.why}")
    for path, at in look.written[:_NAMED]:
        view.line(f"written after the freeze: {path} ({at})")
    if look.differences:
        view.line(f"{words.plural(look.differences, 'difference')} between the last two scans, both after the freeze")
    for path in look.owner_files[:_NAMED]:
        view.line(f"open in Office: {path}")
    for path, by in look.open[:_NAMED]:
        view.line(f"open by {by or 'somebody'}: {path}")
    if look.unseen:
        view.line(f"{words.plural(look.unseen, 'place')} could not be looked into")
    if look.left_over:
        view.line(f"{words.plural(len(look.left_over), 'owner file')} of Office left over, which nobody has open")
    again = f"freeze {words.typed(chosen.name)} --since {look.since[:19]}"
    view.note(f"next: spmigrate wave {f'delta {words.typed(chosen.name)}' if look.is_clean else again}")
