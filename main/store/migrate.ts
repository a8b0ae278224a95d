// Brings a workspace database to the newest schema, one numbered step at a time, and refuses one from the future.
import type { Database } from 'better-sqlite3';
import { KantoError } from '../core/model/error.ts';
import { initial } from './migrations/0010-initial.ts';
import { failures } from './migrations/0020-failures.ts';
import { undo } from './migrations/0030-undo.ts';
import { drift } from './migrations/0040-drift.ts';
import { schedule } from './migrations/0050-schedule.ts';
import { verify } from './migrations/0060-verify.ts';
import { changeLog } from './migrations/0070-change-log.ts';
import { secrets } from './migrations/0080-secrets.ts';
import { knownRows } from './migrations/0100-known-rows.ts';
import { abandonedLogs } from './migrations/0110-abandoned-logs.ts';
import { abandonedLogFolders } from './migrations/0120-abandoned-log-folders.ts';

/** Additive only. Numbers go in tens, so that a fix can be slipped in between. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  initial,
  failures,
  undo,
  drift,
  schedule,
  verify,
  changeLog,
  secrets,
  knownRows,
  abandonedLogs,
  abandonedLogFolders,
];

export const newestVersion = migrations.at(-1)?.version ?? 0;

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Refuses a database that a newer application wrote; it is not touched. */
export function refuseNewer(db: Database, path: string): void {
  const found = schemaVersion(db);
  if (found <= newestVersion) return;
  throw new KantoError(
    'workspace-newer',
    `${path} was written by a newer KantoSynchro (schema ${found}; this one knows ${newestVersion}). Nothing was changed.`,
    'Install the newer version, or restore a backup from the backups folder of the workspace.',
  );
}

/** Applies what is missing, each step in its own transaction together with its version. */
export function migrate(db: Database, steps: readonly Migration[] = migrations): void {
  for (const step of steps) {
    if (step.version <= schemaVersion(db)) continue;
    db.transaction(() => {
      db.exec(step.sql);
      db.pragma(`user_version = ${step.version}`);
    })();
  }
}

/** The schema as SQLite holds it, sorted: what the schema guard of the tests compares. */
export function schemaOf(db: Database): string {
  const rows = db
    .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name")
    .pluck()
    .all();
  return `${rows.join(';\n')};\n`;
}
