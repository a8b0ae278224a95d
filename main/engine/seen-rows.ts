// Rows on their way from the reader to the reconciler: packed into the scratch of a plan, and out of it as observations.
import type { Evidence, Observation } from '../core/model/record.ts';
import { packValues, unpackValues } from '../core/model/packed.ts';
import type { Misfit } from '../core/model/sync.ts';
import type { Values } from '../core/model/value.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

interface Extra {
  readonly misfits?: Readonly<Record<string, Misfit>>;
  readonly modified?: number;
  readonly evidence?: Evidence;
}

/** What a reader found in a row. */
export interface ReadValues {
  readonly values: Values;
  readonly misfits: Readonly<Record<string, Misfit>>;
  readonly modified?: number | undefined;
}

/** Packs the present rows of one endpoint. */
export function createRowPacker(endpoint: EndpointContext): (read: ReadValues) => Pick<SeenRow, 'body' | 'extra'> {
  const names = packedFields(endpoint);
  return ({ values, misfits, modified }) => {
    const misread = Object.keys(misfits).length > 0;
    const extra: Extra = { ...(misread ? { misfits } : {}), ...(modified === undefined ? {} : { modified }) };
    return { body: packValues(names, values), extra: misread || modified !== undefined ? JSON.stringify(extra) : null };
  };
}

/** The fields of a packed row, in its order. */
function packedFields({ readers }: EndpointContext): readonly string[] {
  return readers.map((reader) => reader.field);
}

export function evidenceExtra(evidence: Evidence): string {
  return JSON.stringify({ evidence } satisfies Extra);
}

export interface SeenReader {
  /** Name of the endpoint of a row; undefined where the sync has it no more. */
  readonly nameOf: (row: SeenRow) => string | undefined;
  readonly values: (row: SeenRow) => Values;
  readonly observation: (row: SeenRow) => Observation;
  /** A cell of the row could not be read. */
  readonly isMisread: (row: SeenRow) => boolean;
}

/** Reads staged rows of a sync. */
export function createSeenReader(sync: SyncContext): SeenReader {
  const known = new Map(sync.endpoints.map((one) => [one.row.id, { name: one.model.name, names: packedFields(one) }]));
  const values = (row: SeenRow) => unpackValues(known.get(row.endpoint)?.names ?? [], row.body);
  return {
    nameOf: (row) => known.get(row.endpoint)?.name,
    values,
    isMisread: (row) => row.extra !== null && (JSON.parse(row.extra) as Extra).misfits !== undefined,
    observation: (row) => {
      const extra = row.extra === null ? {} : (JSON.parse(row.extra) as Extra);
      switch (row.kind) {
        case 'present':
          return {
            kind: 'present',
            key: row.key,
            values: values(row),
            misfits: extra.misfits ?? {},
            ...(extra.modified === undefined ? {} : { modified: extra.modified }),
          };
        case 'absent':
          return { kind: 'absent', evidence: extra.evidence ?? { scans: 0, confirmed: false } };
        case 'outside':
          return { kind: 'outside' };
      }
    },
  };
}
