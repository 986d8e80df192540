"""The tables of the ledger, named by the nouns of the product. Append a migration; never edit one that shipped.

Times are ISO 8601 UTC text; source file times are nanoseconds since 1970, as the operating system gives them.
`signoff`, `change` and `outcome_event` are evidence: they can be added to, never altered.

Folders and items keep their ids from scan to scan. Those whose `scan_id` is their source's `scan_id` are the present
inventory; an older `scan_id` means that the last scan did not meet them any more. `folder.path` is relative to the
source's root, which is the empty path; `raw` is the same in the bytes of the file system. `folder.items` and `bytes`
count what lies directly in it, `digest` stands for exactly that listing. Folder state `found`: not yet listed.
"""

from spmigrate.store.schema_copies import COPIES
from spmigrate.store.schema_moves import CUTOVER, EVIDENCE_PACK, ROUNDS, ROW_HOME, UNEXPLAINED
from spmigrate.store.schema_packages import PACKAGES
from spmigrate.store.schema_plans import PLANS
from spmigrate.store.schema_shared import SHARED

_INVENTORY = """
CREATE TABLE source(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, root TEXT NOT NULL, scan_id INTEGER);
CREATE TABLE scan(
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source, started TEXT NOT NULL, ended TEXT,
  state TEXT NOT NULL CHECK(state IN ('running','complete','incomplete')), digest TEXT,
  folders INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
  unseen INTEGER NOT NULL DEFAULT 0, directory TEXT NOT NULL DEFAULT '', look_inside INTEGER NOT NULL DEFAULT 0);
CREATE TABLE folder(
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source, parent_id INTEGER REFERENCES folder,
  path TEXT NOT NULL, raw BLOB NOT NULL, state TEXT NOT NULL CHECK(state IN ('found','seen','unseen')), reason TEXT,
  modified_ns INTEGER, scan_id INTEGER NOT NULL, items INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
  digest TEXT, UNIQUE(source_id, raw));
CREATE INDEX folder_parent ON folder(parent_id);
CREATE INDEX folder_found ON folder(source_id, id) WHERE state = 'found';
CREATE TABLE item(
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source, folder_id INTEGER NOT NULL REFERENCES folder,
  name TEXT NOT NULL, raw BLOB NOT NULL, kind TEXT NOT NULL CHECK(kind IN ('file','link','special')),
  size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, created_ns INTEGER, scan_id INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'seen' CHECK(state IN ('seen','unseen')), reason TEXT, UNIQUE(folder_id, raw));
CREATE INDEX item_source ON item(source_id);
CREATE INDEX item_unseen ON item(source_id) WHERE state = 'unseen';
CREATE TABLE finding(
  id INTEGER PRIMARY KEY, scan_id INTEGER NOT NULL REFERENCES scan, code TEXT NOT NULL, severity TEXT NOT NULL,
  folder_id INTEGER NOT NULL REFERENCES folder, item_id INTEGER REFERENCES item,
  treatment TEXT NOT NULL CHECK(treatment IN ('note','rename','skip','route','block')), proposal TEXT,
  message TEXT NOT NULL);
CREATE INDEX finding_scan ON finding(scan_id, code);
CREATE INDEX finding_item ON finding(item_id) WHERE item_id IS NOT NULL;
CREATE INDEX finding_folder ON finding(folder_id) WHERE item_id IS NULL;
"""

