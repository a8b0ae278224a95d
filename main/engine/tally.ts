// Counts the lines of a plan in turns: a million of them take a moment, in which nobody would be answered.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../store/open.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { ItemKind, ItemState } from '../store/tables/plan-items.ts';
import type { PlanSummary } from '../store/tables/plans.ts';

export interface LineCount {
  readonly endpoint: string;
  readonly kind: ItemKind;
  readonly state: ItemState;
  readonly count: number;
}

/** Lines counted in one turn. */
const turnSize = 20_000;

export async function tallyLines(db: Db, plan: number): Promise<readonly LineCount[]> {
  const items = planItemTable(db, plan);
  const counts: LineCount[] = [];
  for (let group = items.groupAfter('', ''); group; group = items.groupAfter(group.kind, group.endpoint)) {
    const states = new Map<ItemState, number>();
    for (let after = 0; ; ) {
      const stretch = items.stretch(group.kind, group.endpoint, after, turnSize);
      if (stretch.length === 0) break;
      for (const { state, count } of stretch) states.set(state, (states.get(state) ?? 0) + count);
      after = Math.max(...stretch.map((one) => one.last));
      await nextTurn();
    }
    for (const [state, count] of states) counts.push({ ...group, state, count });
  }
  return counts;
}

/** The same without a look at the states. */
export function countKinds(lines: readonly LineCount[]): PlanSummary['counts'] {
  const counts = new Map<string, PlanSummary['counts'][number]>();
  for (const { endpoint, kind, count } of lines) {
    const key = JSON.stringify([endpoint, kind]);
    counts.set(key, { endpoint, kind, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

/** Operations at an endpoint that are still to be done. */
export function leftAt(counts: readonly LineCount[], endpoint: string): number {
  const isLeft = ({ kind, state }: LineCount) => state === 'planned' && (kind === 'create' || kind === 'update' || kind === 'delete');
  return counts.filter((one) => one.endpoint === endpoint && isLeft(one)).reduce((sum, one) => sum + one.count, 0);
}
