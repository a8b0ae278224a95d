// What systems gave a person who signed in: the vault of the workspace.
import type { Migration } from '../migrate.ts';

export const secrets: Migration = {
  version: 80,
  name: 'secrets',
  sql: `
-- name: what \`secrets\` of a connection names. at: milliseconds, when it was kept.
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
};