_MAPPING = """
CREATE TABLE sheet(
  id TEXT PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source, scan_id INTEGER NOT NULL REFERENCES scan,
  version INTEGER NOT NULL, issue_key TEXT NOT NULL, file TEXT NOT NULL, owner TEXT NOT NULL, deputy TEXT,
  deputy_until TEXT, state TEXT NOT NULL, issued TEXT NOT NULL, basis TEXT NOT NULL);
CREATE TABLE mapping_row(
  row_id TEXT PRIMARY KEY, sheet_id TEXT NOT NULL REFERENCES sheet, position INTEGER NOT NULL,
  folder_id INTEGER NOT NULL REFERENCES folder, scope TEXT NOT NULL CHECK(scope IN ('tree','folder')),
  identity TEXT NOT NULL, decision TEXT NOT NULL DEFAULT '{}', UNIQUE(folder_id, scope));
CREATE INDEX mapping_row_sheet ON mapping_row(sheet_id, position);
CREATE TABLE signoff(
  id INTEGER PRIMARY KEY, sheet_id TEXT NOT NULL REFERENCES sheet, at TEXT NOT NULL, signer TEXT NOT NULL,
  role TEXT NOT NULL, evidence TEXT NOT NULL, statement TEXT NOT NULL, digest TEXT NOT NULL,
  previous TEXT NOT NULL, entry TEXT NOT NULL UNIQUE);
CREATE TABLE signoff_row(
  signoff_id INTEGER NOT NULL REFERENCES signoff, row_id TEXT NOT NULL REFERENCES mapping_row, digest TEXT NOT NULL,
  PRIMARY KEY(signoff_id, row_id)) WITHOUT ROWID;
"""

_WAVE = """
CREATE TABLE wave(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, round INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL CHECK(state IN ('planned','running','moved','verified')), created TEXT NOT NULL,
  tenant TEXT NOT NULL, sheets TEXT);
CREATE TABLE wave_row(
  wave_id INTEGER NOT NULL REFERENCES wave, row_id TEXT NOT NULL REFERENCES mapping_row,
  signoff_id INTEGER NOT NULL REFERENCES signoff, digest TEXT NOT NULL, scan_id INTEGER NOT NULL REFERENCES scan,
  root TEXT NOT NULL, released TEXT, PRIMARY KEY(wave_id, row_id)) WITHOUT ROWID;
CREATE TABLE wave_folder(
  wave_id INTEGER NOT NULL REFERENCES wave, folder_id INTEGER NOT NULL REFERENCES folder,
  row_id TEXT NOT NULL REFERENCES mapping_row, state TEXT NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL,
  target_key BLOB, PRIMARY KEY(wave_id, folder_id, row_id)) WITHOUT ROWID;
CREATE INDEX wave_folder_target ON wave_folder(target_key) WHERE target_key IS NOT NULL;
CREATE TABLE batch(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL, route TEXT NOT NULL,
  why TEXT NOT NULL, site TEXT NOT NULL, library TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued','leased','done')), items INTEGER NOT NULL, bytes INTEGER NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0, finished_bytes INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, lease_owner TEXT, lease_token TEXT, lease_until REAL);
CREATE INDEX batch_wave ON batch(wave_id);
CREATE INDEX batch_queued ON batch(wave_id, id) WHERE state = 'queued';
CREATE TABLE transfer(
  id INTEGER PRIMARY KEY, wave_id INTEGER NOT NULL REFERENCES wave, round INTEGER NOT NULL,
  item_id INTEGER NOT NULL REFERENCES item, row_id TEXT NOT NULL REFERENCES mapping_row,
  batch_id INTEGER REFERENCES batch, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, created_ns INTEGER,
  state TEXT NOT NULL CHECK(state IN ('todo','copying','finished')),
  outcome TEXT CHECK(outcome IN ('copied','skipped','routed','failed','vanished')), code TEXT, reason TEXT,
  site TEXT, library TEXT, target_folder TEXT, target_name TEXT, target_key BLOB, drive_id TEXT, target_id TEXT,
  etag TEXT, quickxor TEXT, sha256 TEXT, copied_size INTEGER, copied_modified_ns INTEGER, target_quickxor TEXT,
  verified TEXT CHECK(verified IN ('exact','equal in content','failed','unverifiable')), verify_note TEXT,
  attempts INTEGER NOT NULL DEFAULT 0, at TEXT, UNIQUE(wave_id, round, item_id));
CREATE INDEX transfer_target ON transfer(target_key) WHERE target_key IS NOT NULL;
CREATE INDEX transfer_batch ON transfer(batch_id);
CREATE INDEX transfer_open ON transfer(wave_id, round) WHERE state <> 'finished';
CREATE INDEX transfer_item ON transfer(item_id);
CREATE INDEX transfer_copied ON transfer(wave_id, site, library, id) WHERE outcome = 'copied';
CREATE TABLE outcome_event(
  id INTEGER PRIMARY KEY, transfer_id INTEGER NOT NULL REFERENCES transfer, at TEXT NOT NULL, event TEXT NOT NULL,
  code TEXT, note TEXT);
CREATE INDEX outcome_event_transfer ON outcome_event(transfer_id);
"""

