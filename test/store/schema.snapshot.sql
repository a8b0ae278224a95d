CREATE INDEX conflict_decided ON conflict (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX conflict_field_open ON conflict_field (field, state) WHERE state <> 'closed';
CREATE UNIQUE INDEX conflict_of_match ON conflict (sync, match_key) WHERE state <> 'closed' AND kind = 'match';
CREATE UNIQUE INDEX conflict_of_record ON conflict (record, kind) WHERE state <> 'closed' AND record IS NOT NULL;
CREATE INDEX conflict_open ON conflict (sync, state, opened_at) WHERE state <> 'closed';
CREATE INDEX conflict_queue ON conflict (grp, opened_at, id, sync, state) WHERE state <> 'closed';
CREATE UNIQUE INDEX dead_letter_of_record ON dead_letter (record, endpoint) WHERE state <> 'settled';
CREATE INDEX dead_letter_queue ON dead_letter (state, sync, endpoint, grp, id);
CREATE INDEX history_of_record ON history (record, id);
CREATE INDEX item_of_plan ON item (plan, kind, endpoint, id, state);
CREATE INDEX item_of_record ON item (plan, record) WHERE record IS NOT NULL;
CREATE INDEX item_to_write ON item (plan, endpoint, kind, id) WHERE state = 'planned';
CREATE UNIQUE INDEX known_rows_of_chunk ON known_rows (chunk, endpoint);
CREATE UNIQUE INDEX link_by_record ON link (record, endpoint);
CREATE INDEX link_by_shown ON link (shown_hash) WHERE shown_hash IS NOT NULL;
CREATE INDEX log_of_run ON log (run, id);
CREATE INDEX record_pending ON record (sync, id) WHERE pending > 0;
CREATE INDEX run_by_status ON run (status, id);
CREATE INDEX run_by_time ON run (started);
CREATE INDEX run_of_sync ON run (sync, id);
CREATE INDEX run_open ON run (id) WHERE status IN ('reading', 'planned', 'writing');
CREATE INDEX run_undoes ON run (json_extract(options, '$.undo')) WHERE json_extract(options, '$.undo') IS NOT NULL;
CREATE INDEX verification_of_sync ON verification (sync, id);
CREATE TABLE abandoned_log (consumer TEXT PRIMARY KEY, name TEXT NOT NULL, connection TEXT NOT NULL, folder TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, record INTEGER REFERENCES record (id), kind TEXT NOT NULL CHECK (kind IN ('fields', 'presence', 'match')),
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'closed')), label TEXT NOT NULL, match_key TEXT, body TEXT,
  opened_run INTEGER NOT NULL, opened_at INTEGER NOT NULL, closed_run INTEGER, closed_at INTEGER,
  grp TEXT NOT NULL DEFAULT '', decided_at INTEGER
) STRICT;
CREATE TABLE conflict_field (
  conflict INTEGER NOT NULL REFERENCES conflict (id), field TEXT NOT NULL, reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'closed')), base TEXT, candidates TEXT NOT NULL,
  choice TEXT, decided_at INTEGER, outcome TEXT,
  PRIMARY KEY (conflict, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE connection_state (connection TEXT PRIMARY KEY, health TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, endpoint TEXT NOT NULL, record INTEGER NOT NULL REFERENCES record (id),
  kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')), key TEXT NOT NULL, label TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, cells TEXT NOT NULL, digest TEXT NOT NULL, config TEXT NOT NULL,
  code TEXT NOT NULL, message TEXT NOT NULL, remedy TEXT NOT NULL, column_name TEXT, grp TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'retry', 'discarded', 'settled')), reason TEXT, by TEXT,
  attempts INTEGER NOT NULL, first_run INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, next_at INTEGER NOT NULL, closed_at INTEGER
) STRICT;
CREATE TABLE dead_letter_attempt (
  letter INTEGER NOT NULL REFERENCES dead_letter (id), run INTEGER NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (letter, at, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE drift (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, field TEXT NOT NULL, column_name TEXT NOT NULL, near TEXT NOT NULL, run INTEGER NOT NULL, since INTEGER NOT NULL,
  choice TEXT CHECK (choice IN ('pause')), by TEXT,
  PRIMARY KEY (sync, endpoint, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, name TEXT NOT NULL,
  version INTEGER NOT NULL, key_hash TEXT NOT NULL, filter_hash TEXT NOT NULL, fields TEXT NOT NULL,
  rows INTEGER, position REAL, cursor TEXT, scanned_at INTEGER, proven INTEGER, columns TEXT, log_consumer TEXT, log_token TEXT, known TEXT,
  UNIQUE (sync, name)
) STRICT;
CREATE TABLE history (
  id INTEGER PRIMARY KEY, record INTEGER NOT NULL, field TEXT NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('change', 'overwritten')), source TEXT, from_value TEXT, to_value TEXT, decision TEXT NOT NULL
) STRICT;
CREATE TABLE item (
  id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete', 'conflict', 'withheld', 'skip')),
  would_be TEXT, record INTEGER, label TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, because TEXT NOT NULL, digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'moved', 'failed', 'withheld', 'skipped')), done_at INTEGER, problem TEXT
) STRICT;
CREATE TABLE known_rows (
  endpoint INTEGER NOT NULL REFERENCES endpoint (id), chunk INTEGER NOT NULL, body BLOB NOT NULL, lossy TEXT NOT NULL
) STRICT;
CREATE TABLE link (
  endpoint INTEGER NOT NULL REFERENCES endpoint (id), key TEXT NOT NULL, record INTEGER NOT NULL REFERENCES record (id),
  status TEXT NOT NULL CHECK (status IN ('live', 'absent', 'outside', 'ignored')),
  shadow TEXT, hash INTEGER, version INTEGER NOT NULL, absence TEXT, shown_hash INTEGER,
  PRIMARY KEY (endpoint, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE log (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at INTEGER NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL
) STRICT;
CREATE TABLE match_index (hash INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (hash, record)) STRICT, WITHOUT ROWID;
CREATE TABLE match_verdict (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL, grp TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (sync, endpoint, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, revision INTEGER NOT NULL, made_at INTEGER NOT NULL,
  hash TEXT NOT NULL, summary TEXT NOT NULL, run INTEGER
) STRICT;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, uuid BLOB NOT NULL, sync INTEGER NOT NULL REFERENCES sync (id), status TEXT NOT NULL CHECK (status IN ('live', 'deleted')),
  golden TEXT NOT NULL, match_hash INTEGER, pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1)), born INTEGER NOT NULL
) STRICT;
CREATE TABLE reserved (next INTEGER NOT NULL, indexed INTEGER NOT NULL, direct INTEGER NOT NULL) STRICT;
CREATE TABLE revision (
  revision INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE run (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, revision INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('reading', 'planned', 'writing', 'complete', 'partial', 'withheld', 'failed', 'cancelled')),
  started INTEGER NOT NULL, finished INTEGER, options TEXT NOT NULL, plan INTEGER, plan_hash TEXT,
  phases TEXT NOT NULL, counts TEXT NOT NULL, opened INTEGER NOT NULL DEFAULT 0, committed INTEGER NOT NULL DEFAULT 0, verified TEXT, problem TEXT
) STRICT;
CREATE TABLE run_settled (
  run INTEGER NOT NULL, field TEXT NOT NULL, by TEXT NOT NULL CHECK (by IN ('policy', 'person')), count INTEGER NOT NULL, PRIMARY KEY (run, field, by)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_source (
  run INTEGER NOT NULL, endpoint TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (run, endpoint)
) STRICT, WITHOUT ROWID;
CREATE TABLE schedule (
  sync TEXT PRIMARY KEY, due INTEGER, full_due INTEGER, plan TEXT NOT NULL, paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))
