// Schema drift: a mapped column that is gone pauses its field there until a person says what shall be; the rest of the sync goes on.
import { nearestNames } from '../../connectors/shared/nearest.ts';
import type { DatasetSchema } from '../../connectors/contract.ts';
import type { EndpointConfig, SyncConfig } from '../config/schema.ts';
import { driftTable } from '../store/tables/drift.ts';
import type { SeenColumns } from '../store/tables/drift.ts';
import type { Db } from '../store/open.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

/** A field whose column is not there. */
export interface MissingColumn {
  readonly field: string;
  readonly column: string;
  readonly near: readonly string[];
}

/**
 * Fields that can pause. Not those by which rows find each other: without them a row could be made a second time, so there the read refuses. A
 * place that does not tell its columns misses none.
 */
export function missingColumns(sync: SyncConfig, endpoint: EndpointConfig, { columns }: DatasetSchema): readonly MissingColumn[] {
  const present = columns.map(({ name }) => name);
  if (present.length === 0) return [];
  return Object.entries(endpoint.fields)
    .filter(([field, { column }]) => !present.includes(column) && !sync.match.includes(field) && !endpoint.key.includes(column))
    .map(([field, { column }]) => ({ field, column, near: nearestNames(column, present) }));
}

export function seenColumns({ columns }: DatasetSchema): SeenColumns {
  return Object.fromEntries(columns.map(({ name, nativeType }) => [name, nativeType]));
}

/** What is different from the last run, in words for people; nothing where no column is known from before. */
export function driftNotices(db: Db, { model, row, seen }: EndpointContext): readonly string[] {
  const before = driftTable(db).columns(row.id);
  if (before === undefined || Object.keys(seen).length === 0) return [];
  const fresh = Object.keys(seen).filter((column) => !Object.hasOwn(before, column));
  const retyped = Object.entries(seen).filter(([column, type]) => Object.hasOwn(before, column) && before[column] !== type);
  return [
    ...(fresh.length === 0 ? [] : [`${model.name} has new columns that the sync does not map: ${fresh.join(', ')}.`]),
    ...retyped.map(([column, type]) => `${model.name}: the type of ${column} is now ${type}; it was ${before[column]}.`),
  ];
}

/** A column that was missing is there again: rows made or changed meanwhile were never seen with it, and must be listed. */
export function hasReturned(db: Db, sync: string, { model, missing }: EndpointContext): boolean {
  return driftTable(db)
    .of(sync, model.name)
    .some(({ field }) => !missing.some((one) => one.field === field));
}

/** Keeps what a run found; call in the transaction that stores its plan. */
export function rememberDrift(db: Db, sync: SyncContext, run: number, at: number): void {
  const table = driftTable(db);
  for (const { model, row, missing, seen } of sync.endpoints) {
    const endpoint = model.name;
    for (const { field } of table.of(sync.id, endpoint))
      if (!missing.some((one) => one.field === field)) table.drop(sync.id, endpoint, field);
    for (const { field, column, near } of missing) table.put({ sync: sync.id, endpoint, field, column, near }, run, at);
    table.setColumns(row.id, seen);
  }
}

/** Missing columns that nobody has accepted yet. */
export function askedDrift(db: Db, sync: SyncContext): readonly (MissingColumn & { readonly endpoint: string })[] {
  return sync.endpoints.flatMap(({ model, missing }) => {
    const accepted = new Set(
      driftTable(db)
        .of(sync.id, model.name)
        .filter(({ choice }) => choice === 'pause')
        .map(({ field }) => field),
    );
    return missing.filter(({ field }) => !accepted.has(field)).map((one) => ({ ...one, endpoint: model.name }));
  });
}

/** `shop has no column "Phone" any more, so phone pauses there; nearest: "Telephone"`. */
export function driftWords({ endpoint, field, column, near }: MissingColumn & { readonly endpoint: string }): string {
  const hint = near.length === 0 ? '' : `; nearest: ${near.map((name) => `"${name}"`).join(', ')}`;
  return `${endpoint} has no column "${column}" any more, so ${field} pauses there${hint}`;
}
