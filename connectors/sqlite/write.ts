// Writes a request in one transaction; a row that the database refuses fails alone.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectorContext, WriteOperation, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { checkUse, readOnlyView } from '../sql/tables.ts';
import type { NewKeys } from '../shared/new-keys.ts';
import { createNewKeys } from '../shared/new-keys.ts';
import { isRefusal, translate } from './errors.ts';
import type { Db } from './file.ts';
import { openDatabase } from './file.ts';
import { begin, waitForLock } from './locks.ts';
import { largestKey } from './new-keys.ts';
import { applyOperation } from './operation.ts';
import type { Target } from './operation.ts';
import { createQuickCreates } from './quick-creates.ts';
import { selectionOf } from './rows.ts';
import { describeTable, findGuards } from './schema.ts';
import { createStatements } from './statements.ts';

/** Operations done before the process may turn to other work, some milliseconds; the transaction stays open meanwhile. */
const operationsPerTurn = { quick: 1000, careful: 100 } as const;

/** Runs the operations; see `Connection.write`. */
export async function writeTable(path: string, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  throwIfCancelled(request.signal, `Writing to ${path}`);
  if (request.operations.length === 0) return [];
  const db = await openDatabase(path, 'write');
  try {
    const target = checkTarget(db, path, request, context);
    return await runOperations(db, target, request);
  } catch (error) {
    throw translate(error, path);
  } finally {
    db.close();
  }
}

/**
 * All operations in one transaction. Two kinds of refusal end a transaction as a whole: a trigger that rolls back (the operation is set
 * aside and the others run again) and a deferred foreign key that fails at the end (then each operation gets a transaction of its own).
 */
async function runOperations(db: Db, target: Target, request: WriteRequest): Promise<readonly WriteResult[]> {
  const refused: WriteResult[] = [];
  let operations = request.operations;
  for (;;) {
    const outcome = await runTogether(db, target, operations, request.signal);
    if (outcome.kind === 'done') return [...refused, ...outcome.results];
    if (outcome.kind === 'rolled-back') {
      refused.push(outcome.result);
      operations = operations.filter((operation) => operation.id !== outcome.result.id);
    } else if (operations.length === 1 && operations[0] !== undefined) {
      return [...refused, { id: operations[0].id, status: 'failed', error: outcome.error }];
    } else {
      return [...refused, ...(await runEach(db, target, operations, request))];
    }
  }
}

/** Once one has been committed, what fails later must not hide it: the rest is answered as failed. */
async function runEach(
  db: Db,
  target: Target,
  operations: readonly WriteOperation[],
  request: WriteRequest,
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  let stop: ConnectorError | undefined;
  for (const operation of operations) {
    try {
      if (stop === undefined) results.push(...(await runOperations(db, target, { ...request, operations: [operation] })));
    } catch (error) {
      stop = refusal(error, target, operation);
    }
    if (stop !== undefined) results.push({ id: operation.id, status: 'failed', error: stop });
  }
  return results;
}

type Outcome =
  | { readonly kind: 'done'; readonly results: readonly WriteResult[] }
  | { readonly kind: 'rolled-back'; readonly result: WriteResult }
  | { readonly kind: 'refused-at-end'; readonly error: ConnectorError };

async function runTogether(db: Db, target: Target, operations: readonly WriteOperation[], signal: AbortSignal): Promise<Outcome> {
  await begin(db, target.path, signal);
  try {
    const results: WriteResult[] = [];
    const newKeys = createNewKeys({ ...target, largest: (column) => largestKey(target.statements, target.table, column) });
    const quick = createQuickCreates(target, newKeys);
    let sinceTurn = 0;
    for (const operation of operations) {
      if (quick?.take(operation)) sinceTurn += 1 / operationsPerTurn.quick;
      else {
        if (quick !== undefined) results.push(...quick.answers());
        const result = applyGuarded(db, target, newKeys, operation);
        if (!db.inTransaction) return { kind: 'rolled-back', result };
        results.push(result);
        sinceTurn += 1 / operationsPerTurn.careful;
      }
      if (sinceTurn < 1) continue;
      sinceTurn = 0;
      await nextTurn();
      throwIfCancelled(signal, `Writing to ${target.path}`);
    }
    if (quick !== undefined) results.push(...quick.answers());
    return await commit(db, target, signal, results);
  } finally {
    if (db.inTransaction) db.prepare('ROLLBACK').run();
  }
}

async function commit(db: Db, target: Target, signal: AbortSignal, results: readonly WriteResult[]): Promise<Outcome> {
  try {
    await waitForLock(() => db.prepare('COMMIT').run(), target.path, signal);
    return { kind: 'done', results };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { kind: 'refused-at-end', error: refusal(error, target) };
  }
}

function applyGuarded(db: Db, target: Target, newKeys: NewKeys, operation: WriteOperation): WriteResult {
  const { command } = target.statements;
  command('SAVEPOINT operation').run();
  try {
    const result = applyOperation(target, newKeys, operation);
    if (result.status !== 'done') command('ROLLBACK TO operation').run();
    command('RELEASE operation').run();
    if (result.status === 'done' && operation.kind !== 'delete') newKeys.note(result.key);
    return result;
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof ConnectorError && error.recovery === 'skip-record')) throw error;
    if (db.inTransaction) {
      command('ROLLBACK TO operation').run();
      command('RELEASE operation').run();
    }
    return { id: operation.id, status: 'failed', error: refusal(error, target, operation) };
  }
}

function refusal(error: unknown, target: Target, operation?: WriteOperation): ConnectorError {
  const key = operation?.key === undefined ? '' : `, key ${operation.key.join(' / ')}`;
  const translated = translate(error, `Table ${target.table.name} of ${target.path}${key}`);
  if (translated instanceof ConnectorError) return translated;
  throw translated;
}

function checkTarget(db: Db, path: string, request: WriteRequest, context: ConnectorContext): Target {
  const { ref } = request;
  const table = describeTable(db, path, ref.dataset);
  const where = `Table ${ref.dataset} of ${path}`;
  if (table.kind === 'view') {
    throw readOnlyView(path, ref.dataset);
  }
  const written = new Set<string>();
  for (const { set } of request.operations) for (const name in set) written.add(name);
  checkUse(where, table.columns, ref, [...request.columns, ...written]);
  const guards = findGuards(db, table, ref.key);
  return {
    path,
    where,
    table,
    guards,
    ref,
    columns: request.columns,
    selection: selectionOf(ref.key, request.columns),
    uuid: context.uuid,
    statements: createStatements(db),
  };
}
