// Two equal places of any size for measurements: a shop CSV and a sales database with the same invented customers.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { people, type Person } from './people.ts';
import { seededRandom } from './random.ts';
import { sampleConfig } from './sample-config.ts';
import { shopHeader, shopLine, writeSales } from './sample-files.ts';

/** The sample's sync without accounting. */
function twoPlaces(sync: string): string {
  const [before = '', after = ''] = sync.split(/^ {2}ledger:\n(?: {4,}.*\n)+/m);
  return `${before}${after.split(/^ {2}- at: ledger\n/m)[0] ?? ''}`.replace(/^ {2}balance: \[.*\n/m, '').replace(/^authority: .*\n/m, '');
}

/** Sequential rows of a seed; iterated twice instead of kept. */
function* rows(options: { readonly rows: number; readonly seed: number }): Generator<Person & { readonly key: number }> {
  let key = 1;
  for (const person of people(seededRandom(options.seed), options.rows, 1)) yield { ...person, key: key++ };
}

/** Writes a folder like the sample's with `rows` customers in both places. Memory does not grow with their number. */
export async function writeScaled(folder: string, options: { readonly rows: number; readonly seed: number }): Promise<void> {
  for (const [name, text] of Object.entries(sampleConfig)) {
    if (name.includes('ledger')) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name.startsWith('syncs/') ? twoPlaces(text) : text);
  }
  await mkdir(join(folder, 'data'), { recursive: true });
  const file = createWriteStream(join(folder, 'data/shop.csv'));
  file.write(`${shopHeader.join(',')}\n`);
  let chunk: string[] = [];
  for (const row of rows(options)) {
    chunk.push(shopLine(row));
    if (chunk.length < 1000) continue;
    if (!file.write(`${chunk.join('\n')}\n`)) await once(file, 'drain');
    chunk = [];
  }
  file.end(chunk.length > 0 ? `${chunk.join('\n')}\n` : '');
  await once(file, 'close');
  await rm(join(folder, 'data/sales.sqlite'), { force: true });
  writeSales(join(folder, 'data/sales.sqlite'), rows(options));
}
