// A real Directus in a process of its own, over a database of a real PostgreSQL.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../main/app/setup/command.ts';
import { systemFolder, systems } from '../../main/app/setup/systems.ts';
import { askerOf } from './asker.ts';
import type { Ask } from './asker.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startSystem } from './running-system.ts';
import type { RunningSystem } from './running-system.ts';

export interface Directus extends AsyncDisposable {
  readonly server: RunningSystem;
  readonly folder: string;
  /** The token of its administrator. */
  readonly token: string;
  /** As the administrator. */
  readonly ask: Ask;
  /** A table with these fields besides its key; its name. */
  createCollection(key: Field, fields: readonly Field[]): Promise<string>;
}

/** A field as Directus is told of it. */
export interface Field {
  readonly field: string;
  readonly type: string;
  readonly schema?: object;
  readonly meta?: object;
}

/** A key of texts that whoever makes a row chooses. */
export const chosenKey: Field = { field: 'id', type: 'string', schema: { max_length: 255 } };
/** A key that Directus makes up. */
export const randomKey: Field = { field: 'id', type: 'uuid', meta: { special: ['uuid'] } };
export const countedKey: Field = { field: 'id', type: 'integer', schema: { has_auto_increment: true } };

export async function startDirectus(postgres: PostgresServer): Promise<Directus> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-directus-'));
  for (const name of ['uploads', 'extensions']) mkdirSync(join(folder, name));
  const database = `directus_${folder.slice(-6).toLowerCase()}`;
  await postgres.create(database);
  const token = 'a-token-of-the-test';
  const program = join(systemFolder(systems.directus), 'node_modules/directus/cli.js');
  const env = (port: number) => ({
    DB_CLIENT: 'pg',
    DB_HOST: postgres.host,
    DB_PORT: String(postgres.port),
    DB_USER: postgres.user,
    DB_PASSWORD: postgres.password,
    DB_DATABASE: database,
    SECRET: 'a-secret-of-the-test',
    ADMIN_EMAIL: 'admin@example.org',
    ADMIN_PASSWORD: 'A-password-1',
    ADMIN_TOKEN: token,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TELEMETRY: 'false',
  });
  const { code, output } = await collect(process.execPath, [program, 'bootstrap'], { cwd: folder, env: { ...process.env, ...env(0) } });
  if (code !== 0) throw new Error(`Directus did not make its database:\n${output}`);
  const server = await startSystem({ folder, args: () => [program, 'start'], env, ready: '/server/ping' });
  const ask = askerOf(server, () => ({ authorization: `Bearer ${token}` }));
  let collections = 0;
  return {
    server,
    folder,
    token,
    ask,
    async createCollection(key, fields) {
      collections += 1;
      const collection = `people_${collections}`;
      const all = [{ ...key, schema: { ...key.schema, is_primary_key: true } }, ...fields];
      const table = { collection, schema: {}, meta: {}, fields: all.map((field) => ({ meta: {}, ...field })) };
      await ask('/collections', 'POST', table);
      return collection;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
