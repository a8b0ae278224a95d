// The lines of a file, as they are and as what they say.
import { createReadStream } from 'node:fs';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { parseExact } from '../shared/exact-json.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** With its line end. */
  readonly raw: string;
  /** Absent for a blank line and for one that is no object. */
  readonly fields?: Fields;
  /** Why it is no row. */
  readonly why?: string;
}

/** Every line; only a few are in memory at a time. Throws `unreadable` where the file is not UTF-8. */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  const take = (raw: string): Line => {
    number += 1;
    return { number, raw, ...parsed(raw) };
  };
  for await (const text of textOf(path)) {
    throwIfCancelled(signal, `Reading ${path}`);
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield take(`${part}\n`);
  }
  if (rest !== '') yield take(rest);
}

async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) yield decode(path, decoder, bytes);
  yield decode(path, decoder);
}

function decode(path: string, decoder: InstanceType<typeof TextDecoder>, bytes?: Buffer): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw connectorError('unreadable', `${path} is not UTF-8.`, 'Save the file as UTF-8.', error);
  }
}

function parsed(raw: string): Pick<Line, 'fields' | 'why'> {
  const text = raw.replace(/^\ufeff/, '').trim();
  if (text === '') return {};
  try {
    const value = parseExact(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { fields: value as Fields };
    return { why: 'is no JSON object' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { why: `is no JSON: ${error.message}` };
  }
}
