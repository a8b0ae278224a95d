// Two servers that are followed by their logs and written by others all the while come to hold the same.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { binaryLogged, logical } from '../harness/log-settings.ts';
import type { MysqlServer } from '../harness/mysql.ts';
import { startMariadb } from '../harness/mysql.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import { runTraffic } from '../harness/traffic.ts';

let hub: PostgresServer;
let branch: MysqlServer;
beforeAll(async () => {
  [hub, branch] = await Promise.all([startPostgres({ settings: logical }), startMariadb({ settings: binaryLogged })]);
  vi.stubEnv('KANTO_SECRET_PASSWORD', hub.password);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([hub[Symbol.asyncDispose](), branch[Symbol.asyncDispose]()]);
});

test('writers at both, creates and deletes included, and a server that dies: both end the same', async () => {
  const seed = 7;
  const { rows, latencies, openConflicts, deadLetters } = await runTraffic(hub, branch, { seconds: 4, rate: 60, kills: 1, seed });
  expect(rows.branch, `seed ${seed}`).toEqual(rows.hub);
  expect(rows.hub.some((row) => row.includes('"hub')) && rows.hub.some((row) => row.includes('"branch'))).toBe(true);
  expect({ openConflicts, deadLetters }).toEqual({ openConflicts: 0, deadLetters: 0 });
  expect(latencies.length).toBeGreaterThan(50);
});
