// Do: carries the planned operations out, endpoint by endpoint, with patience for what passes and without ever sending blindly again.
import { ConnectorError } from '../../connectors/contract.ts';
import { KantoError } from '../core/model/error.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { setProven } from '../store/tables/endpoints.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow } from '../store/tables/plan-items.ts';
import { createAcknowledger } from './acknowledge.ts';
import { toProblem } from './errors.ts';
import { isPassing } from './gate.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';
import { settleSent } from './settle-sent.ts';
import type { EndpointContext } from './sync-context.ts';
import { leftAt, tallyLines } from './tally.ts';
import { sendRequest, takeRequests } from './write-requests.ts';
import type { Choice, WriteRequest } from './write-requests.ts';

/** Writes what the plan says. Returns the problem that stopped an endpoint, if one did; the others were written all the same. */
export async function writeOperations(task: RunningTask, interrupted: boolean): Promise<unknown> {
  let stopped: unknown;
  for (const endpoint of task.sync.endpoints) {
    try {
      await writeEndpoint(task, endpoint, interrupted);
    } catch (error) {
      if (!stopsOnlyThePlace(error)) throw error;
      endpoint.gate.note(error);
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

function stopsOnlyThePlace(error: unknown): error is ConnectorError | KantoError {
  return error instanceof ConnectorError || (error instanceof KantoError && error.recovery === 'stop-connection');
}

/** Fresh operations first, then those that failed before, so that they never keep the others waiting. */
async function writeEndpoint(task: RunningTask, endpoint: EndpointContext, interrupted: boolean): Promise<void> {
  const { name } = endpoint.model;
  const { capabilities, config, row } = endpoint;
  const writer: Writer = {
    total: leftAt(await tallyLines(task.db, task.plan), name),
    done: 0,
    pace: createPace(
      name,
      Math.min(capabilities.maxBatch, task.sync.batchLimit(config.connection) ?? Number.POSITIVE_INFINITY),
      row.proven === row.version || capabilities.rewrites === true,
    ),
    answered: 0,
    isInDoubt: true,
    setAside: 0,
  };
  await withLookUps(task, endpoint, writer, async () => settleSent(task, endpoint, interrupted));
  const suspects = new Set(deadLetterTable(task.db).suspects(task.sync.id, name));
  await writeAll(task, endpoint, writer, (line) => suspects.has(line.record));
  if (suspects.size > 0) await writeAll(task, endpoint, writer, () => false);
  if (writer.done > 0 && !task.signal.aborted) setProven(task.db, row);
}

interface Writer {
  readonly total: number;
  readonly pace: Pace;
  done: number;
  /** Operations answered so far, also in requests that broke off. */
  answered: number;
  /** A request broke off: what it did is looked up before anything else is sent. */
  isInDoubt: boolean;
  /** The operation that failed last while it was alone in its request, how often, and with what. */
  suspect?: { readonly id: number; readonly failures: number; readonly error: ConnectorError };
  /** Operations set aside since the last one that was answered. */
  setAside: number;
}

/** Failures of an operation alone after which it, and not the system, is taken to be at fault. */
const failuresAlone = 4;
/** With so many set aside and none answered between them, it is the system after all. */
const setAsideInRow = 3;

async function writeAll(task: RunningTask, endpoint: EndpointContext, writer: Writer, leaves: Choice['leaves']): Promise<void> {
  while (!task.signal.aborted) {
    const written = await withLookUps(task, endpoint, writer, () => writeRound(task, endpoint, writer, leaves));
    if (written === undefined) return;
    writer.done += written;
    task.report({ phase: 'write', endpoint: endpoint.model.name, done: writer.done, total: writer.total });
    await pauseWriting(task);
  }
}

/** Takes a step again after a pause while what stops it is passing. Before that it looks at what took effect. */
async function withLookUps<T>(task: RunningTask, endpoint: EndpointContext, writer: Writer, step: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    const before = writer.answered;
    try {
      if (failures > 0 && writer.isInDoubt) await settleSent(task, endpoint, false);
      writer.isInDoubt = false;
      return await step();
    } catch (error) {
      if (!isPassing(error) || task.signal.aborted) throw error;
      failures = writer.answered > before ? 1 : failures + 1;
      writer.isInDoubt = true;
      endpoint.gate.narrow();
      task.log('warn', `${error.message} Looking at what was written, then going on (attempt ${failures}).`);
      await endpoint.gate.rest(error, failures, task.signal);
      if (task.signal.aborted) throw error;
    }
  }
}

/** Sends the next requests side by side; how many operations were answered, undefined when there are no more. */
async function writeRound(
  task: RunningTask,
  endpoint: EndpointContext,
  writer: Writer,
  leaves: Choice['leaves'],
): Promise<number | undefined> {
  const { pace } = writer;
  if (setSuspectAside(task, endpoint, writer)) return 1;
  const { size, isCautious } = pace;
  const requests = await takeRequests(task, endpoint, { requests: isCautious ? 1 : endpoint.gate.width, size, leaves });
  if (requests.length === 0) return undefined;
  const outcomes = await Promise.allSettled(
    requests.map((request) =>
      sendRequest(task, endpoint, request, (count) => {
        writer.answered += count;
      }),
    ),
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  const worst = errors.find((error) => !isRefusedWhole(error));
  if (worst !== undefined) {
    if (worst instanceof ConnectorError && worst.mayBeValues === true) suspect(writer, requests, worst);
    if (isNothingDone(endpoint, worst) && requests.length === 1) clearSending(task, endpoint);
    throw worst;
  }
  clearSending(task, endpoint);
  let answered = 0;
  let troubled = 0;
  for (const [at, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') {
      answered += outcome.value.answered;
      troubled += outcome.value.troubled;
    } else if (requests[at]?.operations.length === 1) {
      // The record at fault, found by splitting.
      refuse(task, endpoint, requests[at].rows.values(), outcome.reason as ConnectorError);
      answered += 1;
      troubled += 1;
    } else pace.split();
  }
  task.step('batch-acknowledged');
  if (answered === 0) return 0;
  if (errors.length === 0) endpoint.gate.widen();
  writer.setAside = 0;
  pace.note(answered, troubled);
  return answered;
}

/** The next request holds one operation alone; the failures of one that did are counted. */
function suspect(writer: Writer, requests: readonly WriteRequest[], error: ConnectorError): void {
  writer.pace.isolate();
  const [id, ...others] = requests.flatMap(({ operations }) => operations.map((operation) => operation.id));
  if (id === undefined || others.length > 0) return;
  writer.suspect = { id, failures: writer.suspect?.id === id ? writer.suspect.failures + 1 : 1, error };
}

/** Refuses an operation that keeps failing alone, after it was looked up that it took no effect, so that the others are not kept waiting. */
function setSuspectAside(task: RunningTask, endpoint: EndpointContext, writer: Writer): boolean {
  const found = writer.suspect;
  if (found === undefined || found.failures < failuresAlone || writer.setAside >= setAsideInRow) return false;
  delete writer.suspect;
  const row = planItemTable(task.db, task.plan).planned(found.id);
  if (row === undefined) return false;
  const { message } = found.error;
  const error = new ConnectorError(
    'constraint',
    'skip-record',
    `${message} It failed ${found.failures} times with this record alone, and answers otherwise.`,
    'Look at the values of this record, and at the log of the system itself.',
    { cause: found.error },
  );
  refuse(task, endpoint, [row], error);
  writer.setAside += 1;
  writer.answered += 1;
  writer.pace.note(1, 1);
  return true;
}

function clearSending(task: RunningTask, endpoint: EndpointContext): void {
  planItemTable(task.db, task.plan).clearSending(endpoint.model.name);
}

/** One of its operations is at fault, or there were too many: nothing was done. */
function isRefusedWhole(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.recovery === 'skip-record';
}

/** Refused before anything was written: nothing is in doubt. */
function isNothingDone(endpoint: EndpointContext, error: unknown): boolean {
  return error instanceof ConnectorError && error.recovery !== 'retry' && endpoint.capabilities.atomicity === 'atomic';
}

/** Closes operations that are at fault themselves. */
function refuse(task: RunningTask, endpoint: EndpointContext, rows: Iterable<OperationRow>, error: ConnectorError): void {
  const acknowledge = createAcknowledger(task, endpoint);
  task.db.transaction(() => {
    for (const row of rows) acknowledge(row, { id: row.id, status: 'failed', error });
  })();
}
