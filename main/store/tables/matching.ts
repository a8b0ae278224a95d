// Partners of new rows: records by match key, what people said, and the open ambiguous groups.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

const statements = preparedOnce((db: Db) => {
  const records = db.prepare<[string, string, string, string], { id: number; uuid: string }>(
    `SELECT id, uuid FROM record WHERE sync = ? AND match_key = ? AND status = 'live'
     UNION SELECT r.id, r.uuid FROM link l JOIN record r ON r.id = l.record WHERE r.sync = ? AND l.shown_key = ? AND r.status = 'live'`,
  );
  const linked = db.prepare<[number], number>('SELECT endpoint FROM link WHERE record = ?').pluck();
  const verdict = db
    .prepare<[string, string, string], string>('SELECT grp FROM match_verdict WHERE sync = ? AND endpoint = ? AND key = ?')
    .pluck();
  const record = db.prepare<[string], number>("SELECT id FROM record WHERE uuid = ? AND status = 'live'").pluck();
  const open = db.prepare<[string, string], { id: number; body: string }>(
    "SELECT id, body FROM conflict WHERE sync = ? AND match_key = ? AND kind = 'match' AND state <> 'closed'",
  );
  const all = db.prepare<[string], { id: number; matchKey: string }>(
    "SELECT id, match_key AS matchKey FROM conflict WHERE sync = ? AND kind = 'match' AND state <> 'closed'",
  );
  const bodies = db.prepare<[string], string>("SELECT body FROM conflict WHERE sync = ? AND kind = 'match' AND state <> 'closed'").pluck();
  const insert = db.prepare(
    "INSERT INTO conflict (sync, kind, state, label, match_key, body, opened_run, opened_at) VALUES (?, 'match', 'open', ?, ?, ?, ?, ?)",
  );
  const update = db.prepare("UPDATE conflict SET body = ?, label = ?, state = 'open' WHERE id = ?");
  const close = db.prepare("UPDATE conflict SET state = 'closed', closed_run = ?, closed_at = ? WHERE id = ?");
  return { records, linked, verdict, record, open, all, bodies, insert, update, close } as const;
});

/** Rows that wait for a person, and the records that they may belong to. */
export interface OpenGroup {
  readonly rows: readonly { readonly endpoint: string; readonly key: string }[];
  readonly records: readonly string[];
}

export function matchTable(db: Db, sync: string) {
  const { records, linked, verdict, record, open, all, bodies, insert, update, close } = statements(db);
  return {
    /** Live records with this match key, agreed or only shown by one of their rows. */
    records: (key: string) => records.all(sync, key, sync, key),
    linkedAt: (id: number) => linked.all(id),
    verdict: (endpoint: string, key: string) => verdict.get(sync, endpoint, key),
    recordId: (uuid: string) => record.get(uuid),
    openBody: (key: string) => open.get(sync, key)?.body,
    /** Every open ambiguous group. */
    open: () => bodies.all(sync).map((body) => JSON.parse(body) as OpenGroup),
    /** Makes the open ambiguous groups exactly these; the number of new questions. */
    replace(groups: readonly { readonly key: string; readonly label: string }[], run: number, at: number): number {
      const keep = new Map(groups.map((group) => [group.key, group]));
      let opened = 0;
      for (const old of all.all(sync)) if (!keep.has(old.matchKey)) close.run(run, at, old.id);
      for (const group of groups) {
        const body = JSON.stringify(group);
        const old = open.get(sync, group.key);
        if (!old) insert.run(sync, group.label, group.key, body, run, at);
        else if (old.body !== body) update.run(body, group.label, old.id);
        if (old?.body !== body) opened += 1;
      }
      return opened;
    },
  } as const;
}
