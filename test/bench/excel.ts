// Measures workbooks beside the fastest reader on npm, SheetJS: time and memory of reading all and of editing a few rows, each in its own process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { read, utils, write } from '@e965/xlsx';
import { TextReader, ZipWriter } from '@zip.js/zip.js';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';
import { cellName } from '../../connectors/excel/range.ts';
import { packageParts, sheetXml } from '../connectors/excel-file.ts';
import { peakMemoryBytes } from '../harness/peak-memory.ts';

const columns = 20;
const edits = 100;

interface Answer {
  readonly ms: number;
  readonly peakBytes: number;
  readonly rows: number;
}

/** What each process does with the workbook. */
const tasks: Readonly<Record<string, (path: string) => Promise<number>>> = {
  'read, connector': readAll,
  'read, SheetJS': async (path) => utils.sheet_to_json(await sheetJs(path), { header: 1 }).length - 1,
  'edit 100 rows, connector': editSome,
  'edit 100 rows, SheetJS': async (path) => {
    const book = read(await readFile(path), { dense: true });
    const sheet = book.Sheets['Data'] ?? {};
    utils.sheet_add_aoa(
      sheet,
      Array.from({ length: edits }, () => ['changed']),
      { origin: 'B2' },
    );
    await writeFile(path, write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer);
    return edits;
  },
};

async function sheetJs(path: string) {
  return read(await readFile(path), { dense: true }).Sheets['Data'] ?? {};
}

const names = Array.from({ length: columns }, (_, at) => `c${at}`);
const { signal } = new AbortController();

async function readAll(path: string): Promise<number> {
  await using connection = await excelConnector.open({ path }, createContext('.', '.'));
  let rows = 0;
  for await (const page of connection.read({ ref: { dataset: 'Data', key: ['c0'] }, columns: names, signal })) rows += page.rows.length;
  return rows;
}

async function editSome(path: string): Promise<number> {
  await using connection = await excelConnector.open({ path }, createContext('.', join(path, '..', 'backups')));
  const operations = Array.from(
    { length: edits },
    (_, at): WriteOperation => ({ id: at, kind: 'update', key: [`key-${at * 7}`], set: { c1: 'changed' }, expects: () => true }),
  );
  const results = await connection.write({ ref: { dataset: 'Data', key: ['c0'] }, columns: names, operations, signal });
  return results.filter(({ status }) => status === 'done').length;
}

/** Half of the columns are texts of their own, shared as Excel does; the others numbers and dates. */
async function generate(path: string, rows: number): Promise<void> {
  const strings: string[] = [];
  const text = (content: string) => ` t="s"><v>${strings.push(`<si><t>${content}</t></si>`) - 1}</v></c>`;
  const row = (number: number, cells: readonly string[]) =>
    `<row r="${number}" spans="1:${columns}">${cells.map((cell, at) => `<c r="${cellName(at + 1, number)}"${cell}`).join('')}</row>`;
  const body = [row(1, names.map(text))];
  for (let at = 0; at < rows; at += 1) {
    const cells = names.map((_, column) => {
      if (column === 0) return text(`key-${at}`);
      if (column < 10) return text(`text ${(at * 31 + column) % 5000} of column ${column}`);
      return column === 10 ? ` s="1"><v>${40_000 + (at % 5000)}</v></c>` : `><v>${at * 1.25 + column}</v></c>`;
    });
    body.push(row(at + 2, cells));
  }
  const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>';
  const zip = new ZipWriter(Writable.toWeb(createWriteStream(path)), { useWebWorkers: false });
  const parts = packageParts({ Data: sheetXml(body.join('')) }, { styles, strings: strings.join('') });
  for (const [name, content] of Object.entries(parts)) await zip.add(name, new TextReader(String(content)));
  await zip.close();
}

async function measure(task: string, path: string): Promise<Answer> {
  const child = fork(fileURLToPath(import.meta.url), ['--task', task, path]);
  const answers: Answer[] = [];
  child.on('message', (message) => answers.push(message as Answer));
  const [code] = (await once(child, 'exit')) as [number | null];
  const [answer] = answers;
  if (answer === undefined) throw new Error(`"${task}" ended with ${code ?? 'a signal'} and no answer.`);
  return answer;
}

async function report(rows: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-bench-excel-'));
  try {
    const source = join(folder, 'source.xlsx');
    await generate(source, rows);
    const lines = [`| ${rows} x ${columns} cells | seconds | peak MB | rows |`, '| --- | ---: | ---: | ---: |'];
    const figures = new Map<string, Answer>();
    for (const task of Object.keys(tasks)) {
      const path = join(folder, 'book.xlsx');
      await copyFile(source, path);
      const answer = await measure(task, path);
      figures.set(task, answer);
      lines.push(`| ${task} | ${(answer.ms / 1000).toFixed(2)} | ${Math.round(answer.peakBytes / 1e6)} | ${answer.rows} |`);
    }
    const ratio = (what: string) => {
      const [ours, theirs] = [figures.get(`${what}, connector`), figures.get(`${what}, SheetJS`)];
      if (ours === undefined || theirs === undefined) return '';
      return `${what}: ${(theirs.ms / ours.ms).toFixed(1)} times as fast, ${(theirs.peakBytes / ours.peakBytes).toFixed(1)} times less memory`;
    };
    process.stdout.write(`${lines.join('\n')}\n\n${ratio('read')}\n${ratio('edit 100 rows')}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [mode, task = '', path = ''] = process.argv.slice(2);
if (mode === '--task') {
  const started = performance.now();
  const rows = (await tasks[task]?.(path)) ?? 0;
  process.send?.({ ms: performance.now() - started, peakBytes: peakMemoryBytes(), rows } satisfies Answer);
} else await report(Number(mode ?? 50_000));
