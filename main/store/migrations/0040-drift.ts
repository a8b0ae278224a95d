// What changed in the schemas of places: mapped columns that are gone, and the columns that were there last.
import type { Migration } from '../migrate.ts';

export const drift: Migration = {
  version: 40,
  name: 'drift',
  sql: `
-- A mapped column that is not there any more: the field is neither read nor written there. near: JSON of the columns that a person may have meant.
-- choice: 'pause' once a person accepted it; NULL while it is asked.
CREATE TABLE drift (
  sync TEXT NOT NULL, endpoint TEXT NOT NULL, field TEXT NOT NULL, column_name TEXT NOT NULL, near TEXT NOT NULL, run INTEGER NOT NULL, since INTEGER NOT NULL,
  choice TEXT CHECK (choice IN ('pause')), by TEXT,
  PRIMARY KEY (sync, endpoint, field)
) STRICT, WITHOUT ROWID;

-- Columns of an endpoint's dataset at the last run, with their types: JSON {column: type}.
ALTER TABLE endpoint ADD COLUMN columns TEXT;
`,
};
