"""A wave over several rounds: a share that people edit, scans of it, and a destination that is only a table."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from spmigrate.migrate import codes, planning, rounds
from spmigrate.migrate.consent import Gate
from spmigrate.model import Decision, Destination, Outcome
from spmigrate.scan.survey import survey
from spmigrate.store import batches, leases, signoffs, waves
from spmigrate.store.batches import Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from tests.signed_estate import TIDY, library, sign

HOME = library()


@dataclass
class Stored:
    """One file of the destination."""

    place: tuple[str, str]
    content: bytes
    version: int = 1

    @property
    def etag(self) -> str:
        return str(self.version)


@dataclass
class Shelf:
    """A destination that knows what SharePoint knows: names, ids that stay, eTags that change."""

    files: dict[str, Stored] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def paths(self) -> dict[str, bytes]:
        found = {"/".join(filter(None, each.place)): each.content for each in self.files.values()}
        assert len(found) == len(self.files), "no two files of one name"
        return found

    def put(self, item: Transfer) -> Moved:
        """What a route would do with a transfer."""
        self.calls.append(item.action)
        source = Path(item.root, os.fsdecode(item.path), os.fsdecode(item.name))
        if not source.exists():
            return _failed(item, Outcome.VANISHED, codes.SOURCE_VANISHED.code)
        place = (item.target_folder, item.target_name)
        known = self.files.get(item.known_id or "")
        if item.action != "copy" and (known is None or known.etag != item.known_etag):
            return _failed(item, Outcome.FAILED, codes.TARGET_EDITED.code)
        if any(each.place == place and each is not known for each in self.files.values()):
            return _failed(item, Outcome.FAILED, codes.TARGET_TAKEN.code)
        number = item.known_id if known is not None and item.known_id else f"id-{item.id}"
        if known is None:
            self.files[number] = known = Stored(place, source.read_bytes())
        elif item.action == "rename":
            known.place, known.version = place, known.version + 1
        else:
            known.content, known.version = source.read_bytes(), known.version + 1
        found = source.stat()
        return Moved(
            item.id, item.batch_id, item.size, Outcome.COPIED, target_id=number, etag=known.etag, quickxor="q",
            sha256="s", copied_size=found.st_size, modified_ns=found.st_mtime_ns, drive_id="d",
        )  # fmt: skip

    def edit(self, path: str, content: bytes) -> None:
        """Somebody edits a file at the destination."""
        (found,) = (each for each in self.files.values() if "/".join(filter(None, each.place)) == path)
        found.content, found.version = content, found.version + 1


def _failed(item: Transfer, outcome: Outcome, code: str) -> Moved:
    return Moved(item.id, item.batch_id, item.size, outcome, code, "why")


@dataclass
class Case:
    """A share with one wave, and its destination."""

    ledger: Ledger
    root: Path
    rows: dict[str, tuple[Decision, Destination | None]] = field(default_factory=lambda: {"a": (TIDY, HOME)})
    shelf: Shelf = field(default_factory=Shelf)
    edited: set[str] = field(default_factory=set)
    """Where somebody edited a copy at the destination."""

    def begin(self) -> Wave:
        """Scan, sign, plan and carry out the first round."""
        sign(self.ledger, self.root, self.rows)
        signed = signoffs.signed_rows(self.ledger)
        self.gate: Gate = lambda _sheets: signed
        planning.plan(self.ledger, "pilot", None, tenant="t", gate=self.gate)
        return self.run()

    def run(self) -> Wave:
        """Carry out what is open."""
        wave = waves.get(self.ledger, "pilot")
        waves.set_state(self.ledger, wave, "running")
        leases.release(self.ledger, wave)
        while (batch := leases.claim(self.ledger, wave, owner="test")) is not None:
            for item in batches.transfers(self.ledger, batch):
                batches.flush(self.ledger, {batch.id: batch}, intended=[item.id])
                batches.flush(self.ledger, {batch.id: batch}, moved=[self.shelf.put(item)])
        waves.set_state(self.ledger, wave, "moved")
        return waves.get(self.ledger, "pilot")

    def scan(self) -> None:
        """Look at the share again."""
        survey(self.ledger, self.root, name=self.root.name, emptied=True)

    def delta(self) -> Wave:
        """Scan, plan the next round and carry it out."""
        self.shelf.calls.clear()
        self.scan()
        rounds.plan(self.ledger, "pilot", tenant="t", gate=self.gate)
        return self.run()

    def found(self) -> dict[str, int]:
        """What the last round found: files by kind."""
        from spmigrate.store import rounds as kept

        last = kept.of_wave(self.ledger, waves.get(self.ledger, "pilot"))[-1]
        return {kind: amount.items for kind, amount in last.amounts.items()}
