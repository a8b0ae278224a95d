// Finds the run that undid another one.
import type { Migration } from '../migrate.ts';

export const undo: Migration = {
  version: 30,
  name: 'undo',
  sql: `
CREATE INDEX run_undoes ON run (json_extract(options, '$.undo')) WHERE json_extract(options, '$.undo') IS NOT NULL;
`,
};
