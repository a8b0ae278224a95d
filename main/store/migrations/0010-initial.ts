// The first schema of the workspace database.
import type { Migration } from '../migrate.ts';

export const initial: Migration = {
  version: 10,
  name: 'initial',
  sql: `
-- Configuration. The newest revision is in force; body is the normalised configuration (main/config).
CREATE TABLE revision (
  revision INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL, body TEXT NOT NULL
) STRICT;

-- What is known of an endpoint of a sync. version grows when its mapping changes; fields: {field: {hash, version}}, the version since
-- which a field means what it means now. A link whose version is smaller has lost its base for such a field.
CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, name TEXT NOT NULL,
  version INTEGER NOT NULL, key_hash TEXT NOT NULL, filter_hash TEXT NOT NULL, fields TEXT NOT NULL,
  rows INTEGER, position REAL, cursor TEXT, scanned_at INTEGER,
  UNIQUE (sync, name)
) STRICT;

-- The syncs by number, and how many live records each has.
CREATE TABLE sync (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, records INTEGER NOT NULL DEFAULT 0) STRICT;

-- Record numbers that plans in the making have reserved are below next. Records below indexed are in match_index; what is stored below direct is
-- added to it at once, the rest when the run has stored all.
CREATE TABLE reserved (next INTEGER NOT NULL, indexed INTEGER NOT NULL, direct INTEGER NOT NULL) STRICT;
INSERT INTO reserved VALUES (1, 1, 1);

-- The field names behind packed values, a JSON array.
CREATE TABLE shape (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;

-- golden: the agreed values, packed (golden.ts). match_hash: of the match fields of a live record. pending: 1 where
-- the next run looks at it though nothing is observed: it was left unsettled, or not all of its operations were done. born: the run that met it first.
CREATE TABLE record (
  id INTEGER PRIMARY KEY, uuid BLOB NOT NULL, sync INTEGER NOT NULL REFERENCES sync (id), status TEXT NOT NULL CHECK (status IN ('live', 'deleted')),
  golden TEXT NOT NULL, match_hash INTEGER, pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1)), born INTEGER NOT NULL
) STRICT;

-- Partners of new rows: records by the upper 32 bits of their match_hash. Many new records are added at once and in
-- the order of the hashes (sorted-hashes.ts), so that each page is written once and not for each of its entries. An entry may be outdated.
CREATE TABLE match_index (hash INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (hash, record)) STRICT, WITHOUT ROWID;

CREATE INDEX record_pending ON record (sync, id) WHERE pending > 0; -- records to reconcile without an observation

-- shadow: JSON of the values last seen or acknowledged, NULL when it is the image of golden. hash: of the native row as last seen; NULL when
-- the row must be looked at again. key: JSON array of texts. shown_hash: of the match fields that the row shows, where they are not its
-- record's (a contested field, a write that has not happened yet) or its record is not live.
CREATE TABLE link (
  endpoint INTEGER NOT NULL REFERENCES endpoint (id), key TEXT NOT NULL, record INTEGER NOT NULL REFERENCES record (id),
  status TEXT NOT NULL CHECK (status IN ('live', 'absent', 'outside', 'ignored')),
  shadow TEXT, hash INTEGER, version INTEGER NOT NULL, absence TEXT, shown_hash INTEGER,
  PRIMARY KEY (endpoint, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX link_by_record ON link (record, endpoint); -- no two rows of an endpoint belong to one record
CREATE INDEX link_by_shown ON link (shown_hash) WHERE shown_hash IS NOT NULL; -- partners of new rows

-- An open question. grp: questions with the same text are alike; kept by the triggers below. decided_at: when a person answered. kind fields: conflict_field has a row a field. kind presence: body is a PresenceHold. kind match: body {key, why, rows, records}.
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, record INTEGER REFERENCES record (id), kind TEXT NOT NULL CHECK (kind IN ('fields', 'presence', 'match')),
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'closed')), label TEXT NOT NULL, match_key TEXT, body TEXT,
  opened_run INTEGER NOT NULL, opened_at INTEGER NOT NULL, closed_run INTEGER, closed_at INTEGER,
  grp TEXT NOT NULL DEFAULT '', decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX conflict_of_record ON conflict (record, kind) WHERE state <> 'closed' AND record IS NOT NULL; -- one question a record and kind
CREATE UNIQUE INDEX conflict_of_match ON conflict (sync, match_key) WHERE state <> 'closed' AND kind = 'match';
CREATE INDEX conflict_open ON conflict (sync, state, opened_at) WHERE state <> 'closed'; -- counts by sync
CREATE INDEX conflict_queue ON conflict (grp, opened_at, id, sync, state) WHERE state <> 'closed'; -- the review queue
CREATE INDEX conflict_decided ON conflict (decided_at) WHERE decided_at IS NOT NULL; -- decided today

-- base is NULL where nothing was ever agreed, else JSON (the JSON null is an agreed null). candidates: {endpoint: {value, modified?}}.
-- choice: a FieldChoice that waits for the next run. outcome: how it ended, once closed.
CREATE TABLE conflict_field (
  conflict INTEGER NOT NULL REFERENCES conflict (id), field TEXT NOT NULL, reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'closed')), base TEXT, candidates TEXT NOT NULL,
  choice TEXT, decided_at INTEGER, outcome TEXT,
  PRIMARY KEY (conflict, field)
) STRICT, WITHOUT ROWID;

CREATE INDEX conflict_field_open ON conflict_field (field, state) WHERE state <> 'closed'; -- the queue of one field, open questions by field

CREATE TRIGGER conflict_named AFTER INSERT ON conflict WHEN new.kind <> 'fields' BEGIN
  UPDATE conflict SET grp = CASE new.kind WHEN 'match' THEN 'Ambiguous match' ELSE 'Update against delete' END WHERE id = new.id;
END;
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

-- A person said which new rows belong together (same grp) or to an existing record, before the next run uses it.
CREATE TABLE match_verdict (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL, grp TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (sync, endpoint, key)
) STRICT, WITHOUT ROWID;

-- Every change of an agreed value and every value that lost. kind change: from_value -> to_value. kind overwritten: from_value lost at source.
CREATE TABLE history (
  id INTEGER PRIMARY KEY, record INTEGER NOT NULL, field TEXT NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('change', 'overwritten')), source TEXT, from_value TEXT, to_value TEXT, decision TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_record ON history (record, id); -- a record's path

-- committed: the outcomes of records up to this number are in the state (the scratch of the plan has the rest). options: what the run was asked ({full, plan, except, approve}), so that a restarted engine can finish it. phases, counts, problem: JSON.
CREATE TABLE run (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, revision INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('reading', 'planned', 'writing', 'complete', 'partial', 'withheld', 'failed', 'cancelled')),
  started INTEGER NOT NULL, finished INTEGER, options TEXT NOT NULL, plan INTEGER, plan_hash TEXT,
  phases TEXT NOT NULL, counts TEXT NOT NULL, opened INTEGER NOT NULL DEFAULT 0, committed INTEGER NOT NULL DEFAULT 0, verified TEXT, problem TEXT
) STRICT;
CREATE INDEX run_of_sync ON run (sync, id); -- history of a sync
CREATE INDEX run_by_status ON run (status, id); -- the list of runs, filtered
CREATE INDEX run_by_time ON run (started); -- the overview
CREATE INDEX run_open ON run (id) WHERE status IN ('reading', 'planned', 'writing'); -- what a restart must finish

-- Records whose agreed values a run took from an endpoint.
CREATE TABLE run_source (
  run INTEGER NOT NULL, endpoint TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (run, endpoint)
) STRICT, WITHOUT ROWID;

-- Contested values that rules and people settled in a run.
CREATE TABLE run_settled (
  run INTEGER NOT NULL, field TEXT NOT NULL, by TEXT NOT NULL CHECK (by IN ('policy', 'person')), count INTEGER NOT NULL, PRIMARY KEY (run, field, by)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at INTEGER NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL
) STRICT;
CREATE INDEX log_of_run ON log (run, id);

-- A plan; summary: JSON {counts, complete, notices, limits, cursors}. A run's own plan is kept as the record of what it said it would do.
CREATE TABLE plan (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, revision INTEGER NOT NULL, made_at INTEGER NOT NULL,
  hash TEXT NOT NULL, summary TEXT NOT NULL, run INTEGER
) STRICT;

-- One line of a plan: an operation, or a conflict, withheld or skipped line. record: its number, reserved where it is only now made. digest: what an approval of this line covers.
CREATE TABLE item (
  id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete', 'conflict', 'withheld', 'skip')),
  would_be TEXT, record INTEGER, label TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, because TEXT NOT NULL, digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'moved', 'failed', 'withheld', 'skipped')), done_at INTEGER, problem TEXT
) STRICT;
CREATE INDEX item_of_plan ON item (plan, kind, endpoint, id, state); -- the plan and run screens: pages and counts
CREATE INDEX item_to_write ON item (plan, endpoint, kind, id) WHERE state = 'planned'; -- what is left to write
CREATE INDEX item_of_record ON item (plan, record) WHERE record IS NOT NULL; -- all that a plan does to a record

-- The request on its way to an endpoint: the operations of this kind, from first to last, that are still planned may have taken effect.
CREATE TABLE sending (
  plan INTEGER NOT NULL, endpoint TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (plan, endpoint, kind)
) STRICT, WITHOUT ROWID;

-- Values that could not be read or written, so that only new ones ask for attention.
CREATE TABLE skip (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, why TEXT NOT NULL,
  first_run INTEGER NOT NULL, last_run INTEGER NOT NULL,
  PRIMARY KEY (sync, endpoint, key, field)
) STRICT, WITHOUT ROWID;
`,
};