_TENANT = """
CREATE TABLE site(
  address TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT, site_id TEXT, template TEXT NOT NULL,
  template_version INTEGER NOT NULL, applied TEXT, state TEXT NOT NULL DEFAULT '{}');
CREATE TABLE change(
  id INTEGER PRIMARY KEY, plan TEXT NOT NULL, site TEXT NOT NULL, n INTEGER NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, before TEXT, after TEXT, event TEXT NOT NULL CHECK(event IN ('intended','applied','failed')),
  at TEXT NOT NULL, note TEXT);
CREATE INDEX change_site ON change(site, id);
"""

_CHECK = """
CREATE TABLE check_run(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('rule','partner')), at TEXT NOT NULL,
  profile TEXT NOT NULL, tool TEXT NOT NULL, coverage TEXT NOT NULL DEFAULT '{}');
CREATE TABLE fact(
  check_run_id INTEGER NOT NULL REFERENCES check_run, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,
  name TEXT NOT NULL, value TEXT, unknown TEXT, source TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(check_run_id, subject_kind, subject, name)) WITHOUT ROWID;
CREATE TABLE result(
  check_run_id INTEGER NOT NULL REFERENCES check_run, rule TEXT NOT NULL, title TEXT NOT NULL, severity TEXT NOT NULL,
  subject_kind TEXT NOT NULL, subject TEXT NOT NULL, result TEXT NOT NULL, message TEXT NOT NULL,
  remedy TEXT NOT NULL, waiver TEXT,
  PRIMARY KEY(check_run_id, rule, subject_kind, subject)) WITHOUT ROWID;
"""


_SITE_RUN = """
ALTER TABLE change ADD COLUMN run INTEGER REFERENCES site_run;
ALTER TABLE change ADD COLUMN kind TEXT;
ALTER TABLE change ADD COLUMN key TEXT;
ALTER TABLE change ADD COLUMN label TEXT;
CREATE INDEX change_run ON change(run, id) WHERE run IS NOT NULL;
CREATE TABLE site_part(
  site TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, attributes TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(site, kind, key)) WITHOUT ROWID;
CREATE TABLE site_run(
  id INTEGER PRIMARY KEY, command TEXT NOT NULL, plan TEXT NOT NULL, started TEXT NOT NULL, finished TEXT,
  outcome TEXT NOT NULL DEFAULT 'stopped');
CREATE TABLE site_run_site(
  run_id INTEGER NOT NULL REFERENCES site_run, site TEXT NOT NULL, template TEXT, template_version INTEGER,
  PRIMARY KEY(run_id, site)) WITHOUT ROWID;
CREATE TABLE rollout(
  id INTEGER PRIMARY KEY, template TEXT NOT NULL, version INTEGER NOT NULL, limits TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('running','halted','finished')), started TEXT NOT NULL, finished TEXT);
CREATE TABLE rollout_site(
  rollout_id INTEGER NOT NULL REFERENCES rollout, site TEXT NOT NULL, position INTEGER NOT NULL, stage TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT 'waiting' CHECK(outcome IN ('waiting','upgraded','nothing to do','failed')),
  note TEXT NOT NULL DEFAULT '', run_id INTEGER REFERENCES site_run, at TEXT, PRIMARY KEY(rollout_id, site));
"""

_TEMPLATE_VERSION = """
CREATE TABLE template_version(
  template TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, document TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(template, version, digest)) WITHOUT ROWID;
"""

_LINK = "UPDATE site_part SET kind = 'link' WHERE kind = 'quick launch link';"
"""Links of every menu go by one name; journals, which are never altered, keep the older one."""