, verify_due INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sending (
  plan INTEGER NOT NULL, endpoint TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (plan, endpoint, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE shape (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE skip (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, why TEXT NOT NULL,
  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL,
  PRIMARY KEY (sync, endpoint, key, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, records INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE verification (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, at INTEGER NOT NULL, took INTEGER NOT NULL, cause TEXT NOT NULL CHECK (cause IN ('asked', 'schedule')),
  differing INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TRIGGER conflict_field_added AFTER INSERT ON conflict_field BEGIN
  UPDATE conflict SET grp = (
    SELECT group_concat(field, ', ' ORDER BY field) FROM conflict_field WHERE conflict = new.conflict AND state <> 'closed'
  ) || ' · ' || (
    SELECT group_concat(side, ' ≠ ' ORDER BY side) || CASE count(*) WHEN 1 THEN ' ≠ agreed' ELSE '' END FROM (
      SELECT DISTINCT e.key AS side FROM conflict_field f, json_each(f.candidates) e WHERE f.conflict = new.conflict AND f.state <> 'closed')
  ) WHERE id = new.conflict;
END;
CREATE TRIGGER conflict_field_changed AFTER UPDATE OF state, candidates ON conflict_field
WHEN old.candidates <> new.candidates OR (old.state = 'closed') <> (new.state = 'closed') BEGIN
  UPDATE conflict SET grp = coalesce((
    SELECT group_concat(field, ', ' ORDER BY field) FROM conflict_field WHERE conflict = new.conflict AND state <> 'closed'
  ) || ' · ' || (
    SELECT group_concat(side, ' ≠ ' ORDER BY side) || CASE count(*) WHEN 1 THEN ' ≠ agreed' ELSE '' END FROM (
      SELECT DISTINCT e.key AS side FROM conflict_field f, json_each(f.candidates) e WHERE f.conflict = new.conflict AND f.state <> 'closed')
  ), grp) WHERE id = new.conflict;
END;
CREATE TRIGGER conflict_named AFTER INSERT ON conflict WHEN new.kind <> 'fields' BEGIN
  UPDATE conflict SET grp = CASE new.kind WHEN 'match' THEN 'Ambiguous match' ELSE 'Update against delete' END WHERE id = new.id;
END;
CREATE TRIGGER known_link_added AFTER INSERT ON link BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
CREATE TRIGGER known_link_changed AFTER UPDATE OF key, record, status ON link
WHEN new.key <> old.key OR new.record <> old.record OR new.status <> old.status BEGIN
  DELETE FROM known_rows WHERE chunk IN (new.record >> 8, old.record >> 8);
END;
CREATE TRIGGER known_link_gone AFTER DELETE ON link BEGIN
  DELETE FROM known_rows WHERE chunk = old.record >> 8;
END;
CREATE TRIGGER known_question_changed AFTER UPDATE OF state ON conflict
WHEN new.record IS NOT NULL AND (new.state = 'closed') <> (old.state = 'closed') BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
CREATE TRIGGER known_question_opened AFTER INSERT ON conflict WHEN new.record IS NOT NULL BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
CREATE TRIGGER known_record_changed AFTER UPDATE OF status, golden ON record WHEN new.golden <> old.golden OR new.status <> old.status BEGIN
  DELETE FROM known_rows WHERE chunk = new.id >> 8;
END;
