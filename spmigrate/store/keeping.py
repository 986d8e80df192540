"""Listings as they are kept: what is new is added, what an earlier scan had is compared, what has gone is marked.

This is written for speed, as it runs once for every file: new files go to the database as the columns that they came
in, and parameters are texts and numbers, because SQLite's binding of bytes and of nothing costs as much as the rest of
a row.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice, repeat

from spmigrate.store.entries import Entries
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access, Entry, Found, Known, Listing, join

KEEP_FOLDER = (
    "INSERT INTO folder(source_id, parent_id, path, raw, file_id, created_ns, state, scan_id, first_scan)"
    " VALUES(:source,:parent,:path,:raw,:file_id,:created,'found',:scan,:scan)"
    " ON CONFLICT(source_id, raw) DO UPDATE SET parent_id=excluded.parent_id, path=excluded.path, state='found',"
    " reason=NULL, modified_ns=NULL, scan_id=excluded.scan_id, items=0, bytes=0, digest=NULL, renamed_from=NULL,"
    " former_file_id=CASE WHEN folder.gone_scan IS NULL AND folder.file_id <> excluded.file_id THEN folder.file_id END,"
    " file_id=coalesce(excluded.file_id, folder.file_id), created_ns=coalesce(excluded.created_ns, folder.created_ns),"
    " first_scan=CASE WHEN folder.gone_scan <= :baseline THEN excluded.first_scan ELSE folder.first_scan END,"
    " gone_scan=NULL"
)
_NEW_FILES = (
    "INSERT INTO item(source_id, scan_id, first_scan, kind, folder_id, name, size, modified_ns, created_ns, file_id)"
    " VALUES"
)
_NEW_FILE = "({source:d},{scan:d},{scan:d},'file',?,?,?,?,?,?)"
"""What is the same for all files of a scan stands in the statement: binding it costs a tenth of a row."""
_VALUES = 6
_ROWS = 25
"""New files in one statement: beginning and ending a statement for each would take a third of the time."""
_NEW_ITEM = (
    "INSERT INTO item(source_id, scan_id, first_scan, folder_id, name, name_bytes, kind, size, modified_ns, created_ns,"
    " state, reason, attributes, file_id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_FACTS = "UPDATE item SET kind=?, size=?, modified_ns=?, created_ns=?, reason=?, attributes=?, file_id=?, state=?"
_FORGET = ", sha256=NULL, quickxor=NULL, looked_scan=NULL, renamed_from=NULL"
_AMEND = f"{_FACTS} WHERE id=?"
_CHANGE = f"{_FACTS}{_FORGET}, changed_scan=?, former_file_id=? WHERE id=?"
_RETURN = f"{_FACTS}{_FORGET}, changed_scan=NULL, former_file_id=NULL, gone_scan=NULL, first_scan=? WHERE id=?"
_FINDING = (
    "INSERT INTO finding(scan_id, code, severity, treatment, message, proposal, inside, folder_id, item_id)"
    " SELECT ?,?,?,?,?,?,?,"
)
_AT_ONCE = 10_000
_LAST = b"\xff" * 256
"""No name sorts after it."""
_Rows = list[tuple[object, ...]]


@dataclass(slots=True)
class _Writes:
    """What is to be written about the items of several listings: the parameters of each statement."""

    new_files: list[Iterable[tuple[object, ...]]] = field(default_factory=list)
    """Rows of new files, folder by folder."""
    new_file_count: int = 0
    new_items: _Rows = field(default_factory=list)
    amended: _Rows = field(default_factory=list)
    changed: _Rows = field(default_factory=list)
    returned: _Rows = field(default_factory=list)
    gone: _Rows = field(default_factory=list)
    looked: _Rows = field(default_factory=list)
    written: int = 0

    @property
    def differing(self) -> int:
        """How many items are not as they were."""
        others = (self.new_items, self.changed, self.returned, self.gone)
        return self.written + self.new_file_count + sum(map(len, others))

    @property
    def waiting(self) -> int:
        """How many rows wait to be written."""
        return self.differing - self.written + len(self.amended) + len(self.looked)

    def forget(self) -> None:
        """What waited has been written."""
        self.written = self.differing
        self.new_file_count = 0
        self.new_files.clear()
        for rows in (self.new_items, self.amended, self.changed, self.returned, self.gone, self.looked):
            rows.clear()


def side_by_side(
    ledger: Ledger, folder: Found, entries: Sequence[Entry]
) -> Iterator[tuple[Sequence[Entry], dict[bytes, Known]]]:
    """Entries in the order of their bytes with the items that earlier scans had between them, by their raw names.

    An enormous folder comes in parts, so that memory stays flat; every item of the folder is in one part.
    """
    after = b""
    for start in range(0, max(1, len(entries)), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        up_to = part[-1].raw if start + _AT_ONCE < len(entries) else _LAST
        yield part, _known(ledger, folder.id, after, up_to) if folder.known else {}
        after = up_to


def _known(ledger: Ledger, folder_id: int, after: bytes, up_to: bytes) -> dict[bytes, Known]:
    rows = ledger.rows(
        "SELECT raw, id, kind, size, modified_ns, created_ns, reason, attributes, file_id, gone_scan, sha256,"
        " looked_scan FROM item WHERE folder_id=? AND raw > ? AND raw <= ?",
        (folder_id, after, up_to),
    )
    return {row[0]: Known(*row[1:]) for row in rows}


def keep(ledger: Ledger, source: Source, listings: Sequence[Listing]) -> None:
    """Keep listings, their entries and remarks, all or nothing."""
    with ledger.transaction():
        writes = _Writes()
        accesses = _Accesses(ledger)
        folders = [_sort(ledger, source, listing, writes, accesses) for listing in listings]
        ledger.execute_many(KEEP_FOLDER, (row for each in listings for row in _child_rows(source, each)))
        _write(ledger, source, writes)
        if any(each.folder.known for each in listings):
            met = [(source.scan_id, each.folder.id) for each in listings if each.folder.known and not each.reason]
            ledger.execute_many(
                "UPDATE item SET scan_id=?, access_id=NULL WHERE folder_id=? AND gone_scan IS NULL", met
            )
        _keep_contents(ledger, source, listings, accesses)
        _keep_remarks(ledger, source, listings)
        ledger.execute_many(
            "UPDATE folder SET state=?, reason=?, modified_ns=?, items=?, bytes=?, digest=?, access_id=?,"
            " changed_scan=coalesce(?, changed_scan) WHERE id=?",
            folders,
        )


def _child_rows(source: Source, listing: Listing) -> Iterator[dict[str, object]]:
    above = listing.folder
    for entry in listing.entries.others:
        if entry.kind == "folder":
            yield {
                "source": source.id, "scan": source.scan_id, "baseline": source.baseline, "parent": above.id,
                "path": join(above.path, entry.name), "raw": join(above.raw, entry.raw), "file_id": entry.file_id,
                "created": entry.created_ns,
            }  # fmt: skip


def _sort(
    ledger: Ledger, source: Source, listing: Listing, writes: _Writes, accesses: "_Accesses"
) -> tuple[object, ...]:
    """Put the items of a listing where they are to be written; what is to be written about the folder itself."""
    before = writes.differing
    if not listing.folder.known:
        _add(ledger, source, listing.folder.id, listing.entries, writes)
    elif not listing.reason:
        for entries, found in side_by_side(ledger, listing.folder, listing.entries):
            _compare(ledger, source, listing.folder, entries, found, writes)
            if writes.waiting >= _AT_ONCE:
                _write(ledger, source, writes)
    return (
        "unseen" if listing.reason else "seen", listing.reason, listing.modified_ns, listing.entries.items,
        listing.entries.bytes, _digest(listing.entries), accesses.id(listing.access),
        source.scan_id if writes.differing > before else None, listing.folder.id,
    )  # fmt: skip


def _add(ledger: Ledger, source: Source, folder_id: int, entries: Entries, writes: _Writes) -> None:
    for files in entries.columns():
        writes.new_files.append(zip(repeat(folder_id), *files, strict=False))
        writes.new_file_count += len(files.names)
        if writes.new_file_count >= _AT_ONCE:
            _write(ledger, source, writes)
    writes.new_items += [
        (source.id, source.scan_id, source.scan_id, folder_id, name, raw if "\ufffd" in name else None, kind, size,
         modified_ns, created_ns, "unseen" if reason else "seen", reason, attributes, file_id)
        for raw, name, kind, size, modified_ns, created_ns, reason, attributes, file_id in entries.others
        if kind != "folder"
    ]  # fmt: skip


def _compare(
    ledger: Ledger, source: Source, folder: Found, entries: Sequence[Entry], left: dict[bytes, Known], writes: _Writes
) -> None:
    """Sort entries of a folder that was listed before by what has become of them; those `left` over have gone."""
    new = []
    for entry in entries:
        if entry.kind == "folder":
            continue
        was = left.pop(entry.raw, None)
        if was is None:
            new.append(entry)
            continue
        if was.looked_scan is not None and was.is_same(entry):
            writes.looked.append((source.scan_id, was.id))
        facts = (*entry[2:6], entry.reason, entry.attributes, entry.file_id, "unseen" if entry.reason else "seen")
        if folder.new or (was.gone_scan is not None and was.gone_scan <= source.baseline):
            writes.returned.append((*facts, source.scan_id, was.id))
        elif _has_changed(was, entry):
            former = was.file_id if was.file_id != entry.file_id else None
            writes.changed.append((*facts, source.scan_id, former, was.id))
        elif was[1:8] != entry[2:] or was.gone_scan is not None:
            writes.amended.append((*facts, was.id))
    _add(ledger, source, folder.id, Entries.of(new), writes)
    writes.gone += [(source.scan_id, was.id) for was in left.values() if was.gone_scan is None]


def _has_changed(was: Known, entry: Entry) -> bool:
    """Whether it is another file, or another content; not whether somebody may look at it by now, or no longer."""
    if (was.reason is None) != (entry.reason is None):
        return False
    if was[1:4] != entry[2:5]:
        return True
    pairs = ((was.created_ns, entry.created_ns), (was.file_id, entry.file_id))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _write(ledger: Ledger, source: Source, writes: _Writes) -> None:
    for sql, rows in (
        ("UPDATE item SET gone_scan=? WHERE id=?", writes.gone),
        (_AMEND, writes.amended),
        (_CHANGE, writes.changed),
        (_RETURN, writes.returned),
        (_NEW_ITEM, writes.new_items),
        ("UPDATE finding SET scan_id=? WHERE item_id=? AND inside=1", writes.looked),
    ):
        ledger.execute_many(sql, rows)
    _write_files(ledger, source, writes)
    writes.forget()


def _write_files(ledger: Ledger, source: Source, writes: _Writes) -> None:
    values = chain.from_iterable(chain.from_iterable(writes.new_files))
    one = _NEW_FILE.format(source=source.id, scan=source.scan_id)
    many, few = divmod(writes.new_file_count, _ROWS)
    for statements, rows in ((many, _ROWS), (few, 1)):
        sql = _NEW_FILES + ",".join([one] * rows)
        ledger.execute_many(sql, (tuple(islice(values, rows * _VALUES)) for _ in range(statements)))


class _Accesses:
    """The ids of access lists, each of which is kept once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ids: dict[Access, int] = {}

    def id(self, access: Access | None) -> int | None:
        """The id in the ledger, added when it is new; None for none."""
        if access is None:
            return None
        if access not in self._ids:
            self._ids[access] = self._add(access)
        return self._ids[access]

    def _add(self, access: Access) -> int:
        rights = json.dumps([asdict(right) for right in access.rights], ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(f"{access.owner}\0{int(access.inherits)}\0{rights}".encode()).hexdigest()
        row = self._ledger.one("SELECT id FROM access WHERE digest=?", (digest,))
        if row is not None:
            return int(row["id"])
        return self._ledger.insert(
            "INSERT INTO access(digest, owner, inherits, rights) VALUES(?,?,?,?)",
            (digest, access.owner, access.inherits, rights),
        )


def _keep_contents(ledger: Ledger, source: Source, listings: Sequence[Listing], accesses: _Accesses) -> None:
    """What opened files have said: a digest that was asked for now replaces nothing that was not."""
    contents = [
        (content.sha256, content.quickxor, source.scan_id if content.looked else None, listing.folder.id, raw)
        for listing in listings
        for raw, content in listing.contents.items()
    ]
    ledger.execute_many(
        "UPDATE item SET sha256=coalesce(?, sha256), quickxor=coalesce(?, quickxor),"
        " looked_scan=coalesce(?, looked_scan) WHERE folder_id=? AND raw=?",
        contents,
    )
    access = [
        (accesses.id(each), listing.folder.id, raw) for listing in listings for raw, each in listing.item_access.items()
    ]
    ledger.execute_many("UPDATE item SET access_id=? WHERE folder_id=? AND raw=?", access)


def _keep_remarks(ledger: Ledger, source: Source, listings: Sequence[Listing]) -> None:
    of_folder, of_child, of_item = [], [], []
    for listing in listings:
        for inside, remarks in enumerate((listing.remarks, listing.inside)):
            for remark in remarks:
                _, code, severity, treatment, message, proposal = remark
                start = (source.scan_id, code, severity.value, treatment.value, message, proposal, inside)
                if remark.entry is None:
                    of_folder.append((*start, listing.folder.id))
                elif remark.entry.kind == "folder":
                    of_child.append((*start, source.id, join(listing.folder.raw, remark.entry.raw)))
                else:
                    of_item.append((*start, listing.folder.id, remark.entry.raw))
    ledger.execute_many(_FINDING + "id, NULL FROM folder WHERE id=?", of_folder)
    ledger.execute_many(_FINDING + "id, NULL FROM folder WHERE source_id=? AND raw=?", of_child)
    ledger.execute_many(_FINDING + "folder_id, id FROM item WHERE folder_id=? AND raw=?", of_item)


def _digest(entries: Entries) -> str:
    # A name holds no NUL, so four fields between NULs can be read in one way only.
    whole = hashlib.sha256()
    if all(entry.kind == "folder" for entry in entries.others):
        for names, sizes, modified_ns, _, _ in entries.columns():
            lines = [
                f"{name}\0file\0{size}\0{modified}\0"
                for name, size, modified in zip(names, sizes, modified_ns, strict=True)
            ]
            whole.update("".join(lines).encode())
    else:
        for start in range(0, len(entries), _AT_ONCE):
            whole.update(_lines(entries[start : start + _AT_ONCE]))
    return whole.hexdigest()


def _lines(entries: Sequence[Entry]) -> bytes:
    return b"".join(
        [
            b"%b\0%b\0%d\0%d\0" % (raw, b"unseen" if reason else kind.encode(), size, modified_ns)
            for raw, _, kind, size, modified_ns, _, reason, _, _ in entries
            if kind != "folder"
        ]
    )
