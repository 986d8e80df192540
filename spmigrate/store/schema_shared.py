"""Tables for several machines that work on one ledger. Append a migration; never edit one that shipped."""

SHARED = """
ALTER TABLE source ADD COLUMN reach TEXT NOT NULL DEFAULT '';
CREATE TABLE sealed(id TEXT PRIMARY KEY, value BLOB NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE pacing(app TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;
"""
"""`source.reach` names the machines that can read a source ('' is any); its batches carry it when they are planned.

`sealed` holds secrets of runs under a key that the machines have and the ledger has not; `at` is in seconds since 1970.
`pacing` is the budget of each app id where machines share one; a ledger in a file has files beside it for both.
"""
