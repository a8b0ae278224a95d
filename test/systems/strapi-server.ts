// A real Strapi in a process of its own, over a database of a real PostgreSQL, with an administrator and a token.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemFolder, systems } from '../../main/app/setup/systems.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { askerOf } from './asker.ts';
import type { Ask } from './asker.ts';
import { startSystem } from './running-system.ts';
import type { RunningSystem } from './running-system.ts';

export interface Strapi extends AsyncDisposable {
  readonly server: RunningSystem;
  readonly folder: string;
  /** A token with all rights. */
  readonly token: string;
  /** As who has this token. */
  readonly ask: Ask;
  /** A token that may do only this, such as `api::person-1.person-1.find`. */
  createToken(permissions: readonly string[]): Promise<string>;
}

/** A content type as Strapi is told of it; its rows are at the plural name. */
export interface ContentType {
  readonly singular: string;
  readonly plural: string;
  readonly hasDrafts?: boolean;
  readonly attributes: Readonly<Record<string, object>>;
}

/** The files of an application with these content types, whose window is not served. */
function filesOf(
  types: readonly ContentType[],
  postgres: PostgresServer,
  database: string,
  port: number,
): Readonly<Record<string, string>> {
  const { host, user, password } = postgres;
  const settings = (value: object) => `module.exports = ${JSON.stringify(value)};`;
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'app', private: true, dependencies: { '@strapi/strapi': '5.54.0' } }),
    'config/database.js': settings({
      connection: { client: 'postgres', connection: { host, port: postgres.port, user, password, database } },
    }),
    'config/server.js': settings({ host: '127.0.0.1', port, app: { keys: ['one', 'two'] } }),
    'config/admin.js': settings({
      serveAdminPanel: false,
      auth: { secret: 'one' },
      apiToken: { salt: 'two' },
      transfer: { token: { salt: 'three' } },
      secrets: { encryptionKey: 'four' },
    }),
    'config/middlewares.js': settings(
      ['logger', 'errors', 'security', 'cors', 'poweredBy', 'query', 'body', 'session', 'favicon', 'public'].map(
        (name) => `strapi::${name}`,
      ),
    ),
    'src/index.js': settings({}),
    'public/robots.txt': '',
  };
  for (const { singular, plural, hasDrafts = false, attributes } of types) {
    const info = { singularName: singular, pluralName: plural, displayName: singular };
    const schema = { kind: 'collectionType', collectionName: plural, info, options: { draftAndPublish: hasDrafts }, attributes };
    files[`src/api/${singular}/content-types/${singular}/schema.json`] = JSON.stringify(schema);
    for (const [folder, factory] of Object.entries({ controllers: 'Controller', routes: 'Router', services: 'Service' })) {
      files[`src/api/${singular}/${folder}/${singular}.js`] =
        `module.exports = require('@strapi/strapi').factories.createCore${factory}('api::${singular}.${singular}');`;
    }
  }
  return files;
}

export async function startStrapi(postgres: PostgresServer, types: readonly ContentType[]): Promise<Strapi> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-strapi-'));
  const database = `strapi_${folder.slice(-6).toLowerCase()}`;
  await postgres.create(database);
  const modules = join(systemFolder(systems.strapi), 'node_modules');
  symlinkSync(modules, join(folder, 'node_modules'));
  mkdirSync(join(folder, 'public/uploads'), { recursive: true });
  const server = await startSystem({
    folder,
    args(port) {
      for (const [name, text] of Object.entries(filesOf(types, postgres, database, port))) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      return [join(modules, '@strapi/strapi/bin/strapi.js'), 'start'];
    },
    env: () => ({ STRAPI_TELEMETRY_DISABLED: 'true' }),
    ready: '/_health',
  });
  const admin = { firstname: 'A', lastname: 'B', email: 'admin@example.org', password: 'A-password-1' };
  const { data } = await askerOf(server, () => ({}))<{ data: { token: string } }>('/admin/register-admin', 'POST', admin);
  const asAdmin = askerOf(server, () => ({ authorization: `Bearer ${data.token}` }));
  let tokens = 0;
  const createToken = async (rights: object): Promise<string> => {
    tokens += 1;
    const asked = { name: `token ${tokens}`, description: '', lifespan: null, ...rights };
    return (await asAdmin<{ data: { accessKey: string } }>('/admin/api-tokens', 'POST', asked)).data.accessKey;
  };
  const token = await createToken({ type: 'full-access' });
  return {
    server,
    folder,
    token,
    ask: askerOf(server, () => ({ authorization: `Bearer ${token}` })),
    createToken: (permissions) => createToken({ type: 'custom', permissions }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
