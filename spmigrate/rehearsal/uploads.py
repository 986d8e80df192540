"""Upload sessions: a file that arrives in fragments, in order, and appears when the last one is there."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, fields
from pathlib import Path

from spmigrate.rehearsal.blobs import Blob, Checksum
from spmigrate.rehearsal.clock import Clock, write_time
from spmigrate.rehearsal.content import Conflict, Content, Item, Refusal, Times
from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.storage import Store, fold

FRAGMENT_UNIT = 327_680
MAX_FRAGMENT = 60 * 1024 * 1024
# What a session says of its end is a quarter of an hour off at first and moves on with every fragment; its address
# works for a day (onedrive-api-docs issues 1073, 1260 and 1570). Until the former it holds its name.
HELD_SECONDS = 900
_ADDRESS_SECONDS = 86_400
_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """Where a session's file will be: below `parent` under `name`, or the existing `item`."""

    parent: int
    name: str
    conflict: str
    by: str
    created: str | None = None
    modified: str | None = None
    item: int = 0
    size: int = -1
    app: str = ""
    deferred: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `received` bytes have arrived."""

    id: str
    target: Target
    received: int
    expires: str


@dataclass(frozen=True, slots=True)
class Span:
    """A `Content-Range: bytes first-last/total`."""

    first: int
    last: int
    total: int


def _write_target(target: Target) -> str:
    return json.dumps({each.name: getattr(target, each.name) for each in fields(Target)}, ensure_ascii=False)


class Uploads:
    """The open sessions. Running checksums are kept in memory and worked out again after a restart."""

    def __init__(self, store: Store, content: Content, clock: Clock, *, holds_names: bool = False) -> None:
        self.holds_names = holds_names
        self._db = store.db
        self._content = content
        self._clock = clock
        self._checksums: dict[str, Checksum] = {}
        # Which session holds which name; worked out from the table when it is not known.
        self._holders: dict[tuple[int, str], str] | None = None
        store.remembering(self._forget_holders)

    def begin(self, target: Target) -> Session:
        """Open a session; it holds its name for a quarter of an hour from its last fragment on.

        A `Refusal` when another session holds the name: until it is done, cancelled or expired there is no second
        one, whatever the conflict behaviour, and whether or not a byte has arrived (OneDrive API issue 747). That is
        one of the service's waits, so it has a switch; without it the later session simply goes on beside the other.
        """
        renames = target.conflict == Conflict.RENAME.value
        if self.holds_names and not renames:
            self._refuse_if_held(target.parent, target.name)
        session = Session(uuid.uuid4().hex, target, 0, self._held_until())
        self._db.execute(
            "INSERT INTO upload_session VALUES(?, ?, 0, ?)",
            (session.id, _write_target(target), session.expires),
        )
        if not renames and self._holders is not None:
            self._holders[target.parent, fold(target.name)] = session.id
        return session

    def _refuse_if_held(self, parent: int, name: str) -> None:
        if self._holders is None:
            self._holders = self._read_holders()
        holder = self._holders.get((parent, fold(name)))
        if holder is None:
            return
        row = self._db.execute("SELECT expires FROM upload_session WHERE id = ?", (holder,)).fetchone()
        if row is None or row[0] < self._clock.iso():
            del self._holders[parent, fold(name)]
            return
        message = "An upload session already exists for this file"
        if not self._content.named(parent, name):
            message = (
                "A file with the same name is currently being uploaded. Change the filename and try to save again."
            )
        raise Refusal("nameAlreadyExists", message)

    def _read_holders(self) -> dict[tuple[int, str], str]:
        rows = self._db.execute("SELECT id, props FROM upload_session WHERE expires >= ?", (self._clock.iso(),))
        held = {}
        for identity, props in rows:
            target = json.loads(props)
            if target["conflict"] != Conflict.RENAME.value:
                held[int(target["parent"]), fold(target["name"])] = str(identity)
        return held

    def _forget_holders(self) -> None:
        self._holders = None

    def find(self, session_id: str) -> Session:
        """An open session; a `Refusal` when it is unknown, done or expired."""
        row = self._db.execute("SELECT * FROM upload_session WHERE id = ?", (session_id,)).fetchone()
        if row is None or row[3] < write_time(self._clock.seconds() + HELD_SECONDS - _ADDRESS_SECONDS):
            raise Refusal("itemNotFound", "The upload session was not found")
        return Session(row[0], Target(**json.loads(row[1])), row[2], row[3])

    def cancel(self, session: Session) -> None:
        """Forget a session and what has arrived."""
        self._forget(session)

    def receive(self, session: Session, span: Span, body: Body) -> Item | Session:
        """Take a fragment: the file when it was the last one, else the session as it stands now."""
        if span.first == 0 and span.last + 1 == span.total and not session.target.deferred:
            item = self._commit(session, self._content.blobs.take(body))
            self._forget(session)
            return item
        path = self._path(session)
        checksum = self._append(session, path, body)
        received = session.received + body.size
        if received < span.total or session.target.deferred:
            held = self._held_until()
            self._db.execute(
                "UPDATE upload_session SET received = ?, expires = ? WHERE id = ?", (received, held, session.id)
            )
            return Session(session.id, session.target, received, held)
        item = self._commit(session, self._content.blobs.adopt(path, checksum))
        self._forget(session)
        return item

    def commit(self, session: Session) -> Item:
        """Make the file of a session that was begun with a deferred commit, once all of it has arrived."""
        path = self._path(session)
        if not session.target.deferred or not path.exists():
            raise Refusal("invalidRequest", "There is nothing to commit in this upload session.")
        checksum = self._checksums.get(session.id)
        if checksum is None or checksum.size != session.received:
            checksum = Checksum()
            checksum.read(path)
        item = self._commit(session, self._content.blobs.adopt(path, checksum))
        self._forget(session)
        return item

    def _held_until(self) -> str:
        return write_time(self._clock.seconds() + HELD_SECONDS)

    def _append(self, session: Session, path: Path, body: Body) -> Checksum:
        checksum = self._checksums.get(session.id)
        with path.open("r+b" if path.exists() else "w+b") as file:
            # A fragment that was written but not committed before a crash is overwritten.
            file.truncate(session.received)
            if checksum is None or checksum.size != session.received:
                checksum = Checksum()
                while piece := file.read(_PIECE):
                    checksum.update(piece)
            file.seek(session.received)
            if body.file is None:
                file.write(body.small)
                checksum.update(body.small)
            else:
                with body.file.open("rb") as fragment:
                    while piece := fragment.read(_PIECE):
                        file.write(piece)
                        checksum.update(piece)
        self._checksums[session.id] = checksum
        return checksum

    def _commit(self, session: Session, blob: Blob) -> Item:
        target = session.target
        times = Times(target.created, target.modified)
        marks: dict[str, str] = {"AppEditor": target.app} if target.app else {}
        if target.description:
            marks["_ExtendedDescription"] = target.description
        if target.item:
            item = self._content.item(target.item)
            if item is None:
                raise Refusal("itemNotFound", "The item that was to be replaced no longer exists.")
            return self._content.write(item, by=target.by, blob=blob, times=times, fields=marks)
        parent = self._content.folder(target.parent)
        if parent is None or parent.bin:
            raise Refusal("itemNotFound", "The folder no longer exists.")
        return self._content.add_file(
            parent,
            target.name,
            blob,
            by=target.by,
            conflict=Conflict(target.conflict),
            times=times,
            fields=marks,
        )

    def _forget(self, session: Session) -> None:
        if self._holders is not None:
            key = (session.target.parent, fold(session.target.name))
            if self._holders.get(key) == session.id:
                del self._holders[key]
        self._db.execute("DELETE FROM upload_session WHERE id = ?", (session.id,))
        if self._checksums.pop(session.id, None) is not None or session.received:
            self._path(session).unlink(missing_ok=True)

    def _path(self, session: Session) -> Path:
        return self._content.blobs.uploads / f"{session.id}.session"
