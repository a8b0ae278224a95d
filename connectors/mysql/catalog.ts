// Finds the tables, views and columns of a database in its catalog.
import { escapeId, escape as quoteText } from 'mysql2';
import type { ColumnInfo, DatasetInfo, DatasetRef, DatasetSchema } from '../contract.ts';
import type { TableRights } from '../sql/tables.ts';
import { checkUse, noSuchTable, sideEffects, toColumnInfo } from '../sql/tables.ts';
import type { Session } from './session.ts';
import type { Kind } from './types.ts';
import { kindOf } from './types.ts';

export interface Column extends ColumnInfo {
  readonly kind: Kind;
  /** Its type without length and signs: `bigint`. */
  readonly typeName: string;
  /** Digits that it shows after the point: of a decimal number, or of a second. */
  readonly digits?: number;
  /** It counts upwards by itself. */
  readonly isCounter: boolean;
}

export interface Relation extends TableRights {
  /** What keeps its rows: `InnoDB`. */
  readonly engine: string;
  /** A transaction can undo what is done to it. */
  readonly isTransactional: boolean;
}

export interface Table extends Relation {
  /** Quoted. */
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** A name as part of a statement. */
export function quoteName(name: string): string {
  return escapeId(name, true);
}

/**
 * Rights on a single column count too; those of the catalog are those of this user, roles included. The catalog is no table: only what is named
 * in so many words for each of its parts is looked up, everything else means opening all tables of the server.
 */
function relationsQuery(name: string | undefined): string {
  const only = (part: string) =>
    `${part}.TABLE_SCHEMA = DATABASE()${name === undefined ? '' : ` AND ${part}.TABLE_NAME = ${quoteText(name)}`}`;
  return `
    SELECT t.TABLE_NAME, t.TABLE_TYPE LIKE '%VIEW', COALESCE(t.ENGINE, ''), COALESCE(e.TRANSACTIONS, '') = 'YES',
      COALESCE(MAX(FIND_IN_SET('select', c.PRIVILEGES)), 0) > 0,
      COALESCE(MAX(FIND_IN_SET('insert', c.PRIVILEGES)), 0) > 0 AND COALESCE(MAX(FIND_IN_SET('update', c.PRIVILEGES)), 0) > 0
    FROM information_schema.TABLES t
      LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
      LEFT JOIN information_schema.COLUMNS c ON c.TABLE_NAME = t.TABLE_NAME AND ${only('c')}
    WHERE ${only('t')} AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
    GROUP BY t.TABLE_NAME, t.TABLE_TYPE, t.ENGINE, e.TRANSACTIONS ORDER BY t.TABLE_NAME`;
}

/** Everything in the database that this user can see. */
export async function listTables(session: Session): Promise<readonly DatasetInfo[]> {
  return (await findRelations(session)).map(({ name, kind }) => ({ name, kind }));
}

/** Those tables and views, or those that `name` may mean, with what this user may do with them. */
export async function findRelations({ query }: Session, name?: string): Promise<readonly Relation[]> {
  const rows = await query(relationsQuery(name));
  return rows.map(([found, isView, engine, isTransactional, canRead, canWrite]) => ({
    name: found ?? '',
    kind: isView === '1' ? 'view' : 'table',
    engine: engine ?? '',
    isTransactional: isTransactional === '1',
    canRead: canRead === '1',
    canWrite: canWrite === '1' && isView !== '1',
  }));
}

/** One table or view with its columns; `not-found` names the nearest ones. */
export async function describeTable(session: Session, name: string): Promise<Table> {
  const all = await findRelations(session, name);
  const relation = all.find((each) => each.name === name) ?? (all.length === 1 ? all[0] : undefined);
  if (relation === undefined) throw noSuchTable(session.server, name, await findRelations(session));
  const rows = await session.query(`
    SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, EXTRA, COALESCE(DATETIME_PRECISION, NUMERIC_SCALE)
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(relation.name)} ORDER BY ORDINAL_POSITION`);
  return { ...relation, sql: quoteName(relation.name), columns: rows.map(toColumn) };
}

/** A table whose columns are as a sync uses them; `where` names it in messages. */
export async function findTable(
  session: Session,
  ref: DatasetRef,
  columns: readonly string[],
): Promise<{ readonly table: Table; readonly where: string }> {
  const table = await describeTable(session, ref.dataset);
  const where = `Table ${table.name} of ${session.server}`;
  checkUse(where, table.columns, ref, columns);
  return { table, where };
}

/** Types whose length is one of characters. */
const withLength = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext']);

function toColumn([name, typeName, type, isNullable, length, extra, digits]: readonly (string | null)[]): Column {
  const kind = kindOf(typeName ?? '');
  const isGenerated = /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(extra ?? '');
  return {
    name: name ?? '',
    nativeType: type ?? '',
    nullable: isNullable === 'YES',
    ...(length !== null && length !== undefined && withLength.has(typeName ?? '') ? { maxLength: Number(length) } : {}),
    ...(isGenerated || kind === 'shape' ? { generated: true } : {}),
    kind,
    typeName: typeName ?? '',
    ...(digits === null || digits === undefined ? {} : { digits: Number(digits) }),
    isCounter: /auto_increment/i.test(extra ?? ''),
  };
}

/** Counting reads all of a table, so only small ones (as the server last estimated them) are counted. */
const bytesToCount = 32 * 2 ** 20;

/** What people are told about a table. */
export async function toSchema(session: Session, table: Table): Promise<DatasetSchema> {
  const at = `TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${quoteText(table.name)}`;
  const [size] =
    table.kind === 'view'
      ? []
      : await session.query(`SELECT DATA_LENGTH FROM information_schema.TABLES WHERE ${at} AND DATA_LENGTH IS NOT NULL`);
  const isSmall = size !== undefined && Number(size[0]) <= bytesToCount;
  const [count] = isSmall ? await session.query(`SELECT COUNT(*) FROM ${table.sql}`) : [];
  const names = async (sql: string) => (await session.query(sql)).map(([text]) => text ?? '');
  const primaryKey = await names(
    `SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE ${at} AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX`,
  );
  const triggers = await names(
    `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ${quoteText(table.name)} ORDER BY 1`,
  );
  const cascades = await names(
    `SELECT DISTINCT TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
     WHERE UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ${quoteText(table.name)} AND DELETE_RULE = 'CASCADE' ORDER BY 1`,
  );
  return {
    dataset: table.name,
    columns: toColumnInfo(table.columns),
    primaryKey,
    ...(count === undefined ? {} : { rows: Number(count[0]) }),
    detected: [serverName(session.version), table.kind === 'view' ? 'View, read only' : `Table (${table.engine})`],
    tellsNullFromEmpty: true,
    ...sideEffects(table.name, triggers, cascades),
  };
}

export function isMariadb(version: string): boolean {
  return version.includes('MariaDB');
}

/** The server as people call it: `MariaDB 10.11.6`. */
export function serverName(version: string): string {
  return `${isMariadb(version) ? 'MariaDB' : 'MySQL'} ${/^[\d.]+/.exec(version)?.[0] ?? version}`;
}
