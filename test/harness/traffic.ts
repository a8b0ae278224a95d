// Two servers with writers at both, kept the same by their logs of changes while one of them dies now and then: does it converge, and how soon?
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection as MysqlConnection } from 'mysql2/promise';
import pg from 'pg';
import type { Connection, Connector, WriteRequest } from '../../connectors/contract.ts';
import { createRegistry } from '../../connectors/registry.ts';
import { seededRandom } from '../data/random.ts';
import type { MysqlServer } from './mysql.ts';
import type { PostgresServer } from './postgres.ts';
import { createPlace } from './workspace.ts';

export interface TrafficOptions {
  readonly seconds: number;
  /** Transactions each second, at each server. */
  readonly rate: number;
  /** How often PostgreSQL is killed and started again. */
  readonly kills: number;
  readonly seed: number;
}

export interface TrafficReport {
  readonly transactions: number;
  readonly runs: number;
  readonly failedRuns: number;
  /** Milliseconds from the commit at one server to the commit at the other, in growing order. */
  readonly latencies: readonly number[];
  /** Rows of both, as text, when no run found anything to do any more. */
  readonly rows: { readonly hub: readonly string[]; readonly branch: readonly string[] };
  readonly openConflicts: number;
  readonly deadLetters: number;
}

const firstRows = 200;

function configurationFor(hub: PostgresServer, branch: MysqlServer) {
  const fields = { code: 'code', name: 'name', note: 'note' };
  return {
    connections: {
      hub: { connector: 'postgres', config: { host: hub.host, port: hub.port, database: 'postgres', user: hub.user } },
      branch: { connector: 'mysql', config: { host: branch.host, port: branch.port, database: 'place', user: branch.user } },
    },
    syncs: {
      people: {
        title: 'People',
        record: { fields: { code: { type: 'text' }, name: { type: 'text' }, note: { type: 'text' } } },
        match: ['code'],
        endpoints: {
          hub: { connection: 'hub', dataset: 'public.people', key: ['id'], changes: 'log', fields },
          branch: { connection: 'branch', dataset: 'people', key: ['id'], changes: 'log', fields },
        },
        policies: { default: [{ priority: ['hub', 'branch'] }] },
        presence: 'delete',
        limits: { deletes: { count: 1_000_000, share: 1 }, updates: { count: 1_000_000, share: 1 } },
      },
    },
  };
}

/** A connector that says when its writes were committed. */
function heard(connector: Connector, hear: (request: WriteRequest) => void): Connector {
  return {
    ...connector,
    async open(config, context): Promise<Connection> {
      const connection = await connector.open(config, context);
      return {
        ...connection,
        async write(request) {
          const results = await connection.write(request);
          hear(request);
          return results;
        },
      };
    },
  };
}

/** A writer's way to its server, opened again when it breaks. */
interface Till {
  run(sql: string): Promise<void>;
  end(): Promise<void>;
}

function till(
  open: () => Promise<{ query(sql: string): Promise<unknown>; end(): Promise<void>; on(event: 'error', heard: () => void): unknown }>,
): Till {
  let session: Awaited<ReturnType<typeof open>> | undefined;
  return {
    async run(sql) {
      if (session === undefined) {
        session = await open();
        session.on('error', () => undefined);
      }
      try {
        await session.query(sql);
      } catch (error) {
        session = undefined;
        throw error;
      }
    },
    end: async () => session?.end(),
  };
}

/** Writes until it is time, and notes when each value was committed. */
async function writeFor(side: string, server: Till, options: TrafficOptions, committed: Map<string, number>): Promise<number> {
  const random = seededRandom(options.seed + side.length);
  const codes = Array.from({ length: firstRows }, (_, at) => `c${at}`);
  const began = performance.now();
  let done = 0;
  for (let number = 0; ; number += 1) {
    const due = began + (number * 1000) / options.rate;
    if (due > began + options.seconds * 1000) return done;
    if (due > performance.now()) await sleep(due - performance.now());
    const mark = `${side}${number}`;
    const at = random.below(codes.length);
    const chance = random.below(100) / 100;
    const isNew = chance < 0.15;
    const code = isNew ? mark : codes[at];
    const isGone = !isNew && chance < 0.25;
    const sql = isNew
      ? `INSERT INTO people (code, name, note) VALUES ('${code}', 'New', '${mark}')`
      : isGone
        ? `DELETE FROM people WHERE code = '${code}'`
        : `UPDATE people SET ${random.chance(0.5) ? `name = '${mark}', ` : ''}note = '${mark}' WHERE code = '${code}'`;
    try {
      await server.run(sql);
      committed.set(mark, performance.now());
      done += 1;
      if (isNew) codes.push(mark);
      if (isGone) codes.splice(at, 1);
    } catch (error) {
      // The server is down: what was asked for is lost to the writer, as it is to any program.
      if (!(error instanceof Error)) throw error;
      await sleep(50);
    }
  }
}

