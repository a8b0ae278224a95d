// Several operations of one kind in one request, for APIs that take lists, and what became of each.
import type { NativeKey, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText, takenKeyError } from '../shared/keys.ts';
import { at, filled, wrapped } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { toNative } from '../shared/exact-json.ts';
import type { JsonRow } from './listing.ts';
import { findMany, rowOf, valuesOf } from './look.ts';
import type { Found } from './look.ts';
import type { NewKeys } from './new-keys.ts';
import { aboutRow, bodyOf, holds, isWholeRow, keyOf, newKeyOf } from './writer.ts';
import type { Writer } from './writer.ts';

type BatchForm = NonNullable<Declaration['batch']['create']>;

/** An operation that was looked at and goes into the request. */
interface Ready {
  readonly operation: WriteOperation;
  readonly set: NativeSet;
  /** Absent where the system gives it. */
  readonly key: NativeKey | undefined;
  readonly item: unknown;
}

/** Writes what can be written together, adds its results, and answers what must be tried one by one. */
export async function writeTogether(
  writer: Writer,
  operations: readonly WriteOperation[],
  keys: NewKeys,
  results: WriteResult[],
): Promise<readonly WriteOperation[]> {
  const form = writer.declaration.batch[operations[0]?.kind ?? 'create'];
  if (form === undefined || hasTwice(operations) || isUntraceable(writer, form, operations)) return operations;
  const ready = await prepare(writer, form, operations, keys, results);
  if (ready.length === 0) return [];
  let answers: readonly unknown[] | undefined;
  try {
    answers = await send(writer, form, ready);
  } catch (error) {
    // Refused as a whole: each by itself, which tells the row at fault.
    if (!(error instanceof ConnectorError) || (error.recovery !== 'skip-record' && error.code !== 'not-found')) throw error;
    return ready.map(({ operation, set }) => ({ ...operation, set }));
  }
  await settle(writer, form, ready, answers, results);
  return [];
}

/** Two operations on one row need an order that one request does not promise. */
function hasTwice(operations: readonly WriteOperation[]): boolean {
  const keys = operations.flatMap(({ key }) => key?.[0] ?? []);
  return new Set(keys).size < keys.length;
}

/** New rows that get their keys there can be told apart only where the answers come in order. */
function isUntraceable({ request }: Writer, form: BatchForm, operations: readonly WriteOperation[]): boolean {
  if (form.keyAt === undefined || request.ref.newKey !== undefined) return false;
  return operations.some(({ kind, key, set }) => kind === 'create' && key === undefined && !Object.hasOwn(set, request.ref.key[0] ?? ''));
}

async function prepare(
  writer: Writer,
  form: BatchForm,
  operations: readonly WriteOperation[],
  keys: NewKeys,
  results: WriteResult[],
): Promise<Ready[]> {
  const column = writer.request.ref.key[0] ?? '';
  const drafts: Omit<Ready, 'item'>[] = [];
  for (const operation of operations) {
    const set = operation.kind === 'create' ? await keys.withKey(operation) : operation.set;
    const own = operation.kind === 'create' && Object.hasOwn(set, column) ? [keyText(set[column] ?? null)] : undefined;
    drafts.push({ operation, set, key: operation.kind === 'create' ? own : operation.key });
  }
  const wanted = drafts.flatMap(({ key }) => (key === undefined ? [] : [key]));
  const found = writer.columns.size === 0 ? new Map<string, Found>() : await findMany(writer, wanted);
  const ready: Ready[] = [];
  for (const draft of drafts) {
    try {
      const there = draft.key === undefined ? undefined : found.get(draft.key[0] ?? '');
      const known = decided(writer, draft, there);
      if (known === undefined) ready.push({ ...draft, item: itemOf(writer, form, draft, there?.row) });
      else results.push(known);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.recovery !== 'skip-record') throw error;
      results.push({ id: draft.operation.id, status: 'failed', error });
    }
  }
  return ready;
}

/** The result where the row as it is leaves nothing to send. */
function decided(writer: Writer, { operation, set, key }: Omit<Ready, 'item'>, found: Found | undefined): WriteResult | undefined {
  const { id, kind, expects } = operation;
  const { columns, ref } = writer.request;
  if (kind === 'create') {
    if (found === undefined || key === undefined) return undefined;
    if (!holds(found.row, set)) throw takenKeyError(ref.dataset, key);
    return { id, status: 'done', key, row: rowOf(found.row, columns) };
  }
  if (found === undefined) return { id, status: 'moved' };
  const seen = rowOf(found.row, columns);
  return expects === undefined || expects(seen) ? undefined : { id, status: 'moved', row: seen };
}

