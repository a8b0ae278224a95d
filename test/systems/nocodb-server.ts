// A real NocoDB in a process of its own, with an administrator who is signed in and a base of their own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemFolder, systems } from '../../main/app/setup/systems.ts';
import { askerOf } from './asker.ts';
import type { Ask } from './asker.ts';
import { startSystem } from './running-system.ts';
import type { RunningSystem } from './running-system.ts';

const admin = { email: 'admin@example.org', password: 'A-password-1' };
const script = `
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
const require = createRequire(${JSON.stringify(join(systemFolder(systems.nocodb), 'package.json'))});
const express = createRequire(require.resolve('nocodb'))('express');
const app = express();
app.use(await require('nocodb').Noco.init({}, createServer(), app));
app.listen(Number(process.env.PORT), '127.0.0.1');
`;
export interface NocoDb extends AsyncDisposable {
  readonly server: RunningSystem;
  readonly folder: string;
  /** The id of the base. */
  readonly base: string;
  /** What a program signs in with. */
  readonly token: string;
  /** As the administrator. */
  readonly ask: Ask;
  /** Makes a table with these columns besides the key; its id. */
  createTable(columns: readonly object[]): Promise<string>;
}

export function longText(title: string) {
  return { column_name: title, title, uidt: 'LongText' };
}

export async function startNocoDb(): Promise<NocoDb> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-nocodb-'));
  const server = await startSystem({
    folder,
    args: () => ['--input-type=module', '-e', script],
    env: (port) => ({
      NC_DB_JSON: JSON.stringify({ client: 'sqlite3', connection: { filename: join(folder, 'noco.db') }, useNullAsDefault: true }),
      NC_ADMIN_EMAIL: admin.email,
      NC_ADMIN_PASSWORD: admin.password,
      NC_AUTH_JWT_SECRET: 'a-secret-of-the-test',
      NC_DISABLE_TELE: 'true',
      NC_TOOL_DIR: folder,
      PORT: String(port),
    }),
    ready: '/api/v1/health',
  });
  let session: Readonly<Record<string, string>> = {};
  const ask = askerOf(server, () => session);
  session = { 'xc-auth': (await ask<{ token: string }>('/api/v1/auth/user/signin', 'POST', admin)).token };
  const base = (await ask<{ id: string }>('/api/v2/meta/bases', 'POST', { title: 'Shop' })).id;
  const { token } = await ask<{ token: string }>('/api/v1/tokens', 'POST', { description: 'kanto' });
  let tables = 0;
  return {
    server,
    folder,
    base,
    token,
    ask,
    async createTable(columns) {
      tables += 1;
      const name = `people${tables}`;
      const key = { column_name: 'id', title: 'Id', uidt: 'ID' };
      const table = { title: name, table_name: name, columns: [key, ...columns] };
      return (await ask<{ id: string }>(`/api/v2/meta/bases/${base}/tables`, 'POST', table)).id;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
