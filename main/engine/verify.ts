// Compares every endpoint with the agreed records: counts, checksums and what differs. Writes nothing.
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import { isReadable } from '../core/reconcile/observe.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { linkStatus, linkTable } from '../store/tables/links.ts';
import type { LinkBrief } from '../store/tables/links.ts';
import { matchTable } from '../store/tables/matching.ts';
import { stateTable } from '../store/tables/states.ts';
import { syncTable } from '../store/tables/syncs.ts';
import { uuidText } from '../store/tables/uuid.ts';
import type { Db } from '../store/open.ts';
import { hash53 } from './hash53.ts';
import { tellKnownRows } from './known-rows.ts';
import type { Alike, Fingerprint } from './known-rows.ts';
import { isReadAt, imageOf, readRow } from './native-row.ts';
import { NumberSet } from './number-set.ts';
import { pause } from './planning-task.ts';
import type { Report } from './planning-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

export interface Difference {
  readonly record?: string;
  readonly endpoint: string;
  readonly key: readonly string[];
  readonly field?: string;
  readonly expected?: Value;
  readonly found?: Value;
  readonly why: string;
}

export interface VerifyReport {
  readonly equal: boolean;
  /** Differences that nothing explains; the first of them are listed. */
  readonly differing: number;
  readonly endpoints: Readonly<Record<string, { readonly count: number; readonly checksum: string }>>;
  readonly differences: readonly Difference[];
  /** What was left out of the comparison, in words. */
  readonly notes: readonly string[];
}

/** What is not a difference, counted so that it can be said. */
interface Tally {
  differing: number;
  held: number;
  /** Values by field and place. */
  readonly lossy: Map<string, number>;
  outside: number;
  ambiguous: number;
  unreadable: number;
  /** Refused by the place, and tried again later. */
  refused: number;
  /** Held back by a limit until somebody approves. */
  withheld: number;
}

/** Whose differences are no news. */
interface Explained {
  /** JSON of record and endpoint: a dead letter waits. */
  readonly refused: ReadonlySet<string>;
  readonly withheld: ReadonlySet<number>;
}

/** Differences listed at most; the rest is counted in the notes. */
const listed = 1000;

export async function verify(task: { db: Db; sync: SyncContext; signal: AbortSignal; report: Report }): Promise<VerifyReport> {
  const places = task.sync.endpoints.map(({ model }) => model.name);
  const endpoints: Record<string, Found> = Object.fromEntries(places.map((name) => [name, { count: 0, checksum: '' }]));
  const differences = new Map<string, Difference[]>(places.map((name) => [name, []]));
  const tally: Tally = { differing: 0, held: 0, lossy: new Map(), outside: 0, ambiguous: 0, unreadable: 0, refused: 0, withheld: 0 };
  const explained = explainedIn(task.db, task.sync.id);
  const note: Note = (difference, record) => {
    if (record !== undefined && explained.withheld.has(record)) {
      tally.withheld += 1;
      return;
    }
    if (record !== undefined && explained.refused.has(JSON.stringify([record, difference.endpoint]))) {
      tally.refused += 1;
      return;
    }
    tally.differing += 1;
    const list = differences.get(difference.endpoint);
    if (list !== undefined && list.length < listed) list.push(difference);
  };
  const shared = sharedFields(task.sync);
  const fingerprint: Fingerprint = Object.assign((values: Values) => hash53(JSON.stringify(shared.map((field) => values[field] ?? null))), {
    of: shared,
  });
  await using known = await tellKnownRows(task, fingerprint);
  // A system that compares by itself holds one moment open until it is done: it goes first.
  const compared = task.sync.endpoints.filter((endpoint) => known.has(endpoint));
  for (const endpoint of new Set([...compared, ...task.sync.endpoints])) {
    const { name } = endpoint.model;
    endpoints[name] = await atEndpoint(name, async () =>
      verifyEndpoint(task, endpoint, await known.alike(endpoint), { fingerprint, note, tally }),
    );
  }
  const notes = [
    ...(tally.held > 0 ? [`${tally.held} held fields are not compared: a person decides them.`] : []),
    ...(tally.refused > 0 ? [`Of writes that a place refused, and that wait as dead letters: ${tally.refused}.`] : []),
    ...(tally.withheld > 0 ? [`Of writes that the last run withheld: ${tally.withheld}.`] : []),
    ...task.sync.endpoints.flatMap(({ model, missing }) =>
      missing.map(({ field, column }) => `${field} is not compared at ${model.name}: there is no column "${column}".`),
    ),
    ...(tally.ambiguous > 0 ? [`${tally.ambiguous} rows wait for a person to say which record they belong to.`] : []),
    ...(tally.unreadable > 0
      ? [`${tally.unreadable} rows or cells cannot be read and are left as they are; the last run lists them.`]
      : []),
    ...lossyNotes(tally.lossy),
    ...(tally.outside > 0 ? [`${tally.outside} rows have left their filter or are kept although their record was deleted.`] : []),
    ...(tally.differing > listed ? [`${tally.differing - listed} more differences are not listed.`] : []),
    `Checksums cover ${shared.join(', ') || 'no field'}: the fields that every endpoint shows whole.`,
  ];
  const all = [...differences.values()].flat().slice(0, listed);
  return { equal: tally.differing === 0, differing: tally.differing, endpoints, differences: all, notes };
}

