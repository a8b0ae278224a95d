// An open question in the shape that the review screen shows.
import { hash } from 'node:crypto';
import type { QueueItem } from '../../preload/contract/conflicts.ts';
import type { Candidate, PresenceHold } from '../core/model/record.ts';
import type { Values } from '../core/model/value.ts';
import type { ConflictFieldRow, ConflictRow } from '../store/tables/queries/conflict-queue.ts';
import { listed, presenceWords } from './words.ts';

export type Candidates = Readonly<Record<string, Candidate>>;

/** The body of a conflict of kind `match`; written by main/engine/match-rows.ts. */
export interface MatchBody {
  readonly key: string;
  readonly why: string;
  /** `key`: JSON of the native key. */
  readonly rows: readonly { readonly endpoint: string; readonly key: string; readonly values: Values }[];
  /** Existing records that the rows could belong to. */
  readonly records: readonly string[];
}

export function candidatesOf(row: Pick<ConflictFieldRow, 'candidates'>): Candidates {
  return JSON.parse(row.candidates) as Candidates;
}

export function presenceOf(row: Pick<ConflictRow, 'body'>): PresenceHold {
  return JSON.parse(row.body ?? '{}') as PresenceHold;
}

export function matchOf(row: Pick<ConflictRow, 'body'>): MatchBody {
  return JSON.parse(row.body ?? '{}') as MatchBody;
}

export function queueItem(row: ConflictRow, fields: readonly ConflictFieldRow[]): QueueItem {
  return {
    id: row.id,
    kind: row.kind,
    sync: row.sync,
    label: row.label,
    ...(row.uuid === null ? {} : { record: row.uuid }),
    fields: fields.map((one) => one.field),
    detail: detailOf(row, fields),
    since: row.since,
    group: row.grp,
    decided: row.state === 'decided',
  };
}

function detailOf(row: ConflictRow, fields: readonly ConflictFieldRow[]): string {
  switch (row.kind) {
    case 'fields': {
      const sides = [...new Set(fields.flatMap((one) => Object.keys(candidatesOf(one))))];
      return `${listed(fields.map((one) => one.field))}: ${sides.length > 1 ? `${sides.join(' ≠ ')}` : `changed in ${listed(sides)}`}`;
    }
    case 'presence':
      return presenceWords(presenceOf(row));
    case 'match':
      return matchOf(row).why;
  }
}

/** A fingerprint of what a person decides on: it changes when a side changes, and not when a decision is made. */
export function seenOf(row: ConflictRow, fields: readonly ConflictFieldRow[]): string {
  const what =
    row.kind === 'fields'
      ? fields.map((one) => [one.field, one.base, Object.entries(candidatesOf(one)).map(([name, { value }]) => [name, value])])
      : row.kind === 'presence'
        ? [presenceOf(row).deletedAt, presenceOf(row).changedAt]
        : [row.body];
  return hash('sha256', JSON.stringify(what)).slice(0, 16);
}
