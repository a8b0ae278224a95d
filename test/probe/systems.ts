// Each system with a place for the probe values: how another program puts them there, and what it sees there.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { read as readWorkbook, utils, write as writeWorkbook } from '@e965/xlsx';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { escape as quoted } from 'mysql2';
import { startJsonServer } from '../connectors/json-server.ts';
import { startMariadb } from '../harness/mysql.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { Probe } from './values.ts';
import { given, probes } from './values.ts';

/** What a program that knows nothing of us sees, by field. */
export type Seen = Readonly<Record<string, string | null>>;

export interface ProbePlace {
  /** The connection as it is configured. */
  readonly connection: unknown;
  readonly endpoint: { readonly dataset: string; readonly key: readonly string[]; readonly newKey?: 'next' };
  look(): Promise<readonly Seen[]>;
}

export interface ProbeSystem extends AsyncDisposable {
  /** As people call it. */
  readonly name: string;
  /** A place in this folder that holds one row of the probe values, or none. */
  place(folder: string, isFilled: boolean): Promise<ProbePlace>;
}

const fields = probes.map(({ field }) => field);
const texts = fields.map((field) => given[field] ?? null);
let count = 0;

/** A file or table of its own for each place. */
function nextName(): string {
  count += 1;
  return `probe${count}`;
}

function columns(types: Readonly<Record<Probe['type'], string>>): string {
  return probes.map(({ field, type }) => `${field} ${types[type]}`).join(', ');
}

const noEnd = () => Promise.resolve();

const csv: ProbeSystem = {
  name: 'CSV',
  async place(folder, isFilled) {
    const dataset = nextName();
    const path = join(folder, `${dataset}.csv`);
    const lines = [['id', ...fields], ...(isFilled ? [['1', ...texts]] : [])];
    await writeFile(path, lines.map((cells) => `${cells.map((text) => (text === null ? '' : `"${text}"`)).join(',')}\n`).join(''));
    return {
      connection: { connector: 'csv', config: { path } },
      endpoint: { dataset, key: ['id'], newKey: 'next' },
      look: async () => parse(await readFile(path), { columns: true, bom: true }) as unknown as readonly Seen[],
    };
  },
  [Symbol.asyncDispose]: noEnd,
};

/** As Excel would hold them: dates are numbers with a format, what no number can hold is text. */
function excelCell({ type, value }: Probe) {
  if (value === null || value === '') return null;
  const text = String(value);
  if (type === 'date') return { t: 'n', v: (Date.parse(text) - Date.UTC(1899, 11, 30)) / 86_400_000, z: 'yyyy-mm-dd' };
  if (type === 'datetime') return { t: 'n', v: (Date.parse(`${text}Z`) - Date.UTC(1899, 11, 30)) / 86_400_000, z: 'yyyy-mm-dd hh:mm:ss' };
  return type === 'decimal' ? { t: 'n', v: Number(text) } : { t: 's', v: text.slice(0, 32_767) };
}

