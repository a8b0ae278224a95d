// A CSV file of more than 2^31 bytes is read and added to in bounded memory.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './csv-file.ts';
import { megabyte, tailOf, workOnLargeFile, writeLargeFile } from './large-csv.ts';

test('2 GB and more are streamed', async () => {
  const path = join(await temporaryFolder(), 'table.csv');
  const rows = writeLargeFile(path);
  const before = statSync(path).size;
  const { peakBytes, ...saw } = workOnLargeFile(path, 'readAndAdd');
  expect(saw).toEqual({ rows, last: [String(rows)], status: 'done' });
  expect(peakBytes).toBeLessThan(500 * megabyte);
  expect(statSync(path).size - before).toBe(Buffer.byteLength('new,Zoë\n'));
  expect(tailOf(path, 11)).toBe('\0\nnew,Zoë\n');
}, 120_000);
