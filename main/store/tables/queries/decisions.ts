// What people decide about open questions, until the next run uses it.
import type { FieldChoice, PresenceChoice, PresenceHold } from '../../../core/model/record.ts';
import type { Db } from '../../open.ts';

export interface Verdict {
  readonly sync: string;
  readonly endpoint: string;
  /** JSON of the native key. */
  readonly key: string;
  readonly group: string;
  readonly by: string;
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
