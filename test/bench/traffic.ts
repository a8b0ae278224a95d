// Measures a sync between PostgreSQL and MariaDB by their logs of changes, with writers at both and servers that die: whether it converges, and how soon.
import { Command } from 'commander';
import { startMariadb } from '../harness/mysql.ts';
import { startPostgres } from '../harness/postgres.ts';
import { binaryLogged, logical } from '../harness/log-settings.ts';
import { runTraffic } from '../harness/traffic.ts';

const program = new Command('traffic')
  .option('--seconds <n>', 'how long writers write', Number, 60)
  .option('--rate <n>', 'transactions each second at each server', Number, 100)
  .option('--kills <n>', 'how often PostgreSQL is killed', Number, 2)
  .option('--seed <n>', 'of what is written', Number, 1)
  .parse();
const options = program.opts<{ readonly seconds: number; readonly rate: number; readonly kills: number; readonly seed: number }>();
await using hub = await startPostgres({ settings: logical });
await using branch = await startMariadb({ settings: binaryLogged });
process.env['KANTO_SECRET_PASSWORD'] = hub.password;
const { latencies, rows, ...report } = await runTraffic(hub, branch, options);
const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)] ?? Number.NaN);
const isEqual = rows.hub.length === rows.branch.length && rows.hub.every((row, index) => row === rows.branch[index]);
process.stdout.write(
  `${JSON.stringify({ ...options, ...report, rows: rows.hub.length, isEqual, arrived: latencies.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }, null, 2)}\n`,
);
process.exitCode = isEqual ? 0 : 1;
