"""Tables of the mover that came after the first ledgers. Append a migration; never edit one that shipped."""

ROUNDS = """
CREATE TABLE wave_with_control(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, round INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL CHECK(state IN (
    'planned','running','paused','moved','verified','accepted','cancelled','rolled back')),
  created TEXT NOT NULL, tenant TEXT NOT NULL, sheets TEXT,
  control TEXT NOT NULL DEFAULT '' CHECK(control IN ('','pause','cancel')));
INSERT INTO wave_with_control(id, name, round, state, created, tenant, sheets)
  SELECT id, name, round, state, created, tenant, sheets FROM wave;
DROP TABLE wave;
ALTER TABLE wave_with_control RENAME TO wave;
CREATE TABLE batch_with_reach(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, route TEXT NOT NULL,
  why TEXT NOT NULL, site TEXT NOT NULL, library TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued','held','leased','done','cancelled')), items INTEGER NOT NULL,
  bytes INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0, finished_bytes INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, lease_owner TEXT, lease_token TEXT,
  lease_until REAL, not_before REAL, reach TEXT NOT NULL DEFAULT '', error TEXT);
INSERT INTO batch_with_reach(id, wave_id, round, route, why, site, library, state, items, bytes, finished,
    finished_bytes, failed, attempts, lease_owner, lease_token, lease_until)
  SELECT id, wave_id, round, route, why, site, library, state, items, bytes, finished, finished_bytes, failed,
    attempts, lease_owner, lease_token, lease_until FROM batch;
DROP TABLE batch;
ALTER TABLE batch_with_reach RENAME TO batch;
CREATE INDEX batch_wave ON batch(wave_id);
CREATE INDEX batch_queued ON batch(wave_id, id) WHERE state = 'queued';
CREATE INDEX batch_leased ON batch(lease_until) WHERE state = 'leased';
ALTER TABLE transfer ADD COLUMN superseded INTEGER;
ALTER TABLE transfer ADD COLUMN gone INTEGER;
ALTER TABLE transfer ADD COLUMN action TEXT NOT NULL DEFAULT 'copy' CHECK(action IN ('copy','replace','rename'));
ALTER TABLE transfer ADD COLUMN former_id INTEGER REFERENCES transfer;
ALTER TABLE transfer ADD COLUMN secret TEXT;
DROP INDEX transfer_open;
CREATE INDEX transfer_open ON transfer(wave_id, row_id) WHERE state <> 'finished';
CREATE INDEX transfer_former ON transfer(former_id) WHERE former_id IS NOT NULL;
CREATE TABLE wave_folder_of_round(
  wave_id INTEGER NOT NULL REFERENCES wave, folder_id INTEGER NOT NULL REFERENCES folder,
  row_id TEXT NOT NULL REFERENCES mapping_row, state TEXT NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL,
  target_key BLOB, round INTEGER NOT NULL DEFAULT 1, PRIMARY KEY(wave_id, folder_id, row_id, round)) WITHOUT ROWID;
INSERT INTO wave_folder_of_round(wave_id, folder_id, row_id, state, items, bytes, target_key)
  SELECT wave_id, folder_id, row_id, state, items, bytes, target_key FROM wave_folder;
DROP TABLE wave_folder;
ALTER TABLE wave_folder_of_round RENAME TO wave_folder;
CREATE INDEX wave_folder_target ON wave_folder(target_key) WHERE target_key IS NOT NULL;
CREATE TABLE wave_event(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, at TEXT NOT NULL, event TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '');
CREATE INDEX wave_event_wave ON wave_event(wave_id, id);
CREATE TABLE worker(
  id TEXT PRIMARY KEY, wave_id INTEGER REFERENCES wave, host TEXT NOT NULL, process INTEGER NOT NULL,
  version TEXT NOT NULL, started REAL NOT NULL, seen_at REAL NOT NULL, ended REAL, threads INTEGER NOT NULL,
  doing TEXT NOT NULL DEFAULT '', items INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
  items_per_s REAL NOT NULL DEFAULT 0, bytes_per_s REAL NOT NULL DEFAULT 0);
CREATE INDEX worker_wave ON worker(wave_id, seen_at);
"""
"""Rounds of a wave, its control from outside, and what its workers do.

`wave.control` is what somebody asked of a running wave from another terminal. `batch.not_before` is in seconds since
1970, `batch.reach` names the queue of machines that can read its source ('' is any), `batch.error` what ended its last
attempt. `transfer.superseded` is the round that replaced it and `gone` the round whose scan did not meet its item any
more; current transfers have neither. `former_id` is the transfer that it follows, `secret` the id of a sealed upload
session. `wave_event` is evidence: what was asked of a wave, when its runs began, and why they ended. `worker` has one
row for a process that moves, with figures of the last half minute; its times are seconds since 1970.
"""