/** What was found at one endpoint. */
interface Found {
  readonly count: number;
  readonly checksum: string;
}

function lossyNotes(lossy: ReadonlyMap<string, number>): readonly string[] {
  const count = [...lossy.values()].reduce((sum, values) => sum + values, 0);
  if (count === 0) return [];
  const where = [...lossy].map(([place, values]) => `${place} (${values})`).join(', ');
  return [`${count} values are shown shortened or rounded where a place cannot hold them whole: ${where}.`];
}

/** `record`: whose difference it is, where it has a record. */
type Note = (difference: Difference, record?: number) => void;

function explainedIn(db: Db, sync: string): Explained {
  const letters = deadLetterTable(db).waiting(sync);
  const withheld = db.prepare<[string], number>(
    `SELECT DISTINCT record FROM item WHERE kind = 'withheld' AND record IS NOT NULL
       AND plan = (SELECT plan FROM run WHERE sync = ? AND plan IS NOT NULL ORDER BY id DESC LIMIT 1)`,
  );
  return {
    refused: new Set(letters.map(({ record, endpoint }) => JSON.stringify([record, endpoint]))),
    withheld: new Set(withheld.pluck().all(sync)),
  };
}

/** Fields that every endpoint both shows and is read for. */
function sharedFields(sync: SyncContext): string[] {
  return sync.model.fields.map((field) => field.name).filter((field) => sync.endpoints.every(({ model }) => isReadAt(model, field)));
}

async function verifyEndpoint(
  task: { db: Db; sync: SyncContext; signal: AbortSignal; report: Report },
  endpoint: EndpointContext,
  alike: Alike | undefined,
  { fingerprint, note, tally }: { readonly fingerprint: Fingerprint; readonly note: Note; readonly tally: Tally },
): Promise<Found> {
  const name = endpoint.model.name;
  const links = linkTable(task.db);
  const states = stateTable(task.db);
  const met = new NumberSet(0, syncTable(task.db).nextRecord());
  const ambiguous = ambiguousRows(task.db, task.sync.id);
  let unplaced = 0;
  let sum = alike?.sum ?? 0n;
  let count = alike?.count ?? 0;
  let listedMet = alike?.count ?? 0;
  for (const [field, values] of alike?.lossy ?? []) if (values > 0) tally.lossy.set(`${field} at ${name}`, values);
  const meet = ([, record, status]: LinkBrief) => {
    if (isListed(status) && !met.has(record) && alike?.has(record) !== true) listedMet += 1;
    met.add(record);
  };
  const pages = alike?.pages ?? endpoint.connection.read({ ref: endpoint.ref, columns: endpoint.hashed, signal: task.signal });
  for await (const page of pages) {
    tally.unreadable += page.problems.length;
    for (const problem of page.problems) {
      const link = problem.key && links.find(endpoint.row.id, JSON.stringify(problem.key));
      if (link) meet(link);
      else unplaced += 1;
    }
    for (const [index, key] of page.keys.entries()) {
      count += 1;
      const { values, misfits } = readRow(endpoint.readers, page.rows[index] ?? []);
      sum += BigInt(fingerprint(values));
      const link = links.find(endpoint.row.id, JSON.stringify(key));
      if (!link) {
        if (ambiguous.has(JSON.stringify([name, JSON.stringify(key)]))) tally.ambiguous += 1;
        else note({ endpoint: name, key, why: 'not synced yet' });
        continue;
      }
      const [, record, status] = link;
      meet(link);
      if (!isListed(status)) {
        tally.outside += 1;
        continue;
      }
      const state = states.load(record);
      if (!state) continue;
      if (state.presence) {
        tally.held += 1;
        continue;
      }
      const image = imageOf(endpoint.model, state.record.golden);
      for (const [field, expected] of Object.entries(image)) {
        const lens = endpoint.model.lenses[field];
        if (!lens || !isReadable(lens)) continue;
        if (field in state.holds) {
          tally.held += 1;
          continue;
        }
        if (!equalValues(expected, state.record.golden[field])) {
          const place = `${field} at ${name}`;
          tally.lossy.set(place, (tally.lossy.get(place) ?? 0) + 1);
        }
        const found = values[field];
        if (misfits[field]) tally.unreadable += 1;
        else if (!equalValues(found, expected)) {
          const difference = { endpoint: name, key, field, expected, found: found ?? null, why: 'differs from the record' };
          note({ record: links.uuid(record), ...difference }, record);
        }
      }
    }
    task.report({ phase: 'verify', endpoint: name, done: count });
    await pause(task);
  }
  const isMet = (record: number) => met.has(record) || alike?.has(record) === true;
  if (unplaced === 0 && listedMet < links.count(endpoint.row.id)) await noteGone(task, endpoint, isMet, { note, tally });
  if (alike?.isWhole !== true) noteMissing(task, endpoint, note);
  return { count, checksum: BigInt.asUintN(64, sum).toString(16).padStart(16, '0') };
}

