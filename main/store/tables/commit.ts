// Writes what the reconciler decided for one record into the state: golden, links, holds, history, skipped values.
import type { Hold } from '../../core/model/record.ts';
import { equalValues } from '../../core/model/value.ts';
import type { Value } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { linkPlacer } from './links.ts';
import type { DecidedLink, DecidedRecord, Incidents } from './outcomes.ts';
import { preparedOnce } from './prepared.ts';
import { recordIndexTable } from './record-index.ts';
import { uuidBytes } from './uuid.ts';

/** What is the same for all records of a commit. */
export interface CommitFacts {
  readonly sync: { readonly id: number; readonly name: string };
  readonly run: number;
  readonly at: number;
  readonly uuid: () => string;
  /** Mapping version of each endpoint, by its number. */
  readonly versions: ReadonlyMap<number, number>;
  /** Records below this number are added to the match index at once. */
  readonly direct: number;
}

/** Statements that commit outcomes, prepared once. Call inside a transaction. Returns the number of conflicts that were opened. */
export const commitTable = preparedOnce((db: Db) => {
  const insertRecord = db.prepare(
    'INSERT INTO record (id, uuid, sync, status, golden, match_hash, pending, born) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const updateRecord = db.prepare('UPDATE record SET status = ?, golden = ?, match_hash = ?, pending = ? WHERE id = ?');
  const linksOf = db.prepare<[number], { endpoint: number; version: number }>('SELECT endpoint, version FROM link WHERE record = ?');
  const dropLink = db.prepare('DELETE FROM link WHERE record = ? AND endpoint = ?');
  const putLink = db.prepare(
    `INSERT INTO link (endpoint, key, record, status, shadow, hash, version, absence, shown_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (record, endpoint) DO UPDATE SET key = excluded.key, status = excluded.status, shadow = excluded.shadow,
       version = excluded.version, absence = excluded.absence, shown_hash = excluded.shown_hash, hash = CASE WHEN ? THEN excluded.hash ELSE hash END`,
  );
  const place = linkPlacer(db);
  const history = db.prepare(
    'INSERT INTO history (record, field, run, at, kind, source, from_value, to_value, decision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const skip = db.prepare(
    `INSERT INTO skip (sync, endpoint, key, field, why, first_run, last_run)
     VALUES (?, ?, coalesce((SELECT key FROM link WHERE record = ? AND endpoint = (SELECT id FROM endpoint WHERE sync = ? AND name = ?)), '[]'), ?, ?, ?, ?)
     ON CONFLICT (sync, endpoint, key, field) DO UPDATE SET why = excluded.why, last_run = excluded.last_run`,
  );
  const conflicts = conflictCommit(db);
  const index = recordIndexTable(db);

  const commitLinks = ({ record, links }: DecidedRecord, known: ReadonlyMap<number, number>, facts: CommitFacts): void => {
    for (const link of links) {
      const version = facts.versions.get(link.endpoint) ?? 0;
      commitLink(record, link, link.hash === undefined ? (known.get(link.endpoint) ?? version) : version);
    }
    if (known.size === 0) return;
    const kept = new Set(links.map((link) => link.endpoint));
    for (const endpoint of known.keys()) if (!kept.has(endpoint)) dropLink.run(record, endpoint);
  };
  const commitLink = (record: number, link: DecidedLink, version: number): void => {
    const { endpoint, key, status, shadow, hash, absence, shownHash } = link;
    place(endpoint, key, record, () =>
      putLink.run(endpoint, key, record, status, shadow, hash ?? null, version, absence, shownHash, hash === undefined ? 0 : 1),
    );
  };
  const commitIncidents = (record: number, incidents: Incidents, facts: CommitFacts): void => {
    for (const { field, from, to, by } of incidents.changes) {
      history.run(record, field, facts.run, facts.at, 'change', null, json(from), json(to), JSON.stringify(by));
    }
    for (const { field, source, value, by } of incidents.overwritten) {
      history.run(record, field, facts.run, facts.at, 'overwritten', source, json(value), null, JSON.stringify(by));
    }
    for (const { endpoint, field, why } of incidents.skipped) {
      skip.run(facts.sync.name, endpoint, record, facts.sync.name, endpoint, field, why, facts.run, facts.run);
    }
  };

  return (decided: DecidedRecord, facts: CommitFacts): number => {
    const { record, isNew, status, golden, matchHash, isPending, incidents } = decided;
    const pending = isPending ? 1 : 0;
    if (isNew) insertRecord.run(record, uuidBytes(facts.uuid()), facts.sync.id, status, golden, matchHash, pending, facts.run);
    else updateRecord.run(status, golden, matchHash, pending, record);
    if (matchHash !== null && record < facts.direct) index.add(matchHash, record);
    commitLinks(decided, isNew ? none : new Map(linksOf.all(record).map((link) => [link.endpoint, link.version])), facts);
    if (incidents === undefined) return 0;
    commitIncidents(record, incidents, facts);
    return conflicts(decided, incidents, facts);
  };
});

const none: ReadonlyMap<number, number> = new Map();

function json(value: Value | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Opens, updates and closes the conflicts of a record so that they are exactly its holds. */
function conflictCommit(db: Db) {
  const find = db.prepare<[number, string], { id: number; body: string | null }>(
    "SELECT id, body FROM conflict WHERE record = ? AND kind = ? AND state <> 'closed'",
  );
  const open = db.prepare(
    "INSERT INTO conflict (sync, record, kind, state, label, body, opened_run, opened_at) VALUES (?, ?, ?, 'open', ?, ?, ?, ?)",
  );
  const close = db.prepare("UPDATE conflict SET state = 'closed', closed_run = ?, closed_at = ? WHERE id = ?");
  const reopen = db.prepare("UPDATE conflict SET state = 'open', body = ? WHERE id = ?");
  const fields = db.prepare<[number], { field: string; candidates: string; choice: string | null }>(
    "SELECT field, candidates, choice FROM conflict_field WHERE conflict = ? AND state <> 'closed'",
  );
  const putField = db.prepare(
    `INSERT INTO conflict_field (conflict, field, reason, state, base, candidates) VALUES (?, ?, ?, 'open', ?, ?)
     ON CONFLICT (conflict, field) DO UPDATE SET reason = excluded.reason, state = 'open', base = excluded.base,
       candidates = excluded.candidates, choice = NULL, decided_at = NULL, outcome = NULL`,
  );
  const closeField = db.prepare("UPDATE conflict_field SET state = 'closed', outcome = ? WHERE conflict = ? AND field = ?");
  const anyOpen = db.prepare<[number], number>("SELECT count(*) FROM conflict_field WHERE conflict = ? AND state = 'open'").pluck();
  const setState = db.prepare('UPDATE conflict SET state = ? WHERE id = ?');

  return ({ record, label }: DecidedRecord, { holds, presence, settled }: Incidents, facts: CommitFacts): number => {
    let opened = 0;
    const presenceOpen = find.get(record, 'presence');
    if (presence) {
      const body = JSON.stringify(presence);
      if (!presenceOpen) {
        open.run(facts.sync.name, record, 'presence', label, body, facts.run, facts.at);
        opened += 1;
      } else if (presenceOpen.body !== body && !presence.choice) reopen.run(body, presenceOpen.id);
    } else if (presenceOpen) close.run(facts.run, facts.at, presenceOpen.id);

    const names = Object.keys(holds);
    const known = find.get(record, 'fields');
    if (!known && names.length === 0) return opened;
    const id = known?.id ?? Number(open.run(facts.sync.name, record, 'fields', label, null, facts.run, facts.at).lastInsertRowid);
    const before = new Map(fields.all(id).map((row) => [row.field, row]));
    let fresh = known ? 0 : 1;
    for (const [field, hold] of Object.entries(holds)) {
      const old = before.get(field);
      before.delete(field);
      const candidates = JSON.stringify(hold.candidates);
      if (old && sameCandidates(old.candidates, hold)) continue; // a decision made meanwhile stays
      putField.run(id, field, hold.reason, json(hold.base), candidates);
      fresh = 1;
    }
    for (const [field, row] of before) {
      closeField.run(JSON.stringify({ value: settled[field] ?? null, by: row.choice ? 'person' : 'agreement' }), id, field);
    }
    if (names.length === 0) close.run(facts.run, facts.at, id);
    else setState.run((anyOpen.get(id) ?? 0) > 0 ? 'open' : 'decided', id);
    return opened + fresh;
  };
}

function sameCandidates(stored: string, hold: Hold): boolean {
  const old = JSON.parse(stored) as Hold['candidates'];
  const names = Object.keys(old);
  return (
    names.length === Object.keys(hold.candidates).length &&
    names.every((name) => equalValues(old[name]?.value, hold.candidates[name]?.value))
  );
}
