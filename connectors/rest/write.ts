// Writes rows of an API one by one: looked at right before, changed, and read back.
import type { DatasetRef, NativeKey, NativeRow, NativeSet, WriteOperation, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { isCountable, keyId, keyText, largerKey, missingKeyError, nextKey, takenKeyError } from '../shared/keys.ts';
import type { Columns } from './columns.ts';
import { at, wrapped } from './declaration.ts';
import type { Declaration, WriteForm } from './declaration.ts';
import { fromNative, toNative } from './exact-json.ts';
import type { Answer, Http } from './http.ts';
import { listPages } from './listing.ts';
import type { JsonRow } from './listing.ts';

export interface Writer {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly request: WriteRequest;
  readonly columns: Columns;
  readonly uuid: () => string;
}

interface Found {
  readonly row: JsonRow;
  readonly etag: string | undefined;
}

/**
 * Answers for as many operations as are known. Where one broke off after others had their answer, the rest is left out, and the engine looks up
 * what became of it.
 */
export async function writeRows(writer: Writer): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  const keys = createKeys(writer);
  for (const operation of writer.request.operations) {
    try {
      throwIfCancelled(writer.request.signal, `Writing to ${writer.declaration.title}`);
      results.push(operation.kind === 'create' ? await create(writer, operation, keys) : await change(writer, operation));
    } catch (error) {
      if (error instanceof ConnectorError && error.recovery === 'skip-record') results.push({ id: operation.id, status: 'failed', error });
      else if (results.length > 0 && error instanceof ConnectorError && error.recovery === 'retry') return results;
      else throw error;
    }
  }
  return results;
}

export function rowOf(row: JsonRow, columns: readonly string[]): NativeRow {
  return columns.map((name) => toNative(row[name]));
}

/** The row under a key; undefined where there is none. An API that finds another row under it (`02` for `2`) has not found it. */
export async function findRow(
  { http, declaration }: Pick<Writer, 'http' | 'declaration'>,
  { dataset, key: columns }: Pick<DatasetRef, 'dataset' | 'key'>,
  [key = '']: NativeKey,
  signal: AbortSignal,
): Promise<Found | undefined> {
  if (key === '') return undefined;
  let answer: Answer;
  try {
    answer = await http.ask({ path: declaration.read.path, query: declaration.read.query, values: { dataset, key }, signal });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'not-found') return undefined;
    throw error;
  }
  const row = at(answer.document, declaration.read.row);
  if (typeof row !== 'object' || row === null || keyText(toNative((row as JsonRow)[columns[0] ?? ''])) !== key) return undefined;
  const etag = answer.headers['etag'];
  return { row: row as JsonRow, etag: Array.isArray(etag) ? etag[0] : etag };
}

async function change(writer: Writer, operation: WriteOperation): Promise<WriteResult> {
  const { request, declaration } = writer;
  const { id, key } = operation;
  const form = declaration[operation.kind];
  if (form === undefined || key === undefined) throw cannot(writer, operation.kind);
  const found = await findRow(writer, request.ref, key, request.signal);
  if (found === undefined) return { id, status: 'moved' };
  const seen = rowOf(found.row, request.columns);
  if (operation.expects !== undefined && !operation.expects(seen)) return { id, status: 'moved', row: seen };
  let answer: Answer;
  try {
    answer = await send(writer, form, operation, key, found);
  } catch (error) {
    // Changed by somebody else between the look and the write.
    if (error instanceof ConnectorError && isMoved(error, declaration)) return moved(writer, operation, key);
    throw error;
  }
  if (operation.kind === 'delete') return { id, status: 'done', key };
  const row = await rowAfter(writer, form, answer, newKeyOf(writer, operation, key));
  return { id, status: 'done', key: keyOf(writer, row), row: rowOf(row, request.columns) };
}

async function moved(writer: Writer, { id }: WriteOperation, key: NativeKey): Promise<WriteResult> {
  const now = await findRow(writer, writer.request.ref, key, writer.request.signal);
  return now === undefined ? { id, status: 'moved' } : { id, status: 'moved', row: rowOf(now.row, writer.request.columns) };
}

/** 404, or 409 and 412 where the API compares revisions. */
function isMoved(error: ConnectorError, { etag, revision }: Declaration): boolean {
  if (error.code === 'not-found') return true;
  return (etag || revision !== undefined) && / answered (409|412) /.test(error.message);
}

async function create(writer: Writer, operation: WriteOperation, keys: Keys): Promise<WriteResult> {
  const { request, declaration } = writer;
  const form = declaration.create;
  if (form === undefined) throw cannot(writer, 'create');
  const set = await keys.withKey(operation);
  const column = request.ref.key[0] ?? '';
  const key = Object.hasOwn(set, column) ? [keyText(set[column] ?? null)] : undefined;
  const present = key === undefined ? undefined : await findRow(writer, request.ref, key, request.signal);
  if (present !== undefined && key !== undefined) {
    const isSame = Object.entries(set).every(([name, native]) => keyText(toNative(present.row[name])) === keyText(native));
    if (!isSame) throw takenKeyError(request.ref.dataset, key);
    return { id: operation.id, status: 'done', key, row: rowOf(present.row, request.columns) };
  }
  const answer = await send(writer, form, { ...operation, set }, key, undefined);
  const row = await rowAfter(writer, form, answer, key);
  return { id: operation.id, status: 'done', key: keyOf(writer, row), row: rowOf(row, request.columns) };
}

