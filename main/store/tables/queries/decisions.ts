// What people decide about open questions, until the next run uses it.
import type { Candidate, FieldChoice, PresenceChoice, PresenceHold } from '../../../core/model/record.ts';
import type { Value } from '../../../core/model/value.ts';
import type { Db } from '../../open.ts';

export interface Verdict {
  readonly sync: string;
  readonly endpoint: string;
  /** JSON of the native key. */
  readonly key: string;
  readonly group: string;
  readonly by: string;
}

/** A decision on a field that nobody contests. */
export interface AheadDecision {
  readonly sync: string;
  readonly record: number;
  readonly label: string;
  readonly field: string;
  readonly base: Value;
  readonly candidates: Readonly<Record<string, Candidate>>;
  readonly choice: FieldChoice;
  readonly at: number;
}

/** Call every one of these inside a transaction. */
export function decisionTable(db: Db) {
  const choose = db.prepare(
    "UPDATE conflict_field SET choice = ?, state = 'decided', decided_at = ? WHERE conflict = ? AND field = ? AND state <> 'closed'",
  );
  const unchoose = db.prepare(
    "UPDATE conflict_field SET choice = NULL, state = 'open', decided_at = NULL WHERE conflict = ? AND state = 'decided' AND (? IS NULL OR field = ?)",
  );
  const settle = db
    .prepare(
      `UPDATE conflict SET (state, decided_at) = (
       SELECT CASE count(*) WHEN 0 THEN 'decided' ELSE 'open' END, CASE count(*) WHEN 0 THEN max(coalesce(conflict.decided_at, 0), ?) END
       FROM conflict_field f WHERE f.conflict = conflict.id AND f.state = 'open')
     WHERE id = ? AND kind = 'fields' AND state <> 'closed' RETURNING state`,
    )
    .pluck();
  const setBody = db.prepare("UPDATE conflict SET body = ?, state = ?, decided_at = ? WHERE id = ? AND state <> 'closed'");
  const setState = db.prepare("UPDATE conflict SET state = ?, decided_at = ? WHERE id = ? AND state <> 'closed'");
  const pending = db.prepare('UPDATE record SET pending = pending | 1 WHERE id = (SELECT record FROM conflict WHERE id = ?)');
  const putVerdict = db.prepare('INSERT OR REPLACE INTO match_verdict (sync, endpoint, key, grp, by, at) VALUES (?, ?, ?, ?, ?, ?)');
  const openOf = db.prepare<[number], number>("SELECT id FROM conflict WHERE record = ? AND kind = 'fields' AND state <> 'closed'").pluck();
  const openNew = db.prepare(
    `INSERT INTO conflict (sync, record, kind, state, label, opened_run, opened_at, decided_at)
     VALUES (?, ?, 'fields', 'decided', ?, (SELECT coalesce(max(id), 0) FROM run), ?, ?)`,
  );
  const stateOf = db.prepare<[number, string], string>('SELECT state FROM conflict_field WHERE conflict = ? AND field = ?').pluck();
  const putDecided = db.prepare(
    `INSERT OR REPLACE INTO conflict_field (conflict, field, reason, state, base, candidates, choice, decided_at)
     VALUES (?, ?, 'refused', 'decided', ?, ?, ?, ?)`,
  );
  const dropVerdict = db.prepare('DELETE FROM match_verdict WHERE sync = ? AND endpoint = ? AND key = ?');
  return {
    /** True when no field of the conflict is open any more. */
    choose(conflict: number, field: string, choice: FieldChoice, at: number): boolean {
      choose.run(JSON.stringify(choice), at, conflict, field);
      pending.run(conflict);
      return settle.get(at, conflict) === 'decided';
    },
    /** The number of decisions taken back. */
    unchoose(conflict: number, field: string | undefined): number {
      const { changes } = unchoose.run(conflict, field ?? null, field ?? null);
      settle.get(0, conflict);
      return changes;
    },
    /** Decides a field before anybody asked. False where it is contested already. */
    decideAhead({ sync, record, label, field, base, candidates, choice, at }: AheadDecision): boolean {
      const id = openOf.get(record) ?? Number(openNew.run(sync, record, label, at, at).lastInsertRowid);
      if (stateOf.get(id, field) === 'open') return false;
      putDecided.run(id, field, JSON.stringify(base), JSON.stringify(candidates), JSON.stringify(choice), at);
      pending.run(id);
      return true;
    },
    choosePresence(conflict: number, hold: PresenceHold, choice: PresenceChoice | undefined, at: number): void {
      const { choice: _, ...rest } = hold;
      const body = choice === undefined ? rest : { ...rest, choice };
      setBody.run(JSON.stringify(body), choice === undefined ? 'open' : 'decided', choice === undefined ? null : at, conflict);
      pending.run(conflict);
    },
    judge(conflict: number, verdicts: readonly Verdict[], at: number): void {
      for (const one of verdicts) putVerdict.run(one.sync, one.endpoint, one.key, one.group, one.by, at);
      setState.run('decided', at, conflict);
    },
    unjudge(conflict: number, sync: string, rows: readonly { readonly endpoint: string; readonly key: string }[]): void {
      for (const row of rows) dropVerdict.run(sync, row.endpoint, row.key);
      setState.run('open', null, conflict);
    },
  } as const;
}
