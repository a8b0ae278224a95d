// What a run withheld, and the approval that lets it through.
import type { CallInput } from '../../../preload/contract/index.ts';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { counted } from '../../ui/format.ts';

export interface WithheldCounts {
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  /** Cells of fields that paused. */
  readonly cells: number;
}

const none: WithheldCounts = { creates: 0, updates: 0, deletes: 0, cells: 0 };

/** Adds a page of withheld items to what was counted so far. */
export function addWithheld(items: readonly Pick<PlanItem, 'wouldBe'>[], counts: WithheldCounts = none): WithheldCounts {
  const number = (kind: PlanItem['wouldBe']): number => items.filter((item) => item.wouldBe === kind).length;
  return {
    creates: counts.creates + number('create'),
    updates: counts.updates + number('update'),
    deletes: counts.deletes + number('delete'),
    cells: counts.cells,
  };
}

/** The limits to lift, each only as far as it is needed. */
export function approvalOf(counts: WithheldCounts): NonNullable<CallInput<'runs.start'>['approve']> {
  return {
    ...(counts.deletes > 0 ? { deletes: counts.deletes } : {}),
    ...(counts.updates > 0 ? { updates: counts.updates } : {}),
    ...(counts.cells > 0 ? { cells: counts.cells } : {}),
  };
}

/** `212 deletes and 3 updates`. */
export function withheldWords(counts: WithheldCounts): string {
  const parts = [
    [counts.deletes, 'delete'],
    [counts.updates, 'update'],
    [counts.creates, 'create'],
    [counts.cells, 'changed cell'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => counted(number, word))
    .join(' and ');
}
