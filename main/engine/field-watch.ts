// Counts, while records are decided, which fields changed in how many rows of each endpoint, and says which of them look like a source gone wrong.
import type { Observation, RecordState } from '../core/model/record.ts';
import type { SyncModel } from '../core/model/sync.ts';
import { equalValues, isBlank } from '../core/model/value.ts';
import { suspicionOf } from '../core/reconcile/suspicious.ts';
import type { Suspicion } from '../core/reconcile/suspicious.ts';

/** A field that is neither read nor written at an endpoint in this run. */
export interface FieldPause extends Suspicion {
  readonly endpoint: string;
  readonly field: string;
  readonly rows: number;
}

export interface FieldWatch {
  note(state: RecordState, observations: Readonly<Record<string, Observation>>): void;
  /** `rows` by endpoint. `approved`: cells that a person let through, all fields together. */
  pauses(rows: Readonly<Record<string, number>>, approved: number): readonly FieldPause[];
}

export function createFieldWatch(model: SyncModel): FieldWatch {
  const counts = new Map<string, Map<string, { changed: number; emptied: number }>>();
  const countOf = (endpoint: string, field: string) => {
    const fields = counts.get(endpoint) ?? new Map<string, { changed: number; emptied: number }>();
    counts.set(endpoint, fields);
    const count = fields.get(field) ?? { changed: 0, emptied: 0 };
    fields.set(field, count);
    return count;
  };
  return {
    note(state, observations) {
      for (const [endpoint, seen] of Object.entries(observations)) {
        const link = state.links[endpoint];
        if (seen.kind !== 'present' || link?.status !== 'live') continue;
        for (const [field, value] of Object.entries(seen.values)) {
          const before = link.shadow[field];
          if (before === undefined || equalValues(before, value)) continue;
          const count = countOf(endpoint, field);
          count.changed += 1;
          if (isBlank(value)) count.emptied += 1;
        }
      }
    },
    pauses(rows, approved) {
      const found: FieldPause[] = [];
      for (const [endpoint, fields] of counts) {
        for (const [field, count] of fields) {
          const suspicion = suspicionOf(model.limits, rows[endpoint] ?? 0, count);
          if (suspicion) found.push({ endpoint, field, rows: rows[endpoint] ?? 0, ...suspicion });
        }
      }
      return found.reduce((sum, one) => sum + one.cells, 0) <= approved ? [] : found;
    },
  };
}

/** `shop: phone is suddenly empty in 980 of 1,000 rows, so it pauses there`. */
export function pauseWords({ endpoint, field, what, cells, rows }: FieldPause): string {
  const how = what === 'emptied' ? 'is suddenly empty' : 'changed at once';
  return `${endpoint}: ${field} ${how} in ${cells.toLocaleString('en')} of ${rows.toLocaleString('en')} rows, so it pauses there`;
}
