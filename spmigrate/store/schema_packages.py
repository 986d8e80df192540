"""Tables of the package route: journals of jobs, ids that are given once, and what libraries hold."""

PACKAGES = """
CREATE TABLE package(
  id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL REFERENCES batch,
  phase TEXT NOT NULL CHECK(phase IN (
    'making','providing','sending','submitting','unsure','submitted','ended','done','abandoned')),
  secret TEXT NOT NULL DEFAULT '', expires REAL, archives INTEGER NOT NULL DEFAULT 0, job_id TEXT NOT NULL DEFAULT '',
  suspects TEXT NOT NULL DEFAULT '', next_token TEXT NOT NULL DEFAULT '0', began REAL NOT NULL, submitted REAL,
  asked REAL, looks INTEGER NOT NULL DEFAULT 0, ending TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, warnings INTEGER NOT NULL DEFAULT 0,
  unknown_people INTEGER NOT NULL DEFAULT 0);
CREATE INDEX package_batch ON package(batch_id, id);
CREATE INDEX package_job ON package(job_id) WHERE job_id <> '';
CREATE TABLE package_file(
  package_id INTEGER NOT NULL REFERENCES package, transfer_id INTEGER NOT NULL REFERENCES transfer,
  file_id TEXT NOT NULL DEFAULT '', blob TEXT NOT NULL DEFAULT '', size INTEGER, modified_ns INTEGER, quickxor TEXT,
  sha256 TEXT, outcome TEXT, code TEXT, reason TEXT, drive_id TEXT, target_id TEXT, etag TEXT, target_quickxor TEXT,
  adopted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(package_id, transfer_id)) WITHOUT ROWID;
CREATE INDEX package_file_transfer ON package_file(transfer_id);
CREATE TABLE package_step(
  id INTEGER PRIMARY KEY, package_id INTEGER NOT NULL REFERENCES package, at TEXT NOT NULL, step TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '');
CREATE INDEX package_step_package ON package_step(package_id, id);
CREATE TABLE package_identity(
  list_id TEXT NOT NULL, kind TEXT NOT NULL CHECK(kind IN ('file','folder')), subject TEXT NOT NULL,
  file_id TEXT NOT NULL UNIQUE, number INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(list_id, kind, subject)) WITHOUT ROWID;
CREATE UNIQUE INDEX package_identity_number ON package_identity(list_id, number) WHERE number > 0;
CREATE TABLE package_numbers(list_id TEXT PRIMARY KEY, lowest INTEGER NOT NULL, following INTEGER NOT NULL);
CREATE TABLE library_look(
  drive_id TEXT PRIMARY KEY, link TEXT NOT NULL DEFAULT '', whole INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0);
CREATE TABLE library_item(
  drive_id TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT NOT NULL, name_key TEXT NOT NULL, folder INTEGER NOT NULL,
  size INTEGER NOT NULL, modified INTEGER NOT NULL, etag TEXT NOT NULL, quickxor TEXT, unique_id TEXT NOT NULL,
  PRIMARY KEY(drive_id, id)) WITHOUT ROWID;
CREATE INDEX library_item_place ON library_item(drive_id, parent_id, name_key);
CREATE INDEX library_item_unique ON library_item(drive_id, unique_id);
"""
"""Packages of the Migration API: `package` says how far one is, and `package_step`, evidence, how it came there.

`package.secret` is the id of the sealed addresses and key; the ledger holds none of them. `expires`, `began`,
`submitted` and `asked` are seconds since 1970. `package_file` has one row for each transfer of a package, with what was
read of its original and, once that is known, its outcome. `package_identity` gives each source item and each folder of
a library its id once and for ever; `package_numbers` hands out list item numbers from the top of a block down.
`library_item` is what a library holds, kept up to date by its log of changes, where `library_look.link` goes on.
"""
