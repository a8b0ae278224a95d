// A hundred thousand rows a side: how long a sync takes beside the plain work on the same rows, how much memory, and how long the engine is deaf.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../main/engine/workspace.ts';
import { writeScaled } from '../data/scaled.ts';
import { startMeasured } from '../harness/measured-engine.ts';
import type { MeasuredEngine } from '../harness/measured-engine.ts';
import type { ProbeAnswer } from '../harness/probe.ts';
import { testKey } from '../harness/workspace.ts';

const rows = Number(process.env['KANTO_BENCH_ROWS'] ?? 100_000);
const memoryLimit = 400 * 2 ** 20;
const sync = 'customers';

interface Line {
  readonly step: string;
  readonly ms: number;
  readonly probe: ProbeAnswer;
  /** Round trips of the questions a window asks meanwhile. */
  readonly answers: readonly number[];
  readonly note: string;
}

describe(`${rows.toLocaleString('en')} rows a side`, () => {
  let folder: string;
  let engine: MeasuredEngine;
  const lines: Line[] = [];
  const yardsticks = { insertMs: 0, parseMs: 0 };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kanto-bench-'));
    await writeScaled(join(folder, 'config'), { rows, seed: 7 });
    const workspace = openWorkspace({ folder: join(folder, 'workspace'), create: true, key: testKey });
    await workspace.applyFolder(join(folder, 'config'));
    await workspace[Symbol.asyncDispose]();
    yardsticks.insertMs = insertPlainly(shop(), join(folder, 'plain.sqlite'));
    yardsticks.parseMs = await parsePlainly(shop());
    const profile = process.env['KANTO_BENCH_PROFILE'];
    engine = await startMeasured(join(folder, 'workspace'), profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]);
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`\n${report(lines, yardsticks)}\n`);
  });

  const shop = () => join(folder, 'config/data/shop.csv');
  const sales = () => join(folder, 'config/data/sales.sqlite');

  /** Does one step and asks meanwhile, as an open window does. */
  const measure = async (step: string, work: () => Promise<string>): Promise<Line> => {
    await engine.probe();
    const answers: number[] = [];
    const asking = new AbortController();
    const questions = ask(engine, answers, asking.signal);
    const began = performance.now();
    const working = work().finally(() => asking.abort());
    const [note] = await Promise.all([working, questions]);
    const ms = performance.now() - began;
    const line = { step, ms, note, answers, probe: await engine.probe() };
    lines.push(line);
    return line;
  };
  const run = async (): Promise<string> => {
    const started = await engine.call('runs.start', { sync });
    for (;;) {
      const { status, counts, problem } = await engine.call('runs.get', { run: started.run });
      if (status !== 'reading' && status !== 'planned' && status !== 'writing' && engine.progress().length === 0) {
        return `${status}: ${counts.created} created, ${counts.updated} updated${problem === undefined ? '' : `, ${problem.message}`}`;
      }
      await wait(50);
    }
  };

  it('first sync', async () => {
    expect((await measure('first sync', run)).note).toBe('complete: 0 created, 0 updated');
  });
  it('nothing changed', async () => {
    expect((await measure('second run, nothing changed', run)).note).toBe('complete: 0 created, 0 updated');
  });
  it('one percent changed, previewed and run', async () => {
    const changed = change();
    const preview = await measure('preview of 1 % changed a side', async () => {
      const { together } = await engine.call('plans.make', { sync });
      return `${together.update} updates`;
    });
    expect(preview.note).toBe(`${changed} updates`);
    expect((await measure('run of 1 % changed a side', run)).note).toBe(`complete: 0 created, ${changed} updated`);
  });
  it('stays below the memory it is given', () => {
    expect(Math.max(...lines.map((line) => line.probe.peakBytes))).toBeLessThan(memoryLimit);
  });

  /** Another program changes one row in a hundred at each side; the number of changes. */
  function change(): number {
    const db = new Database(sales());
    const { changes } = db.prepare("UPDATE customers SET town = town || ' West' WHERE customer_id % 100 = 7").run();
    db.close();
    let edited = 0;
    const text = readFileSync(shop(), 'utf8').split('\n');
    const next = text.map((line, index) => {
      if (index % 100 !== 50 || line === '') return line;
      edited += 1;
      return line.replace(/,(yes|no),/, (_, word: string) => (word === 'yes' ? ',no,' : ',yes,'));
    });
    writeFileSync(shop(), next.join('\n'));
    return changes + edited;
  }
});

async function ask(engine: MeasuredEngine, answers: number[], signal: AbortSignal): Promise<void> {
  const questions = [
    () => engine.call('runs.list', { offset: 0, limit: 50 }),
    () => engine.call('conflicts.list', { offset: 0, limit: 50 }),
    () => engine.call('syncs.list', {}),
    () => engine.call('overview.get', { sinceMs: 0 }),
  ];
  for (let index = 0; !signal.aborted; index += 1) {
    const began = performance.now();
    await questions[index % questions.length]?.();
    answers.push(performance.now() - began);
    await wait(20);
  }
}

/** The plain work that nobody can do without: put the rows of the file into a table. */
function insertPlainly(file: string, path: string): number {
  const [header = '', ...body] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const width = header.split(',').length;
  const cells = body.map((line) => line.split(',').slice(0, width));
  const began = performance.now();
  const db = new Database(path);
  db.exec(
    `CREATE TABLE plain (${header
      .split(',')
      .map((name) => `"${name}" TEXT`)
      .join(', ')}, PRIMARY KEY (id))`,
  );
  const insert = db.prepare(`INSERT INTO plain VALUES (${'?, '.repeat(width - 1)}?)`);
  db.transaction(() => {
    for (const row of cells) insert.run(...row, ...Array<string>(width - row.length).fill(''));
  })();
  db.close();
  return performance.now() - began;
}

async function parsePlainly(file: string): Promise<number> {
  const began = performance.now();
  let count = 0;
  for await (const record of createReadStream(file).pipe(parse({ columns: true }))) count += record === null ? 0 : 1;
  expect(count).toBe(rows);
  return performance.now() - began;
}

function report(lines: readonly Line[], { insertMs, parseMs }: { readonly insertMs: number; readonly parseMs: number }): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const at = (sorted: readonly number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return [
    `${rows.toLocaleString('en')} rows a side. Yardsticks: bulk insert ${whole(insertMs)} ms, csv-parse ${whole(parseMs)} ms.`,
    '',
    '| step | result | × insert | × parse | peak memory MB | longest block ms (of it processor) | answers: median / p95 / longest ms |',
    '| --- | --- | --: | --: | --: | --: | --: |',
    ...lines.map(({ step, ms, note, probe, answers }) => {
      const sorted = [...answers].sort((a, b) => a - b);
      const ratio = (yardstick: number) => (ms / yardstick).toFixed(1);
      const block = `${whole(probe.longest.wallMs)} (${whole(probe.longest.cpuMs)})`;
      const asked = `${whole(at(sorted, 0.5))} / ${whole(at(sorted, 0.95))} / ${whole(at(sorted, 1))}`;
      return `| ${step} | ${note} | ${ratio(insertMs)} | ${ratio(parseMs)} | ${whole(probe.peakBytes / 2 ** 20)} | ${block} | ${asked} |`;
    }),
    ...(process.env['KANTO_BENCH_BLOCKS'] === undefined
      ? []
      : lines.map(
          ({ step, probe }) =>
            `\n${step}: ${probe.blocks.map((one) => `${whole(one.wallMs)} (${whole(one.cpuMs)}) @${whole(one.at)}`).join(', ')}`,
        )),
  ].join('\n');
}