_RESCAN = """
CREATE TABLE access(
  id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, inherits INTEGER NOT NULL,
  rights TEXT NOT NULL);
ALTER TABLE scan ADD COLUMN hashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scan ADD COLUMN access TEXT NOT NULL DEFAULT '' CHECK(access IN ('','folders','files'));
ALTER TABLE finding ADD COLUMN inside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN created_ns INTEGER;
ALTER TABLE folder ADD COLUMN file_id;
ALTER TABLE folder ADD COLUMN former_file_id;
ALTER TABLE folder ADD COLUMN first_scan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN changed_scan INTEGER;
ALTER TABLE folder ADD COLUMN gone_scan INTEGER;
ALTER TABLE folder ADD COLUMN renamed_from INTEGER REFERENCES folder;
ALTER TABLE folder ADD COLUMN access_id INTEGER REFERENCES access;
UPDATE folder SET gone_scan = 0 WHERE scan_id <> (SELECT s.scan_id FROM source s WHERE s.id = source_id);
CREATE TABLE item_with_history(
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL, folder_id INTEGER NOT NULL REFERENCES folder,
  name TEXT NOT NULL, name_bytes BLOB,
  raw BLOB NOT NULL GENERATED ALWAYS AS (coalesce(name_bytes, CAST(name AS BLOB))) VIRTUAL,
  kind TEXT NOT NULL CHECK(kind = 'file' OR kind = 'link' OR kind = 'special'), size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL, created_ns INTEGER, scan_id INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'seen' CHECK(state = 'seen' OR state = 'unseen'), reason TEXT,
  attributes INTEGER NOT NULL DEFAULT 0, file_id, former_file_id, first_scan INTEGER NOT NULL DEFAULT 0,
  changed_scan INTEGER, gone_scan INTEGER, renamed_from INTEGER REFERENCES item, sha256 TEXT, quickxor TEXT,
  looked_scan INTEGER, access_id INTEGER REFERENCES access, UNIQUE(folder_id, raw));
INSERT INTO item_with_history(id, source_id, folder_id, name, name_bytes, kind, size, modified_ns, created_ns,
    scan_id, state, reason, gone_scan)
  SELECT i.id, i.source_id, i.folder_id, i.name, CASE WHEN i.raw <> CAST(i.name AS BLOB) THEN i.raw END, i.kind, i.size,
    i.modified_ns, i.created_ns, i.scan_id, i.state, i.reason, CASE WHEN i.scan_id <> s.scan_id THEN 0 END
  FROM item i JOIN source s ON s.id = i.source_id;
DROP TABLE item;
ALTER TABLE item_with_history RENAME TO item;
CREATE INDEX item_unseen ON item(source_id) WHERE state = 'unseen';
"""
"""Rebuilt with the name kept once: `item.raw` is the name's own bytes but where those are no UTF-8.

`first_scan` is the scan that met a folder or an item first (0: before this was kept), `changed_scan` the last one that
met an item changed, or a folder with other items in it; `gone_scan` the one that did not meet it any more (an item of a
gone folder has gone with it). `renamed_from` is the row that it was before the last scan, and `former_file_id` what was
known by its name before. `looked_scan` is the scan that looked into a file, whose findings are those `inside`.
"""

