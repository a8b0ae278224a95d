// Finds the tables, views and columns of a database in its catalog.
import type { ColumnInfo, DatasetInfo, DatasetRef, DatasetSchema } from '../contract.ts';
import type { TableRights } from '../sql/tables.ts';
import { checkUse, noSuchTable, sideEffects, toColumnInfo } from '../sql/tables.ts';
import type { Session } from './session.ts';
import type { Kind } from './types.ts';
import { kindOf } from './types.ts';

export interface Column extends ColumnInfo {
  readonly kind: Kind;
  /** Its name in the catalog; of a domain, that of what it is made of. */
  readonly typeName: string;
  /** The type without a length, quoted: what text is cast to. */
  readonly castTo: string;
  /** The same for the items of an array. */
  readonly itemCast?: string;
  /** Values can be compared by `=` after they were cast to the column's own type, which rounds as the column does and cuts nothing. */
  readonly isComparable: boolean;
  /** Digits that a decimal number shows after its point, where the column says so. */
  readonly scale?: number;
  /** It counts upwards by itself. */
  readonly isCounter: boolean;
}

export interface Table {
  readonly oid: string;
  /** The name of the dataset: `schema.table`. */
  readonly name: string;
  /** Quoted, with its schema. */
  readonly sql: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly Column[];
}

export interface Relation extends TableRights {
  readonly oid: string;
  readonly sql: string;
  /** Found without its schema. */
  readonly isVisible: boolean;
}

/** Ordinary and partitioned tables can be written; views and tables that lie on another server are read only. */
const relationsWhere = (condition: string) => `
  SELECT c.oid::text, n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname), c.relkind IN ('r', 'p'),
    pg_table_is_visible(c.oid), has_any_column_privilege(c.oid, 'SELECT'),
    c.relkind IN ('r', 'p') AND has_any_column_privilege(c.oid, 'UPDATE') AND has_any_column_privilege(c.oid, 'INSERT')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(n.oid, 'USAGE') AND ${condition}
  ORDER BY 2`;

/** Everything that people made and this role can see. */
export async function listTables(session: Session): Promise<readonly DatasetInfo[]> {
  return (await findRelations(session)).map(({ name, kind }) => ({ name, kind }));
}

/** Those tables and views, or those that `name` may mean, with what this role may do with them. */
export async function findRelations({ query }: Session, name?: string): Promise<readonly Relation[]> {
  const rows =
    name === undefined
      ? await query(relationsWhere('true'))
      : await query(relationsWhere("$1::text IN (n.nspname || '.' || c.relname, c.relname)"), [name]);
  return rows.map(([oid, name, sql, isTable, isVisible, canRead, canWrite]) => ({
    oid: oid ?? '',
    name: name ?? '',
    sql: sql ?? '',
    kind: isTable === 't' ? 'table' : 'view',
    isVisible: isVisible === 't',
    canRead: canRead === 't',
    canWrite: canWrite === 't',
  }));
}

