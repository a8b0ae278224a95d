// Limits of a run: more deletes or updates than a number, and at least a share of an endpoint's rows, wait for an approval.
import type { Limit, SyncModel } from '../model/sync.ts';
import { isBeyond } from './suspicious.ts';

export interface PlannedCounts {
  /** Rows that the endpoint has. */
  readonly rows: number;
  readonly deletes: number;
  readonly updates: number;
}

/** An approval is a ceiling: it covers up to this many operations of the kind in the whole run, and none when more are planned. */
export interface Approved {
  readonly deletes?: number;
  readonly updates?: number;
}

export interface Allowance {
  readonly planned: number;
  /** How many may be written: all, or none. */
  readonly within: number;
  readonly withheld: number;
  /** In words for people; empty where nothing is withheld. */
  readonly why: string;
}

export interface GuardVerdict {
  readonly deletes: Allowance;
  readonly updates: Allowance;
}

type Kind = 'deletes' | 'updates';

/**
 * What each endpoint may do in this run. A limit is exceeded when there are more than its number and at least its share of the endpoint's rows. Then
 * everything of that kind at that endpoint is withheld, unless an approval covers all that exceeds, at all endpoints together.
 */
export function guard(
  limits: Pick<SyncModel['limits'], Kind>,
  counts: Readonly<Record<string, PlannedCounts>>,
  approved: Approved,
): Readonly<Record<string, GuardVerdict>> {
  const excess = { deletes: excessOf('deletes', limits.deletes, counts), updates: excessOf('updates', limits.updates, counts) };
  const verdicts: Record<string, GuardVerdict> = {};
  for (const [endpoint, count] of Object.entries(counts)) {
    verdicts[endpoint] = {
      deletes: allowance('deletes', count, limits.deletes, approved.deletes, excess.deletes),
      updates: allowance('updates', count, limits.updates, approved.updates, excess.updates),
    };
  }
  return verdicts;
}

function excessOf(kind: Kind, limit: Limit, counts: Readonly<Record<string, PlannedCounts>>): number {
  const exceeding = Object.values(counts).filter((count) => isBeyond(limit, count[kind], count.rows));
  return exceeding.reduce((sum, count) => sum + count[kind], 0);
}

function allowance(kind: Kind, count: PlannedCounts, limit: Limit, approved: number | undefined, excess: number): Allowance {
  const planned = count[kind];
  const isFree = !isBeyond(limit, planned, count.rows) || (approved !== undefined && excess <= approved);
  if (isFree) return { planned, within: planned, withheld: 0, why: '' };
  const share = `${Math.round(limit.share * 1000) / 10} %`;
  const limitText = `${planned} ${kind} of ${count.rows} rows are beyond the limit of ${limit.count} and ${share}`;
  const why = approved === undefined ? limitText : `${limitText}, and ${excess} are more than the ${approved} that were approved`;
  return { planned, within: 0, withheld: planned, why };
}
