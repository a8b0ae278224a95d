// Plans: made, shown line by line, written to a file.
import type { Plan } from '../../preload/contract/runs.ts';
import { KantoError } from '../core/model/error.ts';
import { readPlanFile, writePlanFile } from '../engine/plan-file.ts';
import { itemListTable } from '../store/tables/queries/item-list.ts';
import { planTable } from '../store/tables/plans.ts';
import type { KeptLine, PlanRow, PlanSummary } from '../store/tables/plans.ts';
import type { ApiContext, Handlers } from './context.ts';
import { itemPage } from './item-view.ts';
import type { ItemLists } from './item-lists.ts';
import { countPlan } from './plan-counts.ts';
import type { PlanCounts } from './plan-counts.ts';
import { remembered } from './remembered.ts';
import { titleOf } from './run-view.ts';

type PlanHandlers = Pick<Handlers, 'plans.make' | 'plans.undo' | 'plans.get' | 'plans.items' | 'plans.open' | 'plans.export'>;

/** Plans whose figures are remembered. */
const plansKept = 8;

/** `cancel` stops every plan in the making; false where there is none. */
export function planHandlers(
  { workspace }: ApiContext,
  lists: ItemLists,
): { readonly handlers: PlanHandlers; readonly cancel: () => boolean } {
  const plans = planTable(workspace.db);
  const items = itemListTable(workspace.db);
  const counted = remembered<Promise<PlanCounts>>(plansKept);
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
      ...(await counted.get(`${id} ${row.hash} ${row.madeAt}`, () => countPlan(items, id, summary))),
      complete: { ...summary.complete },
      limits: summary.limits.map((limit) => ({ ...limit })),
      notices: [...summary.notices],
      ...(summary.undo === undefined ? {} : { undo: { ...summary.undo, kept: summary.undo.kept.map(keptLine) } }),
    };
  };
  /** A plan in the making can be stopped. */
  const made = async (make: (signal: AbortSignal) => Promise<number>): Promise<Plan> => {
    const abort = new AbortController();
    making.add(abort);
    try {
      return await show(await make(abort.signal));
    } finally {
      making.delete(abort);
    }
  };
  return {
    handlers: {
      'plans.make': ({ sync, full }) => made((signal) => workspace.makePlan(sync, { full: full ?? false, signal })),
      'plans.undo': ({ run }) => made((signal) => workspace.makeUndoPlan(run, { signal })),
      'plans.get': ({ plan }) => show(plan),
      'plans.items': ({ plan, ...asked }) => itemPage(lists, { plan: sealed(plan), isRevised: false, isWriting: false }, asked),
      async 'plans.open'({ path }) {
        return show(workspace.adoptPlan(await readPlanFile(path)));
      },
      async 'plans.export'({ plan, path }) {
        return { operations: await writePlanFile(workspace.db, sealed(plan).id, path) };
      },
    },
    cancel() {
      for (const abort of making) abort.abort();
      return making.size > 0;
    },
  };
}

function keptLine({ endpoint, key, field, why }: KeptLine) {
  return { endpoint, why, ...(key === undefined ? {} : { key: [...key] }), ...(field === undefined ? {} : { field }) };
}
