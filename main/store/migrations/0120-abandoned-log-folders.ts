// Where the relative paths of a connection begin whose log of changes nobody follows any more.
import type { Migration } from '../migrate.ts';

export const abandonedLogFolders: Migration = {
  version: 120,
  name: 'abandoned-log-folders',
  sql: `
ALTER TABLE abandoned_log ADD COLUMN folder TEXT NOT NULL DEFAULT '';
UPDATE abandoned_log SET folder = (SELECT json_extract(body, '$.folder') FROM revision ORDER BY revision DESC LIMIT 1);
`,
};