EVIDENCE_PACK = """
CREATE TABLE evidence_pack(
  id INTEGER PRIMARY KEY, wave TEXT NOT NULL, at TEXT NOT NULL, sums TEXT NOT NULL, previous TEXT NOT NULL UNIQUE,
  entry TEXT NOT NULL UNIQUE);
CREATE INDEX transfer_target_id ON transfer(target_id) WHERE target_id IS NOT NULL;
"""
"""Packs of evidence that were written of waves: `sums` is the digest of a pack's list of digests, `entry` the link."""

UNEXPLAINED = """
CREATE TABLE unexplained(
  wave_id INTEGER NOT NULL REFERENCES wave, target_id TEXT NOT NULL, site TEXT NOT NULL, library TEXT NOT NULL,
  path TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(wave_id, target_id)) WITHOUT ROWID;
"""
"""Files among the copies of a wave that no wave put there, as the last verification of the wave saw them."""

CUTOVER = """
CREATE TABLE wave_round(
  wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(wave_id, round)) WITHOUT ROWID;
CREATE TABLE wave_round_scan(
  wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, source_id INTEGER NOT NULL REFERENCES source,
  scan_id INTEGER NOT NULL REFERENCES scan, PRIMARY KEY(wave_id, round, source_id)) WITHOUT ROWID;
CREATE TABLE wave_round_amount(
  wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, kind TEXT NOT NULL, items INTEGER NOT NULL,
  bytes INTEGER NOT NULL, PRIMARY KEY(wave_id, round, kind)) WITHOUT ROWID;
CREATE TABLE wave_round_waiting(
  wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, row_id TEXT NOT NULL REFERENCES mapping_row,
  reason TEXT NOT NULL, PRIMARY KEY(wave_id, round, row_id)) WITHOUT ROWID;
CREATE TABLE wave_step(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, at TEXT NOT NULL,
  step TEXT NOT NULL, event TEXT NOT NULL, signer TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
  evidence TEXT NOT NULL, level INTEGER, note TEXT NOT NULL);
CREATE INDEX wave_step_wave ON wave_step(wave_id, id);
CREATE TABLE wave_waiver(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, transfer_id INTEGER NOT NULL REFERENCES transfer,
  at TEXT NOT NULL, code TEXT NOT NULL, signer TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
  reason TEXT NOT NULL);
CREATE INDEX wave_waiver_transfer ON wave_waiver(transfer_id);
CREATE TABLE wave_undo(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, at TEXT NOT NULL, target_id TEXT NOT NULL,
  path TEXT NOT NULL, event TEXT NOT NULL CHECK(event IN ('intended','exported','removed','kept','missing')),
  note TEXT NOT NULL DEFAULT '');
CREATE INDEX wave_undo_target ON wave_undo(wave_id, target_id);
"""
"""Rounds after the first with what each found, the steps of a cutover, and its end: accepted, or rolled back.

`wave_step`, `wave_waiver` and `wave_undo` are evidence. A waiver is of one transfer with the code that it had then.
`wave_undo` is the journal of a rollback: what was about to be taken away, kept, and taken.
"""

ROW_HOME = """
CREATE TABLE row_home(
  wave_id INTEGER NOT NULL REFERENCES wave, row_id TEXT NOT NULL REFERENCES mapping_row, site TEXT NOT NULL,
  library TEXT NOT NULL, path TEXT NOT NULL, own INTEGER NOT NULL, grants TEXT NOT NULL, label TEXT NOT NULL,
  columns TEXT NOT NULL, remarks TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('planned','closed','ready','refused')), note TEXT NOT NULL DEFAULT '',
  given TEXT NOT NULL DEFAULT '[]', carried TEXT NOT NULL DEFAULT '[]', folder_id TEXT NOT NULL DEFAULT '',
  seen TEXT NOT NULL DEFAULT '',
  seen_note TEXT NOT NULL DEFAULT '', PRIMARY KEY(wave_id, row_id)) WITHOUT ROWID;
CREATE TABLE wave_author(
  wave_id INTEGER NOT NULL REFERENCES wave, account TEXT NOT NULL, login TEXT,
  found TEXT NOT NULL CHECK(found IN ('map','directory','fall-back','unknown')),
  PRIMARY KEY(wave_id, account)) WITHOUT ROWID;
"""
"""The folder that each row of a wave gets at its new home, who is to see it, its label, and what its files carry.

`wave_author` says who the owners of a wave's files are in the tenant, where copies are to name them as authors.
"""
