// The order of the review queue: groups that fold, and which record comes next.
import type { QueueItem } from '../../../preload/contract/conflicts.ts';

export type QueueRow =
  | { readonly kind: 'group'; readonly group: string; readonly count: number; readonly isOpen: boolean }
  | { readonly kind: 'item'; readonly item: QueueItem };

/** Rows as shown: each group's head, and its items where it is not folded. Items come in the order of the groups. */
export function queueRows(
  groups: readonly { readonly group: string; readonly count: number }[],
  items: readonly QueueItem[],
  folded: ReadonlySet<string>,
): QueueRow[] {
  const rows: QueueRow[] = [];
  for (const { group, count } of groups) {
    const isOpen = !folded.has(group);
    rows.push({ kind: 'group', group, count, isOpen });
    if (isOpen) for (const item of items) if (item.group === group) rows.push({ kind: 'item', item });
  }
  return rows;
}

/** The item `by` places away; the ends hold. Without a current one, the first. */
export function stepItem(items: readonly QueueItem[], current: number | undefined, by: number): QueueItem | undefined {
  const at = items.findIndex((item) => item.id === current);
  if (at < 0) return items[0];
  return items[Math.max(0, Math.min(items.length - 1, at + by))];
}

/** The next item that still needs a person, after the current one and then from the start. */
export function nextOpen(
  items: readonly QueueItem[],
  current: number | undefined,
  isDecided: (item: QueueItem) => boolean,
): QueueItem | undefined {
  const at = items.findIndex((item) => item.id === current);
  const after = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))];
  return after.find((item) => !isDecided(item));
}

/** What to show when the current item left the queue: what now stands in its place. */
export function replacement(before: readonly QueueItem[], now: readonly QueueItem[], current: number): QueueItem | undefined {
  const at = before.findIndex((item) => item.id === current);
  return now[Math.min(Math.max(0, at), now.length - 1)];
}

/** Items of the group in which this field is undecided: how many "all alike" would touch. */
export function alikeCount(items: readonly QueueItem[], group: string, field: string, isDecided: (item: QueueItem) => boolean): number {
  return items.filter((item) => item.group === group && item.fields.includes(field) && !isDecided(item)).length;
}
