// Plans as files: written however long they are, each line on a line of its own, and read with words where a file is none.
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KantoError } from '../core/model/error.ts';
import type { Db } from '../store/open.ts';
import { documentEntry, planDocumentHead, planDocumentLines, planDocumentParts, planDocumentSchema } from './plan-document.ts';
import type { PlanDocument } from './plan-document.ts';

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

/** Throws `invalid-input` where the file is no plan, or one of another sync than the one that is asked for. */
export async function readPlanFile(path: string, sync?: string): Promise<PlanDocument> {
  const wrong = (why: string, cause?: unknown) =>
    new KantoError(
      'invalid-input',
      `${path} is not a plan: ${why}.`,
      'Make one with `kanto plan SYNC --out FILE`, or with Export on the screen of a plan.',
      'ask-user',
      { cause },
    );
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error), error);
  }
  const parsed = planDocumentSchema.safeParse(json);
  const first = parsed.error?.issues[0];
  if (!parsed.success) throw wrong(`${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim());
  if (sync !== undefined && parsed.data.sync !== sync) throw wrong(`it belongs to the sync ${parsed.data.sync}, not ${sync}`);
  return parsed.data;
}
