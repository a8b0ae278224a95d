// Dead letters: operations that a place refused for reasons of the record, with every attempt.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export type LetterState = 'open' | 'retry' | 'discarded' | 'settled';

/** What decides whether the operation is planned again. */
export interface LetterBrief {
  readonly id: number;
  readonly record: number;
  readonly endpoint: string;
  readonly digest: string;
  readonly config: string;
  readonly state: LetterState;
  readonly nextAt: number;
}

export interface Refusal {
  readonly sync: string;
  readonly endpoint: string;
  readonly record: number;
  readonly kind: 'create' | 'update' | 'delete';
  readonly key: string;
  readonly label: string;
  /** JSON of canonical values by field. */
  readonly before: string;
  readonly after: string;
  /** JSON of what would be written, by native column. */
  readonly cells: string;
  readonly digest: string;
  readonly config: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly column: string | null;
  /** The same for letters that failed alike. */
  readonly group: string;
  readonly run: number;
  readonly at: number;
}

const minute = 60_000;
const day = 1440 * minute;

/** When it is tried again by itself: after 1, 4, 16 ... minutes, then once a day. */
export function nextAttempt(at: number, attempts: number): number {
  return at + Math.min(day, minute * 4 ** (attempts - 1));
}

export const deadLetterTable = preparedOnce((db: Db) => {
  const waiting = db.prepare<[string], LetterBrief>(
    "SELECT id, record, endpoint, digest, config, state, next_at AS nextAt FROM dead_letter WHERE state <> 'settled' AND sync = ?",
  );
  const known = db.prepare<[number, string], { id: number; attempts: number; state: LetterState; digest: string }>(
    "SELECT id, attempts, state, digest FROM dead_letter WHERE record = ? AND endpoint = ? AND state <> 'settled'",
  );
  const insert = db.prepare(
    `INSERT INTO dead_letter (sync, endpoint, record, kind, key, label, before, after, cells, digest, config, code, message, remedy, column_name, grp,
       state, attempts, first_run, first_at, last_at, next_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 1, ?, ?, ?, ?)`,
  );
  const again = db.prepare(
    `UPDATE dead_letter SET kind = ?, key = ?, label = ?, before = ?, after = ?, cells = ?, digest = ?, config = ?, code = ?, message = ?, remedy = ?,
       column_name = ?, grp = ?, state = 'open', reason = NULL, by = NULL, attempts = ?, last_at = ?, next_at = ? WHERE id = ?`,
  );
  const attempt = db.prepare('INSERT OR REPLACE INTO dead_letter_attempt (letter, run, at, code, message) VALUES (?, ?, ?, ?, ?)');
  const settle = db.prepare(
    "UPDATE dead_letter SET state = 'settled', closed_at = ? WHERE record = ? AND endpoint = ? AND state <> 'settled'",
  );
  const settleId = db.prepare("UPDATE dead_letter SET state = 'settled', closed_at = ? WHERE id = ?");
  const suspects = db
    .prepare<[string, string], number>("SELECT record FROM dead_letter WHERE state IN ('open', 'retry') AND sync = ? AND endpoint = ?")
    .pluck();
  const open = db.prepare<[string], number>("SELECT count(*) FROM dead_letter WHERE state IN ('open', 'retry') AND sync = ?").pluck();
  return {
    /** Every letter of a sync that is not settled. */
    waiting: (sync: string) => waiting.all(sync),
    /** Records whose operation at this endpoint failed before. */
    suspects: (sync: string, endpoint: string) => suspects.all(sync, endpoint),
    /** Letters of a sync that wait for a person or their turn. */
    open: (sync: string) => open.get(sync) ?? 0,
    /** Keeps a refusal: a new letter, or one more attempt of the one that is there. */
    refuse(one: Refusal): void {
      const { kind, key, label, before, after, cells, digest, config, code, message, remedy, column, group } = one;
      const old = known.get(one.record, one.endpoint);
      const attempts = (old?.attempts ?? 0) + 1;
      const next = nextAttempt(one.at, attempts);
      if (old) {
        again.run(
          kind,
          key,
          label,
          before,
          after,
          cells,
          digest,
          config,
          code,
          message,
          remedy,
          column,
          group,
          attempts,
          one.at,
          next,
          old.id,
        );
        attempt.run(old.id, one.run, one.at, code, message);
        return;
      }
      const { sync, endpoint, record, run, at } = one;
      const id = insert.run(
        sync,
        endpoint,
        record,
        kind,
        key,
        label,
        before,
        after,
        cells,
        digest,
        config,
        code,
        message,
        remedy,
        column,
        group,
        run,
        at,
        at,
        next,
      ).lastInsertRowid;
      attempt.run(id, run, at, code, message);
    },
    /** The operation went through. */
    settle: (record: number, endpoint: string, at: number) => settle.run(at, record, endpoint),
    /** The operation is not needed any more. */
    settleMoot: (id: number, at: number) => settleId.run(at, id),
  } as const;
});
