// What a person's answer to an ambiguous match means for each of the rows.
import { KantoError } from '../core/model/error.ts';
import type { ConflictRow } from '../store/tables/queries/conflict-queue.ts';
import type { recordViewTable } from '../store/tables/queries/record-view.ts';
import { matchOf } from './conflict-view.ts';

interface Picked {
  readonly endpoint: string;
  readonly key: readonly string[];
}

export interface RowVerdict {
  readonly endpoint: string;
  /** JSON of the native key. */
  readonly key: string;
  /** Rows of one group become one record; `record:<number>` is an existing one. */
  readonly group: string;
}

/** The picked rows go together, or to the existing record that a picked row belongs to; every other waiting row is a record of its own. */
export function judge(
  row: ConflictRow,
  together: readonly Picked[],
  records: ReturnType<typeof recordViewTable>,
  uuid: () => string,
): RowVerdict[] {
  const body = matchOf(row);
  const linked = body.records.flatMap((record) =>
    records.links(Number(record)).map((link) => ({ record, endpoint: link.endpoint, key: link.key })),
  );
  const picked = together.map((one) => ({ endpoint: one.endpoint, key: JSON.stringify(one.key) }));
  const isPicked = (one: { readonly endpoint: string; readonly key: string }) =>
    picked.some((pick) => pick.endpoint === one.endpoint && pick.key === one.key);
  for (const pick of picked) {
    if ([...body.rows, ...linked].some((one) => one.endpoint === pick.endpoint && one.key === pick.key)) continue;
    throw new KantoError(
      'moved',
      `Row ${pick.key} of ${pick.endpoint} is not among the rows of ${row.label} any more.`,
      'Look at the rows again.',
      'ask-user',
    );
  }
  const targets = [...new Set(linked.filter(isPicked).map((one) => one.record))];
  if (targets.length > 1) throw refused(row, 'two of the picked rows belong to different records already', 'Pick rows of one record only.');
  const target = targets[0];
  const taken = target === undefined ? [] : linked.filter((one) => one.record === target && !isPicked(one)).map((one) => one.endpoint);
  const endpoints = [...picked.map((one) => one.endpoint), ...taken.filter((name) => picked.some((one) => one.endpoint === name))];
  if (new Set(endpoints).size < endpoints.length)
    throw refused(row, 'a record has one row at an endpoint', 'Pick at most one row of each endpoint.');
  const group = target === undefined ? uuid() : `record:${target}`;
  return body.rows.map((one) => ({ endpoint: one.endpoint, key: one.key, group: isPicked(one) ? group : uuid() }));
}

function refused(row: ConflictRow, why: string, remedy: string): KantoError {
  return new KantoError('invalid-input', `These rows of ${row.label} cannot be put together: ${why}.`, remedy, 'ask-user');
}
