// What was decided for each record of a plan, from the decision to the commit: small, and in the form in which the state holds it.
import type { Change, Hold, Outcome, Overwritten, PresenceHold, RecordStatus } from '../../core/model/record.ts';
import type { Values } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

/** A link as the state will hold it. */
export interface DecidedLink {
  readonly endpoint: number;
  readonly key: string;
  readonly status: 'live' | 'absent' | 'outside' | 'ignored';
  /** JSON; null: the image of golden. */
  readonly shadow: string | null;
  /** Of the native row as it was seen; null: look again next time; absent: not seen, what is known stays. */
  readonly hash?: number | null;
  readonly absence: string | null;
  readonly shownHash: number | null;
}

/** What only few outcomes have. */
export interface Incidents {
  readonly changes: readonly Change[];
  readonly overwritten: readonly Overwritten[];
  readonly skipped: Outcome['skipped'];
  readonly holds: Readonly<Record<string, Hold>>;
  readonly presence?: PresenceHold;
  /** What is agreed now for the fields that were held before. */
  readonly settled: Values;
}

export interface DecidedRecord {
  readonly record: number;
  readonly isNew: boolean;
  readonly status: RecordStatus;
  /** The status before; live for a new record. */
  readonly was: RecordStatus;
  /** Packed. */
  readonly golden: string;
  readonly matchHash: number | null;
  /** Wanted and shadow differ even when all operations are done: the next run looks at the record although nobody changed it. */
  readonly isPending: boolean;
  readonly label: string;
  readonly links: readonly DecidedLink[];
  /** Endpoints whose values became agreed ones. */
  readonly sources: readonly string[];
  /** Absent: none, and no question of this record is open. */
  readonly incidents?: Incidents;
}

const statements = preparedOnce((db: Db) => {
  const save = db.prepare('INSERT OR REPLACE INTO outcome (record, body) VALUES (?, ?)');
  const page = db.prepare<[number, number], string>('SELECT body FROM outcome WHERE record > ? ORDER BY record LIMIT ?').pluck();
  const drop = db.prepare('DELETE FROM outcome WHERE record = ?');
  return { save, page, drop } as const;
});

/** Outcomes in the scratch of their plan. */
export function outcomeTable(scratch: Db) {
  const { save, page, drop } = statements(scratch);
  return {
    save: (decided: DecidedRecord) => save.run(decided.record, JSON.stringify(decided)),
    /** A page of outcomes by record. */
    page: (after: number, limit: number) => page.all(after, limit).map((body) => JSON.parse(body) as DecidedRecord),
    /** Leaves a record for the next plan. */
    drop: (record: number) => drop.run(record),
  } as const;
}
