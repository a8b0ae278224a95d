// What the plan screen asks the engine: pages of items, ids under a filter, the approval.
import type { CallInput } from '../../../preload/contract/index.ts';
import type { ItemKind, PlanItem } from '../../../preload/contract/runs.ts';
import { ask } from '../../api.ts';
import { isWrite } from './items.ts';
import { isTicked } from './selection.ts';
import type { Selection } from './selection.ts';

export interface PlanFilter {
  readonly kind: string;
  readonly text: string;
  readonly field: string;
  readonly endpoint: string;
}

type ItemsInput = CallInput<'plans.items'>;

const KINDS: readonly string[] = ['create', 'update', 'delete', 'conflict', 'withheld', 'skip'] satisfies readonly ItemKind[];

function isKind(text: string): text is ItemKind {
  return KINDS.includes(text);
}

/** The engine's question for a page of the filtered list. */
export function itemsInput(plan: number, filter: PlanFilter, offset: number, limit: number): ItemsInput {
  return {
    plan,
    offset,
    limit,
    ...(isKind(filter.kind) ? { kind: filter.kind } : {}),
    ...(filter.text === '' ? {} : { text: filter.text }),
    ...(filter.field === '' ? {} : { field: filter.field }),
    ...(filter.endpoint === '' ? {} : { endpoint: filter.endpoint }),
  };
}

const PAGE = 1000;

/** Ids of every write under the filter, page by page; a search is asked until it is over. */
export async function writeIds(plan: number, filter: PlanFilter): Promise<number[]> {
  const ids: number[] = [];
  for (let offset = 0; ; ) {
    const { items, total, more = false } = await ask('plans.items', itemsInput(plan, filter, offset, PAGE));
    if (more && items.length < PAGE) continue;
    ids.push(...items.filter((item: PlanItem) => isWrite(item.kind)).map((item: PlanItem) => item.id));
    offset += items.length;
    if (!more && (items.length === 0 || offset >= total)) return ids;
  }
}

/** Starts the run of what is ticked and says its number. */
export async function approve(sync: string, plan: number, selection: Selection): Promise<number> {
  const unfiltered: PlanFilter = { kind: '', text: '', field: '', endpoint: '' };
  const except = selection.all ? [...selection.flipped] : (await writeIds(plan, unfiltered)).filter((id) => !isTicked(selection, id));
  const { run } = await ask('runs.start', { sync, plan, ...(except.length === 0 ? {} : { except }) });
  return run;
}
