// Compares two equal tables of two PostgreSQL servers, and two that differ in a few rows, beside pg_comparator: time, and bytes over the wire.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { startPostgres } from '../harness/postgres.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startProxy } from '../harness/proxy.ts';
import type { Proxy as Way } from '../harness/proxy.ts';
import { createPlace } from '../harness/workspace.ts';

const rounds = 3;
const edits = 10;
const columns = ['email', 'name', 'city', 'balance', 'since', 'active'];

/** Its own checksum of 32 bits, and the hash that the application uses. No triggers and no columns were made for it beforehand. */
const comparators = { pg_comparator: [], 'pg_comparator, MD5': ['--checksum-function=md5', '--aggregate=sum'] };

const table = (rows: number) => `
  CREATE EXTENSION pgcmp;
  CREATE TABLE people (id bigint PRIMARY KEY, email text, name text, city text, balance numeric(12,2), since date, active boolean);
  INSERT INTO people SELECT n, 'person' || n || '@example.org', 'Person Number ' || n, 'City ' || n % 5000, n * 37 % 1000000 / 100.0,
    date '2000-01-01' + (n % 9000)::int, n % 3 = 0 FROM generate_series(1, ${rows}) n`;

interface Side {
  readonly server: PostgresServer;
  readonly proxy: Way;
}

interface Figure {
  readonly ms: number;
  readonly bytes: number;
}

async function startSide(rows: number): Promise<Side> {
  const server = await startPostgres({ settings: ['shared_buffers = 256MB', 'max_wal_size = 4GB'] });
  await server.sql(table(rows));
  await server.sql('VACUUM ANALYZE people');
  return { server, proxy: await startProxy(server.port) };
}

function configuration(sides: readonly Side[]) {
  const names = ['here', 'there'];
  const connections = sides.map(({ server, proxy }, at) => [
    names[at],
    { connector: 'postgres', config: { host: server.host, port: proxy.port, database: 'postgres', user: server.user } },
  ]);
  const endpoints = names.map((name) => [
    name,
    { connection: name, dataset: 'people', key: ['id'], fields: Object.fromEntries(columns.map((column) => [column, column])) },
  ]);
  const fields = {
    email: { type: 'text' },
    name: { type: 'text' },
    city: { type: 'text' },
    balance: { type: 'decimal', scale: 2 },
    since: { type: 'date' },
    active: { type: 'boolean' },
  };
  return {
    connections: Object.fromEntries(connections) as Record<string, unknown>,
    syncs: { people: { record: { fields }, match: ['email'], endpoints: Object.fromEntries(endpoints) as Record<string, unknown> } },
  };
}

/** Runs pg_comparator as it finds differences, and answers how many keys it names. */
async function comparePg(sides: readonly Side[], options: readonly string[]): Promise<number> {
  const urls = sides.map(
    ({ server, proxy }) => `pgsql://${server.user}@${server.host}:${proxy.port}/postgres/people?id:${columns.join(',')}`,
  );
  const env = { ...process.env, PGPASSWORD: sides[0]?.server.password };
  const { stdout } = await promisify(execFile)('pg_comparator', [...options, ...urls], { env });
  return stdout.split('\n').filter((line) => /^(UPDATE|INSERT|DELETE)/.test(line)).length;
}

async function measure(sides: readonly Side[], found: number, work: () => Promise<number>): Promise<Figure> {
  const bytes = () => sides.reduce((sum, { proxy }) => sum + proxy.bytes(), 0);
  const [before, started] = [bytes(), performance.now()];
  const count = await work();
  if (count !== found) throw new Error(`${count} differences were found where ${found} are.`);
  return { ms: performance.now() - started, bytes: bytes() - before };
}

function middle(figures: readonly Figure[]): Figure {
  return figures.toSorted((a, b) => a.ms - b.ms)[Math.floor(figures.length / 2)] ?? { ms: Number.NaN, bytes: Number.NaN };
}

async function report(rows: number): Promise<void> {
  const sides = await Promise.all([startSide(rows), startSide(rows)]);
  const [first] = sides;
  if (sides[0].server.password !== sides[1].server.password) throw new Error('The servers have different passwords.');
  process.env['KANTO_SECRET_PASSWORD'] = first.server.password;
  await using place = await createPlace(configuration(sides), {});
  await place.configure(configuration(sides));
  try {
    await place.run('people');
    const kanto = async () => (await place.workspace.verify('people')).differing;
    const ways: Readonly<Record<string, () => Promise<number>>> = {
      'kanto verify': kanto,
      ...Object.fromEntries(Object.entries(comparators).map(([name, options]) => [name, () => comparePg(sides, options)])),
    };
    for (const differing of [0, edits]) {
      if (differing > 0) await first.server.sql(`UPDATE people SET city = 'Elsewhere' WHERE id % ${rows / differing} = 1`);
      const figures = new Map<string, Figure[]>();
      // What a comparison works out of the agreed records is kept for the next one.
      if (differing === 0) figures.set('kanto verify, the first time', [await measure(sides, differing, kanto)]);
      for (let round = 0; round < rounds; round += 1) {
        for (const [name, work] of Object.entries(ways)) {
          figures.set(name, [...(figures.get(name) ?? []), await measure(sides, differing, work)]);
        }
      }
      const kantoMs = middle(figures.get('kanto verify') ?? []).ms;
      process.stdout.write(
        `\n${rows} rows, ${differing} of them different\n\n| | seconds | kilobytes | kanto verify takes so many times that |\n| --- | ---: | ---: | ---: |\n`,
      );
      for (const [name, list] of figures) {
        const { ms, bytes } = middle(list);
        process.stdout.write(`| ${name} | ${(ms / 1000).toFixed(1)} | ${Math.round(bytes / 1000)} | ${(kantoMs / ms).toFixed(2)} |\n`);
      }
    }
  } finally {
    for (const { server, proxy } of sides) {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    }
  }
}

if (!existsSync('/usr/bin/pg_comparator')) throw new Error('pg_comparator is missing. On Debian: apt-get install -y postgresql-comparator');
await report(Number(process.argv[2] ?? 1_000_000));
