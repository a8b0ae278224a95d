// A private MariaDB or MySQL server for tests: in a temporary folder, on a free port, ended with the tests.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { freePort } from './free-port.ts';
import { copyOf } from './template.ts';

const run = promisify(execFile);

export interface MysqlServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** Runs statements as the owner of the server; the rows of the last one, as text. */
  sql(text: string, database?: string): Promise<readonly Record<string, string | null>[]>;
  /** A connection of the owner. */
  connect(database?: string): Promise<Connection>;
  /** Ends the server as a failing computer would, without a word. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface MysqlOptions {
  /** Further arguments of the server. */
  readonly settings?: readonly string[];
  /** Files that are put into the folder before it starts, which settings name as `FOLDER/name`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A program that serves, and how its data folder is made. */
export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  prepare(data: string, asUser: readonly string[]): Promise<void>;
}

const logs = ['--innodb-log-file-size=64M'];

/** Where Debian keeps the server. */
const mariadb: Program = {
  path: '/usr/sbin/mariadbd',
  args: logs,
  async prepare(data, asUser) {
    const args = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', ...logs, ...asUser];
    await copyOf(
      '/usr/bin/mariadb-install-db',
      data,
      async (_, made) => void (await run('mariadb-install-db', [`--datadir=${made}`, ...args])),
    );
  },
};

export async function startMariadb(options: MysqlOptions = {}): Promise<MysqlServer> {
  if (!existsSync(mariadb.path)) {
    throw new Error('MariaDB is not installed. On Debian: apt-get install -y --no-install-recommends mariadb-server');
  }
  return startServer(mariadb, options);
}

/** Starts a server whose user `owner` may do everything, with an empty database `place`. */
export async function startServer(program: Program, options: MysqlOptions = {}): Promise<MysqlServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-mysql-'));
  const data = join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  await program.prepare(data, asUser);
  for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text);
  const port = await freePort();
  const password = 'a secret of the tests';
  const log = join(folder, 'server.log');
  const args = [
    '--no-defaults',
    ...asUser,
    ...program.args,
    `--datadir=${data}`,
    // A server that starts clears away what lies in its temporary folder, of other servers too.
    `--tmpdir=${folder}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(folder, 'server.sock')}`,
    `--pid-file=${join(folder, 'server.pid')}`,
    `--log-error=${log}`,
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=2',
    '--innodb-buffer-pool-size=32M',
    ...(options.settings ?? []).map((setting) => setting.replaceAll('FOLDER', folder)),
  ];
  let account = { user: 'root', password: '' };
  const connect = (database?: string) =>
    createConnection({
      host: '127.0.0.1',
      port,
      ...account,
      ...(database === undefined ? {} : { database }),
      charset: 'utf8mb4',
      multipleStatements: true,
      typeCast: (field) => field.string('utf8'),
    });
  let child: ReturnType<typeof spawn> | undefined;
  const stop = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  const sql = async (text: string, database = 'place') => {
    const connection = await connect(database);
    try {
      const [rows] = await connection.query<RowDataPacket[] | RowDataPacket[][] | ResultSetHeader>(text);
      if (!Array.isArray(rows)) return [];
      const last = rows.at(-1);
      return (Array.isArray(last) ? last : rows) as Record<string, string | null>[];
    } finally {
      await connection.end();
    }
  };
  const start = async () => {
    child = spawn(program.path, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...program.env } });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`The server did not start:\n${await readFile(log, 'utf8')}`);
      try {
        const connection = await connect();
        await connection.end();
        return;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) throw error;
        await sleep(20);
      }
    }
  };
  await start();
  const first = await connect();
  await first.query(
    `CREATE DATABASE place CHARACTER SET utf8mb4; CREATE USER owner IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO owner WITH GRANT OPTION`,
  );
  await first.end();
  account = { user: 'owner', password };
  return {
    host: '127.0.0.1',
    port,
    ...account,
    folder,
    sql,
    connect,
    kill: () => stop('SIGKILL'),
    start,
    async [Symbol.asyncDispose]() {
      await stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
