"""`spmigrate wave status`: the account of a wave, why items did not move, and what verification says."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view, wave_live, wave_routes, wave_sets
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode
from spmigrate.model import Amount, Outcome

if TYPE_CHECKING:
    from spmigrate.migrate.steps import Step
    from spmigrate.store.coverage import Uncovered
    from spmigrate.store.row_homes import RowHome
    from spmigrate.store.summary import Cause
    from spmigrate.store.waves import Standing, Wave

_NAMED = 20
"""How many items that did not pass verification are named one by one."""


@click.command()
@click.argument("name")
@click.option("--watch", is_flag=True, help="Show how it goes every two seconds, until nothing moves any more.")
@view.json_option
@view.pass_session
def status(session: view.Session, name: str, watch: bool, json_: bool) -> ExitCode:
    """Show where the wave NAME stands, and how it goes while another terminal runs it.

    While it runs: files and bytes a second, how long it may still take, what of the service's budget is used by minute
    and day, and what each worker does.

    Exit codes: 0 done; 3 items failed; 4 items have still to move; 5 a folder in scope could not be looked into.
    """
    from spmigrate.store import waves

    chosen = waves.get(session.ledger, name)
    if watch:
        wave_live.watch(session, chosen, json_=json_)
        chosen = waves.get(session.ledger, name)
    standing = waves.standing(session.ledger, chosen)
    now = wave_live.look(session, chosen)
    if not (watch and json_):
        step = present_step(session, chosen)
        also = {"live": wave_live.as_json(now), "step": None if step is None else step.key}
        show(session, chosen, standing, json_=json_, also=also)
        if step is not None and not json_:
            view.line(f"step {step.number}, {step.title.lower()}: until {step.ends} (spmigrate wave steps {name})")
    if not json_ and now.events:
        view.line()
        wave_live.show(now)
    return ExitCode.worst(*of_waves.incomplete(standing), *of_waves.failed(standing), *of_waves.pending(standing))


def present_step(session: view.Session, chosen: "Wave") -> "Step | None":
    """The step of the cutover that a wave is at; None when all are done, or the folder has no registers to ask."""
    from spmigrate.cli import wave_cutover
    from spmigrate.migrate import steps

    if not session.place.governance_rules.is_dir():
        return None
    return steps.present(wave_cutover.gather(session, chosen))


def show(
    session: view.Session,
    chosen: "Wave",
    standing: "Standing",
    *,
    json_: bool,
    uncovered: "Sequence[Uncovered]" = (),
    also: "Mapping[str, Any] | None" = None,
) -> None:
    """The account of a wave, why items did not move, and what verification says; `also` joins the JSON document."""
    from spmigrate.store import planned_batches, row_homes, summary, verification, wave_changes

    routes = planned_batches.routes(session.ledger, chosen)
    released = wave_changes.released(session.ledger, chosen)
    causes = summary.causes(session.ledger, chosen.id)
    verified = verification.counts(session.ledger, chosen)
    problems = verification.problems(session.ledger, chosen, _NAMED)
    strangers, places = verification.unexplained(session.ledger, chosen, _NAMED)
    sees = row_homes.counts(session.ledger, chosen)
    if json_:
        view.document(
            {
                "wave": chosen.name, "round": chosen.round, "state": chosen.state, "tenant": chosen.tenant,
                **standing.accounting.as_json(),
                "open": of_waves.amount(standing.open), "lost": of_waves.amount(standing.lost),
                "balances": standing.accounting.balances, "unseen_folders": standing.unseen,
                "may_be_hidden": list(standing.hidden),
                "moved_bytes": standing.moved_bytes,
                "released": [{"row": row_id, "path": path} for row_id, path in released],
                "in_no_row": [
                    {"source": each.source, "path": each.path, **of_waves.amount(each.amount)} for each in uncovered
                ],
                "causes": [
                    {"outcome": each.outcome, "code": each.code, "reason": each.reason, "example": each.example,
                     **of_waves.amount(each.amount)}
                    for each in causes
                ],
                "routes": wave_routes.as_json(routes), "verified": verified,
                "problems": [{"verified": each[0], "path": each[1], "note": each[2]} for each in problems],
                "unexplained": {"items": strangers, "examples": places},
                "who_sees": sees, "incomplete_sets": wave_sets.as_json(session, chosen),
                **(also or {}),
            }
        )  # fmt: skip
        return
    view.line(f"wave {chosen.name}, round {chosen.round}, to {chosen.tenant}: {chosen.state}")
    _show_account(standing)
    for row_id, path in released:
        view.line(f"  taken out, as it is not signed any more as it was: {row_id} {path}")
    _show_uncovered(uncovered)
    wave_routes.show(routes)
    _show_causes(causes)
    wave_sets.show(session, chosen)
    _show_checks(verified, problems)
    if sees:
        view.line("who sees it: " + ", ".join(f"{count:,} {seen}" for seen, count in sees.items()) + " (rows)")
    for home in row_homes.of_wave(session.ledger, chosen):
        _show_home(home)
    _show_strangers(strangers, places)


def _show_causes(causes: "Sequence[Cause]") -> None:
    if causes:
        view.line()
        rows = [(each.outcome, each.code, f"{each.amount.items:,}", each.reason, each.example) for each in causes]
        view.table(("outcome", "code", "files", "why", "for example"), rows)


def _show_strangers(count: int, places: "Sequence[str]") -> None:
    """Files among the copies that no wave put there."""
    if count:
        view.line(f"{words.plural(count, 'file')} among the copies that no wave put there; ask who did:")
    for path in places:
        view.line(f"  {path}")


def _show_checks(verified: "Mapping[str, int]", problems: "Sequence[tuple[str, str, str]]") -> None:
    """What verification says of the copies, and of those that did not pass."""
    if verified.keys() - {"not yet"}:
        view.line()
        view.line("verified: " + ", ".join(f"{count:,} {verdict}" for verdict, count in verified.items()))
    for verdict, path, note in problems:
        view.line(f"  {verdict}: {path}: {note}")


def _show_home(home: "RowHome") -> None:
    """What is to be known of who sees a row's folder; nothing where all is as it was signed."""
    for remark in home.remarks:
        view.line(f"  {home.row_id}: {remark}")
    if home.seen_note:
        view.line(f"  {home.row_id}: {home.seen}: {home.seen_note}")


