// The configuration of the sync that keeps the sides of a generated data set the same.
import type { Side } from '../data/diverged/cases.ts';
import { states, type Column } from '../data/diverged/columns.ts';
import type { Dataset } from '../data/diverged/dataset.ts';
import { changedColumn, table } from '../data/diverged/files.ts';
import type { TestConfiguration } from '../harness/workspace.ts';

export type Store = 'csv' | 'sqlite';

export interface SyncOptions {
  readonly stores: Readonly<Partial<Record<Side, Store>>>;
  /** Reads only what changed, by the time of the change. */
  readonly isIncremental?: boolean;
  /** Operations in one write request at most. */
  readonly batch?: number;
}

export const syncName = 'customers';

export function fileOf(side: Side, store: Store): string {
  return `${side}.${store}`;
}

/** Nobody but a person decides what two sides changed differently. */
export function configurationOf(dataset: Dataset, { stores, isIncremental = false, batch }: SyncOptions): TestConfiguration {
  const fields = dataset.columns.map((column) => [column.name, fieldType(column)] as const);
  const sides = dataset.sides.map((side) => [side, stores[side] ?? 'sqlite'] as const);
  const limits = batch === undefined ? {} : { limits: { batch } };
  const owners = dataset.rule === 'revert' ? { authority: authorityOf(dataset) } : {};
  return {
    connections: Object.fromEntries(
      sides.map(([side, store]) => [side, { connector: store, config: { path: fileOf(side, store) }, ...limits }]),
    ),
    syncs: {
      [syncName]: {
        title: 'Customers',
        record: { fields: Object.fromEntries(fields) },
        match: ['id'],
        first: ['manual'],
        policies: { default: ['manual'] },
        presence: 'manual',
        ...owners,
        endpoints: Object.fromEntries(
          sides.map(([side, store]) => [
            side,
            {
              connection: side,
              dataset: store === 'csv' ? side : table,
              key: ['id'],
              ...(isIncremental ? { modified: changedColumn, changes: 'cursor' } : {}),
              fields: Object.fromEntries(dataset.columns.map(({ name }) => [name, name])),
            },
          ]),
        ),
      },
    },
  };
}

function fieldType({ type }: Column): unknown {
  switch (type) {
    case 'enum':
      return { type, values: [...states] };
    case 'decimal':
      return { type, scale: 2 };
    case 'integer':
    case 'text':
    case 'date':
    case 'boolean':
      return { type };
  }
}

/** Side a alone may change anything. */
function authorityOf(dataset: Dataset): unknown {
  return Object.fromEntries(dataset.columns.map(({ name }) => [name, { only: ['a'], otherwise: 'revert' }]));
}
