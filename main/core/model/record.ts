// What the reconciler takes in and gives out for one record: state, observations, outcome.
import type { Value, Values } from './value.ts';
import type { Misfit } from './sync.ts';

/** A person's answer for one contested field. Belongs to the candidates it was made on (`seen`). */
export interface FieldChoice {
  readonly value: Value;
  /** The endpoint that was taken, `base`, or absent for a value of the person's own. */
  readonly taken?: string;
  readonly by: string;
  /** Candidate values at the time of the choice, by endpoint. */
  readonly seen: Values;
}

export interface Candidate {
  readonly value: Value;
  /** When the row was last changed at the endpoint, epoch milliseconds on our clock; absent where it does not tell. */
  readonly modified?: number;
}

/** Why a field waits for a person. `refused`: a place does not take the value, and a person gives another one. `undone`: a run was undone, and the places differ. `oscillating`: it flipped between the same values again and again. */
export type HoldReason = 'manual' | 'blank' | 'authority' | 'first-sync' | 'refused' | 'undone' | 'oscillating';

/** A contested field: golden keeps its value and nothing is written to the field anywhere. */
export interface Hold {
  readonly reason: HoldReason;
  /** What was agreed before; `undefined` where nothing ever was. */
  readonly base: Value | undefined;
  readonly candidates: Readonly<Record<string, Candidate>>;
  readonly choice?: FieldChoice;
}

export type PresenceChoice = { readonly keep: boolean; readonly by: string };

/** A record that was deleted at some endpoints and must not be decided by a rule. Nothing of it is written anywhere. */
export interface PresenceHold {
  /** `undone`: the rows that a run made or deleted are back as they were before it. */
  readonly reason: 'update-against-delete' | 'ask' | 'undone';
  readonly deletedAt: readonly string[];
  readonly changedAt: readonly string[];
  readonly choice?: PresenceChoice;
}

/** How sure an absence is. */
export interface Evidence {
  /** Complete scans in a row that did not list the row. */
  readonly scans: number;
  /** A read of its key answered "not found", or a tombstone was seen; or the connector cannot be asked. */
  readonly confirmed: boolean;
}

/**
 * `live`: seen at the endpoint. `absent`: missing, in quarantine or already decided. `outside`: left the endpoint's filter; not
 * written. `ignored`: its record was deleted elsewhere and this endpoint keeps its row.
 */
export type LinkStatus = 'live' | 'absent' | 'outside' | 'ignored';

export interface LinkState {
  /** The native key, as `JSON.stringify(NativeKey)`. */
  readonly key: string;
  readonly status: LinkStatus;
  /** Last seen or acknowledged canonical values; a field that is missing has no base here. */
  readonly shadow: Values;
  readonly absence?: Evidence;
}

export type RecordStatus = 'live' | 'deleted';

export interface RecordState {
  readonly id: string;
  readonly status: RecordStatus;
  /** Agreed values; a field that is missing has never been agreed on. Empty for a record that is only now being made. */
  readonly golden: Values;
  readonly holds: Readonly<Record<string, Hold>>;
  readonly presence?: PresenceHold;
  /** By endpoint name. */
  readonly links: Readonly<Record<string, LinkState>>;
}

/** What a read found at one endpoint for one record. An endpoint that is not mentioned says nothing. */
export type Observation =
  | {
      readonly kind: 'present';
      readonly key: string;
      /** Every mapped, readable field that could be read. */
      readonly values: Values;
      /** Fields whose cell could not be read; they are neither changed nor written. */
      readonly misfits: Readonly<Record<string, Misfit>>;
      readonly modified?: number;
    }
  | { readonly kind: 'absent'; readonly evidence: Evidence }
  | { readonly kind: 'outside' };

/** A write that is needed. `before` holds what the endpoint was last seen to hold of the fields that change. */
export interface Intent {
  readonly endpoint: string;
  readonly kind: 'create' | 'update' | 'delete';
  /** Absent for a create. */
  readonly key?: string;
  readonly before: Values;
  /** What the endpoint will show: images of golden. Empty for a delete. */
  readonly after: Values;
  /** Golden values behind `after`, from which the native values are written. */
  readonly wanted: Values;
  /** For people: `taken from shop`, `new in ledger`, `deleted in shop`, `put back, only ledger may change it`, `differs from the record`. */
  readonly because: string;
}

/** A value that lost, kept with the decision that did it. */
export interface Overwritten {
  readonly field: string;
  readonly value: Value;
  /** Whose value it was: an endpoint, or `record` for the agreed one. */
  readonly source: string;
  readonly by: Decision;
}

/** How a golden value came about. */
export type Decision =
  | { readonly kind: 'taken'; readonly from: readonly string[] }
  | { readonly kind: 'policy'; readonly policy: string; readonly from: readonly string[] }
  | { readonly kind: 'person'; readonly by: string; readonly taken?: string }
  | { readonly kind: 'reverted'; readonly from: string }
  | { readonly kind: 'deleted'; readonly at: readonly string[] }
  | { readonly kind: 'undone'; readonly run: number };

/** A golden value that changed, for the record's history. */
export interface Change {
  readonly field: string;
  readonly from: Value | undefined;
  readonly to: Value;
  readonly by: Decision;
}

/** The next state of the record with everything that must be done and kept. Pure data; nothing has happened yet. */
export interface Outcome {
  readonly status: RecordStatus;
  readonly golden: Values;
  readonly holds: Readonly<Record<string, Hold>>;
  readonly presence?: PresenceHold;
  /** Links as they are before any intent is carried out. A link that is missing here is dropped. */
  readonly links: Readonly<Record<string, LinkState>>;
  readonly intents: readonly Intent[];
  readonly changes: readonly Change[];
  readonly overwritten: readonly Overwritten[];
  /** Fields at endpoints that could not be read or written, for the list of skipped values. */
  readonly skipped: readonly { readonly endpoint: string; readonly field: string; readonly why: string }[];
  /** Wanted and shadow still differ somewhere after all intents succeed (quarantine, hold, misfit): look at it again in the next run. */
  readonly unsettled: boolean;
}
