// Runs as the screens list them, their logs and their neighbours.
import type { RunStatus } from '../../../../preload/contract/values.ts';
import type { Db } from '../../open.ts';
import type { RunRow } from '../run-state.ts';
import { anywhere, statements, where } from './statements.ts';
import type { Bind } from './statements.ts';

export interface RunFilter {
  readonly sync?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly text?: string | undefined;
  /** Syncs whose title contains the text. */
  readonly titled?: readonly string[];
}

export interface StoredRun extends RunRow {
  /** JSON, where the run compared the endpoints after its writes. */
  readonly verified: string | null;
}

export interface LogRow {
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

const columns =
  'id, sync, revision, status, started, finished, options, plan, plan_hash AS planHash, phases, counts, opened, problem, verified';

export function runListTable(db: Db) {
  const prepare = statements(db);
  const conditions = (filter: RunFilter) =>
    where([
      filter.sync !== undefined && 'sync = @sync',
      filter.status !== undefined && 'status = @status',
      filter.text !== undefined &&
        "(CAST(id AS TEXT) LIKE @text ESCAPE '\\' OR status LIKE @text ESCAPE '\\' OR sync LIKE @text ESCAPE '\\' OR problem LIKE @text ESCAPE '\\' OR sync IN (SELECT value FROM json_each(@titled)))",
    ]);
  const bind = (filter: RunFilter): Bind => ({
    ...(filter.sync === undefined ? {} : { sync: filter.sync }),
    ...(filter.status === undefined ? {} : { status: filter.status }),
    ...(filter.text === undefined ? {} : { text: anywhere(filter.text), titled: JSON.stringify(filter.titled ?? []) }),
  });
  const find = db.prepare<[number], StoredRun>(`SELECT ${columns} FROM run WHERE id = ?`);
  const last = db.prepare<[string], StoredRun>(
    `SELECT ${columns} FROM run WHERE sync = ? AND status NOT IN ('reading', 'planned', 'writing') ORDER BY id DESC LIMIT 1`,
  );
  const running = db
    .prepare<[string], number>("SELECT id FROM run WHERE status IN ('reading', 'planned', 'writing') AND +sync = ? ORDER BY id LIMIT 1")
    .pluck();
  const allRunning = db.prepare<[], number>("SELECT count(*) FROM run WHERE status IN ('reading', 'planned', 'writing')").pluck();
  const countOf = db.prepare<[string], number>('SELECT count(*) FROM run WHERE sync = ?').pluck();
  const earlier = db.prepare<[string, number], number>('SELECT max(id) FROM run WHERE sync = ? AND id < ?').pluck();
  const later = db.prepare<[string, number], number>('SELECT min(id) FROM run WHERE sync = ? AND id > ?').pluck();
  const since = db.prepare<[number], Pick<StoredRun, 'id' | 'sync' | 'status' | 'started' | 'finished' | 'counts'>>(
    'SELECT id, sync, status, started, finished, counts FROM run WHERE started >= ? ORDER BY started, id',
  );
  const logCount = db.prepare<[number], number>('SELECT count(*) FROM log WHERE run = ?').pluck();
  const log = db.prepare<[number, number, number], LogRow>('SELECT at, level, message FROM log WHERE run = ? ORDER BY id LIMIT ? OFFSET ?');
  const lastMoment = db
    .prepare<[], number>('SELECT max(coalesce(finished, started)) FROM (SELECT finished, started FROM run ORDER BY id DESC LIMIT 20)')
    .pluck();
  return {
    find: (id: number) => find.get(id),
    /** Newest first. */
    page: (filter: RunFilter, offset: number, limit: number) =>
      prepare<StoredRun>(`SELECT ${columns} FROM run ${conditions(filter)} ORDER BY id DESC LIMIT @limit OFFSET @offset`).all({
        ...bind(filter),
        limit,
        offset,
      }),
    total: (filter: RunFilter) =>
      prepare<{ total: number }>(`SELECT count(*) AS total FROM run ${conditions(filter)}`).get(bind(filter))?.total ?? 0,
    /** The newest run of a sync that ended. */
    last: (sync: string) => last.get(sync),
    running: (sync: string) => running.get(sync),
    countRunning: () => allRunning.get() ?? 0,
    count: (sync: string) => countOf.get(sync) ?? 0,
    earlier: (sync: string, id: number) => earlier.get(sync, id) ?? undefined,
    later: (sync: string, id: number) => later.get(sync, id) ?? undefined,
    /** Oldest first. */
    since: (at: number) => since.all(at),
    logCount: (run: number) => logCount.get(run) ?? 0,
    log: (run: number, offset: number, limit: number) => log.all(run, limit, offset),
    /** When the newest runs began or ended last. */
    lastMoment: () => lastMoment.get() ?? 0,
  } as const;
}
