// Writes a request to a table of a database server in few statements, and still answers for each row by itself.
import type { ConnectorError, NativeKey, NativeRow, NativeSet, WriteOperation, WriteRequest, WriteResult } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { ambiguousKeyError, keyId, keyText, missingKeyError, showKey, takenKeyError } from '../shared/keys.ts';
import type { NewKeys } from '../shared/new-keys.ts';

/** A row as it is now. `version` changes with every change of the row, where the system tells one. */
export interface Found {
  readonly key: NativeKey;
  readonly row: NativeRow;
  readonly version: string | null;
}

/** A change of one row that was found. */
export interface Change {
  readonly id: number;
  readonly found: Found;
  readonly set: NativeSet;
}

/** A new row. */
export interface Creation {
  readonly id: number;
  readonly set: NativeSet;
}

/** The table inside an open transaction. Statements throw the driver's error when the database refuses a row. */
export interface TableWriter {
  /** For messages: `Table x of y`. */
  readonly where: string;
  readonly key: readonly string[];
  /** Rows by `keyId`; several where the key is none. */
  find(keys: readonly NativeKey[]): Promise<ReadonlyMap<string, readonly Found[]>>;
  /** Deletes the rows that are still as they were found; the ids of those that were. */
  remove(changes: readonly Change[]): Promise<ReadonlySet<number>>;
  /** Sets the same columns in rows that are still as they were found; the ids of those that were, with their keys now. */
  update(changes: readonly Change[]): Promise<ReadonlyMap<number, NativeKey>>;
  /** Inserts rows that fill the same columns; the key of each. Fewer keys than rows where the database left some out. */
  insert(creations: readonly Creation[]): Promise<ReadonlyMap<number, NativeKey>>;
  /** How many rows that fill these columns one insert may hold, so that each can be told from the others. */
  rowsPerInsert(columns: readonly string[]): number;
  /** Whether every value that would be written is there, compared as the columns' types compare. */
  holds(found: Found, set: NativeSet): Promise<boolean>;
  /** Undoes what `work` did when it throws. */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** The database refused a row; others may be fine. */
  isRefusal(error: unknown): boolean;
  /** The refusal in words, of the row with this key. */
  refusal(error: unknown, key: NativeKey | undefined): ConnectorError;
}

/** Rows in one statement at most. */
const rowsPerStatement = 500;

/** Runs the operations of a request inside one transaction; see `Connection.write`. */
export async function writeBatch(writer: TableWriter, newKeys: NewKeys, request: WriteRequest): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  for (const operations of withoutRepeats(request)) results.push(...(await writeSegment(writer, newKeys, operations)));
  return results;
}

/** Cuts a request where a row comes again: what is done to it first must be seen by what is done to it next. A row may go and come anew. */
function withoutRepeats({ operations, ref }: WriteRequest): readonly (readonly WriteOperation[])[] {
  const segments: WriteOperation[][] = [];
  let open: WriteOperation[] = [];
  let seen = new Map<string, WriteOperation['kind']>();
  for (const operation of operations) {
    const ids = [operation.key, writtenKey(ref.key, operation)].flatMap((key) => (key === undefined ? [] : [keyId(key)]));
    const isRepeated = ids.some((id) => seen.has(id) && !(seen.get(id) === 'delete' && operation.kind === 'create'));
    if (isRepeated) {
      segments.push(open);
      open = [];
      seen = new Map();
    }
    open.push(operation);
    for (const id of ids) seen.set(id, operation.kind);
  }
  return [...segments, open];
}

function writtenKey(key: readonly string[], { set }: { readonly set: NativeSet }): NativeKey | undefined {
  return key.every((name) => name in set) ? key.map((name) => keyText(set[name] ?? null)) : undefined;
}

