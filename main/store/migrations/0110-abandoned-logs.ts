// Logs of changes that a system keeps and nobody follows any more.
import type { Migration } from '../migrate.ts';

export const abandonedLogs: Migration = {
  version: 110,
  name: 'abandoned-logs',
  sql: `
-- connection: JSON of its configuration at that time, name: its name. A row goes when the system has ended the log.
CREATE TABLE abandoned_log (consumer TEXT PRIMARY KEY, name TEXT NOT NULL, connection TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
};
