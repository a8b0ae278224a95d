// Reads a table page by page inside one read transaction, so that a read is one moment of the table.
import type { NativeKey, NativeRow, ReadPage, ReadRequest, RowProblem } from '../contract.ts';
import { connectorError, requireColumns, requireKey, throwIfCancelled } from '../shared/errors.ts';
import { emptyKey, keyText } from '../shared/keys.ts';
import { translate } from './errors.ts';
import type { Db } from './file.ts';
import { changeCounter, openDatabase, quoteName } from './file.ts';
import { checkFilter } from './filter.ts';
import type { Selection } from './rows.ts';
import { fromStored, selectionOf, toRow, toStored } from './rows.ts';
import { describeTable } from './schema.ts';
import type { Stored } from './statements.ts';

const rowsPerPage = 1000;

/** Streams the rows of a request. In rollback-journal mode other programs can commit only when the read has ended; in WAL mode at any time. */
export async function* readTable(path: string, request: ReadRequest): AsyncGenerator<ReadPage> {
  const db = await openDatabase(path, 'read');
  try {
    const query = prepare(db, path, request);
    db.prepare('BEGIN').run();
    const rows = query.statement.iterate(...query.values);
    let page = emptyPage();
    let position: number | undefined;
    let isFirst = true;
    for (const values of rows) {
      if (isFirst) {
        position = await changeCounter(path);
        isFirst = false;
      }
      addRow(page, request, query.selection, values);
      if (page.keys.length + page.problems.length < rowsPerPage) continue;
      throwIfCancelled(request.signal, `Reading ${path}`);
      yield page;
      page = emptyPage();
    }
    throwIfCancelled(request.signal, `Reading ${path}`);
    if (isFirst) position = await changeCounter(path);
    yield { ...page, end: { complete: request.since === undefined, ...(position === undefined ? {} : { position }) } };
  } catch (error) {
    throw translate(error, path);
  } finally {
    db.close();
  }
}

interface OpenPage extends ReadPage {
  readonly keys: NativeKey[];
  readonly rows: NativeRow[];
  readonly problems: RowProblem[];
}

function emptyPage(): OpenPage {
  return { keys: [], rows: [], problems: [] };
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

function prepare(db: Db, path: string, request: ReadRequest) {
  throwIfCancelled(request.signal, `Reading ${path}`);
  const { ref, since } = request;
  const table = describeTable(db, path, ref.dataset);
  const where = `Table ${ref.dataset} of ${path}`;
  requireKey(where, ref.key);
  const wanted = [...ref.key, ...request.columns];
  const present = table.columns.map((column) => column.name);
  requireColumns(where, present, since === undefined ? wanted : [...wanted, since.column]);
  if (ref.where !== undefined) checkFilter(db, ref.dataset, ref.where);
  if (since !== undefined && since.value === null) {
    throw connectorError('invalid-config', `A read of ${where} since nothing was asked for.`, 'Read the whole table first.');
  }
  const conditions: string[] = [];
  const values: Stored[] = [];
  if (ref.where !== undefined) conditions.push(`(${ref.where}\n)`);
  if (since !== undefined) {
    conditions.push(`${quoteName(since.column)} >= ?`);
    values.push(toStored(since.value));
  }
  const order = since === undefined ? '' : ` ORDER BY ${[since.column, ...ref.key].map(quoteName).join(', ')}`;
  const filter = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const selection = selectionOf(ref.key, request.columns);
  const sql = `SELECT ${selection.list} FROM ${quoteName(ref.dataset)}${filter}${order}`;
  return { statement: db.prepare<Stored[], Stored[]>(sql).raw(true), values, selection };
}
