// Writes a request to a CSV file that is only ever added to: surveys it, decides, and adds the new rows at its end.
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorContext, WriteOperation, WriteRequest, WriteResult } from '../contract.ts';
import { appendRows, cutTornRow } from '../shared/append.ts';
import { wantedOf } from '../shared/decide.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { lockedError, systemCode, translate } from '../shared/file-errors.ts';
import { showKey } from '../shared/keys.ts';
import { keptName } from '../shared/replace.ts';
import { findColumns } from './dataset.ts';
import { decideLines } from './decide.ts';
import type { Source } from './source.ts';
import { survey } from './survey.ts';

/** Removes what a crash left at the end of the file; fine when there is no file. */
export async function mendEnd(path: string, { backupFolder }: ConnectorContext): Promise<void> {
  try {
    const real = await realpath(path);
    await cutTornRow(real, noteOf(real, backupFolder));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw translate(error, path, 'writing');
  }
}

/**
 * Creates only; every other operation is refused by itself. What another program adds meanwhile is looked at as well, up to the moment at which
 * the rows are decided. Undefined when another file took the place of this one meanwhile: then nothing was written.
 */
export async function append(
  path: string,
  source: Source,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[] | undefined> {
  const { ref, signal } = request;
  const creates = request.operations.filter(({ kind }) => kind === 'create');
  const refused = request.operations.flatMap((operation) => (operation.kind === 'create' ? [] : [refusal(path, operation)]));
  const written = new Set(request.operations.flatMap(({ set }) => Object.keys(set)));
  const columns = findColumns(path, source.layout.header, ref.key, request.columns, [...written]);
  if (creates.length === 0) return refused;
  const found = await survey(source, columns, wantedOf(ref, creates), signal, true);
  const { added, results } = await decideLines({ path, layout: source.layout, columns, ref, survey: found, uuid: context.uuid }, creates);
  if (added.length > 0) {
    const { codec, lineEnd, mark } = source.layout;
    const { ino, size } = await stat(path, { bigint: true });
    if (ino !== source.stats.ino) return undefined;
    const isInsideCharacter = (Number(size) - mark.length) % codec.unit > 0;
    if (found.open === 'problem' || isInsideCharacter) throw halfLineError(path);
    throwIfCancelled(signal, `Writing to ${path}`);
    const lines = added.map((line) => line + lineEnd);
    const rows = found.open === undefined ? lines : [lineEnd, ...lines];
    await appendRows(path, rows.map(codec.fromCarrier), noteOf(path, context.backupFolder));
  }
  return [...refused, ...results];
}

function noteOf(path: string, backupFolder: string): string {
  return join(backupFolder, `${keptName(path)}.append`);
}

function refusal(path: string, { id, kind, key }: WriteOperation): WriteResult {
  const error = connectorError(
    'unsupported',
    `${path} is only added to ("mode: append"): the ${kind} of ${showKey(key)} was refused.`,
    `Leave "${kind}" out of "allow" for this place, or take "mode: append" out of its connection.`,
  );
  return { id, status: 'failed', error };
}

/** Closing half a line would break it for whoever is writing it. */
function halfLineError(path: string) {
  return lockedError(path, 'its last line is not finished, as when another program is writing it (mend the line if none is)');
}
