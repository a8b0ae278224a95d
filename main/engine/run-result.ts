// What a run did, counted from its operations, and how it therefore ended.
import type { RunStatus } from '../../preload/contract/values.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import type { RunCounts } from '../store/tables/run-state.ts';
import type { Db } from '../store/open.ts';
import type { LineCount } from './tally.ts';

/** Counts by endpoint; `left`: operations that were planned and not sent. */
export interface EndpointCounts extends RunCounts {
  readonly left: number;
}

/** `states`: how many lines of the plan are in which state, for whoever knows it already. */
export function countRun(db: Db, plan: number, states: readonly LineCount[]): Record<string, EndpointCounts> {
  const row = planTable(db).find(plan);
  const summary = JSON.parse(row?.summary ?? '{}') as Partial<PlanSummary>;
  const rows = db
    .prepare<[string], { name: string; rows: number | null }>('SELECT name, rows FROM endpoint WHERE sync = ?')
    .all(row?.sync ?? '');
  return Object.fromEntries(
    rows.map(({ name, rows: read }) => {
      const of = (test: (one: (typeof states)[number]) => boolean) =>
        states.filter((one) => one.endpoint === name && test(one)).reduce((sum, one) => sum + one.count, 0);
      const isOperation = (kind: string) => kind === 'create' || kind === 'update' || kind === 'delete';
      return [
        name,
        {
          created: of((one) => one.kind === 'create' && one.state === 'done'),
          updated: of((one) => one.kind === 'update' && one.state === 'done'),
          deleted: of((one) => one.kind === 'delete' && one.state === 'done'),
          failed: of((one) => one.state === 'failed'),
          withheld: of((one) => one.kind === 'withheld'),
          skipped: of((one) => one.kind === 'skip'),
          moved: of((one) => one.state === 'moved'),
          left: of((one) => isOperation(one.kind) && (one.state === 'planned' || one.state === 'skipped')),
          read: read ?? 0,
          complete: summary.complete?.[name] ?? false,
        },
      ];
    }),
  );
}

/** `complete` only when everything that was planned is done and reads back as written, and every endpoint was read whole. */
export function statusOf(
  counts: Readonly<Record<string, EndpointCounts>>,
  newSkips: number,
  stopped: boolean,
  drifted: boolean,
): RunStatus {
  const all = Object.values(counts);
  const wrote = all.some((one) => one.created + one.updated + one.deleted > 0);
  if (stopped) return wrote ? 'partial' : 'failed';
  if (all.some((one) => one.failed > 0 || one.moved > 0 || one.left > 0) || newSkips > 0 || drifted) return 'partial';
  if (all.some((one) => one.withheld > 0 || !one.complete)) return 'withheld';
  return 'complete';
}