/** Deletes, updates and creates of rows that are all different. What is refused gets another chance when the others are done. */
async function writeSegment(writer: TableWriter, newKeys: NewKeys, operations: readonly WriteOperation[]): Promise<readonly WriteResult[]> {
  const answers = new Map<number, WriteResult>();
  let left = operations;
  for (;;) {
    const pass = await writeOnce(writer, newKeys, left);
    for (const result of pass) answers.set(result.id, result);
    const refused = new Set(pass.flatMap((result) => (result.status === 'failed' ? [result.id] : [])));
    if (refused.size === 0 || !pass.some(({ status }) => status === 'done')) break;
    left = left.filter(({ id }) => refused.has(id));
  }
  return [...answers.values()];
}

async function writeOnce(writer: TableWriter, newKeys: NewKeys, operations: readonly WriteOperation[]): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  const creations: Creation[] = [];
  for (const operation of operations) {
    if (operation.kind !== 'create') continue;
    const set = newKeys.fill(operation);
    if (set === undefined) results.push(failed(operation.id, missingKeyError(writer.where, writer.key)));
    else {
      creations.push({ id: operation.id, set });
      const key = writtenKey(writer.key, { set });
      if (key !== undefined) newKeys.note(key);
    }
  }
  const keys = [...operations.map(({ key }) => key), ...creations.map((creation) => writtenKey(writer.key, creation))];
  const present = await writer.find(keys.filter((key) => key !== undefined));
  const changes = new Map<WriteOperation['kind'], Change[]>([
    ['delete', []],
    ['update', []],
  ]);
  for (const operation of operations) {
    if (operation.kind === 'create') continue;
    const looked = look(writer, operation, present);
    if ('status' in looked) results.push(looked);
    else changes.get(operation.kind)?.push(looked);
  }
  const removed = await removeRows(writer, changes.get('delete') ?? []);
  results.push(...removed.values(), ...(await updateRows(writer, changes.get('update') ?? [])));
  const gone = new Set([...removed.values()].flatMap((result) => (result.status === 'done' ? [keyId(result.key)] : [])));
  results.push(...(await createRows(writer, creations, (id) => (gone.has(id) ? undefined : present.get(id)?.[0]))));
  return results;
}

/** Whether the row is as the plan expects, and what to change; otherwise the answer. */
function look(writer: TableWriter, operation: WriteOperation, present: ReadonlyMap<string, readonly Found[]>): Change | WriteResult {
  const { id, key, kind, set, expects } = operation;
  if (key === undefined)
    return failed(id, connectorError('constraint', `An ${kind} for ${writer.where} names no row.`, 'Run the sync again.'));
  const [found, ...others] = present.get(keyId(key)) ?? [];
  if (found === undefined) return { id, status: 'moved' };
  if (others.length > 0) return failed(id, ambiguousKeyError(writer.where, key, others.length + 1));
  if (expects !== undefined && !expects(found.row)) return { id, status: 'moved', row: found.row };
  return { id, found, set };
}

async function removeRows(writer: TableWriter, changes: readonly Change[]): Promise<ReadonlyMap<number, WriteResult>> {
  const remove = async (part: readonly Change[]): Promise<readonly WriteResult[]> => {
    const gone = await writer.remove(part);
    const left = part.filter(({ id }) => !gone.has(id));
    const done = part.filter(({ id }) => gone.has(id));
    return [
      ...done.map(({ id, found }): WriteResult => ({ id, status: 'done', key: found.key })),
      ...(await untouched(writer, left, 'removal')),
    ];
  };
  const results = await inParts(writer, changes, rowsPerStatement, remove, ({ found }) => found.key);
  return new Map(results.map((result) => [result.id, result]));
}

async function updateRows(writer: TableWriter, changes: readonly Change[]): Promise<readonly WriteResult[]> {
  const update = async (part: readonly Change[]): Promise<readonly WriteResult[]> => {
    const keys = await writer.update(part);
    const left = part.filter(({ id }) => !keys.has(id));
    return [...(await readBack(writer, keys)), ...(await untouched(writer, left, 'change'))];
  };
  const results: WriteResult[] = [];
  for (const alike of byColumns(changes)) {
    if (Object.keys(alike[0]?.set ?? {}).length === 0) results.push(...alike.map(({ id, found }) => asItIs(id, found)));
    else results.push(...(await inParts(writer, alike, rowsPerStatement, update, ({ found }) => found.key)));
  }
  return results;
}

