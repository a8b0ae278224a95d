// When syncs are due next.
import type { Migration } from '../migrate.ts';

export const schedule: Migration = {
  version: 50,
  name: 'schedule',
  sql: `
-- plan: JSON of the schedule that the times were computed for. due, full_due: epoch milliseconds; NULL where only triggers start it.
CREATE TABLE schedule (
  sync TEXT PRIMARY KEY, due INTEGER, full_due INTEGER, plan TEXT NOT NULL, paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))
) STRICT, WITHOUT ROWID;
`,
};