const columnsOf = `
  WITH RECURSIVE base(attnum, oid, typtype, typbasetype, typmod) AS (
    SELECT a.attnum, t.oid, t.typtype, t.typbasetype, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attnum, t.oid, t.typtype, t.typbasetype, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE b.typmod END
    FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
  )
  SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated <> '',
    format('%I.%I', tn.nspname, t.typname), bt.typname, bt.typcategory = 'A' AND bt.typelem <> 0 AND bt.typlen = -1,
    CASE WHEN e.oid IS NOT NULL THEN format('%I.%I', en.nspname, e.typname) END, b.typmod, pg_get_serial_sequence($2, a.attname) IS NOT NULL
  FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
    JOIN base b ON b.attnum = a.attnum AND b.typtype <> 'd' JOIN pg_type bt ON bt.oid = b.oid
    LEFT JOIN pg_type e ON e.oid = bt.typelem LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const keyOf = `
  SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, at) JOIN pg_attribute a ON a.attnum = k.attnum
  WHERE i.indrelid = $1::oid AND i.indisprimary AND a.attrelid = $1::oid ORDER BY k.at`;

const triggersOf = `SELECT tgname FROM pg_trigger WHERE tgrelid = $1::oid AND NOT tgisinternal AND tgenabled IN ('O', 'A') ORDER BY 1`;

const cascadesOf = `SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE confrelid = $1::oid AND contype = 'f' AND confdeltype = 'c' ORDER BY 1`;

/** One table or view with its columns; `not-found` names the nearest ones. A name without a schema is looked for on the search path. */
export async function describeTable(session: Session, name: string): Promise<Table> {
  const all = await findRelations(session, name);
  const found = all.filter((each) => each.name === name);
  const [relation, other] = found.length > 0 ? found : all.filter((each) => each.isVisible);
  if (relation === undefined || other !== undefined) throw noSuchTable(session.server, name, await findRelations(session));
  const { oid, sql, kind } = relation;
  const columns = (await session.query(columnsOf, [oid, sql])).map(toColumn);
  return { oid, name: relation.name, sql, kind, columns };
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

/** Types that `=` does not compare as a whole, and those that a cast to their length would cut. */
const withoutEquality = new Set(['json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'varchar', 'bpchar']);

function toColumn(row: readonly (string | null)[]): Column {
  const [name, shown, notNull, identity, generated, castTo, typeName, isArray, itemCast, typmod, sequence] = row;
  const kind = kindOf(typeName ?? '', isArray === 't');
  const length = (typeName === 'varchar' || typeName === 'bpchar') && Number(typmod) > 4 ? Number(typmod) - 4 : undefined;
  const isIdentity = identity === 'a' || identity === 'd';
  return {
    name: name ?? '',
    nativeType: shown ?? '',
    nullable: notNull !== 't',
    ...(length === undefined ? {} : { maxLength: length }),
    ...(generated === 't' || identity === 'a' ? { generated: true } : {}),
    kind,
    typeName: typeName ?? '',
    castTo: castTo ?? '',
    ...(kind === 'list' && itemCast !== undefined && itemCast !== null ? { itemCast } : {}),
    ...scaleOf(typeName, typmod),
    isComparable: kind !== 'list' && !withoutEquality.has(typeName ?? ''),
    isCounter: isIdentity || sequence === 't',
  };
}

/** The scale of `numeric(precision, scale)`; before the point, as a negative one says, nothing is shown. */
function scaleOf(typeName: string | null | undefined, typmod: string | null | undefined): { readonly scale?: number } {
  if (typeName !== 'numeric' || Number(typmod) < 4) return {};
  const scale = (Number(typmod) - 4) & 0x7ff;
  return { scale: scale > 1000 ? 0 : scale };
}

/** Counting reads all of a table, so only small ones (as the server last counted their pages) are counted. */
const pagesToCount = 4096;

/** What people are told about a table. */
export async function toSchema(session: Session, table: Table): Promise<DatasetSchema> {
  const [size] = table.kind === 'view' ? [] : await session.query('SELECT pg_relation_size($1::regclass) / 8192', [table.sql]);
  const isSmall = size !== undefined && Number(size[0]) <= pagesToCount;
  const [count] = isSmall ? await session.query(`SELECT count(*) FROM ${table.sql}`) : [];
  const [version] = await session.query('SHOW server_version');
  const names = async (statement: string) => (await session.query(statement, [table.oid])).map(([text]) => text ?? '');
  return {
    dataset: table.name,
    columns: toColumnInfo(table.columns),
    primaryKey: await names(keyOf),
    ...(count === undefined ? {} : { rows: Number(count[0]) }),
    detected: [`PostgreSQL ${version?.[0] ?? ''}`, table.kind === 'view' ? 'View, read only' : 'Table'],
    tellsNullFromEmpty: true,
    ...sideEffects(table.name, await names(triggersOf), await names(cascadesOf)),
  };
}

/** A name as part of a statement. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