async function createRows(
  writer: TableWriter,
  creations: readonly Creation[],
  presentAt: (keyId: string) => Found | undefined,
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  const fresh: Creation[] = [];
  for (const creation of creations) {
    const key = writtenKey(writer.key, creation);
    const present = key === undefined ? undefined : presentAt(keyId(key));
    if (present === undefined) fresh.push(creation);
    else if (await writer.holds(present, creation.set)) results.push(asItIs(creation.id, present));
    else results.push(failed(creation.id, takenKeyError(writer.where, present.key)));
  }
  const insert = async (part: readonly Creation[]): Promise<readonly WriteResult[]> => {
    const keys = await writer.insert(part);
    if (keys.size < part.length) {
      throw connectorError('constraint', `${writer.where} did not take the new row.`, 'Look at the triggers of the table.');
    }
    return readBack(writer, keys);
  };
  for (const alike of byColumns(fresh)) {
    const columns = Object.keys(alike[0]?.set ?? {});
    const size = Math.min(rowsPerStatement, writer.rowsPerInsert(columns));
    results.push(...(await inParts(writer, alike, size, insert, (creation) => writtenKey(writer.key, creation))));
  }
  return results;
}

/** The rows as they are now, after defaults and triggers. */
async function readBack(writer: TableWriter, keys: ReadonlyMap<number, NativeKey>): Promise<readonly WriteResult[]> {
  const now = await writer.find([...keys.values()]);
  return [...keys].map(([id, key]) => {
    const found = now.get(keyId(key))?.[0];
    if (found !== undefined) return asItIs(id, found);
    throw connectorError(
      'constraint',
      `${writer.where} did not keep the row ${showKey(key)} as it was written.`,
      'Look at the triggers of the table.',
    );
  });
}

/** Rows that a statement passed over: somebody else was quicker, or the database itself let nothing happen. */
async function untouched(writer: TableWriter, changes: readonly Change[], what: string): Promise<readonly WriteResult[]> {
  if (changes.length === 0) return [];
  const now = await writer.find(changes.map(({ found }) => found.key));
  return changes.map(({ id, found }) => {
    const current = now.get(keyId(found.key))?.[0];
    if (current === undefined) return { id, status: 'moved' };
    if (current.version !== found.version) return { id, status: 'moved', row: current.row };
    const message = `${writer.where} ignored the ${what} of ${showKey(found.key)}.`;
    return failed(id, connectorError('constraint', message, 'Look at the triggers of the table.'));
  });
}

/** Works on some at a time. A part with a refused row is undone and cut in halves until the row stands alone. */
async function inParts<Item extends { readonly id: number }>(
  writer: TableWriter,
  items: readonly Item[],
  size: number,
  work: (part: readonly Item[]) => Promise<readonly WriteResult[]>,
  keyOf: (item: Item) => NativeKey | undefined,
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  const attempt = async (part: readonly Item[]): Promise<void> => {
    const [first] = part;
    if (first === undefined) return;
    try {
      results.push(...(await writer.guarded(() => work(part))));
    } catch (error) {
      if (!writer.isRefusal(error)) throw error;
      if (part.length === 1) {
        results.push(failed(first.id, writer.refusal(error, keyOf(first))));
        return;
      }
      const middle = Math.ceil(part.length / 2);
      await attempt(part.slice(0, middle));
      await attempt(part.slice(middle));
    }
  };
  for (let start = 0; start < items.length; start += size) await attempt(items.slice(start, start + size));
  return results;
}

/** Items that write the same columns, in their order. */
function byColumns<Item extends { readonly set: NativeSet }>(items: readonly Item[]): readonly (readonly Item[])[] {
  return [...Map.groupBy(items, ({ set }) => JSON.stringify(Object.keys(set).sort())).values()];
}

function asItIs(id: number, { key, row }: Found): WriteResult {
  return { id, status: 'done', key, row };
}

function failed(id: number, error: ConnectorError): WriteResult {
  return { id, status: 'failed', error };
}