def _show_account(standing: "Standing") -> None:
    amounts = [("source", standing.accounting.source)]
    amounts += [(("= " if each is Outcome.COPIED else "+ ") + each, standing.accounting.of(each)) for each in Outcome]
    amounts += [("+ still to move", standing.open)] if standing.open.items else []
    amounts += [("+ LOST", standing.lost)] if standing.lost != Amount() else []
    view.table(("", "files", "bytes"), [(name, f"{each.items:,}", f"{each.bytes:,}") for name, each in amounts])
    if standing.lost != Amount():
        view.line("this does not balance: items have neither an outcome nor a transfer; do not accept this wave")
    if standing.moved_bytes != standing.accounting.of(Outcome.COPIED).bytes:
        view.line(f"copied as they were at the time: {standing.moved_bytes:,} bytes; files were edited after the scan")
    if standing.unseen:
        view.line(f"{words.plural(standing.unseen, 'folder')} in scope could not be looked into: not counted here")
    for text in standing.hidden:
        view.line(f"not counted here either: {text}")


def _show_uncovered(uncovered: "Sequence[Uncovered]") -> None:
    """What of the sources no row answers for: it stays where it is, in no account."""
    if not uncovered:
        return
    view.line("in no row, so in no wave; issue the sheet again, which adds it:")
    for each in uncovered[:_NAMED]:
        files = words.plural(each.amount.items, "file")
        view.line(f"  {each.source}/{each.path}: {files}, {each.amount.bytes:,} bytes")
    if len(uncovered) > _NAMED:
        view.line(f"  and {words.plural(len(uncovered) - _NAMED, 'more folder')}")
