// Adds rows at the end of a file that other programs add to as well, and takes back what a crash left of the last one.
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connectorError } from './errors.ts';
import { systemCode } from './file-errors.ts';
import { syncFolder } from './replace.ts';
import { writeWhole } from './rewrite.ts';

/**
 * Adds rows to the very same file, on the disk when this ends. What is about to be added is noted first, in the file `note`.
 *
 * A crash leaves some of the rows whole and at most the last one torn. The whole ones stay: somebody may have read them by now, and a create
 * that is sent again finds its row by key. The torn one was never a row, and is cut off when the file is opened again (`cutTornRow`), before
 * anybody takes it for one. It is not completed, because nobody may want it any more: the row that is sent again can hold other values or,
 * where keys are counted on, another key, and would stand beside it. The note tells our torn row from a line that another program is writing,
 * which is never touched.
 *
 * When adding fails otherwise, as on a full disk, all of it is taken back before the error is thrown. Throws `unavailable` when that cannot be.
 */
export async function appendRows(path: string, rows: readonly Buffer[], note: string): Promise<void> {
  await inTurn(note, () => add(path, rows, note));
}

async function add(path: string, rows: readonly Buffer[], note: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.concat(rows);
    await writeNote(note, { size, rows });
    try {
      await writeWhole(file, bytes);
      await file.sync();
    } catch (error) {
      if (!(await takeBack(path, file, size, bytes))) throw halfWayError(path, error);
      await rm(note);
      throw error;
    }
    await rm(note);
  } finally {
    await file.close();
  }
}

/** Cuts off the torn row that a crash left at the end of the file, if the note of the append is there and says that it is ours. */
export async function cutTornRow(path: string, note: string): Promise<void> {
  await inTurn(note, () => cut(path, note));
}

async function cut(path: string, note: string): Promise<void> {
  const noted = await readNote(note);
  if (noted === undefined) return;
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const torn = await tornBytes(file, size, noted);
    if (torn > 0) {
      await file.truncate(size - torn);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  await rm(note);
}

/** How much of a torn row is at the end of the file. */
async function tornBytes(file: FileHandle, size: number, noted: Noted): Promise<number> {
  const bytes = Buffer.concat(noted.rows);
  if (bytes.equals(await readFrom(file, noted.size, noted.size + bytes.length))) return 0;
  const arrived = arrivedOf(await readFrom(file, Math.max(0, size - bytes.length), size), bytes);
  return arrived - wholeBytes(noted.rows, arrived);
}

/** By note, the last work on its file in this process: what is just being added is no torn row. Only one process has a workspace open. */
const turns = new Map<string, Promise<void>>();

async function inTurn(note: string, work: () => Promise<void>): Promise<void> {
  const mine = (turns.get(note) ?? Promise.resolve()).then(work, work);
  turns.set(note, mine);
  try {
    await mine;
  } finally {
    if (turns.get(note) === mine) turns.delete(note);
  }
}

/** Whether all of it is gone again; false when another program has added to the file meanwhile, or put another in its place. */
async function takeBack(path: string, added: FileHandle, before: number, bytes: Buffer): Promise<boolean> {
  const file = await open(path, 'r+'); // some systems cut no file that was opened for adding
  try {
    const { ino, size } = await file.stat();
    const end = await readFrom(file, before, size);
    if (ino !== (await added.stat()).ino || !bytes.subarray(0, end.length).equals(end)) return false;
    await file.truncate(before);
    return true;
  } finally {
    await file.close();
  }
}

function halfWayError(path: string, cause: unknown) {
  return connectorError(
    'unavailable',
    `Adding rows to ${path} broke off half-way, and another program has added to it since.`,
    'The next run looks which rows are there before it adds others.',
    cause,
  );
}

/** How many of the bytes, from their first, are the end of the file. */
function arrivedOf(end: Buffer, bytes: Buffer): number {
  const first = bytes.subarray(0, 1);
  for (let at = end.indexOf(first); at >= 0; at = end.indexOf(first, at + 1)) {
    const count = end.length - at;
    if (end.subarray(at).equals(bytes.subarray(0, count))) return count;
  }
  return 0;
}

/** How long the rows are together that arrived whole. */
function wholeBytes(rows: readonly Buffer[], arrived: number): number {
  let whole = 0;
  for (const { length } of rows) {
    if (whole + length > arrived) break;
    whole += length;
  }
  return whole;
}

async function readFrom(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

interface Noted {
  /** Of the file before the rows are added, as far as other programs let that be known. */
  readonly size: number;
  readonly rows: readonly Buffer[];
}

async function writeNote(note: string, { size, rows }: Noted): Promise<void> {
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, JSON.stringify({ size, rows: rows.map((row) => row.toString('base64')) }), { flush: true });
  await syncFolder(dirname(note));
}

/** Undefined where nothing is noted, and where the note itself is torn: then nothing was added yet. */
async function readNote(note: string): Promise<Noted | undefined> {
  try {
    const { size, rows } = JSON.parse(await readFile(note, 'utf8')) as { readonly size: number; readonly rows: readonly string[] };
    return { size, rows: rows.map((row) => Buffer.from(row, 'base64')) };
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
