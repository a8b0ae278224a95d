// Reads a table page by page inside one read transaction, so that a read is one moment of the table.
import type { NativeKey, NativeRow, ReadPage, ReadRequest, RowProblem } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { checkUse, requireBeginning } from '../sql/tables.ts';
import { emptyKey, keyText } from '../shared/keys.ts';
import { translate } from './errors.ts';
import type { Db } from './file.ts';
import { changeCounter, openDatabase, quoteName } from './file.ts';
import { checkFilter } from './filter.ts';
import type { Selection } from './rows.ts';
import { fromStored, selectionOf, toRow, toStored } from './rows.ts';
import { describeTable, findRowName } from './schema.ts';
import type { Stored } from './statements.ts';

const rowsPerPage = 1000;

/** Streams the rows of a request. In rollback-journal mode other programs can commit only when the read has ended; in WAL mode at any time. */
export async function* readTable(path: string, request: ReadRequest): AsyncGenerator<ReadPage> {
  const db = await openDatabase(path, 'read');
  const isWhole = request.since === undefined;
  let query: Query | undefined;
  try {
    query = prepare(db, path, request);
    db.prepare('BEGIN').run();
    let rows = query.next();
    const position = await changeCounter(path); // the first rows hold the moment of the read
    for (; rows.length === rowsPerPage; rows = query.next()) {
      throwIfCancelled(request.signal, `Reading ${path}`);
      yield toPage(request, query.selection, rows);
    }
    throwIfCancelled(request.signal, `Reading ${path}`);
    const end = { complete: isWhole, ...(position === undefined ? {} : { position }) };
    yield { ...toPage(request, query.selection, rows), end };
  } catch (error) {
    throw translate(error, path);
  } finally {
    query?.close();
    db.close();
  }
}

/** The rows of a read in their order, some at a time; fewer than a page only at the end. */
interface Query {
  readonly selection: Selection;
  next(): Stored[][];
  close(): void;
}

function toPage(request: ReadRequest, selection: Selection, rows: readonly Stored[][]): ReadPage {
  const page: OpenPage = { keys: [], rows: [], problems: [] };
  for (const values of rows) addRow(page, request, selection, values);
  return page;
}

interface OpenPage {
  readonly keys: NativeKey[];
  readonly rows: NativeRow[];
  readonly problems: RowProblem[];
}

function addRow(page: OpenPage, { ref }: ReadRequest, { keyAt, count }: Selection, values: Stored[]): void {
  const key: string[] = [];
  let isEmpty = true;
  for (const at of keyAt) {
    const part = values[at] ?? null;
    const text = keyText(fromStored(part));
    if (part === null) break;
    if (text !== '') isEmpty = false;
    key.push(text);
  }
  if (isEmpty || key.length < keyAt.length) {
    page.problems.push({ where: `a row of ${ref.dataset}`, isKeyless: true, why: emptyKey(ref.key) });
    return;
  }
  page.keys.push(key);
  page.rows.push(toRow(values, count));
}

function prepare(db: Db, path: string, request: ReadRequest): Query {
  throwIfCancelled(request.signal, `Reading ${path}`);
  const { ref, since } = request;
  const table = describeTable(db, path, ref.dataset);
  const where = `Table ${ref.dataset} of ${path}`;
  checkUse(where, table.columns, ref, since === undefined ? request.columns : [...request.columns, since.column]);
  if (ref.where !== undefined) checkFilter(db, ref.dataset, ref.where);
  requireBeginning(where, since);
  const selection = selectionOf(ref.key, request.columns);
  const rowName = ref.where === undefined && since === undefined ? findRowName(table) : undefined;
  return rowName === undefined ? inOrder(db, request, selection) : byRowNumber(db, ref.dataset, rowName, selection);
}

/** All rows of a table in the order of its row numbers, a page a statement: the driver hands many out faster than one by one. */
function byRowNumber(db: Db, name: string, rowName: string, selection: Selection): Query {
  const sql = (condition: string) =>
    `SELECT ${selection.list}, ${rowName} FROM ${quoteName(name)} ${condition} ORDER BY ${rowName} LIMIT ${rowsPerPage}`;
  const first = db.prepare<Stored[], Stored[]>(sql('')).raw(true);
  const further = db.prepare<Stored[], Stored[]>(sql(`WHERE ${rowName} > ?`)).raw(true);
  let last: Stored | undefined;
  return {
    selection,
    next() {
      const rows = last === undefined ? first.all() : further.all(last);
      last = rows.at(-1)?.at(-1) ?? last;
      return rows;
    },
    close: () => undefined,
  };
}

/** The rows of a view, of a table without row numbers, inside a filter, or since a value, which come in the order of that column and the key. */
function inOrder(db: Db, { ref, since }: ReadRequest, selection: Selection): Query {
  const conditions: string[] = [];
  const values: Stored[] = [];
  if (ref.where !== undefined) conditions.push(`(${ref.where}\n)`);
  if (since !== undefined) {
    conditions.push(`${quoteName(since.column)} >= ?`);
    values.push(toStored(since.value));
  }
  const order = since === undefined ? '' : ` ORDER BY ${[since.column, ...ref.key].map(quoteName).join(', ')}`;
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const statement = db.prepare<Stored[], Stored[]>(`SELECT ${selection.list} FROM ${quoteName(ref.dataset)}${filter}${order}`);
  let found: IterableIterator<Stored[]> | undefined;
  return {
    selection,
    next() {
      found ??= statement.raw(true).iterate(...values);
      const rows: Stored[][] = [];
      for (let row = found.next(); row.done !== true; row = found.next()) {
        rows.push(row.value);
        if (rows.length === rowsPerPage) break;
      }
      return rows;
    },
    close: () => found?.return?.(),
  };
}
