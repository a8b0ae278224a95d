// Lines of plans and runs in the shape that the screens show.
import type { Problem } from '../../preload/contract/errors.ts';
import type { PlanItem } from '../../preload/contract/runs.ts';
import type { WireValues } from '../../preload/contract/values.ts';
import type { ItemRow } from '../store/tables/queries/item-list.ts';
import type { ItemFilter, ItemLists, ListedPlan } from './item-lists.ts';

export interface ShownPage {
  readonly total: number;
  readonly more?: boolean;
  readonly items: PlanItem[];
}

type Asked = ItemFilter & { readonly offset: number; readonly limit: number };

export async function itemPage(lists: ItemLists, listed: ListedPlan, { offset, limit, ...asked }: Asked): Promise<ShownPage> {
  const filter = { ...asked, text: asked.text === '' ? undefined : asked.text };
  const { total, more, rows } = await lists.page(listed, filter, offset, limit);
  return { total, ...(more ? { more } : {}), items: rows.map(planItem) };
}

function planItem(row: ItemRow): PlanItem {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.wouldBe === null ? {} : { wouldBe: row.wouldBe }),
    record: row.record,
    label: row.label,
    endpoint: row.endpoint,
    key: JSON.parse(row.key) as string[],
    before: JSON.parse(row.before) as WireValues,
    after: JSON.parse(row.after) as WireValues,
    because: row.because,
    state: row.state,
    ...(row.doneAt === null ? {} : { doneAt: row.doneAt }),
    ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) as Problem }),
  };
}
