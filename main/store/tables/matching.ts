// Partners of new rows: records by match key, what people said, and the open ambiguous groups.
import type { Db } from '../open.ts';
import { shortHash } from '../sorted-hashes.ts';
import { preparedOnce } from './prepared.ts';
import { syncTable } from './syncs.ts';

const statements = preparedOnce((db: Db) => {
  const records = db
    .prepare<[number, number, number, number], number>(
      `SELECT r.id FROM match_index m JOIN record r ON r.id = m.record WHERE m.hash = ? AND r.sync = ? AND r.status = 'live'
       UNION SELECT r.id FROM link l JOIN record r ON r.id = l.record WHERE l.shown_hash = ? AND r.sync = ? AND r.status = 'live'`,
    )
    .pluck();
  const showing = db
    .prepare<[number, number], number>("SELECT record FROM link WHERE shown_hash = ? AND endpoint = ? AND status IN ('live', 'ignored')")
    .pluck();
  const anyRecord = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM record)').pluck();
  const linked = db.prepare<[number], number>('SELECT endpoint FROM link WHERE record = ?').pluck();
  const verdict = db
    .prepare<[string, string, string], string>('SELECT grp FROM match_verdict WHERE sync = ? AND endpoint = ? AND key = ?')
    .pluck();
  const anyVerdict = db.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM match_verdict WHERE sync = ?)').pluck();
  const isLive = db.prepare<[number], number>("SELECT EXISTS (SELECT 1 FROM record WHERE id = ? AND status = 'live')").pluck();
  const open = db.prepare<[string, string], { id: number; body: string }>(
    "SELECT id, body FROM conflict WHERE sync = ? AND match_key = ? AND kind = 'match' AND state <> 'closed'",
  );
  const all = db.prepare<[string], { id: number; matchKey: string; body: string }>(
    "SELECT id, match_key AS matchKey, body FROM conflict WHERE sync = ? AND kind = 'match' AND state <> 'closed'",
  );
  const bodies = db.prepare<[string], string>("SELECT body FROM conflict WHERE sync = ? AND kind = 'match' AND state <> 'closed'").pluck();
  const insert = db.prepare(
    "INSERT INTO conflict (sync, kind, state, label, match_key, body, opened_run, opened_at) VALUES (?, 'match', 'open', ?, ?, ?, ?, ?)",
  );
  const update = db.prepare("UPDATE conflict SET body = ?, label = ?, state = 'open' WHERE id = ?");
  const close = db.prepare("UPDATE conflict SET state = 'closed', closed_run = ?, closed_at = ? WHERE id = ?");
  return { records, showing, anyRecord, linked, verdict, anyVerdict, isLive, open, all, bodies, insert, update, close } as const;
});

/** Rows that wait for a person, and the records that they may belong to. */
export interface OpenGroup {
  readonly rows: readonly { readonly endpoint: string; readonly key: string }[];
  readonly records: readonly string[];
}

export function matchTable(db: Db, sync: string) {
  const { records, showing, anyRecord, linked, verdict, anyVerdict, isLive, open, all, bodies, insert, update, close } = statements(db);
  const number = syncTable(db).id(sync);
  return {
    /** Live records with this hash of the match fields, agreed or only shown by one of their rows. Hashes can meet: look at the values. */
    records: (matchHash: number) => records.all(shortHash(matchHash), number, matchHash, number),
    /** Records, live or not, with a row at the endpoint that shows this hash and not that of its live record. */
    showing: (matchHash: number, endpoint: number) => showing.all(matchHash, endpoint),
    /** Whether there ever was a record; the rows of deleted ones count. */
    anyRecord: () => anyRecord.get() === 1,
    linkedAt: (id: number) => linked.all(id),
    verdict: (endpoint: string, key: string) => verdict.get(sync, endpoint, key),
    anyVerdict: () => anyVerdict.get(sync) === 1,
    isLive: (record: number) => isLive.get(record) === 1,
    openBody: (key: string) => open.get(sync, key)?.body,
    /** Every open ambiguous group. */
    open: () => bodies.all(sync).map((body) => JSON.parse(body) as OpenGroup),
    /**
     * Makes the open ambiguous groups these, and those with a row at an endpoint that was not listed to its end: it may still be there. The number
     * of new questions.
     */
    replace(
      groups: readonly { readonly key: string; readonly label: string }[],
      unlisted: ReadonlySet<string>,
      run: number,
      at: number,
    ): number {
      const keep = new Set(groups.map((group) => group.key));
      const mayBeThere = (body: string) => (JSON.parse(body) as OpenGroup).rows.some((row) => unlisted.has(row.endpoint));
      let opened = 0;
      for (const old of all.all(sync)) if (!keep.has(old.matchKey) && !mayBeThere(old.body)) close.run(run, at, old.id);
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
