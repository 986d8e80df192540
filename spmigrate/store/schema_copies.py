"""Tables of the copy route. Append a migration; never edit one that shipped."""

COPIES = """
CREATE TABLE copy_file(
  transfer_id INTEGER NOT NULL REFERENCES transfer, batch_id INTEGER NOT NULL REFERENCES batch, token TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('intended','sent','ended')), site_url TEXT NOT NULL DEFAULT '',
  size INTEGER, modified_ns INTEGER, quickxor TEXT, job_id TEXT, secret TEXT, outcome TEXT, code TEXT, reason TEXT,
  drive_id TEXT, target_id TEXT, etag TEXT, target_quickxor TEXT, adopted INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(transfer_id)) WITHOUT ROWID;
CREATE INDEX copy_file_batch ON copy_file(batch_id);
"""
"""Files that SharePoint copies by itself: what was asked for, by which job, and what came of it.

`token` is the lease under which it was written: what an earlier one left is looked at before anything is asked again.
`secret` is the id of what has to be shown to ask after the job; it is shared by the files of one call.
"""