function itemOf(writer: Writer, form: BatchForm, { operation, set }: Omit<Ready, 'item'>, row: JsonRow | undefined): unknown {
  const { declaration, request } = writer;
  const column = request.ref.key[0] ?? '';
  if (form.of === 'keys') return row?.[column];
  const body = bodyOf(writer, set);
  if (row === undefined) return { ...body, ...form.add };
  const { revision } = declaration;
  const identity = { [column]: row[column], ...(revision === undefined ? {} : { [revision]: row[revision] }) };
  const kept = form.isWhole && operation.kind === 'update' ? row : {};
  return { ...kept, ...identity, ...body, ...form.add };
}

async function send(writer: Writer, form: BatchForm, ready: readonly Ready[]): Promise<readonly unknown[] | undefined> {
  const { http, request, declaration } = writer;
  const answer = await http.ask({
    method: form.method,
    path: form.path,
    values: valuesOf(writer, ''),
    body: wrapped(
      ready.map(({ item }) => item),
      form.wrap,
    ),
    about: `${request.ref.dataset}, ${ready.length} rows`,
    signal: request.signal,
  });
  if (form.rows === undefined) return undefined;
  const list = at(answer.document, form.rows);
  if (Array.isArray(list) && form.keyAt !== undefined) return byKey(writer, form.keyAt, ready, list);
  if (Array.isArray(list) && list.length === ready.length) return list;
  throw connectorError(
    'unavailable',
    `${declaration.title} did not answer for each of ${ready.length} rows of ${request.ref.dataset}.`,
    'The run looks for them before it goes on.',
  );
}

/** Answers as the operations were sent: some systems put the refused ones first, or sort them. Undefined: none for this one. */
function byKey({ ref }: Writer, keyAt: string, ready: readonly Ready[], list: readonly unknown[]): readonly unknown[] {
  const pointer = filled(keyAt, { keyColumn: ref.key[0] ?? '' });
  const answers = new Map(list.map((answer) => [keyText(toNative(at(answer, pointer))), answer]));
  return ready.map(({ key }) => answers.get(key?.[0] ?? ''));
}

/** Tells of each operation what became of it; rows that the answer does not hold whole are read, in as few requests as can be. */
async function settle(
  writer: Writer,
  form: BatchForm,
  ready: readonly Ready[],
  answers: readonly unknown[] | undefined,
  results: WriteResult[],
): Promise<void> {
  const open: { readonly ready: Ready; readonly key: NativeKey; readonly isMoved: boolean }[] = [];
  for (const [index, one] of ready.entries()) {
    const { operation, set, key } = one;
    const answer = answers?.[index];
    if (answers !== undefined && answer === undefined) {
      // Without a result the engine looks for it itself.
      if (operation.kind === 'update' && key !== undefined) open.push({ ready: one, key, isMoved: true });
      continue;
    }
    const refused = form.failed === undefined ? undefined : at(answer, form.failed);
    if (refused !== undefined && refused !== null && refused !== false) {
      if (refused === form.moved && operation.kind !== 'create' && key !== undefined) open.push({ ready: one, key, isMoved: true });
      else results.push({ id: operation.id, status: 'failed', error: refusal(writer, one, answer) });
      continue;
    }
    const told = isWholeRow(writer, answer) && form.failed === undefined ? answer : undefined;
    if (operation.kind === 'delete') results.push({ id: operation.id, status: 'done', key: key ?? [] });
    else if (told !== undefined) results.push(done(writer, operation, told));
    else {
      const after = key === undefined ? [givenKey(writer, answer)] : newKeyOf(writer, set, key);
      open.push({ ready: one, key: after, isMoved: false });
    }
  }
  const found = await findMany(
    writer,
    open.map(({ key }) => key),
  );
  for (const { ready: one, key, isMoved } of open) {
    const row = found.get(key[0] ?? '')?.row;
    const { id } = one.operation;
    if (isMoved) results.push({ id, status: 'moved', ...(row === undefined ? {} : { row: rowOf(row, writer.request.columns) }) });
    else if (row !== undefined) results.push(done(writer, one.operation, row));
    // Without a result the engine looks for it itself.
  }
}

function givenKey({ ref }: Writer, answer: unknown): string {
  return keyText(toNative(at(answer, `/${ref.key[0] ?? ''}`)));
}

function done(writer: Writer, { id }: WriteOperation, row: JsonRow): WriteResult {
  return { id, status: 'done', key: keyOf(writer, row), row: rowOf(row, writer.request.columns) };
}

function refusal(writer: Writer, { key }: Ready, answer: unknown): ConnectorError {
  const { title, message } = writer.declaration;
  const said = message.map((pointer) => at(answer, pointer)).find((text): text is string => typeof text === 'string' && text !== '');
  return connectorError(
    'constraint',
    `${title} refused ${aboutRow(writer, key)}${said === undefined ? '' : `: ${said}`}.`,
    'Change the value so that the system accepts it, or change its rule.',
  );
}
