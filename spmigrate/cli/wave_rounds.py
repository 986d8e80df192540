"""`spmigrate wave delta`: the next round of a wave, from a later scan of its sources."""

from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import mapping_rules, tenants, view, wave_access
from spmigrate.cli import waves as of_waves
from spmigrate.errors import ExitCode

if TYPE_CHECKING:
    from spmigrate.store.inventory import Source
    from spmigrate.store.rounds import Found
    from spmigrate.store.waves import Wave

_NAMED = 20
_MEANING = {
    "new": "new: copied",
    "changed": "changed at the source: its copy is replaced, if nobody edited it since",
    "renamed": "renamed or moved at the source: its copy is renamed",
    "back": "there again: its copy counts again",
    "gone": "gone at the source: its copy stays",
    "left": "in a row that is not of this wave by now: its copy stays",
    "unchanged": "unchanged: nothing to do",
}


@click.command()
@click.argument("name")
@click.option("--rescan", is_flag=True, help="Scan the sources of the wave first, as deep as they were scanned before.")
@view.json_option
@view.pass_session
def delta(session: view.Session, name: str, rescan: bool, json_: bool) -> ExitCode:
    """Plan the next round of the wave NAME: what came, changed, was renamed or went at the source since.

    Nothing moves yet. Nothing is overwritten in silence: where a copy was edited at the destination, too, it stays, and
    the file is listed as failed with TARGET-EDITED, for its owner to decide. What was renamed is renamed there and not
    copied again; what has gone stays there and is listed. Rows that may not move now wait with what they have.

    Exit codes: 0 planned; 1 the wave takes no round now; 3 rows wait; 5 a folder in scope could not be looked into.
    """
    from spmigrate.migrate import rounds
    from spmigrate.store import rounds as kept
    from spmigrate.store import waves

    if rescan:
        scan_again(session, waves.get(session.ledger, name))
    with session.ledger.run_lock(f"wave delta {name}"):
        gate = mapping_rules.noticing_gate(session)
        route = session.settings.config.migrate.route
        planned = rounds.plan(
            session.ledger, name, tenant=of_waves.tenant_name(session), gate=gate, rules=wave_access.rules(session),
            route=route,
        )  # fmt: skip
    found = kept.of_wave(session.ledger, planned)
    gone = kept.listed(session.ledger, planned, "gone", _NAMED)
    standing = waves.standing(session.ledger, planned)
    if json_:
        view.document({
            "wave": name, "round": planned.round, "rounds": trend_as_json(found), **standing.accounting.as_json(),
            "open": of_waves.amount(standing.open), "lost": of_waves.amount(standing.lost),
            "gone": [{"path": path, "copy": copy} for path, copy in gone],
        })  # fmt: skip
    else:
        _show(planned, found, gone)
    waiting = [ExitCode.FINDINGS] if found[-1].waiting else []
    return ExitCode.worst(*of_waves.incomplete(standing), *waiting)


def scan_again(session: view.Session, wave: "Wave") -> "list[Source]":
    """Scan the sources of a wave as they were scanned before. Raises SpmigrateError when one cannot be listed."""
    from spmigrate.scan import places, sids
    from spmigrate.scan.survey import survey
    from spmigrate.store import coverage, inventory

    known = sids.read(session.place.folder / sids.FILE_NAME)
    found = []
    for source_id in coverage.sources_of(session.ledger, wave):
        source = inventory.by_id(session.ledger, source_id)
        view.note(f"scanning {source.name} ({source.root})")
        place = places.find(source.root, connect=lambda: tenants.connect(session), sids=known)
        found.append(
            survey(
                session.ledger, place, name=source.name, look_inside=source.look_inside, hashes=source.hashes,
                access=source.access,
            )
        )  # fmt: skip
    return found


def trend_as_json(found: "list[Found]") -> list[dict[str, Any]]:
    """What each round found, for a document."""
    return [
        {
            "round": each.round, "at": each.at,
            **{kind: of_waves.amount(amount) for kind, amount in each.amounts.items()},
            "waiting": [{"row": row_id, "reason": reason} for row_id, reason in each.waiting],
        }
        for each in found
    ]  # fmt: skip


def show_trend(found: "list[Found]") -> None:
    """What the rounds of a wave had to do, one line each."""
    kinds = ("new", "changed", "renamed", "gone")
    view.table(
        ["Round", "Planned", "New", "Changed", "Renamed", "Gone", "Files to do", "Bytes to do"],
        [
            [each.round, words.moment(each.at), *(f"{each.amounts[kind].items:,}" if kind in each.amounts else "0"
                                                   for kind in kinds), *_to_do(each)]
            for each in found
        ],
    )  # fmt: skip


def _to_do(each: "Found") -> tuple[str, str]:
    moving = [each.amounts[kind] for kind in ("new", "changed", "renamed") if kind in each.amounts]
    sent = [each.amounts[kind] for kind in ("new", "changed") if kind in each.amounts]
    return f"{sum(part.items for part in moving):,}", f"{sum(part.bytes for part in sent):,}"


def _show(wave: "Wave", found: "list[Found]", gone: list[tuple[str, str]]) -> None:
    last = found[-1]
    view.line(f"wave {wave.name}, round {wave.round}")
    view.table(
        ["Files", "Bytes", "What"],
        [
            [f"{last.amounts[kind].items:,}", f"{last.amounts[kind].bytes:,}", text]
            for kind, text in _MEANING.items()
            if kind in last.amounts
        ],
    )
    for row_id, reason in last.waiting:
        view.line(f"waits with what it has: {row_id}: {reason}")
    for path, copy in gone:
        view.line(f"gone at the source: {path}; its copy stays: {copy}")
    count = last.amounts["gone"].items if "gone" in last.amounts else 0
    if count > len(gone):
        view.line(f"and {words.plural(count - len(gone), 'more file')} gone")
    view.line()
    show_trend(found)
    moving = any(kind in last.amounts for kind in ("new", "changed", "renamed"))
    view.note(f"next: spmigrate wave {'run' if moving else 'verify'} {wave.name}")
