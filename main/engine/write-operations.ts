// Do: sends the planned operations endpoint by endpoint, each batch stored as sent before and acknowledged after, in one transaction.
import { ConnectorError } from '../../connectors/contract.ts';
import type { Native, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import type { Value, Values } from '../core/model/value.ts';
import { relaxed } from '../store/relaxed.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow, Sending } from '../store/tables/plan-items.ts';
import { createAcknowledger } from './acknowledge.ts';
import { toProblem } from './errors.ts';
import { shows } from './native-row.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';
import { settleSent } from './settle-sent.ts';
import { atEndpoint } from './sync-context.ts';
import { leftAt, tallyLines } from './tally.ts';
import type { EndpointContext } from './sync-context.ts';

/** Deletes first and creates last, so that a value that must be unique is free when a new row takes it. */
const order = ['delete', 'update', 'create'] as const;

/** How often a batch whose answer was lost is looked after before the run gives up on the endpoint. */
const lostAnswersTolerated = 3;

/** Operations taken or acknowledged at a time, so that the window is answered in between. */
const pageSize = 250;

/** Writes what the plan says. Returns the problem that stopped an endpoint, if one did; the others were written all the same. */
export async function writeOperations(task: RunningTask, interrupted: boolean): Promise<unknown> {
  let stopped: unknown;
  for (const endpoint of task.sync.endpoints) {
    try {
      await settleSent(task, endpoint, interrupted);
      await writeEndpoint(task, endpoint);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      stopped ??= error;
      const items = planItemTable(task.db, task.plan);
      const left = leftAt(await tallyLines(task.db, task.plan), endpoint.model.name);
      task.log(
        'error',
        `${error.message} ${left} operations at ${endpoint.model.name} were not written and are planned again by the next run.`,
      );
      items.closeLeft(endpoint.model.name, JSON.stringify(toProblem(error)));
    }
  }
  return stopped;
}

async function writeEndpoint(task: RunningTask, endpoint: EndpointContext): Promise<void> {
  const { name } = endpoint.model;
  const total = leftAt(await tallyLines(task.db, task.plan), name);
  const batch = Math.min(endpoint.capabilities.maxBatch, task.sync.batchLimit(endpoint.config.connection) ?? Number.POSITIVE_INFINITY);
  let lost = 0;
  for (let done = 0; !task.signal.aborted; ) {
    try {
      const taken = await writeBatch(task, endpoint, batch);
      if (taken === 0) return;
      done += taken;
      lost = 0;
    } catch (error) {
      lost += 1;
      if (!(error instanceof ConnectorError) || error.recovery !== 'retry' || lost > lostAnswersTolerated) throw error;
      task.log('warn', `${error.message} Looking at what was written before going on.`);
      await settleSent(task, endpoint, false);
    }
    task.report({ phase: 'write', endpoint: name, done, total });
    await pauseWriting(task);
  }
}

interface Request {
  readonly rows: ReadonlyMap<number, OperationRow>;
  readonly operations: readonly WriteOperation[];
}

/** Takes the next operations and stores that they are on their way, before the first is sent. */
async function prepareRequest(task: RunningTask, endpoint: EndpointContext, batch: number): Promise<Request> {
  const items = planItemTable(task.db, task.plan);
  const { name } = endpoint.model;
  const rows = new Map<number, OperationRow>();
  const operations: WriteOperation[] = [];
  const refused: { readonly id: number; readonly why: Error }[] = [];
  const ranges = new Map<OperationRow['kind'], Sending>();
  for (const kind of order) {
    let first: number | undefined;
    for (let last = 0; rows.size < batch; ) {
      const page = items.toWrite(name, kind, last, Math.min(pageSize, batch - rows.size));
      const end = page.at(-1);
      if (!end) break;
      last = end.id;
      first ??= page[0]?.id;
      for (const row of page) {
        const operation = toOperation(endpoint, row);
        rows.set(row.id, row);
        if ('why' in operation) refused.push({ id: row.id, why: operation.why });
        else operations.push(operation);
      }
      await pauseWriting(task);
      ranges.set(kind, { kind, first: first ?? last, last });
    }
  }
  task.db.transaction(() => {
    for (const { id, why } of refused) items.setState(id, 'failed', task.now(), JSON.stringify(toProblem(why)));
    if (operations.length > 0) for (const range of ranges.values()) items.setSending(name, range);
  })();
  return { rows, operations };
}

/** Sends the next operations in one request, because there are places that write everything anew for each; how many there were. */
async function writeBatch(task: RunningTask, endpoint: EndpointContext, batch: number): Promise<number> {
  const { name } = endpoint.model;
  const items = planItemTable(task.db, task.plan);
  const acknowledge = createAcknowledger(task, endpoint);
  const { rows, operations } = await prepareRequest(task, endpoint, batch);
  if (operations.length === 0) return rows.size;
  task.step('batch-sent');
  let results: readonly WriteResult[] = [];
  try {
    results = await atEndpoint(name, () =>
      endpoint.connection.write({ ref: endpoint.ref, columns: endpoint.hashed, operations, signal: task.signal }),
    );
  } catch (error) {
    // Refused as a whole before anything was written: nothing is in doubt.
    const isRefused = error instanceof ConnectorError && error.recovery !== 'retry' && endpoint.capabilities.atomicity === 'atomic';
    if (isRefused) items.clearSending(name);
    throw error;
  }
  task.step('batch-written');
  for (let at = 0; at < results.length; at += pageSize) {
    relaxed(task.db, () => {
      for (const result of results.slice(at, at + pageSize)) {
        const row = rows.get(result.id);
        if (row) acknowledge(row, result);
      }
    });
    await pauseWriting(task);
  }
  if (results.length < operations.length) throw unanswered(name, operations.length - results.length);
  items.clearSending(name);
  task.step('batch-acknowledged');
  return rows.size;
}

/** What became of operations without an answer is looked up before anything is sent again. */
function unanswered(name: string, count: number): ConnectorError {
  return new ConnectorError(
    'unavailable',
    'retry',
    `${name}: No answer came for ${count} operations.`,
    'The run looks at what was written before it goes on.',
  );
}

function toOperation(endpoint: EndpointContext, row: OperationRow): WriteOperation | { readonly why: Error } {
  const after = JSON.parse(row.after) as Record<string, Value>;
  const before = JSON.parse(row.before) as Values;
  const set: Record<string, Native> = {};
  for (const [field, value] of Object.entries(after)) {
    const lens = endpoint.model.lenses[field];
    const written = lens?.write(value);
    if (lens && written?.ok) set[lens.column] = written.native;
  }
  const key = JSON.parse(row.key) as string[];
  if (row.kind === 'create') return { id: row.id, kind: 'create', set };
  return { id: row.id, kind: row.kind, key, set, expects: (current) => shows(endpoint.model, endpoint.readers, current, before) };
}
