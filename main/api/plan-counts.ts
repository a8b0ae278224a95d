// The figures of a plan by endpoint and kind: what its seal counted, and at which endpoints its conflicts have candidates.
import type { ItemKind, Plan } from '../../preload/contract/runs.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import type { itemListTable } from '../store/tables/queries/item-list.ts';
import { takeTurns } from './turns.ts';

export type PlanCounts = Pick<Plan, 'counts' | 'together'>;
type Counts = Record<ItemKind, number>;

/** Conflict lines looked at at a time. */
const conflictStep = 250;

function noCounts(): Counts {
  return { create: 0, update: 0, delete: 0, conflict: 0, withheld: 0, skip: 0 };
}

/** A conflict counts once together, and at every endpoint that has a candidate in it. */
export async function countPlan(items: ReturnType<typeof itemListTable>, plan: number, summary: PlanSummary): Promise<PlanCounts> {
  const turn = takeTurns();
  const counts: Record<string, Counts> = Object.fromEntries(Object.keys(summary.complete).map((name) => [name, noCounts()]));
  const together = noCounts();
  const at = (endpoint: string): Counts => {
    const known = counts[endpoint] ?? noCounts();
    counts[endpoint] = known;
    return known;
  };
  for (const { endpoint, kind, count } of summary.counts) {
    together[kind] += count;
    if (kind !== 'conflict') at(endpoint)[kind] += count;
  }
  for (let mark = { endpoint: '', id: 0 }; ; await turn()) {
    const lines = items.conflicts(plan, mark.endpoint, mark.id, conflictStep);
    for (const line of lines) {
      const sides = Object.keys(JSON.parse(line.after) as object).map((name) => name.slice(name.lastIndexOf(' @ ') + 3));
      for (const side of new Set(sides.length > 0 ? sides : [line.endpoint])) if (side !== '') at(side).conflict += 1;
    }
    const last = lines.at(-1);
    if (last === undefined || lines.length < conflictStep) return { counts, together };
    mark = last;
  }
}
