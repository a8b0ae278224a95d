// What is said of tables the same way whatever the server: which is meant, what it holds, what a write to it sets off besides.
import type { ColumnInfo, DatasetRef, ReadRequest } from '../contract.ts';
import { connectorError, requireColumns, requireKey } from '../shared/errors.ts';
import { nearestNames } from '../shared/nearest.ts';

/** A table or view, and what the user of the connection may do with it. */
export interface TableRights {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

/** `not-found`, with the nearest names. */
export function noSuchTable(server: string, name: string, all: readonly TableRights[]): Error {
  const names = all.map((each) => each.name);
  const near = nearestNames(name, names);
  const few = names.slice(0, 10).join(', ');
  const hint = near.length > 0 ? `Nearest: ${near.join(', ')}.` : `There: ${few || 'no table that this user may see'}.`;
  return connectorError('not-found', `${server} has no table or view "${name}". ${hint}`, 'Name an existing table or view as the dataset.');
}

/** Throws where a sync uses columns that a table has not, or names no key. `where` names the table in messages. */
export function checkUse(where: string, present: readonly ColumnInfo[], { key }: DatasetRef, columns: readonly string[]): void {
  requireKey(where, key);
  requireColumns(
    where,
    present.map(({ name }) => name),
    [...key, ...columns],
  );
}

/** Throws where a read is to begin at no value. */
export function requireBeginning(where: string, since: ReadRequest['since']): void {
  if (since === undefined || since.value !== null) return;
  throw connectorError('invalid-config', `A read of ${where} since nothing was asked for.`, 'Read the whole table first.');
}

/** What the contract tells of columns, and no more. */
export function toColumnInfo(columns: readonly ColumnInfo[]): readonly ColumnInfo[] {
  return columns.map(({ name, nativeType, nullable, maxLength, generated }) => ({
    name,
    nativeType,
    nullable,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(generated === true ? { generated } : {}),
  }));
}

/** `cascades`: tables that lose rows when rows are deleted here. */
export function sideEffects(
  name: string,
  triggers: readonly string[],
  cascades: readonly string[],
): { readonly sideEffects?: readonly string[] } {
  const found = [
    ...(triggers.length === 0 ? [] : [`Triggers of ${name} run: ${triggers.join(', ')}.`]),
    ...(cascades.length === 0 ? [] : [`A row that is deleted from ${name} takes rows of ${cascades.join(', ')} with it.`]),
  ];
  return found.length === 0 ? {} : { sideEffects: found };
}

/** A write to what can only be read. */
export function readOnlyView(server: string, name: string): Error {
  const message = `${name} of ${server} is a view and cannot be written.`;
  return connectorError('unsupported', message, 'Write to the table behind it, or set "allow: []".');
}
