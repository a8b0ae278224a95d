// After a lost answer or a crash: finds out which sent operations took effect, before anything is sent again.
import { ConnectorError } from '../../connectors/contract.ts';
import type { NativeKey, NativeRow } from '../../connectors/contract.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import { doubtTable } from '../store/tables/doubts.ts';
import { linkStatus, linkTable } from '../store/tables/links.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow, Sending } from '../store/tables/plan-items.ts';
import { createAcknowledger } from './acknowledge.ts';
import { hash53, matchHash } from './hash53.ts';
import { isReadAt, readRow, shows } from './native-row.ts';
import { pauseWriting } from './running-task.ts';
import type { RunningTask } from './running-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/** Lines looked up at a time. */
const pageSize = 500;

/**
 * Acknowledges what took effect; the rest stays planned. A second create of the same row is never sent, and a listing shows rows made by
 * somebody else as well, beside which none is created. `interrupted`: time has passed since the plan, so that the place is listed anyway.
 */
export async function settleSent(task: RunningTask, endpoint: EndpointContext, interrupted: boolean): Promise<void> {
  const items = planItemTable(task.db, task.plan);
  const { name } = endpoint.model;
  const sending = items.sending(name);
  if (sending.length > 0) task.log('warn', `${name}: a request is in doubt; looking at what took effect.`);
  for (const range of sending) if (range.kind !== 'create') await settleKnown(task, endpoint, range);
  if (interrupted || sending.some((range) => range.kind === 'create')) await settleCreates(task, endpoint);
  items.clearSending(name);
}

const everything = { first: 0, last: Number.POSITIVE_INFINITY } as const;

type Range = Pick<Sending, 'first' | 'last'>;

/** The planned operations of a kind between two lines, in pages. */
function* linesOf(task: RunningTask, name: string, kind: OperationRow['kind'], { first, last }: Range): Generator<OperationRow[]> {
  const items = planItemTable(task.db, task.plan);
  for (let after = first - 1; ; ) {
    const page = items.toWrite(name, kind, after, pageSize).filter((row) => row.id <= last);
    const end = page.at(-1);
    if (!end) return;
    yield page;
    after = end.id;
  }
}

/** Updates and deletes: the rows as they are now tell. */
async function settleKnown(task: RunningTask, endpoint: EndpointContext, sending: Sending): Promise<void> {
  const acknowledge = createAcknowledger(task, endpoint);
  for (const page of linesOf(task, endpoint.model.name, sending.kind, sending)) {
    const current = await atEndpoint(endpoint.model.name, () =>
      endpoint.connection.readKeys(
        endpoint.ref,
        page.map((row) => JSON.parse(row.key) as NativeKey),
        endpoint.hashed,
        task.signal,
      ),
    );
    task.db.transaction(() => {
      for (const row of page) {
        const now = current.get(row.key);
        if (!tookEffect(endpoint, row, now)) continue;
        acknowledge(row, { id: row.id, status: 'done', key: JSON.parse(row.key) as NativeKey, ...(now ? { row: now } : {}) });
      }
    })();
  }
}

function tookEffect(endpoint: EndpointContext, row: OperationRow, now: NativeRow | undefined): boolean {
  if (row.kind === 'delete') return now === undefined;
  return now !== undefined && shows(endpoint.model, endpoint.readers, now, JSON.parse(row.after) as Values);
}

async function settleCreates(task: RunningTask, endpoint: EndpointContext): Promise<void> {
  const items = planItemTable(task.db, task.plan);
  const made = await findMade(task, endpoint);
  const acknowledge = createAcknowledger(task, endpoint);
  task.db.transaction(() => {
    for (const [id, found] of made) {
      const row = items.byId(id);
      if (row && found.isExact) acknowledge(row, { id, status: 'done', key: found.key, row: found.row });
      else items.setState(id, 'moved', null, null);
    }
  })();
}

interface Made {
  readonly key: NativeKey;
  readonly row: NativeRow;
  /** Holds all that was written. Otherwise only the match fields agree: the next plan matches it, and nothing is created beside it. */
  readonly isExact: boolean;
}

/** Looks through the endpoint for rows that nobody knows and that hold what a create wrote, or at least its match fields. */
async function findMade(task: RunningTask, endpoint: EndpointContext): Promise<ReadonlyMap<number, Made>> {
  const { model } = endpoint;
  using scratch = task.openScratch(`${task.plan}-doubts`);
  const doubts = doubtTable(scratch.db);
  const items = planItemTable(task.db, task.plan);
  const links = linkTable(task.db);
  const match = task.sync.model.match.filter((field) => isReadAt(model, field));
  const indexed = match.length > 0 ? match : endpoint.readers.map((reader) => reader.field);
  const hashOf = (values: Values) => hash53(JSON.stringify(indexed.map((field) => values[field] ?? null)));
  let creates = 0;
  for (const page of linesOf(task, model.name, 'create', everything)) {
    for (const row of page) doubts.add(hashOf(JSON.parse(row.after) as Values), row.id);
    creates += page.length;
    await pauseWriting(task);
  }
  const found = new Map<number, Made>();
  if (creates === 0) return found;
  const resembling = new Map<number, Made>();
  let isWhole = false;
  for await (const page of endpoint.connection.read({ ref: endpoint.ref, columns: endpoint.hashed, signal: task.signal })) {
    isWhole ||= page.end?.complete ?? false;
    for (const [at, key] of page.keys.entries()) {
      const row = page.rows[at];
      if (!row) continue;
      const { values } = readRow(endpoint.readers, row);
      const candidates = doubts.find(hashOf(values)).filter((id) => !found.has(id));
      if (candidates.length === 0) continue;
      const link = links.find(endpoint.row.id, JSON.stringify(key));
      const isAnothers = link !== undefined && link[2] !== linkStatus.absent; // the key of a row that went missing may be given again
      if (isAnothers && matchHash(task.sync.model.match, values) === links.matchHash(link[1])) continue;
      const wanted = (id: number) => JSON.parse(items.byId(id)?.after ?? '{}') as Values;
      const exact = candidates.find((id) => sameValues(wanted(id), values));
      const alike = candidates.find((id) => indexed.every((field) => equalValues(wanted(id)[field] ?? null, values[field] ?? null)));
      if (exact !== undefined) found.set(exact, { key, row, isExact: true });
      else if (match.length > 0 && alike !== undefined) resembling.set(alike, { key, row, isExact: false });
    }
    await pauseWriting(task);
  }
  if (!isWhole) throw stillInDoubt(model.name, creates);
  for (const [id, made] of resembling) if (!found.has(id)) found.set(id, made);
  return found;
}

/** A listing that is not whole does not prove that a row was not made. */
function stillInDoubt(name: string, creates: number): ConnectorError {
  return new ConnectorError(
    'unavailable',
    'retry',
    `${name}: The listing did not come whole, so it is not known which of ${creates} new rows were made.`,
    'Run again: the next run looks once more before it makes a row.',
  );
}

function sameValues(wanted: Values, shown: Values): boolean {
  return Object.entries(shown).every(([field, value]) => wanted[field] === undefined || equalValues(wanted[field], value));
}
