"""Rolling a wave back: what changed since is exported, and what the wave made and nobody touched is recycled.

Never is anything deleted at the source, and nothing at the destination that somebody else made or changed: a copy goes
only while it has the eTag that was recorded when it arrived, and goes to the recycle bin. The journal is in the ledger:
a rollback that was stopped goes on when it is run again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from spmigrate.errors import Conflict, SpmigrateError, TenantError
from spmigrate.formats import whole
from spmigrate.migrate import cutover, verify
from spmigrate.migrate.cutover import WorkingDays
from spmigrate.model import Amount
from spmigrate.store import leases, package_identities, rollback, verification, wave_steps, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.rollback import MadeFile
from spmigrate.store.wave_steps import Who
from spmigrate.store.waves import Wave
from spmigrate.tenant import files, recycling, transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.words import day, plural, typed

REOPEN = "reopen the source.txt"
_NAMED = 1000
_AT_ONCE = 50
_TOUCHED = "somebody changed it since"
_EARLIER = "a person put it there"
_FROM = ("running", "paused", "moved", "verified", "accepted", "cancelled")


@dataclass(slots=True)
class Undoing:
    """What a rollback would do, or did: files to recycle, those that stay with the reason, exports, empty folders."""

    remove: Amount = field(default_factory=Amount)
    kept: list[tuple[str, str]] = field(default_factory=list)
    missing: int = 0
    export: list[str] = field(default_factory=list)
    export_bytes: int = 0
    folders: int = 0


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One library with what the wave made in it, after it was listed."""

    ledger: Ledger
    wave: Wave
    tenant: Tenant
    library: Library
    since: int

    def label(self, path: str) -> str:
        """A path in words of people."""
        return f"{self.library.site}/{self.library.name}/{path}"

    def made(self) -> Iterator[tuple[MadeFile, str]]:
        """What the wave made here and is there, with the reason why it stays; empty when nobody touched it."""
        for each in rollback.made(self.ledger, self.wave, self.library.site, self.library.name):
            yield each, self._why_it_stays(each)

    def _why_it_stays(self, each: MadeFile) -> str:
        if not each.is_there:
            return "it is not there any more"
        if each.etag == each.seen_etag and not each.adopted:
            return ""
        if not each.same_content:
            return _TOUCHED
        present = recycling.look(self.tenant, self.library, each.target_id)
        if present is None:
            return _TOUCHED
        if each.adopted and present.made_by_person:
            return _EARLIER
        # The service itself gives documents another eTag, when it has looked into them.
        return _TOUCHED if each.etag != present.etag and present.changed_by_person else ""

    def foreign(self) -> Iterator[rollback.Foreign]:
        """Files among those of the wave that people put there since."""
        return rollback.foreign(
            self.ledger, self.wave, self.library.site, self.library.name, root_id=self.library.root_id, since=self.since
        )  # fmt: skip

    def folders(self) -> list[tuple[str, str]]:
        """The folders that were made since the wave was planned, innermost first."""
        return rollback.folders(
            self.ledger, self.wave, self.library.site, self.library.name, root_id=self.library.root_id, since=self.since
        )  # fmt: skip


def check(ledger: Ledger, wave: Wave, *, working_days: WorkingDays, today: date) -> date | None:
    """The last day on which a wave may be rolled back, None before its redirect. Raises SpmigrateError."""
    if wave.state not in _FROM:
        raise SpmigrateError(
            f"wave '{wave.name}' is {wave.state}: there is nothing to roll back",
            hint="a wave that has not started is planned anew, with spmigrate wave plan",
        )
    redirected = [
        each for each in wave_steps.events(ledger, wave) if (each.step, each.event) == ("redirect", "done")
    ]  # fmt: skip
    if not redirected:
        return None
    last = cutover.window_ends(redirected[0], working_days)
    if today > last:
        raise SpmigrateError(
            f"the window for rolling wave '{wave.name}' back ended on {day(last)}",
            hint="people have worked in the new home for too long: what is wrong there is mended there",
        )
    return last


def check_at_rest(ledger: Ledger, wave: Wave) -> None:
    """Raise SpmigrateError while machines that share the ledger may still add to a wave: they ask for no run lock."""
    busy = leases.holders(ledger, wave)
    if waves.get(ledger, wave.name).state != "running" and not busy:
        return
    whose = f": {', '.join(busy)} at work" if busy else ""
    raise SpmigrateError(
        f"wave '{wave.name}' may still grow{whose}",
        hint=f"first: spmigrate wave pause {typed(wave.name)}; then wait until wave status shows nobody at work",
    )


def plan(ledger: Ledger, wave: Wave, tenant: Tenant) -> Undoing:
    """What rolling a wave back would do now; looks only."""
    found = Undoing()
    for shelf in _shelves(ledger, wave, tenant):
        for each, stays in shelf.made():
            _count(found, shelf, each, stays)
        for other in shelf.foreign():
            found.export.append(shelf.label(other.path))
            found.export_bytes += other.size
        found.folders += len(shelf.folders())
    return found


