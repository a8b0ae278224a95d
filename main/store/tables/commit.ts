// Writes what the reconciler decided for one record into the state: golden, links, holds, history, skipped values.
import type { Change, Hold, LinkState, PresenceHold } from '../../core/model/record.ts';
import { equalValues } from '../../core/model/value.ts';
import type { Value, Values } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { keyReuse } from './links.ts';
import { preparedOnce } from './prepared.ts';
import type { OutcomeBody } from './scratch.ts';

/** What the caller knows beside the outcome. */
export interface CommitFacts {
  readonly sync: string;
  readonly run: number;
  readonly at: number;
  readonly label: string;
  readonly matchKey: string | null;
  /** The match key that a shadow shows, where it is not that of golden. */
  readonly shownKey: (shadow: Values) => string | null;
  /** Database id and mapping version of each endpoint, by name. */
  readonly endpoints: Readonly<Record<string, { readonly id: number; readonly version: number }>>;
  /** Whether the shadow is the image of golden at the endpoint, so that it need not be stored. */
  readonly isImage: (endpoint: string, shadow: Values) => boolean;
}

/** Bits of record.pending. */
export const pendingBits = { unsettled: 1, operations: 2 } as const;

/** Statements that commit outcomes, prepared once. Call inside a transaction. Returns the number of conflicts that were opened. */
export const commitTable = preparedOnce((db: Db) => {
  const insertRecord = db.prepare(
    'INSERT INTO record (uuid, sync, status, golden, label, match_key, pending) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const updateRecord = db.prepare('UPDATE record SET status = ?, golden = ?, label = ?, match_key = ?, pending = ? WHERE id = ?');
  const linksOf = db.prepare<[number], { endpoint: number; version: number }>('SELECT endpoint, version FROM link WHERE record = ?');
  const dropLink = db.prepare('DELETE FROM link WHERE record = ? AND endpoint = ?');
  const putLink = db.prepare(
    `INSERT INTO link (endpoint, key, record, status, shadow, hash, version, absence, shown_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (record, endpoint) DO UPDATE SET key = excluded.key, status = excluded.status, shadow = excluded.shadow,
       version = excluded.version, absence = excluded.absence, shown_key = excluded.shown_key, hash = CASE WHEN ? THEN excluded.hash ELSE hash END`,
  );
  const setAside = keyReuse(db);
  const history = db.prepare(
    'INSERT INTO history (record, field, run, at, kind, source, from_value, to_value, decision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const skip = db.prepare(
    `INSERT INTO skip (sync, endpoint, key, field, why, first_run, last_run) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sync, endpoint, key, field) DO UPDATE SET why = excluded.why, last_run = excluded.last_run`,
  );
  const source = db.prepare(
    'INSERT INTO run_source (run, endpoint, records) VALUES (?, ?, 1) ON CONFLICT (run, endpoint) DO UPDATE SET records = records + 1',
  );
  const conflicts = conflictCommit(db);

  return (uuid: string, known: number | null, body: OutcomeBody, facts: CommitFacts): number => {
    const { outcome } = body;
    const pending = (outcome.unsettled ? pendingBits.unsettled : 0) | (body.intents > 0 ? pendingBits.operations : 0);
    const golden = JSON.stringify(outcome.golden);
    const matchKey = outcome.status === 'live' ? facts.matchKey : null;
    const id = known ?? Number(insertRecord.run(uuid, facts.sync, outcome.status, golden, facts.label, matchKey, pending).lastInsertRowid);
    if (known !== null) updateRecord.run(outcome.status, golden, facts.label, matchKey, pending, id);

    const before = new Map(linksOf.all(id).map((link) => [link.endpoint, link.version]));
    for (const [name, link] of Object.entries(outcome.links)) {
      const endpoint = facts.endpoints[name];
      if (!endpoint) continue;
      saveLink(id, name, link, endpoint, before.get(endpoint.id), body.hashes[name]);
      before.delete(endpoint.id);
    }
    for (const gone of before.keys()) dropLink.run(id, gone);

    for (const change of outcome.changes) {
      history.run(id, change.field, facts.run, facts.at, 'change', null, json(change.from), json(change.to), JSON.stringify(change.by));
    }
    for (const name of sourcesOf(outcome.changes)) source.run(facts.run, name);
    for (const lost of outcome.overwritten) {
      history.run(id, lost.field, facts.run, facts.at, 'overwritten', lost.source, json(lost.value), null, JSON.stringify(lost.by));
    }
    for (const skipped of outcome.skipped) {
      const key = outcome.links[skipped.endpoint]?.key ?? '[]';
      skip.run(facts.sync, skipped.endpoint, key, skipped.field, skipped.why, facts.run, facts.run);
    }
    return conflicts(id, outcome.holds, outcome.presence, outcome.golden, facts);

    function saveLink(
      record: number,
      name: string,
      link: LinkState,
      endpoint: { readonly id: number; readonly version: number },
      knownVersion: number | undefined,
      hash: number | null | undefined,
    ): void {
      const seen = hash !== undefined;
      const version = seen ? endpoint.version : (knownVersion ?? endpoint.version);
      const shadow = facts.isImage(name, link.shadow) ? null : JSON.stringify(link.shadow);
      const absence = link.absence ? JSON.stringify(link.absence) : null;
      const shownKey = shadow === null || link.status !== 'live' ? null : facts.shownKey(link.shadow);
      setAside(endpoint.id, link.key, record);
      putLink.run(endpoint.id, link.key, record, link.status, shadow, hash ?? null, version, absence, shownKey, seen ? 1 : 0);
    }
  };
});

/** Endpoints whose values became agreed ones. */
function sourcesOf(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ by }) => (by.kind === 'taken' || by.kind === 'policy' ? by.from : [])));
}

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

  return (
    record: number,
    holds: Readonly<Record<string, Hold>>,
    presence: PresenceHold | undefined,
    golden: Values,
    facts: CommitFacts,
  ): number => {
    let opened = 0;
    const presenceOpen = find.get(record, 'presence');
    if (presence) {
      const body = JSON.stringify(presence);
      if (!presenceOpen) {
        open.run(facts.sync, record, 'presence', facts.label, body, facts.run, facts.at);
        opened += 1;
      } else if (presenceOpen.body !== body && !presence.choice) reopen.run(body, presenceOpen.id);
    } else if (presenceOpen) close.run(facts.run, facts.at, presenceOpen.id);

    const names = Object.keys(holds);
    const known = find.get(record, 'fields');
    if (!known && names.length === 0) return opened;
    const id = known?.id ?? Number(open.run(facts.sync, record, 'fields', facts.label, null, facts.run, facts.at).lastInsertRowid);
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
      closeField.run(JSON.stringify({ value: golden[field] ?? null, by: row.choice ? 'person' : 'agreement' }), id, field);
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
