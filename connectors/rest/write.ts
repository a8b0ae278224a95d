// Writes rows of an API: neighbours of one kind together where the API takes lists, else one by one, each looked at right before.
import type { NativeKey, WriteOperation, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { keyText, missingKeyError, takenKeyError } from '../shared/keys.ts';
import { writeTogether } from './batch.ts';
import { at, wrapped } from './declaration.ts';
import type { Declaration, WriteForm } from './declaration.ts';
import { noAccess, statusOf } from './errors.ts';
import { toNative } from '../shared/exact-json.ts';
import type { Answer } from './http.ts';
import { findRow, rowOf, valuesOf } from './look.ts';
import type { Found } from './look.ts';
import { createKeys } from './new-keys.ts';
import type { NewKeys } from './new-keys.ts';
import { aboutRow, bodyOf, cannot, holds, keyOf, newKeyOf, rowAfter } from './writer.ts';
import type { Writer } from './writer.ts';

/**
 * Answers for as many operations as are known. Where one broke off after others had their answer, the rest is left out, and the engine looks up
 * what became of it.
 */
export async function writeRows(writer: Writer): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  const keys = createKeys(writer);
  try {
    for (const group of neighbours(writer)) {
      throwIfCancelled(writer.request.signal, `Writing to ${writer.declaration.title}`);
      const left = group.length === 1 ? group : await writeTogether(writer, group, keys, results);
      for (const operation of left) results.push(await writeOne(writer, operation, keys, left !== group));
    }
  } catch (error) {
    if (results.length > 0 && error instanceof ConnectorError && error.recovery === 'retry') return results;
    throw error;
  }
  return results;
}

