"""Tables of what was planned: which wave waits for which, and what would move when."""

PLANS = """
CREATE TABLE wave_after(
  wave_id INTEGER NOT NULL REFERENCES wave, after_id INTEGER NOT NULL REFERENCES wave,
  PRIMARY KEY(wave_id, after_id)) WITHOUT ROWID;
CREATE TABLE wave_schedule(
  wave_id INTEGER PRIMARY KEY REFERENCES wave, at TEXT NOT NULL, starts TEXT NOT NULL, until TEXT NOT NULL,
  least_end TEXT, most_end TEXT);
CREATE TABLE wave_week(
  wave_id INTEGER NOT NULL REFERENCES wave, week TEXT NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY(wave_id, week)) WITHOUT ROWID;
"""
"""`wave_after`: a wave does not run before another has moved. `wave_schedule` and `wave_week` are the last plan from
before a wave started, which the burn-down is held against: a week is named by its Monday, and amounts are what would
move in it. The ends are NULL where none is in sight.
"""
