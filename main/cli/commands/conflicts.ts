// `kanto conflicts list` and `resolve`: what waits for a person, and deciding it.
import { z } from 'zod';
import { KantoError } from '../../core/model/error.ts';
import { valueSchema } from '../../../preload/contract/values.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clip, showTime, showValue, table } from '../output.ts';
import type { Session } from '../session.ts';

const pageRows = 1000;

type Detail = Awaited<ReturnType<typeof details>>[number];

/** Every open conflict with its values. */
async function details(session: Session, sync: string | undefined) {
  const all = [];
  for (let offset = 0; ; offset += pageRows) {
    const page = await session.ask('conflicts.list', { ...(sync === undefined ? {} : { sync }), offset, limit: pageRows });
    for (const item of page.items) all.push(await session.ask('conflicts.get', { id: item.id }));
    if (offset + page.items.length >= page.total || page.items.length === 0) return all;
  }
}

/** What is asked, on one line. */
function question(conflict: Detail): string {
  if (conflict.partners !== undefined) return conflict.partners.map((one) => `${one.endpoint}:${one.key.join(',')}`).join('  ');
  if (conflict.presence !== undefined)
    return `deleted in ${conflict.presence.deletedAt.join(', ')}, changed in ${conflict.presence.changedAt.join(', ') || 'none'}`;
  return conflict.rows
    .filter((row) => row.state === 'contested')
    .map((row) => {
      const sides = Object.entries(row.cells)
        .filter(([, cell]) => cell.mapped && cell.value !== undefined)
        .map(([name, cell]) => `${name} ${showValue(cell.value)}`);
      return `${row.field}: ${row.base === undefined ? '' : `was ${showValue(row.base)}, `}${sides.join(' | ')}`;
    })
    .join('; ');
}

export function conflictsText(all: readonly Detail[]): string {
  if (all.length === 0) return 'Nothing waits for a person.';
  return table(
    ['id', 'kind', 'record', 'decided', 'since', 'what'],
    all.map((one) => [String(one.id), one.kind, one.label, one.decided ? 'yes' : '', showTime(one.since), clip(question(one), 140)]),
  );
}

export const openConflicts = details;

export async function list(context: CommandContext, sync: string | undefined): Promise<ExitCode> {
  return context.withSession(async (session) => {
    if (sync !== undefined) await session.ask('syncs.get', { id: sync });
    const all = await details(session, sync);
    context.output.result({ open: all.length, conflicts: all }, () => conflictsText(all));
    return exitCodes.complete;
  });
}

export interface ResolveOptions {
  readonly field?: string;
  readonly take?: string;
  readonly value?: string;
  readonly keep?: boolean;
  readonly delete?: boolean;
  readonly together?: readonly string[];
}

function wrong(message: string): KantoError {
  return new KantoError(
    'invalid-input',
    message,
    'Use --field F with --take ENDPOINT|base or --value JSON; --keep or --delete for a deleted record; --together ENDPOINT:KEY ... for rows that may belong together.',
    'ask-user',
  );
}

function parseValue(text: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new KantoError('invalid-input', `--value ${text} is not JSON.`, `Text needs quotes inside quotes: --value '"Rob"'.`, 'ask-user', {
      cause: error,
    });
  }
  const value = valueSchema.safeParse(typeof json === 'number' ? text.trim() : json);
  if (!value.success)
    throw new KantoError(
      'invalid-input',
      `--value ${text} is not a value of a field.`,
      'Write a text, true, false, null or a list of texts.',
      'ask-user',
    );
  return value.data;
}

interface Partner {
  readonly endpoint: string;
  readonly key: string[];
}

/** `shop:00417`, or `shop:["a","b"]` for a key of several columns. */
export function parsePartner(text: string): Partner {
  const colon = text.indexOf(':');
  if (colon <= 0) throw wrong(`--together ${text} names no endpoint and key.`);
  const key = text.slice(colon + 1);
  if (!key.startsWith('[')) return { endpoint: text.slice(0, colon), key: [key] };
  try {
    return { endpoint: text.slice(0, colon), key: z.array(z.string()).parse(JSON.parse(key)) };
  } catch (error) {
    throw new KantoError(
      'invalid-input',
      `--together ${text}: the key is not a JSON list of texts.`,
      'Write ENDPOINT:KEY or ENDPOINT:["part","part"].',
      'ask-user',
      { cause: error },
    );
  }
}

type Choice = { readonly take: string } | { readonly value: ReturnType<typeof parseValue> };

async function decide(
  { ask }: Session,
  id: number,
  options: ResolveOptions,
  choice: Choice,
  together: readonly Partner[],
): Promise<string> {
  if (options.together !== undefined) {
    await ask('conflicts.match', { id, together: [...together] });
    return options.together.length === 0 ? 'every row becomes a record of its own' : `${options.together.join(' and ')} become one record`;
  }
  if (options.keep === true || options.delete === true) {
    await ask('conflicts.presence', { id, keep: options.keep === true });
    return options.keep === true ? 'the record is kept' : 'the record is deleted';
  }
  const field = options.field ?? '';
  const { seen } = await ask('conflicts.get', { id });
  await ask('conflicts.decide', { id, field, seen, ...choice });
  return `${field} is taken ${options.take === undefined ? `as ${options.value}` : `from ${options.take}`}`;
}

export async function resolve(context: CommandContext, id: number, options: ResolveOptions): Promise<ExitCode> {
  const ways = [
    options.take !== undefined,
    options.value !== undefined,
    options.keep === true,
    options.delete === true,
    options.together !== undefined,
  ];
  if (ways.filter(Boolean).length !== 1) throw wrong('Exactly one decision is needed.');
  if ((options.take !== undefined || options.value !== undefined) !== (options.field !== undefined))
    throw wrong('--field belongs to --take and --value.');
  // What was typed is understood before anything is opened.
  const choice: Choice = options.take === undefined ? { value: parseValue(options.value ?? 'null') } : { take: options.take };
  const together = (options.together ?? []).map(parsePartner);
  return context.withSession(async (session) => {
    const said = await decide(session, id, options, choice, together);
    context.output.result({ conflict: id, decided: true, ...options }, () => `Conflict ${id}: ${said}. The next run does it.`);
    return exitCodes.complete;
  });
}
