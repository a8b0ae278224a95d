// A CSV file of more than 2^31 bytes is changed in bounded memory; the new file takes as much room on the disk.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../connectors/csv-file.ts';
import { megabyte, tailOf, workOnLargeFile, writeLargeFile } from '../connectors/large-csv.ts';

test('a row beyond 2 GB is changed, and no other byte near it', async () => {
  const path = join(await temporaryFolder(), 'table.csv');
  writeLargeFile(path);
  workOnLargeFile(path, 'readAndAdd');
  const { status, peakBytes } = workOnLargeFile(path, 'change');
  expect(status).toBe('done');
  expect(peakBytes).toBeLessThan(500 * megabyte);
  expect(tailOf(path, 12)).toBe('\0\nnew,Ægir\n');
}, 300_000);