/** Operations in their order, those together that may go in one request: there a row is named by its key, so that key cannot change. */
function neighbours({ request, declaration }: Writer): readonly WriteOperation[][] {
  const movesKey = ({ kind, set }: WriteOperation) => kind === 'update' && Object.hasOwn(set, request.ref.key[0] ?? '');
  const groups: WriteOperation[][] = [];
  for (const operation of request.operations) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    const isNext = first?.kind === operation.kind && declaration.batch[operation.kind] !== undefined;
    if (isNext && !movesKey(first) && !movesKey(operation)) last?.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

/** One operation by itself. `isAgain`: it was part of a request that failed, of which some may have been done. */
async function writeOne(writer: Writer, operation: WriteOperation, keys: NewKeys, isAgain: boolean): Promise<WriteResult> {
  throwIfCancelled(writer.request.signal, `Writing to ${writer.declaration.title}`);
  try {
    return operation.kind === 'create' ? await create(writer, operation, keys) : await change(writer, operation, isAgain);
  } catch (error) {
    if (error instanceof ConnectorError && error.recovery === 'skip-record') return { id: operation.id, status: 'failed', error };
    throw error;
  }
}

async function change(writer: Writer, operation: WriteOperation, isAgain: boolean): Promise<WriteResult> {
  const { request, declaration } = writer;
  const { id, key, set } = operation;
  const form = declaration[operation.kind];
  if (form === undefined || key === undefined) throw cannot(writer, operation.kind);
  const found = await findRow(writer, key);
  if (found === undefined) return isAgain && operation.kind === 'delete' ? { id, status: 'done', key } : { id, status: 'moved' };
  const seen = rowOf(found.row, request.columns);
  if (isAgain && operation.kind === 'update' && holds(found.row, set)) return { id, status: 'done', key, row: seen };
  if (operation.expects !== undefined && !operation.expects(seen)) return { id, status: 'moved', row: seen };
  let answer: Answer;
  try {
    answer = await send(writer, form, operation, key, found);
  } catch (error) {
    // Changed by somebody else between the look and the write.
    if (!isMoved(error, declaration)) throw error;
    const now = await findRow(writer, key);
    if (now === undefined) return { id, status: 'moved' };
    // What was not found for a change and is there for a look is hidden, as from an account that may only read.
    if (error instanceof ConnectorError && error.code === 'not-found') throw noAccess(error);
    return { id, status: 'moved', row: rowOf(now.row, request.columns) };
  }
  if (operation.kind === 'delete') return { id, status: 'done', key };
  const row = await rowAfter(writer, toldRow(form, answer), newKeyOf(writer, set, key));
  // Some answer with success to a change of what is gone.
  if (row === undefined) return { id, status: 'moved' };
  return { id, status: 'done', key: keyOf(writer, row), row: rowOf(row, request.columns) };
}

/** 404, or 409 and 412 where the API compares revisions. */
function isMoved(error: unknown, { etag, revision }: Declaration): boolean {
  if (error instanceof ConnectorError && error.code === 'not-found') return true;
  const status = statusOf(error);
  return (etag || revision !== undefined) && (status === 409 || status === 412);
}

async function create(writer: Writer, operation: WriteOperation, keys: NewKeys): Promise<WriteResult> {
  const { request, declaration, columns } = writer;
  const form = declaration.create;
  if (form === undefined) throw cannot(writer, 'create');
  const set = await keys.withKey(operation);
  const column = request.ref.key[0] ?? '';
  const key = Object.hasOwn(set, column) ? [keyText(set[column] ?? null)] : undefined;
  // A dataset without columns is one without rows.
  const present = key === undefined || columns.size === 0 ? undefined : await findRow(writer, key);
  if (present !== undefined && key !== undefined) {
    if (!holds(present.row, set)) throw takenKeyError(request.ref.dataset, key);
    return { id: operation.id, status: 'done', key, row: rowOf(present.row, request.columns) };
  }
  let answer: Answer;
  try {
    answer = await send(writer, form, { ...operation, set }, key, undefined);
  } catch (error) {
    const lacksKey = key === undefined && error instanceof ConnectorError && error.code === 'constraint' && error.column === column;
    throw lacksKey ? missingKeyError(request.ref.dataset, [column], error) : error;
  }
  const told = toldRow(form, answer);
  const given = form.keyAt === undefined ? undefined : [keyText(toNative(at(answer.document, form.keyAt)))];
  const row = await rowAfter(writer, told, key ?? given);
  if (row === undefined) {
    throw connectorError(
      'unavailable',
      `${declaration.title} does not show the row that it was given in ${request.ref.dataset}.`,
      'The run looks for it before it goes on.',
    );
  }
  return { id: operation.id, status: 'done', key: keyOf(writer, row), row: rowOf(row, request.columns) };
}

function toldRow(form: WriteForm, answer: Answer): unknown {
  return form.row === undefined ? undefined : at(answer.document, form.row);
}

async function send(
  writer: Writer,
  form: WriteForm,
  { kind, id, set }: WriteOperation,
  key: NativeKey | undefined,
  found: Found | undefined,
): Promise<Answer> {
  const { http, declaration, request } = writer;
  const body = bodyOf(writer, set);
  const { revision, etag, idempotencyHeader } = declaration;
  if (revision !== undefined && found !== undefined) body[revision] = found.row[revision];
  const isWhole = form.method === 'PUT' && !form.isPartial && found !== undefined;
  const column = request.ref.key[0] ?? '';
  if (form.keyIn === 'body' && found !== undefined) body[column] = found.row[column];
  const headers: Record<string, string> = {};
  if (etag && found?.etag !== undefined) headers['if-match'] = found.etag;
  const isOnce = idempotencyHeader !== undefined && kind === 'create';
  if (isOnce) headers[idempotencyHeader] = `kanto-${id}`;
  const revisionText = revision === undefined ? '' : keyText(toNative(found?.row[revision]));
  return http.ask({
    method: form.method,
    path: form.path,
    values: { ...valuesOf(writer, key?.[0] ?? ''), revision: revisionText },
    ...(form.query === undefined ? {} : { query: form.query }),
    ...(kind === 'delete' && form.keyIn === 'path'
      ? {}
      : { body: wrapped(isWhole ? { ...withoutGenerated(found.row, declaration), ...body } : body, form.wrap) }),
    headers,
    isRepeatable: isOnce,
    about: aboutRow(writer, key),
    signal: request.signal,
  });
}

function withoutGenerated(row: Found['row'], { generated }: Declaration): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !generated.includes(name)));
}
