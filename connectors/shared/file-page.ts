// What every reader of files does: refuses what a file cannot do, and fills pages.
import type { NativeKey, NativeRow, ReadRequest, RowProblem } from '../contract.ts';
import { connectorError } from './errors.ts';

/** A page in the making. */
export interface OpenPage {
  readonly keys: NativeKey[];
  readonly rows: NativeRow[];
  readonly problems: RowProblem[];
  /** How long its rows are in the file. */
  units: number;
}

export function emptyPage(): OpenPage {
  return { keys: [], rows: [], problems: [], units: 0 };
}

const rowsPerPage = 1000;

/** A page of long rows is full before it has as many as others. */
export function isFull({ keys, problems, units }: OpenPage, unitsPerPage: number): boolean {
  return keys.length + problems.length >= rowsPerPage || units >= unitsPerPage;
}

/** A file has no filter and no cursor. */
export function refuseFilters(path: string, { ref, since }: ReadRequest): void {
  if (ref.where === undefined && since === undefined) return;
  const what = since === undefined ? 'a filter ("where")' : 'a read by cursor ("changes: cursor")';
  throw connectorError(
    'unsupported',
    `${path} is a file and cannot take ${what}.`,
    'Take it out of the sync for this place; a file is always read whole.',
  );
}
