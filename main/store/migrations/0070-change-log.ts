// Where the change log of an endpoint was read to, and under which name the system keeps it for us.
import type { Migration } from '../migrate.ts';

export const changeLog: Migration = {
  version: 70,
  name: 'change-log',
  sql: `
-- log_consumer: set before the system is asked to keep a log, so that it is never forgotten there. log_token: the system's own word.
ALTER TABLE endpoint ADD COLUMN log_consumer TEXT;
ALTER TABLE endpoint ADD COLUMN log_token TEXT;
`,
};