async function send(
  { http, declaration, request, columns }: Writer,
  form: WriteForm,
  { kind, id, set }: WriteOperation,
  key: NativeKey | undefined,
  found: Found | undefined,
): Promise<Answer> {
  const body: Record<string, unknown> = {};
  for (const [name, native] of Object.entries(set)) body[name] = sent(request.ref.dataset, name, native, columns);
  const { revision, etag, idempotencyHeader } = declaration;
  if (revision !== undefined && found !== undefined) body[revision] = found.row[revision];
  const isWhole = form.method === 'PUT' && !form.isPartial && found !== undefined;
  const column = request.ref.key[0] ?? '';
  if (form.keyIn === 'body' && found !== undefined) body[column] = found.row[column];
  const headers: Record<string, string> = {};
  if (etag && found?.etag !== undefined) headers['if-match'] = found.etag;
  if (idempotencyHeader !== undefined && kind === 'create') headers[idempotencyHeader] = `kanto-${id}`;
  const revisionText = revision === undefined ? '' : keyText(toNative(found?.row[revision]));
  return http.ask({
    method: form.method,
    path: form.path,
    values: { dataset: request.ref.dataset, revision: revisionText, ...(key?.[0] === undefined ? {} : { key: key[0] }) },
    ...(form.query === undefined ? {} : { query: form.query }),
    ...(kind === 'delete' && form.keyIn === 'path' ? {} : { body: wrapped(isWhole ? { ...found.row, ...body } : body, form.wrap) }),
    headers,
    isRepeatable: idempotencyHeader !== undefined && kind === 'create',
    signal: request.signal,
  });
}

function sent(dataset: string, name: string, native: NativeSet[string], columns: Columns): unknown {
  try {
    return fromNative(native, columns.get(name) ?? 'unknown');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw connectorError('constraint', `${dataset}.${name}: ${error.message}.`, 'Change the value, or the format in the mapping.', error, {
      column: name,
    });
  }
}

/** The row as the system now holds it: from the answer where it tells, else read. */
async function rowAfter(writer: Writer, form: WriteForm, answer: Answer, key: NativeKey | undefined): Promise<JsonRow> {
  const { request, declaration } = writer;
  const told = form.row === undefined ? undefined : at(answer.document, form.row);
  const isWhole = typeof told === 'object' && told !== null && request.columns.every((name) => Object.hasOwn(told, name));
  if (isWhole && keyText(toNative((told as JsonRow)[request.ref.key[0] ?? ''])) !== '') return told as JsonRow;
  const given = key ?? [
    keyText(toNative(form.keyAt === undefined ? at(told, `/${request.ref.key[0] ?? ''}`) : at(answer.document, form.keyAt))),
  ];
  const found = await findRow(writer, request.ref, given, request.signal);
  if (found !== undefined) return found.row;
  throw connectorError(
    'unavailable',
    `${declaration.title} does not show the row that it was given in ${request.ref.dataset}.`,
    'The run looks for it before it goes on.',
  );
}

function newKeyOf({ request }: Writer, { set }: WriteOperation, key: NativeKey): NativeKey {
  const column = request.ref.key[0] ?? '';
  return Object.hasOwn(set, column) ? [keyText(set[column] ?? null)] : key;
}

function keyOf({ request }: Writer, row: JsonRow): NativeKey {
  return request.ref.key.map((name) => keyText(toNative(row[name])));
}

function cannot({ declaration }: Writer, kind: string) {
  return connectorError('unsupported', `${declaration.title} takes no ${kind}.`, `Leave "${kind}" out of "allow" for this place.`);
}

interface Keys {
  /** The values of a new row with its key, where the system does not give one. */
  withKey(operation: WriteOperation): Promise<NativeSet>;
}

function createKeys(writer: Writer): Keys {
  const { request, declaration, uuid } = writer;
  const { ref } = request;
  const column = ref.key[0] ?? '';
  let largest: string | undefined;
  let isCounted = false;
  const next = async (): Promise<string> => {
    if (!isCounted) {
      for await (const { rows } of listPages({ http: writer.http, declaration, ref, signal: request.signal })) {
        for (const row of rows) {
          const text = keyText(toNative(row[column]));
          if (isCountable(text)) largest = largerKey(largest, text);
        }
      }
      isCounted = true;
    }
    largest = nextKey(largest);
    return largest;
  };
  return {
    async withKey({ set, key }) {
      if (Object.hasOwn(set, column)) return set;
      if (key !== undefined) return { ...set, [column]: key[0] ?? null };
      if (ref.newKey === 'uuid') return { ...set, [column]: uuid() };
      if (ref.newKey === 'next') return { ...set, [column]: await next() };
      if (declaration.assignsKeys) return set;
      throw missingKeyError(ref.dataset, [column]);
    },
  };
}

/** Rows by their keys, some at a time. */
export async function findRows(
  writer: Pick<Writer, 'http' | 'declaration'>,
  ref: DatasetRef,
  keys: readonly NativeKey[],
  columns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NativeRow>> {
  const found = new Map<string, NativeRow>();
  const atOnce = 16;
  for (let from = 0; from < keys.length; from += atOnce) {
    const part = keys.slice(from, from + atOnce);
    const rows = await Promise.all(part.map((key) => findRow(writer, ref, key, signal)));
    for (const [index, one] of rows.entries()) if (one !== undefined) found.set(keyId(part[index] ?? []), rowOf(one.row, columns));
  }
  return found;
}
