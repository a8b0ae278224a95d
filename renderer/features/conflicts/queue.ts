// The order of the review queue: which record comes next, and how many are alike.
import type { QueueItem } from '../../../preload/contract/conflicts.ts';

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

/** Items of a group in which this field is undecided: how many "all alike" would touch. Those that are not at hand count as undecided. */
export function alikeCount(
  items: readonly QueueItem[],
  group: { readonly group: string; readonly count: number },
  field: string,
  isDecided: (item: QueueItem) => boolean,
): number {
  const own = items.filter((item) => item.group === group.group);
  return Math.max(0, group.count - own.length) + own.filter((item) => item.fields.includes(field) && !isDecided(item)).length;
}

/** The place of a conflict among those alike, from 1, by its rank in the queue. */
export function placeInGroup(
  groups: readonly { readonly group: string; readonly count: number }[],
  group: string,
  rank: number,
): { readonly at: number; readonly of: number } | undefined {
  let before = 0;
  for (const one of groups) {
    if (one.group === group) return { at: rank - before + 1, of: one.count };
    before += one.count;
  }
  return undefined;
}
