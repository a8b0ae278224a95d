// The rows of runs as the engine moves them through their states.
import { assertTransition } from '../../core/model/states.ts';
import type { RunStatus } from '../../../preload/contract/values.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

/** What a run was asked, stored so that a restarted engine can finish it. */
export interface RunOptions {
  readonly full?: boolean;
  /** Only what this plan says is done. */
  readonly plan?: number;
  /** Lines of that plan that the person unticked. */
  readonly except?: readonly number[];
  /** `cells`: suspicious changes of cells, all fields together. */
  readonly approve?: { readonly deletes?: number; readonly updates?: number; readonly cells?: number };
  /** The run that is undone. */
  readonly undo?: number;
}

export interface RunCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  readonly withheld: number;
  readonly skipped: number;
  readonly moved: number;
  /** Rows read. */
  readonly read: number;
  readonly complete: boolean;
}

export interface RunRow {
  readonly id: number;
  readonly sync: string;
  readonly revision: number;
  readonly status: RunStatus;
  readonly started: number;
  readonly finished: number | null;
  readonly options: string;
  readonly plan: number | null;
  readonly planHash: string | null;
  readonly phases: string;
  /** JSON of RunCounts by endpoint. */
  readonly counts: string;
  /** Conflicts that this run opened. */
  readonly opened: number;
  /** The outcomes of records up to this number are committed. */
  readonly committed: number;
  /** JSON of a Problem. */
  readonly problem: string | null;
}

const columns =
  'id, sync, revision, status, started, finished, options, plan, plan_hash AS planHash, phases, counts, opened, committed, problem';

export const runStateTable = preparedOnce((db: Db) => {
  const insert = db.prepare(
    "INSERT INTO run (sync, revision, status, started, options, phases, counts) VALUES (?, ?, 'reading', ?, ?, '[]', '{}')",
  );
  const find = db.prepare<[number], RunRow>(`SELECT ${columns} FROM run WHERE id = ?`);
  const unfinished = db.prepare<[], RunRow>(`SELECT ${columns} FROM run WHERE status IN ('reading', 'planned', 'writing') ORDER BY id`);
  const setStatus = db.prepare('UPDATE run SET status = ? WHERE id = ?');
  const setPlan = db.prepare('UPDATE run SET plan = ?, plan_hash = ? WHERE id = ?');
  const setPhases = db.prepare('UPDATE run SET phases = ? WHERE id = ?');
  const setVerified = db.prepare('UPDATE run SET verified = ? WHERE id = ?');
  const addOpened = db.prepare('UPDATE run SET opened = opened + ? WHERE id = ?');
  const setCommitted = db.prepare('UPDATE run SET committed = ? WHERE id = ?');
  const setProblem = db.prepare('UPDATE run SET problem = ? WHERE id = ?');
  const finish = db.prepare('UPDATE run SET status = ?, finished = ?, counts = ?, problem = ? WHERE id = ?');
  const log = db.prepare('INSERT INTO log (run, at, level, message) VALUES (?, ?, ?, ?)');
  const doubtful = db
    .prepare<[string], number>(
      "SELECT DISTINCT s.plan FROM sending s JOIN run r ON r.plan = s.plan WHERE r.sync = ? AND r.status NOT IN ('reading', 'planned', 'writing') ORDER BY s.plan",
    )
    .pluck();
  const undoneBy = db
    .prepare<[number, number], number>(
      "SELECT id FROM run WHERE json_extract(options, '$.undo') = ? AND id <> ? AND status IN ('reading', 'planned', 'writing', 'complete', 'partial', 'withheld') ORDER BY id DESC",
    )
    .pluck();
  const transition = (id: number, to: RunStatus) => {
    const from = find.get(id)?.status;
    if (from !== undefined && from !== to) assertTransition('run', from, to);
  };
  return {
    create: (sync: string, revision: number, at: number, options: RunOptions) =>
      Number(insert.run(sync, revision, at, JSON.stringify(options)).lastInsertRowid),
    find: (id: number) => find.get(id),
    unfinished: () => unfinished.all(),
    setStatus(id: number, status: RunStatus): void {
      transition(id, status);
      setStatus.run(status, id);
    },
    setPlan: (id: number, plan: number | null, hash: string | null) => setPlan.run(plan, hash, id),
    setPhases: (id: number, phases: unknown) => setPhases.run(JSON.stringify(phases), id),
    /** Why a run that is not over was interrupted. */
    setProblem: (id: number, problem: string | null) => setProblem.run(problem, id),
    setVerified: (id: number, verified: unknown) => setVerified.run(JSON.stringify(verified), id),
    addOpened: (id: number, count: number) => addOpened.run(count, id),
    setCommitted: (id: number, record: number) => setCommitted.run(record, id),
    finish(id: number, status: RunStatus, at: number, counts: Readonly<Record<string, RunCounts>>, problem: string | null): void {
      transition(id, status);
      finish.run(status, at, JSON.stringify(counts), problem, id);
    },
    log: (run: number, at: number, level: 'info' | 'warn' | 'error', message: string) => log.run(run, at, level, message),
    /** Another run than `but` that undid this one, or is about to. */
    undoneBy: (run: number, but = 0) => undoneBy.get(run, but),
    /** Plans of finished runs with operations whose fate is unknown. */
    doubtful: (sync: string) => doubtful.all(sync),
  } as const;
});
