// Requests of a run: taken from the plan, stored as on their way, sent side by side, and acknowledged page by page.
import { ConnectorError } from '../../connectors/contract.ts';
import type { WriteOperation, WriteResult } from '../../connectors/contract.ts';
import { relaxed } from '../store/relaxed.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow, Sending } from '../store/tables/plan-items.ts';
import { createAcknowledger } from './acknowledge.ts';
import { toOperation } from './operation.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/** Deletes first and creates last, so that a value that must be unique is free when a new row takes it. */
const order = ['delete', 'update', 'create'] as const;

/** Operations taken or acknowledged at a time, so that the window is answered in between. */
const pageSize = 250;

export interface WriteRequest {
  readonly rows: ReadonlyMap<number, OperationRow>;
  readonly operations: readonly WriteOperation[];
}

/** Which operations come next. */
export interface Choice {
  /** Requests side by side; they hold operations of one kind. One alone may mix the kinds. */
  readonly requests: number;
  /** Operations in each at most. */
  readonly size: number;
  /** Leaves an operation to later. */
  readonly leaves: (row: OperationRow) => boolean;
}

/** What became of a request: operations answered, and how many of them not as planned. */
export interface Answer {
  readonly answered: number;
  readonly troubled: number;
}

/** Takes the next operations and stores that they are on their way, before the first is sent. */
export async function takeRequests(
  task: RunningTask,
  endpoint: EndpointContext,
  { requests, size, leaves }: Choice,
): Promise<readonly WriteRequest[]> {
  const items = planItemTable(task.db, task.plan);
  const { name } = endpoint.model;
  const taken: OperationRow[] = [];
  const ranges = new Map<OperationRow['kind'], Sending>();
  for (const kind of order) {
    if (requests > 1 && taken.length > 0) break;
    for (let last = 0; taken.length < size * requests; ) {
      const page = items.toWrite(name, kind, last, Math.min(pageSize, size * requests - taken.length));
      const end = page.at(-1);
      if (!end) break;
      last = end.id;
      for (const row of page) {
        if (taken.length >= size * requests) break;
        if (leaves(row)) continue;
        taken.push(row);
        ranges.set(kind, { kind, first: ranges.get(kind)?.first ?? row.id, last: row.id });
      }
      await pauseWriting(task);
    }
  }
  task.db.transaction(() => {
    for (const range of ranges.values()) items.setSending(name, range);
  })();
  const all: WriteRequest[] = [];
  for (let at = 0; at < taken.length; at += size) {
    const rows = taken.slice(at, at + size);
    all.push({ rows: new Map(rows.map((row) => [row.id, row])), operations: rows.map((row) => toOperation(endpoint, row)) });
  }
  return all;
}

/** Sends one request and acknowledges its answers; `onAnswered` hears how many, also where the rest stays unanswered. */
export async function sendRequest(
  task: RunningTask,
  endpoint: EndpointContext,
  { rows, operations }: WriteRequest,
  onAnswered: (count: number) => void,
): Promise<Answer> {
  const { name } = endpoint.model;
  const acknowledge = createAcknowledger(task, endpoint);
  task.step('batch-sent');
  const results: readonly WriteResult[] = await atEndpoint(name, () =>
    endpoint.connection.write({ ref: endpoint.ref, columns: endpoint.hashed, operations, signal: task.signal }),
  );
  endpoint.gate.noteSuccess(endpoint.connection.quota?.());
  task.step('batch-written');
  let troubled = 0;
  for (let at = 0; at < results.length; at += pageSize) {
    relaxed(task.db, () => {
      for (const result of results.slice(at, at + pageSize)) {
        const row = rows.get(result.id);
        if (row && !acknowledge(row, result)) troubled += 1;
      }
    });
    onAnswered(Math.min(pageSize, results.length - at));
    await pauseWriting(task);
  }
  if (results.length < operations.length) throw unanswered(name, operations.length - results.length);
  return { answered: operations.length, troubled };
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