const excel: ProbeSystem = {
  name: 'Excel',
  async place(folder, isFilled) {
    const path = join(folder, `${nextName()}.xlsx`);
    const sheet = utils.aoa_to_sheet([['id', ...fields], ...(isFilled ? [[1, ...probes.map(excelCell)]] : [])]);
    await writeFile(path, writeWorkbook({ SheetNames: ['Data'], Sheets: { Data: sheet } }, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
    return {
      connection: { connector: 'excel', config: { path } },
      endpoint: { dataset: 'Data', key: ['id'], newKey: 'next' },
      async look() {
        const found = readWorkbook(await readFile(path), { cellDates: true, UTC: true }).Sheets['Data'] ?? {};
        const rows = utils.sheet_to_json<Record<string, unknown>>(found, { raw: true, defval: null });
        return rows.map((row) =>
          Object.fromEntries(probes.map(({ field, type }) => [field, row[field] === null ? null : fromExcel(row[field], type)])),
        );
      },
    };
  },
  [Symbol.asyncDispose]: noEnd,
};

function fromExcel(value: unknown, type: Probe['type']): string {
  if (type !== 'date' && type !== 'datetime') return String(value);
  const text = (value instanceof Date ? value : new Date(String(value))).toISOString();
  return type === 'date' ? text.slice(0, 10) : text.slice(0, 19);
}

/** A number as it is written, which a reader of JSON may round. */
function asWritten(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? context?.source : value;
}

const jsonl: ProbeSystem = {
  name: 'JSON lines',
  async place(folder, isFilled) {
    const dataset = nextName();
    const path = join(folder, `${dataset}.jsonl`);
    const cell = ({ type, value }: Probe) => (type === 'integer' || type === 'decimal' ? String(value) : JSON.stringify(value));
    const row = `{"id":1,${probes.map((probe) => `"${probe.field}":${cell(probe)}`).join(',')}}\n`;
    await writeFile(path, isFilled ? row : '');
    return {
      connection: { connector: 'jsonl', config: { path } },
      endpoint: { dataset, key: ['id'], newKey: 'next' },
      async look() {
        const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
        return lines.map((line) => JSON.parse(line, asWritten) as Seen);
      },
    };
  },
  [Symbol.asyncDispose]: noEnd,
};

const sqlite: ProbeSystem = {
  name: 'SQLite',
  async place(folder, isFilled) {
    const table = nextName();
    const path = join(folder, `${table}.db`);
    const use = <T>(work: (db: Database.Database) => T): T => {
      const db = new Database(path).defaultSafeIntegers();
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    const types = { text: 'TEXT', integer: 'INTEGER', decimal: 'REAL', date: 'TEXT', datetime: 'TEXT' };
    use((db) => {
      db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, ${columns(types)})`);
      if (isFilled) db.prepare(`INSERT INTO ${table} (${fields.join(', ')}) VALUES (${fields.map(() => '?').join(', ')})`).run(...texts);
    });
    return {
      connection: { connector: 'sqlite', config: { path } },
      endpoint: { dataset: table, key: ['id'] },
      look: async () => use((db) => asTexts(db.prepare<[], Record<string, unknown>>(`SELECT ${fields.join(', ')} FROM ${table}`).all())),
    };
  },
  [Symbol.asyncDispose]: noEnd,
};

/** Rows as another program has them, their cells as text. A local time is shown with a blank or with a T. */
function asTexts(rows: readonly Readonly<Record<string, unknown>>[]): readonly Seen[] {
  return rows.map((row) =>
    Object.fromEntries(
      probes.map(({ field, type }) => {
        const value = row[field] ?? null;
        const text = value === null || typeof value === 'string' ? value : typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
        return [field, type === 'datetime' ? (text?.replace(' ', 'T') ?? null) : text];
      }),
    ),
  );
}

async function startPostgresSystem(): Promise<ProbeSystem> {
  const server = await startPostgres();
  process.env['KANTO_SECRET_HUB'] = server.password;
  const types = { text: 'text', integer: 'bigint', decimal: 'double precision', date: 'date', datetime: 'timestamp' };
  const literal = (text: string | null) => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
  return {
    name: 'PostgreSQL',
    async place(_, isFilled) {
      const table = nextName();
      await server.sql(`CREATE TABLE ${table} (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, ${columns(types)})`);
      if (isFilled) await server.sql(`INSERT INTO ${table} (${fields.join(', ')}) VALUES (${texts.map(literal).join(', ')})`);
      const config = { host: server.host, port: server.port, database: 'postgres', user: server.user };
      return {
        connection: { connector: 'postgres', config, secrets: { password: 'hub' } },
        endpoint: { dataset: `public.${table}`, key: ['id'] },
        look: async () => asTexts(await server.sql(`SELECT ${fields.map((field) => `${field}::text`).join(', ')} FROM ${table}`)),
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startMariadbSystem(): Promise<ProbeSystem> {
  const server = await startMariadb();
  process.env['KANTO_SECRET_BRANCH'] = server.password;
  const types = { text: 'longtext', integer: 'bigint', decimal: 'double', date: 'date', datetime: 'datetime' };
  return {
    name: 'MariaDB',
    async place(_, isFilled) {
      const table = nextName();
      await server.sql(`CREATE TABLE ${table} (id bigint AUTO_INCREMENT PRIMARY KEY, ${columns(types)})`);
      if (isFilled)
        await server.sql(`INSERT INTO ${table} (${fields.join(', ')}) VALUES (${texts.map((text) => quoted(text)).join(', ')})`);
      const config = { host: server.host, port: server.port, database: 'place', user: server.user };
      return {
        connection: { connector: 'mysql', config, secrets: { password: 'branch' } },
        endpoint: { dataset: table, key: ['id'] },
        look: async () => asTexts(await server.sql(`SELECT ${fields.join(', ')} FROM ${table}`)),
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Its rows are JSON, whose numbers this server keeps as floats: what is larger is text. */
const rest: ProbeSystem = {
  name: 'REST (json-server)',
  async place(_, isFilled) {
    const dataset = nextName();
    const row = Object.fromEntries(
      probes.map(({ field, type }) => [field, type === 'decimal' ? Number(given[field]) : (given[field] ?? null)]),
    );
    const server = await startJsonServer({ [dataset]: isFilled ? [{ id: 1, ...row }] : [] });
    running.push(server);
    return {
      connection: { connector: 'rest', config: { declaration: 'json-server', baseUrl: server.url } },
      endpoint: { dataset, key: ['id'] },
      look: async () => asTexts(server.rows(dataset)),
    };
  },
  async [Symbol.asyncDispose]() {
    for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
  },
};
const running: AsyncDisposable[] = [];

/** All of them, started; whoever asks ends them. */
export async function startSystems(): Promise<readonly ProbeSystem[]> {
  return [csv, excel, jsonl, sqlite, ...(await Promise.all([startPostgresSystem(), startMariadbSystem()])), rest];
}
