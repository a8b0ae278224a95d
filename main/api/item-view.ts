// Lines of plans and runs: pages of them, and the search by text or field that looks at every line without holding anybody up.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Problem } from '../../preload/contract/errors.ts';
import type { PlanItem } from '../../preload/contract/runs.ts';
import type { WireValues } from '../../preload/contract/values.ts';
import type { itemListTable } from '../store/tables/queries/item-list.ts';
import type { ItemFilter, ItemRow } from '../store/tables/queries/item-list.ts';

export type ItemTable = ReturnType<typeof itemListTable>;

interface Page {
  readonly offset: number;
  readonly limit: number;
}

export async function itemPage(
  table: ItemTable,
  plan: number,
  asked: ItemFilter,
  page: Page,
): Promise<{ total: number; items: PlanItem[] }> {
  const filter = { ...asked, text: asked.text === '' ? undefined : asked.text };
  if (filter.text === undefined && filter.field === undefined) {
    const ids = table.pageIds(plan, filter, page.offset, page.limit);
    return { total: table.total(plan, filter), items: table.rows(ids).map(planItem) };
  }
  const hits: number[] = [];
  for (let step = table.search(plan, filter, undefined); ; step = table.search(plan, filter, step.next)) {
    hits.push(...step.hits);
    if (step.next === undefined) break;
    await nextTurn();
  }
  return { total: hits.length, items: table.rows(hits.slice(page.offset, page.offset + page.limit)).map(planItem) };
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
