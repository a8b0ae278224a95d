// `kanto dead-letters`: what a place refused, tried again, edited or discarded.
import type { LetterChoice } from '../../../preload/contract/dead-letters.ts';
import { valueSchema } from '../../../preload/contract/values.ts';
import { KantoError } from '../../core/model/error.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clip, showChanges, showTime, table } from '../output.ts';
import type { Session } from '../session.ts';
import { exitOfDetail, finishRun, runText } from './run.ts';

const pageRows = 1000;

type Letter = Awaited<ReturnType<typeof letters>>[number];

/** Every letter that waits, or every discarded one, with its payload. */
async function letters(session: Session, sync: string | undefined, state: 'waiting' | 'discarded') {
  const all = [];
  for (let offset = 0; ; offset += pageRows) {
    const page = await session.ask('deadLetters.list', { ...(sync === undefined ? {} : { sync }), state, offset, limit: pageRows });
    for (const item of page.items) all.push(await session.ask('deadLetters.get', { id: item.id }));
    if (offset + page.items.length >= page.total || page.items.length === 0) return all;
  }
}

function payload(letter: Letter): string {
  const before = Object.fromEntries(letter.fields.flatMap((one) => (one.before === undefined ? [] : [[one.field, one.before]])));
  return showChanges(before, Object.fromEntries(letter.fields.map((one) => [one.field, one.after])));
}

function lettersText(all: readonly Letter[]): string {
  if (all.length === 0) return 'No dead letters.';
  return table(
    ['id', 'sync', 'endpoint', 'kind', 'record', 'attempts', 'since', 'what', 'why'],
    all.map((one) => [
      String(one.id),
      one.sync,
      one.endpoint,
      one.kind,
      one.label,
      one.attempts,
      showTime(one.since),
      clip(payload(one), 60),
      one.discarded === undefined ? one.message : `${one.message} Discarded by ${one.discarded.by}: ${one.discarded.reason}`,
    ]),
  );
}

export async function listLetters(
  context: CommandContext,
  sync: string | undefined,
  { discarded = false }: { readonly discarded?: boolean },
): Promise<ExitCode> {
  return context.withSession(async (session) => {
    if (sync !== undefined) await session.ask('syncs.get', { id: sync });
    const all = await letters(session, sync, discarded ? 'discarded' : 'waiting');
    context.output.result({ count: all.length, deadLetters: all }, () => lettersText(all));
    return exitCodes.complete;
  });
}

export interface WhichLetters {
  readonly alike?: number;
  readonly sync?: string;
}

/** Numbers, all that failed like one, or all of a sync: one of the three. */
function choiceOf(ids: readonly number[], { alike, sync }: WhichLetters): LetterChoice {
  const said = [ids.length > 0, alike !== undefined, sync !== undefined].filter(Boolean).length;
  if (said !== 1) {
    throw new KantoError(
      'invalid-input',
      'It is not clear which dead letters are meant.',
      'Name their numbers, or --alike ID for all that failed like it, or --sync SYNC for all of a sync.',
      'ask-user',
    );
  }
  if (alike !== undefined) return { alike };
  return sync === undefined ? { ids: [...ids] } : { sync };
}

export interface RetryOptions extends WhichLetters {
  readonly field?: string;
  readonly value?: string;
}

/** Marks them, and runs their syncs. */
export async function retryLetters(context: CommandContext, ids: readonly number[], options: RetryOptions): Promise<ExitCode> {
  return context.withSession(async (session) => {
    if ((options.field === undefined) !== (options.value === undefined) || (options.field !== undefined && ids.length !== 1)) {
      throw new KantoError(
        'invalid-input',
        'An edit names one dead letter, a field and a value.',
        'Write kanto dead-letters retry 7 --field name --value \'"Ann"\'.',
        'ask-user',
      );
    }
    const [only] = ids;
    if (options.field !== undefined && options.value !== undefined && only !== undefined) {
      await session.ask('deadLetters.edit', { id: only, field: options.field, value: jsonValue(options.value) });
    }
    const { count, syncs } = await session.ask('deadLetters.retry', choiceOf(ids, options));
    const runs: Awaited<ReturnType<typeof finishRun>>[] = [];
    for (const sync of syncs) runs.push(await finishRun(session, sync, {}));
    context.output.result({ retried: count, runs }, () => [`${count} tried again.`, ...runs.map(runText)].join('\n\n'));
    return runs.map(exitOfDetail).reduce<ExitCode>((worst, one) => (one === exitCodes.complete ? worst : one), exitCodes.complete);
  });
}

export async function discardLetters(
  context: CommandContext,
  ids: readonly number[],
  { reason, ...which }: WhichLetters & { readonly reason: string },
): Promise<ExitCode> {
  return context.withSession(async (session) => {
    const { count } = await session.ask('deadLetters.discard', { which: choiceOf(ids, which), reason });
    context.output.result({ discarded: count }, () => `${count} discarded. They are tried again only when their record changes.`);
    return exitCodes.complete;
  });
}

function jsonValue(text: string) {
  try {
    return valueSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new KantoError(
      'invalid-input',
      `--value ${text} is not a value in JSON.`,
      'Write texts in quotes: --value \'"Ann"\'; numbers and dates are texts too.',
      'ask-user',
      { cause: error },
    );
  }
}
