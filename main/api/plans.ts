// Plans: made, shown line by line, written to a file.
import { rename, writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemKind, Plan } from '../../preload/contract/runs.ts';
import { KantoError } from '../core/model/error.ts';
import { itemListTable } from '../store/tables/queries/item-list.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanRow, PlanSummary } from '../store/tables/plans.ts';
import type { ApiContext, Handlers } from './context.ts';
import { itemPage } from './item-view.ts';
import type { ItemTable } from './item-view.ts';
import { titleOf } from './run-view.ts';

type PlanHandlers = Pick<Handlers, 'plans.make' | 'plans.get' | 'plans.items' | 'plans.export'>;

/** Conflict lines looked at between two pauses. */
const conflictStep = 1000;

/** `cancel` stops every plan in the making; false where there is none. */
export function planHandlers({ workspace }: ApiContext): { readonly handlers: PlanHandlers; readonly cancel: () => boolean } {
  const plans = planTable(workspace.db);
  const items = itemListTable(workspace.db);
  const making = new Set<AbortController>();

  const sealed = (id: number): PlanRow => {
    const row = plans.find(id);
    if (row && row.hash !== '') return row;
    throw new KantoError('unknown-plan', `There is no plan ${id} any more.`, 'Make a new plan.', 'ask-user');
  };
  const show = async (id: number): Promise<Plan> => {
    const row = sealed(id);
    const summary = JSON.parse(row.summary) as PlanSummary;
    return {
      id,
      hash: row.hash,
      sync: row.sync,
      title: titleOf(workspace.configuration().body, row.sync),
      revision: row.revision,
      madeAt: row.madeAt,
      ...(await countPlan(items, id, Object.keys(summary.complete))),
      complete: { ...summary.complete },
      limits: summary.limits.map((limit) => ({ ...limit })),
      notices: [...summary.notices],
    };
  };
  return {
    handlers: {
      async 'plans.make'({ sync, full }) {
        const abort = new AbortController();
        making.add(abort);
        try {
          return await show(await workspace.makePlan(sync, { full: full ?? false, signal: abort.signal }));
        } finally {
          making.delete(abort);
        }
      },
      'plans.get': ({ plan }) => show(plan),
      'plans.items': ({ plan, offset, limit, ...filter }) => itemPage(items, sealed(plan).id, filter, { offset, limit }),
      async 'plans.export'({ plan, path }) {
        const document = workspace.planDocument(sealed(plan).id);
        const half = `${path}.part`;
        await writeFile(half, `${JSON.stringify(document, null, 2)}\n`);
        await rename(half, path);
        return { operations: document.operations.length };
      },
    },
    cancel() {
      for (const abort of making) abort.abort();
      return making.size > 0;
    },
  };
}

type Counts = Record<ItemKind, number>;

function noCounts(): Counts {
  return { create: 0, update: 0, delete: 0, conflict: 0, withheld: 0, skip: 0 };
}

/** A conflict counts once together, and at every endpoint that has a candidate in it. */
async function countPlan(items: ItemTable, plan: number, endpoints: readonly string[]): Promise<Pick<Plan, 'counts' | 'together'>> {
  const counts: Record<string, Counts> = Object.fromEntries(endpoints.map((name) => [name, noCounts()]));
  const together = noCounts();
  const at = (endpoint: string): Counts => {
    const known = counts[endpoint] ?? noCounts();
    counts[endpoint] = known;
    return known;
  };
  for (const { endpoint, kind, count } of items.counts(plan)) {
    together[kind] += count;
    if (kind !== 'conflict') at(endpoint)[kind] += count;
  }
  for (let mark = { endpoint: '', id: 0 }; ; ) {
    const lines = items.conflicts(plan, mark.endpoint, mark.id, conflictStep);
    for (const line of lines) {
      const sides = Object.keys(JSON.parse(line.after) as object).map((name) => name.slice(name.lastIndexOf(' @ ') + 3));
      for (const side of new Set(sides.length > 0 ? sides : [line.endpoint])) if (side !== '') at(side).conflict += 1;
    }
    const last = lines.at(-1);
    if (last === undefined || lines.length < conflictStep) return { counts, together };
    mark = last;
    await nextTurn();
  }
}
