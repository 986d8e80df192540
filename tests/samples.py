"""Sample material that several tests share."""

from spmigrate.store.ledger import Ledger

_AT = "2026-04-01T09:30:00.000000Z"

_ROWS = f"""
INSERT INTO source(id, name, kind, root, scan_id) VALUES(1, 'Highways', 'folder', '/srv/share/Highways', 1);
INSERT INTO scan(id, source_id, started, ended, state, digest, folders, items, bytes, unseen)
  VALUES(1, 1, '{_AT}', '{_AT}', 'incomplete', 'd1', 2, 5, 150, 1);
INSERT INTO folder(id, source_id, parent_id, path, raw, state, scan_id) VALUES(1, 1, NULL, '', x'', 'seen', 1);
INSERT INTO folder(id, source_id, parent_id, path, raw, state, scan_id)
  VALUES(2, 1, 1, 'Inspections', x'496e', 'seen', 1);
INSERT INTO item(id, source_id, folder_id, name, name_bytes, kind, size, modified_ns, scan_id)
  VALUES(1, 1, 2, 'Bridge 14.docx', x'01', 'file', 10, 1, 1), (2, 1, 2, 'aux.docx', x'02', 'file', 20, 1, 1),
        (3, 1, 2, 'Thumbs.db', x'03', 'file', 30, 1, 1), (4, 1, 2, 'Assets.accdb', x'04', 'file', 40, 1, 1),
        (5, 1, 2, '<script>alert(1)</script>.txt', x'05', 'file', 50, 1, 1);
INSERT INTO finding(scan_id, code, severity, folder_id, item_id, treatment, proposal, message)
  VALUES(1, 'NAME-RESERVED', 'high', 2, 2, 'rename', 'aux_.docx', 'a name that Windows reserves');
INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, state, issued, basis)
  VALUES('S-0001', 1, 1, 1, 'k', 'mappings/S-0001.xlsx', 'asset.management.lead', 'OWNER-SIGNED', '{_AT}', '{{}}'),
        ('S-0002', 1, 1, 1, 'k2', 'mappings/S-0002.xlsx', 'structures.lead', 'ISSUED', '{_AT}', '{{}}');
INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity)
  VALUES('M-0001-A', 'S-0001', 1, 2, 'tree', '{{}}');
INSERT INTO signoff(id, sheet_id, at, signer, role, evidence, statement, digest, previous, entry)
  VALUES(1, 'S-0001', '{_AT}', 'asset.management.lead', 'owner', 'approval record CHG-1',
  'You are agreeing to move 1 folder. Nothing will be deleted.', 'abc123', printf('%064d', 0), 'e1');
INSERT INTO signoff_row VALUES(1, 'M-0001-A', 'abc');
INSERT INTO wave(id, name, state, created, tenant) VALUES(1, 'pilot', 'verified', '{_AT}', 'contoso.onmicrosoft.com');
INSERT INTO wave_row VALUES(1, 'M-0001-A', 1, 'abc', 1, '/srv/share/Highways', NULL);
INSERT INTO wave_folder(wave_id, folder_id, row_id, state, items, bytes) VALUES(1, 2, 'M-0001-A', 'seen', 5, 150);
INSERT INTO transfer(wave_id, round, item_id, row_id, size, modified_ns, state, outcome, code, reason, verified)
  VALUES(1, 1, 1, 'M-0001-A', 10, 1, 'finished', 'copied', NULL, NULL, 'exact'),
        (1, 1, 2, 'M-0001-A', 20, 1, 'finished', 'failed', 'NAME-RESERVED', 'needs a new name', NULL),
        (1, 1, 3, 'M-0001-A', 30, 1, 'finished', 'skipped', 'JUNK', 'made by Windows', NULL),
        (1, 1, 4, 'M-0001-A', 40, 1, 'finished', 'routed', 'DATABASE', 'belongs in a system', NULL),
        (1, 1, 5, 'M-0001-A', 50, 1, 'finished', 'vanished', 'VANISHED', 'no longer there', NULL);
INSERT INTO site VALUES('/sites/t-a3w9c', 'Asset Management', 'https://contoso.sharepoint.com/sites/t-a3w9c', 'g',
  'team', 1, '{_AT}', '{{}}');
INSERT INTO check_run VALUES(1, 'rule', '{_AT}', 'default', '0.1.0', '{{}}');
INSERT INTO result VALUES
  (1, 'SHR-03', 'No site allows Anyone links', 'high', 'site', '/sites/x', 'fail', 'Anyone', 'Lower it.', NULL),
  (1, 'OWN-01', 'Two working owners', 'high', 'site', '/sites/y', 'fail', 'one owner', 'Add one.', 'W-1 until May'),
  (1, 'GST-03', 'Stale guest', 'medium', 'guest', 'g', 'unknown', 'no licence', 'Grant it.', NULL),
  (1, 'TEN-01', 'Sharing level', 'high', 'tenant', 't', 'pass', '', '', NULL);
"""


def filled_ledger(ledger: Ledger) -> None:
    """Put one of everything into an empty ledger: every outcome, a failed and a waived rule, an unsigned sheet."""
    for statement in _ROWS.split(";\n"):
        if statement.strip():
            ledger.execute(statement)