/** Lets writers loose at both servers, syncs all the while, and goes on until nothing is left to do. */
export async function runTraffic(hub: PostgresServer, branch: MysqlServer, options: TrafficOptions): Promise<TrafficReport> {
  await hub.sql('CREATE TABLE people (id bigserial PRIMARY KEY, code text NOT NULL, name text, note text)');
  await branch.sql(
    'CREATE TABLE people (id bigint AUTO_INCREMENT PRIMARY KEY, code varchar(80) NOT NULL, name varchar(80), note varchar(80))',
  );
  await hub.sql(`INSERT INTO people (code, name, note) SELECT 'c' || i, 'Name ' || i, '' FROM generate_series(0, ${firstRows - 1}) i`);
  const committed = new Map<string, number>();
  const latencies: number[] = [];
  const registry = new Map(createRegistry());
  for (const [id, side] of [
    ['postgres', 'hub'],
    ['mysql', 'branch'],
  ] as const) {
    const connector = registry.get(id);
    if (connector === undefined) throw new Error(`no connector ${id}`);
    registry.set(
      id,
      heard(connector, ({ operations }) => {
        for (const { set } of operations) {
          const note = String(set['note'] ?? '');
          const since = committed.get(note);
          if (since !== undefined && !note.startsWith(side)) latencies.push(performance.now() - since);
        }
      }),
    );
  }
  await using place = await createPlace(configurationFor(hub, branch), {}, { registry });
  const first = await place.run('people');
  if (first.status !== 'complete') throw new Error(`the first run: ${first.problem?.message ?? first.status}`);

  const tills = [
    till(async () => {
      const client = new pg.Client({ host: hub.host, port: hub.port, user: hub.user, password: hub.password, database: 'postgres' });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    }),
    till(async (): Promise<MysqlConnection> => branch.connect('place')),
  ] as const;
  let isOver = false;
  let runs = 0;
  let failedRuns = 0;
  const syncing = (async () => {
    while (!isOver) {
      const { status } = await place.run('people');
      runs += 1;
      if (status === 'failed') failedRuns += 1;
    }
  })();
  const killing = (async () => {
    for (let time = 1; time <= options.kills; time += 1) {
      await sleep((options.seconds * 1000) / (options.kills + 1));
      await hub.kill();
      await hub.start();
    }
  })();
  const counts = await Promise.all([writeFor('hub', tills[0], options, committed), writeFor('branch', tills[1], options, committed)]);
  await killing;
  isOver = true;
  await syncing;
  for (const each of tills) await each.end();

  for (let round = 0; ; round += 1) {
    const run = await place.run('people');
    const work = Object.values(run.counts).reduce((sum, { created, updated, deleted }) => sum + created + updated + deleted, 0);
    if (work === 0 || round === 10) break;
  }
  const text = (row: Readonly<Record<string, unknown>>) => JSON.stringify([row['code'], row['name'], row['note']]);
  const count = (sql: string) => Number(place.workspace.db.prepare(sql).pluck().get());
  return {
    transactions: counts[0] + counts[1],
    runs,
    failedRuns,
    latencies: latencies.sort((a, b) => a - b),
    rows: {
      hub: (await hub.sql('SELECT code, name, note FROM people')).map(text).sort(),
      branch: (await branch.sql('SELECT code, name, note FROM people')).map(text).sort(),
    },
    openConflicts: count("SELECT count(*) FROM conflict WHERE state = 'open'"),
    deadLetters: count("SELECT count(*) FROM dead_letter WHERE state <> 'settled'"),
  };
}
