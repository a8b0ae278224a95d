// A sync as the core sees it: one record type, its fields, and the endpoints with their lenses.
import type { Native, WriteKind } from '../../../connectors/native.ts';
import type { Field, FirstPolicy } from './field.ts';
import type { Value } from './value.ts';

/** Why a native value cannot be read or a canonical one cannot be written, in words for people: `not a date: 31.02.2020`. */
export interface Misfit {
  readonly why: string;
}

export type Read = { readonly ok: true; readonly value: Value } | ({ readonly ok: false } & Misfit);
export type Written = { readonly ok: true; readonly native: Native } | ({ readonly ok: false } & Misfit);

/**
 * The lens of one field at one endpoint. Law 1: `image(image(v)) = image(v)`. Law 2: `read(n) = read(write(read(n)))`.
 * `image(v)` is `read(write(v))`: what the endpoint shows for v. Total: a value that cannot be written has the misfit as its image.
 */
export interface FieldLens {
  readonly column: string;
  /** `paused`: neither read nor written for now; what was last seen stays known. */
  readonly direction: 'both' | 'read' | 'write' | 'paused';
  /** What a blank seen here means: an edit like any other, nothing, or a question to a person. */
  readonly blank: 'propagate' | 'ignore' | 'ask';
  readonly read: (native: Native) => Read;
  readonly write: (value: Value) => Written;
  readonly image: (value: Value) => Read;
}

/** What a delete elsewhere does here. */
export type DeletePolicy = 'propagate' | 'archive' | 'ignore' | 'ask';

export interface EndpointModel {
  readonly name: string;
  /** Lenses by field name. A field without one is never read nor written here. */
  readonly lenses: Readonly<Record<string, FieldLens>>;
  readonly allow: readonly WriteKind[];
  readonly deletes: DeletePolicy;
  /** For `deletes: archive`: the field to set, and its value. */
  readonly archive?: { readonly field: string; readonly value: Value };
  /** Complete scans a record must be missing from before its absence counts. At least 1. */
  readonly absentScans: number;
}

/** More than the count and at least the share: then it is withheld. `share` is of the endpoint's rows, 0 to 1. */
export interface Limit {
  readonly count: number;
  readonly share: number;
}

export interface SyncModel {
  readonly id: string;
  readonly fields: readonly Field[];
  readonly endpoints: readonly EndpointModel[];
  /** Fields by which rows that are not linked yet find each other; empty: never. */
  readonly match: readonly string[];
  readonly first: readonly FirstPolicy[];
  /** Update against delete. */
  readonly presence: 'manual' | 'update' | 'delete';
  /** Modification times closer than this many milliseconds are undecided. */
  readonly skewMs: number;
  /** `emptied`, `changed`: cells of one field at one endpoint that became blank, or changed at all, since they were last seen. */
  readonly limits: { readonly deletes: Limit; readonly updates: Limit; readonly emptied: Limit; readonly changed: Limit };
  /** Returns of a field to the value it had just left, in a row, before a person is asked. */
  readonly flips: number;
}
