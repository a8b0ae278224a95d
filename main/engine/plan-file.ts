// Writes a plan to a file, however long it is: the document of plan-document.ts, with each of its lines on a line of its own.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../store/open.ts';
import { documentEntry, planDocumentHead, planDocumentLines, planDocumentParts } from './plan-document.ts';

/** The number of operations in it. The file is there whole or not at all. */
export async function writePlanFile(db: Db, plan: number, path: string): Promise<number> {
  const half = `${path}.part`;
  let operations = 0;
  const text = async function* (): AsyncGenerator<string> {
    yield JSON.stringify(planDocumentHead(db, plan)).slice(0, -1);
    for (const part of planDocumentParts) {
      let count = 0;
      yield `,\n"${part}": [`;
      for (const lines of planDocumentLines(db, plan, part)) {
        const entries = lines.map((line) => `\n${JSON.stringify(documentEntry(line))}`).join(',');
        if (entries !== '') yield count === 0 ? entries : `,${entries}`;
        count += lines.length;
        await nextTurn();
      }
      yield '\n]';
      if (part === 'operations') operations = count;
    }
    yield '\n}\n';
  };
  try {
    await pipeline(text, createWriteStream(half));
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  return operations;
}
