// What keeps failing: dead letters with their attempts, the health of connections, and which mappings have proven themselves in small batches.
import type { Migration } from '../migrate.ts';

export const failures: Migration = {
  version: 20,
  name: 'failures',
  sql: `
-- health: JSON, preload/contract/values.ts ConnectionHealth.
CREATE TABLE connection_state (connection TEXT PRIMARY KEY, health TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- An operation that its place refused for reasons of the record. It is not planned again before next_at, a retry, another payload (digest) or another
-- configuration (config, a hash of the sync, the connector and the application). before, after: canonical values by field; cells: what would be
-- written, by native column. grp: the same for letters that failed alike. state retry: the next run tries it. reason: why a person discarded it.
CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, endpoint TEXT NOT NULL, record INTEGER NOT NULL REFERENCES record (id),
  kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')), key TEXT NOT NULL, label TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, cells TEXT NOT NULL, digest TEXT NOT NULL, config TEXT NOT NULL,
  code TEXT NOT NULL, message TEXT NOT NULL, remedy TEXT NOT NULL, column_name TEXT, grp TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'retry', 'discarded', 'settled')), reason TEXT, by TEXT,
  attempts INTEGER NOT NULL, first_run INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, next_at INTEGER NOT NULL, closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX dead_letter_of_record ON dead_letter (record, endpoint) WHERE state <> 'settled'; -- one letter an operation
CREATE INDEX dead_letter_queue ON dead_letter (state, sync, endpoint, grp, id); -- the list by reason, counts

CREATE TABLE dead_letter_attempt (
  letter INTEGER NOT NULL REFERENCES dead_letter (id), run INTEGER NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (letter, at, run)
) STRICT, WITHOUT ROWID;

-- The mapping version that has written without trouble; another one begins with small batches.
ALTER TABLE endpoint ADD COLUMN proven INTEGER;
`,
};
