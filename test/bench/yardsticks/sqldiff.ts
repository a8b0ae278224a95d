// SQLite's own program that says how two databases differ.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotInstalled, timed, type Yardstick } from './yardstick.ts';

export const sqldiff: Yardstick = {
  title: 'sqldiff of the two files',
  needs: ['aSqlite', 'bSqlite'],
  async measure({ files }) {
    const path = join(files.scratch, 'difference.sql');
    const output = openSync(path, 'w');
    const { ms, cpuMs, value } = await timed(() =>
      spawnSync('sqldiff', ['--primarykey', files.aSqlite, files.bSqlite], { stdio: ['ignore', output, 'pipe'] }),
    );
    closeSync(output);
    if (value.error !== undefined) throw new NotInstalled('not installed: sqldiff (Debian: sqlite3-tools)');
    if (value.status !== 0) throw new Error(`sqldiff: ${value.stderr.toString()}`);
    const statements = readFileSync(path, 'utf8').match(/^(UPDATE|INSERT|DELETE) /gm) ?? [];
    return { ms, cpuMs, found: `${statements.length} statements` };
  },
};
