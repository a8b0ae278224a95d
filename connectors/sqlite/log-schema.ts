// The table and the triggers that keep a log of changes inside a database.
import { connectorError } from '../shared/errors.ts';
import type { Db } from './file.ts';
import { quoteName } from './file.ts';
import { findRowName, isKeyApart, ownPrefix } from './schema.ts';
import type { Table } from './schema.ts';

/** Entries that a log holds at most. At that size its triggers stop: it has lost what comes then, and the disk does not fill. */
export const entriesAtMost = 200_000;

/** A table or trigger, as the schema of the database tells it. */
export interface LogPart {
  readonly name: string;
  readonly sql: string;
}

/** The table of a consumer's log; its triggers begin with the same name. */
export function logTable(consumer: string): string {
  return `${ownPrefix}${consumer.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
}

/** The names of all parts that a log can have, its triggers first: while one writes to a table that is gone, nobody can write to theirs. */
export function partNames(log: string): readonly string[] {
  return [...['insert', 'update', 'delete', 'replace', 'replace_by_update'].map((event) => `${log}_${event}`), log];
}

/** SQL that removes a log, in the order of its parts. */
export function logRemoval(consumer: string): readonly string[] {
  const log = logTable(consumer);
  return partNames(log).map((name) => `DROP ${name === log ? 'TABLE' : 'TRIGGER'} IF EXISTS ${quoteName(name)}`);
}

/** The columns of the log that hold a key. */
export function keyColumns(key: readonly string[]): readonly string[] {
  return key.map((_, index) => `key${index + 1}`);
}

/** Everything that keeps the log of a table by this key. Throws `unsupported` where triggers would not be told of every change. */
export function logParts(db: Db, table: Table, key: readonly string[], log: string): readonly LogPart[] {
  requireLoggable(db, table, key);
  const into = `INSERT INTO ${quoteName(log)} (${keyColumns(key).join(', ')})`;
  const keyOf = (row: string) => key.map((name) => `${row}.${quoteName(name)}`).join(', ');
  const isSame = (row: string) => key.map((name) => `${row}.${quoteName(name)} IS OLD.${quoteName(name)} COLLATE BINARY`).join(' AND ');
  const room = `(SELECT max(position) FROM ${quoteName(log)}) - (SELECT min(position) FROM ${quoteName(log)}) < ${entriesAtMost}`;
  const trigger = (name: string, event: string, statements: readonly string[]): LogPart => ({
    name: `${log}_${name}`,
    sql: `CREATE TRIGGER ${quoteName(`${log}_${name}`)} ${event} ON ${quoteName(table.name)} WHEN ${room} BEGIN ${statements.join('; ')}; END`,
  });
  const replaced = collisions(db, table, key).map(
    (condition) => `${into} SELECT ${keyOf('other')} FROM ${quoteName(table.name)} AS other WHERE ${condition}`,
  );
  const begin = '-- Keys of changed rows, kept for a sync. Drop the triggers of this name before the table.';
  const columns = ['position INTEGER PRIMARY KEY', 'mark INTEGER NOT NULL DEFAULT (random())', ...keyColumns(key)];
  return [
    { name: log, sql: `CREATE TABLE ${quoteName(log)} (${begin}\n${columns.join(', ')})` },
    trigger('insert', 'AFTER INSERT', [`${into} VALUES (${keyOf('NEW')})`]),
    trigger('update', 'AFTER UPDATE', [`${into} VALUES (${keyOf('NEW')})`, `${into} SELECT ${keyOf('OLD')} WHERE NOT (${isSame('NEW')})`]),
    trigger('delete', 'AFTER DELETE', [`${into} VALUES (${keyOf('OLD')})`]),
    ...(replaced.length === 0
      ? []
      : [
          trigger('replace', 'BEFORE INSERT', replaced),
          trigger(
            'replace_by_update',
            'BEFORE UPDATE',
            replaced.map((statement) => `${statement} AND NOT (${isSame('other')})`),
          ),
        ]),
  ];
}

/**
 * Conditions that find the rows which a new row would replace. SQLite tells no delete trigger of them (unless the program that writes has
 * `recursive_triggers` on), so they are noted before the write. What is replaced under the same key needs no note.
 */
function collisions(db: Db, table: Table, key: readonly string[]): readonly string[] {
  const indexes = db
    .prepare<[string], { name: string; partial: bigint }>('SELECT name, partial FROM pragma_index_list(?) WHERE "unique" ORDER BY name')
    .all(table.name);
  const columnsOf = db.prepare<[string], { name: string | null; coll: string }>(
    'SELECT name, coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno',
  );
  const found = indexes.flatMap(({ name, partial }) => {
    const columns = columnsOf.all(name);
    if (partial !== 0n || columns.some((column) => column.name === null)) {
      throw unsupported(
        `The log of ${table.name} would not tell which rows a REPLACE removes: the unique index ${name} is over an expression or a part of the rows.`,
        `Make ${name} an index over whole columns`,
      );
    }
    const isOfKey = key.every((part) => columns.some((column) => column.name === part && column.coll === 'BINARY'));
    const condition = columns.map(({ name: column, coll }) => {
      const quoted = quoteName(column ?? '');
      return `other.${quoted} = NEW.${quoted} COLLATE ${quoteName(coll)}`;
    });
    return isOfKey ? [] : [condition.join(' AND ')];
  });
  const rowName = key.length === 1 && key[0] === table.rowNumber ? undefined : findRowName(table);
  return rowName === undefined ? found : [...found, `other.${rowName} = NEW.${rowName}`];
}

function requireLoggable(db: Db, table: Table, key: readonly string[]): void {
  if (!table.isStored) {
    throw unsupported(
      `${table.name} is a view or a virtual table, which can have no triggers, so no log of changes can be kept.`,
      'Name the table behind it',
    );
  }
  if (isKeyApart(db, table, key)) return;
  const columns = key.map(quoteName).join(', ');
  throw unsupported(
    `The log of ${table.name} would not tell rows apart: its key (${key.join(', ')}) is not unique there.`,
    `Do CREATE UNIQUE INDEX ${quoteName(`${table.name}_key`)} ON ${quoteName(table.name)} (${columns})`,
  );
}

function unsupported(message: string, remedy: string) {
  return connectorError('unsupported', message, `${remedy}, or set "changes: auto" for this place.`);
}
