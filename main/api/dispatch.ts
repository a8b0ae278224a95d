// Answers a call by its name: validates the input, asks the handler, and turns every error into a problem.
import { z } from 'zod';
import type { Answer, EngineCallName } from '../../preload/contract/index.ts';
import { engineCalls } from '../../preload/contract/index.ts';
import type { Call } from '../../preload/contract/define.ts';
import { KantoError } from '../core/model/error.ts';
import { toProblem } from '../engine/errors.ts';
import type { Handlers } from './context.ts';

export type Dispatch = (name: string, input: unknown) => Promise<Answer<unknown>>;

/** `strict` holds answers to their declared shape too; a handler that breaks it is a mistake of the program. */
export function createDispatch(handlers: Handlers, strict = process.env['KANTO_STRICT'] === '1'): Dispatch {
  return async (name, input) => {
    try {
      if (!isCall(name)) throw unknownCall(name);
      const call: Call = engineCalls[name];
      const parsed = call.input.safeParse(input);
      if (!parsed.success) throw invalid(name, parsed.error);
      const handle = handlers[name] as (input: unknown) => unknown;
      const value = await handle(parsed.data);
      if (strict) assertShape(name, call, value);
      return { ok: true, value };
    } catch (error) {
      return { ok: false, problem: toProblem(error) };
    }
  };
}

function isCall(name: string): name is EngineCallName {
  return Object.hasOwn(engineCalls, name);
}

function unknownCall(name: string): KantoError {
  return new KantoError(
    'unknown-call',
    `There is no question named ${JSON.stringify(name.slice(0, 80))}.`,
    'Restart the application: its window and its engine are not of the same version.',
    'ask-user',
  );
}

function invalid(name: string, error: z.ZodError): KantoError {
  const where = error.issues.map((issue) => `${issue.path.length === 0 ? 'the question' : issue.path.join('.')}: ${issue.message}`);
  return new KantoError(
    'invalid-input',
    `${name} was asked in a form that is not allowed. ${where.join('; ')}`,
    'Correct what was entered and try again.',
    'ask-user',
  );
}

function assertShape(name: string, call: Call, value: unknown): void {
  const parsed = call.output.safeParse(value);
  if (parsed.success) return;
  throw new KantoError(
    'internal',
    `The answer to ${name} has the wrong shape. ${z.prettifyError(parsed.error)}`,
    'Report this with the technical text.',
  );
}