_SIGNOFF_ACT = """
ALTER TABLE signoff ADD COLUMN act TEXT;
ALTER TABLE signoff ADD COLUMN level INTEGER;
ALTER TABLE signoff ADD COLUMN person TEXT;
ALTER TABLE signoff ADD COLUMN policy TEXT;
CREATE TABLE signed_form(digest TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE refusal(
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, sheet_id TEXT NOT NULL, act TEXT NOT NULL, signer TEXT NOT NULL,
  rule TEXT NOT NULL, message TEXT NOT NULL);
CREATE TRIGGER signoff_once BEFORE INSERT ON signoff
  WHEN EXISTS (SELECT 1 FROM signoff WHERE id = NEW.id OR entry = NEW.entry)
  BEGIN SELECT RAISE(ABORT, 'signoff is evidence: no entry takes the place of another'); END;
CREATE TRIGGER signoff_follows AFTER INSERT ON signoff
  WHEN NEW.id <> (SELECT max(id) FROM signoff) OR NEW.previous <> coalesce(
    (SELECT entry FROM signoff WHERE id < NEW.id ORDER BY id DESC LIMIT 1), printf('%064d', 0))
  BEGIN SELECT RAISE(ABORT, 'signoff is a chain: an entry follows the last one, and names it'); END;
CREATE TRIGGER signoff_four_eyes AFTER INSERT ON signoff
  WHEN NEW.person <> '' AND EXISTS (
    SELECT 1 FROM signoff s WHERE s.sheet_id = NEW.sheet_id AND s.person = NEW.person AND s.id <> NEW.id
    AND replace(s.role, 'deputy', 'owner') <> replace(NEW.role, 'deputy', 'owner'))
  BEGIN SELECT RAISE(ABORT, 'four eyes: nobody acts in two capacities on one sheet'); END;
CREATE TRIGGER signoff_row_follows BEFORE INSERT ON signoff_row
  WHEN NEW.signoff_id <> (SELECT max(id) FROM signoff)
    OR EXISTS (SELECT 1 FROM signoff_row r WHERE r.signoff_id = NEW.signoff_id AND r.row_id = NEW.row_id)
  BEGIN SELECT RAISE(ABORT, 'signoff_row is evidence: rows are named by the last entry alone, once'); END;
CREATE TRIGGER signed_form_once BEFORE INSERT ON signed_form
  WHEN EXISTS (SELECT 1 FROM signed_form f WHERE f.digest = NEW.digest)
  BEGIN SELECT RAISE(IGNORE); END;
"""
"""Acts of the protocol: who did what, on which evidence, under which versions. Older entries are plain sign-offs.

`signed_form` keeps the canonical form behind each digest that an owner signed; `refusal` what was asked and not done.
"""


_DRAFT = """
CREATE TABLE draft(
  source_id INTEGER PRIMARY KEY REFERENCES source, scan_id INTEGER NOT NULL REFERENCES scan, at TEXT NOT NULL,
  proposed TEXT NOT NULL);
ALTER TABLE sheet ADD COLUMN part TEXT NOT NULL DEFAULT '';
CREATE INDEX sheet_source ON sheet(source_id);
"""
"""What was proposed for a source, before anybody edited it; a source may have many sheets, each a part of its draft."""


_SHEET_DOCUMENT = """
CREATE TABLE sheet_document(
  sheet_id TEXT NOT NULL REFERENCES sheet, version INTEGER NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL,
  library TEXT NOT NULL, drive_id TEXT NOT NULL, item_id TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(sheet_id, version)) WITHOUT ROWID;
"""
"""Workbooks that lie in a library of the tenant, where their owners work on them."""


_ROW_BASELINE = """
ALTER TABLE mapping_row ADD COLUMN baseline TEXT NOT NULL DEFAULT '{}';
"""
"""The answers that a row had when it was issued or collected last, before anybody could sort them apart."""


_SIGNOFF_SHEET = "CREATE INDEX signoff_sheet ON signoff(sheet_id);"
"""What was done with a sheet is found without reading what was done with all others."""


def _append_only(*tables: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is evidence: it can be added to, never altered'); END;\n"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


MIGRATIONS: tuple[str, ...] = (
    _INVENTORY
    + _MAPPING
    + _WAVE
    + _TENANT
    + _CHECK
    + _append_only("signoff", "signoff_row", "change", "outcome_event"),
    _SITE_RUN,
    _TEMPLATE_VERSION,
    _LINK,
    _RESCAN,
    _SIGNOFF_ACT + _append_only("signed_form", "refusal"),
    _DRAFT,
    _SHEET_DOCUMENT,
    _ROW_BASELINE,
    ROUNDS + _append_only("wave_event"),
    EVIDENCE_PACK + _append_only("evidence_pack"),
    UNEXPLAINED,
    CUTOVER + _append_only("wave_step", "wave_waiver", "wave_undo"),
    PACKAGES + _append_only("package_step"),
    ROW_HOME,
    PLANS,
    SHARED,
    COPIES,
    _SIGNOFF_SHEET,
)
"""SQL scripts; `PRAGMA user_version` counts how many of them a ledger has."""
