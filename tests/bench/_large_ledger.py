"""A ledger as the scan of a whole council leaves it, written in SQL: 25 million files in 2.5 million folders.

Nothing was scanned for it. Its folders, sheets, waves and outcomes hang together as the commands would leave them.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from spmigrate.store.ledger import Ledger

SOURCES = 20
BRANCHES = (12, 8, 10, 12, 10)
"""How many folders lie in one, from the top: 126,972 folders in each source, its root included."""
FILES_IN_EACH = 10
OWNER = "highways.maintenance.head"
MOVED = 1
"""The number of the one source that has moved."""

_AREAS = (
    "Placements", "Panel minutes", "Assessments", "Court papers", "Bridges", "Surveys", "Drainage", "Lighting",
    "Invoices", "Payroll", "Recruitment", "Contracts", "Policies", "Team meetings", "Training", "Photographs",
    "Planning applications", "Enforcement", "Inspections", "Risk assessments", "Complaints", "Archive", "Templates",
    "Budget monitoring", "Performance", "Projects", "Correspondence", "Legal advice", "Health and safety",
    "Archive 2009",
)  # fmt: skip
_PLACES = (
    "Mill Lane", "Station Road", "Church End", "North Quay", "Castle Street", "Park View", "Abbey Close",
    "Bridge Street", "Market Square", "High Street", "Manor Way", "Priory Road", "Kings Head", "Ferry Road",
    "Heath Common", "Lower Green",
)  # fmt: skip
_WORDS = (
    "Report", "Minutes", "Agenda", "Invoice", "Letter", "Plan", "Survey", "Drawing", "Contract", "Budget", "Review",
    "Schedule", "Photo", "Form", "Notes", "Estimate", "Decision", "Checklist", "Summary", "Tracker", "Programme",
)  # fmt: skip
_ENDINGS = ("docx", "xlsx", "pdf", "msg", "jpg", "pptx", "dwg", "txt")


def make(path: Path, *, sources: int = SOURCES, branches: tuple[int, ...] = BRANCHES) -> int:
    """Write the ledger at `path`, where none may be; returns how many files it holds."""
    with Ledger(path):
        pass
    with closing(sqlite3.connect(path)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            database.execute(f"PRAGMA {pragma}")
        database.executescript("DROP INDEX folder_parent; DROP INDEX folder_found;")
        database.executemany(
            "INSERT INTO folder(id, source_id, parent_id, path, raw, state, scan_id, items)"
            " VALUES(?,?,?,?,?,'seen',?,?)",
            _folders(sources, branches),
        )
        database.executescript(
            "CREATE INDEX folder_parent ON folder(parent_id);"
            "CREATE INDEX folder_found ON folder(source_id, id) WHERE state = 'found';"
        )
        _fill_names(database)
        _register(database, sources)
        database.commit()
        (count,) = database.execute("SELECT count(*) FROM item").fetchone()
    with Ledger(path):
        pass
    return int(count)


_WORDS_OF_NAMES = """
CREATE TEMP TABLE number(n INTEGER PRIMARY KEY);
CREATE TEMP TABLE word(n INTEGER PRIMARY KEY, w TEXT);
CREATE TEMP TABLE ending(n INTEGER PRIMARY KEY, e TEXT);
"""
_ITEMS = """
INSERT INTO item(source_id, folder_id, name, kind, size, modified_ns, scan_id)
SELECT f.source_id, f.id,
  (SELECT w FROM word WHERE word.n = number.n) || (2005 + (f.id * 7 + number.n) % 20) || ' '
  || (SELECT w FROM word WHERE word.n = (f.id + number.n * 5) % 21) || (f.id % 100000)
  || (SELECT e FROM ending WHERE ending.n = (f.id + number.n) % 8), 'file',
  1000 + (f.id * 31 + number.n * 977) % 900000, 1500000000000000000 + f.id * 1000000000, f.scan_id
