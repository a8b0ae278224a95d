// A private PostgreSQL server for tests: in a temporary folder, on a free port, ended with the tests.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { copyOf } from './template.ts';

const run = promisify(execFile);
const password = 'a secret of the tests';

export interface PostgresServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** Runs SQL as the owner of the server; the rows of the last statement. */
  sql(text: string, database?: string): Promise<readonly Record<string, unknown>[]>;
  /** Makes an empty database of this name. */
  create(database: string): Promise<void>;
  /** Ends the server as a failing computer would, without a word. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[];
  /** Files that are put into the data folder before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf, before those that let everybody in with a password. */
  readonly access?: readonly string[];
}

/** The programs of the newest installed version. */
function programs(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined) throw new Error('PostgreSQL is not installed. On Debian: apt-get install -y --no-install-recommends postgresql');
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
async function owner(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((each) => each.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no user "postgres" to run the server as.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Starts a server whose only user is `owner`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = programs();
  const as = await owner();
  const folder = await mkdtemp(join(tmpdir(), 'kanto-postgres-'));
  if (as !== undefined) await chown(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  await copyOf(join(bin, 'initdb'), data, async (own, made) => {
    if (as !== undefined) await chown(own, as.uid, as.gid);
    await writeFile(join(own, 'password'), password);
    await chmod(join(own, 'password'), 0o644);
    const initdb = ['-D', made, '-U', 'owner', '--pwfile', join(own, 'password'), '-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync'];
    await run(join(bin, 'initdb'), [...initdb, '--locale=C.UTF-8'], { ...as, cwd: own });
  });
  const port = await freePort();
  const put = async (name: string, text: string) => {
    const path = join(data, name);
    await writeFile(path, text);
    if (as !== undefined) await chown(path, as.uid, as.gid);
    await chmod(path, 0o600);
  };
  for (const [name, text] of Object.entries(options.files ?? {})) await put(name, text);
  await put(
    'postgresql.conf',
    [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${folder}'`,
      'fsync = off',
      ...(options.settings ?? []),
    ].join('\n'),
  );
  const access = [...(options.access ?? []), 'host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256'];
  await put('pg_hba.conf', `${access.join('\n')}\n`);

  let child: ReturnType<typeof spawn> | undefined;
  const ended = () =>
    new Promise<void>((resolve) =>
      child === undefined || child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve()),
    );
  const stop = async (signal: NodeJS.Signals) => {
    child?.kill(signal);
    await ended();
  };
  const connect = async (database: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'owner', password, database });
    await client.connect();
    return client;
  };
  const sql = async (text: string, database = 'postgres') => {
    const client = await connect(database);
    try {
      const result: unknown = await client.query(text);
      const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Record<string, unknown>[] };
      return last.rows;
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    let output = '';
    child = spawn(join(bin, 'postgres'), ['-D', data], { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr?.on('data', (part: Buffer) => {
      output += part.toString();
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${output}`);
      try {
        await sql('SELECT 1');
        return;
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code !== '57P03') throw error;
        await sleep(20);
      }
    }
  };
  await start();
  return {
    host: '127.0.0.1',
    port,
    user: 'owner',
    password,
    folder,
    sql,
    create: async (database) => void (await sql(`CREATE DATABASE "${database}"`)),
    kill: () => stop('SIGQUIT'),
    start,
    async [Symbol.asyncDispose]() {
      await stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