def apply(
    ledger: Ledger, wave: Wave, tenant: Tenant, *, who: Who, folder: Path, on: datetime, said: Callable[[str], None]
) -> Undoing:
    """Roll a wave back: the note for the source, the exports into `folder`, then the recycling; `said` hears of each.

    Raises TenantError when the service does not answer; run again, it goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REOPEN).write_text(reopening(ledger, wave, on=on), encoding="utf-8")
    done = Undoing()
    for shelf in _shelves(ledger, wave, tenant):
        said(f"{shelf.library.site}/{shelf.library.name}: exporting what changed since")
        _export(shelf, folder, done)
    for shelf in _shelves(ledger, wave, tenant):
        said(f"{shelf.library.site}/{shelf.library.name}: recycling what the wave made and nobody touched")
        _remove(shelf, done)
        _remove_folders(shelf, done)
    rollback.close(ledger, wave)
    counts = ", ".join(f"{count:,} {event}" for event, count in rollback.counts(ledger, wave).items())
    wave_steps.record(ledger, wave, "roll-back", "done", who, note=counts)
    return done


def reopening(ledger: Ledger, wave: Wave, *, on: datetime) -> str:
    """What has to be done at the source, which this program never writes to."""
    roots = [row["root"] for row in ledger.rows(
        "SELECT DISTINCT root FROM wave_row WHERE wave_id = ? ORDER BY root", (wave.id,)
    )]  # fmt: skip
    return (
        f"Wave {wave.name} is rolled back, on {day(on.date())}.\n\n"
        "1. Give people back their rights to write in:\n"
        + "".join(f"   {root}\n" for root in roots)
        + "2. Remove the notices and shortcuts that were put there, if any were.\n"
        "3. Carry over by hand what lies beside this note: it was changed or made in the new home since, under the\n"
        "   path that it had there. Its owner says which version counts.\n"
        "4. Tell the service desk: where-is tells the old places again.\n\n"
        "Nothing was deleted at the source, and what was taken away in the new home lies in the recycle bin of its\n"
        "site for 93 days.\n"
    )


def _shelves(ledger: Ledger, wave: Wave, tenant: Tenant) -> Iterator[_Shelf]:
    """Each library of a wave, freshly listed; one at a time."""
    since = int(datetime.fromisoformat(wave.created).timestamp())
    for site, name in rollback.libraries(ledger, wave):
        library = files.open_library(tenant, site, name)
        verification.keep_sights(ledger, verify.sights(tenant, library))
        yield _Shelf(ledger, wave, tenant, library, since)


def _count(found: Undoing, shelf: _Shelf, each: MadeFile, stays: str) -> None:
    if not each.is_there:
        found.missing += 1
    elif stays:
        found.kept.append((shelf.label(each.path), stays))
        if stays == _TOUCHED:
            found.export.append(shelf.label(each.path))
            found.export_bytes += each.size
    else:
        found.remove += Amount(1, each.size)


def _export(shelf: _Shelf, folder: Path, done: Undoing) -> None:
    known = rollback.exported(shelf.ledger, shelf.wave)
    changed = [(each.target_id, each.path, each.seen_etag) for each, stays in shelf.made() if stays == _TOUCHED]
    for target_id, path, mark in [*changed, *((each.target_id, each.path, each.etag) for each in shelf.foreign())]:
        done.export.append(shelf.label(path))
        place = folder.joinpath(*_parts(f"{shelf.library.site}/{shelf.library.name}/{path}"))
        if (target_id, mark) in known and place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole.writing(place) as partial, partial.open("wb") as file:
            transfer.download(shelf.tenant, shelf.library, target_id, file)
        rollback.note(shelf.ledger, shelf.wave, "exported", [(target_id, shelf.label(path), mark)])


def _remove(shelf: _Shelf, done: Undoing) -> None:
    def untouched() -> Iterator[MadeFile]:
        for each, stays in shelf.made():
            if not stays:
                yield each
                continue
            event = "kept" if each.is_there else "missing"
            rollback.note(shelf.ledger, shelf.wave, event, [(each.target_id, shelf.label(each.path), stays)])
            _count(done, shelf, each, stays)

    for piece in rollback.pieces(untouched(), _AT_ONCE):
        rollback.note(
            shelf.ledger, shelf.wave, "intended", [(each.target_id, shelf.label(each.path), "") for each in piece]
        )
        for each in piece:
            _recycle(shelf, each.target_id, each.path, each.seen_etag, done, size=each.size)


def _recycle(shelf: _Shelf, target_id: str, path: str, etag: str, done: Undoing, *, size: int) -> bool:
    """Recycle one thing; what cannot go, or was changed a moment ago, stays and is told."""
    try:
        recycling.recycle(shelf.tenant, shelf.library, target_id, etag=etag)
    except TenantError as error:
        if error.transient or error.fatal:
            raise
        why = _TOUCHED if isinstance(error, Conflict) else error.message
        done.kept.append((shelf.label(path), why))
        rollback.note(shelf.ledger, shelf.wave, "kept", [(target_id, shelf.label(path), why)])
        return False
    rollback.note(shelf.ledger, shelf.wave, "removed", [(target_id, shelf.label(path), "")])
    package_identities.give_up_copy(shelf.ledger, shelf.library.drive_id, target_id)
    done.remove += Amount(1, size) if size >= 0 else Amount()
    return True


def _remove_folders(shelf: _Shelf, done: Undoing) -> None:
    """Recycle folders that the wave made and that hold nothing any more, innermost first."""
    for folder_id, path in shelf.folders():
        present = recycling.look(shelf.tenant, shelf.library, folder_id)
        if present is None or present.children or present.made_by_person:
            continue
        rollback.note(shelf.ledger, shelf.wave, "intended", [(folder_id, shelf.label(path), "empty folder")])
        if _recycle(shelf, folder_id, path, present.etag, done, size=-1):
            done.folders += 1


def _parts(path: str) -> list[str]:
    """The names of a path; none of them leads out of a folder."""
    return [name for name in path.split("/") if name not in ("", ".", "..")]


def summary(found: Undoing) -> str:
    """A plan in one sentence."""
    return (
        f"{plural(found.remove.items, 'file')} to recycle, {plural(len(found.kept), 'file')} to stay,"
        f" {plural(len(found.export), 'file')} to export, {plural(found.missing, 'file')} not there any more,"
        f" {plural(found.folders, 'folder')} to recycle where empty"
    )