FROM folder f CROSS JOIN number ORDER BY f.id
"""


def _fill_names(database: sqlite3.Connection) -> None:
    database.executescript(_WORDS_OF_NAMES)
    database.executemany("INSERT INTO number VALUES(?)", [(n,) for n in range(FILES_IN_EACH)])
    database.executemany("INSERT INTO word VALUES(?,?)", [(n, f"{word} ") for n, word in enumerate(_WORDS)])
    database.executemany("INSERT INTO ending VALUES(?,?)", [(n, f".{word}") for n, word in enumerate(_ENDINGS)])
    database.execute(_ITEMS)


def _folders(sources: int, branches: tuple[int, ...]) -> Iterator[tuple[object, ...]]:
    """Folders by source, those of one depth together, as a scan meets them."""
    chance = random.Random(5)
    number = 0
    for source in range(1, sources + 1):
        number += 1
        yield number, source, None, "", b"", source, FILES_IN_EACH
        level = [(number, "")]
        for depth, branch in enumerate(branches):
            below = []
            for parent, above in level:
                for each in range(branch):
                    number += 1
                    name = _name(chance, depth, each, number)
                    path = f"{above}/{name}" if above else name
                    yield number, source, parent, path, path.encode(), source, FILES_IN_EACH
                    below.append((number, path))
            level = below


def _name(chance: random.Random, depth: int, each: int, number: int) -> str:
    if depth < 2:
        return f"{_AREAS[(each * 7 + depth * 3 + number // 1000) % len(_AREAS)]}{'' if depth == 0 else f' {each}'}"
    if depth == 2:
        return f"{chance.choice(_AREAS)} {each:02}"
    return f"{number} {chance.choice(_PLACES)}" if depth == 3 else f"{chance.choice(_AREAS)} {2010 + each}"


def _register(database: sqlite3.Connection, sources: int) -> None:
    """Sources, scans, a sheet for each source with a row for each second folder, and one source that has moved."""
    for source in range(1, sources + 1):
        name, root = f"Directorate {source:02}", f"smb://fs01/Directorate{source:02}"
        (folders,) = database.execute("SELECT count(*) FROM folder WHERE source_id=?", (source,)).fetchone()
        database.execute(
            "INSERT INTO source(id, name, kind, root, scan_id) VALUES(?,?,'smb',?,?)",
            (source, name, root, source),
        )
        database.execute(
            "INSERT INTO scan(id, source_id, started, ended, state, items) VALUES(?,?,?,?,'complete',?)",
            (source, source, "2026-10-01T18:00:00Z", "2026-10-01T23:00:00Z", folders * FILES_IN_EACH),
        )
        database.execute(
            "INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, state, issued, basis)"
            " VALUES(?,?,?,1,'key','sheet.xlsx',?,'OWNER-SIGNED','2026-10-05T09:00:00Z','{}')",
            (f"S-{source:04}", source, source, OWNER),
        )
    database.execute(
        "INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity, decision)"
        " SELECT printf('M-%04d-%d', f.source_id, f.id), printf('S-%04d', f.source_id), f.id, f.id,"
        " CASE WHEN depth = 2 THEN 'tree' ELSE 'folder' END, '{}', :decision"
        " FROM (SELECT *, length(path) - length(replace(path, '/', '')) + (path <> '') AS depth FROM folder) f"
        " WHERE depth <= 2",
        {"decision": json.dumps(DECISION)},
    )
    _move(database)


DECISION = {
    "meaning": {
        "decision": "Move", "sensitive": "No", "home": {"site": "/sites/t-a3w9c", "library": "Shared Documents"},
    },
    "remarks": {"home label": "Asset Management > Documents"},
}  # fmt: skip


def _move(database: sqlite3.Connection) -> None:
    """The outcomes of the source that has moved: copied but for one file in ten, which stayed behind by rule."""
    database.execute(
        "INSERT INTO site VALUES('/sites/t-a3w9c','Asset Management',"
        "'https://council.sharepoint.example/sites/t-a3w9c',NULL,'Team site',1,'2026-10-01T09:00:00Z','{}')"
    )
    database.execute(
        "INSERT INTO wave(id, name, state, created, tenant) VALUES(1,'Wave 1','verified',"
        "'2026-10-10T09:00:00Z','council')"
    )
    database.execute(
        "INSERT INTO wave_row(wave_id, row_id, signoff_id, digest, scan_id, root)"
        " SELECT 1, row_id, 1, '', 1, '' FROM mapping_row WHERE sheet_id = printf('S-%04d', :moved)",
        {"moved": MOVED},
    )
    database.execute(
        "INSERT INTO transfer(wave_id, round, item_id, row_id, size, modified_ns, state, outcome, code, reason, site,"
        " library, target_folder, target_name, at)"
        " SELECT 1, 1, i.id, 'M', i.size, i.modified_ns, 'finished',"
        " iif(i.id % 10, 'copied', 'skipped'), iif(i.id % 10, NULL, 'TEMPORARY'),"
        " iif(i.id % 10, NULL, 'A temporary file.'),"
        " '/sites/t-a3w9c', 'Shared Documents', f.path, i.name, '2026-10-16T02:00:00Z'"
        " FROM item i JOIN folder f ON f.id = i.folder_id WHERE f.source_id = :moved",
        {"moved": MOVED},
    )