/** A row that a complete read should list. */
function isListed(status: number): boolean {
  return status === linkStatus.live || status === linkStatus.absent;
}

/** Rows of records that were not met. */
async function noteGone(
  task: { db: Db; signal: AbortSignal },
  endpoint: EndpointContext,
  isMet: (record: number) => boolean,
  { note, tally }: { readonly note: Note; readonly tally: Tally },
): Promise<void> {
  const links = linkTable(task.db);
  const states = stateTable(task.db);
  for (let after = ''; ; ) {
    const expected = links.page(endpoint.row.id, after, 1000);
    const last = expected.at(-1);
    if (!last) return;
    after = last[0];
    for (const [key, record, status] of expected) {
      if (!isListed(status) || isMet(record)) continue;
      if (states.load(record)?.presence) tally.held += 1;
      else note({ endpoint: endpoint.model.name, key: JSON.parse(key) as string[], why: 'no longer there' }, record);
    }
    await pause(task);
  }
}

/** Rows of open ambiguous matches, as JSON of endpoint and key. */
function ambiguousRows(db: Db, sync: string): ReadonlySet<string> {
  return new Set(
    matchTable(db, sync)
      .open()
      .flatMap((group) => group.rows.map((row) => JSON.stringify([row.endpoint, row.key]))),
  );
}

/** Records that one of the endpoint's ambiguous rows may belong to. */
function ambiguousRecords(db: Db, sync: string, endpoint: string): ReadonlySet<string> {
  const groups = matchTable(db, sync).open();
  return new Set(groups.filter((group) => group.rows.some((row) => row.endpoint === endpoint)).flatMap((group) => group.records));
}

/** Live records that the endpoint should have and has no row for, and none that waits for a person: their match fields are agreed. */
function noteMissing(task: { db: Db; sync: SyncContext }, endpoint: EndpointContext, note: Note): void {
  if (!endpoint.model.allow.includes('create')) return;
  const rows = task.db
    .prepare<[number, number, string, number], { id: number; uuid: string }>(
      `SELECT r.id, ${uuidText('r.uuid')} AS uuid FROM record r WHERE sync = ? AND status = 'live' AND NOT EXISTS (SELECT 1 FROM link l WHERE l.record = r.id AND l.endpoint = ?)
         AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.record = r.id AND c.kind = 'presence' AND c.state <> 'closed')
         AND NOT EXISTS (SELECT 1 FROM conflict c JOIN conflict_field f ON f.conflict = c.id WHERE c.record = r.id AND f.state <> 'closed'
           AND f.field IN (SELECT value FROM json_each(?))) LIMIT ?`,
    )
    .all(syncTable(task.db).id(task.sync.id), endpoint.row.id, JSON.stringify(task.sync.model.match), listed);
  const waiting = ambiguousRecords(task.db, task.sync.id, endpoint.model.name);
  for (const { id, uuid } of rows)
    if (!waiting.has(String(id))) note({ record: uuid, endpoint: endpoint.model.name, key: [], why: 'not created here yet' }, id);
}
