// After a lost answer or a crash: finds out which sent operations took effect, before anything is sent again.
import { ConnectorError } from '../../connectors/contract.ts';
import type { NativeKey, NativeRow } from '../../connectors/contract.ts';
import { matchKey } from '../core/mapping/normal.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import { linkTable } from '../store/tables/links.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow } from '../store/tables/plan-items.ts';
import { createAcknowledger } from './acknowledge.ts';
import { readRow, shows } from './native-row.ts';
import type { RunningTask } from './running-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/**
 * Acknowledges what took effect; the rest becomes planned again. A second create of the same row is never sent. `interrupted`: time has passed
 * since the plan, so that rows made by somebody else are looked for as well.
 */
export async function settleSent(task: RunningTask, endpoint: EndpointContext, interrupted: boolean): Promise<void> {
  const items = planItemTable(task.db, task.plan);
  const sent = items.doubtful(endpoint.model.name, interrupted);
  if (sent.length === 0) return;
  task.log('warn', `${endpoint.model.name}: ${sent.length} operations are in doubt; looking at what took effect.`);
  const known = sent.filter((row) => row.kind !== 'create');
  const creates = sent.filter((row) => row.kind === 'create');
  const current = await atEndpoint(endpoint.model.name, () =>
    endpoint.connection.readKeys(
      endpoint.ref,
      known.map((row) => JSON.parse(row.key) as NativeKey),
      endpoint.hashed,
      task.signal,
    ),
  );
  const made = creates.length === 0 ? new Map<number, Made>() : await findMade(task, endpoint, creates);
  const acknowledge = createAcknowledger(task, endpoint);
  task.db.transaction(() => {
    for (const row of known) {
      const now = current.get(row.key);
      const tookEffect =
        row.kind === 'delete'
          ? now === undefined
          : now !== undefined && shows(endpoint.model, endpoint.readers, now, JSON.parse(row.after) as Values);
      if (tookEffect) acknowledge(row, { id: row.id, status: 'done', key: JSON.parse(row.key) as NativeKey, ...(now ? { row: now } : {}) });
      else items.setState(row.id, 'planned', null, null);
    }
    for (const row of creates) {
      const found = made.get(row.id);
      if (found?.isExact) acknowledge(row, { id: row.id, status: 'done', key: found.key, row: found.row });
      else items.setState(row.id, found ? 'moved' : 'planned', null, null);
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
async function findMade(task: RunningTask, endpoint: EndpointContext, creates: readonly OperationRow[]): Promise<Map<number, Made>> {
  const links = linkTable(task.db);
  const waiting = new Map(creates.map((row) => [row.id, JSON.parse(row.after) as Values]));
  const index = new Map<string, number[]>();
  const match = task.sync.model.match.filter((field) => (endpoint.model.lenses[field]?.direction ?? 'write') !== 'write');
  const indexed =
    match.length > 0 ? match : Object.keys(endpoint.model.lenses).filter((field) => endpoint.model.lenses[field]?.direction !== 'write');
  const keyOf = (values: Values) => JSON.stringify(indexed.map((field) => values[field] ?? null));
  for (const [id, values] of waiting) index.set(keyOf(values), [...(index.get(keyOf(values)) ?? []), id]);
  const found = new Map<number, Made>();
  const resembling = new Map<number, Made>();
  let isWhole = false;
  for await (const page of endpoint.connection.read({ ref: endpoint.ref, columns: endpoint.hashed, signal: task.signal })) {
    isWhole ||= page.end?.complete ?? false;
    for (const [at, key] of page.keys.entries()) {
      const row = page.rows[at];
      const link = links.find(endpoint.row.id, JSON.stringify(key));
      if (!row) continue;
      const { values } = readRow(endpoint.readers, row);
      const isAnothers = link !== undefined && link.status !== 'absent'; // the key of a row that went missing may be given again
      if (isAnothers && matchKey(task.sync.model.match, values) === links.matchKey(link.record)) continue;
      const candidates = (index.get(keyOf(values)) ?? []).filter((id) => !found.has(id));
      const exact = candidates.find((id) => sameValues(waiting.get(id) ?? {}, values));
      if (exact !== undefined) found.set(exact, { key, row, isExact: true });
      else if (!isAnothers && match.length > 0 && candidates[0] !== undefined) resembling.set(candidates[0], { key, row, isExact: false });
    }
  }
  if (!isWhole) throw stillInDoubt(endpoint.model.name, creates.length);
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
