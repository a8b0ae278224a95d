// Tells an edit of many from a source gone wrong: a column that is suddenly empty, or different in nearly every row.
import type { Limit, SyncModel } from '../model/sync.ts';

/** Of one field at one endpoint: rows whose cell changed since it was last seen, and those of them that became blank. */
export interface CellCounts {
  readonly changed: number;
  readonly emptied: number;
}

export interface Suspicion {
  readonly what: 'emptied' | 'changed';
  readonly cells: number;
}

/** What is suspicious about the changes of a field, when more cells than the number and at least the share of the endpoint's rows are concerned. */
export function suspicionOf(limits: SyncModel['limits'], rows: number, { changed, emptied }: CellCounts): Suspicion | undefined {
  if (isBeyond(limits.emptied, emptied, rows)) return { what: 'emptied', cells: emptied };
  return isBeyond(limits.changed, changed, rows) ? { what: 'changed', cells: changed } : undefined;
}

/** More than the number, and at least the share of the rows. */
export function isBeyond({ count, share }: Limit, number: number, rows: number): boolean {
  return number > count && number >= share * rows;
}
