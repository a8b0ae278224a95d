// A CSV file of more than 2^31 bytes, and a process that works on it.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('large-child.ts', import.meta.url));
const holeBytes = 60_000;
export const megabyte = 1_048_576;

/** Each row holds a hole, which takes no room on the disk and is read as zeros; answers the number of rows. */
export function writeLargeFile(path: string): number {
  const file = openSync(path, 'w');
  let at = writeSync(file, 'id,name\n');
  let rows = 0;
  while (at < 2 ** 31 + megabyte) {
    rows += 1;
    at += writeSync(file, `${rows},`, at) + holeBytes;
    at += writeSync(file, '\n', at);
  }
  closeSync(file);
  return rows;
}

export interface Saw {
  readonly rows?: number;
  readonly last?: readonly string[];
  readonly status: string;
  readonly peakBytes: number;
}

/** `readAndAdd` adds the row "new". */
export function workOnLargeFile(path: string, step: 'readAndAdd' | 'change'): Saw {
  const { stdout, stderr } = spawnSync(process.execPath, [child, path, step], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Saw;
}

export function tailOf(path: string, length: number): string {
  const file = openSync(path, 'r');
  const tail = Buffer.alloc(length);
  readSync(file, tail, 0, length, statSync(path).size - length);
  closeSync(file);
  return tail.toString();
}
