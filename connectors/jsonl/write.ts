// Writes a request to a file: looks through it, decides, writes a new file beside it, and puts that in its place.
import { stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import type { ConnectorContext, Native, NativeSet, WriteRequest, WriteResult } from '../contract.ts';
import type { MadeRow } from '../shared/decide.ts';
import { decide, wantedOf } from '../shared/decide.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { fromNative } from '../shared/exact-json.ts';
import { keyProblem, keyText } from '../shared/keys.ts';
import { replaceFile, startingOver, unlessOverwritten, writeWhole } from '../shared/rewrite.ts';
import type { Fields } from './lines.ts';
import { linesOf } from './lines.ts';
import type { NamedRow, Survey } from './survey.ts';
import { requireFields, rowOf, survey } from './survey.ts';

export async function writeRows(path: string, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  throwIfCancelled(request.signal, `Writing to ${path}`);
  if (request.operations.length === 0) return [];
  return startingOver(path, async (real) => {
    const stats = await stat(real, { bigint: true });
    return unlessOverwritten(real, stats, () => rewrite(real, stats, request, context));
  });
}

/** What becomes of lines, by their number: other text, or nothing. */
type Changes = Map<number, string>;

async function rewrite(path: string, stats: BigIntStats, request: WriteRequest, context: ConnectorContext) {
  const { ref, operations, signal } = request;
  const found = await survey(path, signal, ref.key, wantedOf(ref, operations));
  const wanted = [...request.columns, ...operations.flatMap(({ set }) => Object.keys(set))];
  requireFields(path, found, ref.key, wanted);
  const columns = [...new Set([...found.kinds.keys(), ...ref.key, ...wanted])];
  const changes: Changes = new Map();
  const added: string[] = [];
  const at = (name: string) => columns.indexOf(name);
  const made = (fields: Fields, set: NativeSet, keep: (line: string) => void): MadeRow<Native> => {
    const whole = { ...fields, ...jsonOf(path, set, found) };
    return { cells: rowOf(whole, columns), keep: () => keep(`${JSON.stringify(whole)}\n`) };
  };
  const results = await decide<Native, NamedRow>(
    {
      path,
      ref,
      columns,
      rows: found.named,
      broken: new Map(),
      largest: found.largest,
      uuid: context.uuid,
      keyOf(cells) {
        const values = ref.key.map((name) => cells[at(name)] ?? null);
        return keyProblem(ref.key, values) === undefined ? values.map(keyText) : undefined;
      },
      rowOf: (cells) => request.columns.map((name) => cells[at(name)] ?? null),
      change: ({ fields, line }, set) => made(fields, set, (text) => changes.set(line, text)),
      remove: ({ line }) => void changes.set(line, ''),
      make: (set) => made({}, set, (text) => added.push(text)),
    },
    operations,
  );
  if (changes.size === 0 && added.length === 0) return results;
  const isReplaced = await replaceFile(path, stats, context, signal, async (file) => {
    for await (const { number, raw } of linesOf(path, signal)) await writeWhole(file, Buffer.from(changes.get(number) ?? raw));
    await writeWhole(file, Buffer.from(`${found.isEnded || added.length === 0 ? '' : '\n'}${added.join('')}`));
  });
  return isReplaced ? results : undefined;
}

/** Values as JSON, in the kind that their column holds. */
function jsonOf(path: string, set: NativeSet, { kinds }: Survey): Fields {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      if (typeof value === 'string' && !value.isWellFormed()) {
        const why = `"${name}" of ${path} cannot hold half of a surrogate pair.`;
        throw connectorError('constraint', why, 'Take the character out of the value.');
      }
      try {
        return [name, fromNative(value, kinds.get(name) ?? 'unknown')];
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw connectorError(
          'constraint',
          `"${name}" of ${path}: ${error.message}.`,
          'Change the value, or the mapping of the field.',
          error,
        );
      }
    }),
  );
}
