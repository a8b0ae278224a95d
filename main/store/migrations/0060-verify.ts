// What comparisons of all places found, and when the next one is due.
import type { Migration } from '../migrate.ts';

export const verify: Migration = {
  version: 60,
  name: 'verify',
  sql: `
-- at, took: milliseconds. differing: differences that nothing explains. body: JSON of the report, its differences cut to the first.
CREATE TABLE verification (
  id INTEGER PRIMARY KEY, sync TEXT NOT NULL, at INTEGER NOT NULL, took INTEGER NOT NULL, cause TEXT NOT NULL CHECK (cause IN ('asked', 'schedule')),
  differing INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX verification_of_sync ON verification (sync, id);
ALTER TABLE schedule ADD COLUMN verify_due INTEGER;
`,
};
